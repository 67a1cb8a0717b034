/* SPDX-License-Identifier: MIT */
/* Own or transparent index by the longer run. */
#ifndef GIFLOW_ANIMATION_RUNS_H
#define GIFLOW_ANIMATION_RUNS_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Long runs of one index make long strings. A pixel that may be transparent goes on with the run
 * that it stands in; where one ends, the index is taken whose run from there on is longer. Rows are
 * given in order.
 *
 * own       indices; transparent where there is no other choice
 * may_hide  0xff: the pixel may be transparent, or is; else 0
 * last      the index before the row, -1 at the beginning
 * Returns the last index.
 */
int choose_by_runs(const uint8_t *own, const uint8_t *may_hide, uint32_t n, uint8_t transparent,
                   int last, uint8_t *out);

#endif
