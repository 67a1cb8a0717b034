/* SPDX-License-Identifier: MIT */
/* From a histogram to a palette: the exact way, or by clusters of cell means in OKLab. */
#include "color/quantize.h"

#include "base/mem.h"
#include "base/size.h"
#include "color/cluster.h"
#include "color/weigh.h"

static uint32_t order_of(struct rgba8 c)
{
    return (uint32_t)c.a << 24 | (uint32_t)c.r << 16 | (uint32_t)c.g << 8 | c.b;
}

/* Sorts, the transparent entry first, and drops what is there twice. */
static void tidy(struct palette *p)
{
    for (uint32_t i = 1; i < p->count; i++) {
        struct rgba8 x = p->entry[i];
        uint32_t at = i;
        for (; at > 0 && order_of(p->entry[at - 1]) > order_of(x); at--)
            p->entry[at] = p->entry[at - 1];
        p->entry[at] = x;
    }
    uint32_t kept = 0;
    for (uint32_t i = 0; i < p->count; i++)
        if (kept == 0 || order_of(p->entry[kept - 1]) != order_of(p->entry[i]))
            p->entry[kept++] = p->entry[i];
    p->count = kept;
}

static bool has_entry(const struct palette *p, struct rgba8 c)
{
    for (uint32_t i = 0; i < p->count; i++)
        if (order_of(p->entry[i]) == order_of(c))
            return true;
    return false;
}

static void take_all(struct histogram *h, struct palette *out)
{
    uint32_t cells = histogram_cells(h);
    for (uint32_t i = 0; i < cells; i++) {
        struct color_cell c = histogram_cell(h, i);
        struct rgba8 color = {(uint8_t)(c.r / c.count), (uint8_t)(c.g / c.count),
                              (uint8_t)(c.b / c.count), 255};
        if (!has_entry(out, color)) /* of one color there can be several cells */
            out->entry[out->count++] = color;
    }
}

/* Of the 27 colors around where the channels round to, the one nearest to c. */
static struct rgba8 nearest_color(struct oklab c)
{
    struct rgba8 middle = oklab_to_rgb(c), best = middle;
    uint32_t least = UINT32_MAX;
    for (int i = 0; i < 27; i++) {
        int r = middle.r + i / 9 - 1, g = middle.g + i / 3 % 3 - 1, b = middle.b + i % 3 - 1;
        if (((unsigned)r | (unsigned)g | (unsigned)b) > 255)
            continue;
        uint32_t d = oklab_distance(c, oklab_from_rgb((unsigned)r, (unsigned)g, (unsigned)b));
        if (d < least) {
            least = d;
            best = (struct rgba8){(uint8_t)r, (uint8_t)g, (uint8_t)b, 255};
        }
    }
    return best;
}

/* What is needed of the picture besides its points: freed last. */
struct choice {
    struct color_point *points;
    uint32_t cells, clusters, frequents;
    unsigned shift;  /* from pixels to those of points */
    double strength; /* of dithering; 0: none */
    struct oklab center[CLUSTERS_MAX];
    uint64_t weight[CLUSTERS_MAX];
    bool fixed[CLUSTERS_MAX]; /* the center is just this: */
    struct rgba8 color[CLUSTERS_MAX];
    uint64_t color_weight[CLUSTERS_MAX];
    struct frequent_color frequent[HISTOGRAM_FREQUENT];
};

static uint32_t nearest_center(const struct choice *c, struct oklab at)
{
    uint32_t best = 0;
    for (uint32_t i = 1; i < c->clusters; i++)
        if (oklab_distance(at, c->center[i]) < oklab_distance(at, c->center[best]))
            best = i;
    return best;
}

/*
 * Where one exact color is at least half of a cluster, as the background of a page is, it becomes
 * the center as it is, not blended with what happens to be near.
 */
static void fix_centers(struct choice *c)
{
    for (uint32_t i = 0; i < c->clusters; i++) {
        c->weight[i] = c->color_weight[i] = 0;
        c->fixed[i] = false;
    }
    for (uint32_t i = 0; i < c->cells; i++)
        c->weight[c->points[i].cluster] += c->points[i].pixels;
    for (uint32_t i = 0; i < c->frequents; i++) {
        const struct rgba8 color = c->frequent[i].color;
        uint32_t at = nearest_center(c, oklab_from_rgb(color.r, color.g, color.b));
        uint64_t weight = c->frequent[i].count >> c->shift;
        if (weight * 2 < c->weight[at] || weight <= c->color_weight[at])
            continue;
        c->color_weight[at] = weight;
        c->color[at] = color;
        c->fixed[at] = true;
    }
    for (uint32_t i = 0; i < c->clusters; i++)
        if (c->fixed[i])
            c->center[i] = oklab_from_rgb(c->color[i].r, c->color[i].g, c->color[i].b);
}

static void take_centers(const struct choice *c, struct palette *out)
{
    for (uint32_t i = 0; i < c->clusters; i++)
        out->entry[out->count++] = c->fixed[i] ? c->color[i] : nearest_color(c->center[i]);
}

/* How long to try, and from how many points. */
struct effort {
    unsigned refine, spread; /* rounds */
    uint32_t points;
};

static struct effort effort_for(unsigned level, uint32_t want, bool dither)
{
    static const unsigned refine[EFFORT_MOST + 1] = {4, 12, 24, 48};
    static const unsigned spread[EFFORT_MOST + 1] = {1, 2, 4, 8};
    /* few clusters take little time and are the hardest to place, most of all those to be mixed */
    const unsigned times = want <= 64 ? 2 : 1, more = want <= 16 ? 3 : 1;
    level = min_u32(level, EFFORT_MOST);
    if (!dither)
        return (struct effort){refine[level] * times, 0, UINT32_MAX};
    /* spreading mends what refining left, and mixes blur what is lost by joining cells */
    return (struct effort){refine[level] * times * 2 / 3, spread[level] * times * more,
                           want <= 32 ? 4096 : want * 128};
}

static enum status choose(struct context *cx, struct histogram *h, uint32_t want, unsigned level,
                          struct choice *c, struct palette *out)
{
    const bool dither = c->strength > 0;
    const struct effort effort = effort_for(level, want, dither);
    c->frequents = histogram_frequent(h, c->frequent);
    histogram_shrink(h, effort.points);
    histogram_release(h, false);
    c->cells = histogram_cells(h);
    c->points = mem_array(cx, c->cells, sizeof *c->points);
    if (c->points == NULL)
        return cx->status;
    c->shift = weigh_cells(h, c->cells, dither, c->points);
    histogram_release(h, true);

    enum status st = cluster_cut(cx, c->points, c->cells, want, c->center, &c->clusters);
    if (st == ST_OK)
        st = cluster_refine(cx, c->points, c->cells, effort.refine, c->center, c->clusters);
    if (st == ST_OK) {
        fix_centers(c);
        if (dither)
            st = cluster_spread(cx, c->points, c->cells, effort.spread, c->strength, c->fixed,
                                c->center, c->clusters);
    }
    if (st == ST_OK)
        take_centers(c, out);
    mem_free(cx, c->points);
    return st;
}

static enum status run(struct context *cx, struct histogram *h, uint32_t max_colors,
                       unsigned effort, double strength, struct palette *out, bool *exact)
{
    out->count = 0;
    *exact = false;
    if (max_colors < 2)
        return fail(cx, ST_BUG, "a palette of %u entries was asked for", max_colors);
    if (histogram_transparent(h))
        out->entry[out->count++] = (struct rgba8){0, 0, 0, 0};
    const uint32_t want = min_u32(max_colors, 256) - out->count;
    *exact = histogram_exact(h) && histogram_colors(h) <= want;
    enum status st = ST_OK;
    if (*exact) {
        take_all(h, out);
    } else {
        struct choice *c = mem_alloc(cx, sizeof *c);
        if (c != NULL)
            c->strength = strength;
        st = c != NULL ? choose(cx, h, want, effort, c, out) : cx->status;
        mem_free(cx, c);
    }
    histogram_release(h, true);
    tidy(out);
    return st;
}

enum status quantize(struct context *cx, struct histogram *h, uint32_t max_colors, unsigned effort,
                     struct palette *out, bool *exact)
{
    return run(cx, h, max_colors, effort, 0, out, exact);
}

enum status quantize_to_dither(struct context *cx, struct histogram *h, uint32_t max_colors,
                               unsigned effort, double strength, struct palette *out, bool *exact)
{
    return run(cx, h, max_colors, effort, strength, out, exact);
}
