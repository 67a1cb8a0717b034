/* SPDX-License-Identifier: MIT */
/* What is seen of a moving picture, one picture after another, through the job's steps. */
#ifndef GIFLOW_PIPELINE_MOVIE_PICTURES_H
#define GIFLOW_PIPELINE_MOVIE_PICTURES_H

#include "animation/player.h"
#include "pipeline/movie/frame_list.h"
#include "pipeline/movie/movie.h"

/* The pictures that are seen, of the frames that the job wants, after its steps. */
struct pictures {
    struct movie *m;
    struct player *player; /* of the input */
    struct frame_list list;
    uint64_t frames;    /* of the file; known only where there is a list */
    unsigned colors;    /* the most that a picture may come to have, as apply_ops lowers them */
    bool begun;         /* a picture has been taken, and since then has changed: */
    struct rect change; /* of the canvas; of no width: nothing */
};

/*
 * Uses rows, of the picture of frame number, which the input shows for delay; does not close them.
 * Rows outside of news are what they were in the picture that was taken before; they need not be
 * read.
 */
typedef enum status take_picture_fn(void *user, struct rows *rows, struct span news,
                                    uint64_t number, struct delay delay);

/* A frame is about to be drawn, and has been: what that changes. */
void pictures_before_frame(struct pictures *p);
void pictures_after_frame(struct pictures *p);
/* The rows that this may have changed of a picture of that height, after the job's steps. */
struct span pictures_news(const struct pictures *p, uint32_t height);

/* pictures_close is due after ST_OK. */
enum status pictures_open(struct movie *m, struct pictures *out) MUST_CHECK;
void pictures_close(struct pictures *p);
/* ordered: as the list has them; else, for less, once each in the order of the file. */
enum status pictures_each(struct pictures *p, bool ordered, take_picture_fn *take,
                          void *user) MUST_CHECK;
enum status pictures_rewind(struct pictures *p) MUST_CHECK;

/* The method of a step: indices are turned nearest, as in stills; only resizing filters unasked. */
enum resample movie_resample(const struct job *job, const struct op *op);

#endif
