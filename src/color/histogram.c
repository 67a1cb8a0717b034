/* SPDX-License-Identifier: MIT */
/* The histogram: a small front of running sums, before the table of cells. */
#include "color/histogram.h"

#include <string.h>

#include "base/mem.h"
#include "base/size.h"
#include "color/cell_table.h"

#define BLOCK 256 /* pixels between two visits to the table */
#define FLAT_MOST (1u << 24)
#define ENTRY_PIXELS 128 /* that fill an entry of the front */

struct vote {
    uint32_t color; /* r at bit 16 */
    uint64_t margin;
};

/*
 * The front is a direct-mapped cache of cells. An entry is the word of its cell's first pixel, to
 * which the sums of the others have been added. Its full bit, which no pixel has, tells a full
 * one from all pixels, as the tag tells other cells: one comparison finds both. An empty entry is
 * one of tag 0, and of its own index, that counts nothing.
 */
struct histogram {
    struct context *cx;
    bool transparent;
    bool busy;             /* the last block displaced much */
    struct cell_code code; /* of the front; the table's may be ahead within a block */
    struct cell_table table;
    uint64_t *front;            /* CODE_INDEXES */
    uint32_t pixels, displaced; /* of the present block so far */
    /* entries that made way, each with the word of the pixel that it made way for */
    uint64_t pair[BLOCK][2];
    struct vote vote[HISTOGRAM_FREQUENT];
};

enum status histogram_open(struct context *cx, struct histogram **out)
{
    *out = NULL;
    struct histogram *h = mem_zalloc(cx, sizeof *h);
    if (h == NULL)
        return cx->status;
    h->cx = cx;
    h->front = mem_array(cx, CODE_INDEXES, sizeof *h->front);
    if (h->front == NULL || cell_table_open(cx, &h->table) != ST_OK) {
        histogram_close(h);
        return cx->status;
    }
    for (uint32_t i = 0; i < CODE_INDEXES; i++)
        h->front[i] = i;
    h->code = h->table.code;
    *out = h;
    return ST_OK;
}

void histogram_close(struct histogram *h)
{
    if (h == NULL)
        return;
    histogram_release(h, true);
    mem_free(h->cx, h);
}

/*
 * The majority vote of Boyer and Moore ("MJRTY, a fast majority vote algorithm", 1991) in each of
 * several ballot boxes, into which colors fall by their high bits. Votes are cast by entries
 * that ran full without being displaced, each with the color of the pixel that did not fit any
 * more, so they cost next to nothing.
 */
static void cast_votes(struct histogram *h, uint64_t word, uint32_t votes)
{
    uint32_t base[3], sum[4];
    cell_code_bases(&h->code, cell_code_key(word), base);
    cell_code_sums(word, sum);
    uint32_t r = base[0] + sum[1], g = base[1] + sum[2], b = base[2] + sum[3];
    uint32_t color = r << 16 | g << 8 | b, box = r >> 2 << 12 | g >> 2 << 6 | b >> 2;
    struct vote *v = &h->vote[(box * UINT32_C(0x9e3779b1) >> 16) % HISTOGRAM_FREQUENT];
    if (v->color == color) {
        v->margin += votes;
    } else if (v->margin >= votes) {
        v->margin -= votes;
    } else {
        v->color = color;
        v->margin = votes - v->margin;
    }
}

static void empty_front(struct histogram *h)
{
    for (uint32_t i = 0; i < CODE_INDEXES; i++) {
        cell_table_add(&h->table, &h->code, h->front[i], NULL);
        h->front[i] = i;
    }
    h->code = h->table.code;
}

/* Ends a block. */
static void settle(struct histogram *h)
{
    for (uint32_t i = 0; i < h->displaced; i++) {
        if (h->pair[i][0] >> CODE_FULL & 1)
            cast_votes(h, h->pair[i][1], 1);
        cell_table_add(&h->table, &h->code, h->pair[i][0], NULL);
    }
    h->pixels = h->displaced = 0;
    if (h->code.level != h->table.code.level)
        empty_front(h);
}

/* Counts up to the end of the block. */
static inline void count_some(struct histogram *h, const uint8_t *p, uint32_t pixels, bool alpha,
                              bool busy)
{
    uint64_t *front = h->front;
    uint32_t displaced = h->displaced;
    for (; pixels > 0; pixels--, p += alpha ? 4 : 3) {
        if (alpha && p[3] < 128) {
            h->transparent = true;
            continue;
        }
        uint64_t word = cell_code_word(&h->code, p[0], p[1], p[2]);
        uint64_t *entry = &front[word % CODE_INDEXES], old = *entry;
        uint64_t more = old + (word & CODE_SUMS);
        bool other = (old ^ word) >> CODE_FULL != 0;
        if (busy) {
            /* no branch to mispredict, but longer to wait for *entry where colors repeat */
            h->pair[displaced][0] = old;
            h->pair[displaced][1] = word;
            displaced += other;
            *entry = other ? word : more;
        } else if (other) {
            h->pair[displaced][0] = old;
            h->pair[displaced++][1] = word;
            *entry = word;
        } else {
            *entry = more;
        }
    }
    h->displaced = displaced;
}

/* Does what count_some and settle would do with blocks of so many equal pixels, but faster. */
static void count_flat(struct histogram *h, const uint8_t *p, uint32_t pixels, bool alpha)
{
    for (unsigned level = CELL_LEVELS; level != h->code.level;) {
        level = h->code.level;
        count_some(h, p, BLOCK, alpha, false);
        settle(h);
        pixels -= BLOCK;
        if (pixels == 0)
            return;
    }
    /* now the entry is there, and its cell; they would meet each time that the entry is full */
    const uint64_t word = cell_code_word(&h->code, p[0], p[1], p[2]);
    uint64_t *entry = &h->front[word % CODE_INDEXES];
    uint32_t sum[4], one[4];
    cell_code_sums(*entry, sum);
    cell_code_sums(word, one);
    uint32_t times = (sum[0] + pixels - 1) / ENTRY_PIXELS;
    uint32_t more = times * ENTRY_PIXELS - sum[0], rest = pixels - more;
    for (unsigned k = 0; k < 4; k++)
        one[k] *= more;
    cast_votes(h, word, times);
    cell_table_add(&h->table, &h->code, *entry, one);
    *entry = word + (word & CODE_SUMS) * (rest - 1);
}

/* How many whole blocks, up to so many pixels, are of one color. */
static uint32_t flat_pixels(const uint8_t *p, uint32_t pixels, size_t step)
{
    uint32_t flat = BLOCK;
    if (pixels < BLOCK || memcmp(p, p + step, (BLOCK - 1) * step) != 0)
        return 0;
    for (; pixels - flat >= BLOCK && flat < FLAT_MOST; flat += BLOCK)
        if (memcmp(p, p + flat * step, BLOCK * step) != 0)
            break;
    return flat;
}

void histogram_add(struct histogram *h, enum layout layout, const uint8_t *row, uint32_t width)
{
    const bool alpha = layout == LAYOUT_RGBA8;
    const size_t step = alpha ? 4 : 3;
    for (uint32_t pixels; width > 0; row += pixels * step, width -= pixels) {
        pixels = h->pixels == 0 ? flat_pixels(row, width, step) : 0;
        if (pixels != 0) {
            if (alpha && row[3] < 128)
                h->transparent = true;
            else
                count_flat(h, row, pixels, alpha);
            continue;
        }
        pixels = min_u32(width, BLOCK - h->pixels);
        if (alpha)
            count_some(h, row, pixels, true, false);
        else if (h->busy)
            count_some(h, row, pixels, false, true);
        else
            count_some(h, row, pixels, false, false);
        h->pixels += pixels;
        if (h->pixels == BLOCK) {
            h->busy = h->displaced > BLOCK / 16;
            settle(h);
        }
    }
}

/* Brings all that has been counted to the table. */
static void gather(struct histogram *h)
{
    if (h->front == NULL)
        return;
    settle(h);
    empty_front(h);
}

bool histogram_exact(struct histogram *h)
{
    gather(h);
    return h->table.code.level == 0;
}

uint32_t histogram_colors(struct histogram *h)
{
    gather(h);
    return h->table.cells - h->table.aside;
}

uint32_t histogram_cells(struct histogram *h)
{
    gather(h);
    return h->table.cells;
}

bool histogram_transparent(const struct histogram *h)
{
    return h->transparent;
}

struct color_cell histogram_cell(const struct histogram *h, uint32_t i)
{
    const struct cell *c = &h->table.cell[i];
    uint32_t base[3];
    cell_code_bases(&h->table.code, c->key, base);
    uint64_t count = c->sum[0];
    return (struct color_cell){count, count * base[0] + c->sum[1], count * base[1] + c->sum[2],
                               count * base[2] + c->sum[3]};
}

uint32_t histogram_frequent(struct histogram *h, struct frequent_color *out)
{
    uint64_t total = 0;
    gather(h);
    for (uint32_t i = 0; i < h->table.cells; i++)
        total += h->table.cell[i].sum[0];
    const uint64_t least = total / HISTOGRAM_FREQUENT + 1;
    uint32_t count = 0;
    for (uint32_t i = 0; h->table.code.level == 0 && i < h->table.cells; i++) {
        const struct cell *c = &h->table.cell[i];
        uint32_t base[3];
        cell_code_bases(&h->table.code, c->key, base);
        if (c->sum[0] >= least)
            out[count++] = (struct frequent_color){
                {(uint8_t)base[0], (uint8_t)base[1], (uint8_t)base[2], 255}, c->sum[0]};
    }
    for (uint32_t i = 0; h->table.code.level != 0 && i < HISTOGRAM_FREQUENT; i++) {
        const struct vote *v = &h->vote[i];
        uint64_t pixels = v->margin * ENTRY_PIXELS;
        if (pixels >= least)
            out[count++] = (struct frequent_color){
                {(uint8_t)(v->color >> 16), (uint8_t)(v->color >> 8), (uint8_t)v->color, 255},
                pixels};
    }
    return count;
}

void histogram_shrink(struct histogram *h, uint32_t most)
{
    gather(h);
    cell_table_shrink(&h->table, most);
}

void histogram_release(struct histogram *h, bool cells)
{
    mem_free(h->cx, h->front);
    h->front = NULL;
    cell_table_free_slots(h->cx, &h->table);
    if (cells)
        cell_table_free_cells(h->cx, &h->table);
}
