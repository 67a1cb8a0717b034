/* SPDX-License-Identifier: MIT */
/* Two passes over the rows without a second picture: what colors there are, then the indices. */
#include <string.h>

#include "color/quantize.h"
#include "pipeline/stages/ahead.h"
#include "pipeline/stages/pixel_facts.h"
#include "pipeline/stages/stages.h"
#include "transforms/indexed.h"
#include "transforms/transform.h"

/* Closes what is there on failure, so that callers need not. */
static enum status gone(enum status st, struct rows **rows)
{
    rows_close(*rows);
    *rows = NULL;
    return st;
}

/* What a first pass gathers, and how long it goes on. */
struct look {
    struct progress *progress;
    struct histogram *histogram; /* of true color rows */
    struct palette palette;      /* of indices: */
    struct palette_use use;
    uint32_t enough; /* colors in use, beyond which knowing more saves no byte; UINT32_MAX: never */
    uint32_t rows;
    bool clear; /* a pixel is transparent */
};

static bool look_colors(void *user, const struct picture *pic, const uint8_t *row)
{
    struct look *look = user;
    histogram_add(look->histogram, pic->layout, row, pic->width);
    look->rows++;
    progress_row(look->progress);
    return true;
}

/* For a transparent pixel in LAYOUT_RGBA8 rows. */
static bool look_clear(void *user, const struct picture *pic, const uint8_t *row)
{
    struct look *look = user;
    for (uint32_t x = 0; x < pic->width && !look->clear; x++)
        look->clear = row[4 * (size_t)x + 3] < 128;
    look->rows++;
    progress_row(look->progress);
    return !look->clear;
}

static bool look_use(void *user, const struct picture *pic, const uint8_t *row)
{
    struct look *look = user;
    struct palette fit;
    struct palette_map map;
    palette_use_row(&look->use, row, pic->width);
    progress_row(look->progress);
    if (++look->rows % 32 != 0 || look->enough == UINT32_MAX)
        return true;
    palette_compact(&look->palette, &look->use, &fit, &map);
    return fit.count <= look->enough ||
           (palette_transparent(&look->palette) >= 0 && palette_transparent(&fit) < 0);
}

/* The order stays but where another one saves half the table: see gif_write.c. map leads to p. */
static bool order_entries(const struct job *job, struct palette *p, struct palette_map *map)
{
    return job->encode.optimize >= 2 && palette_transparent_doubles(p) &&
           palette_transparent_last(p, map);
}

/* Shows rows to fn, as many as it wants, and leaves a stream of all of them. */
static enum status first_pass(struct look *look, look_fn *fn, struct outcome *outcome,
                              struct rows **rows)
{
    struct rows *up = *rows;
    struct context *cx = up->cx;
    bool looked;
    uint32_t height = up->pic.height;
    look->progress->total += height;
    enum status st = look_ahead(up, fn, look, outcome, &looked, rows);
    look->progress->total -= height - look->rows;
    if (st == ST_OK && !looked)
        return gone(fail(cx, ST_LIMIT, "a pipe's colors can only be counted with temporary space"),
                    rows);
    return made(st, rows);
}

/*
 * Dithering takes some 20 ns a pixel, three times what all else does in a large picture, and 256
 * colors alone are nearer to it then than other tools' dithered ones. So unless it is asked for,
 * such a picture does without.
 */
#define DITHERED_PIXELS (UINT32_C(1) << 24)

static bool dithers(const struct job *job, const struct picture *pic)
{
    bool large = (uint64_t)pic->width * pic->height > DITHERED_PIXELS;
    if (job->dither == DITHER_AUTO && large && job->colors == 256 && job->palette == NULL)
        return false;
    return job->dither != DITHER_NONE && job->dither_strength > 0;
}

/* True color rows to the entries of a palette. */
static enum status map_colors(const struct job *job, const struct palette *palette, bool exact,
                              struct outcome *outcome, struct rows **rows)
{
    enum status st;
    outcome->quantized = !exact;
    if (exact || !dithers(job, &(*rows)->pic))
        st = nearest_open(*rows, palette, exact, NULL, rows);
    else if (job->dither == DITHER_BLUE)
        st = dither_blue_open(*rows, palette, job->dither_strength, NULL, rows);
    else
        st = dither_open(*rows, palette, job->dither_strength, rows);
    if (st == ST_OK && !exact && job->compare) {
        st = mapper_measure(*rows, &outcome->difference);
        if (st != ST_OK)
            return gone(st, rows);
    }
    return made(st, rows);
}

/* The palette that was asked for, as it is; an entry more where a pixel needs it. */
static enum status use_palette(struct context *cx, const struct job *job, struct progress *progress,
                               struct outcome *outcome, struct rows **rows)
{
    struct palette palette = *job->palette;
    if ((*rows)->pic.layout == LAYOUT_RGBA8 && palette_transparent(&palette) < 0) {
        struct look look = {.progress = progress};
        enum status st = first_pass(&look, look_clear, outcome, rows);
        if (st != ST_OK)
            return st;
        if (look.clear && palette.count == 256)
            return gone(fail(cx, ST_UNSUPPORTED,
                             "the palette's 256 colors leave none for transparent pixels"),
                        rows);
        if (look.clear)
            palette.entry[palette.count++] = (struct rgba8){0, 0, 0, 0};
    }
    return map_colors(job, &palette, false, outcome, rows);
}

/* The palette that serves the colors that were counted best. */
static enum status reduce(struct context *cx, const struct job *job, bool dithered,
                          struct histogram *h, struct palette *out, bool *exact)
{
    unsigned effort = job->encode.optimize;
    if (dithered)
        return quantize_to_dither(cx, h, job->colors, effort, job->dither_strength, out, exact);
    return quantize(cx, h, job->colors, effort, out, exact);
}

/* True color rows to indices. */
static enum status choose_colors(struct context *cx, const struct job *job,
                                 struct progress *progress, struct outcome *outcome,
                                 struct rows **rows)
{
    struct look look = {.progress = progress};
    bool alpha = picture_has_alpha(&(*rows)->pic), exact = false;
    enum status st =
        made(convert_open(*rows, alpha ? LAYOUT_RGBA8 : LAYOUT_RGB8, job_matte(job), rows), rows);
    if (st == ST_OK && alpha && job->alpha_dither)
        st = made(alpha_dither_open(*rows, rows), rows);
    if (st != ST_OK)
        return st;
    if (job->palette != NULL)
        return use_palette(cx, job, progress, outcome, rows);
    st = histogram_open(cx, &look.histogram);
    if (st != ST_OK)
        return gone(st, rows);
    st = first_pass(&look, look_colors, outcome, rows);
    struct palette palette;
    if (st == ST_OK) {
        outcome->colors = histogram_colors(look.histogram);
        outcome->more_colors = !histogram_exact(look.histogram);
        st = reduce(cx, job, dithers(job, &(*rows)->pic), look.histogram, &palette, &exact);
        if (st == ST_OK)
            order_entries(job, &palette, &(struct palette_map){{0}});
        if (st != ST_OK)
            st = gone(st, rows);
    }
    histogram_close(look.histogram);
    return st == ST_OK ? map_colors(job, &palette, exact, outcome, rows) : st;
}

static void gray_ramp(struct palette *p)
{
    p->count = 256;
    for (unsigned i = 0; i < 256; i++)
        p->entry[i] = (struct rgba8){(uint8_t)i, (uint8_t)i, (uint8_t)i, 255};
}

/*
 * A color table has a power of two of entries, so that it can shrink only where half of them are
 * not needed.
 */
static uint32_t enough_colors(const struct picture *pic, const struct palette *palette,
                              unsigned colors)
{
    struct palette distinct;
    struct palette_map map;
    palette_compact(palette, NULL, &distinct, &map);
    if ((uint64_t)pic->width * pic->height < PALETTE_MATTERS_PIXELS || distinct.count > colors)
        return UINT32_MAX;
    uint32_t entries = 2;
    while (entries < distinct.count)
        entries *= 2;
    return entries / 2;
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
    struct look used = {.progress = progress, .palette = palette};
    used.enough = enough_colors(&(*rows)->pic, &palette, job->colors);
    enum status st = first_pass(&used, look_use, outcome, rows);
    if (st != ST_OK)
        return st;
    struct palette fit;
    bool all = used.rows == (*rows)->pic.height;
    bool changes = palette_compact(&palette, all ? &used.use : NULL, &fit, &map);
    changes |= order_entries(job, &fit, &map);
    if (fit.count > job->colors)
        return choose_colors(cx, job, progress, outcome, rows);
    return made(remap_open(*rows, &fit, changes ? &map : NULL, rows), rows);
}

/* Alpha that a threshold would make one of two values. */
static bool half_clear(const struct palette *p)
{
    for (uint32_t i = 0; i < p->count; i++)
        if (p->entry[i].a != 0 && p->entry[i].a != 255)
            return true;
    return false;
}

enum status make_palette(struct context *cx, const struct job *job, struct progress *progress,
                         struct outcome *outcome, struct rows **rows)
{
    const struct layout_info *info = layout_info((*rows)->pic.layout);
    if (job->palette != NULL)
        return choose_colors(cx, job, progress, outcome, rows);
    if ((*rows)->pic.layout != LAYOUT_INDEX8 && !info->color && !info->alpha) {
        struct palette ramp;
        gray_ramp(&ramp);
        enum status st = made(convert_open(*rows, LAYOUT_GRAY8, job_matte(job), rows), rows);
        if (st == ST_OK)
            st = made(remap_open(*rows, &ramp, NULL, rows), rows);
        if (st != ST_OK)
            return st;
    }
    if ((*rows)->pic.layout == LAYOUT_INDEX8 &&
        !(job->alpha_dither && half_clear(&(*rows)->pic.palette)))
        return fit_indices(cx, job, progress, outcome, rows);
    return choose_colors(cx, job, progress, outcome, rows);
}
