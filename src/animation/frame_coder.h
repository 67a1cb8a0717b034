/* SPDX-License-Identifier: MIT */
/* One frame of a GIF in as few bytes as the effort goes. */
#ifndef GIFLOW_ANIMATION_FRAME_CODER_H
#define GIFLOW_ANIMATION_FRAME_CODER_H

#include "animation/delta.h"
#include "formats/format.h"

/* Coded pixels that the input has for a frame, in the source; bytes 0: none. */
struct coded_pixels {
    struct source *source; /* source_can_pread is true */
    uint64_t at, bytes;
};

/*
 * A frame draws a rectangle over its base so that the target is seen. Pixels that the base has
 * already may be transparent or not, and the palette may be the shared one or the frame's own.
 * What is best is found by trying, most of it with the fast encoder.
 *
 * The frame's coded pixels stay with the coder until the next one.
 */
struct frame_coder;

/* How far it goes. */
struct frame_effort {
    unsigned level; /* as -O: 1 and more; from 2 on more than one way is coded in full, and the best
                       again */
    unsigned lossy; /* as --lossy; 0: pixels stay as they are. What is smaller without errors has
                       none */
    uint64_t input; /* bytes that the frames come in; those of small files are searched further */
};

/*
 * width   of the canvas
 * shared  the global palette; transparency aside it is that of every frame that is not local
 */
enum status frame_coder_open(struct context *cx, uint32_t width, const struct palette *shared,
                             const struct frame_effort *effort,
                             struct frame_coder **out) MUST_CHECK;
void frame_coder_close(struct frame_coder *k); /* k may be NULL */

/*
 * Looks at a rectangle of two canvases; the result is good until the next look. controlled: the
 * frame has a control block in any case, so that a transparent entry costs nothing.
 */
enum status frame_coder_look(struct frame_coder *k, const struct canvas *base,
                             const struct canvas *target, struct rect r,
                             bool controlled) MUST_CHECK;
/* About how many bytes the frame that was looked at takes, by fast trials. SIZE_UNLIMITED: there
 * is no way. */
enum status frame_coder_estimate(struct frame_coder *k, uint64_t *bytes) MUST_CHECK;
/*
 * Codes the frame that was looked at. f: delay and disposal are set, the rest is filled in.
 * flag: a transparent entry is wanted though no pixel may have it. *bytes as SIZE_UNLIMITED above.
 */
enum status frame_coder_code(struct frame_coder *k, bool flag, struct frame *f, struct sink **coded,
                             uint64_t *bytes) MUST_CHECK;
/*
 * The same after frame_coder_code, which has set f, *coded and *bytes: they change where the pixels
 * that the input has coded for a frame of its own come to less with the indices of the shared
 * palette. Its rectangle and the order of its rows stay.
 */
enum status frame_coder_reuse(struct frame_coder *k, const struct coded_pixels *pixels,
                              const struct frame *theirs, bool flag, struct frame *f,
                              struct sink **coded, uint64_t *bytes) MUST_CHECK;

#endif
