/* SPDX-License-Identifier: MIT */
/* The kind of PNG that takes the fewest bits for the pixels there are, found by looking at them. */
#include <string.h>

#include "base/mem.h"
#include "base/size.h"
#include "color/palette_fit.h"
#include "pipeline/ahead.h"
#include "pipeline/stages.h"
#include "pipeline/trial.h"
#include "transforms/indexed.h"
#include "transforms/transform.h"

/* Where a palette is small beside the pixels a few entries too many are not worth a whole look. */
#define PALETTE_MATTERS_PIXELS (UINT32_C(1) << 20)

/* What a palette may cost beside direct colors: readers are glad of fewer bits a pixel, too. */
#define PALETTE_BYTES_FREE 64

/* Up to 256 colors by their value; slots hold 1 + an index, 0 where they are free. */
#define SLOTS 1024
struct color_table {
    uint32_t count;
    bool full; /* there was one more */
    uint32_t value[256];
    uint16_t slot[SLOTS];
};

static uint32_t color_value(struct rgba8 c)
{
    return c.r | (uint32_t)c.g << 8 | (uint32_t)c.b << 16 | (uint32_t)c.a << 24;
}

static struct rgba8 color_of(uint32_t value)
{
    return (struct rgba8){(uint8_t)value, (uint8_t)(value >> 8), (uint8_t)(value >> 16),
                          (uint8_t)(value >> 24)};
}

/* The slot that has the color or is free for it. */
static uint16_t *find_slot(struct color_table *t, uint32_t value)
{
    uint32_t i = value * UINT32_C(0x9e3779b1) >> 22;
    while (t->slot[i] != 0 && t->value[t->slot[i] - 1] != value)
        i = (i + 1) % SLOTS;
    return &t->slot[i];
}

static void add_color(struct color_table *t, uint32_t value)
{
    uint16_t *slot = find_slot(t, value);
    if (*slot != 0)
        return;
    t->full |= t->count == 256;
    if (t->full)
        return;
    t->value[t->count++] = value;
    *slot = (uint16_t)t->count;
}

/* What is true of all pixels so far. */
struct facts {
    bool narrow; /* 16-bit samples are 8-bit ones, times 257 */
    bool opaque, gray;
    bool may_gray, may_palette; /* what the profile that goes with them allows */
    struct color_table table;   /* of the narrow ones */
    uint32_t last;
    struct palette_use use; /* LAYOUT_INDEX8 */
    bool hopeful;           /* something can be smaller than it is, after all rows so far */
};

static unsigned palette_bits(uint32_t count)
{
    return count <= 2 ? 1 : count <= 4 ? 2 : count <= 16 ? 4 : 8;
}

/* Bits of gray samples that hold all colors of the table, which are opaque grays. */
static unsigned gray_bits(const struct color_table *t)
{
    unsigned bits = 1;
    for (uint32_t i = 0; i < t->count; i++)
        while (bits < 8 && (t->value[i] & 255) % (255 / ((1u << bits) - 1)) != 0)
            bits *= 2;
    return bits;
}

static inline __attribute__((always_inline)) void
look_at(struct facts *f, unsigned channels, unsigned bits, const uint8_t *row, uint32_t width)
{
    const unsigned step = channels * bits / 8;
    bool narrow = f->narrow, opaque = f->opaque, gray = f->gray;
    uint32_t last = f->last;
    for (uint32_t x = 0; x < width; x++, row += step) {
        uint8_t s[4];
        for (unsigned c = 0; c < channels; c++) {
            s[c] = row[c * bits / 8];
            if (bits == 16)
                narrow &= s[c] == row[c * 2 + 1];
        }
        uint8_t a = channels % 2 == 0 ? s[channels - 1] : 255;
        struct rgba8 color = {s[0], s[channels >= 3 ? 1 : 0], s[channels >= 3 ? 2 : 0], a};
        opaque &= a == 255 && (bits == 8 || channels % 2 != 0 || row[step - 1] == 255);
        gray &= color.r == color.g && color.r == color.b &&
                (bits == 8 || channels < 3 || (row[1] == row[3] && row[1] == row[5]));
        uint32_t value = color_value(color);
        if ((value != last || f->table.count == 0) && !f->table.full) {
            add_color(&f->table, value);
            last = value;
        }
    }
    f->narrow = narrow;
    f->opaque = opaque;
    f->gray = gray;
    f->last = last;
}

/* Can anything be smaller than what there is, whatever else comes? */
static bool hopeful(const struct facts *f, enum layout layout)
{
    const struct layout_info *info = layout_info(layout);
    if (info->bits == 16 && f->narrow)
        return true;
    if ((info->alpha && f->opaque) || (info->color && f->gray && f->may_gray))
        return true;
    if (!f->narrow || f->table.full)
        return false;
    bool gray = !info->color && !info->alpha;
    return gray ? f->table.count <= 16 : f->may_palette;
}

static bool look_pixels(void *user, const struct picture *pic, const uint8_t *row)
{
    struct facts *f = user;
    const struct layout_info *info = layout_info(pic->layout);
#define CASE(channels, bits)                         \
    case (channels)*2 + (bits) / 16:                 \
        look_at(f, channels, bits, row, pic->width); \
        break
    switch (info->channels * 2 + info->bits / 16) {
        CASE(1, 8);
        CASE(1, 16);
        CASE(2, 8);
        CASE(2, 16);
        CASE(3, 8);
        CASE(3, 16);
        CASE(4, 8);
        CASE(4, 16);
    default:
        break;
    }
#undef CASE
    return f->hopeful = hopeful(f, pic->layout);
}

/* The colors of the entries that are in use. */
static void gather_entries(struct facts *f, const struct palette *p)
{
    f->table = (struct color_table){.count = 0};
    f->gray = f->opaque = true;
    for (uint32_t i = 0; i < p->count; i++) {
        const struct rgba8 *c = &p->entry[i];
        if (!f->use.used[i])
            continue;
        add_color(&f->table, color_value(*c));
        f->opaque &= c->a == 255;
        f->gray &= c->r == c->g && c->r == c->b;
    }
}

static bool look_indices(void *user, const struct picture *pic, const uint8_t *row)
{
    struct facts *f = user;
    const struct palette_use before = f->use;
    palette_use_row(&f->use, row, pic->width);
    if (f->table.count != 0 && memcmp(&before, &f->use, sizeof before) == 0)
        return f->hopeful;
    gather_entries(f, &pic->palette);
    f->hopeful = palette_bits(f->table.count) < palette_bits(pic->palette.count) ||
                 (f->gray && f->opaque && f->may_gray) ||
                 (f->table.count < pic->palette.count &&
                  (uint64_t)pic->width * pic->height <= PALETTE_MATTERS_PIXELS);
    return f->hopeful;
}

/* The table's colors, first those that are not opaque: tRNS is as short as can be then. */
static void make_entries(const struct color_table *t, struct palette *out)
{
    out->count = 0;
    for (int opaque = 0; opaque < 2; opaque++)
        for (uint32_t i = 0; i < t->count; i++)
            if (((t->value[i] >> 24) == 255) == (opaque != 0))
                out->entry[out->count++] = color_of(t->value[i]);
}

/* All grays of so many bits: the encoder knows it and writes no palette. */
static void make_ramp(unsigned bits, struct palette *out)
{
    out->count = 1u << bits;
    for (uint32_t i = 0; i < out->count; i++) {
        uint8_t v = (uint8_t)(i * 255 / (out->count - 1));
        out->entry[i] = (struct rgba8){v, v, v, 255};
    }
}

static void index_colors(const struct palette *p, struct color_table *out)
{
    *out = (struct color_table){.count = 0};
    for (uint32_t i = 0; i < p->count; i++)
        add_color(out, color_value(p->entry[i]));
}

struct indexing {
    struct rows rows;
    struct color_table table;
    uint8_t *row; /* of up */
};

static enum status indexing_next(struct rows *r, uint8_t *out)
{
    struct indexing *s = (struct indexing *)r;
    const struct layout_info *info = layout_info(r->up->pic.layout);
    const uint8_t *p = s->row;
    enum status st = rows_next(r->up, s->row);
    uint32_t last = 0, index = *find_slot(&s->table, 0); /* 0 where there is no such color */
    for (uint32_t x = 0; st == ST_OK && x < r->pic.width; x++, p += info->bytes) {
        struct rgba8 c = {p[0], p[info->color ? 1 : 0], p[info->color ? 2 : 0],
                          info->alpha ? p[info->bytes - 1] : 255};
        uint32_t value = color_value(c);
        if (value != last) {
            last = value;
            index = *find_slot(&s->table, value);
        }
        if (index == 0)
            st = fail(r->cx, ST_BUG, "a color that was not there before (row %u)", r->y);
        out[x] = (uint8_t)(index - 1);
    }
    return st;
}

static void indexing_close(struct rows *r)
{
    struct indexing *s = (struct indexing *)r;
    mem_free(r->cx, s->row);
    mem_free(r->cx, s);
}

/* up: any layout of 8 bits but palette indices, of colors that are all in the palette. */
static enum status indexing_open(struct rows *up, const struct palette *palette, struct rows **out)
{
    struct context *cx = up->cx;
    struct indexing *s = rows_new(cx, "index", sizeof *s, up);
    if (s == NULL)
        return cx->status;
    s->rows.next = indexing_next;
    s->rows.rewind = rows_rewind_up;
    s->rows.close = indexing_close;
    s->rows.pic.layout = LAYOUT_INDEX8;
    s->rows.pic.palette = *palette;
    index_colors(palette, &s->table);
    s->row = mem_alloc(cx, picture_stride(&up->pic));
    if (s->row == NULL) {
        rows_close(&s->rows);
        return cx->status;
    }
    *out = &s->rows;
    return ST_OK;
}

/* Indices of one palette to those of another that has all colors in use. */
static enum status reindex(const struct facts *f, const struct palette *to, struct rows **rows)
{
    struct color_table table;
    struct palette_map map = {{0}};
    const struct palette from = (*rows)->pic.palette;
    index_colors(to, &table);
    for (uint32_t i = 0; i < from.count; i++)
        if (f->use.used[i])
            map.to[i] = (uint8_t)(*find_slot(&table, color_value(from.entry[i])) - 1);
    return remap_open(*rows, to, &map, rows);
}

static enum status to_palette(const struct facts *f, const struct palette *palette,
                              struct rows **rows)
{
    const struct layout_info *info = layout_info((*rows)->pic.layout);
    if ((*rows)->pic.layout == LAYOUT_INDEX8)
        return reindex(f, palette, rows);
    enum status st =
        convert_open(*rows, layout_of(info->color, info->alpha, 8), (struct rgba8){0}, rows);
    return st == ST_OK ? indexing_open(*rows, palette, rows) : st;
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

/* A layout that all pixels fit in: a palette, or direct. */
struct fit {
    bool palette;
    struct palette entries;
    enum layout direct;
};

static enum status apply_fit(const struct facts *f, const struct fit *fit, struct rows **rows)
{
    if (fit->palette)
        return to_palette(f, &fit->entries, rows);
    return convert_open(*rows, fit->direct, (struct rgba8){0}, rows); /* exact: nothing to round */
}

static enum status try_fit(const struct job *job, const struct facts *f, const struct fit *fit,
                           struct rows *rows, uint64_t *bytes)
{
    struct rows *lent;
    enum status st = lend_rows(rows, &lent);
    if (st == ST_OK)
        st = apply_fit(f, fit, &lent);
    if (st != ST_OK)
        return st;
    st = trial_bytes(job->format, &job->encode, lent, bytes);
    rows_close(lent);
    return st == ST_OK ? rows_rewind(rows) : st;
}

/*
 * Fewer bits a pixel do not always make fewer bytes: filters tame gradients, and know nothing of
 * indices. So what can be read again for little is tried both ways.
 */
static enum status compare(const struct job *job, const struct facts *f, struct fit *fit,
                           struct rows *rows)
{
    const struct picture *pic = &rows->pic;
    uint64_t indexed, direct, pixels = (uint64_t)pic->width * pic->height;
    if (!rows->kept || job->encode.compression == 0) {
        fit->palette &= palette_cost(&f->table, pixels) < pixels * layout_info(fit->direct)->bytes;
        return ST_OK;
    }
    struct fit other = *fit;
    other.palette = false;
    enum status st = try_fit(job, f, fit, rows, &indexed);
    if (st == ST_OK)
        st = try_fit(job, f, &other, rows, &direct);
    if (st == ST_OK)
        fit->palette = indexed <= direct + direct / 32 || indexed <= direct + PALETTE_BYTES_FREE;
    return st;
}

/* Takes rows over. */
static enum status choose(const struct job *job, const struct facts *f, struct rows **rows)
{
    const struct picture *pic = &(*rows)->pic;
    const struct layout_info *info = layout_info(pic->layout);
    bool indices = pic->layout == LAYOUT_INDEX8, few = f->narrow && !f->table.full;
    bool gray = f->gray && (f->may_gray || (!indices && !info->color));
    struct fit fit = {.direct = layout_of(!gray, !f->opaque, f->narrow ? 8 : 16)};
    if (few && gray && f->opaque) {
        unsigned bits = gray_bits(&f->table);
        fit.palette = bits < 8 && bits <= palette_bits(f->table.count);
        if (fit.palette)
            make_ramp(bits, &fit.entries);
        few = palette_bits(f->table.count) < 8; /* else grays take as many bits, and no table */
    }
    if (few && !fit.palette && f->may_palette) {
        fit.palette = true;
        make_entries(&f->table, &fit.entries);
    }
    enum status st = fit.palette ? compare(job, f, &fit, *rows) : ST_OK;
    if (st != ST_OK) {
        rows_close(*rows);
        return st;
    }
    return apply_fit(f, &fit, rows);
}

enum status make_smallest(struct context *cx, const struct job *job,
                          const struct metadata *metadata, struct rows **rows)
{
    const struct metadata_item *icc = metadata_find(metadata, METADATA_ICC);
    bool indices = (*rows)->pic.layout == LAYOUT_INDEX8, looked;
    struct facts *f = mem_zalloc(cx, sizeof *f);
    enum status st = ST_OK;
    if (f == NULL) {
        rows_close(*rows);
        *rows = NULL;
        return cx->status;
    }
    f->narrow = f->opaque = f->gray = true;
    f->may_gray = metadata_icc_bytes(icc, "RGB ") == 0;
    f->may_palette =
        indices || layout_info((*rows)->pic.layout)->color || metadata_icc_bytes(icc, "GRAY") == 0;
    st = look_ahead(*rows, indices ? look_indices : look_pixels, f, &looked, rows);
    if (st == ST_OK && looked && f->hopeful)
        st = choose(job, f, rows);
    if (st != ST_OK)
        *rows = NULL;
    mem_free(cx, f);
    return st;
}
