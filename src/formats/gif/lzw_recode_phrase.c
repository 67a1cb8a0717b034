/* SPDX-License-Identifier: MIT */
/* A phrase chosen by what several of them in a row come to. */
#include "base/size.h"
#include "formats/gif/lzw_recoder.h"

/* A table that is full needs an outlook of no more than one phrase (Horspool, see lzw_parse.h). */
#define LOOK_FULL 2 /* shortenings tried then */

/* Where a phrase from q >= at on ends at the latest. */
static inline size_t limit(const struct lzw_recoder *z, size_t q)
{
    size_t end = z->row_end;
    while (end <= q)
        end += z->row_width;
    return min_size(end, z->n);
}

/* The run that p begins with, as far as it is a string. */
static __attribute__((noinline)) void match_run(struct lzw_recoder *z, struct lzw_match *m,
                                                const uint8_t *p, const uint8_t *end)
{
    struct lzw_runs *r = &z->runs;
    uint32_t code;
    r->color = p[0];
    r->counted = 1;
    const uint8_t *q = lzw_runs_follow(r, &z->dict, p + 1, end, &code);
    if (r->counted > 0)
        code = lzw_runs_code(r, &z->dict, r->color, r->counted);
    m->length = (uint16_t)(q - p);
    m->code = (uint16_t)code;
}

/* The longest string at q < n: its length; *code. */
static inline uint32_t longest(struct lzw_recoder *z, size_t q, uint32_t *code)
{
    const uint8_t *p = z->pixels + q, *end = z->pixels + limit(z, q);
    uint32_t number = z->place + (uint32_t)q + 1;
    if (z->freedom != NULL) {
        const struct lzw_free_match *m = lzw_free_match_longest(
            z->free->match, &z->dict, number, z->next, p, z->free->other + q, end);
        *code = m->front[0].code;
        return m->length;
    }
    struct lzw_match *m = lzw_match_of(z->match, number, p);
    if (m->length == 1 && lzw_runs_begin(p + 1, end, p[0]))
        match_run(z, m, p, end);
    lzw_match_extend(m, &z->dict, p, end);
    *code = m->code;
    return m->length;
}

/* How far the greedy phrase from q on reaches. */
static inline size_t reach(struct lzw_recoder *z, size_t q)
{
    uint32_t code;
    return q < z->n ? q + longest(z, q, &code) : q;
}

/*
 * Whether the greedy phrase from q on may reach beyond `far`, where q + 2 <= far + 1: it does where
 * all up to there is a string. Most shortenings lead nowhere, which this tells without a walk.
 */
static inline bool may_pass(const struct lzw_recoder *z, size_t q, size_t far)
{
    return far < limit(z, q) && lzw_filter_may(&z->filter, q, far + 1);
}

/* One step is all that a full table needs. */
static uint32_t look_once(struct lzw_recoder *z, uint32_t length)
{
    size_t best = reach(z, z->at + length);
    uint32_t take = length;
    for (uint32_t l = length - 1; l > 0 && l + LOOK_FULL >= length; l--) {
        size_t r = may_pass(z, z->at + l, best) ? reach(z, z->at + l) : 0;
        if (r > best) {
            best = r;
            take = l;
        }
    }
    return take;
}

static uint32_t look_ahead(struct lzw_recoder *z, uint32_t length)
{
    size_t greedy[LZW_CHAIN_MOST], end = z->at + length;
    unsigned known = 1; /* of greedy[] */
    uint32_t take = length;
    int64_t best = z->outlook.gain - 1;
    greedy[0] = reach(z, end);
    for (uint32_t l = length - 1; l > 0 && l + z->outlook.look >= length; l--) {
        size_t q = may_pass(z, z->at + l, greedy[0]) ? reach(z, z->at + l) : 0;
        if (q <= greedy[0])
            continue;
        int64_t sum = (int64_t)(q - greedy[0]);
        for (unsigned i = 1; i < z->outlook.chain && q != greedy[i - 1]; i++) {
            if (i == known)
                greedy[known++] = reach(z, greedy[i - 1]);
            q = reach(z, q);
            sum += (int64_t)q - (int64_t)greedy[i];
        }
        if (sum > best) {
            best = sum;
            take = l;
        }
    }
    return take;
}

static inline bool fits(const struct lzw_recoder *z, size_t q, uint32_t pixel)
{
    return z->pixels[q] == pixel || z->free->other[q] == pixel;
}

/*
 * The string that waits may be that of this very phrase: it is the last one and its first pixel
 * once more. Its length if it fits here, else 0.
 */
static uint32_t repeated(const struct lzw_recoder *z)
{
    uint32_t length = z->last_length, code = z->last;
    if (z->at + length >= z->n || !fits(z, z->at, z->last_first) ||
        !fits(z, z->at + length, z->last_first))
        return 0;
    for (uint32_t i = length; --i > 0; code = z->dict.prefix[code])
        if (!fits(z, z->at + i, z->dict.pixel[code]))
            return 0;
    return length + 1;
}

uint32_t lzw_recode_phrase(struct lzw_recoder *z, uint32_t *code)
{
    const uint8_t *p = z->pixels + z->at;
    uint32_t slot, length = longest(z, z->at, code), again = z->waits ? repeated(z) : 0;
    if (again > length && lzw_dict_find(&z->dict, z->last, z->last_first, &slot) == 0) {
        lzw_dict_put(&z->dict, slot, z->last, z->last_first, z->next);
        length = again;
        *code = z->next;
    }
    uint32_t take = length;
    /* in the middle of a run of one color the next phrase cannot gain */
    if (length > 1 && z->at + length < z->n && memcmp(p, p + 1, length) != 0) {
        if (z->next == LZW_TABLE_END)
            take = look_once(z, length);
        else if (!z->noisy)
            take = look_ahead(z, length);
    }
    for (uint32_t l = length; l > take; l--)
        *code = z->dict.prefix[*code];
    return take;
}
