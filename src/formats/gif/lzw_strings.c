/* SPDX-License-Identifier: MIT */
/* What happens to a whole dictionary: it begins, makes room, or changes its form. */
#include "formats/gif/lzw_strings.h"

#include "base/size.h"

static void move_output(struct lzw_decoder *z, uint32_t to)
{
    z->output = z->form == BY_TAIL ? z->staged : z->history;
    z->before += (uint64_t)z->run.write - to;
    z->read = z->run.write = to;
    if (z->form == BY_TAIL)
        z->limit = STAGED_FULL;
    else if (z->form == BY_PLACE)
        z->limit = min_u32(to + HISTORY_REVIEW, HISTORY_FULL);
    else
        z->limit = ALL_FULL;
}

/* In whole steps: of few colors some are too many, and dictionary strings take their entries. */
static void literals_by_place(struct lzw_decoder *z)
{
    typedef uint32_t step_entries __attribute__((vector_size(STEP)));
    step_bytes bytes = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    step_entries entries = {PLACED(0, 0), PLACED(1, 0), PLACED(2, 0), PLACED(3, 0)};
    for (uint32_t at = 0; at < z->clear; at += STEP) {
        memcpy(z->history + at, &bytes, STEP);
        bytes += STEP;
#pragma GCC unroll 4
        for (uint32_t i = 0; i < STEP; i += 4) {
            memcpy(z->table + at + i, &entries, STEP);
            entries += PLACED(4, 0);
        }
    }
    z->table[z->clear] = z->table[z->clear + 1] = NO_STRING;
}

static void literals_by_tail(struct lzw_decoder *z)
{
    for (uint32_t i = 0; i < z->clear; i++) {
        z->tail[i] = (step_bytes){(uint8_t)i};
        z->table[i] = LINKED(0, 1, i);
    }
}

void lzw_strings_begin(struct lzw_decoder *z)
{
    if (z->literals != z->clear || z->form == BY_TAIL)
        literals_by_place(z);
    z->literals = z->clear;
    z->form = z->left <= ALL_FULL - LITERALS ? ALL_BY_PLACE : BY_PLACE;
    z->waits = false;
    move_output(z, LITERALS);
}

/* Changes the dictionary's form; its strings still stand in the history. */
static void to_tails(struct lzw_decoder *z)
{
    struct run *r = &z->run;
    uint32_t first = z->clear + 2;
    /* of the history, which the tails will write over, only the last bytes are needed */
    for (uint32_t i = first; i < r->next; i++) {
        uint32_t entry = z->table[i];
        z->table[i] = z->history[PLACE(entry) + PLACED_MORE(entry)];
    }
    literals_by_tail(z);
    for (uint32_t i = first; i < r->next; i++) {
        uint32_t prefix = z->prefix[i], entry = z->table[prefix];
        z->tail[i] = grow_tail(z->tail[prefix], LINKED_LENGTH(entry) % STEP, z->table[i]);
        z->table[i] = longer_entry(entry, prefix);
    }
    r->entry = z->table[r->previous];
    r->tail = z->tail[r->previous];
    z->form = BY_TAIL;
}

void lzw_strings_make_room(struct lzw_decoder *z)
{
    const struct run *r = &z->run;
    uint32_t to = 0;
    if (z->form == BY_PLACE) {
        bool full = r->next == CODES;
        uint32_t end = full ? z->full_at : r->write;
        if (z->left <= ALL_FULL - r->write) {
            z->form = ALL_BY_PLACE;
            to = r->write;
        } else if (end > HISTORY_CROWDED ||
                   (!full && lzw_strings_pixel(z, r) - z->cleared > STEP * (r->next - z->clear)))
            to_tails(z);
        else
            to = r->write >= HISTORY_FULL ? end : r->write;
    }
    move_output(z, to);
}
