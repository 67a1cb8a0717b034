/* SPDX-License-Identifier: MIT */
/*
 * Cutting the cloud: along the principal axis, where the error within the two parts is least
 * (X. Wu, "Color quantization by dynamic programming and principal analysis", 1992, found that
 * axis to be the one to cut along).
 */
#include "color/cluster.h"

#include <string.h>

#include "base/mem.h"

#define BINS 512

struct box {
    uint32_t first, count; /* of the points */
    struct oklab mean;
    int32_t axis[3];
    int32_t low;    /* of the projection */
    unsigned shift; /* projection - low to its bin */
    uint32_t cut;   /* the first bin of the upper part */
    uint64_t gain;  /* by how much the squared error falls; 0: cannot be cut */
};

struct cutter {
    struct color_point *points;
    struct box box[CLUSTERS_MAX];
    struct bin {
        uint64_t weight;
        int64_t sum; /* of weight * projection */
    } bin[BINS];
};

static int32_t project(const struct box *b, struct oklab at)
{
    return ((at.l - b->mean.l) * b->axis[0] + (at.a - b->mean.a) * b->axis[1] +
            (at.b - b->mean.b) * b->axis[2]) >>
           AXIS_BITS;
}

static int32_t divide(int64_t sum, uint64_t weight)
{
    int64_t half = (int64_t)(weight / 2);
    return (int32_t)((sum < 0 ? sum - half : sum + half) / (int64_t)weight);
}

/* Puts the points in bins along the axis. Returns how many bins there are. */
static uint32_t fill_bins(struct cutter *c, struct box *b, struct oklab low, struct oklab high)
{
    /* the corners of the bounding box say how far projections can reach */
    const int32_t from[3] = {low.l - b->mean.l, low.a - b->mean.a, low.b - b->mean.b};
    const int32_t to[3] = {high.l - b->mean.l, high.a - b->mean.a, high.b - b->mean.b};
    int64_t least = 0, most = 0;
    for (unsigned i = 0; i < 3; i++) {
        least += (int64_t)b->axis[i] * (b->axis[i] < 0 ? to[i] : from[i]);
        most += (int64_t)b->axis[i] * (b->axis[i] < 0 ? from[i] : to[i]);
    }
    b->low = (int32_t)(least >> AXIS_BITS);
    uint32_t range = (uint32_t)((int32_t)(most >> AXIS_BITS) - b->low);
    b->shift = 0;
    while (range >> b->shift >= BINS)
        b->shift++;
    uint32_t bins = (range >> b->shift) + 1;
    memset(c->bin, 0, bins * sizeof *c->bin);
    const struct color_point *p = c->points + b->first, *end = p + b->count;
    for (; p != end; p++) {
        int32_t t = project(b, p->at);
        struct bin *bin = &c->bin[(uint32_t)(t - b->low) >> b->shift];
        bin->weight += p->weight;
        bin->sum += (int64_t)t * p->weight;
    }
    return bins;
}

/*
 * Where the squared error falls most: cutting a weight W in two of means d apart lowers it by
 * W1 * W2 / W * d^2. Here that is taken 16 times, so that two pixels of two colors still count.
 */
static void find_cut(struct cutter *c, struct box *b, uint32_t bins, uint64_t weight)
{
    int64_t sum = 0, lower_sum = 0;
    uint64_t lower = 0;
    for (uint32_t i = 0; i < bins; i++)
        sum += c->bin[i].sum;
    b->gain = 0;
    for (uint32_t i = 0; i < bins; i++) {
        if (c->bin[i].weight == 0)
            continue;
        if (lower != 0) {
            uint64_t upper = weight - lower;
            int64_t apart = (sum - lower_sum) * 2 / (int64_t)upper - lower_sum * 2 / (int64_t)lower;
            uint64_t gain = lower * upper * 4 / weight * (uint64_t)(apart * apart);
            if (gain > b->gain) {
                b->gain = gain;
                b->cut = i;
            }
        }
        lower += c->bin[i].weight;
        lower_sum += c->bin[i].sum;
    }
}

/* Fills in all but first and count. */
static void measure(struct cutter *c, struct box *b)
{
    const struct color_point *p = c->points + b->first, *end = p + b->count;
    struct oklab low = p->at, high = p->at;
    int64_t l = 0, a = 0, bb = 0;
    uint64_t weight = 0;
    const struct color_point *q = p;
    do {
        weight += q->weight;
        l += (int64_t)q->at.l * q->weight;
        a += (int64_t)q->at.a * q->weight;
        bb += (int64_t)q->at.b * q->weight;
        low.l = q->at.l < low.l ? q->at.l : low.l;
        low.a = q->at.a < low.a ? q->at.a : low.a;
        low.b = q->at.b < low.b ? q->at.b : low.b;
        high.l = q->at.l > high.l ? q->at.l : high.l;
        high.a = q->at.a > high.a ? q->at.a : high.a;
        high.b = q->at.b > high.b ? q->at.b : high.b;
    } while (++q != end);
    b->mean = (struct oklab){(int16_t)divide(l, weight), (int16_t)divide(a, weight),
                             (int16_t)divide(bb, weight)};
    b->gain = 0;
    if (b->count == 1)
        return;
    struct moments m = {{0}};
    for (q = p; q != end; q++)
        moments_add(&m, q->at, b->mean, q->weight);
    if (principal_axis(&m, b->axis) != 0)
        find_cut(c, b, fill_bins(c, b, low, high), weight);
}

static void split(struct cutter *c, struct box *b, struct box *other)
{
    struct color_point *low = c->points + b->first, *high = low + b->count;
    for (;;) {
        while (low != high && (uint32_t)(project(b, low->at) - b->low) >> b->shift < b->cut)
            low++;
        while (low != high && (uint32_t)(project(b, high[-1].at) - b->low) >> b->shift >= b->cut)
            high--;
        if (low == high)
            break;
        struct color_point swapped = *low;
        *low = high[-1];
        high[-1] = swapped;
    }
    uint32_t lower = (uint32_t)(low - (c->points + b->first));
    other->first = b->first + lower;
    other->count = b->count - lower;
    b->count = lower;
    measure(c, b);
    measure(c, other);
}

enum status cluster_cut(struct context *cx, struct color_point *points, uint32_t n, uint32_t want,
                        struct oklab *center, uint32_t *count)
{
    struct cutter *c = mem_alloc(cx, sizeof *c);
    if (c == NULL)
        return cx->status;
    c->points = points;
    c->box[0].first = 0;
    c->box[0].count = n;
    measure(c, &c->box[0]);
    uint32_t boxes = 1;
    while (boxes < want) {
        struct box *best = &c->box[0];
        for (uint32_t i = 1; i < boxes; i++)
            if (c->box[i].gain > best->gain)
                best = &c->box[i];
        if (best->gain == 0)
            break;
        split(c, best, &c->box[boxes++]);
    }
    for (uint32_t i = 0; i < boxes; i++) {
        center[i] = c->box[i].mean;
        for (uint32_t k = 0; k < c->box[i].count; k++)
            points[c->box[i].first + k].cluster = (uint8_t)i;
    }
    *count = boxes;
    mem_free(cx, c);
    return ST_OK;
}
