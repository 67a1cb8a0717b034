/* SPDX-License-Identifier: MIT */
/* Void and cluster on a torus, in whole numbers. */
#include "color/blue_noise.h"

#include <string.h>

#include "base/mem.h"

#define POINTS (BLUE_SIZE * BLUE_SIZE)
#define REACH 6        /* of a point's energy, exp(-d^2 / (2 * 1.5^2)); beyond it is below 1/3000 */
#define FALLOFF 52477u /* exp(-1 / 4.5), scaled by 2^16 */

/*
 * Energies of all places by the points that are set. On a torus the energies by those that are not
 * set add up to a constant with these, so the tightest cluster of gaps is the largest void:
 * Ulichney's last two phases are one.
 */
struct field {
    uint32_t energy[BLUE_SIZE][BLUE_SIZE];
    bool set[BLUE_SIZE][BLUE_SIZE];
    uint16_t order[POINTS]; /* places by rank */
    uint32_t by_distance[2 * REACH * REACH + 1];
    struct extreme { /* of a row; energy UINT32_MAX, or 0: none */
        uint32_t energy;
        uint32_t x;
    } low[BLUE_SIZE], high[BLUE_SIZE]; /* among gaps, among points */
};

static void find_extremes(struct field *f, uint32_t y)
{
    struct extreme low = {UINT32_MAX, 0}, high = {0, 0};
    for (uint32_t x = 0; x < BLUE_SIZE; x++) {
        uint32_t e = f->energy[y][x];
        if (f->set[y][x] && e > high.energy)
            high = (struct extreme){e, x};
        else if (!f->set[y][x] && e < low.energy)
            low = (struct extreme){e, x};
    }
    f->low[y] = low;
    f->high[y] = high;
}

static void toggle(struct field *f, uint32_t place)
{
    const uint32_t y = place / BLUE_SIZE, x = place % BLUE_SIZE;
    f->set[y][x] = !f->set[y][x];
    for (int dy = -REACH; dy <= REACH; dy++) {
        uint32_t row = (y + (uint32_t)dy) % BLUE_SIZE;
        for (int dx = -REACH; dx <= REACH; dx++) {
            uint32_t e = f->by_distance[dx * dx + dy * dy];
            f->energy[row][(x + (uint32_t)dx) % BLUE_SIZE] += f->set[y][x] ? e : 0 - e;
        }
        find_extremes(f, row);
    }
}

static uint32_t largest_void(const struct field *f)
{
    uint32_t y = 0;
    for (uint32_t i = 1; i < BLUE_SIZE; i++)
        if (f->low[i].energy < f->low[y].energy)
            y = i;
    return y * BLUE_SIZE + f->low[y].x;
}

static uint32_t tightest_cluster(const struct field *f)
{
    uint32_t y = 0;
    for (uint32_t i = 1; i < BLUE_SIZE; i++)
        if (f->high[i].energy > f->high[y].energy)
            y = i;
    return y * BLUE_SIZE + f->high[y].x;
}

/* A tenth of the places, spread evenly: points move from clusters to voids until that is idle. */
static uint32_t spread_some(struct field *f)
{
    const uint32_t some = POINTS / 10;
    uint32_t seed = 1, count = 0;
    while (count < some) {
        seed = seed * UINT32_C(1664525) + UINT32_C(1013904223);
        uint32_t place = seed >> 16 & (POINTS - 1);
        if (f->set[place / BLUE_SIZE][place % BLUE_SIZE])
            continue;
        toggle(f, place);
        count++;
    }
    for (uint32_t i = 0; i < POINTS; i++) { /* it comes to rest much earlier */
        uint32_t cluster = tightest_cluster(f);
        toggle(f, cluster);
        uint32_t gap = largest_void(f);
        toggle(f, gap);
        if (gap == cluster)
            break;
    }
    return some;
}

enum status blue_noise_fill(struct context *cx, uint8_t mask[BLUE_SIZE][BLUE_SIZE])
{
    struct field *f = mem_zalloc(cx, sizeof *f);
    if (f == NULL)
        return cx->status;
    uint64_t e = UINT64_C(1) << 24;
    for (uint32_t i = 0; i < sizeof f->by_distance / sizeof f->by_distance[0]; i++) {
        f->by_distance[i] = (uint32_t)e;
        e = e * FALLOFF >> 16;
    }
    for (uint32_t y = 0; y < BLUE_SIZE; y++)
        find_extremes(f, y);

    uint32_t first = spread_some(f);
    bool prototype[BLUE_SIZE][BLUE_SIZE];
    memcpy(prototype, f->set, sizeof prototype);
    for (uint32_t rank = first; rank-- > 0;) {
        f->order[rank] = (uint16_t)tightest_cluster(f);
        toggle(f, f->order[rank]);
    }
    for (uint32_t place = 0; place < POINTS; place++)
        if (prototype[place / BLUE_SIZE][place % BLUE_SIZE])
            toggle(f, place);
    for (uint32_t rank = first; rank < POINTS; rank++) {
        f->order[rank] = (uint16_t)largest_void(f);
        toggle(f, f->order[rank]);
    }
    for (uint32_t rank = 0; rank < POINTS; rank++)
        mask[f->order[rank] / BLUE_SIZE][f->order[rank] % BLUE_SIZE] =
            (uint8_t)(rank * 256 / POINTS);
    mem_free(cx, f);
    return ST_OK;
}
