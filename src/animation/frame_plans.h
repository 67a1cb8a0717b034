/* SPDX-License-Identifier: MIT */
/* The ways to code a frame that are worth it, by the bytes that fast trials make one expect. */
#ifndef GIFLOW_ANIMATION_FRAME_PLANS_H
#define GIFLOW_ANIMATION_FRAME_PLANS_H

#include "animation/frame_pixels.h"

/* Where the pixels of a frame come from, whatever the way, and room for its rows. */
struct frame_source {
    struct context *cx;
    struct delta delta;
    struct indexing indexing; /* of the delta */
    struct frame_lines lines;
    bool controlled; /* it has a control block in any case */
};

/* A way, and what is expected of it. */
struct frame_plan {
    enum choice choice;
    bool local;
    unsigned size;  /* code size that will do; 0: not known */
    uint64_t bytes; /* pixels, palette, control block if that is for the transparent entry */
};

struct frame_trial {
    struct way way;
    struct frame_pixels pixels;
    struct lzw_encoder *encoder;
    struct sink *count; /* keeps nothing */
    bool on;
    uint64_t bytes; /* that it came to, for all rows */
};

/* Zeroed at first. */
struct frame_plans {
    unsigned effort; /* as frame_coder_open's */
    struct frame_trial trial[CHOICES];
    struct frame_plan plan[2 * CHOICES]; /* the cheapest first */
    unsigned count;
    bool busy; /* nearly all pixels change */
};

enum status frame_plans_open(struct context *cx, unsigned effort, struct frame_plans *p) MUST_CHECK;
void frame_plans_close(struct frame_plans *p);

/* Another frame is looked at: its plans are yet to be made. */
void frame_plans_forget(struct frame_plans *p);
/*
 * Makes the plans for a frame, where there are none yet; none: there is no way. final: they are to
 * be coded, not only to be held against another frame's. So nothing is tried where there is a
 * single plan, whose bytes are 0 then.
 */
enum status frame_plans_make(struct frame_plans *p, const struct frame_source *s,
                             bool final) MUST_CHECK;

#endif
