/* SPDX-License-Identifier: MIT */
/* Small JPEG files, and libjpeg used plainly on both sides of them. */
#ifndef GIFLOW_TESTS_JPEG_FILE_H
#define GIFLOW_TESTS_JPEG_FILE_H

#include "codec_run.h"

#include <jpeglib.h>

/* What libjpeg does by itself, with tables of its own, and progressively. */
static const struct encode_options plain = {.quality = 90, .sampling = SAMPLING_420};
static const struct encode_options small = {.quality = 90, .sampling = SAMPLING_420, .optimize = 2};
static const struct encode_options progressive = {
    .quality = 90, .sampling = SAMPLING_420, .interlace = true};

/* How the reference encoder differs from our own. */
struct recipe {
    J_COLOR_SPACE in, stored;
    int channels;
    bool progressive, adobe, optimize;
};

static const struct recipe gray_recipe = {
    .in = JCS_GRAYSCALE, .stored = JCS_GRAYSCALE, .channels = 1};
static const struct recipe rgb_recipe = {.in = JCS_RGB, .stored = JCS_YCbCr, .channels = 3};

static inline void say_nothing(j_common_ptr jpeg)
{
    (void)jpeg;
}

static inline struct blob reference_encode(const struct recipe *recipe, uint32_t width,
                                           uint32_t height, uint8_t *pixels)
{
    struct jpeg_compress_struct jpeg;
    struct jpeg_error_mgr mgr;
    unsigned char *data = NULL;
    unsigned long bytes = 0;
    jpeg.err = jpeg_std_error(&mgr);
    jpeg_create_compress(&jpeg);
    jpeg_mem_dest(&jpeg, &data, &bytes);
    jpeg.image_width = width;
    jpeg.image_height = height;
    jpeg.input_components = recipe->channels;
    jpeg.in_color_space = recipe->in;
    jpeg_set_defaults(&jpeg);
    jpeg_set_colorspace(&jpeg, recipe->stored);
    jpeg_set_quality(&jpeg, 90, TRUE);
    if (recipe->channels == 4)
        jpeg.write_Adobe_marker = recipe->adobe;
    jpeg.optimize_coding = recipe->optimize;
    if (recipe->progressive)
        jpeg_simple_progression(&jpeg);
    jpeg_start_compress(&jpeg, TRUE);
    for (uint32_t y = 0; y < height; y++) {
        JSAMPROW row = pixels + (size_t)y * width * (size_t)recipe->channels;
        jpeg_write_scanlines(&jpeg, &row, 1);
    }
    jpeg_finish_compress(&jpeg);
    jpeg_destroy_compress(&jpeg);
    struct blob b = blob_of(data, bytes);
    free(data);
    return b;
}

static inline uint8_t *reference_decode(const struct blob *b, J_COLOR_SPACE space, size_t *bytes)
{
    struct jpeg_decompress_struct jpeg;
    struct jpeg_error_mgr mgr;
    jpeg.err = jpeg_std_error(&mgr);
    mgr.output_message = say_nothing;
    jpeg_create_decompress(&jpeg);
    jpeg_mem_src(&jpeg, b->data, b->bytes);
    jpeg_read_header(&jpeg, TRUE);
    jpeg.out_color_space = space;
    jpeg_start_decompress(&jpeg);
    size_t stride = (size_t)jpeg.output_width * (size_t)jpeg.output_components;
    *bytes = stride * jpeg.output_height;
    uint8_t *pixels = make_bytes(*bytes);
    while (jpeg.output_scanline < jpeg.output_height) {
        JSAMPROW row = pixels + stride * jpeg.output_scanline;
        jpeg_read_scanlines(&jpeg, &row, 1);
    }
    jpeg_destroy_decompress(&jpeg);
    return pixels;
}

static inline struct blob noise_file(const struct encode_options *options, struct picture *pic)
{
    *pic = make_picture(70, 50, LAYOUT_RGB8);
    uint8_t *pixels = make_noise(pic, 11);
    struct blob b = encode(&format_jpeg, pic, options, pixels);
    free(pixels);
    return b;
}

/* Where a marker's FF stands, from a place on. */
static inline size_t find_marker(const struct blob *b, uint8_t marker, size_t from)
{
    for (size_t i = from; i + 1 < b->bytes; i++)
        if (b->data[i] == 0xff && b->data[i + 1] == marker)
            return i;
    assert_true(false);
    return 0;
}

#endif
