/* SPDX-License-Identifier: MIT */
/* Means over spans of codes, kept up as a line grows. */
#include "formats/gif/lzw_trend.h"

#include "base/size.h"

#define SPAN_CODES 32  /* a span has at least so many */
#define SPAN_DROP 0.7  /* of the mean length: they have become short */
#define REST_SPANS 64  /* after many drops in vain, before the next is told */
#define LAST_CODES 800 /* about so many codes are the last ones */
#define LAST_LEAST 256 /* are measured at a time */

void lzw_trend_begin(struct lzw_trend *t)
{
    *t = (struct lzw_trend){0};
}

void lzw_trend_of(struct lzw_trend *t, const struct lzw_line *l)
{
    t->span_own = t->last_own = l->own;
    t->span_pixels = t->last_pixels = l->pixels;
    t->span_mean = t->last_bits = 0;
}

bool lzw_trend_drops(struct lzw_trend *t, const struct lzw_line *l)
{
    uint32_t codes = l->own - t->span_own;
    if (codes < SPAN_CODES)
        return false;
    if (t->rest > 0)
        t->rest--;
    double length = (double)(l->pixels - t->span_pixels) / codes;
    bool drop = length < SPAN_DROP * t->span_mean;
    t->span_mean = t->span_mean == 0 ? length : t->span_mean + (length - t->span_mean) / 8;
    t->span_own = l->own;
    t->span_pixels = l->pixels;
    return drop && t->rest == 0;
}

void lzw_trend_drop_heeded(struct lzw_trend *t)
{
    t->rest = t->wait;
    t->wait = min_u32(2 * t->wait + 1, REST_SPANS);
}

void lzw_trend_drop_paid(struct lzw_trend *t)
{
    t->wait = 0;
}

bool lzw_trend_tires(struct lzw_trend *t, const struct lzw_line *l, const struct lzw_codes *c)
{
    uint32_t codes = l->own - t->last_own;
    if (!lzw_walker_full(&l->walker)) {
        t->last_own = l->own;
        t->last_pixels = l->pixels;
        return false;
    }
    if (codes >= LAST_LEAST) {
        double bits = (double)LZW_MAX_WIDTH * codes / (double)(l->pixels - t->last_pixels);
        double share = codes < LAST_CODES ? (double)codes / LAST_CODES : 1;
        t->last_bits = t->last_bits == 0 ? bits : t->last_bits + (bits - t->last_bits) * share;
        t->last_own = l->own;
        t->last_pixels = l->pixels;
    }
    double mean = (double)(lzw_cost(c, l->own) + LZW_MAX_WIDTH) / (double)l->pixels;
    return t->last_bits > mean;
}
