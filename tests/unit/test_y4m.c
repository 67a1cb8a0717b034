/* SPDX-License-Identifier: MIT */
/* YUV4MPEG2: every kind of chroma against the formula, in doubles; headers and damage. */
#include "codec_run.h"

#include <math.h>
#include <stdio.h>

struct kind {
    const char *tag;
    unsigned across, down;
    bool centered, full;
};

static const struct kind kinds[] = {
    {"", 2, 2, true, false},
    {" C420", 2, 2, true, false},
    {" C420paldv", 2, 2, false, false},
    {" C420jpeg XCOLORRANGE=FULL", 2, 2, true, true},
    {" C420mpeg2 XYSCSS=420MPEG2", 2, 2, false, false},
    {" C422", 2, 1, false, false},
    {" C444 XCOLORRANGE=LIMITED", 1, 1, false, false},
    {" Cmono", 0, 0, false, false},
};

struct video {
    unsigned width, height, frames;
    const struct kind *kind;
    size_t chroma_width, chroma_height, frame_bytes;
    uint8_t *planes; /* of all frames */
    struct blob file;
};

static struct video make_video(unsigned width, unsigned height, unsigned frames,
                               const struct kind *kind)
{
    struct video v = {.width = width, .height = height, .frames = frames, .kind = kind};
    char head[100];
    uint64_t seed = width * 7 + height;
    if (kind->across != 0) {
        v.chroma_width = (width + kind->across - 1) / kind->across;
        v.chroma_height = (height + kind->down - 1) / kind->down;
    }
    v.frame_bytes = (size_t)width * height + 2 * v.chroma_width * v.chroma_height;
    v.planes = make_bytes(v.frame_bytes * frames);
    for (size_t i = 0; i < v.frame_bytes * frames; i++)
        v.planes[i] = (uint8_t)noise(&seed);
    int n = snprintf(head, sizeof head, "YUV4MPEG2 W%u H%u F30:1 Ip A1:1%s\n", width, height,
                     kind->tag);
    v.file = blob_of(head, (size_t)n);
    for (unsigned f = 0; f < frames; f++) {
        blob_add(&v.file, "FRAME\n", 6);
        blob_add(&v.file, v.planes + f * v.frame_bytes, v.frame_bytes);
    }
    return v;
}

static void video_free(struct video *v)
{
    free(v->planes);
    blob_free(&v->file);
}

static double clamped(double at, double most)
{
    return at < 0 ? 0 : at > most ? most : at;
}

/* A chroma plane between its samples: linear, and beyond the outer ones as they are. */
static double chroma_at(const struct video *v, const uint8_t *plane, unsigned x, unsigned y)
{
    const struct kind *k = v->kind;
    double middle = k->centered ? 0.5 : 0;
    double at_x = k->across == 2 ? (x - middle) / 2 : x, at_y = k->down == 2 ? (y - 0.5) / 2 : y;
    at_x = clamped(at_x, (double)v->chroma_width - 1);
    at_y = clamped(at_y, (double)v->chroma_height - 1);
    size_t x0 = (size_t)at_x, y0 = (size_t)at_y;
    size_t x1 = x0 + 1 < v->chroma_width ? x0 + 1 : x0,
           y1 = y0 + 1 < v->chroma_height ? y0 + 1 : y0;
    const uint8_t *p = plane + y0 * v->chroma_width, *q = plane + y1 * v->chroma_width;
    double fx = at_x - (double)x0, fy = at_y - (double)y0;
    return (p[x0] * (1 - fx) + p[x1] * fx) * (1 - fy) + (q[x0] * (1 - fx) + q[x1] * fx) * fy;
}

static void expect_pixel(const struct video *v, unsigned frame, unsigned x, unsigned y,
                         const uint8_t *rgb)
{
    const uint8_t *luma = v->planes + frame * v->frame_bytes;
    const uint8_t *u = luma + (size_t)v->width * v->height;
    const uint8_t *w = u + v->chroma_width * v->chroma_height;
    bool full = v->kind->full;
    double light = full ? luma[y * v->width + x] : (luma[y * v->width + x] - 16) * 255 / 219.0;
    double scale = full ? 1 : 255 / 224.0, cb = 0, cr = 0;
    if (v->kind->across != 0) {
        cb = (chroma_at(v, u, x, y) - 128) * scale;
        cr = (chroma_at(v, w, x, y) - 128) * scale;
    }
    const double want[3] = {light + 1.402 * cr,
                            light - 0.114 * 1.772 / 0.587 * cb - 0.299 * 1.402 / 0.587 * cr,
                            light + 1.772 * cb};
    for (unsigned i = 0; i < 3; i++)
        assert_true(fabs(rgb[i] - clamped(want[i], 255)) < 0.52);
}

static void test_pixels(void **state)
{
    (void)state;
    static const unsigned sizes[][2] = {{1, 1}, {2, 2}, {3, 1}, {1, 4}, {7, 5}, {16, 9}};
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
        for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
            struct video v = make_video(sizes[s][0], sizes[s][1], 4, &kinds[k]);
            struct context cx;
            struct source *src;
            struct decoder *d;
            struct frame f;
            uint8_t line[48];
            context_init(&cx);
            assert_int_equal(source_open_memory(&cx, v.file.data, v.file.bytes, &src), ST_OK);
            assert_int_equal(decoder_open(&cx, src, NULL, &d), ST_OK);
            for (unsigned i = 0; i < 4; i++) {
                assert_int_equal(decoder_frame(d, &f), ST_OK);
                assert_int_equal(f.pic.width, v.width);
                assert_int_equal(f.delay_cs, i % 3 == 1 ? 4 : 3); /* 3, 7, 10, 13 */
                for (unsigned y = 0; y < v.height; y++) {
                    assert_int_equal(decoder_row(d, line), ST_OK);
                    for (unsigned x = 0; x < v.width; x++)
                        expect_pixel(&v, i, x, y, line + 3 * x);
                }
            }
            assert_int_equal(decoder_frame(d, &f), ST_END);
            decoder_close(d);
            source_close(src);
            video_free(&v);
            assert_nothing_held(&cx);
        }
}

static void expect_refused(const char *text, enum status st, const char *words)
{
    struct blob b = blob_of(text, strlen(text));
    struct decoded got = decode(&b, false);
    assert_int_equal(got.status, st);
    assert_non_null(strstr(got.text, words));
    decoded_free(&got);
    blob_free(&b);
}

static void test_refused(void **state)
{
    (void)state;
    expect_refused("YUV4MPEG2 W2", ST_DAMAGED, "ends too soon");
    expect_refused("YUV4MPEG2 W2\n", ST_DAMAGED, "no size");
    expect_refused("YUV4MPEG2 W0 H1\n", ST_DAMAGED, "makes no sense");
    expect_refused("YUV4MPEG2 W2x H1\n", ST_DAMAGED, "makes no sense");
    expect_refused("YUV4MPEG2 W2 H1 F1\n", ST_DAMAGED, "makes no sense");
    expect_refused("YUV4MPEG2 W2 H1 C420p10\n", ST_UNSUPPORTED, "chroma");
    expect_refused("YUV4MPEG2 W2147483647 H2147483647\n", ST_LIMIT, "limit");
    expect_refused("YUV4MPEG2 W2 H1 Cmono\nFRAM", ST_DAMAGED, "no frame");
    expect_refused("YUV4MPEG2 W2 H1 Cmono\nFRAME", ST_DAMAGED, "ends too soon (frame 1)");
    expect_refused("YUV4MPEG2 W2 H1 Cmono\nFRAME\na", ST_DAMAGED, "ends too soon (frame 1)");
    expect_refused("YUV4MPEG2 W2 H1 Cmono\nFRAME\nabFRAME\na", ST_DAMAGED, "(frame 2)");
}

static enum status read_all(struct context *cx, void *user)
{
    const struct blob *b = user;
    struct source *src;
    enum status st = source_open_memory(cx, b->data, b->bytes, &src);
    if (st != ST_OK)
        return st;
    struct decoded got = decode_from(cx, src);
    st = got.status == ST_END ? ST_OK : got.status;
    decoded_free(&got);
    source_close(src);
    return st;
}

static void test_faults(void **state)
{
    (void)state;
    struct video v = make_video(6, 4, 2, &kinds[0]);
    assert_true(sweep_kind(FAULT_ALLOC, ST_NOMEM, read_all, &v.file) > 2);
    video_free(&v);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pixels),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_faults),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
