/* SPDX-License-Identifier: MIT */
/* What stands between libjpeg and us in both directions: errors, damage, the place in the file. */
#ifndef GIFLOW_FORMATS_JPEG_JPEG_GUARD_H
#define GIFLOW_FORMATS_JPEG_JPEG_GUARD_H

#include <stdio.h> /* jpeglib.h needs FILE and size_t */

#include <jpeglib.h>
#include <setjmp.h>

#include "base/context.h"

/*
 * libjpeg's error manager with ours around it; the first member of the reader and of the writer.
 *
 * Every operation of the plugin that calls libjpeg does setjmp on jump first, and nothing outside
 * that operation is ever jumped over: below it stand only libjpeg and the callbacks.
 */
struct jpeg_guard {
    struct jpeg_error_mgr mgr; /* first: libjpeg hands it back */
    struct context *cx;
    enum status
        blame; /* what libjpeg's own errors mean: ST_DAMAGED in a reader, ST_BUG in a writer */
    enum status status; /* of the operation that runs, ST_OK until something fails */
    const char *where;  /* place in the file for messages; NULL: the row at scanline */
    const JDIMENSION *scanline;
    unsigned scan; /* of a row that several scans make up, for messages; 0: the only one */
    bool warned;
    size_t marker_bytes; /* kept of comments and application markers */
    /* libjpeg's own; ours stands before it in an object that keeps markers */
    void *(*alloc_large)(j_common_ptr common, int pool, size_t bytes);
    char damage[160]; /* a lenient reader's first damage that libjpeg stepped over; "" for none */
    jmp_buf jump;
};

static inline struct jpeg_guard *jpeg_guard_of(j_decompress_ptr jpeg)
{
    return (struct jpeg_guard *)jpeg->err;
}

/* Sets all up; mgr is then ready for cinfo->err. */
void jpeg_guard_init(struct jpeg_guard *g, struct context *cx, enum status blame);
/* Records an error with the place; does not jump. */
enum status jpeg_guard_fail(struct jpeg_guard *g, enum status st, const char *text);
/* Ends the operation that runs with a status that is recorded already. */
void jpeg_guard_jump(struct jpeg_guard *g, enum status st) __attribute__((noreturn));

/*
 * jpeg, which has not begun to read, keeps comments and application markers in its list, until
 * there are more than anybody put into a file for a reader.
 */
void jpeg_guard_keep_markers(struct jpeg_guard *g, j_decompress_ptr jpeg);

#endif
