/* SPDX-License-Identifier: MIT */
/* The kind of PNG that takes the fewest bits for the pixels there are, found by looking at them. */
#include "base/mem.h"
#include "pipeline/stages/ahead.h"
#include "pipeline/stages/fit.h"
#include "pipeline/stages/stages.h"
#include "pipeline/stages/trial.h"

/*
 * Drawings in true color compress better without filters, photographs far worse; nothing but a
 * trial tells. Up to so many pixels are kept for that.
 */
#define TRY_FILTERS_PIXELS (UINT32_C(1) << 24)

/* What a palette may cost beside direct colors: readers are glad of fewer bits a pixel, too. */
#define PALETTE_BYTES_FREE 64

/* The table's colors, first those that are not opaque: tRNS is as short as can be then. */
static void make_entries(const struct color_table *t, struct palette *out)
{
    out->count = 0;
    for (int opaque = 0; opaque < 2; opaque++)
        for (uint32_t i = 0; i < t->count; i++)
            if (((t->value[i] >> 24) == 255) == (opaque != 0))
                out->entry[out->count++] = color_of_value(t->value[i]);
}

/* All grays of so many bits, for which the encoder writes no palette. The key's is transparent. */
static void make_ramp(unsigned bits, const struct color_key *key, struct palette *out)
{
    out->count = 1u << bits;
    for (uint32_t i = 0; i < out->count; i++) {
        uint8_t v = (uint8_t)(i * 255 / (out->count - 1));
        out->entry[i] = (struct rgba8){v, v, v, key->used && key->sample[0] == v ? 0 : 255};
    }
}

/* Bytes that a palette of these colors takes with its pixels, before deflating. */
static uint64_t palette_cost(const struct color_table *t, uint64_t pixels)
{
    uint64_t entries = 0; /* in tRNS */
    for (uint32_t i = 0; i < t->count; i++)
        entries += t->value[i] >> 24 != 255;
    return pixels * palette_bits(t->count) / 8 + 12 + (uint64_t)3 * t->count +
           (entries != 0 ? 12 + entries : 0);
}

static enum status try_fit(const struct job *job, const struct pixel_facts *f,
                           const struct fit *fit, struct rows *rows, uint64_t *bytes)
{
    struct rows *lent;
    struct encode_options options = job->encode;
    options.key = (struct color_key){0};
    options.unfiltered = false;
    if (!fit->palette) {
        options.key = fit->key;
        options.unfiltered = fit->unfiltered;
    }
    enum status st = lend_rows(rows, &lent);
    if (st == ST_OK)
        st = fit_apply(f, fit, &lent);
    if (st != ST_OK)
        return st;
    st = trial_bytes(job->format, &options, lent, bytes);
    rows_close(lent);
    return st == ST_OK ? rows_rewind(rows) : st;
}

/* Direct pixels, the better of filtered and not. */
static enum status try_direct(const struct job *job, const struct pixel_facts *f, struct fit *fit,
                              struct rows *rows, uint64_t *bytes)
{
    struct fit other = *fit;
    uint64_t plain;
    other.palette = false;
    other.unfiltered = false;
    enum status st = try_fit(job, f, &other, rows, bytes);
    other.unfiltered = true;
    if (st == ST_OK)
        st = try_fit(job, f, &other, rows, &plain);
    if (st != ST_OK)
        return st;
    /* bands may mislead by some percent */
    bool sampled = (uint64_t)rows->pic.width * rows->pic.height > TRIAL_PIXELS;
    fit->unfiltered = plain < *bytes - (sampled ? *bytes / 16 : 0);
    if (fit->unfiltered)
        *bytes = plain;
    return ST_OK;
}

/*
 * Fewer bits a pixel do not always make fewer bytes: filters tame gradients, and know nothing of
 * indices. So what can be read again for little is tried both ways.
 */
static enum status compare(const struct job *job, const struct pixel_facts *f, struct fit *fit,
                           struct rows *rows)
{
    const struct picture *pic = &rows->pic;
    uint64_t indexed, direct, pixels = (uint64_t)pic->width * pic->height;
    if (!rows->kept || job->encode.compression == 0) {
        fit->palette = fit->palette &&
                       palette_cost(&f->table, pixels) < pixels * layout_info(fit->direct)->bytes;
        return ST_OK;
    }
    enum status st = try_direct(job, f, fit, rows, &direct);
    if (st != ST_OK || !fit->palette)
        return st;
    st = try_fit(job, f, fit, rows, &indexed);
    if (st == ST_OK)
        fit->palette = indexed <= direct + direct / 32 || indexed <= direct + PALETTE_BYTES_FREE;
    return st;
}

/* Takes rows over. */
static enum status finish(struct job *job, const struct pixel_facts *f, struct fit *fit,
                          struct rows **rows)
{
    enum status st = compare(job, f, fit, *rows);
    if (st != ST_OK) {
        rows_close(*rows);
        return st;
    }
    if (!fit->palette) {
        job->encode.key = fit->key;
        job->encode.unfiltered = fit->unfiltered;
    }
    return fit_apply(f, fit, rows);
}

/* Takes rows over. */
static enum status choose(struct job *job, const struct pixel_facts *f, struct rows **rows)
{
    const struct picture *pic = &(*rows)->pic;
    const struct layout_info *info = layout_info(pic->layout);
    bool indices = pic->layout == LAYOUT_INDEX8, few = f->narrow && !f->table.full;
    bool gray = f->gray && (f->may_gray || (!indices && !info->color));
    struct fit fit = {.palette = false, .direct = pic->layout};
    if (!f->hopeful) /* but for filters */
        return indices ? ST_OK : finish(job, f, &fit, rows);
    bool alpha = !f->opaque && !find_color_key(f, pic->layout, &fit.key);
    fit.direct = layout_of(!gray, alpha, f->narrow ? 8 : 16);
    if (few && gray && !alpha) {
        unsigned bits = gray_bits(&f->table);
        fit.palette = bits < 8 && bits <= palette_bits(f->table.count);
        if (fit.palette)
            make_ramp(bits, &fit.key, &fit.entries);
        few = palette_bits(f->table.count) < 8; /* else grays take as many bits, and no table */
    }
    if (few && !fit.palette && f->may_palette) {
        fit.palette = true;
        make_entries(&f->table, &fit.entries);
    }
    return finish(job, f, &fit, rows);
}

/* Takes rows over, and leaves them at their beginning. */
static enum status settle_key(struct pixel_facts *f, struct rows **rows)
{
    bool looked;
    if (f->key.state != KEY_SEEN || !f->key.doubtful || !f->hopeful)
        return ST_OK;
    enum status st = look_ahead(*rows, look_key_again, f, NULL, &looked, rows);
    if (st == ST_OK && !looked)
        f->key.state = KEY_IMPOSSIBLE;
    return st;
}

enum status make_smallest(struct context *cx, struct job *job, const struct metadata *metadata,
                          struct rows **rows)
{
    const struct metadata_item *icc = metadata_find(metadata, METADATA_ICC);
    bool indices = (*rows)->pic.layout == LAYOUT_INDEX8, looked;
    struct pixel_facts *f = mem_zalloc(cx, sizeof *f);
    enum status st = ST_OK;
    if (f == NULL) {
        rows_close(*rows);
        *rows = NULL;
        return cx->status;
    }
    f->narrow = f->opaque = f->gray = true;
    f->to_the_end = !indices && job->encode.compression > 0 &&
                    (uint64_t)(*rows)->pic.width * (*rows)->pic.height <= TRY_FILTERS_PIXELS;
    f->may_gray = metadata_icc_bytes(icc, "RGB ") == 0;
    f->may_palette =
        indices || layout_info((*rows)->pic.layout)->color || metadata_icc_bytes(icc, "GRAY") == 0;
    st = look_ahead(*rows, indices ? look_indices : look_pixels, f, NULL, &looked, rows);
    if (st == ST_OK && looked)
        st = settle_key(f, rows);
    if (st == ST_OK && looked && (f->hopeful || (*rows)->kept))
        st = choose(job, f, rows);
    if (st != ST_OK)
        *rows = NULL;
    mem_free(cx, f);
    return st;
}
