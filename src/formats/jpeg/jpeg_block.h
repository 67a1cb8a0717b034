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

/* How far the coefficients of some blocks of a component reach. All zeroes: of none. */
struct jpeg_block_reach {
    unsigned ac; /* magnitudes, or'ed together */
    int dc_low, dc_high;
};

/*
 * Whether sequential Huffman coding has codes for blocks of this reach, in any order: differences
 * of DC up to 2047, AC up to 1023. T.81, tables F.1 and F.2. Samples of 8 bits make no others, but
 * what can be decoded has no such bounds, and libjpeg writes garbage for what is beyond them.
 */
bool jpeg_block_reach_is_codable(const struct jpeg_block_reach *r);

/*
 * Writes up to JPEG_BLOCK_BYTES_MAX bytes; returns the end of what was written. reach grows by what
 * the block has.
 */
uint8_t *jpeg_block_put(const JCOEF *block, uint8_t *out, struct jpeg_block_reach *reach);
/* the same, for tests */
uint8_t *jpeg_block_put_portable(const JCOEF *block, uint8_t *out, struct jpeg_block_reach *reach);
/* Reads a block that was put into one of zeroes; returns the end of what was read. */
const uint8_t *jpeg_block_get(const uint8_t *in, const struct jpeg_block_map *m, JCOEF *block);
/* The same where coefficients stay what and where they are. */
const uint8_t *jpeg_block_get_straight(const uint8_t *in, JCOEF *block);
const uint8_t *jpeg_block_skip(const uint8_t *in);

#endif
