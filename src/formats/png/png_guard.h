/* SPDX-License-Identifier: MIT */
/* What stands between libpng and us in both directions: memory, errors, the place in the file. */
#ifndef GIFLOW_FORMATS_PNG_PNG_GUARD_H
#define GIFLOW_FORMATS_PNG_PNG_GUARD_H

#include <png.h>
#include <setjmp.h>

#include "raster/picture.h"

/* The row to come, pass by pass; past the last one pass is order->count. */
struct png_cursor {
    const struct interlace *order;
    uint32_t width, height; /* of the picture */
    unsigned pass;
    uint32_t row; /* of the pass */
};

/*
 * libpng's error, memory and I/O pointer; the first member of the reader and of the writer.
 *
 * Every operation of the plugin that calls libpng does setjmp on jump first, and nothing outside
 * that operation is ever jumped over: below it stand only libpng and the callbacks.
 */
struct png_guard {
    struct context *cx;
    enum status
        blame; /* what libpng's own errors mean: ST_DAMAGED in a reader, ST_BUG in a writer */
    enum status status; /* of the operation that runs, ST_OK until something fails */
    const char *where;  /* place in the file for messages; NULL: the row at the cursor */
    struct png_cursor cursor;
    bool warned;
    char damage[120]; /* a lenient reader's first damage that it could step over; "" for none */
    jmp_buf jump;
};

/* Records an error with the place; does not jump. */
enum status png_guard_fail(struct png_guard *g, enum status st, const char *text);
/* Damage that can be stepped over: an error when strict, else remembered and noted once. */
enum status png_guard_damage(struct png_guard *g, const char *text);

/* Callbacks for png_create_*_struct_2, with the guard as both pointers. */
PNG_NORETURN void png_guard_error(png_structp png, png_const_charp text);
void png_guard_warning(png_structp png, png_const_charp text);
png_voidp png_guard_malloc(png_structp png, png_alloc_size_t bytes);
void png_guard_free(png_structp png, png_voidp p);

uint32_t png_cursor_width(const struct png_cursor *c); /* pixels of the row to come */
bool png_cursor_done(const struct png_cursor *c);
void png_cursor_next(struct png_cursor *c); /* on to the next row that has pixels */

/* True where all n indices are below count. */
bool png_indices_below(const uint8_t *index, size_t n, uint32_t count);

#endif
