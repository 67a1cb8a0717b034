/* SPDX-License-Identifier: MIT */
/* A plain LZW decoder that tells of clears. */
#include "formats/gif/lzw_reread.h"

#include <endian.h>
#include <string.h>

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
        r->tail[i] = r->first[i] = (uint8_t)i;
    }
    return ST_OK;
}

/* The string that a code makes. */
static void add_string(struct lzw_reread *r, uint32_t code)
{
    const uint32_t next = r->unpack.next, previous = r->unpack.previous;
    const uint32_t length = r->length[previous], in_tail = length % LZW_REREAD_STEP;
    const uint64_t pixel = r->first[code == next ? previous : code];
    r->length[next] = (uint16_t)(length + 1);
    r->first[next] = r->first[previous];
    r->before[next] = in_tail == 0 ? (uint16_t)previous : r->before[previous];
    r->tail[next] = in_tail == 0 ? pixel : r->tail[previous] | pixel << 8 * in_tail;
}

/* Writes a code's string, and up to seven bytes beyond. Returns how long it is. */
static uint32_t put_string(const struct lzw_reread *r, uint32_t code, uint8_t *out)
{
    uint32_t length = r->length[code], at = (length - 1) / LZW_REREAD_STEP * LZW_REREAD_STEP;
    for (;; code = r->before[code], at -= LZW_REREAD_STEP) {
        uint64_t tail = htole64(r->tail[code]);
        memcpy(out + at, &tail, sizeof tail);
        if (at == 0)
            return length;
    }
}

enum status lzw_reread_pixels(struct lzw_reread *r, uint8_t *out, size_t room, size_t *n,
                              enum lzw_reread_end *end)
{
    struct lzw_unpack *u = &r->unpack;
    *n = 0;
    *end = LZW_REREAD_GOES_ON;
    while (room - *n >= LZW_REREAD_ROOM) {
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
        uint32_t length = put_string(r, code, out + *n);
        *n += length;
        if (r->read < r->room)
            r->list[r->read] = (uint16_t)code;
        r->read++;
        r->pixels += length;
    }
    return ST_OK;
}
