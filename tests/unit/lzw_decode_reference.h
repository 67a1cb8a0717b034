/* SPDX-License-Identifier: MIT */
/*
 * The plainest GIF LZW decoder there is, to compare ours with, and so the written rule for damaged
 * data: what was decoded before the damage stays, pixel by pixel, and nothing after it.
 */
#ifndef GIFLOW_TESTS_LZW_DECODE_REFERENCE_H
#define GIFLOW_TESTS_LZW_DECODE_REFERENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The bits of all sub-blocks, put together, lowest first. */
struct plain_bits {
    const uint8_t *data;
    size_t bits, at;
};

/* false: so many bits do not follow */
static inline bool plain_code(struct plain_bits *b, unsigned width, unsigned *code)
{
    if (b->bits - b->at < width)
        return false;
    *code = 0;
    for (unsigned i = 0; i < width; i++, b->at++)
        *code |= (b->data[b->at / 8] >> b->at % 8 & 1u) << i;
    return true;
}

/*
 * Decodes at most pixels indices to out and returns how many there were before the data was
 * damaged: it ended, or the end code came, or a code that stands for nothing yet.
 */
static inline size_t plain_decode(unsigned min_code_size, const uint8_t *data, size_t bytes,
                                  uint8_t *out, size_t pixels)
{
    enum { NONE = 4096 };
    unsigned clear = 1u << min_code_size, next = clear + 2, width = min_code_size + 1;
    unsigned previous = NONE, code, length[4097];
    size_t place[4096], at = 0; /* where in out an entry of length[] pixels stands */
    struct plain_bits b = {data, bytes * 8, 0};

    while (at < pixels && plain_code(&b, width, &code)) {
        if (code == clear) {
            next = clear + 2;
            width = min_code_size + 1;
            previous = NONE;
            continue;
        }
        if (code == clear + 1 || code > next || (previous == NONE && code > clear))
            break;
        if (previous != NONE && next < 4096) { /* the previous string, and the first pixel now */
            length[next] = (previous < clear ? 1 : length[previous]) + 1;
            place[next] = at - (length[next] - 1);
        } /* its last pixel is the one about to be written: so "code == next" needs no rule */
        unsigned n = code < clear ? 1 : length[code];
        for (unsigned i = 0; i < n && at < pixels; i++, at++)
            out[at] = code < clear ? (uint8_t)code : out[place[code] + i];
        if (previous != NONE && next < 4096)
            next++;
        if (next >> width != 0 && width < 12)
            width++;
        previous = code;
    }
    return at;
}

#endif
