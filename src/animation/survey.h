/* SPDX-License-Identifier: MIT */
/* Finds the palette that the frames of an animation are to share. */
#ifndef GIFLOW_ANIMATION_SURVEY_H
#define GIFLOW_ANIMATION_SURVEY_H

#include "animation/delta.h"

/*
 * The colors that a frame changes pixels to are what its palette needs. Where all frames together
 * need at most 256 they share one. Else palettes are gathered side by side, each frame in the
 * first that has room for it, and the one that saves most local palettes is shared. One of them is
 * the palette that the input's frames share, or what is needed of it.
 *
 * The colors of frames that need few come first: then the codes of these frames are shorter, as a
 * code's width depends on the largest index. Memory is fixed however many frames there are.
 */
struct survey;

/* given: the input's shared palette; NULL: there is none. */
enum status survey_open(struct context *cx, const struct palette *given,
                        struct survey **out) MUST_CHECK;
void survey_close(struct survey *s); /* s may be NULL */

/* What a frame changes. */
void survey_frame(struct survey *s, const struct delta *d);

/*
 * The palette, of opaque entries; one without color at its end is for transparency. copies: where
 * another order gains nothing it is the given one, so that frames can be copied bit for bit. all:
 * the survey has seen all frames, so what none of them needs is left out.
 */
void survey_palette(const struct survey *s, bool copies, bool all, struct palette *out);

#endif
