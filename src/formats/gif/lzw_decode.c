/* SPDX-License-Identifier: MIT */
/*
 * The LZW decoder: a dictionary of places in what was decoded already, and a second form of it for
 * strings too long to be kept.
 *
 * By place. A new dictionary string is always "the previous string and one byte more", and that is
 * just how it stands in the output: so an entry is no more than (place, length), made without
 * looking at a single pixel. Decoding a code is one table load and one copy, mostly of 16 bytes;
 * there is no prefix chain to follow, no stack, no reversal. Literals are strings too: they
 * stand in front of the history, so that they need no branch. An entry is written before its code
 * is looked up; a code that names the entry being made ("KwKwK") then finds it like any other, and
 * only its last byte, which the copy read before it was there, is put right afterwards.
 *
 * The places must stay: all strings of a dictionary lie between the clear code and the point at
 * which the table was full. On photographs that is some 7 KiB. The history holds HISTORY bytes;
 * when it is full, that part is moved to its front.
 *
 * By tails. Where that part is too long (flat art: strings of hundreds of pixels, copied at
 * memory speed anyway), the dictionary changes its form: an entry holds the last 1 .. 8 bytes of
 * its string and a link to the entry that is the rest, whose length is a multiple of 8. It
 * needs no history. The next clear code chooses again, by the length of what came since the last.
 */
#include "formats/gif/lzw_decode.h"

#include <endian.h>
#include <string.h>

#include "base/mem.h"
#include "base/size.h"

#define MAX_WIDTH 12
#define CODES (1u << MAX_WIDTH)

/* A copy writes in steps of 16, so up to 15 bytes beyond a string's end, and reads as many. */
#define STEP 16u
#define LITERALS (256u + STEP)

#define HISTORY (36u * 1024)
/* No string is longer than the codes there are: below this place one more always fits. */
#define HISTORY_FULL (HISTORY - CODES - STEP)
/* Moving the needed part of the history must free at least half of it. */
#define HISTORY_KEEP ((HISTORY_FULL - LITERALS) / 2)

#define INPUT (4u * 1024)

enum form { BY_PLACE, BY_TAIL };

/* An entry is one word: its length, and above it its place or its link. */
#define ENTRY(high, length) ((uint32_t)(high) << 16 | (uint32_t)(length))
#define HIGH(entry) ((entry) >> 16)
#define LENGTH(entry) ((entry)&0xffff)

/* What changes with every code; the loops keep a copy in registers. */
struct run {
    uint64_t bits; /* of the input: the low count bits come next */
    unsigned count;
    uint32_t write;       /* where in the history the next string goes */
    uint32_t next, width; /* the entry to be made, the code width */
    uint32_t previous;    /* the previous code; CODES: none since the clear code */
    uint32_t at;          /* BY_PLACE: where the previous string stands in the history */
    uint32_t length;      /* of the previous string */
};

struct lzw_decoder {
    struct context *cx;
    lzw_block_fn *block;
    void *user;

    struct run run;
    const uint8_t *in, *in_end;
    bool input_ended; /* terminator seen, or error */
    bool terminated;

    uint32_t clear; /* the clear code; the end code is the one after it */
    uint8_t first;  /* BY_TAIL: the first byte of the previous string */
    enum form form;

    uint32_t read;        /* history[read .. run.write) is decoded and not handed out yet */
    uint32_t begin;       /* BY_PLACE: where the strings of this dictionary begin */
    uint32_t full_at;     /* BY_PLACE: where they end; 0 while the table is not full */
    uint64_t since_clear; /* bytes decoded since the clear code, up to segment_at */
    uint32_t segment_at;  /* .. and from here to write */
    uint64_t strings;     /* the same when the table got full; 0 before */
    uint64_t left;        /* pixels of the image not decoded yet */

    enum status status;
    const char *why;

    uint32_t table[CODES + 1]; /* the last one takes what a full table cannot */
    union {
        uint64_t tail[CODES];       /* BY_TAIL: little-endian, unused high bytes 0 */
        uint16_t prefix[CODES + 1]; /* BY_PLACE: the code of the string without its last byte */
    };
    uint8_t history[HISTORY];
    uint8_t input[INPUT + 8];
};

enum status lzw_decoder_open(struct context *cx, struct lzw_decoder **out)
{
    struct lzw_decoder *z = mem_alloc(cx, sizeof *z);
    if (z == NULL)
        return cx->status;
    memset(z, 0, offsetof(struct lzw_decoder, table));
    z->cx = cx;
    for (unsigned i = 0; i < LITERALS; i++)
        z->history[i] = (uint8_t)i;
    *out = z;
    return ST_OK;
}

void lzw_decoder_close(struct lzw_decoder *z)
{
    if (z != NULL)
        mem_free(z->cx, z);
}

/* An empty dictionary in the form that would have suited the last one. */
static void reset(struct lzw_decoder *z)
{
    uint64_t strings =
        z->strings != 0 ? z->strings : z->since_clear + (z->run.write - z->segment_at);
    z->form = strings > HISTORY ? BY_TAIL : BY_PLACE;
    z->strings = 0;
    z->since_clear = 0;
    z->segment_at = z->run.write;
    z->begin = z->run.write;
    z->full_at = 0;
    for (uint32_t i = 0; i < z->clear; i++)
        z->table[i] = ENTRY(z->form == BY_PLACE ? i : 0, 1);
    if (z->form == BY_TAIL)
        for (uint32_t i = 0; i < z->clear; i++)
            z->tail[i] = htole64(i);
    z->run.next = z->clear + 2;
    z->run.width = (uint32_t)__builtin_ctz(z->clear) + 1;
    z->run.previous = CODES;
}

void lzw_decoder_start(struct lzw_decoder *z, unsigned min_code_size, uint64_t pixels,
                       lzw_block_fn *block, void *user)
{
    z->block = block;
    z->user = user;
    z->run.bits = 0;
    z->run.count = 0;
    z->in = z->in_end = z->input;
    z->input_ended = z->terminated = false;
    z->read = z->run.write = LITERALS;
    z->since_clear = z->strings = 0;
    z->segment_at = z->run.write;
    z->left = pixels;
    z->status = ST_OK;
    z->why = NULL;
    z->clear = 1u << min_code_size;
    reset(z);
}

bool lzw_decoder_terminated(const struct lzw_decoder *z)
{
    return z->terminated;
}

/* Joins sub-blocks to a long run of input, so that bits are mostly loaded eight bytes at a time. */
static void fill_input(struct lzw_decoder *z)
{
    size_t have = (size_t)(z->in_end - z->in);
    memmove(z->input, z->in, have);
    z->in = z->input;
    while (!z->input_ended && INPUT - have >= 255) {
        const uint8_t *data;
        size_t n;
        enum status st = z->block(z->user, &data, &n);
        if (st != ST_OK || n == 0) {
            z->input_ended = true;
            z->terminated = st == ST_OK;
            z->status = st; /* told only when what came before it has been handed out */
            break;
        }
        memcpy(z->input + have, data, n);
        have += n;
    }
    z->in_end = z->input + have;
}

/* Bytewise, for the last bits of the input. */
static void refill_slowly(struct lzw_decoder *z)
{
    while (z->run.count <= 56 && z->in < z->in_end) {
        z->run.bits |= (uint64_t)*z->in++ << z->run.count;
        z->run.count += 8;
    }
}

static void damage(struct lzw_decoder *z, const char *why)
{
    if (z->status == ST_OK) {
        z->status = ST_DAMAGED;
        z->why = why;
    }
    z->left = 0;
    z->input_ended = true;
    z->in = z->in_end;
    z->run.count = 0;
}

/* Changes the dictionary's form; its strings still stand in the history. */
static void to_tails(struct lzw_decoder *z)
{
    uint32_t first = z->clear + 2;
    /* Upwards, a prefix becomes a link: to the string's part before its last 1 .. 8 bytes. */
    for (uint32_t i = first; i < z->run.next; i++)
        if ((LENGTH(z->table[i]) - 1) % 8 != 0)
            z->prefix[i] = z->prefix[z->prefix[i]];
    /* Downwards, because a tail takes the room of four links, of entries no lower than its own. */
    for (uint32_t i = z->run.next; i-- > first;) {
        uint32_t length = LENGTH(z->table[i]), at = HIGH(z->table[i]), link = z->prefix[i];
        uint32_t part = (length - 1) % 8 + 1;
        uint64_t tail = 0;
        memcpy(&tail, z->history + at + length - part, part);
        z->table[i] = ENTRY(link, length);
        z->tail[i] = tail;
    }
    for (uint32_t i = 0; i < z->clear; i++) {
        z->table[i] = ENTRY(0, 1);
        z->tail[i] = htole64(i);
    }
}

/*
 * Moves the dictionary's strings to the front of the history; where they are too long, changes
 * the dictionary's form so that it needs none. All that was decoded has been handed out.
 */
static void make_room(struct lzw_decoder *z)
{
    z->since_clear += z->run.write - z->segment_at;
    if (z->form == BY_PLACE) {
        uint32_t end = z->full_at != 0 ? z->full_at : z->run.write;
        uint32_t keep = z->run.previous == CODES ? 0 : end - z->begin;
        uint32_t first = z->clear + 2;
        if (keep <= HISTORY_KEEP) {
            uint32_t by = z->begin - LITERALS;
            if (by != 0 && keep != 0) {
                memmove(z->history + LITERALS, z->history + z->begin, keep);
                for (uint32_t i = first; i < z->run.next; i++)
                    z->table[i] -= by << 16;
                /* the previous string is among the kept, but for a full table, which asks no more
                 */
                z->run.at -= by;
            }
            z->begin = LITERALS;
            z->run.write = LITERALS + keep;
            if (z->full_at != 0) {
                z->full_at = z->run.write;
                z->run.at = LITERALS;
            }
            z->read = z->segment_at = z->run.write;
            return;
        }
        z->first = z->history[z->run.at];
        to_tails(z);
        z->form = BY_TAIL;
    }
    z->read = z->run.write = z->segment_at = LITERALS;
}

/* sixteen bytes at once, also where the two places overlap */
static inline __attribute__((always_inline)) void copy_step(uint8_t *to, const uint8_t *from)
{
    struct {
        uint64_t half[2];
    } step;
    memcpy(&step, from, STEP);
    memcpy(to, &step, STEP);
}

/*
 * Writes the string of a code that is known to be in the table or the one being made, by place.
 * False, with nothing changed: the history has no room for it.
 */
static inline __attribute__((always_inline)) bool
string_by_place(struct lzw_decoder *z, struct run *r, uint32_t code, bool full)
{
    uint8_t *to = z->history + r->write;
    if (!full) {
        z->table[r->next] = ENTRY(r->at, r->length + 1);
        z->prefix[r->next] = (uint16_t)r->previous;
    }
    uint32_t entry = z->table[code], length = LENGTH(entry);
    const uint8_t *from = z->history + HIGH(entry);
    copy_step(to, from);
    if (__builtin_expect(length > STEP, 0)) {
        if (r->write + length > HISTORY - STEP)
            return false;
        for (uint32_t i = STEP; i < length; i += STEP)
            copy_step(to + i, from + i);
    }
    if (!full) {
        if (__builtin_expect(code == r->next, 0))
            to[length - 1] = to[0];
        r->next++;
        r->previous = code;
    }
    r->at = r->write;
    r->length = length;
    r->write += length;
    return true;
}

static inline __attribute__((always_inline)) void add_tail(struct lzw_decoder *z, struct run *r,
                                                           uint8_t byte)
{
    uint32_t part = r->length & 7;
    uint64_t value =
        part == 0 ? byte : le64toh(z->tail[r->previous]) | (uint64_t)byte << (8 * part);
    uint32_t link = part == 0 ? r->previous : HIGH(z->table[r->previous]);
    z->tail[r->next] = htole64(value);
    z->table[r->next] = ENTRY(link, r->length + 1);
}

/* Writes the string of a code that is known to be in the table or the one being made. */
static inline __attribute__((always_inline)) void
string_by_tail(struct lzw_decoder *z, struct run *r, uint32_t code, bool full)
{
    uint8_t *to = z->history + r->write;
    bool own = !full && code == r->next;
    if (__builtin_expect(own, 0))
        add_tail(z, r, z->first);
    uint32_t length = LENGTH(z->table[code]), walk = code;
    for (uint32_t i = (length - 1) & ~7u;; i -= 8) {
        memcpy(to + i, &z->tail[walk], 8);
        if (i == 0)
            break;
        walk = HIGH(z->table[walk]);
    }
    if (!full) {
        if (__builtin_expect(!own, 1))
            add_tail(z, r, to[0]);
        r->next++;
    }
    z->first = to[0];
    r->length = length;
    r->write += length;
    r->previous = code;
}

/* The first code since a clear code, which is a literal and makes no entry. */
static void first_code(struct lzw_decoder *z, uint32_t code)
{
    struct run *r = &z->run;
    if (code > z->clear + 1) {
        damage(z, "the first code after a clear code is not a color");
        return;
    }
    z->history[r->write] = z->first = (uint8_t)code;
    r->at = r->write++;
    r->length = 1;
    r->previous = code;
}

/* A code that stands for no string: clear or end. */
static void command(struct lzw_decoder *z, uint32_t code)
{
    if (code == z->clear)
        reset(z);
    else
        damage(z, "the end code comes before the last pixel");
}

/*
 * The hot loop: codes of one width, by place. It leaves all that is rare to its caller, with the
 * code in question not taken: clear and end codes, codes beyond the table, a history without room
 * for a long string, and the last few bytes of the input.
 */
static inline __attribute__((always_inline)) void run_by_place(struct lzw_decoder *z, uint32_t stop,
                                                               const uint32_t width, bool full)
{
    struct run r = z->run;
    const uint8_t *in = z->in;
    const uint8_t *const in_last = z->in_end - 8;
    const uint32_t clear = z->clear, mask = (1u << width) - 1;
    /* the entry after which codes grow wider or the table is full */
    const uint32_t end = full ? CODES : 1u << width;

    while (in <= in_last && r.write < stop && (full || r.next + 4 < end)) {
        uint64_t word;
        memcpy(&word, in, 8);
        r.bits |= le64toh(word) << r.count;
        in += (63 - r.count) >> 3;
        r.count |= 56;
#pragma GCC unroll 4
        for (int i = 0; i < 4; i++) {
            uint32_t code = (uint32_t)r.bits & mask;
            if (__builtin_expect(code - clear < 2, 0) || __builtin_expect(code > r.next, 0))
                goto out;
            if (!string_by_place(z, &r, code, full))
                goto out;
            r.bits >>= width;
            r.count -= width;
        }
    }
out:
    z->run = r;
    z->in = in;
}

/* One copy of the loop for each common width: shifts by a constant are a third of the cost. */
static void place_loop(struct lzw_decoder *z, uint32_t stop)
{
    if (z->run.next == CODES)
        run_by_place(z, stop, 12, true);
    else if (z->run.width == 12)
        run_by_place(z, stop, 12, false);
    else if (z->run.width == 11)
        run_by_place(z, stop, 11, false);
    else
        run_by_place(z, stop, z->run.width, false);
}

/* The same by tail. A step makes the entry after the string is known: it is short beside it. */
static inline __attribute__((always_inline)) void run_by_tail(struct lzw_decoder *z, uint32_t stop,
                                                              bool full)
{
    struct run r = z->run;
    const uint8_t *in = z->in;
    const uint8_t *const in_last = z->in_end - 8;
    const uint32_t clear = z->clear, width = r.width, mask = (1u << width) - 1;
    const uint32_t end = full ? CODES : 1u << width;

    while (in <= in_last && r.write < stop && (full || r.next + 4 < end)) {
        uint64_t word;
        memcpy(&word, in, 8);
        r.bits |= le64toh(word) << r.count;
        in += (63 - r.count) >> 3;
        r.count |= 56;
        for (int i = 0; i < 4; i++) {
            uint32_t code = (uint32_t)r.bits & mask;
            if (__builtin_expect(code - clear < 2, 0) || __builtin_expect(code > r.next, 0) ||
                __builtin_expect(r.write >= HISTORY_FULL, 0))
                goto out;
            r.bits >>= width;
            r.count -= width;
            string_by_tail(z, &r, code, full);
        }
    }
out:
    z->run = r;
    z->in = in;
}

/* One code with every check, at the edges of the hot loops. False: no whole code is there. */
static bool run_one(struct lzw_decoder *z)
{
    struct run *r = &z->run;
    refill_slowly(z);
    if (r->count < r->width)
        return false;
    uint32_t code = (uint32_t)r->bits & ((1u << r->width) - 1);
    r->bits >>= r->width;
    r->count -= r->width;

    bool full = r->next == CODES;
    if (code - z->clear < 2) {
        command(z, code);
        return z->left != 0;
    }
    if (r->previous == CODES)
        first_code(z, code);
    else if (code > r->next)
        damage(z, "a code beyond the table");
    else if (z->form == BY_TAIL)
        string_by_tail(z, r, code, full);
    else if (!string_by_place(z, r, code, full))
        return false; /* cannot be: below HISTORY_FULL the longest string fits */
    /* after the first code too: with a minimum code size of 1, two bits hold no entry */
    if (r->next >> r->width != 0 && r->width < MAX_WIDTH)
        r->width++;
    if (r->next == CODES && !full) {
        z->full_at = r->write;
        z->strings = z->since_clear + (r->write - z->segment_at);
    }
    return z->left != 0;
}

/* Decodes until the history has no room, the input no code, or the image no pixel left. */
static void run_codes(struct lzw_decoder *z)
{
    const uint32_t start = z->run.write;
    const uint32_t stop = z->left < HISTORY_FULL - start ? start + (uint32_t)z->left : HISTORY_FULL;

    while (z->run.write < stop) {
        if (z->run.previous != CODES) {
            bool full = z->run.next == CODES;
            if (z->form == BY_PLACE)
                place_loop(z, stop);
            else
                full ? run_by_tail(z, stop, true) : run_by_tail(z, stop, false);
            if (z->run.write >= stop)
                break;
        }
        if (!run_one(z))
            break;
    }
    uint64_t came = z->run.write - start;
    z->left = came < z->left ? z->left - came : 0;
}

enum status lzw_decode(struct lzw_decoder *z, uint8_t *out, size_t n, size_t *got, const char **why)
{
    *got = 0;
    for (;;) {
        size_t ready = min_size(z->run.write - z->read, n - *got);
        memcpy(out + *got, z->history + z->read, ready);
        z->read += (uint32_t)ready;
        *got += ready;
        if (*got == n)
            return ST_OK;
        if (z->left == 0 || (z->input_ended && z->in == z->in_end && z->run.count < z->run.width)) {
            damage(z, "the data ends before the last pixel");
            *why = z->why;
            return z->status;
        }
        if (z->run.write >= HISTORY_FULL)
            make_room(z);
        if (z->in_end - z->in < 8 && !z->input_ended)
            fill_input(z);
        run_codes(z);
    }
}
