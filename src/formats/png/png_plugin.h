/* SPDX-License-Identifier: MIT */
/* The reader and the writer that the plugin's one table joins. */
#ifndef GIFLOW_FORMATS_PNG_PNG_PLUGIN_H
#define GIFLOW_FORMATS_PNG_PNG_PLUGIN_H

#include "formats/format.h"
#include "formats/png/png_feed.h"
#include "formats/png/png_frames.h"
#include "formats/png/png_guard.h"
#include "formats/png/png_metadata.h"
#include "formats/png/png_tap.h"

struct png_reader {
    struct png_guard guard;
    png_structp png;
    png_infop info;
    enum { PNG_READER_HEADER, PNG_READER_ROWS, PNG_READER_DONE } phase;
    struct picture pic;
    struct png_tap tap;
    struct png_frames frames;
    struct png_feed feed;
    uint8_t *wide; /* Adam7: libpng writes whole rows, whatever the width of the pass */
};

struct png_writer {
    struct png_guard guard;
    png_structp png;
    png_infop info;
    const struct metadata_item *written; /* the last that stands in the file; NULL: none */
    uint8_t *profile;                    /* deflated */
    uint8_t *above; /* the row before, of the pass; NULL: all rows have the same filter */
};

/* The operations that format.h describes. */
enum status png_reader_open(struct decoder *d) MUST_CHECK;
enum status png_reader_frame(struct decoder *d, struct frame *out) MUST_CHECK;
enum status png_reader_row(struct decoder *d, uint8_t *out) MUST_CHECK;
void png_reader_close(struct decoder *d);

enum status png_writer_start(struct encoder *e) MUST_CHECK;
enum status png_writer_write(struct encoder *e, const uint8_t *row) MUST_CHECK;
enum status png_writer_finish(struct encoder *e) MUST_CHECK;
void png_writer_discard(struct encoder *e);

/*
 * The steps of these, for any picture of e's kind: w is ready for it, libpng has its header and
 * writes by write, whose I/O pointer is e; the chunks before IDAT are written; libpng knows the
 * layout of rows. The latter three jump on libpng's errors, to w->guard.jump.
 */
enum status png_writer_check(struct encoder *e, struct png_writer *w,
                             const struct picture *pic) MUST_CHECK;
bool png_writer_begin(struct encoder *e, struct png_writer *w, const struct picture *pic,
                      png_rw_ptr write); /* false: w->guard.status tells */
/* Both may set w->guard.status. */
void png_writer_info(struct encoder *e, struct png_writer *w);
void png_writer_pixels(struct encoder *e, struct png_writer *w);
enum status png_writer_row(struct encoder *e, struct png_writer *w, const uint8_t *row) MUST_CHECK;
void png_writer_close(struct encoder *e, struct png_writer *w); /* w may be all zeroes */

/* Bytes of an fdAT without its header, its sequence number included. */
#define APNG_DATA_BYTES (4u + 32768u)

/*
 * An APNG on its way. acTL tells how many frames there are, which only the end knows; so all that
 * follows it is kept in a spool till then. It stands right behind IHDR, though it need not, for
 * readers that tell what a file is by its first bytes.
 */
struct apng_writer {
    struct png_writer file; /* the first member: of a still it is all there is */
    bool moves;
    struct png_writer frame; /* the one that is coded */
    struct sink *to;         /* where its pixels go */
    uint8_t head[8];         /* of the chunk that libpng writes: length, type; or of the file */
    uint32_t have, left;     /* bytes of head; of the chunk, with its CRC, to come */
    struct sink *body;       /* of the file: what follows acTL */
    bool ends;               /* acTL and what follows the body are written */
    uint32_t frames, sequence;
    bool first;  /* pixels are those of the default image */
    bool begun;  /* there is a default image */
    size_t used; /* of data, behind the place of the sequence number */
    uint8_t data[APNG_DATA_BYTES];
};

enum status apng_begin(struct encoder *e) MUST_CHECK;
enum status apng_code(struct encoder *e, const struct frame *f, struct sink *to) MUST_CHECK;
enum status apng_write(struct encoder *e, const uint8_t *row) MUST_CHECK;
enum status apng_coded(struct encoder *e) MUST_CHECK;
enum status apng_append(struct encoder *e, const struct frame *f) MUST_CHECK;
enum status apng_put(struct encoder *e, const uint8_t *data, size_t bytes) MUST_CHECK;
enum status apng_finish(struct encoder *e) MUST_CHECK;
void apng_discard(struct encoder *e);

#endif
