/* SPDX-License-Identifier: MIT */
/* The reader and the writer that the plugin's one table joins. */
#ifndef GIFLOW_FORMATS_PNG_PNG_PLUGIN_H
#define GIFLOW_FORMATS_PNG_PNG_PLUGIN_H

#include "formats/format.h"
#include "formats/png/png_frames.h"
#include "formats/png/png_guard.h"
#include "formats/png/png_metadata.h"

struct png_reader {
    struct png_guard guard;
    png_structp png;
    png_infop info;
    enum { PNG_READER_HEADER, PNG_READER_ROWS, PNG_READER_DONE } phase;
    struct picture pic;
    struct png_tap tap;
    struct png_frames frames;
    uint8_t *wide; /* Adam7: libpng writes whole rows, whatever the width of the pass */
};

struct png_writer {
    struct png_guard guard;
    png_structp png;
    png_infop info;
    const struct metadata_item *written; /* the last that stands in the file; NULL: none */
    uint8_t *profile;                    /* deflated */
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

#endif
