/* SPDX-License-Identifier: MIT */
/* Two passes over the rows without a second picture: what colors there are, then the indices. */
#include <string.h>

#include "base/mem.h"
#include "base/spool.h"
#include "color/quantize.h"
#include "pipeline/stages.h"
#include "raster/pixels.h"
#include "raster/row_store.h"
#include "transforms/indexed.h"
#include "transforms/transform.h"

/* Gathers what the first pass is made for. */
typedef void look_fn(void *user, const struct picture *pic, const uint8_t *row);

/* Closes what is there on failure, so that callers need not. */
static enum status gone(enum status st, struct rows **rows)
{
    rows_close(*rows);
    *rows = NULL;
    return st;
}

/* A constructor that failed has closed its rows already. */
static enum status made(enum status st, struct rows **rows)
{
    if (st != ST_OK)
        *rows = NULL;
    return st;
}

/*
 * Shows every row to look and leaves a stream of the same rows. What stands in a store is read
 * there again; other rows go to a spool meanwhile, since reading it costs less than decoding
 * again. Without temporary space they are decoded again.
 */
static enum status first_pass(struct context *cx, struct progress *progress,
                              struct outcome *outcome, look_fn *look, void *user,
                              struct rows **rows)
{
    struct rows *r = *rows;
    uint64_t bytes = SIZE_UNLIMITED;
    bool spool = picture_bytes(&r->pic, &bytes) && !r->kept && spool_allowed(cx, bytes);
    if (!spool && !rows_can_rewind(r))
        return gone(fail(cx, ST_LIMIT,
                         "a pipe's colors can only be counted with %llu bytes of temporary space",
                         (unsigned long long)bytes),
                    rows);
    progress->total += r->pic.height;
    struct row_store *store = NULL;
    uint8_t *row = mem_alloc(cx, picture_stride(&r->pic));
    enum status st = row == NULL ? cx->status : ST_OK;
    if (st == ST_OK && spool)
        st = row_store_open(cx, &r->pic, &interlace_none, &store);
    for (uint32_t y = 0; st == ST_OK && y < r->pic.height; y++) {
        st = rows_next(r, row);
        if (st != ST_OK)
            break;
        look(user, &r->pic, row);
        if (spool)
            st = row_store_put(store, row);
        progress_row(progress);
    }
    mem_free(cx, row);
    if (st != ST_OK) {
        row_store_close(store);
        return gone(st, rows);
    }
    if (!spool) {
        st = rows_rewind(r);
        return st == ST_OK ? ST_OK : gone(st, rows);
    }
    struct picture pic = r->pic;
    retire(outcome, r); /* its memory is not needed any more */
    return made(row_store_rows(cx, "spool", &pic, store, false, rows), rows);
}

static void look_use(void *user, const struct picture *pic, const uint8_t *row)
{
    palette_use_row(user, row, pic->width);
}

static void look_histogram(void *user, const struct picture *pic, const uint8_t *row)
{
    histogram_add(user, pic->layout, row, pic->width);
}

/* True color rows to indices. */
static enum status choose_colors(struct context *cx, const struct job *job,
                                 struct progress *progress, struct outcome *outcome,
                                 struct rows **rows)
{
    struct histogram *h = NULL;
    bool alpha = picture_has_alpha(&(*rows)->pic), exact = false;
    enum status st =
        made(convert_open(*rows, alpha ? LAYOUT_RGBA8 : LAYOUT_RGB8, job_matte(job), rows), rows);
    if (st != ST_OK)
        return st;
    st = histogram_open(cx, &h);
    if (st != ST_OK)
        return gone(st, rows);
    st = first_pass(cx, progress, outcome, look_histogram, h, rows);
    struct palette palette;
    if (st == ST_OK) {
        st = quantize(cx, h, job->colors, job->encode.optimize, &palette, &exact);
        if (st != ST_OK)
            st = gone(st, rows);
    }
    histogram_close(h);
    if (st != ST_OK)
        return st;
    outcome->quantized = !exact;
    if (job->dither == DITHER_FS && !exact)
        return made(dither_open(*rows, &palette, job->dither_strength, rows), rows);
    return made(nearest_open(*rows, &palette, exact, rows), rows);
}

static void gray_ramp(struct palette *p)
{
    p->count = 256;
    for (unsigned i = 0; i < 256; i++)
        p->entry[i] = (struct rgba8){(uint8_t)i, (uint8_t)i, (uint8_t)i, 255};
}

/* Indices stay indices: alpha of one bit, and what -O asks for. */
static enum status fit_indices(struct context *cx, const struct job *job, struct progress *progress,
                               struct outcome *outcome, struct rows **rows)
{
    struct palette palette = (*rows)->pic.palette;
    struct palette_map map;
    bool look = job->encode.optimize > 0 || palette.count > job->colors;
    palette_threshold(&palette);
    if (!look) {
        bool merge = palette_merge_transparent(&palette, &map);
        return made(remap_open(*rows, &palette, merge ? &map : NULL, rows), rows);
    }
    struct palette_use use = {{false}};
    enum status st = first_pass(cx, progress, outcome, look_use, &use, rows);
    if (st != ST_OK)
        return st;
    struct palette fit;
    bool changes = palette_compact(&palette, &use, &fit, &map);
    if (fit.count > job->colors)
        return choose_colors(cx, job, progress, outcome, rows);
    return made(remap_open(*rows, &fit, changes ? &map : NULL, rows), rows);
}

enum status make_palette(struct context *cx, const struct job *job, struct progress *progress,
                         struct outcome *outcome, struct rows **rows)
{
    const struct layout_info *info = layout_info((*rows)->pic.layout);
    if ((*rows)->pic.layout != LAYOUT_INDEX8 && !info->color && !info->alpha) {
        struct palette ramp;
        gray_ramp(&ramp);
        enum status st = made(convert_open(*rows, LAYOUT_GRAY8, job_matte(job), rows), rows);
        if (st == ST_OK)
            st = made(remap_open(*rows, &ramp, NULL, rows), rows);
        if (st != ST_OK)
            return st;
    }
    if ((*rows)->pic.layout == LAYOUT_INDEX8)
        return fit_indices(cx, job, progress, outcome, rows);
    return choose_colors(cx, job, progress, outcome, rows);
}
