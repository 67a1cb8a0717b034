/* SPDX-License-Identifier: MIT */
/* What lzw.c calls of wuffs.c, which exists only where WUFFS was given to make. */
#ifndef GIFLOW_BENCH_WUFFS_H
#define GIFLOW_BENCH_WUFFS_H

#include <stddef.h>
#include <stdint.h>

#define WUFFS_MORE 4096 /* that memory needs beyond the pixels */

/*
 * The indices of a file's first frame, somewhere in memory; NULL: it cannot be decoded, or is no
 * frame of this size that fills the canvas.
 */
const uint8_t *wuffs_decode(const uint8_t *file, size_t bytes, size_t width, size_t height,
                            uint8_t *memory);

#endif
