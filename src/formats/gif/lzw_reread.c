/* SPDX-License-Identifier: MIT */
/* A plain LZW decoder that tells of clears. */
#include "formats/gif/lzw_reread.h"

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
    for (uint32_t i = 0; i < r->unpack.codes.clear; i++) {
        r->length[i] = 1;
        r->pixel[i] = r->first[i] = (uint8_t)i;
    }
    return ST_OK;
}

/* The string that a code makes. */
static void add_string(struct lzw_reread *r, uint32_t code)
{
    const uint32_t next = r->unpack.next, previous = r->unpack.previous;
    r->prefix[next] = (uint16_t)previous;
    r->length[next] = (uint16_t)(r->length[previous] + 1);
    r->first[next] = r->first[previous];
    r->pixel[next] = r->first[code == next ? previous : code];
}

enum status lzw_reread_pixels(struct lzw_reread *r, uint8_t *out, size_t room, size_t *n,
                              enum lzw_reread_end *end)
{
    struct lzw_unpack *u = &r->unpack;
    *n = 0;
    *end = LZW_REREAD_GOES_ON;
    while (room - *n >= LZW_TABLE_END) {
        uint32_t code;
        enum status st = lzw_unpack_code(u, &code);
        if (st == ST_OK && code == LZW_NONE)
            st = fail(r->cx, ST_BUG, "coded pixels without an end");
        if (st != ST_OK)
            return st;
        if (code == u->codes.end) {
            *end = LZW_REREAD_END;
            return ST_OK;
        }
        if (code == u->codes.clear) {
            bool began = u->previous != LZW_NONE;
            lzw_unpack_clear(u);
            if (!began) /* the one before all pixels */
                continue;
            *end = LZW_REREAD_CLEAR;
            return ST_OK;
        }
        if (u->previous == LZW_NONE)
            r->read = r->pixels = 0;
        if (lzw_unpack_makes(u))
            add_string(r, code);
        lzw_unpack_take(u, code);
        uint32_t length = r->length[code];
        uint8_t *to = out + *n + length;
        for (uint32_t k = code, i = length; i > 0; i--, k = r->prefix[k])
            *--to = r->pixel[k];
        *n += length;
        if (r->read < r->room)
            r->list[r->read] = (uint16_t)code;
        r->read++;
        r->pixels += length;
    }
    return ST_OK;
}
