/* SPDX-License-Identifier: MIT */
/* Bands of rows into an encoder whose bytes nobody keeps. */
#include "pipeline/trial.h"

#include "base/mem.h"

/* Bands are high enough for filters and matches to see what is above. */
#define BAND_ROWS 32u

static enum status lent_next(struct rows *r, uint8_t *out)
{
    struct rows **owner = (struct rows **)(void *)(r + 1);
    return rows_next(*owner, out);
}

static enum status lent_skip(struct rows *r, uint32_t n)
{
    struct rows **owner = (struct rows **)(void *)(r + 1);
    return rows_skip(*owner, n);
}

static void lent_close(struct rows *r)
{
    mem_free(r->cx, r);
}

enum status lend_rows(struct rows *owner, struct rows **out)
{
    struct rows *r = rows_new(owner->cx, "lent", sizeof *r + sizeof owner, NULL);
    if (r == NULL)
        return owner->cx->status;
    *(struct rows **)(void *)(r + 1) = owner;
    r->pic = owner->pic;
    r->next = lent_next;
    r->skip = lent_skip;
    r->close = lent_close;
    *out = r;
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
