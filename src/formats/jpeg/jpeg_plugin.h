/* SPDX-License-Identifier: MIT */
/* The reader and the writer that the plugin's one table joins. */
#ifndef GIFLOW_FORMATS_JPEG_JPEG_PLUGIN_H
#define GIFLOW_FORMATS_JPEG_JPEG_PLUGIN_H

#include "formats/format.h"
#include "formats/jpeg/jpeg_guard.h"

struct jpeg_reader {
    struct jpeg_guard guard;
    struct jpeg_decompress_struct jpeg;
    struct jpeg_source_mgr source;
    struct jpeg_progress_mgr progress; /* called between the steps of a picture of several scans */
    size_t lent;                       /* bytes of the source's window that libjpeg has */
    enum { JPEG_READER_HEADER, JPEG_READER_ROWS, JPEG_READER_DONE } phase;
    char scan[24]; /* place in a picture of several scans */
    uint8_t *cmyk; /* a row to convert; NULL where libjpeg's rows are ours */
};

#define JPEG_SINK_BYTES 4096

struct jpeg_writer {
    struct jpeg_guard guard;
    struct jpeg_compress_struct jpeg;
    struct jpeg_destination_mgr target;
    uint8_t buffer[JPEG_SINK_BYTES];
};

/* Makes the decoder's source libjpeg's. */
void jpeg_source_init(struct decoder *d);

/* The operations that format.h describes. */
enum status jpeg_reader_open(struct decoder *d) MUST_CHECK;
enum status jpeg_reader_frame(struct decoder *d, struct frame *out) MUST_CHECK;
enum status jpeg_reader_row(struct decoder *d, uint8_t *out) MUST_CHECK;
void jpeg_reader_close(struct decoder *d);

enum status jpeg_writer_start(struct encoder *e) MUST_CHECK;
enum status jpeg_writer_write(struct encoder *e, const uint8_t *row) MUST_CHECK;
enum status jpeg_writer_finish(struct encoder *e) MUST_CHECK;
void jpeg_writer_discard(struct encoder *e);

#endif
