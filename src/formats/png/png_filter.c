/* SPDX-License-Identifier: MIT */
/* All five filters over 16 bytes at a time, none of whose results is kept. */
#include "formats/png/png_filter.h"

#include <stdlib.h>
#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

static unsigned far(unsigned byte)
{
    byte &= 255;
    return byte < 128 ? byte : 256 - byte;
}

/* Of left, above, and above left the one nearest to left + above - above left. 9.4 */
static unsigned paeth(int a, int b, int c)
{
    int to_a = abs(b - c), to_b = abs(a - c), to_c = abs(a + b - 2 * c);
    return (unsigned)(to_a <= to_b && to_a <= to_c ? a : to_b <= to_c ? b : c);
}

/* Bytes from start to end. */
static void add_sums(const uint8_t *row, const uint8_t *above, size_t start, size_t end,
                     size_t pixel, uint64_t *sums)
{
    for (size_t i = start; i < end; i++) {
        unsigned x = row[i], a = i < pixel ? 0 : row[i - pixel], b = above[i],
                 c = i < pixel ? 0 : above[i - pixel];
        sums[PNG_FILTER_OF_NOTHING] += far(x);
        sums[PNG_FILTER_OF_LEFT] += far(x - a);
        sums[PNG_FILTER_OF_ABOVE] += far(x - b);
        sums[PNG_FILTER_OF_AVERAGE] += far(x - (a + b) / 2);
        sums[PNG_FILTER_OF_PAETH] += far(x - paeth((int)a, (int)b, (int)c));
    }
}

void png_filter_sums_portable(const uint8_t *row, const uint8_t *above, size_t bytes, size_t pixel,
                              uint64_t sums[static PNG_FILTERS])
{
    memset(sums, 0, PNG_FILTERS * sizeof *sums);
    add_sums(row, above, 0, bytes, pixel, sums);
}

#ifdef __SSE2__
static __m128i load(const uint8_t *p)
{
    return _mm_loadu_si128((const __m128i *)(const void *)p);
}

static __m128i difference(__m128i a, __m128i b)
{
    return _mm_or_si128(_mm_subs_epu8(a, b), _mm_subs_epu8(b, a));
}

static __m128i not_more(__m128i a, __m128i b)
{
    return _mm_cmpeq_epi8(_mm_min_epu8(a, b), a);
}

static __m128i choose(__m128i mask, __m128i yes, __m128i no)
{
    return _mm_or_si128(_mm_and_si128(mask, yes), _mm_andnot_si128(mask, no));
}

/*
 * Where a and b lie on the same side of c, the distance to c is the sum of the two others, which
 * 255 may stand for where it is more: neither of them is above that. Else it is their difference.
 */
static __m128i paeth16(__m128i a, __m128i b, __m128i c)
{
    __m128i to_a = difference(b, c), to_b = difference(a, c);
    __m128i same = _mm_cmpeq_epi8(not_more(c, a), not_more(c, b));
    __m128i to_c = choose(same, _mm_adds_epu8(to_a, to_b), difference(to_a, to_b));
    __m128i is_a = _mm_and_si128(not_more(to_a, to_b), not_more(to_a, to_c));
    return choose(is_a, a, choose(not_more(to_b, to_c), b, c));
}

/* Rounded down. */
static __m128i average16(__m128i a, __m128i b)
{
    __m128i odd = _mm_and_si128(_mm_xor_si128(a, b), _mm_set1_epi8(1));
    return _mm_sub_epi8(_mm_avg_epu8(a, b), odd);
}

static __m128i add_far(__m128i sum, __m128i x, __m128i guess)
{
    __m128i zero = _mm_setzero_si128(), left = _mm_sub_epi8(x, guess);
    __m128i far16 = _mm_min_epu8(left, _mm_sub_epi8(zero, left));
    return _mm_add_epi64(sum, _mm_sad_epu8(far16, zero));
}

static uint64_t both_halves(__m128i sum)
{
    uint64_t half[2];
    memcpy(half, &sum, sizeof half);
    return half[0] + half[1];
}

void png_filter_sums(const uint8_t *row, const uint8_t *above, size_t bytes, size_t pixel,
                     uint64_t sums[static PNG_FILTERS])
{
    __m128i sum[PNG_FILTERS];
    size_t i = pixel;
    for (unsigned f = 0; f < PNG_FILTERS; f++)
        sum[f] = _mm_setzero_si128();
    for (; bytes - i >= 16; i += 16) {
        __m128i x = load(row + i), a = load(row + i - pixel), b = load(above + i);
        __m128i c = load(above + i - pixel);
        sum[PNG_FILTER_OF_NOTHING] = add_far(sum[PNG_FILTER_OF_NOTHING], x, _mm_setzero_si128());
        sum[PNG_FILTER_OF_LEFT] = add_far(sum[PNG_FILTER_OF_LEFT], x, a);
        sum[PNG_FILTER_OF_ABOVE] = add_far(sum[PNG_FILTER_OF_ABOVE], x, b);
        sum[PNG_FILTER_OF_AVERAGE] = add_far(sum[PNG_FILTER_OF_AVERAGE], x, average16(a, b));
        sum[PNG_FILTER_OF_PAETH] = add_far(sum[PNG_FILTER_OF_PAETH], x, paeth16(a, b, c));
    }
    for (unsigned f = 0; f < PNG_FILTERS; f++)
        sums[f] = both_halves(sum[f]);
    add_sums(row, above, 0, pixel, pixel, sums);
    add_sums(row, above, i, bytes, pixel, sums);
}
#else
void png_filter_sums(const uint8_t *row, const uint8_t *above, size_t bytes, size_t pixel,
                     uint64_t sums[static PNG_FILTERS])
{
    png_filter_sums_portable(row, above, bytes, pixel, sums);
}
#endif

enum png_filter png_filter_choose(const uint8_t *row, const uint8_t *above, size_t bytes,
                                  size_t pixel)
{
    uint64_t sums[PNG_FILTERS];
    unsigned best = 0;
    png_filter_sums(row, above, bytes, pixel, sums);
    for (unsigned f = 1; f < PNG_FILTERS; f++)
        if (sums[f] < sums[best])
            best = f;
    return (enum png_filter)best;
}
