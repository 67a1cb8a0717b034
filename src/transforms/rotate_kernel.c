/* SPDX-License-Identifier: MIT */
/* A portable loop for each size of pixel; gathers of eight for the sizes of most pictures. */
#include "transforms/rotate_kernel.h"

#include <string.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

static inline __attribute__((always_inline)) void
walk(uint8_t *out, const uint8_t *window, struct slant line, uint32_t count, size_t bytes)
{
    uint32_t x = line.x, y = line.y, dx = (uint32_t)line.dx, dy = (uint32_t)line.dy;
    for (uint32_t i = 0; i < count; i++, x += dx, y += dy, out += bytes) {
        uint32_t at = (y >> SLANT_BITS) * WINDOW_EDGE + (x >> SLANT_BITS);
        memcpy(out, window + at * bytes, bytes);
    }
}

#define WALK(name, bytes)                                                                    \
    static void name(uint8_t *out, const uint8_t *window, struct slant line, uint32_t count) \
    {                                                                                        \
        walk(out, window, line, count, bytes);                                               \
    }
WALK(walk1, 1)
WALK(walk2, 2)
WALK(walk3, 3)
WALK(walk4, 4)
WALK(walk6, 6)
WALK(walk8, 8)

#if defined(__x86_64__)

#define AVX2 __attribute__((target("avx2")))

/* Eight places of the line and the step to the next eight. */
struct eight {
    __m256i x, y, dx, dy;
};

static inline AVX2 struct eight eight_start(struct slant line)
{
    const __m256i lane = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
    __m256i dx = _mm256_set1_epi32(line.dx), dy = _mm256_set1_epi32(line.dy);
    struct eight e = {
        _mm256_add_epi32(_mm256_set1_epi32((int)line.x), _mm256_mullo_epi32(dx, lane)),
        _mm256_add_epi32(_mm256_set1_epi32((int)line.y), _mm256_mullo_epi32(dy, lane)),
        _mm256_slli_epi32(dx, 3),
        _mm256_slli_epi32(dy, 3),
    };
    return e;
}

/* Pixel numbers of the eight places, then on to the next. */
static inline AVX2 __m256i eight_next(struct eight *e)
{
    const __m256i edge = _mm256_set1_epi32(WINDOW_EDGE << 16 | 1);
    /* x in the low half, y in the high half of each lane: one multiply-add gives y * edge + x */
    __m256i both = _mm256_blend_epi16(_mm256_srli_epi32(e->y, SLANT_BITS - 16),
                                      _mm256_srli_epi32(e->x, SLANT_BITS), 0x55);
    e->x = _mm256_add_epi32(e->x, e->dx);
    e->y = _mm256_add_epi32(e->y, e->dy);
    return _mm256_madd_epi16(both, edge);
}

static inline struct slant slant_skip(struct slant line, uint32_t count)
{
    line.x += (uint32_t)line.dx * count;
    line.y += (uint32_t)line.dy * count;
    return line;
}

static AVX2 inline __m256i gather_byte(const uint8_t *window, __m256i at)
{
    __m256i v = _mm256_i32gather_epi32((const int *)(const void *)window, at, 1);
    return _mm256_and_si256(v, _mm256_set1_epi32(0xff));
}

static AVX2 void gather1(uint8_t *out, const uint8_t *window, struct slant line, uint32_t count)
{
    const __m256i order = _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7);
    struct eight e = eight_start(line);
    uint32_t i = 0;
    for (; count - i >= 32; i += 32) {
        __m256i a = gather_byte(window, eight_next(&e));
        __m256i b = gather_byte(window, eight_next(&e));
        __m256i c = gather_byte(window, eight_next(&e));
        __m256i d = gather_byte(window, eight_next(&e));
        __m256i v = _mm256_packus_epi16(_mm256_packus_epi32(a, b), _mm256_packus_epi32(c, d));
        v = _mm256_permutevar8x32_epi32(v, order); /* packing works within halves */
        _mm256_storeu_si256((__m256i *)(void *)(out + i), v);
    }
    walk1(out + i, window, slant_skip(line, i), count - i);
}

static AVX2 void gather4(uint8_t *out, const uint8_t *window, struct slant line, uint32_t count)
{
    struct eight e = eight_start(line);
    uint32_t i = 0;
    for (; count - i >= 8; i += 8) {
        __m256i v = _mm256_i32gather_epi32((const int *)(const void *)window, eight_next(&e), 4);
        _mm256_storeu_si256((__m256i *)(void *)(out + (size_t)i * 4), v);
    }
    walk4(out + (size_t)i * 4, window, slant_skip(line, i), count - i);
}

#endif

rotate_kernel *rotate_kernel_for(unsigned bytes, enum simd simd)
{
#if defined(__x86_64__)
    if (simd >= SIMD_AVX2 && bytes == 1)
        return gather1;
    if (simd >= SIMD_AVX2 && bytes == 4)
        return gather4;
#endif
    (void)simd;
    switch (bytes) {
    case 1:
        return walk1;
    case 2:
        return walk2;
    case 3:
        return walk3;
    case 4:
        return walk4;
    case 6:
        return walk6;
    default:
        return walk8;
    }
}
