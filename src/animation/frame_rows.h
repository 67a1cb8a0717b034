/* SPDX-License-Identifier: MIT */
/* A decoder's frame as a row stream. */
#ifndef GIFLOW_ANIMATION_FRAME_ROWS_H
#define GIFLOW_ANIMATION_FRAME_ROWS_H

#include "animation/player.h"

/*
 * The rows of the frame that d has delivered last, top-down; passes are put together in a store
 * before this returns. player: has begun the frame, and is given the rows too; NULL. Both outlive
 * them.
 */
enum status frame_rows_open(struct decoder *d, const struct frame *f, struct player *player,
                            struct rows **out) MUST_CHECK;

/* Decodes all of the frame's rows, for the player or, where that is NULL, only for their damage. */
enum status frame_read(struct decoder *d, const struct frame *f, struct player *player) MUST_CHECK;

#endif
