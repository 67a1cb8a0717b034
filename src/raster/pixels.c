/* SPDX-License-Identifier: MIT */
/* The size of a pixel is made a constant before the loops, so that each compiles to plain moves. */
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
    switch (bytes) {
    case 1:
        reverse_bytes(row, count);
        break;
    case 2:
        swap_ends(row, last, 2);
        break;
    case 3:
        swap_ends(row, last, 3);
        break;
    case 4:
        swap_ends(row, last, 4);
        break;
    case 6:
        swap_ends(row, last, 6);
        break;
    default:
        swap_ends(row, last, 8);
        break;
    }
}

bool picture_bytes(const struct picture *pic, uint64_t *out)
{
    uint64_t stride = (uint64_t)pic->width * layout_info(pic->layout)->bytes;
    return !__builtin_mul_overflow(stride, (uint64_t)pic->height, out) && *out <= INT64_MAX;
}

size_t picture_memory(const struct picture *pic)
{
    uint64_t bytes;
    return picture_bytes(pic, &bytes) && bytes <= SIZE_MAX ? (size_t)bytes : SIZE_MAX;
}
