/* SPDX-License-Identifier: MIT */
/* The loops, made plain and with AVX2. */
#include "transforms/resize_kernel.h"

#include "base/size.h"

/*
 * A sum of many is cut into sums of at most this many: rounding errors then grow with the square
 * root of the number at worst.
 */
#define RUN 64

/*
 * Spelt out, so that the sums of all channels stay in registers; in two halves of the lanes for
 * the same reason where a register holds no more.
 */
#define MAKE_DOT(name, vector)                                                             \
    KERNEL void name(lanes *out, const lanes *window, const float *weights, uint32_t taps, \
                     unsigned channels)                                                    \
    {                                                                                      \
        const vector none = {0};                                                           \
        const unsigned step = sizeof(lanes) / sizeof(vector);                              \
        for (unsigned part = 0; part < step; part++) {                                     \
            const vector *from = (const vector *)window + part;                            \
            vector *to = (vector *)out + part, s0 = none, s1 = none, s2 = none, s3 = none; \
            for (uint32_t k = 0; k < taps; k++, from += (size_t)channels * step) {         \
                vector w = none + weights[k];                                              \
                s0 += from[0] * w;                                                         \
                if (channels > 1)                                                          \
                    s1 += from[step] * w;                                                  \
                if (channels > 2)                                                          \
                    s2 += from[2 * step] * w;                                              \
                if (channels > 3)                                                          \
                    s3 += from[3 * step] * w;                                              \
            }                                                                              \
            to[0] += s0;                                                                   \
            if (channels > 1)                                                              \
                to[step] += s1;                                                            \
            if (channels > 2)                                                              \
                to[2 * step] += s2;                                                        \
            if (channels > 3)                                                              \
                to[3 * step] += s3;                                                        \
        }                                                                                  \
    }

typedef float half_lanes __attribute__((vector_size(16), may_alias));

MAKE_DOT(dot_plain, half_lanes)
#if defined(__x86_64__)
MAKE_DOT(dot_avx2, lanes)
#endif

typedef void dot_function(lanes *out, const lanes *from, const float *weights, uint32_t taps,
                          unsigned channels);

/* Adds up by runs: what is constant here makes loops of its own. */
KERNEL void filter_of(dot_function *dot, lanes *out, const lanes *window, const struct taps *t,
                      uint32_t count, unsigned channels)
{
    for (uint32_t i = 0; i < count; i++, out += channels) {
        const float *weights = t->weights + (size_t)i * t->taps;
        const lanes *from = window + (size_t)(t->first[i] - t->origin) * channels;
        for (uint32_t k = 0; k < t->taps; k += RUN)
            dot(out, from + (size_t)k * channels, weights + k, min_u32(RUN, t->taps - k), channels);
    }
}

KERNEL void filter(dot_function *dot, lanes *out, const lanes *window, const struct taps *t,
                   uint32_t count, unsigned channels)
{
    switch (channels) {
    case 1:
        filter_of(dot, out, window, t, count, 1);
        break;
    case 2:
        filter_of(dot, out, window, t, count, 2);
        break;
    case 3:
        filter_of(dot, out, window, t, count, 3);
        break;
    default:
        filter_of(dot, out, window, t, count, 4);
        break;
    }
}

#if defined(__clang__)
#define PICK(a, b, ...) __builtin_shufflevector(a, b, __VA_ARGS__)
#else
#define PICK(a, b, ...) __builtin_shuffle(a, b, (int __attribute__((vector_size(32)))){__VA_ARGS__})
#endif

/* Each of these does in halves of four what two samples, then two pairs, take to become rows. */
#define PAIR(i)                                                           \
    pair[i] = PICK(sample[i], sample[(i) + 1], 0, 8, 1, 9, 4, 12, 5, 13); \
    pair[(i) + 1] = PICK(sample[i], sample[(i) + 1], 2, 10, 3, 11, 6, 14, 7, 15)
#define FOUR(i)                                                                   \
    four[i] = PICK(pair[i], pair[(i) + 2], 0, 1, 8, 9, 4, 5, 12, 13);             \
    four[(i) + 1] = PICK(pair[i], pair[(i) + 2], 2, 3, 10, 11, 6, 7, 14, 15);     \
    four[(i) + 2] = PICK(pair[(i) + 1], pair[(i) + 3], 0, 1, 8, 9, 4, 5, 12, 13); \
    four[(i) + 3] = PICK(pair[(i) + 1], pair[(i) + 3], 2, 3, 10, 11, 6, 7, 14, 15)
#define HALVES(i)                                                    \
    row[i] = PICK(four[i], four[(i) + 4], 0, 1, 2, 3, 8, 9, 10, 11); \
    row[(i) + 4] = PICK(four[i], four[(i) + 4], 4, 5, 6, 7, 12, 13, 14, 15)

/* Eight samples of eight rows become eight rows of eight samples; spelt out, for registers. */
KERNEL void transpose(lanes *row, const lanes *sample)
{
    lanes pair[8], four[8];
    PAIR(0);
    PAIR(2);
    PAIR(4);
    PAIR(6);
    FOUR(0);
    FOUR(4);
    HALVES(0);
    HALVES(1);
    HALVES(2);
    HALVES(3);
}

KERNEL void spread(const struct shares *s, const lanes *samples, size_t at, size_t count)
{
    for (size_t i = 0; i < count; i += LANES, at += LANES) {
        lanes row[LANES];
        transpose(row, samples + i);
        for (uint32_t k = 0; k < s->count; k++) {
            const lanes *w = s->weight[k];
            lanes low = row[0] * w[0] + row[1] * w[1] + row[2] * w[2] + row[3] * w[3];
            lanes high = row[4] * w[4] + row[5] * w[5] + row[6] * w[6] + row[7] * w[7];
            *(loose_lanes *)(s->row[k] + at) += low + high;
        }
    }
}

KERNEL void store(float *const *rows, const lanes *samples, size_t at, size_t count)
{
    for (size_t i = 0; i < count; i += LANES, at += LANES) {
        lanes row[LANES];
        transpose(row, samples + i);
        for (unsigned r = 0; r < LANES; r++)
            if (rows[r] != NULL)
                *(loose_lanes *)(rows[r] + at) = row[r];
    }
}

KERNEL void gather(float *out, const float *const *rows, const float *weights, uint32_t taps,
                   size_t count)
{
    size_t i = 0;
    for (; count - i >= LANES; i += LANES) {
        lanes sum = *(const loose_lanes *)(rows[0] + i) * weights[0];
        for (uint32_t k = 1; k < taps; k++)
            sum += *(const loose_lanes *)(rows[k] + i) * weights[k];
        *(loose_lanes *)(out + i) = sum;
    }
    for (; i < count; i++) {
        out[i] = rows[0][i] * weights[0];
        for (uint32_t k = 1; k < taps; k++)
            out[i] += rows[k][i] * weights[k];
    }
}

#define MAKE(name, target)                                                                         \
    target static void filter_##name(lanes *out, const lanes *window, const struct taps *t,        \
                                     uint32_t count, unsigned channels)                            \
    {                                                                                              \
        filter(dot_##name, out, window, t, count, channels);                                       \
    }                                                                                              \
    target static void spread_##name(const struct shares *s, const lanes *samples, size_t at,      \
                                     size_t count)                                                 \
    {                                                                                              \
        spread(s, samples, at, count);                                                             \
    }                                                                                              \
    target static void store_##name(float *const *rows, const lanes *samples, size_t at,           \
                                    size_t count)                                                  \
    {                                                                                              \
        store(rows, samples, at, count);                                                           \
    }                                                                                              \
    target static void gather_##name(float *out, const float *const *rows, const float *weights,   \
                                     uint32_t taps, size_t count)                                  \
    {                                                                                              \
        gather(out, rows, weights, taps, count);                                                   \
    }                                                                                              \
    static const struct resize_kernel kernel_##name = {filter_##name, spread_##name, store_##name, \
                                                       gather_##name};

MAKE(plain, )
#if defined(__x86_64__)
MAKE(avx2, AVX2)
#endif

const struct resize_kernel *resize_kernel_for(enum simd simd)
{
#if defined(__x86_64__)
    if (simd >= SIMD_AVX2)
        return &kernel_avx2;
#endif
    (void)simd;
    return &kernel_plain;
}
