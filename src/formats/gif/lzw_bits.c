/* SPDX-License-Identifier: MIT */
/* Codes come in long lists, so they are packed in stretches of one width, four at a time. */
#include "formats/gif/lzw_bits.h"

#include <string.h>

#include "base/size.h"

unsigned lzw_width(const struct lzw_codes *c, uint64_t index)
{
    unsigned width = c->min_code_size + 1;
    while (width < LZW_MAX_WIDTH && index >= lzw_width_end(c, width))
        width++;
    return width;
}

uint64_t lzw_cost(const struct lzw_codes *c, uint64_t n)
{
    uint64_t bits = 0, from = 0;
    for (unsigned width = c->min_code_size + 1; width < LZW_MAX_WIDTH; width++) {
        uint64_t to = lzw_width_end(c, width);
        if (n <= to)
            return bits + (n - from) * width;
        bits += (to - from) * width;
        from = to;
    }
    return bits + (n - from) * LZW_MAX_WIDTH;
}

void lzw_bits_init(struct lzw_bits *b, struct sink *sink, unsigned min_code_size)
{
    memset(b, 0, sizeof *b);
    b->sink = sink;
    b->codes = lzw_codes(min_code_size);
}

static inline void store_le64(uint8_t *to, uint64_t value)
{
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    value = __builtin_bswap64(value);
#endif
    memcpy(to, &value, sizeof value);
}

/* Writes the block out if it is full; what ran over its end begins the next. */
static enum status pass_block(struct lzw_bits *b)
{
    if (b->used < LZW_BLOCK_BYTES)
        return ST_OK;
    b->block[0] = LZW_BLOCK_BYTES;
    enum status st = ST_OK;
    if (b->sink != NULL)
        st = sink_write(b->sink, b->block, 1 + LZW_BLOCK_BYTES);
    b->passed++;
    b->used -= LZW_BLOCK_BYTES;
    memcpy(b->block + 1, b->block + 1 + LZW_BLOCK_BYTES, 8);
    return st;
}

/* n codes of one width that do not bring the block beyond its end by more than 6 bytes. */
static void pack(struct lzw_bits *b, const uint16_t *codes, size_t n, unsigned width)
{
    uint8_t *to = b->block + 1 + b->used;
    uint64_t bits = b->pending;
    unsigned have = b->pending_bits; /* below 8, so four codes make 55 bits at most */
    size_t i = 0;
    for (; i + 4 <= n; i += 4) {
        bits |= (uint64_t)codes[i] << have | (uint64_t)codes[i + 1] << (have + width) |
                (uint64_t)codes[i + 2] << (have + 2 * width) |
                (uint64_t)codes[i + 3] << (have + 3 * width);
        have += 4 * width;
        store_le64(to, bits);
        to += have / 8;
        bits >>= have & ~7u;
        have %= 8;
    }
    for (; i < n; i++) {
        bits |= (uint64_t)codes[i] << have;
        have += width;
        store_le64(to, bits);
        to += have / 8;
        bits >>= have & ~7u;
        have %= 8;
    }
    b->used = (unsigned)(to - (b->block + 1));
    b->pending = bits;
    b->pending_bits = have;
}

enum status lzw_bits_codes(struct lzw_bits *b, const uint16_t *codes, size_t n)
{
    while (n > 0) {
        unsigned width = lzw_width(&b->codes, b->index);
        size_t take = n;
        if (width < LZW_MAX_WIDTH)
            take = min_size(take, lzw_width_end(&b->codes, width) - (size_t)b->index);
        /* as many as reach the end of the block, where the last one may run over it */
        unsigned room = LZW_BLOCK_BYTES * 8 - (b->used * 8 + b->pending_bits);
        take = min_size(take, (room + width - 1) / width);
        pack(b, codes, take, width);
        enum status st = pass_block(b);
        if (st != ST_OK)
            return st;
        b->index += take;
        codes += take;
        n -= take;
    }
    return ST_OK;
}

enum status lzw_bits_clear(struct lzw_bits *b)
{
    uint16_t clear = (uint16_t)b->codes.clear;
    enum status st = lzw_bits_codes(b, &clear, 1);
    b->index = 0;
    return st;
}

enum status lzw_bits_end(struct lzw_bits *b)
{
    uint16_t end = (uint16_t)b->codes.end;
    enum status st = lzw_bits_codes(b, &end, 1);
    if (st != ST_OK)
        return st;
    if (b->pending_bits > 0) { /* used < 255 here, so this byte fits */
        b->block[1 + b->used] = (uint8_t)b->pending;
        b->used++;
        b->pending = 0;
        b->pending_bits = 0;
    }
    unsigned bytes = 0;
    if (b->used > 0) {
        b->block[0] = (uint8_t)b->used;
        bytes = 1 + b->used;
    }
    b->block[bytes] = 0;
    return sink_write(b->sink, b->block, bytes + 1);
}
