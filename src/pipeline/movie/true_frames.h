/* SPDX-License-Identifier: MIT */
/* Pictures of any colors that become the frames of a file. */
#ifndef GIFLOW_PIPELINE_MOVIE_TRUE_FRAMES_H
#define GIFLOW_PIPELINE_MOVIE_TRUE_FRAMES_H

#include "pipeline/movie/movie.h"

/*
 * Pictures on their way to a format that holds true color: what changes is kept until the last one
 * has come, as the layout of the file depends on all of them. Each frame is then what changed, or,
 * where that is smaller, what changed with the rest of its rectangle transparent.
 */
struct true_frames;
enum status true_frames_open(struct movie *m, uint32_t width, uint32_t height,
                             struct true_frames **out) MUST_CHECK;
void true_frames_close(struct true_frames *t); /* t may be NULL */
/* Takes a picture, as recorder_take does; rows stay the caller's. */
enum status true_frames_take(struct true_frames *t, struct rows *rows, struct span news,
                             struct delay delay) MUST_CHECK;
/* All have come: begins the file and writes its frames. */
enum status true_frames_end(struct true_frames *t) MUST_CHECK;
/* Pictures that became part of the one before. */
uint64_t true_frames_merged(const struct true_frames *t);

#endif
