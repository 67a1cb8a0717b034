/* SPDX-License-Identifier: MIT */
/* Lloyd's algorithm with an exact pruned search, and jumps of centers that serve little. */
#include "color/cluster.h"

#include <string.h>

#include "base/mem.h"
#include "base/size.h"

struct group {
    uint64_t weight;
    int64_t l, a, b;       /* weighted sums */
    struct moments spread; /* around the center before the last update */
    uint64_t removal;      /* what its points would cost in the next best groups */
    uint32_t first;        /* of its points in order */
    bool moved;            /* since the last search */
};

struct neighbor {
    uint32_t distance; /* squared, from center to center */
    struct oklab at;
    uint8_t group;
};

struct jump {
    uint64_t worth; /* what splitting gains or removing costs */
    uint32_t group;
};

struct refiner {
    struct color_point *points;
    uint32_t n, count;
    uint64_t error;
    struct oklab center[CLUSTERS_MAX], best[CLUSTERS_MAX];
    struct group group[CLUSTERS_MAX + 1];
    struct jump split[CLUSTERS_MAX], removal[CLUSTERS_MAX];
    struct neighbor near[CLUSTERS_MAX]; /* of one group, nearest first */
    uint32_t *distance;                 /* of each point to its center */
    uint16_t *order;                    /* points by cluster */
};

static void sort_points(struct refiner *r)
{
    uint32_t at[CLUSTERS_MAX] = {0}, sum = 0;
    for (uint32_t i = 0; i < r->n; i++)
        at[r->points[i].cluster]++;
    for (uint32_t c = 0; c < r->count; c++) {
        uint32_t here = at[c];
        r->group[c].first = at[c] = sum;
        sum += here;
    }
    r->group[r->count].first = sum;
    for (uint32_t i = 0; i < r->n; i++)
        r->order[at[r->points[i].cluster]++] = (uint16_t)i;
}

/* Lists the groups nearer than limit to group c, nearest first. */
static uint32_t find_near(struct refiner *r, uint32_t c, uint64_t limit, bool *moved)
{
    uint32_t count = 0;
    *moved = r->group[c].moved;
    for (uint32_t j = 0; j < r->count; j++) {
        uint32_t d = oklab_distance(r->center[c], r->center[j]);
        if (d >= limit || j == c)
            continue;
        *moved |= r->group[j].moved;
        uint32_t at = count++;
        for (; at > 0 && r->near[at - 1].distance > d; at--)
            r->near[at] = r->near[at - 1];
        r->near[at] = (struct neighbor){d, r->center[j], (uint8_t)j};
    }
    return count;
}

/* Measures how far the points of group c are from its center. Returns the greatest distance. */
static uint32_t measure(struct refiner *r, uint32_t c)
{
    uint32_t most = 0;
    for (uint32_t i = r->group[c].first; i < r->group[c + 1].first; i++) {
        const struct color_point *p = &r->points[r->order[i]];
        uint32_t d = oklab_distance(p->at, r->center[c]);
        r->distance[r->order[i]] = d;
        r->error += (uint64_t)d * p->weight;
        most = d > most ? d : most;
    }
    return most;
}

static bool assign(struct refiner *r, struct color_point *p, uint32_t own, uint32_t winner,
                   uint32_t best)
{
    if (best == own)
        return false;
    p->cluster = (uint8_t)winner;
    r->error -= (uint64_t)(own - best) * p->weight;
    return true;
}

/*
 * Moves the points of group c to their nearest centers. Exact: a center j with |j - c| >= 2 |p - c|
 * is no nearer to p than c (S. Phillips, "Acceleration of k-means and related clustering
 * algorithms", 2002).
 */
static bool search_group(struct refiner *r, uint32_t c, uint32_t most)
{
    bool moved, changed = false;
    uint32_t count = find_near(r, c, (uint64_t)most * 4, &moved);
    if (!moved)
        return false;
    for (uint32_t i = r->group[c].first; i < r->group[c + 1].first; i++) {
        struct color_point *p = &r->points[r->order[i]];
        const uint32_t own = r->distance[r->order[i]];
        uint32_t best = own, winner = c;
        for (uint32_t k = 0; k < count && r->near[k].distance < (uint64_t)own * 4; k++) {
            uint32_t d = oklab_distance(p->at, r->near[k].at);
            if (d < best) {
                best = d;
                winner = r->near[k].group;
            }
        }
        changed |= assign(r, p, own, winner, best);
    }
    return changed;
}

static uint32_t nearest_group(const struct refiner *r, uint32_t c)
{
    uint32_t least = UINT32_MAX;
    for (uint32_t j = 0; j < r->count; j++) {
        uint32_t d = oklab_distance(r->center[c], r->center[j]);
        least = j != c && d < least ? d : least;
    }
    return least;
}

/*
 * The same, and adds up what each point would cost in the second nearest group: up to
 * |j - c|^2 < 2 (|p - c|^2 + |p - s|^2) can a center j be nearer than the second nearest, s.
 * The search for s ends early; where it ends without any, the group is alone and must stay.
 */
static bool search_group_twice(struct refiner *r, uint32_t c, uint32_t most)
{
    uint64_t limit = (uint64_t)most * 4, other = (uint64_t)nearest_group(r, c) * 2 + 1;
    bool moved, changed = false;
    uint32_t count = find_near(r, c, limit > other ? limit : other, &moved);
    for (uint32_t i = r->group[c].first; i < r->group[c + 1].first; i++) {
        struct color_point *p = &r->points[r->order[i]];
        const uint32_t own = r->distance[r->order[i]];
        uint32_t best = own, winner = c;
        uint64_t second = INT32_MAX;
        for (uint32_t k = 0; k < count && r->near[k].distance < 2 * (own + second); k++) {
            uint32_t d = oklab_distance(p->at, r->near[k].at);
            if (d < best) {
                second = best;
                best = d;
                winner = r->near[k].group;
            } else if (d < second) {
                second = d;
            }
        }
        r->group[winner].removal += (second - best) * p->weight;
        changed |= assign(r, p, own, winner, best);
    }
    return changed;
}

static bool search(struct refiner *r, bool twice)
{
    bool changed = false;
    sort_points(r);
    r->error = 0;
    for (uint32_t c = 0; c < r->count; c++)
        r->group[c].removal = 0;
    for (uint32_t c = 0; c < r->count; c++) {
        uint32_t most = measure(r, c);
        changed |= twice ? search_group_twice(r, c, most) : search_group(r, c, most);
    }
    return changed;
}

static int16_t mean_of(int64_t sum, uint64_t weight)
{
    int64_t half = (int64_t)(weight / 2);
    return (int16_t)((sum < 0 ? sum - half : sum + half) / (int64_t)weight);
}

static void set_center(struct refiner *r, uint32_t c, struct oklab center)
{
    struct oklab *old = &r->center[c];
    r->group[c].moved |= old->l != center.l || old->a != center.a || old->b != center.b;
    *old = center;
}

/* Moves every center to the mean of its points. */
static void update(struct refiner *r, bool spread)
{
    for (uint32_t c = 0; c < r->count; c++) {
        struct group *g = &r->group[c];
        g->weight = 0;
        g->l = g->a = g->b = 0;
        g->moved = false;
        memset(&g->spread, 0, sizeof g->spread);
    }
    for (uint32_t i = 0; i < r->n; i++) {
        const struct color_point *p = &r->points[i];
        struct group *g = &r->group[p->cluster];
        g->weight += p->weight;
        g->l += (int64_t)p->at.l * p->weight;
        g->a += (int64_t)p->at.a * p->weight;
        g->b += (int64_t)p->at.b * p->weight;
        if (spread)
            moments_add(&g->spread, p->at, r->center[p->cluster], p->weight);
    }
    for (uint32_t c = 0; c < r->count; c++) {
        const struct group *g = &r->group[c];
        if (g->weight != 0)
            set_center(r, c,
                       (struct oklab){mean_of(g->l, g->weight), mean_of(g->a, g->weight),
                                      mean_of(g->b, g->weight)});
    }
}

static void sort_jumps(struct jump *jumps, uint32_t count)
{
    for (uint32_t i = 1; i < count; i++) {
        struct jump x = jumps[i];
        uint32_t at = i;
        for (; at > 0 && jumps[at - 1].worth > x.worth; at--)
            jumps[at] = jumps[at - 1];
        jumps[at] = x;
    }
}

static int16_t clip16(int64_t x)
{
    return (int16_t)(x < -OKLAB_ONE ? -OKLAB_ONE : x > OKLAB_ONE ? OKLAB_ONE : x);
}

/* The center that many steps of size along the axis away. */
static struct oklab beside(struct oklab c, const int32_t axis[3], int64_t step)
{
    return (struct oklab){clip16(c.l + axis[0] * step / AXIS_ONE),
                          clip16(c.a + axis[1] * step / AXIS_ONE),
                          clip16(c.b + axis[2] * step / AXIS_ONE)};
}

/*
 * Moves the center of group from beside that of group wide. False: that does not promise to pay.
 * Halving lessens the error by 64 to 75 % of the scatter along the principal axis where that is
 * normal to uniform; what a removal costs falls by about half as other groups adapt.
 */
static bool jump_once(struct refiner *r, const struct jump *removal, const struct jump *split)
{
    const uint32_t from = removal->group, wide = split->group;
    if (wide == from || removal->worth / 2 >= split->worth / 10 * 7)
        return false;
    int32_t axis[3];
    uint64_t scatter = principal_axis(&r->group[wide].spread, axis);
    int64_t step = square_root(scatter / r->group[wide].weight) * INT64_C(4) / 5;
    set_center(r, from, beside(r->center[wide], axis, step));
    set_center(r, wide, beside(r->center[wide], axis, -step));
    return true;
}

/*
 * Takes away groups that serve least and uses them to halve those that are widest: several at
 * once at first. *tries counts how often that failed from here; then other pairs are tried, singly.
 */
#define TRIES 12
static bool jump(struct refiner *r, uint32_t *tries)
{
    const uint32_t last = r->count - 1;
    int32_t axis[3];
    for (uint32_t c = 0; c < r->count; c++) {
        r->split[c] = (struct jump){principal_axis(&r->group[c].spread, axis), c};
        r->removal[c] = (struct jump){r->group[c].removal, c};
    }
    sort_jumps(r->split, r->count);
    sort_jumps(r->removal, r->count);
    if (*tries == 0) {
        uint32_t done = 0, pairs = last / 32 + 1;
        while (done < pairs && jump_once(r, &r->removal[done], &r->split[last - done]))
            done++;
        if (done != 0)
            return true;
    }
    for (; *tries < TRIES; ++*tries) {
        uint32_t low = *tries % 3, high = *tries / 3;
        if (low <= last && high <= last && jump_once(r, &r->removal[low], &r->split[last - high]))
            return true;
    }
    return false;
}

static void recall_best(struct refiner *r)
{
    for (uint32_t c = 0; c < r->count; c++)
        set_center(r, c, r->best[c]);
}

/* Every third round ends in jumps, which the next two have to justify. */
static void run(struct refiner *r, unsigned rounds)
{
    uint64_t best_error = UINT64_MAX;
    bool jumped = false;
    uint32_t tries = 0;
    for (unsigned round = 0; round < rounds; round++) {
        const bool third = round % 3 == 1, jumps = third && round + 2 < rounds;
        bool changed = search(r, jumps);
        if (r->error < best_error) {
            best_error = r->error;
            memcpy(r->best, r->center, sizeof r->best);
            tries = third ? 0 : tries;
        } else if (jumps && jumped) {
            recall_best(r);
            search(r, true);
            tries++;
        }
        update(r, jumps);
        jumped = jumps ? jump(r, &tries) : jumped;
        if (jumps && !jumped && !changed)
            break;
    }
    search(r, false);
    if (r->error <= best_error)
        return;
    recall_best(r);
    search(r, false);
}

enum status cluster_refine(struct context *cx, struct color_point *points, uint32_t n,
                           unsigned rounds, struct oklab *center, uint32_t count)
{
    struct refiner *r = mem_alloc(cx, sizeof *r);
    uint32_t *distance = mem_array(cx, n, sizeof *distance);
    uint16_t *order = mem_array(cx, n, sizeof *order);
    if (r != NULL && distance != NULL && order != NULL) {
        r->points = points;
        r->n = n;
        r->count = count;
        r->distance = distance;
        r->order = order;
        for (uint32_t c = 0; c < count; c++) {
            r->center[c] = center[c];
            r->group[c].moved = true;
        }
        run(r, rounds);
        for (uint32_t c = 0; c < count; c++)
            center[c] = r->center[c];
    }
    mem_free(cx, order);
    mem_free(cx, distance);
    mem_free(cx, r);
    return r != NULL && distance != NULL && order != NULL ? ST_OK : cx->status;
}
