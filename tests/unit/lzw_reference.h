/* SPDX-License-Identifier: MIT */
/* The plainest GIF LZW encoder there is, to compare others with: greedy, clear when full. */
#ifndef GIFLOW_TESTS_LZW_REFERENCE_H
#define GIFLOW_TESTS_LZW_REFERENCE_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct reference {
    uint8_t *out;        /* room must be enough */
    size_t bytes, block; /* block: where the open sub-block's length stands */
    unsigned bit;        /* of the last byte that are used; 8: none */
};

static inline void reference_bit(struct reference *r, unsigned bit)
{
    if (r->bit == 8) {
        if (r->bytes - r->block == 256) { /* the block is full: begin another */
            r->block = r->bytes;
            r->out[r->bytes++] = 0;
        }
        r->out[r->bytes++] = 0;
        r->out[r->block]++;
        r->bit = 0;
    }
    r->out[r->bytes - 1] = (uint8_t)(r->out[r->bytes - 1] | bit << r->bit++);
}

static inline void reference_code(struct reference *r, unsigned code, unsigned width)
{
    for (unsigned i = 0; i < width; i++)
        reference_bit(r, code >> i & 1);
}

/* Minimum code size byte, sub-blocks, terminator. Returns their length; n >= 1. */
static inline size_t reference_encode(unsigned min_code_size, const uint8_t *p, size_t n,
                                      uint8_t *out)
{
    unsigned clear = 1u << min_code_size, next = clear + 2, width = min_code_size + 1;
    uint16_t(*child)[256] = calloc(4096, sizeof *child); /* 0: none */
    struct reference r = {out, 2, 1, 8};
    out[0] = (uint8_t)min_code_size;
    out[1] = 0;
    reference_code(&r, clear, width);
    unsigned string = p[0];
    for (size_t i = 1; i < n; i++) {
        if (child[string][p[i]] != 0) {
            string = child[string][p[i]];
            continue;
        }
        reference_code(&r, string, width);
        child[string][p[i]] = (uint16_t)next;
        string = p[i];
        if (next++ == 1u << width && width < 12)
            width++;
        if (next == 4094) { /* the last two codes are left alone */
            reference_code(&r, clear, width);
            memset(child, 0, 4096 * sizeof *child);
            next = clear + 2;
            width = min_code_size + 1;
        }
    }
    reference_code(&r, string, width);
    if (next == 1u << width && width < 12) /* the decoder grows its table once more */
        width++;
    reference_code(&r, clear + 1, width);
    out[r.bytes++] = 0;
    free(child);
    return r.bytes;
}

#endif
