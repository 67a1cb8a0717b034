/* SPDX-License-Identifier: MIT */
/* Bands of rows into an encoder whose bytes nobody keeps. */
#include "pipeline/stages/trial.h"

#include "base/mem.h"

/* Bands are high enough for filters and matches to see what is above. */
#define BAND_ROWS 32u

struct lent {
    struct rows rows;
    struct rows *owner;
};

static enum status lent_next(struct rows *r, uint8_t *out)
{
    return rows_next(((struct lent *)r)->owner, out);
}

static enum status lent_skip(struct rows *r, uint32_t n)
{
    return rows_skip(((struct lent *)r)->owner, n);
}

enum status lend_rows(struct rows *owner, struct rows **out)
{
    struct lent *l = rows_new(owner->cx, "lent", sizeof *l, NULL);
    if (l == NULL)
        return owner->cx->status;
    l->owner = owner;
    l->rows.pic = owner->pic;
    l->rows.next = lent_next;
    l->rows.skip = lent_skip;
    l->rows.close = rows_free;
    *out = &l->rows;
    return ST_OK;
}

static bool in_band(uint32_t y, uint32_t every)
{
    return y / BAND_ROWS % every == 0;
}

/* One band of so many is taken. */
static uint32_t band_distance(const struct picture *pic)
{
    uint64_t pixels = (uint64_t)pic->width * pic->height;
    return (uint32_t)((pixels + TRIAL_PIXELS - 1) / TRIAL_PIXELS);
}

static uint32_t count_rows(const struct picture *pic, uint32_t every)
{
    uint32_t rows = 0;
    for (uint32_t y = 0; y < pic->height; y++)
        rows += in_band(y, every);
    return rows;
}

enum status trial_bytes(const struct format *format, const struct encode_options *options,
                        struct rows *rows, uint64_t *bytes)
{
    struct context *cx = rows->cx;
    struct encode_options plain = *options;
    struct picture pic = rows->pic;
    struct sink *sink;
    struct encoder *e = NULL;
    uint32_t every = band_distance(&pic);
    plain.interlace = false;
    pic.height = count_rows(&pic, every);
    enum status st = sink_open_spool(cx, 0, &sink);
    if (st != ST_OK)
        return st;
    uint8_t *row = mem_rows(cx, 1, picture_stride(&pic));
    st = row == NULL ? cx->status : encoder_open(cx, format, sink, &pic, &plain, NULL, &e);
    for (uint32_t y = 0; st == ST_OK && y < rows->pic.height; y++) {
        st = rows_next(rows, row);
        if (st == ST_OK && in_band(y, every))
            st = encoder_write(e, row);
    }
    if (st == ST_OK)
        st = encoder_finish(e);
    *bytes = sink_offset(sink);
    encoder_close(e);
    sink_close(sink);
    mem_free(cx, row);
    return st;
}
