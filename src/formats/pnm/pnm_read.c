/* SPDX-License-Identifier: MIT */
/* PNM decoding: one picture after another, each a header and a raster. */
#include "formats/pnm/pnm_plugin.h"

/* Of pictures in a row, as of stills that are joined: the files tell none. */
#define DELAY_CS 10

enum status pnm_reader_open(struct decoder *d)
{
    struct pnm_reader *r = d->state;
    enum status st = pnm_header_read(d, &r->header);
    if (st != ST_OK)
        return st;
    d->info.width = r->header.width;
    d->info.height = r->header.height;
    d->info.may_move = true;
    return ST_OK;
}

/* Another picture follows, after any white space, or the end of the file: ST_END. */
static enum status next_header(struct decoder *d)
{
    struct pnm_reader *r = d->state;
    enum status st = pnm_raster_skip(d, r->header.height - r->row);
    if (st != ST_OK)
        return st;
    r->phase = PNM_READER_HEADER;
    const uint8_t *data;
    size_t got;
    for (;;) {
        st = source_peek(d->src, 1, &data, &got);
        if (st != ST_OK)
            return st;
        if (got == 0)
            return ST_END;
        if (!pnm_is_space(data[0]))
            break;
        source_consume(d->src, 1);
    }
    d->loop = LOOP_FOREVER;
    return pnm_header_read(d, &r->header);
}

enum status pnm_reader_frame(struct decoder *d, struct frame *out)
{
    struct pnm_reader *r = d->state;
    enum status st = r->phase == PNM_READER_HEADER ? ST_OK
                     : r->phase == PNM_READER_ROWS ? next_header(d)
                                                   : ST_END;
    if (st != ST_OK) {
        r->phase = PNM_READER_DONE;
        return st == ST_END && r->damage[0] != '\0' ? fail(d->cx, ST_DAMAGED, "%s", r->damage) : st;
    }
    pnm_raster_begin(r);
    r->row = 0;
    r->phase = PNM_READER_ROWS;
    *out = (struct frame){.order = &interlace_none, .delay_cs = DELAY_CS, .replaces = true};
    out->disposal = DISPOSAL_BACKGROUND; /* each picture stands alone, whatever its size */
    out->pic.width = r->header.width;
    out->pic.height = r->header.height;
    out->pic.layout = r->header.layout;
    return ST_OK;
}

enum status pnm_reader_row(struct decoder *d, uint8_t *out)
{
    struct pnm_reader *r = d->state;
    if (r->phase != PNM_READER_ROWS || r->row == r->header.height)
        return fail(d->cx, ST_BUG, "pnm: asked for a row too many");
    enum status st = pnm_raster_row(d, out);
    if (st == ST_OK)
        r->row++;
    else
        r->phase = PNM_READER_DONE; /* nobody knows where the next picture would begin */
    return st;
}

/* All that the reader has stands in its state. */
void pnm_reader_close(struct decoder *d)
{
    (void)d;
}
