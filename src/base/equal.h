/* SPDX-License-Identifier: MIT */
/* Equal bytes, counted eight at a time. */
#ifndef GIFLOW_BASE_EQUAL_H
#define GIFLOW_BASE_EQUAL_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* A word of eight such bytes. */
static inline uint64_t eight_of(uint8_t byte)
{
    return byte * UINT64_C(0x0101010101010101);
}

/* How many of the n bytes from p on are `byte`, up to the first other one. */
static inline size_t count_equal(const uint8_t *p, size_t n, uint8_t byte)
{
    size_t i = 0;
    for (; i + 8 <= n; i += 8) {
        uint64_t word;
        memcpy(&word, p + i, sizeof word);
        word ^= eight_of(byte);
        if (word == 0)
            continue;
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
        return i + (size_t)__builtin_ctzll(word) / 8;
#else
        return i + (size_t)__builtin_clzll(word) / 8;
#endif
    }
    while (i < n && p[i] == byte)
        i++;
    return i;
}

#endif
