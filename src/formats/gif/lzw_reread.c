/* SPDX-License-Identifier: MIT */
/* A plain LZW decoder that tells of clears. */
#include "formats/gif/lzw_reread.h"

#define NONE LZW_TABLE_END

static void clear_table(struct lzw_reread *r)
{
    r->next = r->codes.first;
    r->width = r->codes.min_code_size + 1;
    r->previous = NONE;
}

enum status lzw_reread_begin(struct context *cx, struct lzw_reread *r, struct sink *from)
{
    uint8_t size;
    enum status st = sink_read(from, 0, &size, 1);
    if (st != ST_OK)
        return st;
    r->cx = cx;
    r->from = from;
    r->at = 1;
    r->in = r->end = 0;
    r->left = 0;
    r->bits = r->count = 0;
    r->codes = lzw_codes(size);
    for (uint32_t i = 0; i < r->codes.clear; i++) {
        r->length[i] = 1;
        r->pixel[i] = r->first[i] = (uint8_t)i;
    }
    clear_table(r);
    return ST_OK;
}

static enum status next_byte(struct lzw_reread *r, uint8_t *out)
{
    if (r->in == r->end) {
        uint64_t more = sink_offset(r->from) - r->at;
        size_t n = more < sizeof r->block ? (size_t)more : sizeof r->block;
        if (n == 0)
            return fail(r->cx, ST_BUG, "coded pixels without an end");
        enum status st = sink_read(r->from, r->at, r->block, n);
        if (st != ST_OK)
            return st;
        r->at += n;
        r->in = 0;
        r->end = n;
    }
    *out = r->block[r->in++];
    return ST_OK;
}

/* Bits for a code. They do not end before the end code. */
static enum status fill(struct lzw_reread *r)
{
    while (r->count < r->width) {
        uint8_t byte = 0;
        enum status st = next_byte(r, &byte);
        if (st != ST_OK)
            return st;
        if (r->left == 0) {
            r->left = byte;
        } else {
            r->bits |= (uint64_t)byte << r->count;
            r->count += 8;
            r->left--;
        }
    }
    return ST_OK;
}

/* The string of the code before and the first pixel of this one. */
static void add_string(struct lzw_reread *r, uint32_t code)
{
    if (r->previous == NONE || r->next == LZW_TABLE_END)
        return;
    r->prefix[r->next] = (uint16_t)r->previous;
    r->length[r->next] = (uint16_t)(r->length[r->previous] + 1);
    r->first[r->next] = r->first[r->previous];
    r->pixel[r->next] = r->first[code == r->next ? r->previous : code];
    r->next++;
    if (r->next == 1u << r->width && r->width < LZW_MAX_WIDTH)
        r->width++;
}

enum status lzw_reread_pixels(struct lzw_reread *r, uint8_t *out, size_t room, size_t *n,
                              enum lzw_reread_end *end)
{
    *n = 0;
    *end = LZW_REREAD_GOES_ON;
    while (room - *n >= LZW_TABLE_END) {
        enum status st = fill(r);
        if (st != ST_OK)
            return st;
        uint32_t code = (uint32_t)(r->bits & ((1u << r->width) - 1));
        r->bits >>= r->width;
        r->count -= r->width;
        if (code == r->codes.end) {
            *end = LZW_REREAD_END;
            return ST_OK;
        }
        if (code == r->codes.clear) {
            bool began = r->previous != NONE;
            clear_table(r);
            if (!began) /* the one before all pixels */
                continue;
            *end = LZW_REREAD_CLEAR;
            return ST_OK;
        }
        if (r->previous == NONE)
            r->read = r->pixels = 0;
        add_string(r, code);
        uint32_t length = r->length[code];
        uint8_t *to = out + *n + length;
        for (uint32_t k = code, i = length; i > 0; i--, k = r->prefix[k])
            *--to = r->pixel[k];
        *n += length;
        r->previous = code;
        r->read++;
        r->pixels += length;
    }
    return ST_OK;
}
