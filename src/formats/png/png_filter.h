/* SPDX-License-Identifier: MIT */
/* Which filter suits a row of a PNG, found faster than libpng finds it. */
#ifndef GIFLOW_FORMATS_PNG_PNG_FILTER_H
#define GIFLOW_FORMATS_PNG_PNG_FILTER_H

#include <stddef.h>
#include <stdint.h>

/* In the order of their numbers in files. PNG specification, third edition, 9.2 */
enum png_filter {
    PNG_FILTER_OF_NOTHING,
    PNG_FILTER_OF_LEFT,
    PNG_FILTER_OF_ABOVE,
    PNG_FILTER_OF_AVERAGE,
    PNG_FILTER_OF_PAETH,
    PNG_FILTERS
};

/*
 * For each filter, how far from 0 the bytes that it leaves are, as signed ones, in all. above is
 * the row before, of zeroes for the first one; pixel is the bytes of a pixel, at most bytes.
 */
void png_filter_sums(const uint8_t *row, const uint8_t *above, size_t bytes, size_t pixel,
                     uint64_t sums[static PNG_FILTERS]);
/* The same, for tests. */
void png_filter_sums_portable(const uint8_t *row, const uint8_t *above, size_t bytes, size_t pixel,
                              uint64_t sums[static PNG_FILTERS]);

/* The one of the least sum, and of several the first, as the specification (12.7) advises. */
enum png_filter png_filter_choose(const uint8_t *row, const uint8_t *above, size_t bytes,
                                  size_t pixel);

#endif
