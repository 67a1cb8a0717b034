/* SPDX-License-Identifier: MIT */
/* Reads a file to its end and tells what was there. */
#include "pipeline/inspect.h"

#include <string.h>

#include "base/mem.h"
#include "color/histogram.h"
#include "color/palette_fit.h"

/* Rows of a frame in the order of the file. */
struct walk {
    const struct frame *frame;
    unsigned pass;
    uint32_t row;
};

/* Width of the next row, 0 after the last. */
static uint32_t walk_next(struct walk *w)
{
    const struct interlace *order = w->frame->order;
    const struct picture *pic = &w->frame->pic;
    for (; w->pass < order->count; w->pass++, w->row = 0) {
        const struct pass *p = &order->pass[w->pass];
        if (pass_width(p, pic->width) != 0 && w->row < pass_height(p, pic->height)) {
            w->row++;
            return pass_width(p, pic->width);
        }
    }
    return 0;
}

/* Colors of the pixels that were looked at. */
struct count {
    struct palette_use use;
    struct histogram *histogram; /* NULL for palette rows */
    uint8_t *rgba;
    bool alpha; /* a pixel was not opaque */
};

/* Eight bits of each sample, which is all that the count of colors is about. */
static void look(struct count *c, const struct picture *pic, const uint8_t *row, uint32_t width)
{
    const struct layout_info *info = layout_info(pic->layout);
    if (pic->layout == LAYOUT_INDEX8) {
        palette_use_row(&c->use, row, width);
        return;
    }
    unsigned step = info->bits / 8, color = info->color ? 3 : 1;
    for (uint32_t x = 0; x < width; x++, row += info->bytes) {
        uint8_t *to = c->rgba + 3 * (size_t)x;
        /* the high byte of a sample in the machine's order */
        for (unsigned i = 0; i < 3; i++) {
            const uint8_t *sample = row + step * (info->color ? i : 0);
            uint16_t wide;
            memcpy(&wide, sample, step);
            to[i] = step == 2 ? (uint8_t)(wide >> 8) : sample[0];
        }
        if (info->alpha) {
            uint16_t a = 0xffff;
            memcpy(&a, row + step * color, step);
            c->alpha |= a != 0xffff;
        }
    }
    histogram_add(c->histogram, LAYOUT_RGB8, c->rgba, width);
}

static void tell_colors(const struct picture *pic, struct count *c, struct inspection *out)
{
    if (pic->layout != LAYOUT_INDEX8) {
        out->colors_exact = histogram_exact(c->histogram) && layout_info(pic->layout)->bits == 8;
        out->colors_used = histogram_colors(c->histogram);
        out->transparent = c->alpha;
        return;
    }
    struct palette fit;
    struct palette_map map;
    palette_compact(&pic->palette, &c->use, &fit, &map);
    out->colors_exact = true;
    out->colors_used = fit.count;
    out->transparent = palette_has_alpha(&fit);
}

static enum status read_rows(struct context *cx, struct decoder *d, const struct frame *frame,
                             struct count *count)
{
    struct walk w = {.frame = frame};
    uint8_t *row = mem_rows(cx, 1, picture_stride(&frame->pic));
    enum status st = row == NULL ? cx->status : ST_OK;
    uint32_t width;
    while (st == ST_OK && (width = walk_next(&w)) != 0) {
        st = check_stop(cx);
        if (st == ST_OK)
            st = decoder_row(d, row);
        if (st == ST_OK && count != NULL)
            look(count, &frame->pic, row, width);
    }
    mem_free(cx, row);
    return st;
}

static uint32_t palette_size(const struct frame *f)
{
    bool whole = f->pic.layout == LAYOUT_INDEX8 && f->palette_size == 0;
    return whole ? f->pic.palette.count : f->palette_size;
}

/* The frame that d has delivered last and whose rows have been read. */
static enum status note_facts(struct decoder *d, const struct frame *f, struct inspection *out)
{
    struct frame_facts facts = {.x = f->x,
                                .y = f->y,
                                .width = f->pic.width,
                                .height = f->pic.height,
                                .delay_cs = f->delay_cs,
                                .palette_size = palette_size(f),
                                .disposal = f->disposal,
                                .local = f->local,
                                .transparent = picture_has_alpha(&f->pic),
                                .interlaced = f->order->count > 1};
    if (d->format->skip != NULL) {
        enum status st = decoder_skip(d);
        if (st != ST_OK)
            return st;
        facts.bytes = source_offset(d->src) - d->coded_at;
    }
    return spool_write(out->facts, out->frames++ * sizeof facts, &facts, sizeof facts);
}

static enum status first_frame(struct context *cx, struct decoder *d, struct inspection *out,
                               struct frame *first)
{
    struct frame frame;
    struct count count = {.histogram = NULL};
    enum status st = decoder_frame(d, &frame);
    *first = frame;
    if (st == ST_END)
        return fail(cx, ST_DAMAGED, "there is no picture in the file");
    if (st != ST_OK)
        return st;
    out->layout = frame.pic.layout;
    out->palette_size = palette_size(&frame);
    out->interlaced = frame.order->count > 1 || d->info.progressive;
    if (frame.pic.layout != LAYOUT_INDEX8) {
        st = histogram_open(cx, &count.histogram);
        if (st == ST_OK) {
            count.rgba = mem_array(cx, frame.pic.width, 3);
            if (count.rgba == NULL)
                st = cx->status;
        }
    }
    if (st == ST_OK)
        st = read_rows(cx, d, &frame, &count);
    if (st == ST_OK)
        tell_colors(&frame.pic, &count, out);
    if (!frame_covers(&frame, &d->info))
        out->transparent = true;
    if (st == ST_OK && !frame.hidden)
        st = note_facts(d, &frame, out);
    histogram_close(count.histogram);
    mem_free(cx, count.rgba);
    return st;
}

enum status inspect(struct context *cx, struct source *src, struct inspection *out)
{
    struct decoder *d;
    struct frame frame, first;
    memset(out, 0, sizeof *out);
    enum status st = decoder_open(cx, src, NULL, &d);
    if (st != ST_OK)
        return st;
    st = spool_open_growing(cx, SPOOL_MEMORY_BYTES, &out->facts);
    out->format = d->format->name;
    out->width = d->info.width;
    out->height = d->info.height;
    out->may_move = d->info.may_move;
    if (st == ST_OK)
        st = first_frame(cx, d, out, &first);
    while (st == ST_OK && (st = decoder_frame(d, &frame)) == ST_OK) {
        st = read_rows(cx, d, &frame, NULL);
        if (st == ST_OK)
            st = note_facts(d, &frame, out);
    }
    if (st == ST_END && out->frames == 0) { /* hidden by an animation that has none */
        enum status noted = note_facts(d, &first, out);
        st = noted == ST_OK ? st : noted;
    }
    out->loop = d->loop;
    out->bytes = source_size(src) != SIZE_UNLIMITED ? source_size(src) : source_offset(src);
    decoder_close(d);
    if (st == ST_END)
        return ST_OK;
    inspect_close(out);
    return st;
}

void inspect_close(struct inspection *i)
{
    spool_close(i->facts);
    i->facts = NULL;
}
