/* SPDX-License-Identifier: MIT */
/* Colors that are shown, and those to come compared with them. */
#include "pipeline/movie/steady.h"

#include <string.h>

#include "base/mem.h"
#include "color/oklab.h"
#include "raster/plane.h"
#include "transforms/transform.h"

struct steady {
    struct context *cx;
    struct picture pic; /* LAYOUT_RGBA8, or LAYOUT_RGBA16 from the first picture on that is deep */
    bool deep;
    uint32_t limit; /* a squared distance: see oklab_distance */
    struct plane *shown;
};

enum status steady_open(struct context *cx, uint32_t width, uint32_t height, double change,
                        bool deep, struct steady **out)
{
    double limit = change * OKLAB_ONE / 100;
    struct steady *s = mem_zalloc(cx, sizeof *s);
    if (s == NULL)
        return cx->status;
    s->cx = cx;
    s->deep = deep;
    s->limit = (uint32_t)(limit * limit);
    s->pic = (struct picture){.width = width, .height = height, .layout = LAYOUT_RGBA8};
    enum status st = plane_open(cx, picture_stride(&s->pic), height, false, &s->shown);
    if (st != ST_OK) {
        steady_close(s);
        return st;
    }
    *out = s;
    return ST_OK;
}

void steady_close(struct steady *s)
{
    if (s == NULL)
        return;
    plane_close(s->shown);
    mem_free(s->cx, s);
}

static enum status deepen(struct steady *s)
{
    const size_t samples = picture_stride(&s->pic);
    struct plane *deep;
    s->pic.layout = LAYOUT_RGBA16;
    enum status st = plane_open(s->cx, picture_stride(&s->pic), s->pic.height, false, &deep);
    if (st != ST_OK)
        return st;
    for (uint32_t y = 0; y < s->pic.height; y++) {
        const uint8_t *from = plane_row(s->shown, y);
        uint8_t *to = plane_row_to_change(deep, y, true);
        for (size_t i = 0; i < samples; i++) {
            uint16_t v = (uint16_t)(from[i] * 257);
            memcpy(to + 2 * i, &v, 2);
        }
    }
    plane_close(s->shown);
    s->shown = deep;
    return s->cx->status;
}

struct steady_rows {
    struct rows rows;
    struct steady *steady;
};

static bool is_near8(const struct steady *s, const uint8_t *a, const uint8_t *b)
{
    if (memcmp(a, b, 4) == 0)
        return true;
    return a[3] == b[3] && oklab_distance(oklab_from_rgb(a[0], a[1], a[2]),
                                          oklab_from_rgb(b[0], b[1], b[2])) <= s->limit;
}

/* 255 * 256 of 65535: what oklab_from_fine takes. */
static uint32_t fine(uint16_t v)
{
    return (uint32_t)v * 65280 / 65535;
}

static bool is_near16(const struct steady *s, const uint8_t *a, const uint8_t *b)
{
    uint16_t p[4], q[4];
    memcpy(p, a, sizeof p);
    memcpy(q, b, sizeof q);
    return p[3] == q[3] &&
           oklab_distance(oklab_from_fine(fine(p[0]), fine(p[1]), fine(p[2])),
                          oklab_from_fine(fine(q[0]), fine(q[1]), fine(q[2]))) <= s->limit;
}

static enum status steady_next(struct rows *r, uint8_t *out)
{
    struct steady *s = ((struct steady_rows *)r)->steady;
    const bool deep = s->pic.layout == LAYOUT_RGBA16;
    const size_t each = deep ? 8 : 4;
    uint8_t *shown = plane_row_to_change(s->shown, r->y, false);
    enum status st = rows_next(r->up, out);
    for (uint32_t x = 0; st == ST_OK && x < r->pic.width; x++) {
        uint8_t *a = out + x * each, *b = shown + x * each;
        if (deep ? is_near16(s, a, b) : is_near8(s, a, b))
            memcpy(a, b, each);
        else
            memcpy(b, a, each);
    }
    return st == ST_OK ? r->cx->status : st;
}

enum status steady_rows_open(struct steady *s, struct rows *up, struct rows **out)
{
    enum status st = ST_OK;
    if (s->deep && layout_info(up->pic.layout)->bits == 16 && s->pic.layout == LAYOUT_RGBA8)
        st = deepen(s);
    if (st != ST_OK) {
        rows_close(up);
        return st;
    }
    st = convert_open(up, s->pic.layout, (struct rgba8){0}, &up);
    if (st != ST_OK)
        return st;
    struct steady_rows *r = rows_new(s->cx, "steady", sizeof *r, up);
    if (r == NULL)
        return s->cx->status;
    r->rows.next = steady_next;
    r->rows.skip = rows_skip_up;
    r->rows.close = rows_free;
    r->steady = s;
    *out = &r->rows;
    return ST_OK;
}
