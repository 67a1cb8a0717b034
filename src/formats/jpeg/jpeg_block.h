/* SPDX-License-Identifier: MIT */
/* A block of coefficients in few bytes: a mask of those that are not 0, then their values. */
#ifndef GIFLOW_FORMATS_JPEG_JPEG_BLOCK_H
#define GIFLOW_FORMATS_JPEG_JPEG_BLOCK_H

#include "formats/jpeg/jpeg_guard.h"

/* 64 bits, bit i for coefficient i in rows of the block; 16 bits a value; the machine's order. */
#define JPEG_BLOCK_BYTES_MAX (8 + 2 * DCTSIZE2)

/* Where a coefficient goes, and what its value is exclusive-or'ed with and lessened by: 0 or -1. */
struct jpeg_block_map {
    uint8_t place[DCTSIZE2];
    int16_t sign[DCTSIZE2];
};

/*
 * What transposing and then mirroring a block of samples does to its coefficients: those of odd
 * frequency along the mirrored direction change their sign.
 */
void jpeg_block_map_make(struct jpeg_block_map *m, bool transpose, bool mirror_x, bool mirror_y);

/* Writes up to JPEG_BLOCK_BYTES_MAX bytes; returns the end of what was written. */
uint8_t *jpeg_block_put(const JCOEF *block, uint8_t *out);
uint8_t *jpeg_block_put_portable(const JCOEF *block, uint8_t *out); /* the same, for tests */
/* Reads a block that was put into one of zeroes; returns the end of what was read. */
const uint8_t *jpeg_block_get(const uint8_t *in, const struct jpeg_block_map *m, JCOEF *block);
const uint8_t *jpeg_block_skip(const uint8_t *in);

#endif
