/* SPDX-License-Identifier: MIT */
/* Phrases chosen by what several of them in a row come to. */
#include "formats/gif/lzw_recode.h"

#include "base/mem.h"
#include "base/size.h"
#include "formats/gif/lzw_filter.h"
#include "formats/gif/lzw_match.h"
#include "formats/gif/lzw_reread.h"
#include "formats/gif/lzw_runs.h"

/* A table that is full needs an outlook of no more than one phrase (Horspool, see lzw_parse.h). */
#define LOOK_FULL 2 /* shortenings tried then */
#define NOISE 2     /* pixels a code below which looking ahead with a growing table is in vain */

#define AHEAD ((LZW_CHAIN_MOST + 2) * LZW_TABLE_END)
#define ROOM (LZW_RECODE_PIXELS + LZW_TABLE_END)
#define NO_ROWS SIZE_MAX

struct lzw_recoder {
    struct context *cx;
    struct lzw_bits bits;
    const struct lzw_outlook *outlooks;
    size_t outlooks_n;
    struct lzw_outlook outlook; /* of the present parse */
    bool noisy;
    uint32_t next;   /* the code to be made */
    size_t at, n;    /* in pixels[]: what is parsed, what there is */
    size_t row_end;  /* of the row that pixels[at] is in; NO_ROWS: phrases go beyond it */
    uint32_t in_row; /* place of pixels[0] in its row */
    uint32_t row_width;
    uint32_t place; /* of pixels[0] among all that were ever there, so that matches stay apart */
    uint32_t listed;
    uint16_t *list; /* codes of the present parse: into lists */
    uint16_t lists[2][LZW_RECODE_CODES];
    struct lzw_match match[LZW_MATCHES]; /* by place */
    struct lzw_dict dict;
    struct lzw_runs runs;
    struct lzw_filter filter; /* of strings that come from pixels[] */
    struct lzw_reread reread;
    uint8_t pixels[ROOM];
};

_Static_assert(sizeof(struct lzw_recoder) <= LZW_RECODER_BYTES, "callers have room for it");

struct lzw_recoder *lzw_recoder_begin(struct context *cx, void *memory)
{
    struct lzw_recoder *z = memory;
    z->cx = cx;
    z->place = 0;
    memset(z->match, 0, sizeof z->match);
    lzw_filter_begin(&z->filter);
    return z;
}

enum status lzw_recoder_open(struct context *cx, struct lzw_recoder **out)
{
    void *memory = mem_alloc(cx, sizeof(struct lzw_recoder));
    if (memory == NULL)
        return cx->status;
    *out = lzw_recoder_begin(cx, memory);
    return ST_OK;
}

void lzw_recoder_close(struct lzw_recoder *z)
{
    if (z != NULL)
        mem_free(z->cx, z);
}

/* Where a phrase from q >= at on ends at the latest. */
static inline size_t limit(const struct lzw_recoder *z, size_t q)
{
    size_t end = z->row_end;
    while (end <= q)
        end += z->row_width;
    return min_size(end, z->n);
}

/* The run that p begins with, as far as it is a string. */
static __attribute__((noinline)) void match_run(struct lzw_recoder *z, struct lzw_match *m,
                                                const uint8_t *p, const uint8_t *end)
{
    struct lzw_runs *r = &z->runs;
    uint32_t code;
    r->color = p[0];
    r->counted = 1;
    const uint8_t *q = lzw_runs_follow(r, &z->dict, p + 1, end, &code);
    if (r->counted > 0)
        code = lzw_runs_code(r, &z->dict, r->color, r->counted);
    m->length = (uint16_t)(q - p);
    m->code = (uint16_t)code;
}

/* The longest string at q < n. */
static inline const struct lzw_match *longest(struct lzw_recoder *z, size_t q)
{
    const uint8_t *p = z->pixels + q, *end = z->pixels + limit(z, q);
    struct lzw_match *m = lzw_match_of(z->match, z->place + (uint32_t)q + 1, p);
    if (m->length == 1 && lzw_runs_begin(p + 1, end, p[0]))
        match_run(z, m, p, end);
    lzw_match_extend(m, &z->dict, p, end);
    return m;
}

/* How far the greedy phrase from q on reaches. */
static inline size_t reach(struct lzw_recoder *z, size_t q)
{
    return q < z->n ? q + longest(z, q)->length : q;
}

/*
 * Whether the greedy phrase from q on may reach beyond `far`, where q + 2 <= far + 1: it does where
 * all up to there is a string. Most shortenings lead nowhere, which this tells without a walk.
 */
static inline bool may_pass(const struct lzw_recoder *z, size_t q, size_t far)
{
    return far < limit(z, q) && lzw_filter_may(&z->filter, q, far + 1);
}

/* One step is all that a full table needs. */
static uint32_t look_once(struct lzw_recoder *z, uint32_t length)
{
    size_t best = reach(z, z->at + length);
    uint32_t take = length;
    for (uint32_t l = length - 1; l > 0 && l + LOOK_FULL >= length; l--) {
        size_t r = may_pass(z, z->at + l, best) ? reach(z, z->at + l) : 0;
        if (r > best) {
            best = r;
            take = l;
        }
    }
    return take;
}

static uint32_t look_ahead(struct lzw_recoder *z, uint32_t length)
{
    size_t greedy[LZW_CHAIN_MOST], end = z->at + length;
    unsigned known = 1; /* of greedy[] */
    uint32_t take = length;
    int64_t best = z->outlook.gain - 1;
    greedy[0] = reach(z, end);
    for (uint32_t l = length - 1; l > 0 && l + z->outlook.look >= length; l--) {
        size_t q = may_pass(z, z->at + l, greedy[0]) ? reach(z, z->at + l) : 0;
        if (q <= greedy[0])
            continue;
        int64_t sum = (int64_t)(q - greedy[0]);
        for (unsigned i = 1; i < z->outlook.chain && q != greedy[i - 1]; i++) {
            if (i == known)
                greedy[known++] = reach(z, greedy[i - 1]);
            q = reach(z, q);
            sum += (int64_t)q - (int64_t)greedy[i];
        }
        if (sum > best) {
            best = sum;
            take = l;
        }
    }
    return take;
}

static uint32_t choose(struct lzw_recoder *z, uint32_t *code)
{
    const struct lzw_match *m = longest(z, z->at);
    const uint8_t *p = z->pixels + z->at;
    uint32_t length = m->length, take = length;
    *code = m->code;
    /* in the middle of a run of one color the next phrase cannot gain */
    if (length > 1 && z->at + length < z->n && memcmp(p, p + 1, length) != 0) {
        if (z->next == LZW_TABLE_END)
            take = look_once(z, length);
        else if (!z->noisy)
            take = look_ahead(z, length);
    }
    for (uint32_t l = length; l > take; l--)
        *code = z->dict.prefix[*code];
    return take;
}

/* The pixels around pixels[at] become known to the filter, and pixels[at] does in any case. */
static inline void hash_ahead(struct lzw_recoder *z, size_t least)
{
    if (z->filter.hashed < min_size(z->at + least, z->n))
        lzw_filter_hash(&z->filter, z->pixels, min_size(z->at + LZW_FILTER_NEAR, z->n));
}

/* Appends the codes of phrases: up to a pixel, or until there are so many. */
static void parse(struct lzw_recoder *z, size_t end, uint32_t most)
{
    while (z->at < end && z->listed < most) {
        uint32_t code, slot;
        size_t from = z->at;
        hash_ahead(z, LZW_FILTER_NEAR / 2);
        z->at += choose(z, &code);
        z->list[z->listed++] = (uint16_t)code;
        while (z->row_end <= z->at)
            z->row_end += z->row_width;
        if (z->next == LZW_TABLE_END || z->at == z->n)
            continue;
        if (lzw_dict_find(&z->dict, code, z->pixels[z->at], &slot) == 0) {
            hash_ahead(z, 1);
            lzw_filter_add(&z->filter, from, z->at + 1);
            lzw_dict_put(&z->dict, slot, code, z->pixels[z->at], z->next);
            lzw_runs_note(&z->runs, code, z->pixels[z->at], z->next);
        }
        z->next++;
    }
}

/* Begins at pixels[0] with an empty table. */
static void begin_parse(struct lzw_recoder *z, const struct lzw_outlook *o, uint16_t *list)
{
    z->outlook = *o;
    z->list = list;
    z->listed = 0;
    z->next = z->bits.codes.first;
    z->at = 0;
    z->row_end = o->rows ? z->row_width - z->in_row : NO_ROWS;
    lzw_dict_clear(&z->dict);
    lzw_runs_forget(&z->runs);
    lzw_filter_clear(&z->filter);
}

/* What is remembered of pixels is not so with another table, or in another place. */
static void forget(struct lzw_recoder *z)
{
    lzw_filter_restart(&z->filter);
    if (z->place > UINT32_MAX - 2 * ROOM) { /* places begin anew */
        z->place = 0;
        memset(z->match, 0, sizeof z->match);
    } else {
        z->place += (uint32_t)z->n;
    }
}

/* The pixels that are parsed go. */
static void drop(struct lzw_recoder *z)
{
    forget(z);
    memmove(z->pixels, z->pixels + z->at, z->n - z->at);
    z->in_row = (uint32_t)((z->in_row + z->at) % z->row_width);
    z->row_end -= z->row_end == NO_ROWS ? 0 : z->at;
    z->n -= z->at;
    z->at = 0;
}

/* More pixels, as many as there is room for, of what comes up to the next clear. */
static enum status fill(struct lzw_recoder *z, enum lzw_reread_end *end)
{
    size_t more;
    enum status st = lzw_reread_pixels(&z->reread, z->pixels + z->n, ROOM - z->n, &more, end);
    z->n += more;
    z->noisy = z->reread.pixels < NOISE * z->reread.read;
    return st;
}

/* The best of all parses, if pixels[] are all; what codes they had is in the first list. */
static enum status code_best(struct lzw_recoder *z)
{
    uint32_t least = (uint32_t)z->reread.read;
    uint16_t *best = z->lists[0];
    size_t tries = z->noisy ? 1 : z->outlooks_n; /* which differ in what they see ahead */
    for (size_t i = 0; i < tries; i++) {
        begin_parse(z, &z->outlooks[i], z->lists[best == z->lists[0]]);
        parse(z, z->n, least);
        forget(z);
        if (z->at == z->n && z->listed < least) {
            best = z->list;
            least = z->listed;
        }
    }
    z->at = z->n;
    drop(z);
    return lzw_bits_codes(&z->bits, best, least);
}

/* The parse of the first outlook, as far as pixels come. */
static enum status code_windows(struct lzw_recoder *z, enum lzw_reread_end *end)
{
    enum status st = ST_OK;
    begin_parse(z, z->outlooks, z->lists[0]);
    for (;;) {
        size_t to = *end == LZW_REREAD_GOES_ON ? z->n - AHEAD : z->n;
        while (z->at < to && st == ST_OK) {
            parse(z, to, LZW_RECODE_CODES);
            st = lzw_bits_codes(&z->bits, z->list, z->listed);
            z->listed = 0;
        }
        drop(z);
        if (st != ST_OK || *end != LZW_REREAD_GOES_ON)
            return st;
        st = fill(z, end);
        if (st != ST_OK)
            return st;
    }
}

static enum status code_segment(struct lzw_recoder *z, enum lzw_reread_end *end)
{
    z->at = z->n = 0;
    z->reread.list = z->lists[0];
    z->reread.room = LZW_RECODE_CODES;
    enum status st = fill(z, end);
    z->reread.room = 0;
    if (st != ST_OK || z->n == 0)
        return st;
    bool whole = *end != LZW_REREAD_GOES_ON && z->reread.read <= LZW_RECODE_CODES;
    return whole ? code_best(z) : code_windows(z, end);
}

enum status lzw_recode(struct lzw_recoder *z, struct sink *from, uint32_t row_width,
                       const struct lzw_outlook *outlooks, size_t n, struct sink *to)
{
    enum lzw_reread_end end = LZW_REREAD_GOES_ON;
    enum status st = lzw_reread_begin(z->cx, &z->reread, from);
    if (st != ST_OK)
        return st;
    uint8_t size = (uint8_t)z->reread.codes.min_code_size;
    z->outlooks = outlooks;
    z->outlooks_n = n;
    z->row_width = row_width;
    z->in_row = 0;
    lzw_filter_restart(&z->filter);
    lzw_bits_init(&z->bits, to, size);
    st = sink_write(to, &size, 1);
    while (st == ST_OK && end != LZW_REREAD_END) {
        st = lzw_bits_clear(&z->bits);
        if (st == ST_OK)
            st = code_segment(z, &end);
    }
    return st == ST_OK ? lzw_bits_end(&z->bits) : st;
}
