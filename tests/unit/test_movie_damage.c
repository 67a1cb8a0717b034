/* SPDX-License-Identifier: MIT */
/* Moving pictures that end early, and everything that can fail on the way. */
#include "movie_job.h"

/* Truncated in the middle of a frame: those before it are whole. */
static void test_truncated(void **state)
{
    (void)state;
    struct blob in = make_movie(&recipes[3]);
    struct shown whole = play(&in);
    const struct op angle = {.kind = OP_ROTATE, .degrees = 45},
                    small = {.kind = OP_RESIZE, .resize = {.percent = 50}};
    const struct {
        unsigned level;
        const struct op *op;
        const struct format *format;
    } ways[] = {{0, NULL, &format_gif},   {1, NULL, &format_gif},   {2, NULL, &format_gif},
                {1, &angle, &format_gif}, {1, &small, &format_gif}, {1, &angle, &format_apng}};
    const size_t bytes = in.bytes;
    size_t written = 0;
    for (size_t k = 0; k < sizeof ways / sizeof *ways; k++) {
        struct job job = job_to(ways[k].format);
        job.ops = ways[k].op;
        job.op_count = job.ops != NULL;
        job.encode.optimize = ways[k].level;
        in.bytes = bytes * 2 / 3;
        assert_refuses(&job, &in, &(struct setting){.from = FROM_FILE}, ST_DAMAGED, "frame ");
        struct result r = run_set(&job, &in, &(struct setting){.from = FROM_PIPE, .lenient = true});
        assert_int_equal(r.st, ST_DAMAGED);
        assert_non_null(strstr(r.text, "frames before it are written"));
        struct shown got = play(&r.file);
        assert_true(got.count > 2 && got.count < whole.count);
        if (k == 0)
            written = got.count;
        assert_int_equal(got.count, written);
        for (size_t i = 0; job.ops == NULL && i < got.count * shown_size(&got); i++)
            assert_memory_equal(&got.pixels[i], &whole.pixels[i], 4);
        shown_free(&got);
        result_free(&r);
        in.bytes = 50; /* within the first frame: nothing is written */
        assert_refuses(&job, &in, &(struct setting){.from = FROM_FILE, .lenient = true}, ST_DAMAGED,
                       "frame 1");
    }
    shown_free(&whole);
    blob_free(&in);
}

/*
 * Truncated anywhere, also where only the end of a frame's data is not there: no file is damaged.
 */
static void test_cut_anywhere(void **state)
{
    (void)state;
    const struct movie_recipe recipe = {9, 7, 4, 4, true, false, false, 8};
    struct blob in = make_movie(&recipe);
    struct shown whole = play(&in);
    size_t some = 0;
    while (--in.bytes > 20)
        for (unsigned level = 0; level < 2; level++) {
            struct job job = job_to(&format_gif);
            job.encode.optimize = level;
            struct result r =
                run_set(&job, &in, &(struct setting){.from = FROM_FILE, .lenient = true});
            assert_int_equal(r.st, ST_DAMAGED);
            if (r.file.bytes != 0) {
                struct shown got = play(&r.file);
                assert_true(got.count <= whole.count);
                size_t size = got.count * shown_size(&got) * sizeof *got.pixels;
                if (got.count > 1) /* of a still, pixels that came are written */
                    assert_memory_equal(got.pixels, whole.pixels, size);
                some += got.count > 1;
                shown_free(&got);
            }
            result_free(&r);
        }
    assert_true(some > 50);
    shown_free(&whole);
    blob_free(&in);
}

/* A pipe whose frames cannot be kept: a still is written as ever, frames are never dropped. */
static void test_no_temporary_space(void **state)
{
    (void)state;
    struct blob in = make_movie(&recipes[3]);
    struct job job = job_to(&format_gif);
    const struct setting set = {.from = FROM_PIPE, .no_temp = true};
    job.encode.optimize = 0;
    assert_refuses(&job, &in, &set, ST_LIMIT, "temporary space");
    job.format = &format_png;
    struct result r = run_set(&job, &in, &set);
    assert_int_equal(r.st, ST_OK);
    assert_true(r.outcome.frames_left_out);
    result_free(&r);
    blob_free(&in);
}

static void test_faults(void **state)
{
    (void)state;
    const struct op ops[][2] = {
        {{.kind = OP_ROTATE, .degrees = 90}, {.kind = OP_CROP, .crop = {4, 4, 2, 2}}},
        {{.kind = OP_ROTATE, .degrees = 30}, {.kind = OP_FLIP_VERTICAL}},
        {{.kind = OP_RESIZE, .resize = {.percent = 50}}}};
    struct job job = job_to(&format_gif);
    sweep_faults(run_faulty, &job);
    job.may_keep = true;
    sweep_faults(run_faulty, &job);
    job.may_keep = false;
    job.encode.interlace = true;
    for (int k = 0; k < 3; k++) {
        job.ops = ops[k];
        job.op_count = k == 2 ? 1 : 2;
        sweep_faults(run_faulty, &job);
    }
    job.ranges = (const struct frame_range[]){{-1, 0}};
    job.range_count = 1;
    sweep_faults(run_faulty, &job);
}

/* 256 colors leave no entry for the corners of a turn, so that they become true color before it. */
static void test_faults_of_full_palettes(void **state)
{
    (void)state;
    const struct op angle = {.kind = OP_ROTATE, .degrees = 30};
    const struct encode_options options = {.compression = 1};
    struct picture pic = {16, 16, LAYOUT_GRAY8, {0}};
    struct blob ramp[2];
    for (unsigned k = 0; k < 2; k++) {
        uint8_t pixels[256];
        for (unsigned i = 0; i < 256; i++)
            pixels[i] = (uint8_t)(k == 0 ? i : 255 - i);
        ramp[k] = encode(&format_png, &pic, &options, pixels);
    }
    struct job join = job_to(&format_gif);
    struct blob in = join_movie(&join, ramp, 2);
    struct file_job turned = {join, &in};
    turned.job.ops = &angle;
    turned.job.op_count = 1;
    sweep_faults(run_file, &turned);
    blob_free(&in);
    blob_free(&ramp[0]);
    blob_free(&ramp[1]);
}

/* A file that somebody writes to while it is read: from the first row on it is another one. */
struct rewritten {
    int fd;
    const struct blob *later;
    bool done;
};

static void rewrite(void *user, uint64_t done, uint64_t total)
{
    struct rewritten *r = user;
    (void)done, (void)total;
    if (r->done)
        return;
    r->done = true;
    assert_int_equal(ftruncate(r->fd, 0), 0);
    assert_int_equal(pwrite(r->fd, r->later->data, r->later->bytes, 0), r->later->bytes);
}

static void check_rewritten(const struct blob *first, const struct blob *later, const char *text)
{
    struct job job = job_to(&format_gif);
    struct rewritten file = {temp_fd(first->data, first->bytes), later, false};
    struct context cx;
    struct source *src;
    struct sink *sink;
    struct outcome outcome;
    job.ranges = (const struct frame_range[]){{-1, 0}};
    job.range_count = 1;
    context_init(&cx);
    cx.on_progress = rewrite;
    cx.user = &file;
    assert_int_equal(source_open_fd(&cx, file.fd, &src), ST_OK);
    assert_int_equal(sink_open_memory(&cx, &sink), ST_OK);
    assert_int_equal(job_run(&cx, &job, src, sink, &outcome), ST_IO);
    assert_non_null(strstr(cx.text, text));
    sink_close(sink);
    source_close(src);
    close(file.fd);
    assert_nothing_held(&cx);
}

/* A list that goes backwards counts the frames before it makes room for them. */
static void test_rewritten(void **state)
{
    (void)state;
    struct movie_recipe recipe = {90, 70, 6, 256, true, false, false, 9};
    struct blob few = make_movie(&recipe);
    recipe.frames = 60;
    struct blob many = make_movie(&recipe);
    check_rewritten(&few, &many, "the file has become longer");
    check_rewritten(&many, &few, "the file has become shorter");
    blob_free(&few);
    blob_free(&many);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_truncated),
        cmocka_unit_test(test_cut_anywhere),
        cmocka_unit_test(test_no_temporary_space),
        cmocka_unit_test(test_faults),
        cmocka_unit_test(test_faults_of_full_palettes),
        cmocka_unit_test(test_rewritten),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
