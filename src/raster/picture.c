/* SPDX-License-Identifier: MIT */
/* Facts about layouts, palettes and interlace passes. */
#include "raster/picture.h"

#include "base/size.h"

static const struct layout_info infos[LAYOUT_COUNT] = {
    [LAYOUT_INDEX8] = {"palette", 1, 1, 8, false, true},
    [LAYOUT_GRAY8] = {"gray", 1, 1, 8, false, false},
    [LAYOUT_GRAY16] = {"gray16", 2, 1, 16, false, false},
    [LAYOUT_GRAYA8] = {"gray+alpha", 2, 2, 8, true, false},
    [LAYOUT_GRAYA16] = {"gray16+alpha", 4, 2, 16, true, false},
    [LAYOUT_RGB8] = {"rgb", 3, 3, 8, false, true},
    [LAYOUT_RGB16] = {"rgb16", 6, 3, 16, false, true},
    [LAYOUT_RGBA8] = {"rgba", 4, 4, 8, true, true},
    [LAYOUT_RGBA16] = {"rgba16", 8, 4, 16, true, true},
};

const struct layout_info *layout_info(enum layout layout)
{
    return &infos[layout];
}

enum layout layout_of(bool color, bool alpha, unsigned bits)
{
    enum layout layout = LAYOUT_GRAY8;
    while (infos[layout].color != color || infos[layout].alpha != alpha ||
           infos[layout].bits != bits)
        layout++;
    return layout;
}

int palette_transparent(const struct palette *p)
{
    for (uint32_t i = 0; i < p->count; i++)
        if (p->entry[i].a == 0)
            return (int)i;
    return -1;
}

bool palette_has_alpha(const struct palette *p)
{
    for (uint32_t i = 0; i < p->count; i++)
        if (p->entry[i].a < 255)
            return true;
    return false;
}

unsigned palette_bits(uint32_t count)
{
    return count <= 2 ? 1 : count <= 4 ? 2 : count <= 16 ? 4 : 8;
}

int palette_nearest(const struct palette *p, struct rgba8 c)
{
    int best = -1, best_distance = 0;
    for (uint32_t i = 0; i < p->count; i++) {
        const struct rgba8 *e = &p->entry[i];
        if (e->a < 255)
            continue;
        int r = e->r - c.r, g = e->g - c.g, b = e->b - c.b;
        int distance = r * r + g * g + b * b;
        if (best < 0 || distance < best_distance) {
            best = (int)i;
            best_distance = distance;
        }
    }
    return best;
}

size_t picture_stride(const struct picture *p)
{
    return (size_t)p->width * infos[p->layout].bytes;
}

bool picture_bytes(const struct picture *p, uint64_t *out)
{
    uint64_t stride = (uint64_t)p->width * infos[p->layout].bytes;
    return !__builtin_mul_overflow(stride, (uint64_t)p->height, out) && *out <= INT64_MAX;
}

enum status picture_check(struct context *cx, uint32_t width, uint32_t height)
{
    if (width == 0 || height == 0)
        return fail(cx, ST_DAMAGED, "a picture of %u x %u has no pixels", width, height);
    if (width > INT32_MAX || height > INT32_MAX)
        return fail(cx, ST_LIMIT, "%u x %u is more than can be addressed", width, height);
    uint64_t pixels = (uint64_t)width * height, most = cx->limits.max_pixels;
    if (most != 0 && pixels > most)
        return fail(cx, ST_LIMIT, "%u x %u is over the limit of %llu pixels", width, height,
                    (unsigned long long)most);
    return ST_OK;
}

bool picture_has_alpha(const struct picture *p)
{
    return p->layout == LAYOUT_INDEX8 ? palette_has_alpha(&p->palette) : infos[p->layout].alpha;
}

const struct interlace interlace_none = {"none", 1, {{0, 0, 1, 1}}};

const struct interlace interlace_gif = {
    "GIF", 4, {{0, 0, 1, 8}, {0, 4, 1, 8}, {0, 2, 1, 4}, {0, 1, 1, 2}}};

const struct interlace interlace_adam7 = {"Adam7",
                                          7,
                                          {{0, 0, 8, 8},
                                           {4, 0, 8, 8},
                                           {0, 4, 4, 8},
                                           {2, 0, 4, 4},
                                           {0, 2, 2, 4},
                                           {1, 0, 2, 2},
                                           {0, 1, 1, 2}}};

static uint32_t pass_length(uint32_t start, uint32_t step, uint32_t whole)
{
    return whole <= start ? 0 : (whole - start + step - 1) / step;
}

uint32_t pass_width(const struct pass *p, uint32_t picture_width)
{
    return pass_length(p->x0, p->dx, picture_width);
}

uint32_t pass_height(const struct pass *p, uint32_t picture_height)
{
    return pass_length(p->y0, p->dy, picture_height);
}
