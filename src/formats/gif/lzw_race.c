/* SPDX-License-Identifier: MIT */
/* Level 1: when to clear, found out by trying: lines race over the pixels, the best is written. */
#include "base/size.h"
#include "formats/gif/lzw_line.h"
#include "formats/gif/lzw_method.h"

/*
 * A full table fits the pixels that filled it, and worse and worse those that follow; a clear
 * costs some thousand bits until the new table is as good. When it pays nobody can tell beforehand,
 * so up to three lines run side by side:
 *
 *   - The main line is the best so far. It never clears: its table, once full, is used as it is.
 *   - The greedy line forks off with a clear at the very pixel where the main line's table is
 *     full, and again wherever its own is full. At these places no line is dearer than that of an
 *     encoder that always clears when its table is full, and so neither can the picture be.
 *   - The late line forks off when the greedy one has filled half its table, as in photographs a
 *     table is best used for 1.25 to 1.5 times the codes that fill it; or at once where the
 *     main line's strings become short, as something else begins in the picture.
 *
 * The lines are compared each time that a block of pixels is coded: one that is no dearer than the
 * main line becomes the main line, and what all lines have in common is written.
 */
enum { MAIN, GREEDY, LATE, LINES };

#define BLOCK 4096
#define FINE_BLOCK 1024 /* where strings are long: such pictures change at once, not bit by bit */
#define LATE_AT 0.5     /* of the codes that fill the greedy line's table */
#define LATE_BITS 2700  /* a late line that is so much behind hardly ever wins, and is given up */
#define LONG_BITS 1200  /* the same where strings are long */
#define LATE_CODES 1000 /* before that the late line is not replaced by a later one */
#define SPAN_CODES 32   /* strings are measured over so many codes of the main line */
#define SPAN_DROP 0.7   /* of the mean length: they have become short */
#define DROP_BITS 300   /* as LATE_BITS; a line forked where strings dropped pays at once or never */
#define REST_SPANS 64   /* after many drops in vain, before the next is heeded */

struct race {
    struct lzw_encoder base;
    uint64_t pixel;      /* pixels coded */
    uint32_t span_own;   /* own codes of the main line when the present span began, */
    uint64_t span_pixel; /* and the pixels coded */
    double span_mean;    /* pixels a code in the spans before; 0: not known yet */
    uint32_t rest, wait; /* spans before the next drop is heeded; and after that one, if in vain */
    uint32_t buffered;
    uint32_t block_end;
    bool late_dropped;            /* the late line was forked where strings became short */
    bool late_due;                /* the greedy line has not got its late one yet */
    struct lzw_line *line[LINES]; /* into store; NULL: there is none */
    uint32_t common[LINES];       /* unwritten codes that it shares with the main line */
    uint8_t block[BLOCK];
    struct lzw_line store[LINES];
};

_Static_assert(sizeof(struct race) <= LZW_RACE_BYTES, "windows keep room for it");

static void race_start(struct lzw_encoder *z)
{
    struct race *r = (struct race *)z;
    r->span_own = 0;
    r->span_pixel = r->pixel = 0;
    r->span_mean = 0;
    r->rest = r->wait = 0;
    r->buffered = 0;
    r->block_end = FINE_BLOCK;
    r->late_due = false;
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

/* The cheapest line becomes the main line. */
static void choose_main(struct race *r)
{
    int best = MAIN;
    for (int k = 1; k < LINES; k++)
        if (r->line[k] != NULL && bits_of(r, k) <= bits_of(r, best))
            best = k;
    if (best == MAIN)
        return;
    if (best == LATE && r->late_dropped)
        r->wait = 0;
    struct lzw_line *old = r->line[MAIN];
    r->line[MAIN] = r->line[best];
    r->line[best] = NULL;
    if (best == GREEDY) {
        r->line[LATE] = NULL;
    } else if (r->line[GREEDY] != NULL) {
        r->common[GREEDY] = min_u32(r->common[GREEDY], r->common[LATE]);
    } else { /* the main line has been the greedy one, too */
        r->line[GREEDY] = old;
        r->common[GREEDY] = r->common[LATE];
    }
    r->span_own = r->line[MAIN]->own;
    r->span_pixel = r->pixel;
    r->span_mean = 0;
}

/* True where the main line's strings have just become short. */
static bool strings_drop(struct race *r)
{
    uint32_t codes = r->line[MAIN]->own - r->span_own;
    if (codes < SPAN_CODES)
        return false;
    if (r->rest > 0)
        r->rest--;
    double length = (double)(r->pixel - r->span_pixel) / codes;
    bool drop = length < SPAN_DROP * r->span_mean;
    r->span_mean = r->span_mean == 0 ? length : r->span_mean + (length - r->span_mean) / 8;
    r->span_own = r->line[MAIN]->own;
    r->span_pixel = r->pixel;
    return drop;
}

/* The greedy line's table is full: it clears, or begins anew from the main line if that is cheaper.
 */
static enum status renew_greedy(struct race *r)
{
    const struct lzw_codes *c = &r->base.bits.codes;
    struct lzw_line *old = r->line[GREEDY], *to = r->store;
    if (old == NULL || lzw_line_bits_closed(r->line[MAIN], c) <= lzw_line_bits_closed(old, c))
        return fork_line(r, GREEDY);
    r->line[LATE] = NULL; /* there is room for three */
    while (to == r->line[MAIN] || to == old)
        to++;
    r->line[GREEDY] = lzw_line_fork(old, to, c) ? to : NULL;
    return write_common(r);
}

/* True where the late line has filled its table in vain, or is too far behind. */
static bool late_is_lost(const struct race *r)
{
    uint64_t behind = LATE_BITS;
    if (r->late_dropped)
        behind = DROP_BITS;
    else if (r->line[MAIN]->walker.jump)
        behind = LONG_BITS;
    return lzw_walker_full(&r->line[LATE]->walker) || bits_of(r, LATE) > bits_of(r, MAIN) + behind;
}

/* Compares the lines, which stand at the same pixel, and forks new ones. */
static enum status decide(struct race *r)
{
    choose_main(r);
    const struct lzw_line *greedy = r->line[GREEDY] != NULL ? r->line[GREEDY] : r->line[MAIN];
    if (lzw_walker_full(&greedy->walker)) {
        r->late_due = true;
        enum status st = renew_greedy(r);
        lzw_line_use_all_codes(r->line[MAIN]);
        return st;
    }

    struct lzw_line *late = r->line[LATE];
    if (late != NULL && late_is_lost(r))
        late = r->line[LATE] = NULL;
    if (strings_drop(r) && r->rest == 0 && (late == NULL || late->own >= LATE_CODES)) {
        r->late_dropped = true;
        r->rest = r->wait;
        r->wait = min_u32(2 * r->wait + 1, REST_SPANS);
        return fork_line(r, LATE);
    }
    if (late == NULL && r->late_due && r->line[GREEDY] != NULL &&
        lzw_walker_full(&r->line[MAIN]->walker) &&
        r->line[GREEDY]->own >= LATE_AT * (LZW_GREEDY_END - r->base.bits.codes.first)) {
        r->late_due = false;
        r->late_dropped = false;
        return fork_line(r, LATE);
    }
    return write_common(r);
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
        r->pixel += (uint64_t)(to - p);
        p = to;
        enum status st = decide(r);
        if (st != ST_OK)
            return st;
    }
    r->buffered = 0;
    r->block_end = r->line[MAIN]->walker.jump ? FINE_BLOCK : BLOCK;
    return ST_OK;
}

static enum status race_write(struct lzw_encoder *z, const uint8_t *indices, size_t n)
{
    struct race *r = (struct race *)z;
    while (n > 0) {
        size_t take = min_size(n, r->block_end - r->buffered);
        memcpy(r->block + r->buffered, indices, take);
        r->buffered += (uint32_t)take;
        indices += take;
        n -= take;
        if (r->buffered == r->block_end) {
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
