/* SPDX-License-Identifier: MIT */
/* Which frames a job wants, and in which order. */
#ifndef GIFLOW_PIPELINE_MOVIE_FRAME_LIST_H
#define GIFLOW_PIPELINE_MOVIE_FRAME_LIST_H

#include "pipeline/job.h"

/* Which frames a job wants, and in which order. */
struct frame_list {
    struct frame_range *range; /* from 0 on, all of them there */
    size_t count;              /* 0: all frames */
    bool forward;              /* they come in the order of the file */
};

/* total: frames of the file. frame_list_close is due after ST_OK. */
enum status frame_list_open(struct context *cx, const struct job *job, uint64_t total,
                            struct frame_list *out) MUST_CHECK;
void frame_list_close(struct context *cx, struct frame_list *l);
bool frame_list_has(const struct frame_list *l, uint64_t frame);
/* Number n of the list; false: it has fewer. Not for all frames. */
bool frame_list_at(const struct frame_list *l, uint64_t n, uint64_t *frame);

#endif
