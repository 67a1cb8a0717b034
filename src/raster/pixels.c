/* SPDX-License-Identifier: MIT */
/* Loops over pixels, each for every size that there is. */
#include "raster/pixels.h"

#include <string.h>

#include "base/size.h"

void pixels_fill(uint8_t *out, uint32_t count, const uint8_t *pixel, unsigned bytes)
{
    if (bytes == 1) {
        memset(out, pixel[0], count);
        return;
    }
    size_t whole = (size_t)count * bytes, done = min_size(whole, bytes);
    memcpy(out, pixel, done);
    while (done < whole) {
        size_t more = min_size(done, whole - done);
        memcpy(out + done, out, more);
        done += more;
    }
}

static inline __attribute__((always_inline)) void swap_ends(uint8_t *a, uint8_t *b, size_t bytes)
{
    for (; a < b; a += bytes, b -= bytes) {
        uint8_t t[8];
        memcpy(t, a, bytes);
        memmove(a, b, bytes);
        memcpy(b, t, bytes);
    }
}

/* Eight from each end at a time; what is left in the middle is fewer than sixteen. */
static void reverse_bytes(uint8_t *row, size_t count)
{
    uint8_t *a = row, *b = row + count;
    for (; b - a >= 16; a += 8) {
        uint64_t left, right;
        b -= 8;
        memcpy(&left, a, 8);
        memcpy(&right, b, 8);
        left = __builtin_bswap64(left);
        right = __builtin_bswap64(right);
        memcpy(a, &right, 8);
        memcpy(b, &left, 8);
    }
    if (b > a)
        swap_ends(a, b - 1, 1);
}

void pixels_reverse(uint8_t *row, uint32_t count, unsigned bytes)
{
    if (count < 2)
        return;
    uint8_t *last = row + (size_t)(count - 1) * bytes;
    if (bytes == 1)
        reverse_bytes(row, count);
    else
        PIXELS_BY_SIZE(bytes, swap_ends, row, last);
}

static inline __attribute__((always_inline)) void move(uint8_t *to, size_t to_step,
                                                       const uint8_t *from, size_t from_step,
                                                       uint32_t count, size_t bytes)
{
    for (uint32_t i = 0; i < count; i++, to += to_step * bytes, from += from_step * bytes)
        memcpy(to, from, bytes);
}

void pixels_spread(uint8_t *out, unsigned step, const uint8_t *from, uint32_t count, unsigned bytes)
{
    PIXELS_BY_SIZE(bytes, move, out, step, from, 1, count);
}

void pixels_thin(uint8_t *row, uint32_t first, unsigned step, uint32_t count, unsigned bytes)
{
    if (step == 1 && first == 0)
        return;
    uint32_t there = first == 0 && count > 0; /* no pixel is moved to where it stands */
    const uint8_t *from = row + ((size_t)there * step + first) * bytes;
    PIXELS_BY_SIZE(bytes, move, row + there * bytes, 1, from, step, count - there);
}
