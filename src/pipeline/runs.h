/* SPDX-License-Identifier: MIT */
/* The kinds of a run. Each reads src once, from its beginning, and writes a whole file to sink. */
#ifndef GIFLOW_PIPELINE_RUNS_H
#define GIFLOW_PIPELINE_RUNS_H

#include "pipeline/job.h"

/*
 * As job_run, but for skip_if_larger: where job->may_keep, the input's own bytes are a candidate.
 */
enum status run_or_keep(struct context *cx, const struct job *job, struct source *src,
                        struct sink *sink, struct outcome *out) MUST_CHECK;

/* The kind of run that the input and the job call for: one of those below. */
enum status run_kind(struct context *cx, const struct job *job, struct source *src,
                     struct sink *sink, struct outcome *out) MUST_CHECK;

/* A still, pixel by pixel. Of an input that moves it is the first frame, with a warning. */
enum status run_still(struct context *cx, const struct job *job, struct source *src,
                      struct sink *sink, struct outcome *out) MUST_CHECK;

/*
 * A still on coded data alone, where job->lossless asks for it and the format can. *done false:
 * nothing is written, the pixels have to be coded again; src stands at its beginning.
 */
enum status run_lossless(struct context *cx, const struct job *job, struct source *src,
                         struct sink *sink, struct outcome *out, bool *done) MUST_CHECK;

/* A moving picture, all frames of it: job->format can, and the input has several. */
enum status run_movie(struct context *cx, const struct job *job, struct source *src,
                      struct sink *sink, struct outcome *out) MUST_CHECK;

/* The same of a video, whose frames are taken as they come. */
enum status run_video(struct context *cx, const struct job *job, struct source *src,
                      struct sink *sink, struct outcome *out) MUST_CHECK;

/* A still of a moving picture: the first one of the job's list, as it is seen. */
enum status run_picture(struct context *cx, const struct job *job, struct source *src,
                        struct sink *sink, struct outcome *out) MUST_CHECK;

/*
 * Whether src holds a picture of several frames; it stands at its beginning again, and where it is
 * a pipe may be rewound later if *yes. Damage before the second frame is left for others to find.
 * Of a pipe that cannot be kept it is not known: run_still then refuses what moves.
 */
enum status input_moves(struct context *cx, struct source *src, bool *yes) MUST_CHECK;
/*
 * The same of a decoder that has just been opened, by its blocks alone: no pixel is decoded. *first
 * is its first frame; ST_END: it has none.
 */
enum status decoder_moves(struct decoder *d, struct frame *first, bool *yes) MUST_CHECK;
/* Whether the frames that the job wants are there where the input is a still: number 0. */
enum status check_still_frames(struct context *cx, const struct job *job) MUST_CHECK;

#endif
