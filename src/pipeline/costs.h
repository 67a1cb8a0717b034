/* SPDX-License-Identifier: MIT */
/* What the stages of a run cost, for its outcome. */
#ifndef GIFLOW_PIPELINE_COSTS_H
#define GIFLOW_PIPELINE_COSTS_H

#include "pipeline/job.h"
#include "raster/rows.h"

/* One more stage, of which STAGE_MAX are remembered. name is static. */
void note_cost(struct outcome *outcome, const char *name, uint64_t cpu_ns);
/* The same of a stage that is noted piece by piece: what has one name adds up. */
void add_cost(struct outcome *outcome, const char *name, uint64_t cpu_ns);
/* Nanoseconds of all of them so far. */
uint64_t noted_costs(const struct outcome *outcome);

/* Closes a stream and notes what its stages cost, the source first. rows may be NULL. */
void retire(struct outcome *outcome, struct rows *rows);
/* The same of one of many streams, whose costs add up. */
void retire_one(struct outcome *outcome, struct rows *rows);

#endif
