/* SPDX-License-Identifier: MIT */
/* Pictures, one after another, that become the frames of a file. */
#ifndef GIFLOW_PIPELINE_MOVIE_RECORDING_H
#define GIFLOW_PIPELINE_MOVIE_RECORDING_H

#include "animation/recorder.h"
#include "color/pattern.h"
#include "color/color_map.h"
#include "pipeline/movie/steady.h"
#include "pipeline/movie/true_frames.h"

/* Pictures on their way to being frames of m's file. All zeroes but for m and shared: begun. */
struct recording {
    struct movie *m;
    struct recorder *recorder; /* NULL before the first picture; or, for true color: */
    struct true_frames *frames;
    struct shared_colors shared;
    bool maps;                 /* pictures get colors of shared.palette before they are recorded: */
    struct color_map *nearest; /* the nearest, by this; without maps the recorder has it */
    struct pattern *pattern;   /* or a mix of some, for DITHER_BLUE */
    struct steady *steady;     /* where the job has a max_change */
};

/* Pictures have colors that r->shared.palette does not hold: they get its own. */
enum status recording_map(struct recording *r) MUST_CHECK;
/* The same with the palette that the job asks for, and an entry for pixels that stay. */
enum status recording_use_palette(struct recording *r) MUST_CHECK;
/* A take_picture_fn; the recording is its user. The first picture begins the file. */
enum status recording_take(void *recording, struct rows *rows, struct span news, uint64_t number,
                           struct delay delay) MUST_CHECK;
/* The last frame, unless st says that it is of no use; returns what is worse. */
enum status recording_end(struct recording *r, enum status st) MUST_CHECK;
void recording_close(struct recording *r);

#endif
