/* SPDX-License-Identifier: MIT */
/* Which coding of a frame is written: one of its change, or the pixels that the input has. */
#ifndef GIFLOW_ANIMATION_FRAME_OUTPUT_H
#define GIFLOW_ANIMATION_FRAME_OUTPUT_H

#include "animation/frame_coder.h"

/* Where frames go. */
struct frame_writer {
    void *user;
    enum status (*coded)(void *user, const struct frame *f, struct sink *pixels);
    enum status (*copy)(void *user, const struct frame *f, struct coded_pixels pixels);
};

/* A frame of the input that is on the canvas but not written yet. */
struct input_frame {
    struct frame frame;
    struct rect drawn;  /* its part on the canvas */
    struct rect change; /* where the canvas differs from the base */
    struct coded_pixels pixels;
    bool same_base; /* the input's own base is that of the output */
};

/* Filled in by its owner; the last two are zero at first. */
struct frame_output {
    struct context *cx;
    struct frame_coder *coder; /* the owner's */
    struct frame_writer writer;
    uint32_t width, height; /* of the canvas */
    bool given_fits;  /* indices of the input's global palette mean the same in the output's */
    bool own_base;    /* the output may come to other canvases than the input between frames */
    uint64_t written; /* frames */
    bool controlled;  /* one of them has a control block */
};

/* Whether a frame has a control block in any case, be some of it transparent or not. */
bool frame_is_controlled(const struct frame_output *o, const struct frame *f,
                         enum disposal disposal);
/*
 * Writes the frame that the coder has looked at, or its pixels as the input has them, if they are
 * not larger. cleared: what DISPOSAL_BACKGROUND takes away. ST_UNSUPPORTED: there is no way.
 */
enum status frame_output_write(struct frame_output *o, const struct input_frame *in,
                               enum disposal disposal, struct rect cleared) MUST_CHECK;

#endif
