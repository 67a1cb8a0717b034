/* SPDX-License-Identifier: MIT */
/* Lossy coding: strings that look like the pixels, where they are worth it. */
#include <string.h>

#include "base/size.h"
#include "formats/gif/lzw_colors.h"
#include "formats/gif/lzw_method.h"
#include "formats/gif/lzw_tree.h"

/*
 * Of all strings of the dictionary whose every pixel is near enough to the picture's, the one is
 * taken that costs least a pixel: (bits of its code + error of its pixels) / pixels, with errors
 * in the units of bits. That is a choice by rate and distortion, with the strength as Lagrange
 * multiplier; it needs no look-ahead, and as it likes long strings, new ones soon are long.
 *
 * The strings are a tree, which is searched to its depth. A branch is left where even its
 * longest string, if the rest of it were exact, would not be cheaper than the best found; the
 * search begins with the longest exact string, so most branches are not entered at all. That
 * strings could be several times as long as the best found is not believed: it would make the
 * search slower, and its result, if anything, worse.
 *
 * A clear is due where codes cost more a pixel than they did, on average, since the last clear,
 * the clear itself included: what a cycle costs is least if it ends where its margin meets its
 * mean.
 */
#define PIXELS (16u * 1024)
#define LONGEST LZW_TABLE_END /* no string is longer than there are codes */
#define SPAN_CODES 128        /* margins are measured over so many codes */
#define REACH 2               /* strings so many times as long as the best are not hoped for */
#define VISITS 4096           /* strings that are looked at for one code, at most */

struct span {
    uint64_t cost, pixels;
};

struct choice {
    uint32_t code, length;
    uint64_t cost; /* of code and pixels */
};

/* Where the search goes on when a branch is done. */
struct branch {
    uint32_t next, error;
};

struct lossy {
    struct lzw_encoder base;
    uint32_t own; /* codes since the clear */
    struct span cycle, span;
    uint32_t span_codes;
    uint32_t listed, at, n; /* codes in list; pixels before `at` are coded, n are there */
    uint16_t list[512];
    struct branch branch[LONGEST];
    struct lzw_tree tree;
    uint8_t pixels[PIXELS];
};

static void begin_cycle(struct lossy *z)
{
    lzw_tree_clear(&z->tree, &z->base.bits.codes);
    z->own = 0;
    z->cycle = (struct span){LZW_MAX_WIDTH * LZW_ERROR_PER_BIT, 0};
    z->span = (struct span){0, 0};
    z->span_codes = 0;
}

static void lossy_start(struct lzw_encoder *e)
{
    struct lossy *z = (struct lossy *)e;
    begin_cycle(z);
    z->listed = z->at = z->n = 0;
}

/* The search for the cheapest string of the pixels from p on, n of them at most. */
struct search {
    const uint8_t *p;
    size_t n;
    uint32_t bits_cost; /* of any code */
    uint32_t visits;    /* that are left */
    struct choice best;
};

static inline bool hopeless(const struct search *s, uint32_t error, uint32_t reach)
{
    reach = min_u32(reach, s->best.length * REACH);
    return (uint64_t)(error + s->bits_cost) * s->best.length >= s->best.cost * reach;
}

static inline void consider(struct search *s, uint32_t code, uint32_t length, uint32_t error)
{
    if (!hopeless(s, error, length))
        s->best = (struct choice){code, length, error + s->bits_cost};
}

/* The strings that begin with that of code, which has so many pixels and so much error. */
static void search_below(struct lossy *z, struct search *s, uint32_t code, uint32_t length,
                         uint32_t error)
{
    const struct lzw_string *string = z->tree.string;
    struct branch *top = z->branch;
    uint32_t child = string[code].child;
    if (length == s->n)
        return;
    const uint16_t *errors = z->base.colors->error[s->p[length]];
    for (;;) {
        while (child != 0) {
            uint32_t own = errors[string[child].pixel];
            /* one branch, as either is as good as unpredictable */
            if (!((own > LZW_ERROR_CAP) | hopeless(s, error + own, string[child].reach)))
                break;
            child = string[child].next;
        }
        if (child == 0) {
            if (top == z->branch)
                return;
            child = (--top)->next;
            error = top->error;
            errors = z->base.colors->error[s->p[--length]];
            continue;
        }
        uint32_t sum = error + errors[string[child].pixel];
        consider(s, child, length + 1, sum);
        if (--s->visits == 0)
            return;
        if (string[child].child == 0 || length + 1 == s->n) {
            child = string[child].next;
            continue;
        }
        *top++ = (struct branch){string[child].next, error};
        error = sum;
        child = string[child].child;
        errors = z->base.colors->error[s->p[++length]];
    }
}

static void search_root(struct lossy *z, struct search *s, uint32_t root, uint32_t error)
{
    const struct lzw_colors *c = z->base.colors;
    consider(s, root, 1, error);
    if (s->n == 1)
        return;
    const uint16_t *errors = c->error[s->p[1]];
    const uint32_t words = (z->base.bits.codes.clear + 63) / 64;
    for (uint32_t word = 0; word < words; word++)
        for (uint64_t set = z->tree.pairs[root][word] & c->near_set[s->p[1]][word]; set != 0;
             set &= set - 1) {
            uint32_t pixel = word * 64 + (uint32_t)__builtin_ctzll(set);
            uint32_t child = z->tree.pair[root][pixel], sum = error + errors[pixel];
            if (hopeless(s, sum, z->tree.string[child].reach))
                continue;
            consider(s, child, 2, sum);
            if (--s->visits == 0)
                return;
            if (z->tree.string[child].child != 0)
                search_below(z, s, child, 2, sum);
            if (s->visits == 0)
                return;
        }
}

/* The cheapest string for the n > 0 pixels from p on, or for the first of them. */
static struct choice choose(struct lossy *z, const uint8_t *p, size_t n)
{
    const struct lzw_colors *c = z->base.colors;
    struct search s = {
        p, n, lzw_width(&z->base.bits.codes, z->own) * LZW_ERROR_PER_BIT, VISITS, {p[0], 1, 0}};
    s.best.cost = s.bits_cost;
    for (uint32_t child; s.best.length < n; s.best.length++) {
        child = lzw_tree_child(&z->tree, s.best.code, p[s.best.length]);
        if (child == 0)
            break;
        s.best.code = child;
    }
    const uint8_t *near = c->near[p[0]];
    for (uint32_t i = 0; i < c->near_count[p[0]] && s.visits > 0; i++) {
        uint32_t error = c->error[p[0]][near[i]];
        if (hopeless(&s, error, z->tree.deepest))
            break;
        search_root(z, &s, near[i], error);
    }
    return s.best;
}

static enum status put_list(struct lossy *z)
{
    uint32_t n = z->listed;
    z->listed = 0;
    return lzw_bits_codes(&z->base.bits, z->list, n);
}

static enum status clear_if_due(struct lossy *z)
{
    struct span *s = &z->span, *c = &z->cycle;
    c->cost += s->cost;
    c->pixels += s->pixels;
    /* s->cost / s->pixels > c->cost / c->pixels */
    bool due = z->tree.next == LZW_TABLE_END && s->cost * c->pixels > c->cost * s->pixels;
    *s = (struct span){0, 0};
    z->span_codes = 0;
    if (!due)
        return ST_OK;
    enum status st = put_list(z);
    begin_cycle(z);
    return st == ST_OK ? lzw_bits_clear(&z->base.bits) : st;
}

/* Codes pixels as long as `ahead` of them are there. */
static enum status code_pixels(struct lossy *z, uint32_t ahead)
{
    enum status st = ST_OK;
    while (st == ST_OK && z->n - z->at >= ahead) {
        lzw_tree_expect(&z->tree);
        struct choice c = choose(z, z->pixels + z->at, z->n - z->at);
        lzw_tree_take(&z->tree, c.code);
        z->at += c.length;
        z->own++;
        z->span.cost += c.cost;
        z->span.pixels += c.length;
        z->list[z->listed++] = (uint16_t)c.code;
        if (z->listed == sizeof z->list / sizeof *z->list)
            st = put_list(z);
        if (st == ST_OK && ++z->span_codes == SPAN_CODES && z->n > z->at)
            st = clear_if_due(z);
    }
    return st;
}

static enum status lossy_write(struct lzw_encoder *e, const uint8_t *indices, size_t n)
{
    struct lossy *z = (struct lossy *)e;
    while (n > 0) {
        size_t take = min_size(n, PIXELS - z->n);
        memcpy(z->pixels + z->n, indices, take);
        z->n += (uint32_t)take;
        indices += take;
        n -= take;
        if (z->n < PIXELS)
            break;
        /* no string sees an end that is none, so how pixels are cut changes nothing */
        enum status st = code_pixels(z, LONGEST + 1);
        if (st != ST_OK)
            return st;
        z->n -= z->at;
        memmove(z->pixels, z->pixels + z->at, z->n);
        z->at = 0;
    }
    return ST_OK;
}

static enum status lossy_finish(struct lzw_encoder *e)
{
    struct lossy *z = (struct lossy *)e;
    enum status st = code_pixels(z, 1);
    return st == ST_OK ? put_list(z) : st;
}

const struct lzw_method lzw_lossy = {
    .bytes = sizeof(struct lossy),
    .start = lossy_start,
    .write = lossy_write,
    .finish = lossy_finish,
};
