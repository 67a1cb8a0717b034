/* SPDX-License-Identifier: MIT */
/* A plain LZW decoder that tells of clears. */
#include "formats/gif/lzw_reread.h"

static void clear_table(struct lzw_reread *r)
{
    r->next = r->codes.first;
    r->width = r->codes.min_code_size + 1;
    r->previous = LZW_NONE;
}

static enum status read_sink(void *user, uint64_t at, uint8_t *out, size_t room, size_t *got)
{
    struct sink *from = user;
    uint64_t more = sink_offset(from) - at;
    *got = more < room ? (size_t)more : room;
    return sink_read(from, at, out, *got);
}

enum status lzw_reread_begin(struct context *cx, struct lzw_reread *r, struct sink *from)
{
    uint8_t size;
    enum status st = lzw_unpack_begin(&r->unpack, read_sink, from, 0, &size);
    if (st != ST_OK)
        return st;
    r->cx = cx;
    r->codes = lzw_codes(size);
    for (uint32_t i = 0; i < r->codes.clear; i++) {
        r->length[i] = 1;
        r->pixel[i] = r->first[i] = (uint8_t)i;
    }
    clear_table(r);
    return ST_OK;
}

/* The string of the code before and the first pixel of this one. */
static void add_string(struct lzw_reread *r, uint32_t code)
{
    if (r->previous == LZW_NONE || r->next == LZW_TABLE_END)
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
        uint32_t code;
        enum status st = lzw_unpack_code(&r->unpack, r->width, &code);
        if (st == ST_OK && code == LZW_NONE)
            st = fail(r->cx, ST_BUG, "coded pixels without an end");
        if (st != ST_OK)
            return st;
        if (code == r->codes.end) {
            *end = LZW_REREAD_END;
            return ST_OK;
        }
        if (code == r->codes.clear) {
            bool began = r->previous != LZW_NONE;
            clear_table(r);
            if (!began) /* the one before all pixels */
                continue;
            *end = LZW_REREAD_CLEAR;
            return ST_OK;
        }
        if (r->previous == LZW_NONE)
            r->read = r->pixels = 0;
        add_string(r, code);
        uint32_t length = r->length[code];
        uint8_t *to = out + *n + length;
        for (uint32_t k = code, i = length; i > 0; i--, k = r->prefix[k])
            *--to = r->pixel[k];
        *n += length;
        r->previous = code;
        if (r->read < r->room)
            r->list[r->read] = (uint16_t)code;
        r->read++;
        r->pixels += length;
    }
    return ST_OK;
}
