/* SPDX-License-Identifier: MIT */
/* YUV4MPEG2 in: frame after frame, each kept while rows are made, as its planes come one by one. */
#include "formats/y4m/y4m.h"

#include <string.h>

#include "base/mem.h"
#include "base/size.h"
#include "formats/delay.h"

static bool sniff(const uint8_t *head, size_t bytes)
{
    return bytes >= 10 && memcmp(head, "YUV4MPEG2 ", 10) == 0;
}

static enum status make_planes(struct decoder *d)
{
    struct y4m_reader *r = d->state;
    const struct y4m_stream *s = &r->stream;
    size_t luma, chroma;
    if (!size_mul(s->width, s->height, &luma) ||
        !size_mul(r->chroma_width, r->chroma_height, &chroma) || !size_mul(chroma, 2, &chroma) ||
        !size_add(luma, chroma, &r->bytes))
        return fail(d->cx, ST_LIMIT, "frames of %u x %u are more than can be addressed", s->width,
                    s->height);
    r->planes = mem_alloc(d->cx, r->bytes);
    return r->planes == NULL ? d->cx->status : ST_OK;
}

static enum status y4m_open(struct decoder *d)
{
    struct y4m_reader *r = d->state;
    struct y4m_stream *s = &r->stream;
    enum status st = y4m_header_read(d, s);
    if (st == ST_OK)
        st = picture_check(d->cx, s->width, s->height);
    if (st != ST_OK)
        return st;
    if (s->across != 0) {
        r->chroma_width = ((size_t)s->width + s->across - 1) / s->across;
        r->chroma_height = ((size_t)s->height + s->down - 1) / s->down;
    }
    r->row = s->height;
    d->info.width = s->width;
    d->info.height = s->height;
    d->info.may_move = true;
    return make_planes(d);
}

static enum status cut_short(struct decoder *d)
{
    return fail(d->cx, ST_DAMAGED, "the file ends too soon (frame %llu)",
                (unsigned long long)d->frames + 1);
}

/* "FRAME", perhaps fields, and the end of the line. ST_END: no further one. */
static enum status read_mark(struct decoder *d)
{
    char mark[6] = "";
    size_t got;
    enum status st = source_read(d->src, mark, 5, &got);
    if (st != ST_OK || got == 0)
        return st == ST_OK ? ST_END : st;
    if (got < 5 || memcmp(mark, "FRAME", 5) != 0)
        return fail(d->cx, ST_DAMAGED, "no frame where one should begin (frame %llu)",
                    (unsigned long long)d->frames + 1);
    for (unsigned n = 0; n < 1024; n++) {
        st = source_read(d->src, mark, 1, &got);
        if (st != ST_OK || got == 0)
            return st == ST_OK ? cut_short(d) : st;
        if (mark[0] == '\n')
            return ST_OK;
    }
    return fail(d->cx, ST_DAMAGED, "a line that does not end (frame %llu)",
                (unsigned long long)d->frames + 1);
}

static enum status y4m_frame(struct decoder *d, struct frame *out)
{
    struct y4m_reader *r = d->state;
    const struct y4m_stream *s = &r->stream;
    size_t got;
    enum status st = read_mark(d);
    if (st == ST_OK)
        st = source_read(d->src, r->planes, r->bytes, &got);
    if (st == ST_OK && got < r->bytes)
        st = cut_short(d);
    if (st != ST_OK)
        return st;
    out->order = &interlace_none;
    out->replaces = true;
    out->pic.width = s->width;
    out->pic.height = s->height;
    out->pic.layout = LAYOUT_RGB8;
    if (s->rate != 0 && s->per != 0) {
        double exact = 100.0 * (double)s->per / (double)s->rate;
        /* viewers show delays of less than 2 for 10: video of 100 frames a second would be slow */
        out->exact_cs = exact > 1 ? exact : 2;
        out->delay_cs = delay_round(out->exact_cs, &r->owed);
    }
    r->row = 0;
    return ST_OK;
}

static enum status y4m_next(struct decoder *d, uint8_t *out)
{
    struct y4m_reader *r = d->state;
    if (r->row >= r->stream.height)
        return fail(d->cx, ST_BUG, "y4m: asked for a row too many");
    y4m_row(r, r->row++, out);
    return ST_OK;
}

static void y4m_close(struct decoder *d)
{
    struct y4m_reader *r = d->state;
    mem_free(d->cx, r->planes);
}

const struct format format_y4m = {
    .name = "y4m",
    .suffixes = "y4m",
    .sniff = sniff,
    .decoder_bytes = sizeof(struct y4m_reader),
    .open = y4m_open,
    .frame = y4m_frame,
    .row = y4m_next,
    .close = y4m_close,
};
