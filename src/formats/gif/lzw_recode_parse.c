/* SPDX-License-Identifier: MIT */
/* Phrases chosen by what several of them in a row come to, and the strings that they make. */
#include "base/size.h"
#include "formats/gif/lzw_recoder.h"

/* A table that is full needs an outlook of no more than one phrase (Horspool, see lzw_parse.h). */
#define LOOK_FULL 2 /* shortenings tried then */

/* Compiled into both loops: for pixels as they are, and `freely` for those of two indices. */
#define INLINED static inline __attribute__((always_inline))

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

/* The longest string at q < n; *slot is for one that is a pixel longer, if it may be longer. */
INLINED const struct lzw_match *longest(struct lzw_recoder *z, size_t q, uint32_t *slot)
{
    const uint8_t *p = z->pixels + q, *end = z->pixels + limit(z, q);
    struct lzw_match *m = lzw_match_of(z->match, z->place + (uint32_t)q + 1, p);
    if (m->length == 1 && lzw_runs_begin(p + 1, end, p[0]))
        match_run(z, m, p, end);
    *slot = lzw_match_extend(m, &z->dict, p, end);
    return m;
}

static const struct lzw_free_match *longest_freely(struct lzw_recoder *z, size_t q)
{
    return lzw_free_match_longest(z->free->match, &z->dict, z->place + (uint32_t)q + 1, z->next,
                                  z->pixels + q, z->free->other + q, z->pixels + limit(z, q));
}

/* How far the greedy phrase from q on reaches. */
INLINED size_t reach(struct lzw_recoder *z, size_t q, bool freely)
{
    uint32_t slot;
    if (q >= z->n)
        return q;
    return q + (freely ? longest_freely(z, q)->length : longest(z, q, &slot)->length);
}

/* The same; and the pixels up to there, hashed. */
INLINED size_t reach_hashed(struct lzw_recoder *z, size_t q, struct lzw_hashed *pixels, bool freely)
{
    uint32_t slot;
    *pixels = lzw_hashed_none();
    if (q >= z->n)
        return q;
    if (freely) { /* the string may differ from what is suggested */
        size_t end = q + longest_freely(z, q)->length;
        for (; q < end; q++)
            *pixels = lzw_hashed_longer(*pixels, z->pixels[q]);
        return end;
    }
    const struct lzw_match *m = longest(z, q, &slot);
    *pixels = z->filter.string[m->code];
    return q + m->length;
}

/*
 * A greedy phrase that begins before `end` goes beyond the one that begins there, which comes up to
 * `far`, only if all up to there and a pixel more is a string. Most shortenings lead nowhere, which
 * this tells without a walk: bit i is set where that by i + 1 pixels, of n, may not.
 */
static inline uint32_t shortenings(const struct lzw_recoder *z, size_t end, size_t far,
                                   struct lzw_hashed next, uint32_t n)
{
    if (far >= limit(z, end - 1))
        return 0;
    uint32_t may = 0;
    next = lzw_hashed_longer(next, z->pixels[far]);
    for (uint32_t i = 0; i < n; i++) {
        next = lzw_hashed_earlier(next, z->pixels[end - 1 - i]);
        may |= lzw_filter_may(&z->filter, next.hash) << i;
    }
    return may;
}

/* One step is all that a full table needs. */
INLINED uint32_t look_once(struct lzw_recoder *z, uint32_t length, bool freely)
{
    struct lzw_hashed next;
    uint32_t take = length;
    size_t end = z->at + length, best = reach_hashed(z, end, &next, freely);
    uint32_t may = shortenings(z, end, best, next, min_u32(LOOK_FULL, length - 1));
    for (; may != 0; may &= may - 1) {
        uint32_t l = length - 1 - (uint32_t)__builtin_ctz(may);
        size_t q = reach(z, z->at + l, freely);
        if (q > best) {
            best = q;
            take = l;
        }
    }
    return take;
}

INLINED uint32_t look_ahead(struct lzw_recoder *z, uint32_t length, bool freely)
{
    size_t greedy[LZW_CHAIN_MOST], end = z->at + length;
    unsigned known = 1; /* of greedy[] */
    struct lzw_hashed next;
    uint32_t take = length;
    int64_t best = z->outlook.gain - 1;
    greedy[0] = reach_hashed(z, end, &next, freely);
    uint32_t may = shortenings(z, end, greedy[0], next, min_u32(z->outlook.look, length - 1));
    for (; may != 0; may &= may - 1) {
        uint32_t l = length - 1 - (uint32_t)__builtin_ctz(may);
        size_t q = reach(z, z->at + l, freely);
        if (q <= greedy[0])
            continue;
        int64_t sum = (int64_t)(q - greedy[0]);
        for (unsigned i = 1; i < z->outlook.chain && q != greedy[i - 1]; i++) {
            if (i == known)
                greedy[known++] = reach(z, greedy[i - 1], freely);
            q = reach(z, q, freely);
            sum += (int64_t)q - (int64_t)greedy[i];
        }
        if (sum > best) {
            best = sum;
            take = l;
        }
    }
    return take;
}

/* How much of the longest phrase is taken. */
INLINED uint32_t choose(struct lzw_recoder *z, uint32_t length, bool freely)
{
    const uint8_t *p = z->pixels + z->at;
    /* in the middle of a run of one color the next phrase cannot gain */
    if (length == 1 || z->at + length >= z->n || memcmp(p, p + 1, length) == 0)
        return length;
    if (z->next == LZW_TABLE_END)
        return look_once(z, length, freely);
    return z->noisy ? length : look_ahead(z, length, freely);
}

/* Goes on by a phrase, so many pixels of a longest one. */
INLINED uint32_t take(struct lzw_recoder *z, uint32_t length, uint32_t code, uint32_t n)
{
    for (uint32_t l = length; l > n; l--)
        code = z->dict.prefix[code];
    z->list[z->listed++] = (uint16_t)code;
    z->at += n;
    while (z->row_end <= z->at)
        z->row_end += z->row_width;
    return code;
}

/* The string of a phrase is made at once, as the next pixel is known. */
static inline void make_string(struct lzw_recoder *z, uint32_t code, uint32_t slot)
{
    uint32_t pixel = z->pixels[z->at];
    lzw_filter_add(&z->filter, z->next, code, pixel);
    lzw_dict_put(&z->dict, slot, code, pixel, z->next);
    lzw_runs_note(&z->runs, code, pixel, z->next);
}

static void parse(struct lzw_recoder *z, size_t end, uint32_t most)
{
    while (z->at < end && z->listed < most) {
        size_t from = z->at;
        uint32_t slot;
        const struct lzw_match *m = longest(z, from, &slot);
        uint32_t length = m->length, code = m->code, n = choose(z, length, false);
        bool limited = from + length == limit(z, from);
        code = take(z, length, code, n);
        if (z->next == LZW_TABLE_END || z->at == z->n)
            continue;
        /* what a shorter phrase would make is there already */
        if (n == length &&
            (!limited || lzw_dict_find(&z->dict, code, z->pixels[z->at], &slot) == 0))
            make_string(z, code, slot);
        z->next++;
    }
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

/*
 * The string that waits is made, as its last pixel is known now, and that of this phrase waits. A
 * code whose string there is already stands for none.
 */
static void let_wait(struct lzw_recoder *z, size_t from, uint32_t code)
{
    uint32_t first = code, slot;
    while (first >= z->bits.codes.clear)
        first = z->dict.prefix[first];
    if (z->waits) {
        uint32_t same = lzw_dict_find(&z->dict, z->last, first, &slot);
        lzw_filter_add(&z->filter, z->next, z->last, first);
        if (same == 0)
            lzw_dict_put(&z->dict, slot, z->last, first, z->next);
        else if (same != z->next)
            z->dict.prefix[z->next] = LZW_TABLE_END;
        z->next++;
    }
    z->waits = z->next < LZW_TABLE_END;
    z->last = code;
    z->last_first = first;
    z->last_length = (uint32_t)(z->at - from);
}

static void parse_freely(struct lzw_recoder *z, size_t end, uint32_t most)
{
    while (z->at < end && z->listed < most) {
        size_t from = z->at;
        const struct lzw_free_match *m = longest_freely(z, from);
        uint32_t length = m->length, code = m->front[0].code, slot;
        uint32_t again = z->waits ? repeated(z) : 0;
        if (again > length && lzw_dict_find(&z->dict, z->last, z->last_first, &slot) == 0) {
            lzw_dict_put(&z->dict, slot, z->last, z->last_first, z->next);
            length = again;
            code = z->next;
        }
        code = take(z, length, code, choose(z, length, true));
        let_wait(z, from, code);
    }
}

void lzw_recode_parse(struct lzw_recoder *z, size_t end, uint32_t most)
{
    if (z->freedom != NULL)
        parse_freely(z, end, most);
    else
        parse(z, end, most);
}
