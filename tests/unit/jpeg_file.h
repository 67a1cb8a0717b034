/* SPDX-License-Identifier: MIT */
/* JPEG files that our encoder writes, in each way that it has. */
#ifndef GIFLOW_TESTS_JPEG_FILE_H
#define GIFLOW_TESTS_JPEG_FILE_H

#include "jpeg_reference.h"

/* As libjpeg does by itself, with tables of its own, and progressively. */
static const struct encode_options plain = {.quality = 90, .sampling = SAMPLING_420};
static const struct encode_options small = {.quality = 90, .sampling = SAMPLING_420, .optimize = 2};
static const struct encode_options progressive = {
    .quality = 90, .sampling = SAMPLING_420, .interlace = true};

static inline struct blob noise_file(const struct encode_options *options, struct picture *pic)
{
    *pic = make_picture(70, 50, LAYOUT_RGB8);
    uint8_t *pixels = make_noise(pic, 11);
    struct blob b = encode(&format_jpeg, pic, options, pixels);
    free(pixels);
    return b;
}

#endif
