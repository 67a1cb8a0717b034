/* SPDX-License-Identifier: MIT */
/* The parts of a run between the input and the encoder. */
#ifndef GIFLOW_PIPELINE_STAGES_H
#define GIFLOW_PIPELINE_STAGES_H

#include "pipeline/job.h"
#include "pipeline/progress.h"
#include "raster/rows.h"

/*
 * All take *rows over and leave a stream in it that stands for the result; on failure it is closed
 * and *rows is NULL.
 */

/* The job's steps, in their order. */
enum status apply_ops(struct context *cx, const struct job *job, struct rows **rows) MUST_CHECK;

/*
 * Palette rows for a format that has no others, of at most job->colors entries: exact where the
 * picture has no more colors, and from -O1 on without entries that no pixel uses. Reads the
 * stream once, into a spool where it could not be read again for less.
 */
enum status make_palette(struct context *cx, const struct job *job, struct progress *progress,
                         struct outcome *outcome, struct rows **rows) MUST_CHECK;

/* Rows in the layout that job->format wants. */
enum status make_layout(struct context *cx, const struct job *job, struct rows **rows) MUST_CHECK;

/* Rows into the encoder, in its order, to the end of the file. Does not close rows. */
enum status write_rows(struct context *cx, const struct job *job, struct progress *progress,
                       struct rows *rows, struct sink *sink) MUST_CHECK;

/* Closes a stream and notes what its stages cost. rows may be NULL. */
void retire(struct outcome *outcome, struct rows *rows);

/* What transparent pixels turn into where the output has no alpha. */
struct rgba8 job_matte(const struct job *job);

/* CPU time of the process, for stages that work while they are made. */
uint64_t cpu_time_ns(void);

#endif
