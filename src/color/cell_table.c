/* SPDX-License-Identifier: MIT */
/* Open addressing over a dense array of cells. */
#include "color/cell_table.h"

#include <string.h>

#include "base/mem.h"

#define SLOT_BITS 16
#define SLOTS (1u << SLOT_BITS)

enum status cell_table_open(struct context *cx, struct cell_table *t)
{
    t->cells = t->aside = 0;
    cell_code_fill(&t->code, 0);
    t->cell = mem_array(cx, CELLS_ROOM, sizeof *t->cell);
    t->slot = mem_zalloc(cx, SLOTS * sizeof *t->slot);
    return t->cell != NULL && t->slot != NULL ? ST_OK : cx->status;
}

void cell_table_free_slots(struct context *cx, struct cell_table *t)
{
    mem_free(cx, t->slot);
    t->slot = NULL;
}

void cell_table_free_cells(struct context *cx, struct cell_table *t)
{
    mem_free(cx, t->cell);
    t->cell = NULL;
    t->cells = t->aside = 0;
}

/* The slot of key, or the free one where it belongs. */
static inline uint16_t *find_slot(const struct cell_table *t, uint32_t key)
{
    uint32_t at = key * UINT32_C(0x9e3779b1) >> (32 - SLOT_BITS);
    while (t->slot[at] != 0 && t->cell[t->slot[at] - 1].key != key)
        at = (at + 1) % SLOTS;
    return &t->slot[at];
}

/* Makes c the cell of its key. Only with 2^38 pixels can there be no room; they are not counted. */
static void append(struct cell_table *t, uint16_t *slot, const struct cell *c)
{
    if (t->cells == CELLS_ROOM)
        return;
    t->cell[t->cells++] = *c;
    t->aside += *slot != 0;
    *slot = (uint16_t)t->cells;
}

/* Writes a cell in the present code: where base values are lower now, sums are greater. */
static void translate(const struct cell_table *t, const struct cell_code *from, struct cell *c)
{
    uint32_t base[3], sum[4];
    cell_code_bases(from, c->key, base);
    uint64_t word = cell_code_word(&t->code, base[0], base[1], base[2]);
    cell_code_sums(word, sum);
    c->key = cell_code_key(word);
    for (unsigned k = 1; k < 4; k++)
        c->sum[k] += c->sum[0] * sum[k];
}

/* Goes to a later level: cells that become equal merge. */
static void coarsen(struct cell_table *t, unsigned level)
{
    const struct cell_code old = t->code;
    uint32_t count = t->cells;
    cell_code_fill(&t->code, level);
    memset(t->slot, 0, SLOTS * sizeof *t->slot);
    t->cells = t->aside = 0;
    for (uint32_t i = 0; i < count; i++) {
        struct cell c = t->cell[i];
        translate(t, &old, &c);
        uint16_t *slot = find_slot(t, c.key);
        struct cell *same = *slot != 0 ? &t->cell[*slot - 1] : NULL;
        if (same == NULL || same->sum[0] + c.sum[0] > CELL_PIXELS) {
            append(t, slot, &c);
            continue;
        }
        for (unsigned k = 0; k < 4; k++)
            same->sum[k] += c.sum[k];
    }
}

void cell_table_add(struct cell_table *t, const struct cell_code *code, uint64_t word,
                    const uint32_t more[4])
{
    struct cell c = {cell_code_key(word), {0}};
    cell_code_sums(word, c.sum);
    for (unsigned k = 0; more != NULL && k < 4; k++)
        c.sum[k] += more[k];
    if (c.sum[0] == 0)
        return;
    if (code->level != t->code.level)
        translate(t, code, &c);
    uint16_t *slot = find_slot(t, c.key);
    while (*slot == 0 && t->cells >= CELLS_MANY && t->code.level != CELL_LEVELS - 1) {
        const struct cell_code old = t->code;
        coarsen(t, old.level + 1);
        translate(t, &old, &c);
        slot = find_slot(t, c.key);
    }
    struct cell *same = *slot != 0 ? &t->cell[*slot - 1] : NULL;
    if (same == NULL || same->sum[0] + c.sum[0] > CELL_PIXELS) {
        append(t, slot, &c);
        return;
    }
    for (unsigned k = 0; k < 4; k++)
        same->sum[k] += c.sum[k];
}

void cell_table_shrink(struct cell_table *t, uint32_t most)
{
    while (t->cells > most && t->code.level != CELL_LEVELS - 1) {
        unsigned level = t->code.level + 1;
        /* between the first level and the last no more than two cells become one at a time */
        for (uint32_t least = t->cells / 2; level > 1 && level < CELL_LEVELS - 2 && least > most;
             least /= 2)
            level++;
        coarsen(t, level);
    }
}
