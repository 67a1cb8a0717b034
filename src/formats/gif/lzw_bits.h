/* SPDX-License-Identifier: MIT */
/* How wide a code is, and codes packed into bits, bytes and sub-blocks. */
#ifndef GIFLOW_FORMATS_GIF_LZW_BITS_H
#define GIFLOW_FORMATS_GIF_LZW_BITS_H

#include "base/sink.h"

#define LZW_MAX_WIDTH 12
#define LZW_TABLE_END (1u << LZW_MAX_WIDTH) /* one past the last code there can be */
#define LZW_BLOCK_BYTES 255

/*
 * Where our greedy encoders clear: codes 4094 and 4095 are not given away. It makes no difference
 * but for the accidents of where clears fall, and with this number they fall as in gifsicle.
 */
#define LZW_GREEDY_END (LZW_TABLE_END - 2)

/*
 * The code space of one minimum code size m: colors 0 .. 2^m - 1, then clear, end, and the first
 * code that the dictionary may give away.
 *
 * A code's width depends only on its place since the last clear: "index" 0 is the code right
 * after the clear. Each code but that one lets the decoder add an entry, so before the code of
 * index j the decoder's next free code is first + j - 1, and the width is what this needs:
 *
 *     m = 2:  index  0 1 2 | 3 .. 10 | 11 .. 26 | ...
 *             width    3   |    4    |    5     |
 *
 * The decoder is one entry behind the encoder, which is the "deferred" step that encoders get
 * wrong: the width grows after the encoder has added entry 2^w, not 2^w - 1. At 12 bits it stays.
 */
struct lzw_codes {
    unsigned min_code_size;
    uint32_t clear, end, first;
};

static inline struct lzw_codes lzw_codes(unsigned min_code_size)
{
    uint32_t clear = 1u << min_code_size;
    return (struct lzw_codes){min_code_size, clear, clear + 1, clear + 2};
}

/* Codes of width w or narrower stand at indices below this; w < LZW_MAX_WIDTH. */
static inline uint32_t lzw_width_end(const struct lzw_codes *c, unsigned width)
{
    return (1u << width) - c->first + 1;
}

unsigned lzw_width(const struct lzw_codes *c, uint64_t index);
/* Bits of the first n codes after a clear. */
uint64_t lzw_cost(const struct lzw_codes *c, uint64_t n);

/* Bits on their way to the sink. A sub-block is kept back until it is full. */
struct lzw_bits {
    struct sink *sink; /* NULL: bits are only counted */
    struct lzw_codes codes;
    uint64_t passed;  /* full sub-blocks so far */
    uint64_t index;   /* of the next code, since the last clear */
    uint64_t pending; /* fewer than 8 bits, lowest first */
    unsigned pending_bits;
    unsigned used;                              /* bytes in block after its length byte */
    uint8_t block[1 + LZW_BLOCK_BYTES + 8 + 8]; /* 64-bit stores may run over the end */
};

void lzw_bits_init(struct lzw_bits *b, struct sink *sink, unsigned min_code_size);
/* All bits so far. */
static inline uint64_t lzw_bits_count(const struct lzw_bits *b)
{
    return (b->passed * LZW_BLOCK_BYTES + b->used) * 8 + b->pending_bits;
}

/* n codes, none of them clear. Errors: ST_IO of the sink. */
enum status lzw_bits_codes(struct lzw_bits *b, const uint16_t *codes, size_t n) MUST_CHECK;
enum status lzw_bits_clear(struct lzw_bits *b) MUST_CHECK;
/* The end code, the last sub-block and the block terminator. */
enum status lzw_bits_end(struct lzw_bits *b) MUST_CHECK;

#endif
