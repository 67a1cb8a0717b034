/* SPDX-License-Identifier: MIT */
/* Counts over three canvases, a row at a time. */
#include "animation/outlook.h"

#include <string.h>

#include "base/size.h"

/* Counts of a part of three rows: base, what is shown, what comes next. */
struct tally {
    uint64_t kept, restored; /* pixels that the next frame has to change after keep, and previous */
    uint64_t hidden;         /* and of them where it is transparent, but not the base */
    bool clear;              /* some pixel of what comes next is transparent */
    uint32_t left, right;    /* where it is and what is shown is not; 0, 0: nowhere */
};

/* Where the next picture has transparent pixels. */
static void tally_clear(uint32_t x, bool base, bool shown, struct tally *t)
{
    t->clear = true;
    t->hidden += base;
    if (!shown)
        return;
    t->left = t->right == 0 ? x : min_u32(t->left, x);
    t->right = max_u32(t->right, x + 1);
}

#define TALLY_ROW(name, type)                                                                 \
    static void name(const type *b, const type *s, const type *n, uint32_t from, uint32_t to, \
                     struct tally *t)                                                         \
    {                                                                                         \
        for (uint32_t x = from; x < to; x++) {                                                \
            t->kept += s[x] != n[x];                                                          \
            t->restored += b[x] != n[x];                                                      \
            if (n[x] == POOL_CLEAR)                                                           \
                tally_clear(x, b[x] != POOL_CLEAR, s[x] != POOL_CLEAR, t);                    \
        }                                                                                     \
    }
TALLY_ROW(tally_scalar, uint16_t)
TALLY_ROW(tally_wide, uint32_t)

/* Eight values at once; a lane counts up to 8192 of a row's 65535. */
#define LANES 8u
typedef uint16_t values __attribute__((vector_size(2 * LANES)));

static void tally_narrow(const uint16_t *b, const uint16_t *s, const uint16_t *n, uint32_t from,
                         uint32_t to, struct tally *t)
{
    values kept = {0}, restored = {0}, hidden = {0}, clear = {0}, leaves = {0}, base, shown, next;
    uint32_t x = from;
    for (; x + LANES <= to; x += LANES) {
        memcpy(&base, b + x, sizeof base);
        memcpy(&shown, s + x, sizeof shown);
        memcpy(&next, n + x, sizeof next);
        kept -= (values)(shown != next);
        restored -= (values)(base != next);
        values none = (values)(next == POOL_CLEAR);
        hidden -= none & (values)(base != POOL_CLEAR);
        leaves |= none & (values)(shown != POOL_CLEAR);
        clear |= none;
    }
    bool any = false;
    for (unsigned i = 0; i < LANES; i++) {
        t->kept += kept[i];
        t->restored += restored[i];
        t->hidden += hidden[i];
        t->clear |= clear[i] != 0;
        any |= leaves[i] != 0;
    }
    for (uint32_t i = from; any && i < x; i++)
        if (n[i] == POOL_CLEAR)
            tally_clear(i, false, s[i] != POOL_CLEAR, t); /* hidden ones are counted */
    tally_scalar(b, s, n, x, to, t);
}

static void tally_row(const struct canvas *base, const struct canvas *shown,
                      const struct canvas *next, uint32_t y, uint32_t from, uint32_t to,
                      struct tally *t)
{
    const void *b = canvas_row(base, y), *s = canvas_row(shown, y), *n = canvas_row(next, y);
    if (base->pool->wide)
        tally_wide(b, s, n, from, to, t);
    else
        tally_narrow(b, s, n, from, to, t);
}

/* Pixels of the cleared part: those that differ in the next frame, and those it has opaque. */
static void tally_cleared(struct outlook *l, const struct canvas *shown, const struct canvas *next)
{
    const struct rect r = l->cleared;
    uint64_t differ = 0, opaque = 0;
    for (uint32_t y = r.y; y < r.y + r.height; y++) {
        const void *shown_row = canvas_row(shown, y), *next_row = canvas_row(next, y);
        if (shown->pool->wide) {
            const uint32_t *s = shown_row, *n = next_row;
            for (uint32_t x = r.x; x < r.x + r.width; x++) {
                differ += s[x] != n[x];
                opaque += n[x] != POOL_CLEAR;
            }
            continue;
        }
        const uint16_t *s = shown_row, *n = next_row;
        values d = {0}, q = {0}, v, w;
        uint32_t x = r.x;
        for (; x + LANES <= r.x + r.width; x += LANES) {
            memcpy(&v, s + x, sizeof v);
            memcpy(&w, n + x, sizeof w);
            d -= (values)(v != w);
            q -= (values)(w != POOL_CLEAR);
        }
        for (unsigned i = 0; i < LANES; i++) {
            differ += d[i];
            opaque += q[i];
        }
        for (; x < r.x + r.width; x++) {
            differ += s[x] != n[x];
            opaque += n[x] != POOL_CLEAR;
        }
    }
    l->background = l->kept - differ + opaque;
}

void look_out(struct outlook *l, const struct canvas *base, const struct canvas *shown,
              const struct canvas *next, struct rect change, struct rect touched, struct rect least)
{
    struct tally t = {0};
    uint32_t left = UINT32_MAX, right = 0, top = 0, bottom = 0;
    memset(l, 0, sizeof *l);
    l->next = rect_difference(shown, next, touched);
    struct rect r = rect_union(change, l->next);
    for (uint32_t y = r.y; y < r.y + r.height; y++) {
        t.left = t.right = 0;
        tally_row(base, shown, next, y, r.x, r.x + r.width, &t);
        if (t.right == 0)
            continue;
        top = bottom == 0 ? y : top;
        bottom = y + 1;
        left = min_u32(left, t.left);
        right = max_u32(right, t.right);
    }
    l->kept = t.kept;
    l->restored = t.restored;
    l->can_restore = t.hidden == 0;
    l->can_keep = bottom == 0;
    if (!l->can_keep)
        l->leaving = (struct rect){left, top, right - left, bottom - top};
    l->cleared = rect_union(least, l->leaving);
    if (t.clear)
        tally_cleared(l, shown, next);
    else
        l->background = UINT64_MAX; /* all that is cleared must be drawn again */
}
