/* SPDX-License-Identifier: MIT */
/*
 * Each sum is taken down the columns first, then across: two columns, which are eight floats, at a
 * time where registers hold them, else one; in the same order, so that the results are the same.
 */
#include "transforms/smooth_kernel.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#define ROW ((size_t)WINDOW_EDGE * 4)

typedef float quad __attribute__((vector_size(16)));
typedef float loose_quad __attribute__((vector_size(16), aligned(4), may_alias));

/* Two columns of pixels and the phases of a place. */
struct spot {
    const float *at; /* the pixel at -1, -1 */
    const float *across, *down;
};

KERNEL struct spot spot_of(const float *window, const struct phase *phases, uint32_t x, uint32_t y)
{
    const unsigned shift = SLANT_BITS - PHASE_BITS;
    struct spot s = {
        window + (size_t)((y >> SLANT_BITS) - 1) * ROW + (size_t)((x >> SLANT_BITS) - 1) * 4,
        phases[x >> shift & (PHASES - 1)].weight,
        phases[y >> shift & (PHASES - 1)].weight,
    };
    return s;
}

#if defined(__x86_64__)

/* Four of a, four of b. */
#define TWO(a, b) ((lanes)_mm256_set_m128(_mm_set1_ps(b), _mm_set1_ps(a)))

KERNEL AVX2 lanes two_columns(const float *at, const float *down, unsigned taps)
{
    if (taps == 2)
        return *(const loose_lanes *)(at + ROW) * down[1] +
               *(const loose_lanes *)(at + 2 * ROW) * down[2];
    return *(const loose_lanes *)at * down[0] + *(const loose_lanes *)(at + ROW) * down[1] +
           *(const loose_lanes *)(at + 2 * ROW) * down[2] +
           *(const loose_lanes *)(at + 3 * ROW) * down[3];
}

KERNEL AVX2 void walk_avx2(float *out, const float *window, const struct phase *phases,
                           struct slant line, uint32_t count, unsigned taps)
{
    uint32_t x = line.x, y = line.y;
    for (uint32_t i = 0; i < count; i++, x += (uint32_t)line.dx, y += (uint32_t)line.dy) {
        struct spot s = spot_of(window, phases, x, y);
        lanes sum;
        if (taps == 2)
            sum = two_columns(s.at + 4, s.down, 2) * TWO(s.across[1], s.across[2]);
        else
            sum = two_columns(s.at, s.down, 4) * TWO(s.across[0], s.across[1]) +
                  two_columns(s.at + 8, s.down, 4) * TWO(s.across[2], s.across[3]);
        quad low = {sum[0], sum[1], sum[2], sum[3]}, high = {sum[4], sum[5], sum[6], sum[7]};
        *(loose_quad *)(out + (size_t)i * 4) = low + high;
    }
}

#endif

KERNEL quad column(const float *at, const float *down, unsigned taps)
{
    if (taps == 2)
        return *(const loose_quad *)(at + ROW) * down[1] +
               *(const loose_quad *)(at + 2 * ROW) * down[2];
    return *(const loose_quad *)at * down[0] + *(const loose_quad *)(at + ROW) * down[1] +
           *(const loose_quad *)(at + 2 * ROW) * down[2] +
           *(const loose_quad *)(at + 3 * ROW) * down[3];
}

KERNEL void walk_plain(float *out, const float *window, const struct phase *phases,
                       struct slant line, uint32_t count, unsigned taps)
{
    uint32_t x = line.x, y = line.y;
    for (uint32_t i = 0; i < count; i++, x += (uint32_t)line.dx, y += (uint32_t)line.dy) {
        struct spot s = spot_of(window, phases, x, y);
        quad low, high;
        if (taps == 2) {
            low = column(s.at + 4, s.down, 2) * s.across[1];
            high = column(s.at + 8, s.down, 2) * s.across[2];
        } else {
            low = column(s.at, s.down, 4) * s.across[0] + column(s.at + 8, s.down, 4) * s.across[2];
            high = column(s.at + 4, s.down, 4) * s.across[1] +
                   column(s.at + 12, s.down, 4) * s.across[3];
        }
        *(loose_quad *)(out + (size_t)i * 4) = low + high;
    }
}

#define MAKE(name, target)                                                                         \
    target static void bilinear_##name(float *out, const float *window,                            \
                                       const struct phase *phases, struct slant line,              \
                                       uint32_t count)                                             \
    {                                                                                              \
        walk_##name(out, window, phases, line, count, 2);                                          \
    }                                                                                              \
    target static void bicubic_##name(float *out, const float *window, const struct phase *phases, \
                                      struct slant line, uint32_t count)                           \
    {                                                                                              \
        walk_##name(out, window, phases, line, count, 4);                                          \
    }

MAKE(plain, )
#if defined(__x86_64__)
MAKE(avx2, AVX2)
#endif

smooth_kernel *smooth_kernel_for(unsigned taps, enum simd simd)
{
#if defined(__x86_64__)
    if (simd >= SIMD_AVX2)
        return taps == 2 ? bilinear_avx2 : bicubic_avx2;
#endif
    (void)simd;
    return taps == 2 ? bilinear_plain : bicubic_plain;
}
