/* SPDX-License-Identifier: MIT */
/* libjpeg's source manager over some of a file's scans, as if they were a file of their own. */
#ifndef GIFLOW_FORMATS_JPEG_JPEG_SCAN_INPUT_H
#define GIFLOW_FORMATS_JPEG_JPEG_SCAN_INPUT_H

#include "formats/jpeg/jpeg_scans.h"

#define JPEG_SCAN_INPUT_BYTES 4096

struct jpeg_scan_input {
    struct jpeg_source_mgr mgr; /* first: libjpeg hands it back */
    struct jpeg_scans *scans;
    unsigned stretch;   /* it is in the markers before this scan or, if this is last, in it too */
    unsigned last;      /* the scan to be read */
    uint64_t at, limit; /* rest of the stretch */
    bool cut;           /* the end of the stretch is the end of a file that is cut short */
    uint8_t buffer[JPEG_SCAN_INPUT_BYTES];
};

/*
 * Makes jpeg read one scan: the bytes of prefix, which outlives it (NULL: none, libjpeg has read
 * the scan's header), then what stands between the scans before this one, for their tables, this
 * one, and an EOI.
 */
void jpeg_scan_input_init(struct jpeg_scan_input *in, j_decompress_ptr jpeg,
                          struct jpeg_scans *scans, unsigned scan, const uint8_t *prefix,
                          size_t prefix_bytes);
/* Makes jpeg, which has read the first scan's header, read all that follows, up to EOI. */
void jpeg_scan_input_init_all(struct jpeg_scan_input *in, j_decompress_ptr jpeg,
                              struct jpeg_scans *scans);

#endif
