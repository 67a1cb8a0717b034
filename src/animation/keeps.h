/* SPDX-License-Identifier: MIT */
/* Which frames had better stay on the screen though the input takes them away. */
#ifndef GIFLOW_ANIMATION_KEEPS_H
#define GIFLOW_ANIMATION_KEEPS_H

#include "animation/delta.h"
#include "animation/player.h"

/*
 * Many programs write each picture as a whole and take it away again. What such a frame changes of
 * the picture before is mostly far less than what it draws on nothing. So it had better stay, but
 * for a part of it where the next picture has transparent pixels and this one has none.
 *
 * That part is noted, eight bytes a frame, while the animation is played for the first time. So
 * frames need not wait for each other when they are written, which takes a canvas more. Frames
 * beyond the first KEEPS_FRAMES are disposed of as the input does.
 */
#define KEEPS_FRAMES 16384u

struct keeps;

enum status keeps_open(struct context *cx, struct keeps **out) MUST_CHECK;
void keeps_close(struct keeps *k); /* k may be NULL */

/*
 * The player has drawn another frame. d, zeroed at first, holds what it changes, of its base or, if
 * that is less, of the picture before. It and k's canvas are the player's pool's until
 * keeps_end, which is due before the player is closed.
 */
enum status keeps_frame(struct keeps *k, const struct player *player, struct delta *d) MUST_CHECK;
void keeps_end(struct keeps *k);

/* Whether it pays: an eighth of the changes can be done without. */
bool keeps_pay(const struct keeps *k);
/* Whether a frame, counted from 0, had better stay but for a part, which may be empty. */
bool keeps_has(const struct keeps *k, uint64_t frame, struct rect *part);

#endif
