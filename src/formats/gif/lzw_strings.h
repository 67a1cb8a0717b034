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
 * is looked up; a code that names the entry being made ("KwKwK") then finds it like any other, but
 * for its last byte, which is still to be written.
 *
 * The places must stay: all strings of a dictionary lie between the clear code and the point at
 * which the table was full. On photographs that is some 7 KiB; the history has 64.
 *
 * By tails. Where that is too little (flat art: strings of many pixels), the dictionary changes its
 * form: an entry holds the last 1 .. 16 bytes of its string and a link to the entry that is the
 * rest, whose length is a multiple of 16. It needs no history. What an entry begins with and how
 * long it is follow from the previous string, so it, too, is written before its code is looked up.
 * The next clear code chooses again, by the length of what came since the last.
 *
 * The first code after a clear code makes no entry. It is a code like any other here: it makes one
 * in the place of the end code, which stands for no string before and after.
 */
#ifndef GIFLOW_FORMATS_GIF_LZW_STRINGS_H
#define GIFLOW_FORMATS_GIF_LZW_STRINGS_H

#include <endian.h>
#include <string.h>

#include "formats/gif/lzw_decode.h"

#define MAX_WIDTH 12
#define CODES (1u << MAX_WIDTH)

/*
 * A copy writes in steps of 16, by place the first four of them at once where one does not do: so
 * up to 47 bytes beyond a string's end. It reads as many.
 */
#define STEP 16u
#define LEAP (4 * STEP)
#define LITERALS (256u + STEP)

/* Codes that are decoded between two looks at how much room there is. */
#define AT_ONCE 4u

/*
 * A string of n bytes has n - 1 shorter ones before it, each with its own place in the history:
 * n (n - 1) / 2 bytes. So no longer one can be there by place.
 */
#define LONGEST_BY_PLACE 384u
/* The next codes may write so much beyond the place where they are to stop. */
#define BEYOND (AT_ONCE * LONGEST_BY_PLACE + LEAP)

/* All that is left of an image may use the room of the prefixes, too: 320 x 200 pixels, say. */
#define ALL_HISTORY (72u * 1024)
#define ALL_FULL (ALL_HISTORY - BEYOND)
#define HISTORY (ALL_HISTORY - 2 * CODES)
#define HISTORY_FULL (HISTORY - BEYOND)
/* When the table got full beyond this place, what follows would come in too small pieces. */
#define HISTORY_CROWDED (HISTORY_FULL - 4u * 1024)
/* A dictionary that begins before this place has room enough, and is in the first cache. */
#define HISTORY_FRONT (LITERALS + 8u * 1024)

/* How often it is asked whether tails would take less room, as long as there are few of them. */
#define HISTORY_REVIEW (2u * 1024)

/* By tails, output is held only till it is handed out. No string is longer than there are codes. */
#define STAGED (8u * 1024)
#define STAGED_FULL (STAGED - CODES - STEP)

#define INPUT 1536u

enum form {
    ALL_BY_PLACE, /* and all that is left of the image has its place: the form never changes */
    BY_PLACE,
    BY_TAIL
};

/*
 * An entry is one word. By place: where the string stands, and how many bytes follow its first. The
 * clear code and the end code have more than a string can have: so they are found where a long
 * string would be, and nothing is asked about a short one.
 */
#define PLACED(place, more) ((uint32_t)(place) << 12 | (uint32_t)(more))
#define PLACE(entry) ((entry) >> 12)
#define PLACED_MORE(entry) ((entry)&0xfff)
#define NO_STRING PLACED(0, 0xfff)
/* By tail: the code of the string without its tail, its length, and its first byte. */
#define LINKED(code, length, first) \
    ((uint32_t)(code) << 20 | (uint32_t)(length) << 8 | (uint32_t)(first))
#define LINK(entry) ((entry) >> 20)
#define LINKED_LENGTH(entry) ((entry) >> 8 & 0xfff)
#define FIRST(entry) ((entry)&0xff)

/* Bytes of a string; beyond its end they are anything. */
typedef uint8_t step_bytes __attribute__((vector_size(STEP)));

/* What changes with every code; the loops keep a copy in registers. */
struct run {
    uint64_t bits; /* of the input: the low count bits come next */
    unsigned count;
    size_t write; /* where in the output the next string goes */
    size_t next;  /* the entry to be made */
    uint32_t width;
    size_t previous; /* the previous code; BY_TAIL: its entry and its last bytes */
    uint32_t entry;
    step_bytes tail;
    uint32_t made; /* by place: the entry of its string and one byte more, or NO_STRING */
};

struct lzw_decoder {
    struct context *cx;
    lzw_block_fn *block;
    void *user;

    struct run run;
    const uint8_t *in, *in_end;
    bool input_ended; /* terminator seen, or error */

    uint32_t clear;       /* the clear code; the end code is the one after it */
    uint32_t first_width; /* of codes, after it */
    enum form form;
    uint32_t literals; /* so many stand in the table in this form */
    bool waits;        /* the dictionary, for lzw_strings_begin */

    const uint8_t *output; /* history or staged */
    uint32_t limit;        /* where output has no room, or a review is due */
    uint32_t read;         /* output[read .. run.write) is decoded and not handed out yet */
    uint64_t before;       /* output[0] is the image's pixel of this number, modulo 2^64 */
    uint64_t cleared;      /* the first pixel after the last clear code .. */
    uint64_t full;         /* .. and after the table got full, if it did; */
    uint32_t full_at;      /* BY_PLACE: its place, before which all strings stand */
    uint64_t left;         /* pixels of the image not decoded yet */

    enum status status;
    const char *why;

    uint32_t table[CODES];
    union {
        uint8_t history[ALL_HISTORY]; /* by place: the literals and the output */
        struct {
            uint8_t before_prefix[HISTORY];
            uint16_t prefix[CODES]; /* BY_PLACE: the code of the string without its last byte */
        };
        struct {
            step_bytes tail[CODES]; /* BY_TAIL */
            uint8_t staged[STAGED]; /* BY_TAIL: the output */
        };
    };
    uint8_t input[INPUT + 8];
};

static inline uint64_t lzw_strings_pixel(const struct lzw_decoder *z, const struct run *r)
{
    return z->before + r->write;
}

/* The dictionary after a clear code, which the table need not know of. */
static inline __attribute__((always_inline)) void lzw_strings_empty(const struct lzw_decoder *z,
                                                                    struct run *r)
{
    r->next = z->clear + 1;
    r->width = z->first_width;
    r->made = NO_STRING;
}

/*
 * A clear code, in this form. True: the new dictionary may begin here. False: it is to wait for
 * lzw_strings_begin, when all that was decoded has been handed out.
 */
static inline __attribute__((always_inline)) bool lzw_strings_clear(struct lzw_decoder *z,
                                                                    struct run *r, enum form form)
{
    uint64_t now = lzw_strings_pixel(z, r);
    if (form == BY_PLACE)
        z->waits = r->write >= HISTORY_FRONT;
    if (form == BY_TAIL)
        z->waits =
            (r->next == CODES ? z->full : now) - z->cleared <= HISTORY_CROWDED - HISTORY_FRONT;
    z->cleared = now;
    lzw_strings_empty(z, r);
    return !z->waits;
}

/* An empty dictionary at the front of the output, by place. */
void lzw_strings_begin(struct lzw_decoder *z);

/*
 * Output has come to its limit and has been handed out. What follows the dictionary's strings
 * begins anew; where they leave too little room, or tails take less, it changes its form.
 */
void lzw_strings_make_room(struct lzw_decoder *z);

static inline __attribute__((always_inline)) void copy_step(uint8_t *to, const uint8_t *from)
{
    step_bytes step;
    memcpy(&step, from, STEP);
    memcpy(to, &step, STEP);
}

/* The first n bytes of a tail, n < STEP, and one more. */
static inline __attribute__((always_inline)) step_bytes grow_tail(step_bytes tail, uint32_t n,
                                                                  uint32_t byte)
{
    static const uint8_t ones_and_zeros[2 * STEP] = {255, 255, 255, 255, 255, 255, 255, 255,
                                                     255, 255, 255, 255, 255, 255, 255, 255};
    step_bytes keep, bytes = (step_bytes){0} + (uint8_t)byte;
    memcpy(&keep, ones_and_zeros + STEP - n, STEP);
    return (tail & keep) | (bytes & ~keep);
}

/*
 * Writes the previous string, of length bytes up to `to`, and its first byte again. Runs and
 * slopes grow by one such string after the other, each read as soon as it is written; and a
 * processor waits long for bytes that two stores of late have written. So all is written in
 * whole steps, each of which will be read as it was written.
 */
static inline __attribute__((always_inline)) void repeat_string(uint8_t *to, const uint8_t *from,
                                                                uint32_t length)
{
    uint32_t last = length % STEP;
    step_bytes tail;
    memcpy(&tail, from + (length - last), STEP);
    tail = grow_tail(tail, last, from[0]);
    for (uint32_t i = 0; i < length - last; i += STEP)
        copy_step(to + i, from + i);
    memcpy(to + (length - last), &tail, STEP);
}

/* Writes the rest of a string of more than a step. */
static inline __attribute__((always_inline)) void copy_on(uint8_t *to, const uint8_t *from,
                                                          uint32_t more)
{
    /* as many steps whatever the length, so that a processor need not guess it */
    for (uint32_t i = STEP; i < LEAP; i += STEP)
        copy_step(to + i, from + i);
    if (__builtin_expect(more >= LEAP, 0))
        for (uint32_t i = LEAP; i <= more; i += STEP)
            copy_step(to + i, from + i);
}

/*
 * Writes the string of a code that is in the table or the one being made, by place. False: the code
 * stands for no string.
 */
static inline __attribute__((always_inline)) bool
string_by_place(struct lzw_decoder *z, struct run *r, size_t code, bool full, bool keep_prefix)
{
    uint8_t *to = z->history + r->write;
    if (!full)
        z->table[r->next] = r->made;
    uint32_t entry = z->table[code], more = PLACED_MORE(entry);
    if (!full && __builtin_expect(code >= r->next, 0)) {
        if (code > r->next || entry == NO_STRING)
            return false;
        repeat_string(to, z->history + PLACE(entry), more);
    } else {
        const uint8_t *from = z->history + PLACE(entry);
        copy_step(to, from);
        if (__builtin_expect(more >= STEP, 0)) {
            if (entry == NO_STRING)
                return false;
            copy_on(to, from, more);
        }
    }
    if (!full && keep_prefix) {
        z->prefix[r->next] = (uint16_t)r->previous;
        r->previous = code;
    }
    if (!full)
        r->next++;
    r->made = PLACED(r->write, more + 1);
    r->write += more + 1;
    return true;
}

/* The entry of a string and one byte more. */
static inline __attribute__((always_inline)) uint32_t longer_entry(uint32_t entry, size_t code)
{
    uint32_t linked =
        LINKED_LENGTH(entry) % STEP == 0 ? LINKED(code, 0, 0) | entry % LINKED(1, 0, 0) : entry;
    return linked + LINKED(0, 1, 0);
}

/* The same by tail. */
static inline __attribute__((always_inline)) bool
string_by_tail(struct lzw_decoder *z, struct run *r, size_t code, bool full)
{
    if (__builtin_expect((uint32_t)code - z->clear < 2, 0) ||
        (!full && __builtin_expect(code > r->next, 0)))
        return false;
    uint8_t *to = z->staged + r->write;
    if (!full)
        z->table[r->next] = longer_entry(r->entry, r->previous);
    uint32_t entry = z->table[code], rest = entry;
    if (!full)
        z->tail[r->next++] = grow_tail(r->tail, LINKED_LENGTH(r->entry) % STEP, FIRST(entry));
    step_bytes tail = z->tail[code];
    size_t length = LINKED_LENGTH(entry), part = (length - 1) / STEP * STEP;
    memcpy(to + part, &tail, STEP);
    while (part != 0) {
        size_t link = LINK(rest);
        rest = z->table[link];
        part -= STEP;
        memcpy(to + part, &z->tail[link], STEP);
    }
    r->write += length;
    r->previous = code;
    r->entry = entry;
    r->tail = tail;
    return true;
}

#endif
