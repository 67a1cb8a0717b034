/* SPDX-License-Identifier: MIT */
/* How a file in lossy blocks is coded, for coding its pixels again much like it. */
#ifndef GIFLOW_FORMATS_BLOCK_CODING_H
#define GIFLOW_FORMATS_BLOCK_CODING_H

#include <stdint.h>

/*
 * For each component how many blocks of it an MCU has across and down, and the table of steps, in
 * rows, of its coefficients. No components: not known.
 */
struct block_coding {
    unsigned components;
    struct {
        uint8_t h, v, table;
    } part[3];
    uint16_t table[4][64];
};

/* Of the picture with rows and columns exchanged. */
void block_coding_transpose(struct block_coding *c);

#endif
