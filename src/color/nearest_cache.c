/* SPDX-License-Identifier: MIT */
/* The cache's slots and what fills them. */
#include "color/nearest_cache.h"

#include "base/mem.h"

enum status nearest_cache_open(struct context *cx, const struct palette *palette,
                               struct nearest_cache *c)
{
    c->slot = mem_zalloc(cx, NEAREST_SLOTS * sizeof *c->slot);
    if (c->slot == NULL || candidates_open(cx, palette, &c->candidates) != ST_OK)
        return cx->status;
    nearest_cache_miss(c, 0, &c->slot[0]); /* else black would be found there */
    return ST_OK;
}

void nearest_cache_close(struct context *cx, struct nearest_cache *c)
{
    candidates_close(c->candidates);
    mem_free(cx, c->slot);
}

uint32_t nearest_cache_miss(struct nearest_cache *c, uint32_t color, uint32_t *slot)
{
    const uint8_t p[3] = {(uint8_t)color, (uint8_t)(color >> 8), (uint8_t)(color >> 16)};
    *slot = color | (uint32_t)candidates_nearest(c->candidates, p) << 24;
    return *slot;
}
