/* SPDX-License-Identifier: MIT */
/* The contract of a format plugin, and the one table of plugins. */
#ifndef GIFLOW_FORMATS_FORMAT_H
#define GIFLOW_FORMATS_FORMAT_H

#include "base/sink.h"
#include "base/source.h"
#include "formats/metadata.h"
#include "formats/recode.h"
#include "raster/picture.h"

enum disposal { DISPOSAL_NONE, DISPOSAL_KEEP, DISPOSAL_BACKGROUND, DISPOSAL_PREVIOUS };

/* One frame as the file has it. A still has one that covers the canvas. */
struct frame {
    struct picture pic;            /* of the frame's own rectangle */
    uint32_t palette_size;         /* entries in the file; 0: as many as pic.palette has */
    int64_t x, y;                  /* its corner on the canvas */
    const struct interlace *order; /* in which its rows come */
    uint32_t delay_cs;
    double exact_cs; /* the delay before it was rounded; 0: it was not */
    enum disposal disposal;
    bool local;    /* the palette is the frame's own, not the one that the file's frames share */
    bool hidden;   /* a picture for those that show stills; not counted among the frames */
    bool replaces; /* transparent pixels too take the place of what is there, else it stays */
};

enum loop { LOOP_ABSENT = -1, LOOP_FOREVER = 0 }; /* else the count as the file stores it */

/* What a header tells before any pixel. */
struct image_info {
    uint32_t width, height; /* of the canvas */
    bool may_move;          /* the format can hold more than one frame */
    uint8_t background;     /* of GIF: an entry of the global palette. Browsers ignore it */
    bool progressive;       /* rows come in order, but the file tells a coarse picture first */
};

/*
 * A decoder, made by the core. state points to format->decoder_bytes zeroed bytes, which the core
 * frees after close. The plugin calls fail() with text that says what is wrong and where in the
 * file ("row 12 of frame 3"), not the file's name.
 */
struct decoder {
    const struct format *format;
    struct context *cx;
    struct source *src; /* at the first byte of the file; the caller's */
    void *state;
    struct image_info info;       /* open fills it in */
    const struct palette *global; /* that frames share if they have none; NULL: there is none */
    int loop;                     /* enum loop or a count; good once the last frame has been read */
    struct metadata *metadata;    /* what the file says is added to it; NULL: nobody asks */
    uint64_t frames;              /* that frame() has delivered; the core counts */
    uint64_t coded_at;   /* of a format with coded: where in src the frame's pixels begin */
    const char *warning; /* about a frame that can be read; NULL: none */
};

/* A color that only transparent pixels have, in samples as deep as the picture's. */
struct color_key {
    bool used;
    uint16_t sample[3]; /* of gray: equal */
};

/* Of chroma: of 4 x 2 pixels 4 x 2, 2 x 2, or 2 x 1 samples. */
enum sampling { SAMPLING_AUTO, SAMPLING_444, SAMPLING_422, SAMPLING_420 };

struct encode_options {
    bool interlace;
    unsigned quality;     /* JPEG: 1 .. 100; 0: as the input is coded, else 90 */
    unsigned sampling;    /* JPEG: enum sampling */
    unsigned compression; /* zlib: 0 .. 9 */
    unsigned optimize;    /* effort, as -O */
    unsigned lossy;       /* GIF: 0 (off) .. 100 */
    uint32_t table;       /* GIF: entries to be written of the palette; 0: all */
    bool unfiltered;      /* PNG: rows as they are compress better than filtered ones */
    bool whole_bytes;     /* PNG: indices are not packed, however few colors there are */
    struct color_key key; /* PNG: stands for transparency in a layout without alpha */
};

/*
 * An encoder, made by the core, for one of two: a still picture is start, then height rows by
 * write, then finish. A moving one is begin; then for each frame its pixels coded, once or in
 * several ways (code, height rows by write, coded), and one of the results put (append, then its
 * bytes by put); then finish. And always discard. state is zeroed as above.
 */
struct encoder {
    const struct format *format;
    struct context *cx;
    struct sink *sink; /* the caller's */
    void *state;
    struct picture pic; /* a layout that choose() named; of a moving one see begin */
    uint8_t background; /* of a moving one: as image_info has it */
    int loop;           /* of a moving one: enum loop or a count; may be set until finish */
    struct encode_options options;
    const struct metadata *metadata; /* to be written; may grow until finish; never NULL */
    const struct interlace *order;   /* start sets it: rows are then given pass by pass */
};

/*
 * One constant object a format. A NULL operation is one that the format does not have: open NULL
 * cannot be read, start NULL cannot be written.
 *
 * sniff    pure; head holds up to SNIFF_BYTES of the file's beginning
 * open     reads the header only: fills info. picture_check is called on what it claims.
 * frame    the next frame into the zeroed *out, ST_END after the last; what is left of the rows
 *          of the one before is skipped. out->order tells how rows will come. Under cx->lenient
 *          damage that was stepped over is told here, by ST_DAMAGED in place of ST_END.
 * row      the next row of the frame: pass_width pixels of its pass. On ST_DAMAGED the row holds
 *          what could be decoded and zeroes after that; no further row may be asked for.
 * close    always called, also after a failed open
 * recode   in place of the first frame: writes the file to sink with steps done to its coded data.
 *          r->verdict tells whether that can be; where it says no, or r->plan is set, nothing is
 *          written, and the return is ST_OK. Whether it can may turn out at the end of the file, so
 *          that pixels are to be had from another decoder only. Metadata are copied only where
 *          d->metadata is not NULL.
 *
 * skip     reads what is left of the frame's pixels. They are then src's bytes from coded_at to
 *          where it stands, in the form that put takes. NULL: there is no such form
 *
 * choose   the layout that start wants for pictures of this kind (alpha: some pixel may be other
 *          than opaque); the core converts
 * start    writes the header; sets order
 * write    one row of picture_stride bytes (of a pass: pass_width pixels)
 * finish   writes what ends the file: it is valid only if this is ST_OK
 * discard  always called; frees, writes nothing
 *
 * begin    for a moving picture, in place of start: pic is the canvas, its palette the global one
 *          (no entries: every frame has its own). NULL: the format holds stills only. Where choose
 *          has more layouts than indices, frames have that of the canvas, and its palette; the
 *          first one that is not hidden covers the canvas, and none reaches over it; of indices
 *          the global palette may be another one until the first frame is appended
 * code     begins to code the pixels of a frame of this size and palette, to a sink; sets order
 * coded    ends that
 * append   appends a frame: all but its pixels. Where it is not local, its palette is the global
 *          one but for the entry that is transparent
 * put      the next bytes of its pixels, as code or a decoder's skip has made them
 */
struct format {
    const char *name;     /* "png": --format's word and the prefix's */
    const char *suffixes; /* "jpg jpeg jpe": lower case, the usual one first */
    bool holds_alpha;     /* written files can hold transparency */
    bool holds_profile;   /* an ICC profile in written files is heeded by those that read them */
    bool holds_color;     /* what METADATA_COLOR tells can be written */
    bool moves;           /* files that are read can hold more than one frame of a moving picture */
    bool lossless;        /* coding changes no pixel, so that only its size matters */
    const struct format *moving; /* what writes moving pictures of it; NULL: itself, or none */

    bool (*sniff)(const uint8_t *head, size_t bytes);
    size_t decoder_bytes;
    enum status (*open)(struct decoder *d);
    enum status (*frame)(struct decoder *d, struct frame *out);
    enum status (*row)(struct decoder *d, uint8_t *out);
    void (*close)(struct decoder *d);
    enum status (*recode)(struct decoder *d, struct recode *r, struct sink *sink);
    enum status (*skip)(struct decoder *d);

    enum layout (*choose)(enum layout layout, bool alpha);
    size_t encoder_bytes;
    enum status (*start)(struct encoder *e);
    enum status (*write)(struct encoder *e, const uint8_t *row);
    enum status (*finish)(struct encoder *e);
    void (*discard)(struct encoder *e);
    enum status (*begin)(struct encoder *e);
    enum status (*code)(struct encoder *e, const struct frame *f, struct sink *to);
    enum status (*coded)(struct encoder *e);
    enum status (*append)(struct encoder *e, const struct frame *f);
    enum status (*put)(struct encoder *e, const uint8_t *data, size_t bytes);
};

/* Whether a frame leaves no pixel of the canvas free. */
static inline bool frame_covers(const struct frame *f, const struct image_info *canvas)
{
    return f->x <= 0 && f->y <= 0 && f->x + f->pic.width >= canvas->width &&
           f->y + f->pic.height >= canvas->height;
}

extern const struct format format_gif, format_png, format_jpeg;
extern const struct format format_apng;                        /* writes */
extern const struct format format_pnm;                         /* reads P1 to P7; writes nothing */
extern const struct format format_ppm, format_pgm, format_pam; /* write */
extern const struct format format_y4m;                         /* reads */

/* Whether what is written as out is of the format that in reads. NULL: of none. */
static inline bool format_stays(const struct format *in, const struct format *out)
{
    return in == out || (in != NULL && in->moving != NULL && in->moving == out);
}

/* Whether pictures of true color can be frames of a moving one. */
static inline bool format_moves_colors(const struct format *f)
{
    return f->begin != NULL && f->choose(LAYOUT_RGB8, false) != LAYOUT_INDEX8;
}

/* The table, NULL at its end; its order is the order of sniffing. */
extern const struct format *const format_table[];

const struct format *format_by_name(const char *name);   /* NULL: none of that name writes */
const struct format *format_by_suffix(const char *path); /* of a file name, for writing; NULL */
const struct format *format_by_content(const uint8_t *head, size_t bytes); /* for reading */

/*
 * Sniffs src, makes a decoder and opens it. metadata: as in struct decoder, outlives it.
 * ST_UNSUPPORTED: no plugin knows the content.
 */
enum status decoder_open(struct context *cx, struct source *src, struct metadata *metadata,
                         struct decoder **out) MUST_CHECK;
enum status decoder_frame(struct decoder *d, struct frame *out) MUST_CHECK;
enum status decoder_row(struct decoder *d, uint8_t *out) MUST_CHECK;
enum status decoder_skip(struct decoder *d) MUST_CHECK; /* where d->format->skip is there */
void decoder_close(struct decoder *d);                  /* d may be NULL; source stays */

/* Makes an encoder for pic and starts it. metadata outlives it; NULL: none. */
enum status encoder_open(struct context *cx, const struct format *format, struct sink *sink,
                         const struct picture *pic, const struct encode_options *options,
                         const struct metadata *metadata, struct encoder **out) MUST_CHECK;
/* The same for a moving picture. */
enum status encoder_begin(struct context *cx, const struct format *format, struct sink *sink,
                          const struct picture *canvas, uint8_t background, int loop,
                          const struct encode_options *options, const struct metadata *metadata,
                          struct encoder **out) MUST_CHECK;
enum status encoder_write(struct encoder *e, const uint8_t *row) MUST_CHECK;
/* A moving picture's operations, as above. */
enum status encoder_code(struct encoder *e, const struct frame *f, struct sink *to) MUST_CHECK;
enum status encoder_coded(struct encoder *e) MUST_CHECK;
enum status encoder_append(struct encoder *e, const struct frame *f) MUST_CHECK;
enum status encoder_put(struct encoder *e, const uint8_t *data, size_t bytes) MUST_CHECK;
enum status encoder_finish(struct encoder *e) MUST_CHECK; /* and flushes the sink */
void encoder_close(struct encoder *e);                    /* e may be NULL */

#endif
