/* SPDX-License-Identifier: MIT */
/* From a histogram to a palette: the exact way, or by clusters of cell means in OKLab. */
#include "color/quantize.h"

#include "base/mem.h"
#include "base/size.h"
#include "color/cluster.h"

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

static uint32_t fine_mean(uint64_t sum, uint64_t count)
{
    return (uint32_t)((sum * 256 + count / 2) / count);
}

/* Weights that sum to CLUSTER_WEIGHT at most: half of it, and what is rounded up. */
static unsigned weight_shift(const struct histogram *h, uint32_t cells)
{
    uint64_t total = 0;
    for (uint32_t i = 0; i < cells; i++)
        total += histogram_cell(h, i).count;
    unsigned shift = 0;
    while (total >> shift > CLUSTER_WEIGHT / 2)
        shift++;
    return shift;
}

/* The power of 13/16, scaled by 2^4; n <= 2^29 */
static uint32_t tempered(uint32_t n)
{
    /* roots of 2nd, 4th, 8th and 16th order, scaled by 2^16 */
    uint64_t root2 = square_root((uint64_t)n << 32), root4 = square_root(root2 << 16);
    uint64_t root16 = square_root((uint64_t)square_root(root4 << 16) << 16);
    return (uint32_t)((root2 * root4 >> 16) * root16 >> 28);
}

static void make_points(const struct histogram *h, uint32_t cells, unsigned shift, bool dither,
                        struct color_point *points)
{
    for (uint32_t i = 0; i < cells; i++) {
        struct color_cell c = histogram_cell(h, i);
        points[i].at = oklab_from_fine(fine_mean(c.r, c.count), fine_mean(c.g, c.count),
                                       fine_mean(c.b, c.count));
        points[i].cluster = 0;
        points[i].pixels = (uint32_t)(c.count >> shift) + (c.count >> shift == 0);
        points[i].weight = dither ? tempered(points[i].pixels) : points[i].pixels;
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
    unsigned shift; /* of the weights */
    bool dither;
    struct oklab center[CLUSTERS_MAX];
    uint64_t weight[CLUSTERS_MAX];
    uint64_t frequent_weight[CLUSTERS_MAX]; /* of the one in entry */
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
 * Colors of the centers; but where one exact color is at least half of a cluster, as the
 * background of a page is, it is taken as it is, not blended with what happens to be near.
 */
static void take_centers(struct choice *c, struct palette *out)
{
    struct rgba8 *entry = out->entry + out->count;
    for (uint32_t i = 0; i < c->clusters; i++) {
        entry[i] = nearest_color(c->center[i]);
        c->weight[i] = c->frequent_weight[i] = 0;
    }
    for (uint32_t i = 0; i < c->cells; i++)
        c->weight[c->points[i].cluster] += c->points[i].pixels;
    for (uint32_t i = 0; i < c->frequents; i++) {
        const struct rgba8 color = c->frequent[i].color;
        uint32_t at = nearest_center(c, oklab_from_rgb(color.r, color.g, color.b));
        uint64_t weight = c->frequent[i].count >> c->shift;
        if (weight * 2 < c->weight[at] || weight <= c->frequent_weight[at])
            continue;
        c->frequent_weight[at] = weight;
        entry[at] = color;
    }
    out->count += c->clusters;
}

static enum status choose(struct context *cx, struct histogram *h, uint32_t want, unsigned effort,
                          struct choice *c, struct palette *out)
{
    static const unsigned rounds[EFFORT_MOST + 1] = {4, 12, 24, 48};
    histogram_release(h, false);
    c->cells = histogram_cells(h);
    c->points = mem_array(cx, c->cells, sizeof *c->points);
    if (c->points == NULL)
        return cx->status;
    c->frequents = histogram_frequent(h, c->frequent);
    c->shift = weight_shift(h, c->cells);
    make_points(h, c->cells, c->shift, c->dither, c->points);
    histogram_release(h, true);

    /* few clusters take little time and are the hardest to place */
    unsigned most = rounds[min_u32(effort, EFFORT_MOST)] * (want <= 64 ? 2 : 1);
    enum status st = cluster_cut(cx, c->points, c->cells, want, c->center, &c->clusters);
    if (st == ST_OK)
        st = cluster_refine(cx, c->points, c->cells, most, c->center, c->clusters);
    if (st == ST_OK)
        take_centers(c, out);
    mem_free(cx, c->points);
    return st;
}

static enum status run(struct context *cx, struct histogram *h, uint32_t max_colors,
                       unsigned effort, bool dither, struct palette *out, bool *exact)
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
            c->dither = dither;
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
    return run(cx, h, max_colors, effort, false, out, exact);
}

enum status quantize_to_dither(struct context *cx, struct histogram *h, uint32_t max_colors,
                               unsigned effort, struct palette *out, bool *exact)
{
    return run(cx, h, max_colors, effort, true, out, exact);
}
