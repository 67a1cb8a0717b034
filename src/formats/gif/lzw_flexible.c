/* SPDX-License-Identifier: MIT */
/* The greedy walk, but that a code waits until the phrase behind it is known. */
#include "formats/gif/lzw_flexible.h"

_Static_assert(FLEXIBLE_NEXT <= 2 && FLEXIBLE_NEXT_RUNS <= 2,
               "no second try before the pixels that are given");

/*
 * The pixels [from, to] as the end of a string that begins with the color before them: its code,
 * 0 if there is none.
 */
static inline __attribute__((always_inline)) uint32_t
reach_back(const struct lzw_dict *d, uint32_t color, const uint8_t *from, const uint8_t *to)
{
    uint32_t code = color, at;
    do
        code = lzw_dict_find(d, code, *from++, &at);
    while (code != 0 && from <= to);
    return code;
}

static inline __attribute__((always_inline)) const uint8_t *
walk(struct lzw_walker *w, const uint8_t *p, const uint8_t *end, uint32_t *codes, uint16_t **list,
     bool jump)
{
    const struct lzw_dict *d = &w->dict;
    const ptrdiff_t next_most = jump ? FLEXIBLE_NEXT_RUNS : FLEXIBLE_NEXT;
    uint32_t left = *codes;
    uint16_t *to = *list;
    if (jump && w->runs.counted > 0)
        p = lzw_runs_follow(&w->runs, d, p, end, &w->prefix);
    /* the phrase that is being extended, and where it began; the one before, if it waits */
    uint32_t code = w->prefix, waiting = 0;
    const uint8_t *from = p;
    bool waits = false;
    const uint8_t *const last = end - 1;
    uint32_t ahead = p < end ? *p : 0, mixed_ahead = lzw_dict_mix(ahead);
    while (p < end) {
        uint32_t pixel = ahead, at = code ^ mixed_ahead;
        ahead = p[p < last];
        mixed_ahead = lzw_dict_mix(ahead);
        p++;
        uint32_t child = d->slot[at];
        while (child != 0) {
            if (__builtin_expect(lzw_dict_is(d, child, code, pixel), 1))
                goto known;
            at = lzw_dict_probe(at);
            child = d->slot[at];
        }
        if (waiting >= w->first && p - from <= next_most + 1) {
            uint32_t other = reach_back(d, d->pixel[waiting], from, p - 1);
            if (other != 0) {
                /* this one is too long for another try, so `from` may be the pixel before all */
                waiting = d->prefix[waiting];
                code = other;
                from--;
                continue;
            }
        }
        if (waits)
            *to++ = (uint16_t)waiting;
        waits = true;
        waiting = code;
        from = p - 1;
        code = pixel;
        if (--left == 0)
            break;
        if (jump && lzw_runs_begin(p, end, code)) {
            w->runs.color = code;
            w->runs.counted = 1;
            uint32_t run = code; /* code stays in a register */
            p = lzw_runs_follow(&w->runs, d, p, end, &run);
            code = run;
            if (p < end) {
                ahead = *p;
                mixed_ahead = lzw_dict_mix(ahead);
            }
        }
        continue;
    known:
        code = child;
    }
    if (waits)
        *to++ = (uint16_t)waiting;
    w->prefix = code;
    *codes = left;
    *list = to;
    return p;
}

const uint8_t *lzw_flexible_plain(struct lzw_walker *w, const uint8_t *p, const uint8_t *end,
                                  uint32_t *codes, uint16_t **list)
{
    return walk(w, p, end, codes, list, false);
}

const uint8_t *lzw_flexible_runs(struct lzw_walker *w, const uint8_t *p, const uint8_t *end,
                                 uint32_t *codes, uint16_t **list)
{
    return walk(w, p, end, codes, list, true);
}
