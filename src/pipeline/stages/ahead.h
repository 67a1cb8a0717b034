/* SPDX-License-Identifier: MIT */
/* A look at rows to come, for as long as there is something to find out. */
#ifndef GIFLOW_PIPELINE_STAGES_AHEAD_H
#define GIFLOW_PIPELINE_STAGES_AHEAD_H

#include "pipeline/job.h"
#include "raster/rows.h"

/* Looks at a row; false: has seen enough. */
typedef bool look_fn(void *user, const struct picture *pic, const uint8_t *row);

/*
 * Shows rows to look until it has seen enough or all, and leaves a stream of the same rows: those
 * that were looked at from a store, a spool, or decoded again, the others as they come. *looked is
 * false where none of these can be had; look is not called then. Where all rows came to stand in a
 * spool, up is closed at once, and retired to outcome, unless that is NULL. Owns up, even when it
 * fails.
 */
enum status look_ahead(struct rows *up, look_fn *look, void *user, struct outcome *outcome,
                       bool *looked, struct rows **out) MUST_CHECK;

#endif
