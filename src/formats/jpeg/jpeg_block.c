/* SPDX-License-Identifier: MIT */
/* A photograph's blocks have some 5 coefficients that are not 0: 18 bytes instead of 128. */
#include "formats/jpeg/jpeg_block.h"

#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

void jpeg_block_map_make(struct jpeg_block_map *m, bool transpose, bool mirror_x, bool mirror_y)
{
    for (unsigned i = 0; i < DCTSIZE2; i++) {
        unsigned y = i / DCTSIZE, x = i % DCTSIZE;
        unsigned to_y = transpose ? x : y, to_x = transpose ? y : x;
        m->place[i] = (uint8_t)(to_y * DCTSIZE + to_x);
        m->sign[i] = (mirror_x && to_x % 2 == 1) != (mirror_y && to_y % 2 == 1) ? -1 : 0;
    }
}

bool jpeg_block_reach_is_codable(const struct jpeg_block_reach *r)
{
    /* the first difference is to 0, which dc_low and dc_high enclose */
    return r->ac < 1024 && r->dc_high - r->dc_low < 2048;
}

static uint8_t *put_values(const JCOEF *block, uint64_t mask, uint8_t *out,
                           struct jpeg_block_reach *reach)
{
    unsigned ac = reach->ac;
    int dc = block[0];
    reach->dc_low = dc < reach->dc_low ? dc : reach->dc_low;
    reach->dc_high = dc > reach->dc_high ? dc : reach->dc_high;
    memcpy(out, &mask, sizeof mask);
    out += sizeof mask;
    if (mask & 1) {
        memcpy(out, block, sizeof *block);
        out += sizeof *block;
        mask--;
    }
    for (; mask != 0; mask &= mask - 1, out += sizeof *block) {
        int value = block[__builtin_ctzll(mask)];
        ac |= (unsigned)(value < 0 ? -value : value);
        memcpy(out, block + __builtin_ctzll(mask), sizeof *block);
    }
    reach->ac = ac;
    return out;
}

uint8_t *jpeg_block_put_portable(const JCOEF *block, uint8_t *out, struct jpeg_block_reach *reach)
{
    uint64_t mask = 0;
    for (int i = 0; i < DCTSIZE2; i++)
        mask |= (uint64_t)(block[i] != 0) << i;
    return put_values(block, mask, out, reach);
}

#ifdef __SSE2__
uint8_t *jpeg_block_put(const JCOEF *block, uint8_t *out, struct jpeg_block_reach *reach)
{
    const __m128i zero = _mm_setzero_si128();
    uint64_t zeroes = 0;
    for (int i = 0; i < DCTSIZE2; i += 16) {
        __m128i a = _mm_loadu_si128((const __m128i *)(const void *)(block + i));
        __m128i b = _mm_loadu_si128((const __m128i *)(const void *)(block + i + 8));
        __m128i both = _mm_packs_epi16(_mm_cmpeq_epi16(a, zero), _mm_cmpeq_epi16(b, zero));
        zeroes |= (uint64_t)(unsigned)_mm_movemask_epi8(both) << i;
    }
    return put_values(block, ~zeroes, out, reach);
}
#else
uint8_t *jpeg_block_put(const JCOEF *block, uint8_t *out, struct jpeg_block_reach *reach)
{
    return jpeg_block_put_portable(block, out, reach);
}
#endif

const uint8_t *jpeg_block_get(const uint8_t *in, const struct jpeg_block_map *m, JCOEF *block)
{
    uint64_t mask;
    memcpy(&mask, in, sizeof mask);
    in += sizeof mask;
    for (; mask != 0; mask &= mask - 1) {
        unsigned i = (unsigned)__builtin_ctzll(mask);
        int16_t value;
        memcpy(&value, in, sizeof value);
        in += sizeof value;
        block[m->place[i]] = (JCOEF)((value ^ m->sign[i]) - m->sign[i]);
    }
    return in;
}

const uint8_t *jpeg_block_get_straight(const uint8_t *in, JCOEF *block)
{
    uint64_t mask;
    memcpy(&mask, in, sizeof mask);
    in += sizeof mask;
    for (; mask != 0; mask &= mask - 1, in += sizeof *block)
        memcpy(block + __builtin_ctzll(mask), in, sizeof *block);
    return in;
}

const uint8_t *jpeg_block_skip(const uint8_t *in)
{
    uint64_t mask;
    memcpy(&mask, in, sizeof mask);
    return in + sizeof mask + (size_t)__builtin_popcountll(mask) * sizeof(JCOEF);
}
