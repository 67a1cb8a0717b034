/* SPDX-License-Identifier: MIT */
/* The reader and the writer that the plugin's one table joins. */
#ifndef GIFLOW_FORMATS_JPEG_JPEG_PLUGIN_H
#define GIFLOW_FORMATS_JPEG_JPEG_PLUGIN_H

#include "formats/format.h"
#include "formats/jpeg/jpeg_input.h"
#include "formats/jpeg/jpeg_lockstep.h"
#include "formats/jpeg/jpeg_metadata.h"
#include "formats/jpeg/jpeg_output.h"
#include "formats/jpeg/jpeg_passes.h"
#include "formats/jpeg/jpeg_spooled.h"

struct jpeg_reader {
    struct jpeg_guard guard;
    struct jpeg_decompress_struct jpeg;
    struct jpeg_input input;
    enum { JPEG_READER_HEADER, JPEG_READER_ROWS, JPEG_READER_DONE } phase;

    /* of a picture of several scans, which are decoded side by side, or one after another */
    struct jpeg_scans scans;
    struct jpeg_lockstep lockstep;
    struct jpeg_scan_input *all; /* NULL: side by side */
    struct jpeg_spooled spooled;
    struct jpeg_progress_mgr progress; /* called between the steps */
    char scan[24];                     /* place in the file */

    struct jpeg_metadata metadata;
    uint8_t *cmyk;    /* a row to convert; NULL where libjpeg's rows are ours */
    struct icc *inks; /* that converts it; NULL: by rule */
};

struct jpeg_writer {
    struct jpeg_guard guard;
    struct jpeg_compress_struct jpeg;
    struct jpeg_output output;
    struct jpeg_passes passes; /* all zeroes: one pass is enough */
};

/* The operations that format.h describes. */
enum status jpeg_reader_open(struct decoder *d) MUST_CHECK;
enum status jpeg_reader_frame(struct decoder *d, struct frame *out) MUST_CHECK;
enum status jpeg_reader_row(struct decoder *d, uint8_t *out) MUST_CHECK;
enum status jpeg_reader_recode(struct decoder *d, struct recode *q, struct sink *sink) MUST_CHECK;
void jpeg_reader_close(struct decoder *d);

/* Finds the scans of a picture of several, once. ST_DAMAGED where cut short, unless lenient. */
enum status jpeg_reader_find_scans(struct jpeg_reader *r) MUST_CHECK;

enum status jpeg_writer_start(struct encoder *e) MUST_CHECK;
enum status jpeg_writer_write(struct encoder *e, const uint8_t *row) MUST_CHECK;
enum status jpeg_writer_finish(struct encoder *e) MUST_CHECK;
void jpeg_writer_discard(struct encoder *e);

#endif
