/* SPDX-License-Identifier: MIT */
/* libjpeg's source manager over ours: it reads right from the source's window, without a copy. */
#ifndef GIFLOW_FORMATS_JPEG_JPEG_INPUT_H
#define GIFLOW_FORMATS_JPEG_JPEG_INPUT_H

#include "base/source.h"
#include "formats/jpeg/jpeg_guard.h"

struct jpeg_input {
    struct jpeg_source_mgr mgr; /* first: libjpeg hands it back */
    struct source *src;
    size_t lent; /* bytes of the source's window that libjpeg has */
};

/* Makes src what jpeg reads; its error manager is a struct jpeg_guard. */
void jpeg_input_init(struct jpeg_input *in, j_decompress_ptr jpeg, struct source *src);
/* Takes the window back: the source then stands where libjpeg has come to. */
void jpeg_input_settle(struct jpeg_input *in);

#endif
