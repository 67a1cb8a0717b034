/* SPDX-License-Identifier: MIT */
/* libjpeg's destination manager over a sink. */
#ifndef GIFLOW_FORMATS_JPEG_JPEG_OUTPUT_H
#define GIFLOW_FORMATS_JPEG_JPEG_OUTPUT_H

#include "base/sink.h"
#include "formats/jpeg/jpeg_guard.h"

#define JPEG_OUTPUT_BYTES 4096

struct jpeg_output {
    struct jpeg_destination_mgr mgr; /* first: libjpeg hands it back */
    struct sink *sink;
    uint8_t buffer[JPEG_OUTPUT_BYTES];
};

/* Makes sink what jpeg writes to; its error manager is a struct jpeg_guard. */
void jpeg_output_init(struct jpeg_output *out, j_compress_ptr jpeg, struct sink *sink);

#endif
