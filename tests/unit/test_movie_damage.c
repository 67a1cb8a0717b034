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
    in.bytes = in.bytes * 2 / 3;
    for (int k = 0; k < 4; k++) {
        struct job job = job_to(&format_gif);
        job.ops = k == 3 ? &small : &angle;
        job.op_count = k >= 2;
        job.encode.optimize = k == 0 ? 0 : 1;
        assert_refuses(&job, &in, &(struct setting){.from = FROM_FILE}, ST_DAMAGED, "frame ");
        struct result r = run_set(&job, &in, &(struct setting){.from = FROM_PIPE, .lenient = true});
        assert_int_equal(r.st, ST_DAMAGED);
        assert_non_null(strstr(r.text, "frames before it are written"));
        struct shown got = play(&r.file);
        assert_true(got.count > 2 && got.count < whole.count);
        for (size_t i = 0; k < 2 && i < got.count * shown_size(&got); i++)
            assert_memory_equal(&got.pixels[i], &whole.pixels[i], 4);
        shown_free(&got);
        result_free(&r);
    }
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_truncated),
        cmocka_unit_test(test_no_temporary_space),
        cmocka_unit_test(test_faults),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
