/* SPDX-License-Identifier: MIT */
/*
 * Bilinear and bicubic blocks of a rotation. What a block needs of its window is decoded to four
 * floats a pixel, in linear light and multiplied by alpha; outside the picture all are 0.
 */
#include "transforms/rotate_block.h"

#include <string.h>

#include "base/mem.h"
#include "transforms/filter.h"
#include "transforms/light_run.h"
#include "transforms/smooth_kernel.h"

#define MOST_WIDE WINDOW_EDGE /* pixels of a block's row at most */

/* Rows of a window whose ends are found together. */
#define STRIP 4

struct smooth {
    enum layout layout;
    struct light *light;
    smooth_kernel *kernel;
    struct phase phases[PHASES];
    float line[MOST_WIDE * 4];
    float window[WINDOW_EDGE * WINDOW_EDGE * 4];
};

static void fill_phases(struct phase *phases, enum resample method)
{
    for (int i = 0; i < PHASES; i++)
        for (int k = 0; k < 4; k++)
            phases[i].weight[k] = (float)axis_filter(method, k - 1 - (double)i / PHASES);
}

enum status smooth_open(struct context *cx, enum layout layout, enum resample method,
                        struct smooth **out)
{
    if (layout == LAYOUT_INDEX8)
        return fail(cx, ST_BUG, "rotate: palette rows are not to be filtered");
    if (method != RESAMPLE_BILINEAR && method != RESAMPLE_BICUBIC)
        return fail(cx, ST_BUG, "rotate: no method %d", (int)method);
    struct smooth *s = mem_zalloc(cx, sizeof *s);
    if (s == NULL)
        return cx->status;
    s->layout = layout;
    s->kernel = smooth_kernel_for(method == RESAMPLE_BILINEAR ? 2 : 4, cx->simd);
    fill_phases(s->phases, method);
    enum status st = light_open(cx, layout_info(layout)->bits, &s->light);
    if (st != ST_OK) {
        smooth_close(cx, s);
        return st;
    }
    *out = s;
    return ST_OK;
}

void smooth_close(struct context *cx, struct smooth *s)
{
    if (s == NULL)
        return;
    light_close(cx, s->light);
    mem_free(cx, s);
}

/* An edge of the rectangle that the centers of a block's pixels span, from the top down. */
struct edge {
    double top_x, top_y, bottom_x, bottom_y, slope; /* x over y */
};

static struct edge edge_of(double ax, double ay, double bx, double by)
{
    struct edge e = {ax, ay, bx, by, 0.0};
    if (ay > by)
        e = (struct edge){bx, by, ax, ay, 0.0};
    if (ay != by)
        e.slope = (bx - ax) / (by - ay);
    return e;
}

static void find_edges(const struct block *b, struct edge edge[4])
{
    const double unit = 1.0 / (double)(INT64_C(1) << PLACE_BITS);
    const double step = 1.0 / (double)(1 << SLANT_BITS);
    double x = (double)b->place_x * unit, y = (double)b->place_y * unit;
    double along_x = b->step.dx * step * (b->wide - 1), along_y = b->step.dy * step * (b->wide - 1);
    double down_x = (double)b->down_x * unit * (b->high - 1);
    double down_y = (double)b->down_y * unit * (b->high - 1);
    double corner_x[4] = {x, x + along_x, x + along_x + down_x, x + down_x};
    double corner_y[4] = {y, y + along_y, y + along_y + down_y, y + down_y};
    for (int i = 0; i < 4; i++)
        edge[i] = edge_of(corner_x[i], corner_y[i], corner_x[(i + 1) % 4], corner_y[(i + 1) % 4]);
}

/*
 * The columns that pixels are made of whose centers lie at low .. high of the window's y, one to
 * spare on either side. false: there are none
 */
static bool columns_of(const struct edge edge[4], double low, double high, int64_t *first,
                       int64_t *end)
{
    double left = WINDOW_EDGE, right = 0.0;
    for (int i = 0; i < 4; i++) {
        const struct edge *e = &edge[i];
        if (e->bottom_y < low || e->top_y > high)
            continue;
        double a = e->top_y < low ? e->top_x + (low - e->top_y) * e->slope : e->top_x;
        double b = e->bottom_y > high ? e->top_x + (high - e->top_y) * e->slope : e->bottom_x;
        double least = a < b ? a : b, most = a < b ? b : a;
        left = least < left ? least : left;
        right = most > right ? most : right;
    }
    *first = (int64_t)left - SMOOTH_MARGIN; /* left >= SMOOTH_MARGIN, so this is the floor */
    *end = (int64_t)right + SMOOTH_MARGIN + 1;
    return left <= right;
}

static void load_window(struct smooth *s, const struct block *b)
{
    size_t pixel = layout_info(s->layout)->bytes;
    struct edge edge[4];
    find_edges(b, edge);
    if (!b->inside)
        memset(s->window, 0, sizeof s->window);
    for (int64_t y = b->in.top, end_y; y < b->in.bottom; y = end_y) {
        int64_t first, end;
        end_y = y + STRIP < b->in.bottom ? y + STRIP : b->in.bottom;
        if (!columns_of(edge, (double)y - 2.0, (double)end_y + 2.0, &first, &end))
            continue;
        first = first > b->in.left ? first : b->in.left;
        end = end < b->in.right ? end : b->in.right;
        for (int64_t row = y; row < end_y && first < end; row++) {
            size_t at = (size_t)(row * WINDOW_EDGE + first);
            light_decode_run(s->light, s->layout, b->window + at * pixel, s->window + at * 4,
                             LIGHT_QUAD, (uint32_t)(end - first));
        }
    }
}

/* The share of weights that falls on pixels first .. end - 1. */
static float covered(const struct smooth *s, uint32_t place, int64_t first, int64_t end)
{
    const float *weight = s->phases[place >> (SLANT_BITS - PHASE_BITS) & (PHASES - 1)].weight;
    int64_t at = (int64_t)(place >> SLANT_BITS) - 1;
    float sum = 0.0f;
    for (int k = 0; k < 4; k++)
        if (at + k >= first && at + k < end)
            sum += weight[k];
    return sum;
}

static float cut(float v, float most)
{
    return v < 0.0f ? 0.0f : v > most ? most : v;
}

/*
 * At the picture's edge: the share of the weights that fell outside is the fill's. Where lobes of
 * the filter make it less than none or more than all, it is none or all; and what the pixels
 * inside make together is cut to colors that exist.
 */
static void blend_edge(struct smooth *s, const struct block *b, struct slant line,
                       const float *behind)
{
    const struct layout_info *info = layout_info(s->layout);
    unsigned colors = info->channels - info->alpha;
    for (uint32_t i = 0; i < b->wide; i++) {
        float *p = s->line + (size_t)i * 4, most = 1.0f;
        float share = covered(s, line.x, b->in.left, b->in.right) *
                      covered(s, line.y, b->in.top, b->in.bottom);
        float part = cut(share, 1.0f), rest = 1.0f - part;
        float scale = share > 0.0f ? 1.0f / share : 0.0f;
        if (info->alpha) {
            float alpha = p[colors] * scale;
            most = cut(alpha, 1.0f);
            scale = alpha > 1.0f ? scale / alpha : scale;
            p[colors] = most * part + behind[colors] * rest;
        }
        for (unsigned c = 0; c < colors; c++)
            p[c] = cut(p[c] * scale, most) * part + behind[c] * rest;
        line.x += (uint32_t)line.dx;
        line.y += (uint32_t)line.dy;
    }
}

void smooth_block(struct smooth *s, const struct block *b, const struct pixel *fill, uint8_t *out,
                  size_t stride)
{
    int64_t place_x = b->place_x, place_y = b->place_y;
    float behind[4] = {0.0f};
    light_decode_run(s->light, s->layout, fill->bytes, behind, LIGHT_QUAD, 1);
    load_window(s, b);
    for (uint32_t j = 0; j < b->high; j++, out += stride) {
        struct slant line = b->step;
        line.x = place_up(place_x);
        line.y = place_up(place_y);
        line = phase_line(line);
        s->kernel(s->line, s->window, s->phases, line, b->wide);
        if (!b->inside)
            blend_edge(s, b, line, behind);
        light_encode_run(s->light, s->layout, s->line, 4, out, b->wide);
        place_x += b->down_x;
        place_y += b->down_y;
    }
}
