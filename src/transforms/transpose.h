/* SPDX-License-Identifier: MIT */
/* Rows become columns: the inner loop of a quarter turn. */
#ifndef GIFLOW_TRANSFORMS_TRANSPOSE_H
#define GIFLOW_TRANSFORMS_TRANSPOSE_H

#include <stddef.h>
#include <stdint.h>

/*
 * Pixel j of output row i becomes pixel i of source row j, for columns i and rows j of the source.
 * Steps are bytes from a row to the next and may be negative. pixel: 1, 2, 3, 4, 6 or 8 bytes.
 * Both give the same result; the first takes whole blocks through registers where the machine can.
 */
void transpose_pixels(uint8_t *out, ptrdiff_t out_step, const uint8_t *from, ptrdiff_t step,
                      uint32_t columns, uint32_t rows, unsigned pixel);
void transpose_portable(uint8_t *out, ptrdiff_t out_step, const uint8_t *from, ptrdiff_t step,
                        uint32_t columns, uint32_t rows, unsigned pixel);

#endif
