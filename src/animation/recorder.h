/* SPDX-License-Identifier: MIT */
/* Records pictures, one after another, as the frames that show them. */
#ifndef GIFLOW_ANIMATION_RECORDER_H
#define GIFLOW_ANIMATION_RECORDER_H

#include "animation/frame_colors.h"
#include "animation/painter.h"
#include "animation/player.h"

/*
 * A frame draws what differs from the picture before, and stays. Only where a pixel turns
 * transparent must the frame before take itself away: so each frame is held back until the next
 * picture is known, and is then, if need be, coded again as all of its picture, which is cleared.
 *
 * Where no palette is shared, that of the first frame is, and is the encoder's from then on.
 *
 * A pixel that no picture changes is drawn once. It cannot flicker, however colors are chosen.
 */
typedef enum status record_frame_fn(void *user, const struct frame *f, struct sink *coded);

struct recorder {
    struct context *cx;
    struct encoder *encoder;     /* codes the frames; has begun, with the shared palette */
    struct shared_colors shared; /* the caller's choice */
    bool merge;                  /* a picture equal to the one before prolongs that */
    record_frame_fn *record;     /* gets each frame when it is final */
    void *user;

    struct player *screen;   /* base: the picture before; target: the one at hand */
    struct sink *coded;      /* the pixels of the frame that is held back */
    struct frame held;       /* of no size: there is none */
    uint64_t merged;         /* pictures that became part of the frame before */
    struct painter *painter; /* NULL: no picture had too many colors so far */
    bool inexact;            /* some had, for a palette of their own */
};

/* Fields up to user are the caller's to fill in then. */
enum status recorder_open(struct context *cx, uint32_t width, uint32_t height,
                          struct recorder **out) MUST_CHECK;
void recorder_close(struct recorder *r); /* r may be NULL */

/*
 * Records a picture of the recorder's size, which is shown for delay_cs. Rows outside of news are
 * what they were in the picture before: they are passed over.
 */
enum status recorder_take(struct recorder *r, struct rows *rows, struct span news,
                          uint32_t delay_cs) MUST_CHECK;
/* Hands out the last frame. */
enum status recorder_end(struct recorder *r) MUST_CHECK;

#endif
