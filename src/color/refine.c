/* SPDX-License-Identifier: MIT */
/* Rounds of Lloyd's algorithm, and jumps of centers that serve little to where they serve more. */
#include "color/cluster.h"

#include <string.h>

#include "base/mem.h"
#include "color/kmeans.h"

#define TRIES 12 /* pairs of groups: the 3 that serve least, with the 4 widest */

struct jump {
    uint64_t worth; /* what splitting gains or removing costs */
    uint32_t group;
};

struct refiner {
    struct kmeans km;
    struct oklab best[CLUSTERS_MAX];
    struct jump split[CLUSTERS_MAX], removal[CLUSTERS_MAX];
};

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
    uint64_t scatter = principal_axis(&r->km.group[wide].spread, axis);
    int64_t step = square_root(scatter / r->km.group[wide].weight) * INT64_C(4) / 5;
    kmeans_set_center(&r->km, from, beside(r->km.center[wide], axis, step));
    kmeans_set_center(&r->km, wide, beside(r->km.center[wide], axis, -step));
    return true;
}

/*
 * Takes away groups that serve least and uses them to halve those that are widest: several at
 * once at first. *tries counts how often that failed from here; then other pairs are tried, singly.
 */
static bool jump(struct refiner *r, uint32_t *tries)
{
    const uint32_t last = r->km.count - 1;
    int32_t axis[3];
    for (uint32_t c = 0; c < r->km.count; c++) {
        r->split[c] = (struct jump){principal_axis(&r->km.group[c].spread, axis), c};
        r->removal[c] = (struct jump){r->km.group[c].removal, c};
    }
    sort_jumps(r->split, r->km.count);
    sort_jumps(r->removal, r->km.count);
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
    for (uint32_t c = 0; c < r->km.count; c++)
        kmeans_set_center(&r->km, c, r->best[c]);
}

/* Every third round ends in jumps, which the next two have to justify. */
static void run(struct refiner *r, unsigned rounds)
{
    uint64_t best_error = UINT64_MAX;
    bool jumped = false;
    uint32_t tries = 0;
    for (unsigned round = 0; round < rounds; round++) {
        const bool third = round % 3 == 1, jumps = third && round + 2 < rounds;
        bool changed = kmeans_assign(&r->km, jumps);
        if (r->km.error < best_error) {
            best_error = r->km.error;
            memcpy(r->best, r->km.center, sizeof r->best);
            tries = third ? 0 : tries;
        } else if (jumps && jumped) {
            recall_best(r);
            kmeans_assign(&r->km, true);
            tries++;
        }
        kmeans_update(&r->km, jumps);
        jumped = jumps ? jump(r, &tries) : jumped;
        if (jumps && !jumped && !changed)
            break;
    }
    kmeans_assign(&r->km, false);
    if (r->km.error <= best_error)
        return;
    recall_best(r);
    kmeans_assign(&r->km, false);
}

enum status cluster_refine(struct context *cx, struct color_point *points, uint32_t n,
                           unsigned rounds, struct oklab *center, uint32_t count)
{
    struct refiner *r = mem_alloc(cx, sizeof *r);
    if (r == NULL)
        return cx->status;
    enum status st = kmeans_open(cx, &r->km, points, n, center, count);
    if (st == ST_OK) {
        run(r, rounds);
        memcpy(center, r->km.center, count * sizeof *center);
    }
    kmeans_close(cx, &r->km);
    mem_free(cx, r);
    return st;
}
