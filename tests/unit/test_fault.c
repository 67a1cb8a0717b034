/* SPDX-License-Identifier: MIT */
/*
 * Whole jobs in which the n-th allocation, read or write fails, for every n: each ends with the
 * status that belongs to it and gives everything back, and the last, undisturbed one writes the
 * same bytes as ever.
 */
#include "job_check.h"

struct task {
    const struct job *job;
    const struct blob *in, *want; /* want NULL: not known yet */
    struct blob *got;
};

static enum status run_files(struct context *cx, void *user)
{
    const struct task *t = user;
    struct outcome outcome;
    struct source *src = NULL;
    struct sink *sink = NULL;
    int in = temp_fd(t->in->data, t->in->bytes), out = temp_fd("", 0);
    enum status st = source_open_fd(cx, in, &src);
    if (st == ST_OK)
        st = sink_open_fd(cx, out, &sink);
    if (st == ST_OK)
        st = job_run(cx, t->job, src, sink, &outcome);
    if (st == ST_OK) {
        off_t bytes = lseek(out, 0, SEEK_END);
        struct blob b = {(size_t)bytes, make_bytes((size_t)bytes)};
        assert_int_equal(pread(out, b.data, b.bytes, 0), bytes);
        if (t->want != NULL) {
            assert_int_equal(b.bytes, t->want->bytes);
            assert_memory_equal(b.data, t->want->data, b.bytes);
        }
        if (t->got != NULL)
            *t->got = b;
        else
            blob_free(&b);
    }
    sink_close(sink);
    source_close(src);
    close(in);
    close(out);
    return st;
}

static void sweep(const struct job *job, const struct blob *in)
{
    struct context cx;
    struct blob want;
    struct task first = {job, in, NULL, &want}, task = {job, in, &want, NULL};
    context_init(&cx);
    assert_int_equal(run_files(&cx, &first), ST_OK);
    assert_nothing_held(&cx);
    sweep_faults(run_files, &task);
    blob_free(&want);
}

static struct blob make_input(const struct format *format, uint32_t width, uint32_t height,
                              enum layout layout, bool interlace)
{
    struct picture pic = make_picture(width, height, layout);
    struct encode_options o = {.interlace = interlace, .quality = 80, .compression = 1};
    uint8_t *pixels = noise_pixels(&pic, 3);
    struct blob b = encode(format, &pic, &o, pixels);
    free(pixels);
    return b;
}

static const struct {
    const struct format *format;
    enum layout layout;
    bool interlace;
} inputs[] = {
    {&format_gif, LAYOUT_INDEX8, false}, {&format_gif, LAYOUT_INDEX8, true},
    {&format_png, LAYOUT_INDEX8, false}, {&format_png, LAYOUT_RGBA8, true},
    {&format_jpeg, LAYOUT_RGB8, false},  {&format_jpeg, LAYOUT_GRAY8, true},
    {&format_ppm, LAYOUT_RGB16, false},  {&format_pam, LAYOUT_GRAYA8, false},
};

static const struct format *const outputs[] = {&format_gif, &format_png, &format_jpeg, &format_pam};

/* Every format to every other, small, so that all stays in memory. */
static void test_formats(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof inputs / sizeof *inputs; i++) {
        struct blob in =
            make_input(inputs[i].format, 45, 31, inputs[i].layout, inputs[i].interlace);
        for (size_t o = 0; o < sizeof outputs / sizeof *outputs; o++) {
            struct job job = job_to(outputs[o]);
            job.encode.interlace = (i + o) % 2;
            job.encode.optimize = i % 3;
            sweep(&job, &in);
        }
        blob_free(&in);
    }
}

static void sweep_steps(const struct blob *in, const struct format *format, bool interlace)
{
    const struct op rotate = {.kind = OP_ROTATE, .degrees = 45},
                    turn = {.kind = OP_ROTATE, .degrees = 90}, flip = {.kind = OP_FLIP_VERTICAL},
                    crop = {.kind = OP_CROP, .crop = {20, 20, 5, 5}};
    const struct op ops[][2] = {{rotate, turn}, {turn, crop}, {crop, flip}};
    for (size_t i = 0; i < 3; i++) {
        struct job job = job_to(format);
        job.ops = ops[i];
        job.op_count = 2;
        job.expand = i == 0;
        job.encode.interlace = interlace;
        sweep(&job, in);
    }
}

static void test_steps(void **state)
{
    (void)state;
    struct blob gif = make_input(&format_gif, 45, 31, LAYOUT_INDEX8, false),
                png = make_input(&format_png, 45, 31, LAYOUT_RGB8, false);
    sweep_steps(&gif, &format_gif, false);
    sweep_steps(&png, &format_gif, true);
    sweep_steps(&png, &format_png, false);
    const struct op crop = {.kind = OP_CROP, .crop = {20, 20, 5, 5}};
    struct job job = job_to(&format_gif);
    job.ops = &crop;
    job.op_count = 1;
    job.skip_if_larger = true;
    job.encode.lossy = 20;
    job.encode.optimize = 2;
    sweep(&job, &gif);
    blob_free(&gif);
    blob_free(&png);
}

/* The steps that filter, on colors and on a palette that becomes some. */
static void test_filtered(void **state)
{
    (void)state;
    struct blob gif = make_input(&format_gif, 45, 31, LAYOUT_INDEX8, false),
                png = make_input(&format_png, 45, 31, LAYOUT_RGBA16, false);
    const struct op ops[] = {{.kind = OP_RESIZE, .resize = {.width = 20}},
                             {.kind = OP_ROTATE, .degrees = 45},
                             {.kind = OP_RESIZE, .resize = {.percent = 120}}};
    for (int k = 0; k < 2; k++) {
        struct job job = job_to(k == 0 ? &format_gif : &format_png);
        job.ops = ops;
        job.op_count = 3;
        job.resample = RESAMPLE_BICUBIC;
        sweep(&job, &gif);
        sweep(&job, &png);
    }
    blob_free(&gif);
    blob_free(&png);
}

static void test_fewer_colors(void **state)
{
    (void)state;
    struct blob gif = make_input(&format_gif, 45, 31, LAYOUT_INDEX8, false);
    struct job job = job_to(&format_gif);
    for (job.colors = 2; job.colors < 256; job.colors += 90)
        sweep(&job, &gif);
    job = job_to(&format_gif);
    job.may_keep = true;
    sweep(&job, &gif);
    blob_free(&gif);
}

/* Large enough for temporary files, which fail too. */
static void test_temporary_files(void **state)
{
    (void)state;
    struct blob gif = make_input(&format_gif, 700, 400, LAYOUT_INDEX8, true),
                ppm = make_input(&format_ppm, 330, 300, LAYOUT_RGB8, false);
    const struct op rotate = {.kind = OP_ROTATE, .degrees = 33};
    struct job job = job_to(&format_gif);
    job.encode.interlace = true;
    sweep(&job, &gif);
    job = job_to(&format_pam);
    job.ops = &rotate;
    job.op_count = 1;
    sweep(&job, &ppm);
    blob_free(&gif);
    blob_free(&ppm);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_formats),         cmocka_unit_test(test_steps),
        cmocka_unit_test(test_filtered),        cmocka_unit_test(test_fewer_colors),
        cmocka_unit_test(test_temporary_files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
