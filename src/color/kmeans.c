/* SPDX-License-Identifier: MIT */
/* Both halves of a round of Lloyd's algorithm; the search of the nearest is exact, and pruned. */
#include "color/kmeans.h"

#include <string.h>

#include "base/mem.h"

enum status kmeans_open(struct context *cx, struct kmeans *km, struct color_point *points,
                        uint32_t n, const struct oklab *center, uint32_t count)
{
    km->points = points;
    km->n = n;
    km->count = count;
    km->distance = mem_array(cx, n, sizeof *km->distance);
    km->order = mem_array(cx, n, sizeof *km->order);
    for (uint32_t c = 0; c < count; c++) {
        km->center[c] = center[c];
        km->group[c].moved = true;
    }
    return km->distance != NULL && km->order != NULL ? ST_OK : cx->status;
}

void kmeans_close(struct context *cx, struct kmeans *km)
{
    mem_free(cx, km->order);
    mem_free(cx, km->distance);
}

static void sort_points(struct kmeans *km)
{
    uint32_t at[CLUSTERS_MAX] = {0}, sum = 0;
    for (uint32_t i = 0; i < km->n; i++)
        at[km->points[i].cluster]++;
    for (uint32_t c = 0; c < km->count; c++) {
        uint32_t here = at[c];
        km->group[c].first = at[c] = sum;
        sum += here;
    }
    km->group[km->count].first = sum;
    for (uint32_t i = 0; i < km->n; i++)
        km->order[at[km->points[i].cluster]++] = (uint16_t)i;
}

/* Lists the groups nearer than limit to group c, nearest first. */
static uint32_t find_near(struct kmeans *km, uint32_t c, uint64_t limit, bool *moved)
{
    uint32_t count = 0;
    *moved = km->group[c].moved;
    for (uint32_t j = 0; j < km->count; j++) {
        uint32_t d = oklab_distance(km->center[c], km->center[j]);
        if (d >= limit || j == c)
            continue;
        *moved |= km->group[j].moved;
        uint32_t at = count++;
        for (; at > 0 && km->near[at - 1].distance > d; at--)
            km->near[at] = km->near[at - 1];
        km->near[at] = (struct kmeans_neighbor){d, km->center[j], (uint8_t)j};
    }
    return count;
}

/* Measures how far the points of group c are from its center. Returns the greatest distance. */
static uint32_t measure(struct kmeans *km, uint32_t c)
{
    uint32_t most = 0;
    for (uint32_t i = km->group[c].first; i < km->group[c + 1].first; i++) {
        const struct color_point *p = &km->points[km->order[i]];
        uint32_t d = oklab_distance(p->at, km->center[c]);
        km->distance[km->order[i]] = d;
        km->error += (uint64_t)d * p->weight;
        most = d > most ? d : most;
    }
    return most;
}

static bool assign(struct kmeans *km, struct color_point *p, uint32_t own, uint32_t winner,
                   uint32_t best)
{
    if (best == own)
        return false;
    p->cluster = (uint8_t)winner;
    km->error -= (uint64_t)(own - best) * p->weight;
    return true;
}

/*
 * Moves the points of group c to their nearest centers. Exact: a center j with |j - c| >= 2 |p - c|
 * is no nearer to p than c (S. Phillips, "Acceleration of k-means and related clustering
 * algorithms", 2002).
 */
static bool search_group(struct kmeans *km, uint32_t c, uint32_t most)
{
    bool moved, changed = false;
    uint32_t count = find_near(km, c, (uint64_t)most * 4, &moved);
    if (!moved)
        return false;
    for (uint32_t i = km->group[c].first; i < km->group[c + 1].first; i++) {
        struct color_point *p = &km->points[km->order[i]];
        const uint32_t own = km->distance[km->order[i]];
        uint32_t best = own, winner = c;
        for (uint32_t k = 0; k < count && km->near[k].distance < (uint64_t)own * 4; k++) {
            uint32_t d = oklab_distance(p->at, km->near[k].at);
            if (d < best) {
                best = d;
                winner = km->near[k].group;
            }
        }
        changed |= assign(km, p, own, winner, best);
    }
    return changed;
}

static uint32_t nearest_group(const struct kmeans *km, uint32_t c)
{
    uint32_t least = UINT32_MAX;
    for (uint32_t j = 0; j < km->count; j++) {
        uint32_t d = oklab_distance(km->center[c], km->center[j]);
        least = j != c && d < least ? d : least;
    }
    return least;
}

/*
 * The same, and adds up what each point would cost in the second nearest group: up to
 * |j - c|^2 < 2 (|p - c|^2 + |p - s|^2) can a center j be nearer than the second nearest, s.
 * The search for s ends early; where it ends without any, the group is alone and must stay.
 */
static bool search_group_twice(struct kmeans *km, uint32_t c, uint32_t most)
{
    uint64_t limit = (uint64_t)most * 4, other = (uint64_t)nearest_group(km, c) * 2 + 1;
    bool moved, changed = false;
    uint32_t count = find_near(km, c, limit > other ? limit : other, &moved);
    for (uint32_t i = km->group[c].first; i < km->group[c + 1].first; i++) {
        struct color_point *p = &km->points[km->order[i]];
        const uint32_t own = km->distance[km->order[i]];
        uint32_t best = own, winner = c;
        uint64_t second = INT32_MAX;
        for (uint32_t k = 0; k < count && km->near[k].distance < 2 * (own + second); k++) {
            uint32_t d = oklab_distance(p->at, km->near[k].at);
            if (d < best) {
                second = best;
                best = d;
                winner = km->near[k].group;
            } else if (d < second) {
                second = d;
            }
        }
        km->group[winner].removal += (second - best) * p->weight;
        changed |= assign(km, p, own, winner, best);
    }
    return changed;
}

bool kmeans_assign(struct kmeans *km, bool twice)
{
    bool changed = false;
    sort_points(km);
    km->error = 0;
    for (uint32_t c = 0; c < km->count; c++)
        km->group[c].removal = 0;
    for (uint32_t c = 0; c < km->count; c++) {
        uint32_t most = measure(km, c);
        changed |= twice ? search_group_twice(km, c, most) : search_group(km, c, most);
    }
    return changed;
}

static int16_t mean_of(int64_t sum, uint64_t weight)
{
    int64_t half = (int64_t)(weight / 2);
    return (int16_t)((sum < 0 ? sum - half : sum + half) / (int64_t)weight);
}

void kmeans_set_center(struct kmeans *km, uint32_t c, struct oklab center)
{
    struct oklab *old = &km->center[c];
    km->group[c].moved |= old->l != center.l || old->a != center.a || old->b != center.b;
    *old = center;
}

void kmeans_update(struct kmeans *km, bool spread)
{
    for (uint32_t c = 0; c < km->count; c++) {
        struct kmeans_group *g = &km->group[c];
        g->weight = 0;
        g->l = g->a = g->b = 0;
        g->moved = false;
        memset(&g->spread, 0, sizeof g->spread);
    }
    for (uint32_t i = 0; i < km->n; i++) {
        const struct color_point *p = &km->points[i];
        struct kmeans_group *g = &km->group[p->cluster];
        g->weight += p->weight;
        g->l += (int64_t)p->at.l * p->weight;
        g->a += (int64_t)p->at.a * p->weight;
        g->b += (int64_t)p->at.b * p->weight;
        if (spread)
            moments_add(&g->spread, p->at, km->center[p->cluster], p->weight);
    }
    for (uint32_t c = 0; c < km->count; c++) {
        const struct kmeans_group *g = &km->group[c];
        if (g->weight != 0)
            kmeans_set_center(km, c,
                              (struct oklab){mean_of(g->l, g->weight), mean_of(g->a, g->weight),
                                             mean_of(g->b, g->weight)});
    }
}
