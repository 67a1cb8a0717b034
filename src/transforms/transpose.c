/* SPDX-License-Identifier: MIT */
/*
 * Blocks of registers: k rounds of interleaving rows half a block apart transpose 2^k x 2^k pixels
 * (Eklundh, "A fast computer method for matrix transposing", 1972). Blocks go along output rows, so
 * that the few cache lines written to are filled before the next are touched.
 */
#include "transforms/transpose.h"

#include <string.h>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "raster/pixels.h"

static inline __attribute__((always_inline)) void transpose_loop(uint8_t *out, ptrdiff_t out_step,
                                                                 const uint8_t *from,
                                                                 ptrdiff_t step, uint32_t columns,
                                                                 uint32_t rows, size_t pixel)
{
    for (uint32_t i = 0; i < columns; i++, out += out_step, from += pixel) {
        const uint8_t *p = from;
        for (size_t j = 0; j < rows; j++, p += step)
            memcpy(out + j * pixel, p, pixel);
    }
}

void transpose_portable(uint8_t *out, ptrdiff_t out_step, const uint8_t *from, ptrdiff_t step,
                        uint32_t columns, uint32_t rows, unsigned pixel)
{
    PIXELS_BY_SIZE(pixel, transpose_loop, out, out_step, from, step, columns, rows);
}

#if defined(__SSE2__)

static inline __m128i load8(const uint8_t *p)
{
    return _mm_loadl_epi64((const __m128i *)(const void *)p);
}

static inline __m128i load16(const uint8_t *p)
{
    return _mm_loadu_si128((const __m128i *)(const void *)p);
}

static inline void store16(uint8_t *p, __m128i v)
{
    _mm_storeu_si128((__m128i *)(void *)p, v);
}

/* The halves go to two rows. */
static inline void store_halves(uint8_t *p, ptrdiff_t step, __m128i v)
{
    _mm_storel_epi64((__m128i *)(void *)p, v);
    _mm_storel_epi64((__m128i *)(void *)(p + step), _mm_unpackhi_epi64(v, v));
}

/* 8 x 8 pixels of a byte */
static inline void block1(uint8_t *out, ptrdiff_t to, const uint8_t *from, ptrdiff_t step)
{
    __m128i a = _mm_unpacklo_epi8(load8(from), load8(from + 4 * step));
    __m128i b = _mm_unpacklo_epi8(load8(from + step), load8(from + 5 * step));
    __m128i c = _mm_unpacklo_epi8(load8(from + 2 * step), load8(from + 6 * step));
    __m128i d = _mm_unpacklo_epi8(load8(from + 3 * step), load8(from + 7 * step));
    __m128i e = _mm_unpacklo_epi8(a, c), f = _mm_unpackhi_epi8(a, c);
    __m128i g = _mm_unpacklo_epi8(b, d), h = _mm_unpackhi_epi8(b, d);
    store_halves(out, to, _mm_unpacklo_epi8(e, g));
    store_halves(out + 2 * to, to, _mm_unpackhi_epi8(e, g));
    store_halves(out + 4 * to, to, _mm_unpacklo_epi8(f, h));
    store_halves(out + 6 * to, to, _mm_unpackhi_epi8(f, h));
}

/* 8 x 8 pixels of two bytes */
static inline void block2(uint8_t *out, ptrdiff_t to, const uint8_t *from, ptrdiff_t step)
{
    __m128i v[8], w[8];
    for (int i = 0; i < 8; i++)
        v[i] = load16(from + i * step);
    for (int i = 0; i < 4; i++) {
        w[2 * i] = _mm_unpacklo_epi16(v[i], v[i + 4]);
        w[2 * i + 1] = _mm_unpackhi_epi16(v[i], v[i + 4]);
    }
    for (int i = 0; i < 4; i++) {
        v[2 * i] = _mm_unpacklo_epi16(w[i], w[i + 4]);
        v[2 * i + 1] = _mm_unpackhi_epi16(w[i], w[i + 4]);
    }
    for (int i = 0; i < 4; i++) {
        store16(out + 2 * i * to, _mm_unpacklo_epi16(v[i], v[i + 4]));
        store16(out + (2 * i + 1) * to, _mm_unpackhi_epi16(v[i], v[i + 4]));
    }
}

/* 4 x 4 pixels of four bytes */
static inline void block4(uint8_t *out, ptrdiff_t to, const uint8_t *from, ptrdiff_t step)
{
    __m128i a = load16(from), b = load16(from + step);
    __m128i c = load16(from + 2 * step), d = load16(from + 3 * step);
    __m128i e = _mm_unpacklo_epi32(a, c), f = _mm_unpackhi_epi32(a, c);
    __m128i g = _mm_unpacklo_epi32(b, d), h = _mm_unpackhi_epi32(b, d);
    store16(out, _mm_unpacklo_epi32(e, g));
    store16(out + to, _mm_unpackhi_epi32(e, g));
    store16(out + 2 * to, _mm_unpacklo_epi32(f, h));
    store16(out + 3 * to, _mm_unpackhi_epi32(f, h));
}

static inline __attribute__((always_inline)) void
blocks(void (*block)(uint8_t *, ptrdiff_t, const uint8_t *, ptrdiff_t), uint32_t edge, uint8_t *out,
       ptrdiff_t out_step, const uint8_t *from, ptrdiff_t step, uint32_t columns, uint32_t rows,
       unsigned pixel)
{
    uint32_t whole_columns = columns - columns % edge, whole_rows = rows - rows % edge;
    ptrdiff_t size = (ptrdiff_t)pixel;
    for (uint32_t i = 0; i < whole_columns; i += edge)
        for (uint32_t j = 0; j < whole_rows; j += edge)
            block(out + (ptrdiff_t)i * out_step + (ptrdiff_t)j * size, out_step,
                  from + (ptrdiff_t)j * step + (ptrdiff_t)i * size, step);
    transpose_portable(out + (ptrdiff_t)whole_rows * size, out_step,
                       from + (ptrdiff_t)whole_rows * step, step, whole_columns, rows - whole_rows,
                       pixel);
    transpose_portable(out + (ptrdiff_t)whole_columns * out_step, out_step,
                       from + (ptrdiff_t)whole_columns * size, step, columns - whole_columns, rows,
                       pixel);
}

void transpose_pixels(uint8_t *out, ptrdiff_t out_step, const uint8_t *from, ptrdiff_t step,
                      uint32_t columns, uint32_t rows, unsigned pixel)
{
    switch (pixel) {
    case 1:
        blocks(block1, 8, out, out_step, from, step, columns, rows, 1);
        break;
    case 2:
        blocks(block2, 8, out, out_step, from, step, columns, rows, 2);
        break;
    case 4:
        blocks(block4, 4, out, out_step, from, step, columns, rows, 4);
        break;
    default:
        transpose_portable(out, out_step, from, step, columns, rows, pixel);
        break;
    }
}

#else

void transpose_pixels(uint8_t *out, ptrdiff_t out_step, const uint8_t *from, ptrdiff_t step,
                      uint32_t columns, uint32_t rows, unsigned pixel)
{
    transpose_portable(out, out_step, from, step, columns, rows, pixel);
}

#endif
