/* SPDX-License-Identifier: MIT */
/* Bytes of sub-blocks, whose lengths are taken out, joined to bits. */
#include "formats/gif/lzw_unpack.h"

/* *byte is 0 where there is none. */
static enum status next_byte(struct lzw_unpack *u, uint8_t *byte)
{
    *byte = 0;
    if (u->in == u->end) {
        u->in = u->end = 0;
        enum status st = u->read(u->user, u->at, u->block, sizeof u->block, &u->end);
        if (st != ST_OK || u->end == 0)
            return st;
        u->at += u->end;
    }
    *byte = u->block[u->in++];
    return ST_OK;
}

enum status lzw_unpack_begin(struct lzw_unpack *u, lzw_unpack_fn *read, void *user, uint64_t at,
                             uint8_t *min_code_size)
{
    u->read = read;
    u->user = user;
    u->at = at;
    u->in = u->end = 0;
    u->left = u->count = 0;
    u->bits = 0;
    u->ended = false;
    enum status st = next_byte(u, min_code_size);
    if (st == ST_OK && *min_code_size <= 8) {
        u->codes = lzw_codes(*min_code_size);
        lzw_unpack_clear(u);
    }
    return st;
}

enum status lzw_unpack_fill(struct lzw_unpack *u)
{
    while (u->count <= 56 && !u->ended) {
        uint8_t byte;
        enum status st = next_byte(u, &byte);
        if (st != ST_OK)
            return st;
        if (u->left == 0) {
            u->left = byte;
            u->ended = byte == 0;
            continue;
        }
        u->bits |= (uint64_t)byte << u->count;
        u->count += 8;
        u->left--;
    }
    return ST_OK;
}
