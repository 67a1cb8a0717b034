/* SPDX-License-Identifier: MIT */
/* Segments read again, parsed and written. */
#include "formats/gif/lzw_recode.h"

#include "base/mem.h"
#include "base/size.h"
#include "formats/gif/lzw_recoder.h"

#define NOISE 2   /* pixels a code below which looking ahead with a growing table is in vain */
#define IN_VAIN 3 /* outlooks: where none of so many gains a code others hardly ever do */

#define AHEAD ((LZW_CHAIN_MOST + 2) * LZW_TABLE_END)
#define NO_ROWS SIZE_MAX

_Static_assert(sizeof(struct lzw_recoder) <= LZW_RECODER_BYTES, "callers have room for it");

struct lzw_recoder *lzw_recoder_begin(struct context *cx, void *memory)
{
    struct lzw_recoder *z = memory;
    z->cx = cx;
    z->place = 0;
    z->free = NULL;
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
    if (z == NULL)
        return;
    mem_free(z->cx, z->free);
    mem_free(z->cx, z);
}

/* The pixels around pixels[at] become known to the filter, and pixels[at] does in any case. */
static inline void hash_ahead(struct lzw_recoder *z, size_t least)
{
    if (z->filter.hashed < min_size(z->at + least, z->n))
        lzw_filter_hash(&z->filter, z->pixels, min_size(z->at + LZW_FILTER_NEAR, z->n));
}

/* The string of a phrase from a pixel on is made at once, as the next pixel is known. */
static void add_string(struct lzw_recoder *z, size_t from, uint32_t code)
{
    uint32_t slot;
    if (z->next == LZW_TABLE_END || z->at == z->n)
        return;
    if (lzw_dict_find(&z->dict, code, z->pixels[z->at], &slot) == 0) {
        hash_ahead(z, 1);
        lzw_filter_add(&z->filter, from, z->at + 1);
        lzw_dict_put(&z->dict, slot, code, z->pixels[z->at], z->next);
        lzw_runs_note(&z->runs, code, z->pixels[z->at], z->next);
    }
    z->next++;
}

/*
 * The string that waits is made, as its last pixel is known now, and that of this phrase waits. A
 * code whose string there is already stands for none.
 */
static void let_wait(struct lzw_recoder *z, size_t from, uint32_t code)
{
    uint32_t *hash = z->free->hash, first = code, slot;
    while (first >= z->bits.codes.clear)
        first = z->dict.prefix[first];
    if (z->waits) {
        uint32_t same = lzw_dict_find(&z->dict, z->last, first, &slot);
        uint32_t before = z->last_length == 1 ? lzw_filter_longer(0, z->last) : hash[z->last];
        hash[z->next] = lzw_filter_longer(before, first);
        lzw_filter_add_hash(&z->filter, hash[z->next]);
        if (same == 0)
            lzw_dict_put(&z->dict, slot, z->last, first, z->next);
        else if (same != z->next)
            z->dict.prefix[z->next] = LZW_TABLE_END;
        z->next++;
    }
    z->waits = z->next < LZW_TABLE_END;
    z->last = code;
    z->last_first = first;
    z->last_length = (uint32_t)(z->at - from);
}

/* Appends the codes of phrases: up to a pixel, or until there are so many. */
static void parse(struct lzw_recoder *z, size_t end, uint32_t most)
{
    while (z->at < end && z->listed < most) {
        uint32_t code;
        size_t from = z->at;
        hash_ahead(z, LZW_FILTER_NEAR / 2);
        z->at += lzw_recode_phrase(z, &code);
        z->list[z->listed++] = (uint16_t)code;
        while (z->row_end <= z->at)
            z->row_end += z->row_width;
        if (z->freedom != NULL)
            let_wait(z, from, code);
        else
            add_string(z, from, code);
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
    z->waits = false;
    z->row_end = o->rows ? z->row_width - z->in_row : NO_ROWS;
    lzw_dict_clear(&z->dict);
    lzw_runs_forget(&z->runs);
    lzw_filter_clear(&z->filter);
}

/* What is remembered of pixels is not so with another table, or in another place. */
static void forget(struct lzw_recoder *z)
{
    lzw_filter_restart(&z->filter);
    if (z->place > UINT32_MAX - 2 * LZW_RECODE_ROOM) { /* places begin anew */
        z->place = 0;
        memset(z->match, 0, sizeof z->match);
        if (z->free != NULL)
            memset(z->free->match, 0, sizeof z->free->match);
    } else {
        z->place += (uint32_t)z->n;
    }
}

/* The pixels that are parsed go. */
static void drop(struct lzw_recoder *z)
{
    forget(z);
    memmove(z->pixels, z->pixels + z->at, z->n - z->at);
    if (z->freedom != NULL)
        memmove(z->free->other, z->free->other + z->at, z->n - z->at);
    z->in_row = (uint32_t)((z->in_row + z->at) % z->row_width);
    z->row_end -= z->row_end == NO_ROWS ? 0 : z->at;
    z->n -= z->at;
    z->at = 0;
}

/* More pixels, as many as there is room for, of what comes up to the next clear. */
static enum status fill(struct lzw_recoder *z, enum lzw_reread_end *end)
{
    const struct lzw_freedom *f = z->freedom;
    uint8_t *pixels = z->pixels + z->n;
    size_t more;
    enum status st = lzw_reread_pixels(&z->reread, pixels, LZW_RECODE_ROOM - z->n, &more, end);
    if (st == ST_OK && f != NULL)
        st = f->read(f->user, pixels, z->free->other + z->n, more);
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
    for (size_t i = 0; i < tries && (i != IN_VAIN || least < z->reread.read); i++) {
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
    bool whole =
        z->freedom == NULL && *end != LZW_REREAD_GOES_ON && z->reread.read <= LZW_RECODE_CODES;
    return whole ? code_best(z) : code_windows(z, end);
}

/* With the outlooks and the freedom that are set. min_code_size 0: as it was. */
static enum status recode(struct lzw_recoder *z, struct sink *from, uint32_t row_width,
                          uint8_t min_code_size, struct sink *to)
{
    enum lzw_reread_end end = LZW_REREAD_GOES_ON;
    enum status st = lzw_reread_begin(z->cx, &z->reread, from);
    if (st != ST_OK)
        return st;
    uint8_t size =
        min_code_size != 0 ? min_code_size : (uint8_t)z->reread.unpack.codes.min_code_size;
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

enum status lzw_recode(struct lzw_recoder *z, struct sink *from, uint32_t row_width,
                       const struct lzw_outlook *outlooks, size_t n, struct sink *to)
{
    z->outlooks = outlooks;
    z->outlooks_n = n;
    z->freedom = NULL;
    return recode(z, from, row_width, 0, to);
}

enum status lzw_recode_freely(struct lzw_recoder *z, struct sink *from, const struct lzw_outlook *o,
                              const struct lzw_freedom *freedom, struct sink *to)
{
    if (z->free == NULL) {
        z->free = mem_zalloc(z->cx, sizeof *z->free);
        if (z->free == NULL)
            return z->cx->status;
    }
    z->outlooks = o;
    z->outlooks_n = 1;
    z->freedom = freedom;
    return recode(z, from, LZW_TABLE_END, freedom->min_code_size, to);
}
