/* SPDX-License-Identifier: MIT */
/* Segments read again, parsed and written. */
#include "formats/gif/lzw_recode.h"

#include "base/mem.h"
#include "base/size.h"
#include "formats/gif/lzw_recoder.h"

/* Found by trial over 400 screenshots, icons and drawings. */
#define NOISE 2        /* pixels a code below which looking ahead is in vain as the table grows */
#define IN_VAIN 3      /* outlooks that are tried to the end: where none gains a code no more are */
#define BEHIND 8       /* codes: a parse that falls so far behind the best one hardly ever wins */
#define SAVED_WORTH 16 /* codes that outlooks may take for each one that was saved */
#define PIXELS_A_CODE 64 /* that take as long as one, beside it */

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
    lzw_filter_clear(&z->filter, z->bits.codes.clear);
}

/* What is remembered of pixels is not so with another table, or in another place. */
static void forget(struct lzw_recoder *z)
{
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

/* Where the stretches of the codes that were read end. */
static void mark_stretches(const struct lzw_recoder *z, struct lzw_parsed *p)
{
    uint32_t end = 0, n = (uint32_t)z->reread.read;
    for (uint32_t i = 0; i < n; i++) {
        end += z->reread.length[p->code[i]];
        p->end[i / LZW_STRETCH] = end;
    }
}

/*
 * Parses pixels[], which are all, in fewer than `least` codes. False: it does not come to that, or
 * is not expected to, as it has fallen behind the best parse so far, if that is not NULL.
 */
static bool parse_all(struct lzw_recoder *z, struct lzw_parsed *to, uint32_t least,
                      const struct lzw_parsed *best)
{
    size_t behind = z->n * BEHIND / (size_t)z->reread.read;
    while (z->at < z->n && z->listed < least) {
        uint32_t stretch = z->listed / LZW_STRETCH;
        lzw_recode_parse(z, z->n, min_u32(z->listed + LZW_STRETCH, least));
        to->end[stretch] = (uint32_t)z->at;
        if (best != NULL && stretch > 0 && z->at + behind < best->end[stretch])
            return false;
    }
    return z->at == z->n && z->listed < least;
}

/* The best of all parses, if pixels[] are all; what codes they had is in the first one. */
static enum status code_best(struct lzw_recoder *z)
{
    const struct lzw_outlooks *o = &z->outlooks;
    struct lzw_parsed *best = &z->parsed[0];
    uint32_t read = (uint32_t)z->reread.read, least = read;
    uint64_t taken = 0, spare = o->spare;
    size_t tries = z->noisy ? 1 : o->n; /* which differ in what they see ahead */
    mark_stretches(z, best);
    bool all = o->spare == LZW_RECODE_ALL;
    for (size_t i = 0; i < tries && taken < spare; i++) {
        if (all && i == IN_VAIN && least == read)
            break;
        struct lzw_parsed *to = &z->parsed[best == z->parsed];
        begin_parse(z, &o->outlook[i], to->code);
        if (parse_all(z, to, least, all ? NULL : best)) {
            best = to;
            spare += (uint64_t)SAVED_WORTH * (least - z->listed);
            least = z->listed;
        }
        taken += z->listed + z->at / PIXELS_A_CODE;
        forget(z);
    }
    z->at = z->n;
    drop(z);
    return lzw_bits_codes(&z->bits, best->code, least);
}

/* The parse of the first outlook, as far as pixels come. */
static enum status code_windows(struct lzw_recoder *z, enum lzw_reread_end *end)
{
    enum status st = ST_OK;
    begin_parse(z, z->outlooks.outlook, z->parsed[0].code);
    for (;;) {
        size_t to = *end == LZW_REREAD_GOES_ON ? z->n - AHEAD : z->n;
        while (z->at < to && st == ST_OK) {
            lzw_recode_parse(z, to, LZW_RECODE_CODES);
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
    z->reread.list = z->parsed[0].code;
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
                       const struct lzw_outlooks *outlooks, struct sink *to)
{
    z->outlooks = *outlooks;
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
    z->outlooks = (struct lzw_outlooks){o, 1, LZW_RECODE_ALL};
    z->freedom = freedom;
    return recode(z, from, LZW_TABLE_END, freedom->min_code_size, to);
}
