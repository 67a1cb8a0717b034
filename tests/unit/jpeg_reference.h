/* SPDX-License-Identifier: MIT */
/* JPEG files of every kind that libjpeg can write, and its own decoding of them. */
#ifndef GIFLOW_TESTS_JPEG_REFERENCE_H
#define GIFLOW_TESTS_JPEG_REFERENCE_H

#include "codec_run.h"

#include <fcntl.h>

#include <jpeglib.h>
#include <jerror.h>

/* How a file is made; zeroes: of the pixels' own components, quality 90, 4:2:0. */
struct jpeg_recipe {
    int components; /* 1, 3 or 4 */
    bool progressive, arithmetic, optimize;
    const jpeg_scan_info *scans;
    int scan_count;
    unsigned restart;    /* MCUs */
    const char *factors; /* "22 11 11": of each component */
    int quality;
};

static inline struct blob jpeg_make(const struct jpeg_recipe *r, uint32_t width, uint32_t height,
                                    uint8_t *pixels)
{
    static const J_COLOR_SPACE spaces[] = {JCS_UNKNOWN, JCS_GRAYSCALE, JCS_UNKNOWN, JCS_RGB,
                                           JCS_CMYK};
    struct jpeg_compress_struct jpeg;
    struct jpeg_error_mgr mgr;
    unsigned char *data = NULL;
    unsigned long bytes = 0;
    jpeg.err = jpeg_std_error(&mgr);
    jpeg_create_compress(&jpeg);
    jpeg_mem_dest(&jpeg, &data, &bytes);
    jpeg.image_width = width;
    jpeg.image_height = height;
    jpeg.input_components = r->components;
    jpeg.in_color_space = spaces[r->components];
    jpeg_set_defaults(&jpeg);
    jpeg_set_quality(&jpeg, r->quality != 0 ? r->quality : 90, TRUE);
    jpeg.arith_code = r->arithmetic;
    jpeg.optimize_coding = r->optimize;
    jpeg.restart_interval = r->restart;
    if (r->progressive)
        jpeg_simple_progression(&jpeg);
    if (r->scans != NULL) {
        jpeg.scan_info = r->scans;
        jpeg.num_scans = r->scan_count;
    }
    for (int i = 0; r->factors != NULL && i < r->components; i++) {
        jpeg.comp_info[i].h_samp_factor = r->factors[3 * i] - '0';
        jpeg.comp_info[i].v_samp_factor = r->factors[3 * i + 1] - '0';
    }
    jpeg_start_compress(&jpeg, TRUE);
    for (uint32_t y = 0; y < height; y++) {
        JSAMPROW row = pixels + (size_t)y * width * (size_t)r->components;
        jpeg_write_scanlines(&jpeg, &row, 1);
    }
    jpeg_finish_compress(&jpeg);
    jpeg_destroy_compress(&jpeg);
    struct blob b = blob_of(data, bytes);
    free(data);
    return b;
}

/* Slopes with some noise, as pictures have them, so that all scans have work. */
static inline uint8_t *jpeg_pixels(uint32_t width, uint32_t height, int components)
{
    size_t stride = (size_t)width * (size_t)components;
    uint8_t *p = make_bytes(stride * height);
    uint64_t seed = width * 31 + height;
    for (uint32_t y = 0; y < height; y++)
        for (size_t x = 0; x < stride; x++)
            p[y * stride + x] =
                (uint8_t)(x * 2 + y * (unsigned)(x % 3 + 1) + noise(&seed) % (1 + y % 40));
    return p;
}

/* What libjpeg makes of a file by its defaults. */
struct jpeg_decoded {
    bool fatal;
    int damage; /* warnings that tell of lost data */
    uint32_t width, height;
    int components;
    size_t stride;
    uint8_t *pixels; /* NULL: none */
};

struct jpeg_reference_guard {
    struct jpeg_error_mgr mgr;
    int damage;
    jmp_buf jump;
};

static inline void jpeg_reference_exit(j_common_ptr jpeg)
{
    longjmp(((struct jpeg_reference_guard *)jpeg->err)->jump, 1);
}

static inline void jpeg_reference_message(j_common_ptr jpeg, int level)
{
    int code = jpeg->err->msg_code;
    if (level < 0 && code != JWRN_ADOBE_XFORM && code != JWRN_BOGUS_PROGRESSION &&
        code != JWRN_JFIF_MAJOR && code != JWRN_NOT_SEQUENTIAL)
        ((struct jpeg_reference_guard *)jpeg->err)->damage++;
}

static inline void jpeg_reference_rows(j_decompress_ptr jpeg, struct jpeg_decoded *d)
{
    jpeg_read_header(jpeg, TRUE);
    jpeg_start_decompress(jpeg);
    d->width = jpeg->output_width;
    d->height = jpeg->output_height;
    d->components = jpeg->output_components;
    d->stride = (size_t)d->width * (size_t)d->components;
    d->pixels = make_bytes(d->stride * d->height);
    while (jpeg->output_scanline < jpeg->output_height) {
        JSAMPROW row = d->pixels + d->stride * jpeg->output_scanline;
        jpeg_read_scanlines(jpeg, &row, 1);
    }
    jpeg_finish_decompress(jpeg);
}

static inline struct jpeg_decoded jpeg_reference(const struct blob *b)
{
    static struct jpeg_decoded d; /* static: it lives through longjmp */
    struct jpeg_decompress_struct jpeg;
    struct jpeg_reference_guard g;
    d = (struct jpeg_decoded){0};
    g.damage = 0;
    jpeg.err = jpeg_std_error(&g.mgr);
    g.mgr.error_exit = jpeg_reference_exit;
    g.mgr.emit_message = jpeg_reference_message;
    jpeg_create_decompress(&jpeg);
    jpeg_mem_src(&jpeg, b->data, b->bytes);
    if (setjmp(g.jump) == 0)
        jpeg_reference_rows(&jpeg, &d);
    else
        d.fatal = true;
    d.damage = g.damage;
    jpeg_destroy_decompress(&jpeg);
    return d;
}

/* A pipe that holds all of a file; its end to be read. */
static inline int jpeg_pipe(const struct blob *b)
{
    int fd[2];
    assert_int_equal(pipe(fd), 0);
    assert_true(fcntl(fd[1], F_SETPIPE_SZ, (int)b->bytes + 4096) >= (int)b->bytes);
    assert_int_equal(write(fd[1], b->data, b->bytes), b->bytes);
    close(fd[1]);
    return fd[0];
}

#endif
