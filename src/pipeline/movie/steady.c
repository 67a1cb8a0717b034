/* SPDX-License-Identifier: MIT */
/* Colors that are shown, and those to come compared with them. */
#include "pipeline/movie/steady.h"

#include <string.h>

#include "base/mem.h"
#include "color/oklab.h"
#include "transforms/transform.h"

struct steady {
    struct context *cx;
    struct picture pic; /* LAYOUT_RGBA8, or LAYOUT_RGBA16 from the first picture on that is deep */
    bool deep;
    uint32_t limit; /* a squared distance: see oklab_distance */
    uint8_t *shown;
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
    s->shown = mem_zalloc(cx, picture_memory(&s->pic));
    if (s->shown == NULL) {
        steady_close(s);
        return cx->status;
    }
    *out = s;
    return ST_OK;
}

void steady_close(struct steady *s)
{
    if (s == NULL)
        return;
    mem_free(s->cx, s->shown);
    mem_free(s->cx, s);
}

static enum status deepen(struct steady *s)
{
    size_t samples = picture_memory(&s->pic);
    s->pic.layout = LAYOUT_RGBA16;
    uint8_t *wide = mem_alloc(s->cx, picture_memory(&s->pic));
    if (wide == NULL)
        return s->cx->status;
    for (size_t i = 0; i < samples; i++) {
        uint16_t v = (uint16_t)(s->shown[i] * 257);
        memcpy(wide + 2 * i, &v, 2);
    }
    mem_free(s->cx, s->shown);
    s->shown = wide;
    return ST_OK;
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
    uint8_t *shown = s->shown + r->y * picture_stride(&s->pic);
    enum status st = rows_next(r->up, out);
    for (uint32_t x = 0; st == ST_OK && x < r->pic.width; x++) {
        uint8_t *a = out + x * each, *b = shown + x * each;
        if (deep ? is_near16(s, a, b) : is_near8(s, a, b))
            memcpy(a, b, each);
        else
            memcpy(b, a, each);
    }
    return st;
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
