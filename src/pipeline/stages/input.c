/* SPDX-License-Identifier: MIT */
/* Decoder to row stream: order of rows, place on the canvas, damage, the rest of the file. */
#include "pipeline/stages/input.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/size.h"
#include "base/spool.h"
#include "pipeline/stages/pass_lanes.h"
#include "pipeline/stages/stages.h"
#include "raster/row_store.h"
#include "transforms/transform.h"

struct decode {
    struct rows rows;
    struct source *src;
    struct decoder *decoder;
    struct frame frame;
    struct input_report *report;
    struct progress *progress;
    uint64_t rows_left; /* in all passes */
    bool ended;         /* the file has been read to its end */
};

static uint64_t rows_of(const struct frame *f)
{
    uint64_t rows = 0;
    for (unsigned i = 0; i < f->order->count; i++)
        if (pass_width(&f->order->pass[i], f->pic.width) != 0)
            rows += pass_height(&f->order->pass[i], f->pic.height);
    return rows;
}

/*
 * Under --lenient damage is not an error of the run: it is taken back, and told in the end.
 * Any other status stays as it is.
 */
static enum status forgive(struct decode *d, enum status st)
{
    struct context *cx = d->rows.cx;
    if (st != ST_DAMAGED || !cx->lenient)
        return st;
    if (!d->report->damaged) {
        d->report->damaged = true;
        memcpy(d->report->text, cx->text, sizeof d->report->text);
    }
    take_back(cx);
    d->ended = true;
    return ST_OK;
}

/* A row that is missing: transparent where that can be, else zeroes. */
static void fill_row(const struct decode *d, uint8_t *out)
{
    const struct picture *pic = &d->frame.pic;
    int transparent = pic->layout == LAYOUT_INDEX8 ? palette_transparent(&pic->palette) : 0;
    memset(out, transparent < 0 ? 0 : transparent, picture_stride(pic));
}

/* Decodes what comes after the first picture, to nowhere: a damaged file must be noticed. */
static enum status read_to_end(struct decode *d, uint8_t *scratch, size_t scratch_bytes)
{
    struct context *cx = d->rows.cx;
    uint8_t *wider = NULL;
    enum status st;
    struct frame frame;
    while ((st = decoder_frame(d->decoder, &frame)) == ST_OK) {
        d->report->more_frames = true;
        size_t stride = picture_stride(&frame.pic);
        uint8_t *row = scratch;
        if (stride > scratch_bytes) {
            mem_free(cx, wider);
            row = wider = mem_rows(cx, 1, stride);
            if (wider == NULL) {
                st = cx->status;
                break;
            }
        }
        for (uint64_t left = rows_of(&frame); st == ST_OK && left > 0; left--) {
            st = check_stop(cx);
            if (st == ST_OK)
                st = decoder_row(d->decoder, row);
        }
        if (st != ST_OK)
            break;
    }
    mem_free(cx, wider);
    d->ended = true;
    return st == ST_END ? ST_OK : st;
}

/* Rows in the order of the file; those of passes are narrower than the picture. */
static enum status next_row(struct decode *d, uint8_t *out)
{
    enum status st = ST_OK;
    if (d->ended)
        fill_row(d, out);
    else
        st = forgive(d, decoder_row(d->decoder, out));
    progress_row(d->progress);
    if (st != ST_OK || --d->rows_left > 0 || d->ended)
        return st;
    size_t stride = picture_stride(&d->frame.pic);
    uint8_t *scratch = mem_rows(d->rows.cx, 1, stride);
    if (scratch == NULL)
        return d->rows.cx->status;
    st = forgive(d, read_to_end(d, scratch, stride));
    mem_free(d->rows.cx, scratch);
    return st;
}

static enum status decode_next(struct rows *r, uint8_t *out)
{
    return next_row((struct decode *)r, out);
}

/* Makes a decoder that stands before its first row. */
static enum status start(struct decode *d)
{
    struct context *cx = d->rows.cx;
    enum status st = decoder_open(cx, d->src, &d->report->metadata, &d->decoder);
    if (st == ST_OK)
        st = decoder_frame(d->decoder, &d->frame);
    if (st == ST_END)
        st = fail(cx, ST_DAMAGED, "there is no picture in the file");
    d->rows_left = st == ST_OK ? rows_of(&d->frame) : 0;
    d->ended = false;
    return st;
}

static enum status decode_rewind(struct rows *r)
{
    struct decode *d = (struct decode *)r;
    decoder_close(d->decoder);
    d->decoder = NULL;
    metadata_clear(r->cx, &d->report->metadata); /* the same will come again */
    enum status st = source_rewind(d->src);
    return st == ST_OK ? start(d) : st;
}

static void decode_close(struct rows *r)
{
    struct decode *d = (struct decode *)r;
    decoder_close(d->decoder);
    mem_free(r->cx, d);
}

/* Puts the passes of an interlaced picture together. Owns rows, whose rows are the file's. */
static enum status merge_passes(struct rows *rows, struct rows **out)
{
    struct decode *d = (struct decode *)rows;
    struct context *cx = rows->cx;
    struct row_store *store = NULL;
    uint8_t *row = mem_rows(cx, 1, picture_stride(&rows->pic));
    enum status st =
        row == NULL ? cx->status : row_store_open(cx, &rows->pic, d->frame.order, &store);
    for (uint64_t left = d->rows_left; st == ST_OK && left > 0; left--) {
        st = check_stop(cx);
        if (st == ST_OK)
            st = next_row(d, row);
        if (st == ST_OK)
            st = row_store_put(store, row);
    }
    mem_free(cx, row);
    if (st == ST_OK)
        st = row_store_rows(cx, "deinterlace", &rows->pic, store, false, out);
    else
        row_store_close(store);
    rows_close(rows);
    return st;
}

/*
 * Where no store can be had. Not under --lenient, where what is missing of one pass is to be
 * filled.
 */
static bool must_be_side_by_side(const struct decode *d)
{
    const struct context *cx = d->rows.cx;
    uint64_t bytes;
    return !cx->lenient && source_can_pread(d->src) &&
           !(picture_bytes(&d->frame.pic, &bytes) && spool_allowed(cx, bytes));
}

/*
 * Places a frame on a canvas that it does not just cover. What it leaves free is transparent; a
 * palette without room for that becomes true color.
 */
static enum status place(struct rows *rows, const struct frame *frame,
                         const struct image_info *canvas, struct rows **out)
{
    struct pixel clear = {{0}};
    bool covers = frame_covers(frame, canvas);
    if (!covers && rows->pic.layout == LAYOUT_INDEX8) {
        struct palette *palette = &rows->pic.palette;
        int transparent = palette_transparent(palette);
        if (transparent < 0 && palette->count < 256) {
            transparent = (int)palette->count;
            palette->entry[palette->count++] = (struct rgba8){0, 0, 0, 0};
        }
        if (transparent < 0) {
            enum status st = convert_open(rows, LAYOUT_RGBA8, (struct rgba8){0}, &rows);
            if (st != ST_OK)
                return st;
        } else {
            clear.bytes[0] = (uint8_t)transparent;
        }
    }
    return whole_window_open(rows, -frame->x, -frame->y, canvas->width, canvas->height, clear, out);
}

enum status input_open(struct context *cx, struct source *src, struct input_report *report,
                       struct progress *progress, struct rows **out)
{
    struct decode *d = rows_new(cx, "decode", sizeof *d, NULL);
    if (d == NULL)
        return cx->status;
    d->src = src;
    d->report = report;
    d->progress = progress;
    d->rows.next = decode_next;
    d->rows.rewind =
        source_can_rewind(src) && source_size(src) != SIZE_UNLIMITED ? decode_rewind : NULL;
    d->rows.close = decode_close;
    struct rows *rows = &d->rows;
    enum status st = start(d);
    if (st != ST_OK) {
        rows_close(rows);
        return st;
    }
    report->format = d->decoder->format->name;
    report->warning = d->decoder->warning;
    report->palette = d->frame.pic.layout == LAYOUT_INDEX8;
    report->palette_size = d->frame.palette_size;
    d->rows.pic = d->frame.pic;
    struct frame frame = d->frame;
    struct image_info canvas = d->decoder->info;
    progress->total += rows_of(&frame);
    if (frame.order->count > 1) {
        st = must_be_side_by_side(d) ? pass_lanes_open(rows, src, &frame, &rows)
                                     : merge_passes(rows, &rows);
        if (st != ST_OK)
            return st;
    }
    if (frame.x != 0 || frame.y != 0 || frame.pic.width != canvas.width ||
        frame.pic.height != canvas.height) {
        report->palette_size = 0; /* an entry may have been added */
        st = place(rows, &frame, &canvas, &rows);
        if (st != ST_OK)
            return st;
    }
    *out = rows;
    return ST_OK;
}
