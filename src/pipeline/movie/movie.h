/* SPDX-License-Identifier: MIT */
/* A run over a moving picture: what its kinds share, and the kinds. */
#ifndef GIFLOW_PIPELINE_MOVIE_MOVIE_H
#define GIFLOW_PIPELINE_MOVIE_MOVIE_H

#include "animation/player.h"
#include "animation/reel.h"
#include "color/icc.h"
#include "pipeline/movie/frame_steps.h"
#include "pipeline/progress.h"
#include "pipeline/stages/stages.h"

/* job, src, sink and out are the caller's, all else is closed by movie_close. */
struct movie {
    struct context *cx;
    const struct job *job;
    struct source *src;
    struct sink *sink;
    struct outcome *out;
    uint64_t start_ns; /* of CPU time, where it is measured */

    /* what comes: frames_in.c */
    struct decoder *decoder; /* NULL: the pictures come from many inputs */
    struct palette global;   /* of the file that is read; no entries: it has none */
    uint8_t background;      /* an entry of it; a run that writes another palette sets it anew */
    int loop;                /* as the input has told it when the frame to be appended came */
    bool hidden_too;         /* frames that are not shown are wanted as well */
    struct metadata metadata;
    struct metadata meaning; /* of values, where it cannot go along: they become sRGB by it, */
    struct icc *icc;         /* those of this layout by this; NULL: they are as they are */
    enum layout icc_layout;

    /* how far it has come */
    struct progress progress; /* in rows that are read */
    uint64_t rows_before;     /* of them, in passes that are over */
    uint32_t rows_untold;     /* of the frame at hand */
    unsigned passes;          /* to come after this one */

    /* what goes: frames_out.c */
    struct encoder *encoder;
    struct frame_steps steps;
    struct sink *coded; /* the pixels of a frame as we code them */
    double owed_cs;     /* of delays, by rounding: see formats/delay.h */
    bool loop_known;    /* a pass came to the end, .. */
    int last_loop;      /* .. where the input's loop was this */
    char damage[240];   /* lenient: what ended the frames */
};

/* A run's beginning and end. movie_close is due in any case; it tells what is to be told. */
enum status movie_open(struct movie *m, struct context *cx, const struct job *job,
                       struct source *src, struct outcome *out) MUST_CHECK;
/*
 * Under --lenient the frames that came whole are the picture: damage is taken back, so that what is
 * left to be written meets no error but its own, and told in the end. Any other status stays.
 */
enum status movie_forgive(struct movie *m, enum status st) MUST_CHECK;
/* Ends the file that is written, if st is good or forgiven. */
enum status movie_finish(struct movie *m, enum status st) MUST_CHECK;
enum status movie_close(struct movie *m, enum status st);
/* Notes as the encoder's what CPU time nobody else has had. */
void movie_note_rest(struct movie *m);

/* A part of movie_open: the decoder, the palette, and what becomes of the color profile. */
enum status movie_open_input(struct movie *m) MUST_CHECK;
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
/* All rows to a player that has begun their frame. Does not close them. */
enum status movie_play(struct player *player, struct rows *rows) MUST_CHECK;
/* A delay as a frame has it. */
static inline struct delay delay_of(const struct frame *f)
{
    return (struct delay){f->delay_cs, f->exact_cs != 0 ? f->exact_cs : f->delay_cs};
}
/* The delay as the job wants it, of the next frame that is written. */
struct delay movie_delay(struct movie *m, struct delay in);
/* Gives it to a frame of the input that is written as a frame. */
void movie_set_delay(struct movie *m, struct frame *f);
/* The loop that the job asks for, else m->loop. */
int movie_loop(const struct movie *m);
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

/*
 * The kinds of a run, each in a file of its name, from the one that changes least to the one that
 * changes most.
 */
/* All frames, each as a frame of its own. */
enum status movie_run_frames(struct movie *m) MUST_CHECK;
/* The same where frames are of any layout: each as it is, in its place. */
enum status movie_run_colors(struct movie *m) MUST_CHECK;
/* The same in other frames: what changes on the canvas, in as few bytes as the effort goes. */
enum status movie_run_optimized(struct movie *m) MUST_CHECK;
/* All that the canvas shows, as frames made anew. */
enum status movie_run_pictures(struct movie *m) MUST_CHECK;

#endif
