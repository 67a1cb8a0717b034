/* SPDX-License-Identifier: MIT */
/* Lines own their lists, so that any of them may be dropped, or be the one that is written. */
#include "formats/gif/lzw_line.h"

#include "base/size.h"

void lzw_line_begin(struct lzw_line *l, const struct lzw_codes *c, uint64_t bits)
{
    l->bits_before = bits;
    l->own = l->own_written = 0;
    l->pixels = 0;
    l->before_at = l->before_end = 0;
    l->after_first = 0;
    lzw_walker_clear(&l->walker, c->first, LZW_GREEDY_END, false);
}

/* Own codes that the dictionary lists. */
static uint32_t listed(const struct lzw_line *l)
{
    return l->walker.next - l->walker.first;
}

/* The own codes from number i on that stand together, up to number end. */
static const uint16_t *own_codes(const struct lzw_line *l, uint32_t i, uint32_t end, uint32_t *n)
{
    if (i < listed(l)) {
        *n = min_u32(end, listed(l)) - i;
        return l->walker.dict.prefix + l->walker.first + i;
    }
    *n = end - i;
    return l->after + (i - l->after_first);
}

uint32_t lzw_line_unwritten(const struct lzw_line *l)
{
    return l->before_end - l->before_at + l->own - l->own_written;
}

bool lzw_line_fork(struct lzw_line *from, struct lzw_line *to, const struct lzw_codes *c)
{
    if (lzw_line_unwritten(from) + 2 > LZW_LINE_BEFORE)
        return false;
    uint32_t n = from->before_end - from->before_at, part;
    memcpy(to->before, from->before + from->before_at, n * sizeof *to->before);
    for (uint32_t i = from->own_written; i < from->own; i += part) {
        const uint16_t *codes = own_codes(from, i, from->own, &part);
        memcpy(to->before + n, codes, part * sizeof *to->before);
        n += part;
    }
    uint32_t string = lzw_walker_string(&from->walker), pixel = string;
    if (string >= c->clear) {
        pixel = from->walker.dict.pixel[string];
        to->before[n++] = from->walker.dict.prefix[string];
    }
    to->before[n++] = (uint16_t)c->clear;
    to->before_at = 0;
    to->before_end = n;
    to->bits_before =
        lzw_line_bits_closed(from, c) + lzw_width(c, from->own + (string >= c->clear));
    to->own = to->own_written = 0;
    to->pixels = 1;
    to->after_first = 0;
    lzw_walker_clear(&to->walker, c->first, LZW_GREEDY_END, from->walker.jump);
    to->walker.prefix = pixel;
    return true;
}

const uint8_t *lzw_line_advance(struct lzw_line *l, const uint8_t *p, const uint8_t *end, bool stop)
{
    struct lzw_walker *w = &l->walker;
    const uint8_t *from = p;
    if (!lzw_walker_full(w)) {
        uint32_t before = listed(l);
        p = lzw_walker_grow(w, p, end);
        l->own += listed(l) - before;
        if (lzw_walker_full(w))
            l->after_first = l->own;
    }
    if (!stop && p < end) {
        l->own += lzw_walker_follow_flexibly(w, p, end, l->after + (l->own - l->after_first));
        p = end;
    }
    l->pixels += (uint64_t)(p - from);
    return p;
}

void lzw_line_use_all_codes(struct lzw_line *l)
{
    if (l->own == listed(l))
        l->walker.table_end = LZW_TABLE_END;
}

bool lzw_line_crowded(const struct lzw_line *l, size_t n)
{
    return lzw_walker_full(&l->walker) && l->own - l->after_first + n > LZW_LINE_AFTER;
}

uint64_t lzw_line_bits(const struct lzw_line *l, const struct lzw_codes *c)
{
    return l->bits_before + lzw_cost(c, l->own + lzw_walker_open(&l->walker));
}

uint64_t lzw_line_bits_closed(struct lzw_line *l, const struct lzw_codes *c)
{
    return l->bits_before + lzw_cost(c, l->own + (lzw_walker_string(&l->walker) >= c->clear));
}

/* Gives the room of written codes in after[] back. */
static void compact(struct lzw_line *l)
{
    if (l->own_written <= l->after_first || !lzw_walker_full(&l->walker))
        return;
    memmove(l->after, l->after + (l->own_written - l->after_first),
            (l->own - l->own_written) * sizeof *l->after);
    l->after_first = l->own_written;
}

void lzw_line_skip(struct lzw_line *l, uint32_t n)
{
    uint32_t part = min_u32(n, l->before_end - l->before_at);
    l->before_at += part;
    l->own_written += n - part;
    compact(l);
}

/* Codes among which there may be clears. */
static enum status put_mixed(struct lzw_bits *to, const uint16_t *codes, uint32_t n)
{
    enum status st = ST_OK;
    for (uint32_t i = 0; i < n && st == ST_OK;) {
        uint32_t from = i;
        while (i < n && codes[i] != to->codes.clear)
            i++;
        st = lzw_bits_codes(to, codes + from, i - from);
        if (st == ST_OK && i < n) {
            st = lzw_bits_clear(to);
            i++;
        }
    }
    return st;
}

enum status lzw_line_put(struct lzw_line *l, uint32_t n, struct lzw_bits *to)
{
    uint32_t part = min_u32(n, l->before_end - l->before_at);
    enum status st = put_mixed(to, l->before + l->before_at, part);
    uint32_t i = l->own_written, end = i + n - part;
    for (; st == ST_OK && i < end; i += part) {
        const uint16_t *codes = own_codes(l, i, end, &part);
        st = lzw_bits_codes(to, codes, part);
    }
    lzw_line_skip(l, n);
    return st;
}

enum status lzw_line_finish(struct lzw_line *l, struct lzw_bits *to)
{
    enum status st = lzw_line_put(l, lzw_line_unwritten(l), to);
    uint32_t string = lzw_walker_string(&l->walker);
    uint16_t code = (uint16_t)string;
    return st == ST_OK && string != LZW_NO_CODE ? lzw_bits_codes(to, &code, 1) : st;
}
