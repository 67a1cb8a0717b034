/* SPDX-License-Identifier: MIT */
/* The parts of a run over a moving picture. */
#ifndef GIFLOW_PIPELINE_MOVIE_MOVIE_H
#define GIFLOW_PIPELINE_MOVIE_MOVIE_H

#include "animation/frame_rows.h"
#include "animation/recorder.h"
#include "animation/reel.h"
#include "color/icc.h"
#include "pipeline/progress.h"
#include "pipeline/stages/stages.h"
#include "pipeline/movie/steady.h"

/*
 * Steps that leave frames what they are: each turned, mirrored or cut with its rectangle, in the
 * order of the job. The others, which mix pixels or look at more than one frame, are done to what
 * is seen on the canvas.
 */
enum frame_step_kind { STEP_FLIP_HORIZONTAL, STEP_FLIP_VERTICAL, STEP_TURN, STEP_WINDOW };

struct frame_step {
    enum frame_step_kind kind;
    unsigned quarters;
    int64_t x, y;                         /* the window's corner, maybe outside the canvas */
    uint32_t width, height;               /* of the canvas after the step */
    uint32_t width_before, height_before; /* and before it */
};

struct frame_steps {
    struct frame_step *step;
    size_t count;
    uint32_t width, height; /* of the canvas in the end */
    bool exact;             /* all of the job's steps are among them */
};

/* Finds them for a canvas of this size. frame_steps_close is due after ST_OK. */
enum status frame_steps_open(struct context *cx, const struct job *job, uint32_t width,
                             uint32_t height, struct frame_steps *out) MUST_CHECK;
void frame_steps_close(struct context *cx, struct frame_steps *s);
/*
 * Does them to a frame: its rectangle becomes that of the result, and rows, which it takes over,
 * yield its pixels. *empty: none is left; rows then still yield what there was, to be read.
 */
enum status frame_steps_apply(const struct frame_steps *s, struct frame *f, bool *empty,
                              struct rows **rows) MUST_CHECK;

/* Which frames a job wants, and in which order. */
struct frame_list {
    struct frame_range *range; /* from 0 on, all of them there */
    size_t count;              /* 0: all frames */
    bool forward;              /* they come in the order of the file */
};

/* total: frames of the file. frame_list_close is due after ST_OK. */
enum status frame_list_open(struct context *cx, const struct job *job, uint64_t total,
                            struct frame_list *out) MUST_CHECK;
void frame_list_close(struct context *cx, struct frame_list *l);
bool frame_list_has(const struct frame_list *l, uint64_t frame);
/* Number n of the list; false: it has fewer. Not for all frames. */
bool frame_list_at(const struct frame_list *l, uint64_t n, uint64_t *frame);

struct movie {
    struct context *cx;
    const struct job *job;
    struct source *src;
    struct sink *sink;
    struct outcome *out;
    struct progress progress; /* in rows that are read */
    uint64_t rows_before;     /* of them, in passes that are over */
    uint32_t rows_untold;     /* of the frame at hand */
    unsigned passes;          /* to come after this one */
    bool hidden_too;          /* frames that are not shown are wanted as well */
    double owed_cs;           /* of delays, by rounding: see formats/delay.h */
    uint64_t start_ns;        /* of CPU time, where it is measured */
    struct metadata metadata;
    struct metadata meaning; /* of values, where it cannot go along: they become sRGB by it, */
    struct icc *icc;         /* those of this layout by this; NULL: they are as they are */
    enum layout icc_layout;
    struct decoder *decoder; /* NULL: the pictures come from many inputs */
    bool loop_known;         /* a pass came to the end, .. */
    int last_loop;           /* .. where the input's loop was this */
    struct palette global;   /* of the file that is read; no entries: it has none */
    struct encoder *encoder;
    struct frame_steps steps;
    struct sink *coded; /* the pixels of a frame as we code them */
    char damage[240];   /* lenient: what ended the frames */
};

/* The next frame, its palette as it will be written. ST_END: after the last. */
enum status movie_frame(struct movie *m, struct frame *out) MUST_CHECK;
/* How many frames the input has, by its blocks alone; the first one comes next then. */
enum status movie_count(struct movie *m, uint64_t *frames) MUST_CHECK;
/* The first frame comes next again, for the next pass. */
enum status movie_rewind(struct movie *m) MUST_CHECK;
/* The frame's rows, as frame_rows_open gives them, with the values that will be written. */
enum status movie_rows(struct movie *m, const struct frame *f, struct rows **out) MUST_CHECK;
/* Decodes the frame's rows, for a player that has begun it, or NULL. */
enum status movie_read(struct movie *m, const struct frame *f, struct player *player) MUST_CHECK;
/* Starts the file that is written, of palette rows. */
enum status movie_begin(struct movie *m, uint32_t width, uint32_t height,
                        const struct palette *global) MUST_CHECK;
/* The same, of any rows. */
enum status movie_begin_as(struct movie *m, const struct picture *canvas,
                           const struct encode_options *options) MUST_CHECK;
/* Codes pixels into m->coded. */
enum status movie_code(struct movie *m, struct frame *f, struct rows *rows) MUST_CHECK;
/* Appends a frame with the pixels in coded, or with src's bytes from `at` on. */
enum status movie_append_coded(struct movie *m, const struct frame *f,
                               struct sink *coded) MUST_CHECK;
enum status movie_append_copy(struct movie *m, const struct frame *f, uint64_t at,
                              uint64_t bytes) MUST_CHECK;

/* The method of a step: indices are turned nearest, as in stills; only resizing filters unasked. */
enum resample movie_resample(const struct job *job, const struct op *op);

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

/* Pictures on their way to being frames of m's file. All zeroes but for m and shared: begun. */
struct recording {
    struct movie *m;
    struct pictures pictures;    /* where they come from one input */
    struct histogram *histogram; /* of all pictures, in a first pass */
    uint32_t counted;            /* rows since a whole picture was counted */
    struct recorder *recorder;   /* NULL before the first picture; or, for true color: */
    struct true_frames *frames;
    struct shared_colors shared;
    bool maps; /* pictures are made of the shared colors before they are recorded: */
    struct color_map
        *nearest;            /* .. by this, or the recorder by this; NULL where they are dithered */
    struct pattern *pattern; /* .. or this, for DITHER_BLUE */
    struct steady *steady;   /* where the job has a max_change */
};

/* Pictures get the nearest colors of the job's palette. */
enum status recording_use_palette(struct recording *r) MUST_CHECK;
/* A take_picture_fn; the recording is its user. The first picture begins the file. */
enum status recording_take(void *recording, struct rows *rows, struct span news, uint64_t number,
                           struct delay delay) MUST_CHECK;
/* The last frame, unless st says that it is of no use; returns what is worse. */
enum status recording_end(struct recording *r, enum status st) MUST_CHECK;
void recording_close(struct recording *r);

/*
 * Pictures on their way to a format that holds true color: what changes is kept until the last one
 * has come, as the layout of the file depends on all of them. Each frame is then what changed, or,
 * where that is smaller, what changed with the rest of its rectangle transparent.
 */
struct true_frames;
enum status true_frames_open(struct movie *m, uint32_t width, uint32_t height,
                             struct true_frames **out) MUST_CHECK;
void true_frames_close(struct true_frames *t); /* t may be NULL */
/* Takes a picture, as recorder_take does; rows stay the caller's. */
enum status true_frames_take(struct true_frames *t, struct rows *rows, struct span news,
                             struct delay delay) MUST_CHECK;
/* All have come: begins the file and writes its frames. */
enum status true_frames_end(struct true_frames *t) MUST_CHECK;
/* Pictures that became part of the one before. */
uint64_t true_frames_merged(const struct true_frames *t);

/* Notes as the encoder's what CPU time nobody else has had. */
void movie_note_rest(struct movie *m);

/* The delay as the job wants it, of the next frame that is written. */
struct delay movie_delay(struct movie *m, struct delay in);
/* Gives it to a frame of the input that is written as a frame. */
void movie_set_delay(struct movie *m, struct frame *f);
/* As a frame has it. */
static inline struct delay delay_of(const struct frame *f)
{
    return (struct delay){f->delay_cs, f->exact_cs != 0 ? f->exact_cs : f->delay_cs};
}

/* A run's beginning and end. movie_close is due in any case; it tells what is to be told. */
enum status movie_open(struct movie *m, struct context *cx, const struct job *job,
                       struct source *src, struct outcome *out) MUST_CHECK;
/* Ends the file that is written, if st is good or may be forgiven. */
enum status movie_finish(struct movie *m, enum status st) MUST_CHECK;
enum status movie_close(struct movie *m, enum status st);

/* All frames, each as a frame of its own. */
enum status movie_run_frames(struct movie *m) MUST_CHECK;
/* The same in other frames: what changes on the canvas, in as few bytes as the effort goes. */
enum status movie_run_optimized(struct movie *m) MUST_CHECK;
/* The same where frames are of any layout: each as it is, in its place. */
enum status movie_run_colors(struct movie *m) MUST_CHECK;
/* All that the canvas shows, as frames made anew. */
enum status movie_run_pictures(struct movie *m) MUST_CHECK;

#endif
