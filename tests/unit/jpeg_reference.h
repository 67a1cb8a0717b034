/* SPDX-License-Identifier: MIT */
/* JPEG files of every kind that libjpeg can write, and its own decoding of them. */
#ifndef GIFLOW_TESTS_JPEG_REFERENCE_H
#define GIFLOW_TESTS_JPEG_REFERENCE_H

#include "codec_run.h"

#include <jpeglib.h>
#include <jerror.h>

/* How a file is made; zeroes: of the pixels' own components, quality 90, 4:2:0. */
struct jpeg_recipe {
    int components;       /* 1: gray, 3: RGB, 4: CMYK */
    J_COLOR_SPACE stored; /* JCS_UNKNOWN, which is 0: gray, YCbCr, CMYK */
    bool unmarked;        /* CMYK without Adobe's marker */
    bool progressive, arithmetic, optimize;
    const jpeg_scan_info *scans;
    int scan_count;
    unsigned restart;    /* MCUs */
    const char *factors; /* "22 11 11": of each component */
    int quality;
};

/* Sequential, each component by itself. */
static const jpeg_scan_info jpeg_apart[] = {
    {1, {0}, 0, 63, 0, 0}, {1, {1}, 0, 63, 0, 0}, {1, {2}, 0, 63, 0, 0}};

/* Progressive, a scan for each coefficient of three components but the first; returns how many. */
#define JPEG_SINGLE_SCANS (63 * 3)
static inline int jpeg_single_scans(jpeg_scan_info *scans)
{
    int n = 0;
    for (int c = 0; c < 3; c++)
        for (int k = 1; k < DCTSIZE2; k++)
            scans[n++] = (jpeg_scan_info){1, {c}, k, k, 0, 0};
    return n;
}

/* A file that libjpeg writes to memory. */
struct jpeg_writer {
    struct jpeg_compress_struct jpeg;
    struct jpeg_error_mgr mgr;
    unsigned char *data;
    unsigned long bytes;
};

static inline void jpeg_writer_begin(struct jpeg_writer *w)
{
    w->data = NULL;
    w->bytes = 0;
    w->jpeg.err = jpeg_std_error(&w->mgr);
    jpeg_create_compress(&w->jpeg);
    jpeg_mem_dest(&w->jpeg, &w->data, &w->bytes);
}

static inline struct blob jpeg_writer_end(struct jpeg_writer *w)
{
    jpeg_finish_compress(&w->jpeg);
    jpeg_destroy_compress(&w->jpeg);
    struct blob b = blob_of(w->data, w->bytes);
    free(w->data);
    return b;
}

static inline struct blob jpeg_make(const struct jpeg_recipe *r, uint32_t width, uint32_t height,
                                    uint8_t *pixels)
{
    static const J_COLOR_SPACE spaces[] = {JCS_UNKNOWN, JCS_GRAYSCALE, JCS_UNKNOWN, JCS_RGB,
                                           JCS_CMYK};
    struct jpeg_writer w;
    jpeg_writer_begin(&w);
    j_compress_ptr jpeg = &w.jpeg;
    jpeg->image_width = width;
    jpeg->image_height = height;
    jpeg->input_components = r->components;
    jpeg->in_color_space = spaces[r->components];
    jpeg_set_defaults(jpeg);
    if (r->stored != JCS_UNKNOWN)
        jpeg_set_colorspace(jpeg, r->stored);
    if (r->unmarked)
        jpeg->write_Adobe_marker = FALSE;
    jpeg_set_quality(jpeg, r->quality != 0 ? r->quality : 90, TRUE);
    jpeg->arith_code = r->arithmetic;
    jpeg->optimize_coding = r->optimize;
    jpeg->restart_interval = r->restart;
    if (r->progressive)
        jpeg_simple_progression(jpeg);
    if (r->scans != NULL) {
        jpeg->scan_info = r->scans;
        jpeg->num_scans = r->scan_count;
    }
    for (int i = 0; r->factors != NULL && i < r->components; i++) {
        jpeg->comp_info[i].h_samp_factor = r->factors[3 * i] - '0';
        jpeg->comp_info[i].v_samp_factor = r->factors[3 * i + 1] - '0';
    }
    jpeg_start_compress(jpeg, TRUE);
    for (uint32_t y = 0; y < height; y++) {
        JSAMPROW row = pixels + (size_t)y * width * (size_t)r->components;
        jpeg_write_scanlines(jpeg, &row, 1);
    }
    return jpeg_writer_end(&w);
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

/* The same of such pixels. */
static inline struct blob jpeg_make_slopes(const struct jpeg_recipe *r, uint32_t width,
                                           uint32_t height)
{
    uint8_t *pixels = jpeg_pixels(width, height, r->components);
    struct blob b = jpeg_make(r, width, height, pixels);
    free(pixels);
    return b;
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

/* All that it makes of a file that has to be sound, or nearly; the caller frees. */
static inline uint8_t *jpeg_reference_pixels(const struct blob *b, size_t *bytes)
{
    struct jpeg_decoded d = jpeg_reference(b);
    assert_false(d.fatal);
    *bytes = d.stride * d.height;
    return d.pixels;
}

/* A marker with a body. */
static inline void jpeg_add_marker(struct blob *b, int marker, const void *data, size_t bytes)
{
    const uint8_t head[4] = {0xff, (uint8_t)marker, (uint8_t)((bytes + 2) >> 8),
                             (uint8_t)(bytes + 2)};
    blob_add(b, head, 4);
    blob_add(b, data, bytes);
}

/* Where the n-th marker of a kind stands, from 0. */
static inline size_t jpeg_find(const struct blob *b, uint8_t marker, unsigned n)
{
    for (size_t i = 2; i + 1 < b->bytes; i++)
        if (b->data[i] == 0xff && b->data[i + 1] == marker && n-- == 0)
            return i;
    assert_true(false);
    return 0;
}

#endif
