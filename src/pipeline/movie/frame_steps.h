/* SPDX-License-Identifier: MIT */
/* Steps of a job that are done to frames, which stay what they are. */
#ifndef GIFLOW_PIPELINE_MOVIE_FRAME_STEPS_H
#define GIFLOW_PIPELINE_MOVIE_FRAME_STEPS_H

#include "pipeline/job.h"
#include "raster/rows.h"

/*
 * Steps that leave frames what they are: each turned, mirrored or cut with its rectangle, in the
 * order of the job. The others, which mix pixels or look at more than one frame, are done to what
 * is seen on the canvas.
 */
enum frame_step_kind { STEP_FLIP_HORIZONTAL, STEP_FLIP_VERTICAL, STEP_TURN, STEP_WINDOW };

struct frame_step {
    enum frame_step_kind kind;
    unsigned quarters;
    int64_t x, y;                         /* the window's corner, maybe outside the canvas */
    uint32_t width, height;               /* of the canvas after the step */
    uint32_t width_before, height_before; /* and before it */
};

struct frame_steps {
    struct frame_step *step;
    size_t count;
    uint32_t width, height; /* of the canvas in the end */
    bool exact;             /* all of the job's steps are among them */
};

/* Finds them for a canvas of this size. frame_steps_close is due after ST_OK. */
enum status frame_steps_open(struct context *cx, const struct job *job, uint32_t width,
                             uint32_t height, struct frame_steps *out) MUST_CHECK;
void frame_steps_close(struct context *cx, struct frame_steps *s);
/*
 * Does them to a frame: its rectangle becomes that of the result, and rows, which it takes over,
 * yield its pixels. *empty: none is left; rows then still yield what there was, to be read.
 */
enum status frame_steps_apply(const struct frame_steps *s, struct frame *f, bool *empty,
                              struct rows **rows) MUST_CHECK;

#endif
