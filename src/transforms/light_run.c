/* SPDX-License-Identifier: MIT */
/* One loop for decoding and one for encoding, made for each kind of pixel. */
#include "transforms/light_run.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include "base/size.h"
#include "transforms/lanes.h"

#define INLINE static inline __attribute__((always_inline))

/* Calls with constant channels and bits, so that branches and loops over channels go. */
#define EACH_LAYOUT(layout, call) \
    switch (layout) {             \
    case LAYOUT_GRAY8:            \
        call(1, 8);               \
        break;                    \
    case LAYOUT_GRAYA8:           \
        call(2, 8);               \
        break;                    \
    case LAYOUT_RGB8:             \
        call(3, 8);               \
        break;                    \
    case LAYOUT_RGBA8:            \
        call(4, 8);               \
        break;                    \
    case LAYOUT_GRAY16:           \
        call(1, 16);              \
        break;                    \
    case LAYOUT_GRAYA16:          \
        call(2, 16);              \
        break;                    \
    case LAYOUT_RGB16:            \
        call(3, 16);              \
        break;                    \
    default:                      \
        call(4, 16);              \
        break;                    \
    }

INLINE uint32_t load_code(const uint8_t *from, unsigned i, unsigned bits)
{
    if (bits == 8)
        return from[i];
    uint16_t v;
    memcpy(&v, from + (size_t)2 * i, 2);
    return v;
}

INLINE void store_code(uint8_t *to, unsigned i, unsigned bits, uint32_t code)
{
    uint16_t v = (uint16_t)code;
    if (bits == 8)
        to[i] = (uint8_t)code;
    else
        memcpy(to + (size_t)2 * i, &v, 2);
}

/* between: floats from a sample to the next; step: from a pixel to the next */
INLINE void decode_samples(const float *linear, const uint8_t *from, float *to, uint32_t count,
                           unsigned channels, unsigned bits, size_t between, size_t step)
{
    const unsigned colors = channels - 1 + channels % 2;
    const float most = bits == 8 ? 255.0f : 65535.0f;
    for (uint32_t i = 0; i < count; i++, from += channels * bits / 8, to += step) {
        float alpha = 1.0f;
        if (colors < channels)
            to[colors * between] = alpha = (float)load_code(from, colors, bits) / most;
        for (unsigned c = 0; c < colors; c++) {
            float v = linear[load_code(from, c, bits)];
            to[c * between] = colors < channels ? v * alpha : v;
        }
    }
}

void light_decode_run(const struct light *l, enum layout layout, const uint8_t *from, float *to,
                      enum light_order order, uint32_t count)
{
    const float *linear = l->linear;
#define LANE(channels, bits) \
    decode_samples(linear, from, to, count, channels, bits, 8, 8 * (channels))
#define QUAD(channels, bits) decode_samples(linear, from, to, count, channels, bits, 1, 4)
    if (order == LIGHT_LANE) {
        EACH_LAYOUT(layout, LANE)
    } else {
        EACH_LAYOUT(layout, QUAD)
    }
}

INLINE uint32_t encode_code(const struct light *l, float v, unsigned bits)
{
    return bits == 8 ? light_encode8(l, v) : light_encode16(l, v);
}

INLINE void encode(const struct light *l, const float *from, size_t step, uint8_t *to,
                   uint32_t count, unsigned channels, unsigned bits)
{
    const unsigned colors = channels - 1 + channels % 2;
    const float most = bits == 8 ? 255.0f : 65535.0f;
    for (uint32_t i = 0; i < count; i++, from += step, to += channels * bits / 8) {
        if (colors == channels) {
            for (unsigned c = 0; c < colors; c++)
                store_code(to, c, bits, encode_code(l, from[c], bits));
            continue;
        }
        float alpha = from[colors], whole = alpha < 1.0f ? alpha : 1.0f;
        uint32_t code = whole > 0.0f ? (uint32_t)(whole * most + 0.5f) : 0;
        for (unsigned c = 0; c < colors; c++)
            store_code(to, c, bits, code > 0 ? encode_code(l, from[c] / alpha, bits) : 0);
        store_code(to, colors, bits, code);
    }
}

/* Samples of 8 bits without alpha, one after the other: what most pictures are made of. */
static void encode_plain(const struct light *l, const float *from, uint8_t *to, size_t count)
{
    for (size_t i = 0; i < count; i++)
        to[i] = light_encode8(l, from[i]);
}

#if defined(__x86_64__)
INLINE AVX2 __m256i encode_eight(const uint32_t *bins, const float *from)
{
    __m256 v = _mm256_max_ps(_mm256_loadu_ps(from), _mm256_setzero_ps());
    v = _mm256_min_ps(v, _mm256_set1_ps(1.0f));
    v = _mm256_mul_ps(v, _mm256_set1_ps((float)LIGHT_BINS * LIGHT_PLACES));
    __m256i place = _mm256_cvttps_epi32(v);
    __m256i bin = _mm256_i32gather_epi32((const int *)bins, _mm256_srli_epi32(place, 16), 4);
    place = _mm256_and_si256(place, _mm256_set1_epi32(LIGHT_PLACES - 1));
    return _mm256_srli_epi32(_mm256_add_epi32(bin, place), 16);
}

static AVX2 void encode_avx2(const struct light *l, const float *from, uint8_t *to, size_t count)
{
    const __m256i order = _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7);
    size_t i = 0;
    for (; count - i >= 32; i += 32) {
        __m256i a = encode_eight(l->bins, from + i), b = encode_eight(l->bins, from + i + 8);
        __m256i c = encode_eight(l->bins, from + i + 16), d = encode_eight(l->bins, from + i + 24);
        __m256i v = _mm256_packus_epi16(_mm256_packus_epi32(a, b), _mm256_packus_epi32(c, d));
        v = _mm256_permutevar8x32_epi32(v, order); /* packing works within halves */
        _mm256_storeu_si256((__m256i *)(void *)(to + i), v);
    }
    encode_plain(l, from + i, to + i, count - i);
}
#endif

static void encode_samples(const struct light *l, const float *from, uint8_t *to, size_t count)
{
#if defined(__x86_64__)
    if (l->simd >= SIMD_AVX2) {
        encode_avx2(l, from, to, count);
        return;
    }
#endif
    encode_plain(l, from, to, count);
}

/* Encodes the float that is of no use, too, and then leaves it out. */
static void encode_quads(const struct light *l, const float *from, uint8_t *to, uint32_t count)
{
    uint8_t codes[4 * 64];
    for (uint32_t i = 0, n; i < count; i += n) {
        n = min_u32(64, count - i);
        encode_samples(l, from + (size_t)i * 4, codes, (size_t)n * 4);
        for (uint32_t k = 0; k < n; k++, to += 3)
            memcpy(to, codes + (size_t)k * 4, 3);
    }
}

void light_encode_run(const struct light *l, enum layout layout, const float *from, size_t step,
                      uint8_t *to, uint32_t count)
{
#define ENCODE(channels, bits) encode(l, from, step, to, count, channels, bits)
    unsigned channels = layout_info(layout)->channels;
    if ((layout == LAYOUT_GRAY8 || layout == LAYOUT_RGB8) && step == channels) {
        encode_samples(l, from, to, (size_t)count * channels);
    } else if (layout == LAYOUT_RGB8 && step == 4) {
        encode_quads(l, from, to, count);
    } else {
        EACH_LAYOUT(layout, ENCODE)
    }
}
