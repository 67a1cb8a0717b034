/* SPDX-License-Identifier: MIT */
/* One loop, compiled four times: with and without looking for runs, growing or not. */
#include "formats/gif/lzw_walker.h"

#include "base/size.h"
#include "formats/gif/lzw_flexible.h"

#define SEGMENT 256
#define JUMP_PIXELS_PER_CODE 4

static void begin_segment(struct lzw_walker *w, bool jump)
{
    if (jump && !w->jump)
        lzw_runs_forget(&w->runs);
    w->jump = jump;
    w->segment_codes = SEGMENT;
    w->segment_pixels = 0;
}

void lzw_walker_clear(struct lzw_walker *w, uint32_t first, uint32_t table_end, bool jump)
{
    lzw_dict_clear(&w->dict);
    lzw_walker_begin(w, first, table_end, jump);
}

void lzw_walker_begin(struct lzw_walker *w, uint32_t first, uint32_t table_end, bool jump)
{
    w->prefix = LZW_NO_CODE;
    w->first = w->next = first;
    w->table_end = table_end;
    w->jump = false;
    begin_segment(w, jump);
}

void lzw_walker_rest(struct lzw_walker *w)
{
    w->prefix = LZW_NO_CODE;
    w->jump = false;
    begin_segment(w, false);
}

uint32_t lzw_walker_string(struct lzw_walker *w)
{
    if (w->jump && w->runs.counted > 0)
        return lzw_runs_code(&w->runs, &w->dict, w->runs.color, w->runs.counted);
    return w->prefix;
}

/*
 * Goes on until `codes` codes are complete or the pixels end. *list is where codes go if the table
 * does not grow; where it does, they are found in it.
 *
 * Each round fetches and mixes the pixel of the next one: where the string proves to be new, the
 * processor has guessed wrong and starts from nothing, and then the next pixel is there already.
 */
static inline __attribute__((always_inline)) const uint8_t *
walk(struct lzw_walker *w, const uint8_t *p, const uint8_t *end, uint32_t *codes, uint16_t **list,
     bool jump, bool grow)
{
    struct lzw_dict *d = &w->dict;
    uint32_t next = w->next, left = *codes;
    uint16_t *to = *list;
    const uint8_t *const last = end - 1;
    if (jump && w->runs.counted > 0)
        p = lzw_runs_follow(&w->runs, d, p, end, &w->prefix);
    uint32_t prefix = w->prefix, ahead = p < end ? *p : 0, mixed_ahead = lzw_dict_mix(ahead);
    while (p < end) {
        uint32_t pixel = ahead, at = prefix ^ mixed_ahead;
        ahead = p[p < last];
        mixed_ahead = lzw_dict_mix(ahead);
        p++;
        uint32_t child = d->slot[at];
        while (child != 0) {
            if (__builtin_expect(lzw_dict_is(d, child, prefix, pixel), 1))
                goto known;
            at = lzw_dict_probe(at);
            child = d->slot[at];
        }

        if (grow) {
            lzw_dict_put(d, at, prefix, pixel, next);
            if (jump)
                lzw_runs_note(&w->runs, prefix, pixel, next);
            next++;
        } else {
            *to++ = (uint16_t)prefix;
        }
        prefix = pixel;
        if (--left == 0)
            break;
        if (jump && lzw_runs_begin(p, end, pixel)) {
            w->runs.color = pixel;
            w->runs.counted = 1;
            uint32_t run = pixel; /* prefix stays in a register */
            p = lzw_runs_follow(&w->runs, d, p, end, &run);
            prefix = run;
            if (p < end) {
                ahead = *p;
                mixed_ahead = lzw_dict_mix(ahead);
            }
        }
        continue;
    known:
        prefix = child;
    }
    w->prefix = prefix;
    w->next = next;
    *codes = left;
    *list = to;
    return p;
}

/* In its own function each kind has the registers for itself. */
#define WALK(name, jump, grow)                                                                   \
    static __attribute__((noinline)) const uint8_t *name(struct lzw_walker *w, const uint8_t *p, \
                                                         const uint8_t *end, uint32_t *codes,    \
                                                         uint16_t **list)                        \
    {                                                                                            \
        return walk(w, p, end, codes, list, jump, grow);                                         \
    }
WALK(grow_plain, false, true)
WALK(grow_runs, true, true)
WALK(follow_plain, false, false)
WALK(follow_runs, true, false)

enum walk { GROW, FOLLOW, FLEXIBLE };

/* Walks through one segment at most. */
static inline const uint8_t *step(struct lzw_walker *w, const uint8_t *p, const uint8_t *end,
                                  uint16_t **list, enum walk walk)
{
    const uint8_t *from = p;
    uint32_t codes = w->segment_codes;
    if (walk == GROW)
        codes = min_u32(codes, w->table_end - w->next);
    uint32_t left = codes;
    if (walk == GROW)
        p = w->jump ? grow_runs(w, p, end, &left, list) : grow_plain(w, p, end, &left, list);
    else if (walk == FOLLOW)
        p = w->jump ? follow_runs(w, p, end, &left, list) : follow_plain(w, p, end, &left, list);
    else
        p = w->jump ? lzw_flexible_runs(w, p, end, &left, list)
                    : lzw_flexible_plain(w, p, end, &left, list);
    w->segment_codes -= codes - left;
    w->segment_pixels += (uint64_t)(p - from);
    if (w->segment_codes == 0)
        begin_segment(w, w->segment_pixels >= SEGMENT * JUMP_PIXELS_PER_CODE);
    return p;
}

const uint8_t *lzw_walker_grow(struct lzw_walker *w, const uint8_t *p, const uint8_t *end)
{
    uint16_t *none = NULL;
    if (w->prefix == LZW_NO_CODE && p < end)
        w->prefix = *p++;
    while (p < end && !lzw_walker_full(w))
        p = step(w, p, end, &none, GROW);
    return p;
}

static inline uint32_t follow(struct lzw_walker *w, const uint8_t *p, const uint8_t *end,
                              uint16_t *list, enum walk walk)
{
    uint16_t *to = list;
    while (p < end)
        p = step(w, p, end, &to, walk);
    return (uint32_t)(to - list);
}

uint32_t lzw_walker_follow(struct lzw_walker *w, const uint8_t *p, const uint8_t *end,
                           uint16_t *list)
{
    return follow(w, p, end, list, FOLLOW);
}

uint32_t lzw_walker_follow_flexibly(struct lzw_walker *w, const uint8_t *p, const uint8_t *end,
                                    uint16_t *list)
{
    return follow(w, p, end, list, FLEXIBLE);
}
