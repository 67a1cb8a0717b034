/* SPDX-License-Identifier: MIT */
/*
 * Centers for error diffusion. What it makes of an even area of a color x is found by diffusing a
 * few pixels of x, and all it leaves is judged: if m is the mean of the centers c that were picked,
 *
 *   (1 - G) |x - m|^2 + G mean |x - c|^2
 *
 * is how far x is missed from afar and, by a weight of G, how coarse the grain is. With the picks
 * as they are, moving each center by the mean of (1 - G) (x - m) + G (x - c) over its picks never
 * makes the sum greater: it is the least point of a bound that has a parabola for each center.
 * Rounds of that are Lloyd's algorithm for mixes; G = 1 would be Lloyd's own.
 */
#include "base/mem.h"
#include "color/cluster.h"

#define PICKS 4
#define GRAIN 8 /* G is one part of so many */

/* Picks are made among the centers nearest to that of the point's cluster. */
#define NEAR 8

/* No color of sRGB has a greater a or b. Within this a squared distance fits 31 bits. */
#define AB_MOST (OKLAB_ONE / 3)

struct near {
    int16_t l[NEAR], a[NEAR], b[NEAR];
    uint8_t center[NEAR];
};

struct move {
    int64_t weight;                 /* of the points that picked the center, each time */
    int64_t l, a, b;                /* weighted sums: PICKS * GRAIN times what they ask for, */
                                    /* and PICKS times the center */
    int64_t last_l, last_a, last_b; /* the move before */
};

struct spreader {
    struct near near[CLUSTERS_MAX];
    struct move move[CLUSTERS_MAX];
};

static int16_t clip(int64_t v, int32_t least, int32_t most)
{
    return (int16_t)(v < least ? least : v > most ? most : v);
}

static struct oklab clipped(int64_t l, int64_t a, int64_t b)
{
    return (struct oklab){clip(l, 0, OKLAB_ONE), clip(a, -AB_MOST, AB_MOST),
                          clip(b, -AB_MOST, AB_MOST)};
}

/* The centers nearest to center c, nearest first; where there are fewer the first repeats. */
static void find_near(struct near *near, const struct oklab *center, uint32_t count, uint32_t c)
{
    uint32_t distance[NEAR] = {0}, found = 0;
    for (uint32_t j = 0; j < count; j++) {
        uint32_t d = oklab_distance(center[c], center[j]);
        if (found == NEAR && d >= distance[NEAR - 1])
            continue;
        uint32_t at = found < NEAR ? found++ : NEAR - 1;
        for (; at > 0 && distance[at - 1] > d; at--) {
            distance[at] = distance[at - 1];
            near->center[at] = near->center[at - 1];
        }
        distance[at] = d;
        near->center[at] = (uint8_t)j;
    }
    for (uint32_t k = 0; k < NEAR; k++) {
        near->center[k] = near->center[k < found ? k : 0];
        near->l[k] = center[near->center[k]].l;
        near->a[k] = center[near->center[k]].a;
        near->b[k] = center[near->center[k]].b;
    }
}

/*
 * Which is nearest, but for squared distances that differ by less than NEAR. Written so that
 * compilers make vectors of it: the place stands in the low bits of what is compared.
 */
static uint32_t pick(const struct near *near, struct oklab at)
{
    int32_t d[NEAR], least = INT32_MAX;
    for (int32_t k = 0; k < NEAR; k++) {
        int16_t l = (int16_t)(near->l[k] - at.l), a = (int16_t)(near->a[k] - at.a),
                b = (int16_t)(near->b[k] - at.b);
        d[k] = ((l * l + a * a + b * b) & -NEAR) + k;
    }
    for (uint32_t k = 0; k < NEAR; k++)
        least = d[k] < least ? d[k] : least;
    return (uint32_t)least % NEAR;
}

/* Diffuses pixels of a point's color and notes what it asks of the centers that were picked. */
static void mix(struct spreader *s, struct color_point *p, int32_t strength)
{
    const struct near *near = &s->near[p->cluster];
    const struct oklab x = p->at;
    struct oklab wanted = x;
    uint32_t picked[PICKS];
    int32_t l = PICKS * x.l, a = PICKS * x.a, b = PICKS * x.b; /* less the picks: PICKS (x - m) */
    for (unsigned i = 0; i < PICKS; i++) {
        uint32_t k = picked[i] = pick(near, wanted);
        l -= near->l[k];
        a -= near->a[k];
        b -= near->b[k];
        if (i + 1 < PICKS)
            wanted = clipped(x.l + (wanted.l - near->l[k]) * strength / 256,
                             x.a + (wanted.a - near->a[k]) * strength / 256,
                             x.b + (wanted.b - near->b[k]) * strength / 256);
    }
    const int64_t weight = p->weight, asked_l = weight * (l * (GRAIN - 1) + x.l * PICKS),
                  asked_a = weight * (a * (GRAIN - 1) + x.a * PICKS),
                  asked_b = weight * (b * (GRAIN - 1) + x.b * PICKS);
    for (unsigned i = 0; i < PICKS; i++) {
        struct move *m = &s->move[near->center[picked[i]]];
        m->weight += weight;
        m->l += asked_l;
        m->a += asked_a;
        m->b += asked_b;
    }
    p->cluster = near->center[picked[0]];
}

/* Twice as far from at as asked for, and half of the last move: so few rounds get far. */
static int64_t leap(int64_t sum, int64_t weight, int32_t at, int64_t last)
{
    return (sum - weight * PICKS * at) * 2 / (weight * (PICKS * GRAIN)) + last / 2;
}

static void move_center(struct move *m, struct oklab *center)
{
    if (m->weight != 0) {
        m->last_l = leap(m->l, m->weight, center->l, m->last_l);
        m->last_a = leap(m->a, m->weight, center->a, m->last_a);
        m->last_b = leap(m->b, m->weight, center->b, m->last_b);
        *center = clipped(center->l + m->last_l, center->a + m->last_a, center->b + m->last_b);
    }
    m->weight = 0;
    m->l = m->a = m->b = 0;
}

enum status cluster_spread(struct context *cx, struct color_point *points, uint32_t n,
                           unsigned rounds, double strength, const bool *fixed,
                           struct oklab *center, uint32_t count)
{
    struct spreader *s = mem_zalloc(cx, sizeof *s);
    if (s == NULL)
        return cx->status;
    for (unsigned round = 0; round < rounds; round++) {
        for (uint32_t c = 0; c < count; c++)
            find_near(&s->near[c], center, count, c);
        for (uint32_t i = 0; i < n; i++)
            mix(s, &points[i], (int32_t)(strength * 256 + 0.5));
        for (uint32_t c = 0; c < count; c++)
            if (!fixed[c])
                move_center(&s->move[c], &center[c]);
    }
    mem_free(cx, s);
    return ST_OK;
}
