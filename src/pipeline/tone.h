/* SPDX-License-Identifier: MIT */
/* How much of a picture is continuous tone, as photographs are, from its rows as they flow. */
#ifndef GIFLOW_PIPELINE_TONE_H
#define GIFLOW_PIPELINE_TONE_H

#include "raster/picture.h"

/*
 * The picture is cut into blocks of 8 x 8 pixels, and in each the neighbors are compared, left to
 * right and top to bottom: 112 differences, the largest of the channels counting. A block is of
 * continuous tone if more than a quarter of them is not 0, as nothing that is drawn flat has it,
 * and at least half of these are below 32, as no edges and no dots of a drawing have it.
 */
#define TONE_BLOCK 8

struct tone {
    struct context *cx;
    uint32_t width, rows;     /* rows so far */
    unsigned channels;        /* that count: 1 or 3 */
    uint8_t *row, *above;     /* 8 bits a sample */
    uint8_t *changes, *small; /* of the blocks that the row is in */
    uint64_t blocks, toned;
};

/* pic: any layout but indices. Memory: two rows. Errors: ST_NOMEM. */
enum status tone_open(struct context *cx, const struct picture *pic, struct tone *t) MUST_CHECK;
void tone_close(struct tone *t); /* t may be all zeroes */
void tone_row(struct tone *t, const struct picture *pic, const uint8_t *row);

/* Of 100 whole blocks; 0 where there is none. */
unsigned tone_percent(const struct tone *t);

#endif
