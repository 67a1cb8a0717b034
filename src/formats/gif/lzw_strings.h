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
#ifndef GIFLOW_FORMATS_GIF_LZW_STRINGS_H
#define GIFLOW_FORMATS_GIF_LZW_STRINGS_H

#include <endian.h>
#include <string.h>

#include "formats/gif/lzw_decode.h"

#define MAX_WIDTH 12
#define CODES (1u << MAX_WIDTH)

/* A copy writes in steps of 16, so up to 15 bytes beyond a string's end, and reads as many. */
#define STEP 16u
#define LITERALS (256u + STEP)

#define HISTORY (36u * 1024)
/* No string is longer than the codes there are: below this place one more always fits. */
#define HISTORY_FULL (HISTORY - CODES - STEP)
/* Moving the needed part of the history must free at least a quarter of it. */
#define HISTORY_KEEP ((HISTORY_FULL - LITERALS) * 3 / 4)

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

/* An empty dictionary in the form that would have suited the last one. */
void lzw_strings_reset(struct lzw_decoder *z);

/*
 * Moves the dictionary's strings to the front of the history; where they are too long, changes
 * the dictionary's form so that it needs none. All that was decoded has been handed out.
 */
void lzw_strings_make_room(struct lzw_decoder *z);

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

#endif
