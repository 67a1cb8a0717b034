/* SPDX-License-Identifier: MIT */
/*
 * Sub-blocks in, codes out, and how many entries the table has: the reverse of lzw_bits.h, for
 * readers that need not be fast. What the entries are is up to them.
 */
#ifndef GIFLOW_FORMATS_GIF_LZW_UNPACK_H
#define GIFLOW_FORMATS_GIF_LZW_UNPACK_H

#include "formats/gif/lzw_bits.h"

#define LZW_UNPACK_BYTES 4096u
#define LZW_NONE LZW_TABLE_END /* in place of a code: there is none */

/* Up to room bytes from a place on; *got is 0 only where there are none. */
typedef enum status lzw_unpack_fn(void *user, uint64_t at, uint8_t *out, size_t room, size_t *got);

struct lzw_unpack {
    lzw_unpack_fn *read;
    void *user;
    uint64_t at;    /* of the bytes after those in block[] */
    size_t in, end; /* in block[]: the next byte, and the end of those that are there */
    unsigned left;  /* bytes of the sub-block to come */
    uint64_t bits;  /* the low count bits come next */
    unsigned count;
    bool ended; /* the block terminator, or the end of the bytes, has come */
    struct lzw_codes codes;
    uint32_t next;     /* the entry to be made */
    unsigned width;    /* of the code to come */
    uint32_t previous; /* the code before; LZW_NONE: none since the clear */
    uint8_t block[LZW_UNPACK_BYTES];
};

/*
 * Begins at a place with the byte before the sub-blocks: *min_code_size, 0 where there is none. One
 * beyond 8 has no codes. Errors, of all of these: those of read.
 */
enum status lzw_unpack_begin(struct lzw_unpack *u, lzw_unpack_fn *read, void *user, uint64_t at,
                             uint8_t *min_code_size) MUST_CHECK;

/* Bits for some codes, as far as there are. */
enum status lzw_unpack_fill(struct lzw_unpack *u) MUST_CHECK;

/* The next code, LZW_NONE where the sub-blocks have ended. */
static inline MUST_CHECK enum status lzw_unpack_code(struct lzw_unpack *u, uint32_t *code)
{
    *code = LZW_NONE;
    if (u->count < u->width) {
        enum status st = lzw_unpack_fill(u);
        if (st != ST_OK || u->count < u->width)
            return st;
    }
    *code = (uint32_t)(u->bits & ((1u << u->width) - 1));
    u->bits >>= u->width;
    u->count -= u->width;
    return ST_OK;
}

/* The table after a clear code. */
static inline void lzw_unpack_clear(struct lzw_unpack *u)
{
    u->next = u->codes.first;
    u->width = u->codes.min_code_size + 1;
    u->previous = LZW_NONE;
}

/* Whether a code for a string makes an entry: the string before, and its own first pixel. */
static inline bool lzw_unpack_makes(const struct lzw_unpack *u)
{
    return u->previous != LZW_NONE && u->next < LZW_TABLE_END;
}

/* The table after a code for a string. */
static inline void lzw_unpack_take(struct lzw_unpack *u, uint32_t code)
{
    u->next += lzw_unpack_makes(u);
    if (u->next >> u->width != 0 && u->width < LZW_MAX_WIDTH)
        u->width++;
    u->previous = code;
}

#endif
