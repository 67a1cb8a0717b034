/* SPDX-License-Identifier: MIT */
/* Frames that change as little as they can, in place of those that a player has played. */
#ifndef GIFLOW_ANIMATION_OPTIMIZER_H
#define GIFLOW_ANIMATION_OPTIMIZER_H

#include "animation/frame_output.h"
#include "animation/keeps.h"
#include "animation/player.h"

/*
 * The frames that come out show what those that went in show: as many, the same times, pixel for
 * pixel the same canvas. None is larger than the coded pixels that came with it where these fit.
 *
 * With an effort of 1 each frame is disposed of as before, so that the player's canvases are all
 * that is needed; or, with one canvas more, stays where that is known to be better. From 2 on each
 * frame waits for the next one, and keep, background or previous is what makes both together
 * smallest; that takes two canvases more.
 */
struct optimizer;

/*
 * player  plays the input; it and its canvases outlive the optimizer, except for its closing
 * shared  the global palette of the output
 * effort  as frame_coder.h says
 * keeps   frames that may stay, for an effort of 1, and outlives the optimizer; NULL: none
 * given   that of the input, which frames that are not local have their pixels coded with; NULL
 */
enum status optimizer_open(struct context *cx, struct player *player, const struct palette *shared,
                           const struct palette *given, const struct frame_effort *effort,
                           const struct keeps *keeps, const struct frame_writer *writer,
                           struct optimizer **out) MUST_CHECK;
void optimizer_close(struct optimizer *o); /* o may be NULL; before the player */

/* The player has drawn a frame. */
enum status optimizer_frame(struct optimizer *o, struct coded_pixels pixels) MUST_CHECK;
/* There are no more. */
enum status optimizer_finish(struct optimizer *o) MUST_CHECK;

#endif
