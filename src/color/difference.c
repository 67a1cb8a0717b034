/* SPDX-License-Identifier: MIT */
/* Distances, kept for when a color meets the same entry again. */
#include "color/difference.h"

#include <math.h>

#include "base/mem.h"
#include "color/oklab.h"

#define KEPT_BITS 12

struct difference_meter {
    struct context *cx;
    struct color_difference *total;
    uint32_t code[256]; /* of entries: r, g, b from bit 0 on */
    struct oklab at[256];
    struct kept {
        uint32_t key; /* color and entry; a color and its own entry are never looked up */
        float distance;
    } kept[1u << KEPT_BITS];
};

enum status difference_meter_open(struct context *cx, const struct palette *palette,
                                  struct color_difference *total, struct difference_meter **out)
{
    *out = NULL;
    struct difference_meter *m = mem_zalloc(cx, sizeof *m);
    if (m == NULL)
        return cx->status;
    m->cx = cx;
    m->total = total;
    *total = (struct color_difference){0};
    for (uint32_t i = 0; i < palette->count; i++) {
        const struct rgba8 *e = &palette->entry[i];
        m->code[i] = e->r | (uint32_t)e->g << 8 | (uint32_t)e->b << 16;
        m->at[i] = oklab_from_rgb(e->r, e->g, e->b);
    }
    /* zeroed slots would know black and entry 0 */
    m->kept[0].key = UINT32_MAX;
    *out = m;
    return ST_OK;
}

void difference_meter_close(struct difference_meter *m)
{
    if (m != NULL)
        mem_free(m->cx, m);
}

void difference_meter_restart(struct difference_meter *m)
{
    *m->total = (struct color_difference){0};
}

static float distance(struct difference_meter *m, const uint8_t *rgb, uint32_t color, uint8_t entry)
{
    uint32_t key = color | (uint32_t)entry << 24;
    struct kept *k = &m->kept[key * UINT32_C(0x9e3779b1) >> (32 - KEPT_BITS)];
    if (k->key != key) {
        k->key = key;
        uint32_t squared = oklab_distance(oklab_from_rgb(rgb[0], rgb[1], rgb[2]), m->at[entry]);
        k->distance = sqrtf((float)squared) * (100.0f / OKLAB_ONE);
    }
    return k->distance;
}

void difference_meter_row(struct difference_meter *m, enum layout layout, const uint8_t *row,
                          uint32_t width, const uint8_t *indices)
{
    const bool alpha = layout == LAYOUT_RGBA8;
    struct color_difference *t = m->total;
    for (uint32_t x = 0; x < width; x++, row += alpha ? 4 : 3) {
        if (alpha && row[3] < 128)
            continue;
        t->pixels++;
        uint32_t color = row[0] | (uint32_t)row[1] << 8 | (uint32_t)row[2] << 16;
        if (color == m->code[indices[x]])
            continue;
        double d = (double)distance(m, row, color, indices[x]);
        t->changed++;
        t->sum += d;
        t->largest = d > t->largest ? d : t->largest;
    }
}
