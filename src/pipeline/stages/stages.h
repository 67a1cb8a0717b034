/* SPDX-License-Identifier: MIT */
/* What the chain from the input to the encoder is put together of. */
#ifndef GIFLOW_PIPELINE_STAGES_STAGES_H
#define GIFLOW_PIPELINE_STAGES_STAGES_H

#include "color/icc.h"
#include "pipeline/job.h"
#include "pipeline/progress.h"
#include "pipeline/stages/input.h"
#include "raster/rows.h"
#include "transforms/transform.h"

/*
 * In the order of a chain. Those that are given *rows take them over and leave a stream in it that
 * stands for the result; on failure it is closed and *rows is NULL.
 */

/* What a constructor has come to, by which *rows was to become another stream: see rows.h. */
static inline enum status made(enum status st, struct rows **rows)
{
    if (st != ST_OK) /* it has closed what it was given */
        *rows = NULL;
    return st;
}

/*
 * The first picture of src, upright, and in sRGB where its profile cannot go along: *lose_profile.
 * report is zeroed but for what it says of the caller; metadata_clear is due on its metadata.
 */
enum status open_still(struct context *cx, const struct job *job, struct source *src,
                       struct input_report *report, struct progress *progress, struct outcome *out,
                       bool *lose_profile, struct rows **rows) MUST_CHECK;

/*
 * As window_open, but with its last row all of up has been read: damage in rows that the window
 * leaves out, or after them, must be noticed too.
 */
enum status whole_window_open(struct rows *up, int64_t x, int64_t y, uint32_t width,
                              uint32_t height, struct pixel fill, struct rows **out) MUST_CHECK;

/* Turns and mirrors a picture whose EXIF has this orientation, 1 .. 8, so that it is upright. */
enum status make_upright(unsigned orientation, struct rows **rows) MUST_CHECK;
/* The same as steps for coded data, 2 at the most. Returns how many. */
size_t upright_steps(unsigned orientation, struct recode_step *steps);
/* The density after that and after the job's steps; none where it has come to lie askew. */
struct density turned_density(const struct job *job, unsigned orientation, struct density d);
/* The same for a coding. */
void turn_coding(const struct job *job, unsigned orientation, struct block_coding *c);

/*
 * To sRGB, by the ICC profile among the metadata, or else the primaries and gamma. *done: the
 * profile does not fit the values any more. Else they are what they were: sRGB already, or nobody
 * knows how.
 */
enum status make_srgb(struct context *cx, const struct metadata *metadata, struct outcome *outcome,
                      bool *done, struct rows **rows) MUST_CHECK;
/*
 * The way from what metadata tells, for values of a layout other than LAYOUT_INDEX8, to sRGB. *out
 * NULL: they are that, or nobody knows how.
 */
enum status srgb_open(struct context *cx, const struct metadata *metadata, enum layout layout,
                      struct outcome *outcome, struct icc **out) MUST_CHECK;
/* Rows by it, of that layout. Owns icc unless it is lent: then that outlives the stage. */
enum status srgb_rows_open(struct icc *icc, bool lent, struct rows **rows) MUST_CHECK;
/*
 * Whether what gives values their meaning, an ICC profile or primaries and gamma, can go along with
 * them. A GIF that has one keeps it when it stays a GIF: its colors are what they were. Else the
 * values become sRGB, unless job->keep_icc.
 */
bool profile_stays(const struct job *job, const char *in_format, const struct metadata *m);
/* Without it, what values mean is not told. */
void lose_color(struct context *cx, struct metadata *m);

/* The job's steps, in their order. May lower job->colors: see resizing. */
enum status apply_ops(struct context *cx, struct job *job, struct rows **rows) MUST_CHECK;
/* A rotation that is no quarter turn: its pixels lie between those of the picture. */
bool slants(const struct op *op);
/* The part of a picture that OP_CROP is about; ST_UNSUPPORTED where it has none. */
enum status clip_crop(struct context *cx, const struct op *op, uint32_t picture_width,
                      uint32_t picture_height, uint32_t *x, uint32_t *y, uint32_t *width,
                      uint32_t *height) MUST_CHECK;
/* Where OP_CANVAS puts the corner of a picture of this size. */
void canvas_place(const struct op *op, uint32_t width, uint32_t height, int64_t *x, int64_t *y);
/* What transparent pixels turn into where the output has no alpha. */
struct rgba8 job_matte(const struct job *job);

/* Rows as job->format takes them, by the three that follow. */
enum status make_writable(struct context *cx, struct job *job, const struct metadata *metadata,
                          struct progress *progress, struct outcome *out,
                          struct rows **rows) MUST_CHECK;
/* Whether they are to be indices: the format has nothing else, or a palette was asked for. */
bool takes_palette(const struct job *job);
/*
 * Palette rows, of at most job->colors entries: exact where the picture has no more colors, and
 * from -O1 on without entries that no pixel uses. Reads the stream once, into a spool where it
 * could not be read again for less.
 */
enum status make_palette(struct context *cx, const struct job *job, struct progress *progress,
                         struct outcome *outcome, struct rows **rows) MUST_CHECK;
/* Rows in the layout that job->format wants. */
enum status make_layout(const struct job *job, struct rows **rows) MUST_CHECK;
/*
 * For a format of many layouts: the one that takes the fewest bits for the pixels there are, each
 * of which stays what it is, and that the profile among the metadata can stay with. Reads the
 * stream ahead, as far as it takes to know, where it can be had again or kept in a spool. Sets
 * job->encode.key where a color can stand for transparency, and unfiltered where that is smaller.
 */
enum status make_smallest(struct context *cx, struct job *job, const struct metadata *metadata,
                          struct rows **rows) MUST_CHECK;

/* Rows into a file of job->format, to its end. Does not close rows. */
enum status write_rows(struct context *cx, const struct job *job, const struct metadata *metadata,
                       struct progress *progress, struct rows *rows, struct sink *sink) MUST_CHECK;
/* Rows into an encoder, in its order, all of them. progress NULL: none is told. */
enum status write_pixels(struct encoder *e, struct progress *progress,
                         struct rows *rows) MUST_CHECK;

#endif
