/* SPDX-License-Identifier: MIT */
/* Coefficients on their way from one JPEG to another whose rows are not the first one's. */
#ifndef GIFLOW_FORMATS_JPEG_JPEG_STORE_H
#define GIFLOW_FORMATS_JPEG_JPEG_STORE_H

#include "base/spool.h"
#include "formats/jpeg/jpeg_block.h"
#include "formats/jpeg/jpeg_geometry.h"
#include "formats/jpeg/jpeg_lockstep.h"

/*
 * Each row of units of the source is spooled as one run of blocks, its units in the order in which
 * the result wants them. So the result reads every run from its beginning to its end: one run
 * after another, or, where it is transposed, a unit of each run for each of its own rows. There
 * is no index but the places where runs begin. Memory: a row of the result, and a buffer that all
 * runs share, of 384 KiB or a little more than a unit for each of them.
 */

struct jpeg_run {
    uint64_t at; /* of what comes after the buffer's bytes */
    uint32_t have, used;
};

struct jpeg_store {
    struct context *cx;
    struct spool *spool;
    struct jpeg_geometry geometry;
    int components;
    struct {
        uint32_t width, height;
    } unit[MAX_COMPONENTS]; /* in blocks of the source */
    size_t unit_bytes;      /* most that a unit takes */
    uint32_t rows, columns; /* of units of the source that the result has */
    uint32_t taken;         /* rows that have come */
    struct jpeg_block_reach reach[MAX_COMPONENTS];
    uint64_t *start; /* of each run; one more for the end of the last */

    uint8_t *code; /* bytes to be spooled; then the buffers of runs */
    size_t used;
    struct jpeg_run *run;
    uint32_t runs;
    size_t run_bytes; /* of code for each */

    struct jpeg_block_map map;
    struct jvirt_barray_control plane[MAX_COMPONENTS]; /* a row of the result's MCUs */
    JBLOCKROW blocks;
    int64_t row;                 /* the one that is in blocks; -1: none */
    bool wanted[MAX_COMPONENTS]; /* components of it that are */
};

/* jpeg has read its header. Errors: ST_NOMEM, and those of spools. */
enum status jpeg_store_open(struct jpeg_store *s, struct context *cx, j_decompress_ptr jpeg,
                            const struct jpeg_geometry *g) MUST_CHECK;
void jpeg_store_close(struct jpeg_store *s); /* s may be all zeroes */

/* Takes the next row of units, from the top of the source: of each component, rows of blocks. */
enum status jpeg_store_put(struct jpeg_store *s, const JBLOCKARRAY *planes) MUST_CHECK;
bool jpeg_store_is_full(const struct jpeg_store *s); /* no further row is wanted */
/* Whether all that was put can be written with Huffman codes. */
bool jpeg_store_is_codable(const struct jpeg_store *s);

/* After the last row: rows of the result can be had. */
enum status jpeg_store_turn_around(struct jpeg_store *s) MUST_CHECK;
/*
 * A row of the result's MCUs into the planes, of the components that are wanted: the next one,
 * the same, or the first again. wanted has MAX_COMPONENTS entries.
 */
enum status jpeg_store_get(struct jpeg_store *s, uint32_t row, const bool *wanted) MUST_CHECK;

#endif
