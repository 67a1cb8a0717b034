/* SPDX-License-Identifier: MIT */
/* One pixel after the other, each in the wake of the one before: the chain is kept short. */
#include "color/diffuse.h"

#include <string.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include "base/mem.h"
#include "color/nearest_cache.h"
#include "color/nearest_few.h"

/* Errors and colors have so many bits of fraction: 255 and an error then fit 16 bits. */
#define FRACTION 6
#define WHITE (255 << FRACTION)

/* The palette's colors: a set with false alarms, to ask first, and a hash table of entries. */
#define SET_BITS 12
#define SLOT_BITS 10
#define SLOTS (1u << SLOT_BITS)

typedef void row_fn(struct diffuser *d, const uint8_t *row, size_t bytes, uint8_t *out);

struct diffuser {
    struct context *cx;
    struct nearest_few few; /* one of these is open */
    struct nearest_cache nearest;
    row_fn *next;
    uint32_t width;
    bool leftwards;      /* the row to come */
    int transparent;     /* entry, or -1 */
    int16_t (*error)[4]; /* that has come from above: of pixel x at x + 1 */
    uint32_t set[(1u << SET_BITS) / 32];
    uint16_t slot[SLOTS];  /* an entry + 1; open addressing */
    uint32_t color[256];   /* of the entries: r, g, b from bit 0 on */
    int16_t level[256][4]; /* the same with fraction: r, g, b, 0 */
    int16_t share[4];      /* of an error, scaled by 2^15: ahead; behind, below and ahead there */
};

static uint32_t hash_of(uint32_t color)
{
    return color * UINT32_C(0x9e3779b1);
}

static bool may_hold(const struct diffuser *d, uint32_t color)
{
    uint32_t h = hash_of(color) >> (32 - SET_BITS);
    return d->set[h / 32] >> h % 32 & 1;
}

static uint32_t color_of(const uint8_t *p)
{
    return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16;
}

/* The slot of the entry of just this color, or the free one where it belongs. */
static uint16_t *find_slot(struct diffuser *d, uint32_t color)
{
    uint32_t i = hash_of(color) >> (32 - SLOT_BITS);
    while (d->slot[i] != 0 && d->color[d->slot[i] - 1] != color)
        i = (i + 1) % SLOTS;
    return &d->slot[i];
}

static int clamp(int v, int least, int most)
{
    return v < least ? least : v > most ? most : v;
}

static int16_t part(int error, int share)
{
    return (int16_t)((error * share + (1 << 14)) >> 15);
}

/* Of pixels that take no part: the entry. Else -1. */
static inline int fixed_entry(struct diffuser *d, const uint8_t *p, size_t bytes)
{
    if (bytes == 4 && d->transparent >= 0 && p[3] < 128)
        return d->transparent;
    uint32_t color = color_of(p);
    return may_hold(d, color) ? *find_slot(d, color) - 1 : -1;
}

/*
 * Errors for the row below replace those of this row one pixel after they were used: that is how
 * far back the last share goes. `behind` is what has gathered for the pixel below the one before,
 * `under` below this one.
 */
static void row_plain(struct diffuser *d, const uint8_t *row, size_t bytes, uint8_t *out)
{
    const ptrdiff_t step = d->leftwards ? -1 : 1;
    ptrdiff_t x = d->leftwards ? (ptrdiff_t)d->width - 1 : 0;
    const bool few = d->few.cell != NULL;
    int carry[3] = {0}, behind[3] = {0}, under[3] = {0};
    for (uint32_t i = 0; i < d->width; i++, x += step) {
        const uint8_t *p = row + (size_t)x * bytes;
        int16_t *here = d->error[x + 1], *before = d->error[x + 1 - step];
        int entry = fixed_entry(d, p, bytes), wanted[3], e[3] = {0};
        if (entry < 0) {
            uint8_t c[3];
            for (unsigned k = 0; k < 3; k++) {
                wanted[k] = clamp((p[k] << FRACTION) + here[k] + carry[k], 0, WHITE);
                c[k] = (uint8_t)((wanted[k] + (1 << (FRACTION - 1))) >> FRACTION);
            }
            entry = (int)(few ? nearest_few_find(&d->few, color_of(c),
                                                 nearest_few_place(c[0], c[1], c[2]))
                              : nearest_cache_find(&d->nearest, color_of(c),
                                                   nearest_cache_place(c[0], c[1], c[2])));
            for (unsigned k = 0; k < 3; k++)
                e[k] = wanted[k] - d->level[entry][k];
        }
        out[x] = (uint8_t)entry;
        for (unsigned k = 0; k < 3; k++) {
            carry[k] = part(e[k], d->share[0]);
            before[k] = (int16_t)(behind[k] + part(e[k], d->share[1]));
            behind[k] = under[k] + part(e[k], d->share[2]);
            under[k] = part(e[k], d->share[3]);
        }
    }
    for (unsigned k = 0; k < 3; k++)
        d->error[x + 1 - step][k] = (int16_t)behind[k];
}

#if defined(__x86_64__)
/* nearest_few_place of r, g, b in 16 bits each: the sum of the first two words */
static inline __attribute__((always_inline)) __m128i few_places(__m128i code)
{
    const __m128i cubes = _mm_setr_epi16(64, 1024, 16384, 0, 0, 0, 0, 0);
    const __m128i cells = _mm_setr_epi16(1, 4, 16, 0, 0, 0, 0, 0), three = _mm_set1_epi16(3);
    return _mm_add_epi32(_mm_madd_epi16(_mm_srli_epi16(code, 4), cubes),
                         _mm_madd_epi16(_mm_and_si128(_mm_srli_epi16(code, 2), three), cells));
}

static inline __attribute__((always_inline, target("sse4.1"))) void
row_sse41_of(struct diffuser *d, const uint8_t *row, const size_t bytes, const bool few,
             uint8_t *out)
{
    const ptrdiff_t step = d->leftwards ? -1 : 1;
    const __m128i zero = _mm_setzero_si128(), white = _mm_set1_epi16(WHITE);
    const __m128i half = _mm_set1_epi16(1 << (FRACTION - 1));
    const __m128i steps = _mm_setr_epi16(1, NEAREST_STEP_G, NEAREST_STEP_B, 0, 0, 0, 0, 0);
    const __m128i share0 = _mm_set1_epi16(d->share[0]), share1 = _mm_set1_epi16(d->share[1]);
    const __m128i share2 = _mm_set1_epi16(d->share[2]), share3 = _mm_set1_epi16(d->share[3]);
    const bool alpha = bytes == 4 && d->transparent >= 0;
    __m128i carry = zero, behind = zero, under = zero;
    ptrdiff_t x = d->leftwards ? (ptrdiff_t)d->width - 1 : 0;
    for (uint32_t i = 0; i < d->width; i++, x += step) {
        uint32_t color, four;
        memcpy(&four, row + (size_t)x * bytes, 4);
        color = four & 0xffffff;
        __m128i *here = (__m128i *)d->error[x + 1], *before = (__m128i *)d->error[x + 1 - step];
        if ((alpha && four >> 31 == 0) || may_hold(d, color)) {
            int entry = fixed_entry(d, row + (size_t)x * bytes, bytes);
            if (entry >= 0) {
                out[x] = (uint8_t)entry;
                _mm_storel_epi64(before, behind);
                behind = under;
                carry = under = zero;
                continue;
            }
        }
        __m128i given = _mm_loadl_epi64(here);
        __m128i wanted = _mm_slli_epi16(_mm_cvtepu8_epi16(_mm_cvtsi32_si128((int)color)), FRACTION);
        wanted = _mm_add_epi16(_mm_add_epi16(wanted, given), carry);
        wanted = _mm_min_epi16(_mm_max_epi16(wanted, zero), white);
        __m128i code = _mm_srli_epi16(_mm_add_epi16(wanted, half), FRACTION);
        __m128i at = few ? few_places(code) : _mm_madd_epi16(code, steps);
        uint32_t c = (uint32_t)_mm_cvtsi128_si32(_mm_packus_epi16(code, code));
        uint32_t rg = (uint32_t)_mm_cvtsi128_si32(at), b = (uint32_t)_mm_extract_epi32(at, 1);
        uint32_t entry =
            few ? nearest_few_find(&d->few, c, rg + b) : nearest_cache_find(&d->nearest, c, rg + b);
        out[x] = (uint8_t)entry;
        __m128i e = _mm_sub_epi16(wanted, _mm_loadl_epi64((const __m128i *)d->level[entry]));
        carry = _mm_mulhrs_epi16(e, share0);
        _mm_storel_epi64(before, _mm_add_epi16(behind, _mm_mulhrs_epi16(e, share1)));
        behind = _mm_add_epi16(under, _mm_mulhrs_epi16(e, share2));
        under = _mm_mulhrs_epi16(e, share3);
    }
    _mm_storel_epi64((__m128i *)d->error[x + 1 - step], behind);
}

static __attribute__((target("sse4.1"))) void row_sse41(struct diffuser *d, const uint8_t *row,
                                                        size_t bytes, uint8_t *out)
{
    const bool few = d->few.cell != NULL;
    if (bytes == 4 && few)
        row_sse41_of(d, row, 4, true, out);
    else if (bytes == 4)
        row_sse41_of(d, row, 4, false, out);
    else if (few)
        row_sse41_of(d, row, 3, true, out);
    else
        row_sse41_of(d, row, 3, false, out);
}
#endif

void diffuser_row(struct diffuser *d, enum layout layout, const uint8_t *row, uint8_t *out)
{
    d->next(d, row, layout == LAYOUT_RGBA8 ? 4 : 3, out);
    d->leftwards = !d->leftwards;
}

void diffuser_restart(struct diffuser *d)
{
    memset(d->error, 0, ((size_t)d->width + 2) * sizeof *d->error);
    d->leftwards = false;
}

static void fill_entries(struct diffuser *d, const struct palette *palette)
{
    for (uint32_t i = 0; i < palette->count; i++) {
        const struct rgba8 *e = &palette->entry[i];
        const uint8_t p[3] = {e->r, e->g, e->b};
        uint32_t color = color_of(p), h = hash_of(color) >> (32 - SET_BITS);
        for (unsigned k = 0; k < 3; k++)
            d->level[i][k] = (int16_t)(p[k] << FRACTION);
        d->color[i] = color;
        uint16_t *slot = e->a != 0 ? find_slot(d, color) : NULL;
        if (slot != NULL && *slot == 0)
            *slot = (uint16_t)(i + 1);
        if (slot != NULL)
            d->set[h / 32] |= UINT32_C(1) << h % 32;
    }
}

enum status diffuser_open(struct context *cx, const struct palette *palette, uint32_t width,
                          double strength, struct diffuser **out)
{
    static const int weight[4] = {7, 3, 5, 1}; /* of 16 */
    *out = NULL;
    struct diffuser *d = mem_zalloc(cx, sizeof *d);
    if (d == NULL)
        return cx->status;
    d->cx = cx;
    d->width = width;
    d->transparent = palette_transparent(palette);
    d->next = row_plain;
#if defined(__x86_64__)
    if (cx->simd >= SIMD_SSE41)
        d->next = row_sse41;
#endif
    for (unsigned i = 0; i < 4; i++)
        d->share[i] = (int16_t)(strength * weight[i] / 16 * 32768 + 0.5);
    fill_entries(d, palette);
    d->error = mem_array(cx, (size_t)width + 2, sizeof *d->error);
    if (d->error == NULL ||
        (palette->count <= NEAREST_FEW ? nearest_few_open(cx, palette, &d->few)
                                       : nearest_cache_open(cx, palette, &d->nearest)) != ST_OK) {
        diffuser_close(d);
        return cx->status;
    }
    diffuser_restart(d);
    *out = d;
    return ST_OK;
}

void diffuser_close(struct diffuser *d)
{
    if (d == NULL)
        return;
    nearest_few_close(d->cx, &d->few);
    nearest_cache_close(d->cx, &d->nearest);
    mem_free(d->cx, d->error);
    mem_free(d->cx, d);
}
