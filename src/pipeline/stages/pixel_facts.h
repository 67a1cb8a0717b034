/* SPDX-License-Identifier: MIT */
/* What is true of all pixels of a picture, gathered as rows flow: what kinds of PNG can hold it. */
#ifndef GIFLOW_PIPELINE_STAGES_PIXEL_FACTS_H
#define GIFLOW_PIPELINE_STAGES_PIXEL_FACTS_H

#include "color/palette_fit.h"
#include "formats/format.h"

/* Where a palette is small beside the pixels a few entries too many are not worth a whole look. */
#define PALETTE_MATTERS_PIXELS (UINT32_C(1) << 20)

/* Up to 256 colors by their value; slots hold 1 + an index, 0 where they are free. */
#define COLOR_TABLE_SLOTS 1024
struct color_table {
    uint32_t count;
    bool full; /* there was one more */
    uint32_t value[256];
    uint16_t slot[COLOR_TABLE_SLOTS];
};

static inline uint32_t color_value(struct rgba8 c)
{
    return c.r | (uint32_t)c.g << 8 | (uint32_t)c.b << 16 | (uint32_t)c.a << 24;
}

static inline struct rgba8 color_of_value(uint32_t value)
{
    return (struct rgba8){(uint8_t)value, (uint8_t)(value >> 8), (uint8_t)(value >> 16),
                          (uint8_t)(value >> 24)};
}

/* The slot that has the color or is free for it. */
uint16_t *color_table_slot(struct color_table *t, uint32_t value);
void color_table_add(struct color_table *t, uint32_t value);

/*
 * Whether one color can stand for transparency: pixels are opaque or transparent, all transparent
 * ones have one color, and no opaque one has it. Opaque colors that come before the first
 * transparent pixel are marked in a filter of hashes: where that has the color, it may be among
 * them, and only a second look can tell.
 */
#define KEY_FILTER_BITS 65536
struct key_facts {
    enum { KEY_NOT_SEEN, KEY_SEEN, KEY_IMPOSSIBLE } state;
    bool doubtful;
    uint64_t color; /* three samples of 16 bits, 8-bit ones as they are */
    uint32_t before[KEY_FILTER_BITS / 32];
};

struct pixel_facts {
    bool narrow; /* 16-bit samples are 8-bit ones, times 257 */
    bool opaque, gray;
    bool may_gray, may_palette; /* what the profile that goes with them allows */
    bool to_the_end;            /* all rows are wanted, whatever they tell */
    bool hopeful;               /* something can be smaller than it is, after all rows so far */
    uint32_t last;
    struct color_table table; /* of the narrow ones */
    struct palette_use use;   /* LAYOUT_INDEX8 */
    struct key_facts key;     /* layouts with alpha */
};

/*
 * Look functions for rows of any layout but indices, and for indices. user: struct pixel_facts.
 * With the end of the hope not all facts are known, but that nothing can be smaller stays true.
 */
bool look_pixels(void *user, const struct picture *pic, const uint8_t *row);
bool look_indices(void *user, const struct picture *pic, const uint8_t *row);
/* The second look at the color that would stand for transparency: false once it cannot. */
bool look_key_again(void *user, const struct picture *pic, const uint8_t *row);

/* Bits of gray samples that hold all colors of the table, which are grays. */
unsigned gray_bits(const struct color_table *t);
/*
 * After all rows: the color that can stand for transparency, in samples of 8 bits where pixels
 * are narrow. false: there is none.
 */
bool find_color_key(const struct pixel_facts *f, enum layout layout, struct color_key *out);

#endif
