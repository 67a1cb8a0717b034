/* SPDX-License-Identifier: MIT */
/* Cells, and the search of all entries where they do not tell. */
#include "color/nearest_few.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include "base/mem.h"

/*
 * By lightness, roughly: the dark end of OKLab is steep. No less than for each color of each cell,
 * as trying them all shows.
 */
uint32_t nearest_few_radius(unsigned r, unsigned g, unsigned b)
{
    static const uint16_t radius[64] = {
        2521, 596, 376, 302, 279, 266, 259, 255, 251, 245, 242, 238, 235, 233, 230, 228,
        225,  223, 221, 219, 217, 215, 214, 212, 211, 210, 208, 207, 205, 204, 203, 202,
        200,  199, 198, 197, 196, 195, 194, 194, 193, 191, 191, 190, 189, 188, 188, 187,
        186,  186, 185, 185, 183, 183, 182, 182, 181, 181, 180, 179, 179, 178, 178, 176};
    return radius[(2 * r + 5 * g + b) / 8];
}

static int32_t distance(const struct nearest_few *f, uint32_t i, struct oklab at)
{
    return (int32_t)oklab_distance(at, (struct oklab){f->la[i][0], f->la[i][1], f->b0[i][0]});
}

static uint32_t search_plain(const struct nearest_few *f, struct oklab at)
{
    uint32_t best = 0;
    int32_t least = INT32_MAX;
    for (uint32_t i = 0; i < NEAREST_FEW; i++) {
        int32_t d = distance(f, i, at);
        if (d < least) {
            least = d;
            best = i;
        }
    }
    return best;
}

#if defined(__x86_64__)
static __attribute__((target("sse4.1"))) uint32_t search_sse41(const struct nearest_few *f,
                                                               struct oklab at)
{
    const __m128i la = _mm_set1_epi32((int)((uint32_t)(uint16_t)at.a << 16 | (uint16_t)at.l));
    const __m128i b0 = _mm_set1_epi32((uint16_t)at.b);
    __m128i d[NEAREST_FEW / 4];
    for (unsigned i = 0; i < NEAREST_FEW / 4; i++) {
        __m128i x = _mm_sub_epi16(_mm_loadu_si128((const __m128i *)f->la[4 * i]), la);
        __m128i y = _mm_sub_epi16(_mm_loadu_si128((const __m128i *)f->b0[4 * i]), b0);
        d[i] = _mm_add_epi32(_mm_madd_epi16(x, x), _mm_madd_epi16(y, y));
    }
    __m128i least = _mm_min_epi32(_mm_min_epi32(d[0], d[1]), _mm_min_epi32(d[2], d[3]));
    least = _mm_min_epi32(least, _mm_shuffle_epi32(least, 0x4e));
    least = _mm_min_epi32(least, _mm_shuffle_epi32(least, 0xb1));
    __m128i low = _mm_packs_epi32(_mm_cmpeq_epi32(d[0], least), _mm_cmpeq_epi32(d[1], least));
    __m128i high = _mm_packs_epi32(_mm_cmpeq_epi32(d[2], least), _mm_cmpeq_epi32(d[3], least));
    return (uint32_t)__builtin_ctz((unsigned)_mm_movemask_epi8(_mm_packs_epi16(low, high)));
}
#endif

/*
 * With c the middle of a cell, n the entry nearest to c and p another: a color x of the cell is
 * nearer to p only beyond the plane midway between n and p, from which c is
 * (|p - c|^2 - |n - c|^2) / (2 |p - n|) away.
 */
static uint8_t know_cell(const struct nearest_few *f, uint32_t color)
{
    const unsigned r = color >> 2 & 63, g = color >> 10 & 63, b = color >> 18 & 63;
    const struct oklab middle = oklab_from_fine(r * 1024 + 384, g * 1024 + 384, b * 1024 + 384);
    const int64_t radius = nearest_few_radius(r, g, b);
    const uint32_t n = f->search(f, middle);
    const int32_t least = distance(f, n, middle);
    for (uint32_t i = 0; i < NEAREST_FEW; i++)
        if (f->entry[i] != f->entry[n] && distance(f, i, middle) - least <= radius * f->apart[n][i])
            return FEW_SEVERAL;
    return (uint8_t)(FEW_ENTRY + f->entry[n]);
}

uint32_t nearest_few_look(struct nearest_few *f, uint32_t color, uint8_t *cell)
{
    if (*cell == FEW_UNKNOWN)
        *cell = know_cell(f, color);
    if (*cell >= FEW_ENTRY)
        return *cell - FEW_ENTRY;
    return f->entry[f->search(f, oklab_from_rgb(color & 255, color >> 8 & 255, color >> 16))];
}

enum status nearest_few_open(struct context *cx, const struct palette *palette,
                             struct nearest_few *f)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < palette->count; i++)
        if (palette->entry[i].a != 0)
            f->entry[count++] = (uint8_t)i;
    for (uint32_t i = 0; i < NEAREST_FEW; i++) {
        f->entry[i] = f->entry[i < count ? i : 0];
        const struct rgba8 *e = &palette->entry[f->entry[i]];
        struct oklab at = oklab_from_rgb(e->r, e->g, e->b);
        f->la[i][0] = at.l;
        f->la[i][1] = at.a;
        f->b0[i][0] = at.b;
        for (uint32_t k = 0; k < i; k++)
            f->apart[i][k] = f->apart[k][i] =
                (int32_t)square_root((uint64_t)distance(f, k, at) * 4) + 1;
    }
    f->search = search_plain;
#if defined(__x86_64__)
    if (cx->simd >= SIMD_SSE41)
        f->search = search_sse41;
#endif
    f->cell = mem_zalloc(cx, FEW_CELLS);
    return f->cell != NULL ? ST_OK : cx->status;
}

void nearest_few_close(struct context *cx, struct nearest_few *f)
{
    mem_free(cx, f->cell);
}
