/* SPDX-License-Identifier: MIT */
/* The cells of a histogram, found by hashing; they coarsen as the table fills. */
#ifndef GIFLOW_COLOR_CELL_TABLE_H
#define GIFLOW_COLOR_CELL_TABLE_H

#include "base/context.h"
#include "color/cell_code.h"

/* Beyond this many cells the next level comes; on the last one there is a place for all. */
#define CELLS_MANY 24576

/*
 * A cell with more pixels than this stands aside for a new one of the same key, so that 32 bits
 * are enough for its sums. That happens once in half a billion pixels: some room is enough.
 */
#define CELL_PIXELS (UINT32_C(1) << 29)
#define CELLS_ROOM (32768 + 1024)

struct cell {
    uint32_t key;
    uint32_t sum[4]; /* count; red, green, blue above the key's base values */
};

struct cell_table {
    struct cell_code code; /* of the present level */
    uint32_t cells;        /* with those that stand aside */
    uint32_t aside;
    struct cell *cell; /* CELLS_ROOM */
    uint16_t *slot;    /* 1 + the number of a cell; 0: free */
};

enum status cell_table_open(struct context *cx, struct cell_table *t) MUST_CHECK;
void cell_table_free_slots(struct context *cx,
                           struct cell_table *t); /* nothing can be added then */
void cell_table_free_cells(struct context *cx, struct cell_table *t);

/* Goes to next levels, as far as there are, until there are no more than so many cells. */
void cell_table_shrink(struct cell_table *t, uint32_t most);

/*
 * Adds words added up, written in some earlier or the present code, and the sums of more pixels
 * of that cell, CELL_PIXELS at most. May change the level.
 */
void cell_table_add(struct cell_table *t, const struct cell_code *code, uint64_t word,
                    const uint32_t more[4]);

#endif
