/* SPDX-License-Identifier: MIT */
/* Level 1: when to clear, found out by trying: lines race over the pixels, the best is written. */
#include "base/size.h"
#include "formats/gif/lzw_method.h"
#include "formats/gif/lzw_trend.h"

/*
 * A full table fits the pixels that filled it, and worse and worse those that follow; a clear
 * costs some thousand bits until the new table is as good. When it pays nobody can tell beforehand,
 * so up to three lines run side by side:
 *
 *   - The main line is the best so far. It never clears: its table, once full, is used as it is.
 *   - The late line forks off with a clear where the main line's table seems to have served its
 *     time (see lzw_trend.h), and is given up if it falls far behind.
 *   - The greedy line forks off at the very pixel where the main line's table is full, and again
 *     wherever its own is full. At these places no line is dearer than that of an encoder that
 *     always clears when its table is full, and so neither can the picture be. It hardly ever wins,
 *     it insures; so where the main line has come to be well ahead of it, it rests.
 *
 * The lines are compared each time that a block of pixels is coded: one that is no dearer than the
 * main line becomes the main line, and what all lines have in common is written. The numbers below
 * were found by trial over photographs, maps, screenshots and line art.
 */
enum { MAIN, GREEDY, LATE, LINES };

#define BLOCK 2048
#define LATE_CODES 1000 /* before that the late line is not replaced by a later one */
#define LATE_MOST 6500  /* a late line of so many codes has had its best time, and did not win */
#define LATE_BITS 5000  /* .. that is so much behind hardly ever wins */
#define DROP_BITS 300   /* the same where it forked as strings dropped: it pays at once or never */
#define GROWN_BITS 700  /* what its table is worth more than the main line's tired one */
#define LEAD_BITS 10000 /* with such a lead the main line needs no insurance for a while, */
#define REST_COST 700   /* .. in which it is supposed to lose so much, */
#define REST_BITS 46000 /* .. about as many as fill a table */

struct race {
    struct lzw_encoder base;
    struct lzw_trend trend; /* of the main line */
    int64_t lead;           /* bits that the greedy line has needed more, at least */
    uint64_t rest_end;      /* the greedy line rests until the main line has so many bits; 0: not */
    uint32_t buffered;
    bool late_dropped;            /* the late line was forked where strings dropped */
    struct lzw_line *line[LINES]; /* into store; NULL: there is none */
    uint32_t common[LINES];       /* unwritten codes that it shares with the main line */
    uint8_t block[BLOCK];
    struct lzw_line store[LINES];
};

_Static_assert(sizeof(struct race) <= LZW_RACE_BYTES, "windows keep room for it");

static void race_start(struct lzw_encoder *z)
{
    struct race *r = (struct race *)z;
    lzw_trend_begin(&r->trend);
    r->lead = 0;
    r->rest_end = 0;
    r->buffered = 0;
    r->late_dropped = false;
    for (int k = 0; k < LINES; k++)
        r->line[k] = NULL;
    r->line[MAIN] = &r->store[0];
    lzw_line_begin(r->line[MAIN], &z->bits.codes, z->bits.codes.min_code_size + 1);
}

static uint64_t bits_of(const struct race *r, int k)
{
    return lzw_line_bits(r->line[k], &r->base.bits.codes);
}

static uint64_t bits_with_end(const struct race *r, int k)
{
    const struct lzw_line *l = r->line[k];
    return bits_of(r, k) + lzw_width(&r->base.bits.codes, l->own + lzw_walker_open(&l->walker));
}

/* Writes what all lines have in common. */
static enum status write_common(struct race *r)
{
    uint32_t n = lzw_line_unwritten(r->line[MAIN]);
    for (int k = 1; k < LINES; k++)
        if (r->line[k] != NULL)
            n = min_u32(n, r->common[k]);
    if (n == 0)
        return ST_OK;
    for (int k = 1; k < LINES; k++)
        if (r->line[k] != NULL) {
            lzw_line_skip(r->line[k], n);
            r->common[k] -= n;
        }
    return lzw_line_put(r->line[MAIN], n, &r->base.bits);
}

/* A new line from the main one, in place of line k if there is one. */
static enum status fork_line(struct race *r, int k)
{
    r->line[k] = NULL;
    enum status st = write_common(r);
    if (st != ST_OK)
        return st;
    struct lzw_line *to = r->store;
    while (to == r->line[MAIN] || to == r->line[GREEDY] || to == r->line[LATE])
        to++;
    uint32_t common = lzw_line_unwritten(r->line[MAIN]);
    if (lzw_line_fork(r->line[MAIN], to, &r->base.bits.codes)) {
        r->line[k] = to;
        r->common[k] = common;
    }
    return ST_OK;
}

/* Bits of a line less what its table is worth. */
static int64_t price_of(const struct race *r, int k)
{
    bool grown = k == LATE && !r->late_dropped && !r->line[MAIN]->walker.jump;
    return (int64_t)bits_of(r, k) - (grown ? GROWN_BITS : 0);
}

/* The cheapest line becomes the main line. */
static void choose_main(struct race *r)
{
    int best = MAIN;
    for (int k = 1; k < LINES; k++)
        if (r->line[k] != NULL && price_of(r, k) <= price_of(r, best))
            best = k;
    if (best == MAIN)
        return;
    struct lzw_line *old = r->line[MAIN];
    r->line[MAIN] = r->line[best];
    r->line[best] = NULL;
    if (best == GREEDY) {
        r->line[LATE] = NULL;
        r->lead = 0;
    } else {
        if (r->late_dropped)
            lzw_trend_drop_paid(&r->trend);
        if (r->line[GREEDY] != NULL) {
            r->common[GREEDY] = min_u32(r->common[GREEDY], r->common[LATE]);
        } else if (r->rest_end == 0) { /* the main line has been the greedy one, too */
            r->line[GREEDY] = old;
            r->common[GREEDY] = r->common[LATE];
        }
    }
    lzw_trend_of(&r->trend, r->line[MAIN]);
}

/* The greedy line would begin anew from the main one: it does, or rests for a while. */
static enum status insure(struct race *r)
{
    if (r->lead < LEAD_BITS) {
        r->rest_end = 0;
        return fork_line(r, GREEDY);
    }
    r->lead -= REST_COST;
    r->rest_end = bits_of(r, MAIN) + REST_BITS;
    r->line[GREEDY] = NULL;
    return write_common(r);
}

/* The greedy line's table is full: it clears, or begins anew from the main line if that is cheaper.
 */
static enum status renew_greedy(struct race *r)
{
    const struct lzw_codes *c = &r->base.bits.codes;
    struct lzw_line *old = r->line[GREEDY], *to = r->store;
    if (old == NULL)
        return insure(r);
    uint64_t main = lzw_line_bits_closed(r->line[MAIN], c), greedy = lzw_line_bits_closed(old, c);
    if (main <= greedy) {
        r->lead += (int64_t)(greedy - main);
        return insure(r);
    }
    r->line[LATE] = NULL; /* there is room for three */
    while (to == r->line[MAIN] || to == old)
        to++;
    r->line[GREEDY] = lzw_line_fork(old, to, c) ? to : NULL;
    return write_common(r);
}

/* True where the late line has been tried for long enough, or is too far behind. */
static bool late_is_lost(const struct race *r)
{
    const struct lzw_line *late = r->line[LATE];
    if (r->late_dropped ? lzw_walker_full(&late->walker) : late->own >= LATE_MOST)
        return true;
    return bits_of(r, LATE) > bits_of(r, MAIN) + (r->late_dropped ? DROP_BITS : LATE_BITS);
}

/* Forks a late line if there is reason to. */
static enum status try_late(struct race *r)
{
    const struct lzw_line *main = r->line[MAIN];
    if (r->line[LATE] != NULL && late_is_lost(r))
        r->line[LATE] = NULL;
    const struct lzw_line *late = r->line[LATE];
    bool drops = lzw_trend_drops(&r->trend, main);
    bool tires = lzw_trend_tires(&r->trend, main, &r->base.bits.codes);
    if (drops && (late == NULL || late->own >= LATE_CODES)) {
        lzw_trend_drop_heeded(&r->trend);
        r->late_dropped = true;
        return fork_line(r, LATE);
    }
    if (tires && late == NULL) {
        r->late_dropped = false;
        return fork_line(r, LATE);
    }
    return write_common(r);
}

/* Compares the lines, which stand at the same pixel, and forks new ones. */
static enum status decide(struct race *r)
{
    choose_main(r);
    struct lzw_line *main = r->line[MAIN], *greedy = r->line[GREEDY];
    bool rests = r->rest_end > 0;
    bool full = !rests && lzw_walker_full(&(greedy != NULL ? greedy : main)->walker);
    enum status st;
    if (full)
        st = renew_greedy(r);
    else if (rests && bits_of(r, MAIN) >= r->rest_end)
        st = insure(r);
    else
        st = try_late(r);
    /* with this the main line differs from the greedy one in its table, too */
    if (full || rests)
        lzw_line_use_all_codes(main);
    return st;
}

/* The lists are nearly full: the best line alone goes on. */
static enum status settle(struct race *r)
{
    choose_main(r);
    r->line[GREEDY] = r->line[LATE] = NULL;
    return write_common(r);
}

static enum status code_block(struct race *r)
{
    const uint8_t *p = r->block, *end = p + r->buffered;
    while (p < end) {
        for (int k = 0; k < LINES; k++)
            if (r->line[k] != NULL && lzw_line_crowded(r->line[k], (size_t)(end - p))) {
                enum status st = settle(r);
                if (st != ST_OK)
                    return st;
            }
        /* the greedy line, or what becomes it, goes ahead: where it is full the others halt */
        int first = r->line[GREEDY] != NULL ? GREEDY : MAIN;
        bool stop = first == GREEDY || !lzw_walker_full(&r->line[MAIN]->walker);
        const uint8_t *to = lzw_line_advance(r->line[first], p, end, stop);
        for (int k = 0; k < LINES; k++)
            if (k != first && r->line[k] != NULL)
                lzw_line_advance(r->line[k], p, to, false);
        p = to;
        enum status st = decide(r);
        if (st != ST_OK)
            return st;
    }
    r->buffered = 0;
    return ST_OK;
}

static enum status race_write(struct lzw_encoder *z, const uint8_t *indices, size_t n)
{
    struct race *r = (struct race *)z;
    while (n > 0) {
        size_t take = min_size(n, BLOCK - r->buffered);
        memcpy(r->block + r->buffered, indices, take);
        r->buffered += (uint32_t)take;
        indices += take;
        n -= take;
        if (r->buffered == BLOCK) {
            enum status st = code_block(r);
            if (st != ST_OK)
                return st;
        }
    }
    return ST_OK;
}

static enum status race_finish(struct lzw_encoder *z)
{
    struct race *r = (struct race *)z;
    enum status st = code_block(r);
    if (st != ST_OK)
        return st;
    int best = MAIN;
    for (int k = 1; k < LINES; k++)
        if (r->line[k] != NULL && bits_with_end(r, k) < bits_with_end(r, best))
            best = k;
    return lzw_line_finish(r->line[best], &z->bits);
}

const struct lzw_method lzw_race = {
    .bytes = sizeof(struct race),
    .start = race_start,
    .write = race_write,
    .finish = race_finish,
};
