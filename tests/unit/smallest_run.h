/* SPDX-License-Identifier: MIT */
/* PNG to PNG at -O1, in every way that rows can be had, and what is in the files by libpng. */
#ifndef GIFLOW_TESTS_SMALLEST_RUN_H
#define GIFLOW_TESTS_SMALLEST_RUN_H

#include "codec_run.h"
#include "png_file.h"

#include <png.h>

#include "base/size.h"
#include "pipeline/job.h"

/* RGBA of 16 bits of every pixel, by libpng. The caller frees it. */
static inline uint8_t *expand(const uint8_t *data, size_t bytes, size_t *size)
{
    FILE *f = fmemopen((void *)(uintptr_t)data, bytes, "rb");
    assert_non_null(f);
    png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
    png_infop info = png_create_info_struct(png);
    if (setjmp(png_jmpbuf(png)) != 0)
        assert_true(false);
    png_init_io(png, f);
    png_read_info(png, info);
    png_set_palette_to_rgb(png);
    png_set_expand_gray_1_2_4_to_8(png);
    if (png_get_valid(png, info, PNG_INFO_tRNS) != 0)
        png_set_tRNS_to_alpha(png);
    png_set_expand_16(png);
    png_set_gray_to_rgb(png);
    png_set_add_alpha(png, 0xffff, PNG_FILLER_AFTER);
    png_set_interlace_handling(png);
    png_read_update_info(png, info);
    uint32_t height = png_get_image_height(png, info);
    size_t stride = png_get_rowbytes(png, info);
    uint8_t *all = make_bytes(stride * height);
    png_bytep *rows = malloc(height * sizeof *rows);
    for (uint32_t y = 0; y < height; y++)
        rows[y] = all + y * stride;
    png_read_image(png, rows);
    free(rows);
    png_destroy_read_struct(&png, &info, NULL);
    fclose(f);
    *size = stride * height;
    return all;
}

struct shrinking {
    const struct blob *in;
    struct job job;
    uint64_t temp; /* limit */
    bool pipe;
    struct blob out;
};

static inline enum status shrink(struct context *cx, void *user)
{
    struct shrinking *s = user;
    struct source *src = NULL;
    struct sink *sink = NULL;
    struct outcome outcome;
    int fd = s->pipe ? pipe_fd(s->in) : temp_fd(s->in->data, s->in->bytes);
    cx->temp.limit = s->temp;
    enum status st = source_open_fd(cx, fd, &src);
    if (st == ST_OK)
        st = sink_open_memory(cx, &sink);
    if (st == ST_OK)
        st = job_run(cx, &s->job, src, sink, &outcome);
    if (st == ST_OK) {
        blob_free(&s->out);
        s->out = blob_of_sink(sink);
    }
    sink_close(sink);
    source_close(src);
    close(fd);
    return st;
}

static inline struct blob shrink_blob(const struct blob *in, bool pipe, uint64_t temp,
                                      bool interlace)
{
    struct context cx;
    struct shrinking s = {
        .in = in,
        .pipe = pipe,
        .temp = temp,
        .job = {.format = &format_png,
                .colors = 256,
                .auto_orient = true,
                .encode = {.compression = 6, .optimize = 1, .interlace = interlace}}};
    context_init(&cx);
    assert_int_equal(shrink(&cx, &s), ST_OK);
    assert_nothing_held(&cx);
    return s.out;
}

/* In all ways in which rows can be had twice, or not. */
static inline void assert_shrinks(const struct picture *pic, uint8_t *pixels, unsigned bits,
                                  unsigned type)
{
    static const struct encode_options plain = {.compression = 6};
    struct blob in = encode(&format_png, pic, &plain, pixels);
    size_t size, got_size;
    uint8_t *want = expand(in.data, in.bytes, &size);
    for (int way = 0; way < 5; way++) {
        struct blob out = shrink_blob(&in, way == 1 || way == 3,
                                      way == 2 || way == 3 ? 0 : SIZE_UNLIMITED, way == 4);
        uint8_t *got = expand(out.data, out.bytes, &got_size);
        assert_int_equal(got_size, size);
        assert_memory_equal(got, want, size);
        if (way != 3 && way != 2) { /* a pipe without temporary space stays as it is */
            assert_int_equal(out.data[24], bits);
            assert_int_equal(out.data[25], type);
        }
        assert_int_equal(out.data[28], way == 4);
        free(got);
        blob_free(&out);
    }
    free(want);
    blob_free(&in);
}

static inline void set_alpha(const struct picture *pic, uint8_t *pixels, size_t i, uint16_t alpha)
{
    const struct layout_info *info = layout_info(pic->layout);
    uint8_t *p = pixels + i * info->bytes + (info->channels - 1u) * info->bits / 8;
    if (info->bits == 16)
        memcpy(p, &alpha, 2);
    else
        *p = (uint8_t)(alpha >> 8);
}

#endif
