/* SPDX-License-Identifier: MIT */
/* Phrases chosen by what several of them in a row come to. */
#include "formats/gif/lzw_recode.h"

#include "base/mem.h"
#include "base/size.h"
#include "formats/gif/lzw_match.h"
#include "formats/gif/lzw_reread.h"

/* A table that is full needs an outlook of no more than one phrase (Horspool, see lzw_parse.h). */
#define LOOK_FULL 2 /* shortenings tried then */
#define NOISE 2     /* pixels a code below which looking ahead with a growing table is in vain */

#define AHEAD ((LZW_CHAIN_MOST + 2) * LZW_TABLE_END)
#define ROOM (40u * 1024)
#define LIST 512

/*
 * Most shortenings lead nowhere. Whether the phrase after one reaches beyond a pixel is whether all
 * up to there is a string, which a filter of strings' hashes tells without a walk: hashes of all
 * that the pixels begin with are known, and from two of them comes that of what lies between (Karp
 * and Rabin, "Efficient randomized pattern-matching algorithms", 1987). It may say yes in error.
 */
#define FILTER_BITS 17
#define HASH_BASE 0x2c9277b5u /* odd; the filter has the upper bits */

struct lzw_recoder {
    struct context *cx;
    struct lzw_bits bits;
    struct lzw_outlook outlook;
    bool noisy;
    uint32_t next;  /* the code to be made */
    size_t at, n;   /* in pixels[]: what is parsed, what there is */
    uint32_t place; /* of pixels[0] among all that were ever there, so that matches stay apart */
    uint32_t listed;
    uint16_t list[LIST];
    struct lzw_match match[LZW_MATCHES]; /* by place */
    struct lzw_dict dict;
    struct lzw_reread reread;
    uint32_t power[LZW_TABLE_END + 1]; /* of HASH_BASE */
    uint32_t begun[ROOM + 1];          /* hash of the pixels before one */
    uint64_t filter[(1u << FILTER_BITS) / 64];
    uint8_t pixels[ROOM];
};

_Static_assert(sizeof(struct lzw_recoder) <= LZW_RECODER_BYTES, "callers have room for it");

struct lzw_recoder *lzw_recoder_begin(struct context *cx, void *memory)
{
    struct lzw_recoder *z = memory;
    z->cx = cx;
    z->place = 0;
    memset(z->match, 0, sizeof z->match);
    z->power[0] = 1;
    for (uint32_t i = 0; i < LZW_TABLE_END; i++)
        z->power[i + 1] = z->power[i] * HASH_BASE;
    z->begun[0] = 0;
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

/* The longest string at q < n. */
static inline const struct lzw_match *longest(struct lzw_recoder *z, size_t q)
{
    return lzw_match_longest(z->match, &z->dict, z->place + (uint32_t)q + 1, z->pixels + q,
                             z->pixels + z->n);
}

/* How far the greedy phrase from q on reaches. */
static inline size_t reach(struct lzw_recoder *z, size_t q)
{
    return q < z->n ? q + longest(z, q)->length : q;
}

static inline uint32_t filter_place(const struct lzw_recoder *z, size_t from, size_t to)
{
    return (z->begun[to] - z->begun[from] * z->power[to - from]) >> (32 - FILTER_BITS);
}

/* Whether the greedy phrase from q on may reach beyond `far`, where q + 2 <= far + 1. */
static inline bool may_pass(const struct lzw_recoder *z, size_t q, size_t far)
{
    if (far >= z->n || far - q >= LZW_TABLE_END)
        return false;
    uint32_t place = filter_place(z, q, far + 1);
    return z->filter[place / 64] >> place % 64 & 1;
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

static enum status put(struct lzw_recoder *z, uint32_t code)
{
    z->list[z->listed++] = (uint16_t)code;
    if (z->listed < LIST)
        return ST_OK;
    z->listed = 0;
    return lzw_bits_codes(&z->bits, z->list, LIST);
}

/* Phrases up to a pixel. */
static enum status parse(struct lzw_recoder *z, size_t end)
{
    enum status st = ST_OK;
    while (z->at < end && st == ST_OK) {
        uint32_t code, slot, length = choose(z, &code);
        z->at += length;
        st = put(z, code);
        if (z->next == LZW_TABLE_END || z->at == z->n)
            continue;
        if (lzw_dict_find(&z->dict, code, z->pixels[z->at], &slot) == 0) {
            uint32_t place = filter_place(z, z->at - length, z->at + 1);
            z->filter[place / 64] |= UINT64_C(1) << place % 64;
            lzw_dict_put(&z->dict, slot, code, z->pixels[z->at], z->next);
        }
        z->next++;
    }
    return st;
}

/* The pixels that are parsed go. */
static void drop(struct lzw_recoder *z, size_t n)
{
    memmove(z->pixels, z->pixels + n, z->n - n);
    memmove(z->begun, z->begun + n, (z->n - n + 1) * sizeof *z->begun);
    if (z->place > UINT32_MAX - 2 * ROOM) { /* places begin anew */
        z->place = 0;
        memset(z->match, 0, sizeof z->match);
    } else {
        z->place += (uint32_t)n;
    }
    z->n -= n;
    z->at -= n;
}

static enum status code_segment(struct lzw_recoder *z, enum lzw_reread_end *end)
{
    enum status st = ST_OK;
    lzw_dict_clear(&z->dict);
    memset(z->filter, 0, sizeof z->filter);
    z->next = z->bits.codes.first;
    z->at = z->n = 0;
    z->listed = 0;
    do {
        size_t more;
        drop(z, z->at);
        st = lzw_reread_pixels(&z->reread, z->pixels + z->n, ROOM - z->n, &more, end);
        for (; more > 0; more--, z->n++)
            z->begun[z->n + 1] = z->begun[z->n] * HASH_BASE + z->pixels[z->n] + 1;
        z->noisy = z->reread.pixels < NOISE * z->reread.read;
        if (st == ST_OK)
            st = parse(z, *end == LZW_REREAD_GOES_ON ? z->n - AHEAD : z->n);
    } while (st == ST_OK && *end == LZW_REREAD_GOES_ON);
    drop(z, z->n); /* their matches are of this dictionary */
    return st == ST_OK ? lzw_bits_codes(&z->bits, z->list, z->listed) : st;
}

enum status lzw_recode(struct lzw_recoder *z, struct sink *from, const struct lzw_outlook *o,
                       struct sink *to)
{
    enum lzw_reread_end end = LZW_REREAD_GOES_ON;
    enum status st = lzw_reread_begin(z->cx, &z->reread, from);
    if (st != ST_OK)
        return st;
    uint8_t size = (uint8_t)z->reread.codes.min_code_size;
    z->outlook = *o;
    lzw_bits_init(&z->bits, to, size);
    st = sink_write(to, &size, 1);
    while (st == ST_OK && end != LZW_REREAD_END) {
        st = lzw_bits_clear(&z->bits);
        if (st == ST_OK)
            st = code_segment(z, &end);
    }
    if (st == ST_OK)
        st = lzw_bits_end(&z->bits);
    return st == ST_OK ? sink_flush(to) : st;
}
