/* SPDX-License-Identifier: MIT */
/* libpng's callbacks for errors and memory, the place in the picture, the check of indices. */
#include "formats/png/png_guard.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"

static void describe(const struct png_guard *g, const char *text, char *out, size_t room)
{
    const struct png_cursor *c = &g->cursor;
    if (g->where != NULL) {
        snprintf(out, room, "%s (%s)", text, g->where);
        return;
    }
    const struct pass *p = &c->order->pass[c->pass];
    unsigned long y = p->y0 + (unsigned long)c->row * p->dy;
    if (c->order->count == 1)
        snprintf(out, room, "%s (row %lu)", text, y);
    else
        snprintf(out, room, "%s (row %lu in pass %u)", text, y, c->pass + 1);
}

enum status png_guard_fail(struct png_guard *g, enum status st, const char *text)
{
    char whole[sizeof g->damage];
    describe(g, text, whole, sizeof whole);
    return g->status = fail(g->cx, st, "%s", whole);
}

enum status png_guard_damage(struct png_guard *g, const char *text)
{
    if (!g->cx->lenient)
        return png_guard_fail(g, ST_DAMAGED, text);
    if (g->damage[0] == '\0') {
        describe(g, text, g->damage, sizeof g->damage);
        note(g->cx, NOTE_WARNING, "%s", g->damage);
    }
    return ST_OK;
}

void png_guard_error(png_structp png, png_const_charp text)
{
    struct png_guard *g = png_get_error_ptr(png);
    if (g->status == ST_OK) /* else the cause is known, and this is what libpng makes of it */
        png_guard_fail(g, g->blame, text);
    longjmp(g->jump, 1);
}

/*
 * libpng passes over an ancillary chunk with a wrong CRC. Losing tRNS makes another picture; and a
 * lenient reader has it pass critical chunks (upper case) too, which strict ones get as an error.
 */
static bool loses_pixels(const char *text)
{
    const char *colon = strchr(text, ':');
    return colon != NULL && strcmp(colon, ": CRC error") == 0 &&
           ((text[0] >= 'A' && text[0] <= 'Z') || strncmp(text, "tRNS", 4) == 0);
}

void png_guard_warning(png_structp png, png_const_charp text)
{
    struct png_guard *g = png_get_error_ptr(png);
    if (loses_pixels(text)) {
        if (png_guard_damage(g, text) != ST_OK)
            longjmp(g->jump, 1);
        return;
    }
    if (!g->warned)
        note(g->cx, NOTE_DETAIL, "libpng: %s", text);
    g->warned = true;
}

/* libpng lives on without some blocks; a run that has seen NULL must not go on all the same. */
png_voidp png_guard_malloc(png_structp png, png_alloc_size_t bytes)
{
    struct png_guard *g = png_get_mem_ptr(png);
    void *p = mem_alloc(g->cx, bytes);
    if (p == NULL && g->status == ST_OK)
        g->status = g->cx->status;
    return p;
}

void png_guard_free(png_structp png, png_voidp p)
{
    const struct png_guard *g = png_get_mem_ptr(png);
    mem_free(g->cx, p);
}

uint32_t png_cursor_width(const struct png_cursor *c)
{
    return pass_width(&c->order->pass[c->pass], c->width);
}

bool png_cursor_done(const struct png_cursor *c)
{
    return c->pass == c->order->count;
}

void png_cursor_next(struct png_cursor *c)
{
    c->row++;
    while (!png_cursor_done(c) && (c->row >= pass_height(&c->order->pass[c->pass], c->height) ||
                                   png_cursor_width(c) == 0)) {
        c->pass++;
        c->row = 0;
    }
}

/* Sixteen lanes, all bits set where an index is out of range: as fast as memory is read. */
typedef uint8_t lanes __attribute__((vector_size(16)));

bool png_indices_below(const uint8_t *index, size_t n, uint32_t count)
{
    if (count > 255)
        return true;
    const uint8_t limit = (uint8_t)count;
    lanes bad = {0};
    size_t i = 0;
    for (; i + sizeof bad <= n; i += sizeof bad) {
        lanes v;
        memcpy(&v, index + i, sizeof v);
        bad |= (lanes)(v >= limit);
    }
    uint64_t half[2];
    memcpy(half, &bad, sizeof half);
    bool any = (half[0] | half[1]) != 0;
    for (; i < n; i++)
        any |= index[i] >= limit;
    return !any;
}
