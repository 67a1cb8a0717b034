/* SPDX-License-Identifier: MIT */
/* Lloyd's algorithm (k-means) over weighted colors, half a round at a time. */
#ifndef GIFLOW_COLOR_KMEANS_H
#define GIFLOW_COLOR_KMEANS_H

#include "color/cluster.h"

struct kmeans_group {
    uint64_t weight;
    int64_t l, a, b;       /* weighted sums */
    struct moments spread; /* around the center before the last update */
    uint64_t removal;      /* what its points would cost in the next best groups */
    uint32_t first;        /* of its points in order */
    bool moved;            /* since the last search */
};

struct kmeans_neighbor {
    uint32_t distance; /* squared, from center to center */
    struct oklab at;
    uint8_t group;
};

struct kmeans {
    struct color_point *points;
    uint32_t n, count;
    uint64_t error; /* squared, of all points, as last assigned */
    struct oklab center[CLUSTERS_MAX];
    struct kmeans_group group[CLUSTERS_MAX + 1];
    struct kmeans_neighbor near[CLUSTERS_MAX]; /* of one group, nearest first */
    uint32_t *distance;                        /* of each point to its center */
    uint16_t *order;                           /* points by cluster */
};

/* Begins with these centers and the points' clusters. kmeans_close is due also after ST_NOMEM. */
enum status kmeans_open(struct context *cx, struct kmeans *km, struct color_point *points,
                        uint32_t n, const struct oklab *center, uint32_t count) MUST_CHECK;
void kmeans_close(struct context *cx, struct kmeans *km);

/*
 * Puts each point in the cluster of its nearest center, and says whether any has gone to another.
 * twice: finds every group's removal too, which takes the second nearest centers.
 */
bool kmeans_assign(struct kmeans *km, bool twice);
/* Moves every center to the mean of its points. spread: finds that of each group too. */
void kmeans_update(struct kmeans *km, bool spread);
void kmeans_set_center(struct kmeans *km, uint32_t c, struct oklab center);

#endif
