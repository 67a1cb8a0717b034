/* SPDX-License-Identifier: MIT */
/* Clusters of weighted colors: cutting a cloud into them, moving them until they fit or mix. */
#ifndef GIFLOW_COLOR_CLUSTER_H
#define GIFLOW_COLOR_CLUSTER_H

#include "color/oklab.h"

#define CLUSTERS_MAX 256

/* Weights sum to CLUSTER_WEIGHT at most, so that no sum of squares leaves 63 bits. */
#define CLUSTER_WEIGHT (UINT32_C(1) << 29)

struct color_point {
    struct oklab at;
    uint8_t cluster;
    uint32_t weight; /* > 0 */
    uint32_t pixels; /* in proportion; only carried along */
};

/* Second moments of a cloud around some center: ll, la, lb, aa, ab, bb. */
struct moments {
    int64_t of[6];
};

static inline void moments_add(struct moments *m, struct oklab at, struct oklab center,
                               uint32_t weight)
{
    int64_t l = at.l - center.l, a = at.a - center.a, b = at.b - center.b;
    int64_t wl = l * weight, wa = a * weight;
    m->of[0] += wl * l;
    m->of[1] += wl * a;
    m->of[2] += wl * b;
    m->of[3] += wa * a;
    m->of[4] += wa * b;
    m->of[5] += b * weight * b;
}

#define AXIS_BITS 14
#define AXIS_ONE (1 << AXIS_BITS)

/*
 * The direction of the greatest scatter, of length AXIS_ONE, and the scatter along it; all zero
 * for a cloud that is one point.
 */
uint64_t principal_axis(const struct moments *m, int32_t axis[3]);

/*
 * Splits the cloud into at most want clusters, always the one whose split lessens the squared
 * error most. Reorders the points and sets their cluster; center gets the means.
 * n > 0. *count <= want: less where there are fewer places.
 */
enum status cluster_cut(struct context *cx, struct color_point *points, uint32_t n, uint32_t want,
                        struct oklab *center, uint32_t *count) MUST_CHECK;

/*
 * Lowers the squared error by at most so many rounds of Lloyd's algorithm with jumps; clusters
 * as set by cluster_cut. In the end every point is in the cluster of the nearest center.
 */
enum status cluster_refine(struct context *cx, struct color_point *points, uint32_t n,
                           unsigned rounds, struct oklab *center, uint32_t count) MUST_CHECK;

/*
 * Moves the centers to where error diffusion of this strength (0 .. 1), which makes a color out of
 * several, needs them: some outward, until what is mixed for each point comes near it. Those that
 * are fixed stay. Clusters and centers as cluster_refine leaves them; after it a point's cluster
 * is that of a center near it.
 */
enum status cluster_spread(struct context *cx, struct color_point *points, uint32_t n,
                           unsigned rounds, double strength, const bool *fixed,
                           struct oklab *center, uint32_t count) MUST_CHECK;

#endif
