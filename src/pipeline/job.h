/* SPDX-License-Identifier: MIT */
/* A validated request and its run: one picture in, transformed, one picture out. */
#ifndef GIFLOW_PIPELINE_JOB_H
#define GIFLOW_PIPELINE_JOB_H

#include "color/difference.h"
#include "formats/format.h"
#include "transforms/transform.h"

enum op_kind { OP_CROP, OP_FLIP_HORIZONTAL, OP_FLIP_VERTICAL, OP_ROTATE, OP_RESIZE, OP_CANVAS };

/* AUTO: Floyd-Steinberg, but none in moving pictures and at 256 colors in very large ones. */
enum dither { DITHER_AUTO, DITHER_NONE, DITHER_FS, DITHER_BLUE };

/* Whether pixels of a lossy format are coded again when the same format is written. */
enum lossless {
    LOSSLESS_AUTO, /* only where the steps cannot be done to the coded data exactly */
    LOSSLESS_ONLY, /* never: that is an error then */
    LOSSLESS_TRIM, /* never: what is not exact at the edges is trimmed */
    LOSSLESS_OFF   /* always */
};

/* One step of the pipeline, in the order given. */
struct op {
    enum op_kind kind;
    union {
        struct {
            uint32_t width, height;
            int64_t x, y;
        } crop;
        double degrees; /* clockwise, any finite number */
        struct {
            uint32_t width, height;
            bool placed; /* the picture's corner stands at x, y; else it is in the middle */
            int64_t x, y;
        } canvas;
        struct resize_to resize;
    };
};

/* Frames number first to last, or backwards; below 0 they count from the end: -1 is the last. */
struct frame_range {
    int64_t first, last;
};

struct job {
    const struct op *ops;
    size_t op_count;
    bool expand;                 /* of every OP_ROTATE */
    enum resample resample;      /* of OP_ROTATE and OP_RESIZE */
    bool has_background;         /* false: transparent where the output can, else white */
    struct rgba8 background;     /* alpha 0: transparent */
    enum dither dither;          /* where a picture has more colors than its palette */
    double dither_strength;      /* 0 .. 1 */
    unsigned colors;             /* at most so many in a palette: 2 .. 256 */
    const struct format *format; /* of the output */
    struct encode_options encode;
    enum lossless lossless;
    bool may_keep; /* nothing asks for a change: the input itself will do where it is smaller */
    bool skip_if_larger; /* nothing is written that is not smaller than the input */
    bool auto_orient; /* EXIF's orientation is done before the steps, and the EXIF then says so */
    bool keep_icc;    /* no conversion to sRGB, also where the output does not take the profile */
    bool strip[METADATA_KINDS]; /* kinds of metadata that do not reach the output */

    bool reduce;                   /* colors or palette were asked for: where a format can do */
    const struct palette *palette; /* the one to use; NULL: the best there is */
    bool alpha_dither;             /* where alpha has to become one bit */
    bool compare;                  /* outcome->difference is wanted, and costs time */

    /* of moving pictures */
    const struct frame_range *ranges; /* of frames that are kept, in this order */
    size_t range_count;               /* 0: all */
    bool has_delay, has_loop;         /* else they stay */
    double delay_cs;                  /* of every frame: what rounding takes, the next get back */
    bool at_rate;                     /* that is a rate's: the pictures of PNM are a video */
    int loop;                         /* enum loop or a count */
    double speed;                     /* times as fast; 0: as it is */
    double
        max_change; /* pixels keep their color until it changes by more: see pipeline/movie/steady.h */
    bool merge_duplicates; /* of equal pictures the first stays for the time of both */
};

#define STAGE_MAX 32

/* What a run did, for -v and reports. Filled as far as the run came, also when it failed. */
struct outcome {
    const char *in_format;
    struct picture in, out; /* palettes as read and as written */
    bool in_palette;        /* the file has a palette, whatever its canvas needed */
    uint64_t out_bytes;
    uint64_t in_bytes;    /* known for skip_if_larger only; */
    bool larger;          /* then: no smaller than that, and not written */
    bool kept;            /* the output is the input, byte for byte: no smaller coding was found */
    unsigned orientation; /* that EXIF had and that was done: 2 .. 8; 0: none */
    bool recoded;         /* no pixel was decoded: layouts and palettes are not known */
    bool sequential;      /* recoded: what was progressive is not any more */
    bool quantized;       /* the picture had more colors than the palette holds */
    uint64_t frames;      /* that were written; 0: a still */
    uint64_t frames_merged; /* that became part of the one before */
    uint64_t frames_copied; /* of them, with their coded pixels as they were */
    bool frames_left_out;   /* a still was made from the first frame of several */
    const char *warning;    /* about a picture that was written; NULL: none */
    bool damaged;           /* lenient: some rows could not be read */
    struct {
        const char *name;
        uint64_t cpu_ns;
    } stage[STAGE_MAX];
    size_t stage_count;

    uint64_t colors;                    /* of the picture if quantized; 0: not counted */
    bool more_colors;                   /* it had more than that */
    struct color_difference difference; /* what that did, where job->compare asked */
};

/*
 * Reads one picture from src, runs the steps over it and writes it to sink, flushed. Both stay
 * the caller's. Where job->may_keep and nothing smaller than the input comes out, the input's own
 * bytes are written instead. Damage under cx->lenient: the picture is written all the same and the
 * return is ST_DAMAGED with out->damaged set. ST_SKIPPED, no error, where job->skip_if_larger and
 * out->larger; sink got nothing.
 */
enum status job_run(struct context *cx, const struct job *job, struct source *src,
                    struct sink *sink, struct outcome *out) MUST_CHECK;

/* Where pictures go that become files of their own, one after another. */
struct picture_files {
    /* of the frame of this number; *out NULL: it is not to be written */
    enum status (*open)(void *user, uint64_t number, struct sink **out);
    /* a sink that open gave; st not ST_OK: what it holds is of no use */
    enum status (*close)(void *user, struct sink *sink, enum status st);
    void *user;
};

/*
 * Writes every picture of src that the job wants, as it is seen, to a file of its own: in the order
 * of src, whatever the job's list says. Of a still it is one, number 0.
 */
enum status job_explode(struct context *cx, const struct job *job, struct source *src,
                        const struct picture_files *files, struct outcome *out) MUST_CHECK;

/* Where the inputs of one moving picture come from, one after another. */
struct picture_inputs {
    /* the next one; ST_END after the last */
    enum status (*open)(void *user, struct source **out);
    void (*close)(void *user, struct source *src);
    void *user;
};

/*
 * All pictures of all inputs become frames: those of a moving picture, of concatenated PNM each as
 * it comes, and of a still one, shown for 10 hundredths of a second unless the job says how long.
 * They have one size. Colors that do not fit the palette of the first picture make palettes of
 * their frames, or of series of frames, so that nothing is read twice.
 */
enum status job_join(struct context *cx, const struct job *job, const struct picture_inputs *inputs,
                     struct sink *sink, struct outcome *out) MUST_CHECK;

#endif
