/* SPDX-License-Identifier: MIT */
/* Codes read with their widths, exchanged, and written with the new ones. */
#include "formats/gif/lzw_remap.h"

static enum status read_source(void *user, uint64_t at, uint8_t *out, size_t room, size_t *got)
{
    return source_pread(user, at, out, room, got);
}

/* *size: the minimum code size. */
static enum status begin(struct lzw_remap *r, uint8_t *size)
{
    r->seen = 0;
    enum status st = lzw_unpack_begin(&r->unpack, read_source, r->from, r->begin, size);
    if (st != ST_OK || *size < 2 || *size > 8)
        return st;
    for (uint32_t i = 0; i < r->unpack.codes.clear; i++)
        r->length[i] = 1;
    return ST_OK;
}

/* The table after a code of a phrase; false: there can be no such code here. */
static bool take(struct lzw_remap *r, uint32_t code)
{
    struct lzw_unpack *u = &r->unpack;
    bool makes = lzw_unpack_makes(u);
    if (makes)
        r->length[u->next] = (uint16_t)(r->length[u->previous] + 1);
    if (code >= u->next + makes)
        return false;
    lzw_unpack_take(u, code);
    r->seen += r->length[code];
    return r->seen <= r->pixels;
}

/* A code as it is with another code size; LZW_NONE: it has no room. */
static uint32_t exchange(const struct lzw_remap *r, const uint8_t *map, const struct lzw_codes *to,
                         uint32_t code)
{
    const struct lzw_codes *from = &r->unpack.codes;
    if (code < from->clear)
        return map[code];
    code += to->first - from->first;
    return code < LZW_TABLE_END ? code : LZW_NONE;
}

enum status lzw_remap_look(struct lzw_remap *r, struct source *from, uint64_t at, uint64_t pixels,
                           bool used[static 256], bool *good)
{
    struct lzw_unpack *u = &r->unpack;
    uint8_t size;
    uint32_t code = LZW_NONE;
    r->from = from;
    r->begin = at;
    r->pixels = pixels;
    *good = false;
    for (unsigned i = 0; i < 256; i++)
        used[i] = false;
    enum status st = begin(r, &size);
    if (st != ST_OK || size < 2 || size > 8)
        return st;
    st = lzw_unpack_code(u, &code);
    bool fits = code == u->codes.clear;
    while (st == ST_OK && fits) {
        st = lzw_unpack_code(u, &code);
        if (code == u->codes.end)
            break;
        if (code == u->codes.clear) {
            lzw_unpack_clear(u);
            continue;
        }
        fits = code != LZW_NONE && take(r, code);
        if (fits && code < u->codes.clear)
            used[code] = true;
    }
    *good = st == ST_OK && fits && r->seen == pixels;
    return st;
}

enum status lzw_remap_write(struct lzw_remap *r, const uint8_t map[static 256],
                            unsigned min_code_size, struct sink *to, bool *good)
{
    struct lzw_unpack *u = &r->unpack;
    struct lzw_bits bits;
    uint8_t size = (uint8_t)min_code_size, before;
    uint32_t code = LZW_NONE;
    *good = true;
    enum status st = begin(r, &before);
    if (st == ST_OK)
        st = sink_write(to, &size, 1);
    lzw_bits_init(&bits, to, min_code_size);
    while (st == ST_OK && *good) {
        st = lzw_unpack_code(u, &code);
        if (st != ST_OK || code == u->codes.end)
            break;
        if (code == u->codes.clear) {
            st = lzw_bits_clear(&bits);
            lzw_unpack_clear(u);
            continue;
        }
        uint16_t other = (uint16_t)exchange(r, map, &bits.codes, code);
        *good = code != LZW_NONE && take(r, code) && other != LZW_NONE;
        if (*good)
            st = lzw_bits_codes(&bits, &other, 1);
    }
    if (st == ST_OK && *good)
        st = lzw_bits_end(&bits);
    return st == ST_OK ? sink_flush(to) : st;
}
