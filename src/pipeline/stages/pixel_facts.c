/* SPDX-License-Identifier: MIT */
/* Colors counted up to 256, samples that could be fewer or shorter, a color for what is clear. */
#include "pipeline/stages/pixel_facts.h"

#include <string.h>

#include "base/size.h"

uint16_t *color_table_slot(struct color_table *t, uint32_t value)
{
    uint32_t i = value * UINT32_C(0x9e3779b1) >> 22;
    while (t->slot[i] != 0 && t->value[t->slot[i] - 1] != value)
        i = (i + 1) % COLOR_TABLE_SLOTS;
    return &t->slot[i];
}

void color_table_add(struct color_table *t, uint32_t value)
{
    uint16_t *slot = color_table_slot(t, value);
    if (*slot != 0)
        return;
    t->full |= t->count == 256;
    if (t->full)
        return;
    t->value[t->count++] = value;
    *slot = (uint16_t)t->count;
}

unsigned gray_bits(const struct color_table *t)
{
    unsigned bits = 1;
    for (uint32_t i = 0; i < t->count; i++)
        while (bits < 8 && (t->value[i] & 255) % (255 / ((1u << bits) - 1)) != 0)
            bits *= 2;
    return bits;
}

static inline __attribute__((always_inline)) void
look_at(struct pixel_facts *f, unsigned channels, unsigned bits, const uint8_t *row, uint32_t width)
{
    const unsigned step = channels * bits / 8;
    bool narrow = f->narrow, opaque = f->opaque, gray = f->gray;
    uint32_t last = f->last;
    for (uint32_t x = 0; x < width; x++, row += step) {
        uint8_t s[4] = {0};
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
            color_table_add(&f->table, value);
            last = value;
        }
    }
    f->narrow = narrow;
    f->opaque = opaque;
    f->gray = gray;
    f->last = last;
}

/* Samples of a color, each in 16 bits of its own; channels is without alpha. */
static inline uint64_t key_color(const uint8_t *p, unsigned channels, unsigned bits)
{
    uint64_t color = 0;
    for (unsigned c = 0; c < 3; c++) {
        uint16_t v;
        if (bits == 16)
            memcpy(&v, p + 2 * (channels == 3 ? c : 0), 2);
        else
            v = p[channels == 3 ? c : 0];
        color |= (uint64_t)v << 16 * c;
    }
    return color;
}

static inline uint32_t key_hash(uint64_t color)
{
    return (uint32_t)(color * UINT64_C(0x9e3779b97f4a7c15) >> 32) % KEY_FILTER_BITS;
}

static inline __attribute__((always_inline)) void look_for_key(struct key_facts *k,
                                                               unsigned channels, unsigned bits,
                                                               const uint8_t *row, uint32_t width)
{
    const uint32_t full = bits == 16 ? 65535 : 255;
    uint64_t last = UINT64_MAX; /* no color */
    for (uint32_t x = 0; x < width && k->state != KEY_IMPOSSIBLE; x++) {
        const uint8_t *p = row + x * ((channels + 1) * bits / 8);
        uint64_t color = key_color(p, channels, bits);
        uint64_t a = key_color(p + channels * bits / 8, 1, bits) & 65535;
        uint32_t hash = key_hash(color);
        if (a == full && k->state == KEY_NOT_SEEN && color != last) {
            k->before[hash / 32] |= UINT32_C(1) << hash % 32;
            last = color;
        } else if (a == 0 && k->state == KEY_NOT_SEEN) {
            k->state = KEY_SEEN;
            k->color = color;
            k->doubtful = (k->before[hash / 32] >> hash % 32 & 1) != 0;
        } else if (a == full ? k->state == KEY_SEEN && color == k->color
                             : a != 0 || color != k->color) {
            k->state = KEY_IMPOSSIBLE;
        }
    }
}

bool look_key_again(void *user, const struct picture *pic, const uint8_t *row)
{
    struct key_facts *k = &((struct pixel_facts *)user)->key;
    const struct layout_info *info = layout_info(pic->layout);
    unsigned channels = info->channels - 1u;
    for (uint32_t x = 0; x < pic->width; x++, row += info->bytes)
        if (key_color(row, channels, info->bits) == k->color &&
            key_color(row + channels * info->bits / 8, 1, info->bits) != 0)
            k->state = KEY_IMPOSSIBLE;
    return k->state != KEY_IMPOSSIBLE;
}

bool find_color_key(const struct pixel_facts *f, enum layout layout, struct color_key *out)
{
    unsigned shift = layout_info(layout)->bits == 16 && f->narrow ? 8 : 0;
    const struct key_facts *k = &f->key;
    *out = (struct color_key){.used = k->state == KEY_SEEN};
    for (unsigned c = 0; c < 3; c++)
        out->sample[c] = (uint16_t)((k->color >> 16 * c & 65535) >> shift);
    return out->used;
}

/* Can anything be smaller than what there is, whatever else comes? */
static bool hopeful(const struct pixel_facts *f, enum layout layout)
{
    const struct layout_info *info = layout_info(layout);
    if (info->bits == 16 && f->narrow)
        return true;
    if ((info->alpha && (f->opaque || f->key.state == KEY_SEEN)) ||
        (info->color && f->gray && f->may_gray))
        return true;
    if (!f->narrow || f->table.full)
        return false;
    bool gray = !info->color && !info->alpha;
    return gray ? f->table.count <= 16 : f->may_palette;
}

bool look_pixels(void *user, const struct picture *pic, const uint8_t *row)
{
    struct pixel_facts *f = user;
    const struct layout_info *info = layout_info(pic->layout);
#define CASE(channels, bits)                                            \
    case (channels)*2 + (bits) / 16:                                    \
        look_at(f, channels, bits, row, pic->width);                    \
        if ((channels) % 2 == 0)                                        \
            look_for_key(&f->key, (channels)-1, bits, row, pic->width); \
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
    f->hopeful = hopeful(f, pic->layout);
    return f->hopeful || f->to_the_end;
}

/* The colors of the entries that are in use. */
static void gather_entries(struct pixel_facts *f, const struct palette *p)
{
    f->table = (struct color_table){.count = 0};
    f->gray = f->opaque = true;
    for (uint32_t i = 0; i < p->count; i++) {
        const struct rgba8 *c = &p->entry[i];
        if (!f->use.used[i])
            continue;
        color_table_add(&f->table, color_value(*c));
        f->opaque &= c->a == 255;
        f->gray &= c->r == c->g && c->r == c->b;
    }
    f->key.state = KEY_NOT_SEEN;
    for (int alpha = 0; alpha < 2; alpha++) /* the transparent color, then the others */
        for (uint32_t i = 0; i < f->table.count && f->key.state != KEY_IMPOSSIBLE; i++) {
            struct rgba8 c = color_of_value(f->table.value[i]);
            const uint8_t pixel[4] = {c.r, c.g, c.b, c.a};
            if ((c.a != 0) == alpha)
                look_for_key(&f->key, 3, 8, pixel, 1);
        }
}

bool look_indices(void *user, const struct picture *pic, const uint8_t *row)
{
    struct pixel_facts *f = user;
    const struct palette_use before = f->use;
    palette_use_row(&f->use, row, pic->width);
    if (f->table.count != 0 && memcmp(&before, &f->use, sizeof before) == 0)
        return f->hopeful;
    gather_entries(f, &pic->palette);
    f->hopeful = palette_bits(f->table.count) < palette_bits(pic->palette.count) ||
                 (f->gray && f->may_gray && (f->opaque || f->key.state == KEY_SEEN)) ||
                 (f->table.count < pic->palette.count &&
                  (uint64_t)pic->width * pic->height <= PALETTE_MATTERS_PIXELS);
    return f->hopeful;
}
