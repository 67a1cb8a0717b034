/* SPDX-License-Identifier: MIT */
/* Cells of colors and their lists, each made when the first color of its cell comes. */
#include "color/candidates.h"

#include <string.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include "base/mem.h"

/*
 * Colors that share their high 5 bits share a list of candidates. Lists stand in a pool at
 * multiples of 4 bytes: how many entries less 1, the entries, and then the first again up to a
 * multiple of 4. Once the pool is full, which takes a picture of noise, further cells are
 * searched in full.
 */
#define CELLS 32768
#define POOL_BYTES (4u * 65536)
#define ENTRIES 256
#define ROW 16 /* entries that distances are found for at once */

typedef uint32_t search_fn(const struct candidates *m, const uint8_t *list, struct oklab at);

struct candidates {
    struct context *cx;
    search_fn *search;
    uint32_t count;     /* of opaque entries */
    uint32_t rows;      /* of ROW entries that hold them */
    uint32_t pool_used; /* in units of 4 bytes; the first is none */
    uint16_t *list;     /* CELLS: place in the pool, 0: none yet */
    uint8_t *pool;
    uint8_t entry[ENTRIES];                     /* of the palette */
    int16_t l[ENTRIES], a[ENTRIES], b[ENTRIES]; /* unused ones repeat the first */
    int16_t at[ENTRIES][4];                     /* the same by entry: l, a, b, 0 */
};

/*
 * From c to all entries; returns the least. Written so that compilers make vectors of it:
 * differences and products of 16 bits, no pointer that could be another, rows of one length.
 */
static int32_t distances(const struct candidates *restrict m, struct oklab c, int32_t *restrict out)
{
    int32_t least[ROW], all = INT32_MAX;
    for (uint32_t k = 0; k < ROW; k++)
        least[k] = INT32_MAX;
    for (uint32_t row = 0; row < m->rows * ROW; row += ROW)
        for (uint32_t i = row; i < row + ROW; i++) {
            int16_t l = (int16_t)(m->l[i] - c.l), a = (int16_t)(m->a[i] - c.a),
                    b = (int16_t)(m->b[i] - c.b);
            out[i] = l * l + a * a + b * b;
            least[i - row] = out[i] < least[i - row] ? out[i] : least[i - row];
        }
    for (uint32_t k = 0; k < ROW; k++)
        all = least[k] < all ? least[k] : all;
    return all;
}

/* The colors of a cell, seen from its middle. */
struct cell_shape {
    struct oklab middle;
    int32_t corner[8][3]; /* less the middle */
    uint32_t radius;      /* no color is farther from the middle */
    uint32_t bulge;       /* nor farther outside of what the corners span */
};

/*
 * That corners are the farthest colors and that no color bulges out of what they span by more than
 * 8 times what the middle does is so for all cells, as trying every color shows.
 */
static void find_shape(uint32_t cell, struct cell_shape *s)
{
    const uint32_t r = (cell >> 10) * 8, g = (cell >> 5 & 31) * 8, b = (cell & 31) * 8;
    struct oklab middle = oklab_from_fine(r * 256 + 896, g * 256 + 896, b * 256 + 896);
    int32_t sum[3] = {0};
    uint32_t most = 0;
    for (uint32_t i = 0; i < 8; i++) {
        struct oklab c = oklab_from_rgb(r + (i >> 2) * 7, g + (i >> 1 & 1) * 7, b + (i & 1) * 7);
        uint32_t d = oklab_distance(c, middle);
        most = d > most ? d : most;
        s->corner[i][0] = c.l - middle.l;
        s->corner[i][1] = c.a - middle.a;
        s->corner[i][2] = c.b - middle.b;
        for (unsigned k = 0; k < 3; k++)
            sum[k] += s->corner[i][k];
    }
    s->middle = middle;
    s->radius = square_root(most) + 1;
    s->bulge = square_root((uint64_t)((int64_t)sum[0] * sum[0] + (int64_t)sum[1] * sum[1] +
                                      (int64_t)sum[2] * sum[2])) +
               10;
}

/*
 * True where entry p, d from the middle, is farther than entry n from all colors x of the cell.
 * |p - x|^2 - |n - x|^2 is linear in x, so over what the corners span it is least at one
 * of them; it changes by 2 |p - n| for each step that x is outside of that.
 */
static bool never_nearer(const struct candidates *m, const struct cell_shape *s, const int32_t *d,
                         uint32_t p, uint32_t n)
{
    int32_t v[3] = {m->l[p] - m->l[n], m->a[p] - m->a[n], m->b[p] - m->b[n]}, most = INT32_MIN;
    for (unsigned i = 0; i < 8; i++) {
        int32_t along = s->corner[i][0] * v[0] + s->corner[i][1] * v[1] + s->corner[i][2] * v[2];
        most = along > most ? along : most;
    }
    int64_t least = (int64_t)d[p] - d[n] - 2 * (int64_t)most;
    uint64_t apart = (uint64_t)((int64_t)v[0] * v[0] + (int64_t)v[1] * v[1] + (int64_t)v[2] * v[2]);
    return least > 0 && (uint64_t)(least * least) > 4 * apart * s->bulge * s->bulge;
}

/*
 * Lists the entries p that can be nearest to a color x of the cell. With c its middle, R its
 * radius and n nearest to c: |p - x| >= |p - c| - R and |n - x| <= |n - c| + R, so only
 * p with |p - c| <= |n - c| + 2 R can win. Of these, the shape rules out most.
 */
static const uint8_t *make_list(struct candidates *m, uint32_t cell)
{
    struct cell_shape shape;
    find_shape(cell, &shape);
    int32_t d[ENTRIES], least = distances(m, shape.middle, d);
    uint32_t n = 0;
    while (d[n] != least)
        n++;
    uint64_t reach = square_root((uint32_t)least) + 1 + 2 * (uint64_t)shape.radius;
    int64_t limit = (int64_t)(reach * reach);

    uint8_t *list = m->pool + 4 * m->pool_used;
    uint32_t found = 0, room = POOL_BYTES - 4 * m->pool_used;
    for (uint32_t i = 0; i < m->count; i++) {
        if (d[i] > limit || (i != n && never_nearer(m, &shape, d, i, n)))
            continue;
        if (found + 4 >= room)
            return NULL;
        list[1 + found++] = (uint8_t)i;
    }
    list[0] = (uint8_t)(found - 1);
    m->list[cell] = (uint16_t)m->pool_used;
    m->pool_used += (found + 7) / 4;
    while (found % 4 != 0)
        list[1 + found++] = list[1];
    return list;
}

static uint32_t search_plain(const struct candidates *m, const uint8_t *list, struct oklab at)
{
    uint32_t best = 0, least = UINT32_MAX;
    for (uint32_t k = 1; k <= list[0] + 1u; k++) {
        const int16_t *e = m->at[list[k]];
        uint32_t d = oklab_distance(at, (struct oklab){e[0], e[1], e[2]});
        if (d < least) {
            least = d;
            best = list[k];
        }
    }
    return best;
}

#if defined(__x86_64__)
/* Four at a time; each lane finds its first nearest, then the lanes are compared. */
static __attribute__((target("sse4.1"))) uint32_t search_sse41(const struct candidates *m,
                                                               const uint8_t *list, struct oklab at)
{
    const __m128i from = _mm_setr_epi16(at.l, at.a, at.b, 0, at.l, at.a, at.b, 0);
    __m128i least = _mm_set1_epi32(INT32_MAX), best = _mm_setzero_si128();
    const uint8_t *p = list + 1, *end = p + list[0] + 1;
    do {
        uint32_t four;
        memcpy(&four, p, sizeof four);
        __m128i x = _mm_loadl_epi64((const __m128i *)m->at[four & 255]);
        __m128i y = _mm_loadl_epi64((const __m128i *)m->at[four >> 16 & 255]);
        x = _mm_castps_si128(
            _mm_loadh_pi(_mm_castsi128_ps(x), (const __m64 *)m->at[four >> 8 & 255]));
        y = _mm_castps_si128(_mm_loadh_pi(_mm_castsi128_ps(y), (const __m64 *)m->at[four >> 24]));
        x = _mm_sub_epi16(x, from);
        y = _mm_sub_epi16(y, from);
        x = _mm_madd_epi16(x, x);
        y = _mm_madd_epi16(y, y);
        __m128i d = _mm_hadd_epi32(x, y);
        __m128i nearer = _mm_cmpgt_epi32(least, d);
        least = _mm_min_epi32(least, d);
        best = _mm_blendv_epi8(best, _mm_cvtepu8_epi32(_mm_cvtsi32_si128((int)four)), nearer);
        p += 4;
    } while (p < end);
    /* of equally near ones the least entry */
    __m128i all = _mm_min_epi32(least, _mm_shuffle_epi32(least, 0x4e));
    all = _mm_min_epi32(all, _mm_shuffle_epi32(all, 0xb1));
    best = _mm_or_si128(best, _mm_cmpgt_epi32(least, all));
    best = _mm_min_epu32(best, _mm_shuffle_epi32(best, 0x4e));
    best = _mm_min_epu32(best, _mm_shuffle_epi32(best, 0xb1));
    return (uint32_t)_mm_cvtsi128_si32(best);
}
#endif

uint8_t candidates_nearest(struct candidates *m, const uint8_t *p)
{
    uint32_t cell = (uint32_t)p[0] >> 3 << 10 | (uint32_t)p[1] >> 3 << 5 | p[2] >> 3;
    const uint8_t *list = m->list[cell] != 0 ? m->pool + 4 * m->list[cell] : NULL;
    if (list == NULL && 4 * m->pool_used < POOL_BYTES)
        list = make_list(m, cell);
    if (list != NULL && list[0] == 0)
        return m->entry[list[1]];
    const struct oklab at = oklab_from_rgb(p[0], p[1], p[2]);
    if (list != NULL)
        return m->entry[m->search(m, list, at)];
    int32_t d[ENTRIES], least = distances(m, at, d);
    uint32_t best = 0;
    while (d[best] != least)
        best++;
    return m->entry[best];
}

enum status candidates_open(struct context *cx, const struct palette *palette,
                            struct candidates **out)
{
    *out = NULL;
    struct candidates *m = mem_zalloc(cx, sizeof *m);
    if (m == NULL)
        return cx->status;
    m->cx = cx;
    m->list = mem_zalloc(cx, CELLS * sizeof *m->list);
    m->pool = mem_alloc(cx, POOL_BYTES);
    if (m->list == NULL || m->pool == NULL) {
        candidates_close(m);
        return cx->status;
    }
    m->pool_used = 1;
    m->search = search_plain;
#if defined(__x86_64__)
    if (cx->simd >= SIMD_SSE41)
        m->search = search_sse41;
#endif
    for (uint32_t i = 0; i < palette->count; i++)
        if (palette->entry[i].a != 0)
            m->entry[m->count++] = (uint8_t)i;
    if (m->count == 0)
        m->count = 1; /* entry 0: whatever it is, there is no other */
    m->rows = (m->count + ROW - 1) / ROW;
    for (uint32_t i = 0; i < ENTRIES; i++) {
        const struct rgba8 *e = &palette->entry[m->entry[i < m->count ? i : 0]];
        struct oklab at = oklab_from_rgb(e->r, e->g, e->b);
        m->l[i] = m->at[i][0] = at.l;
        m->a[i] = m->at[i][1] = at.a;
        m->b[i] = m->at[i][2] = at.b;
    }
    *out = m;
    return ST_OK;
}

void candidates_close(struct candidates *m)
{
    if (m == NULL)
        return;
    mem_free(m->cx, m->pool);
    mem_free(m->cx, m->list);
    mem_free(m->cx, m);
}
