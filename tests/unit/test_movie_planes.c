/* SPDX-License-Identifier: MIT */
/* Canvases in files: the same bytes as in memory, every fault, and memory that knows no height. */
#include "movie_job.h"

static const struct op turn = {.kind = OP_ROTATE, .degrees = 30},
                       smaller = {.kind = OP_RESIZE, .resize = {.percent = 60}},
                       crop = {.kind = OP_CROP, .crop = {7, 8, 1, 1}};
static const struct frame_range back[] = {{-1, 0}, {1, 2}};

/* What is done with moving pictures, each with canvases of its own. */
static const struct way {
    bool colors; /* to APNG */
    unsigned level;
    const struct op *op;
    bool lists, steady, merges;
    unsigned most_colors; /* 0: 256 */
} ways[] = {
    {.level = 0},
    {.level = 1},
    {.level = 2},
    {.level = 1, .op = &crop},
    {.level = 1, .op = &turn},
    {.level = 2, .op = &turn, .merges = true},
    {.level = 1, .op = &smaller},
    {.level = 1, .lists = true},
    {.level = 1, .steady = true},
    {.level = 1, .most_colors = 5},
    {.colors = true, .level = 1},
    {.colors = true, .level = 1, .op = &turn, .steady = true},
    {.colors = true, .level = 2, .op = &smaller},
};
#define WAYS (sizeof ways / sizeof *ways)

static struct job job_of(const struct way *w)
{
    struct job job = job_to(w->colors ? &format_apng : &format_gif);
    job.encode.optimize = w->level;
    job.ops = w->op;
    job.op_count = w->op != NULL;
    job.ranges = back;
    job.range_count = w->lists ? 2 : 0;
    job.max_change = w->steady ? 2 : 0;
    job.merge_duplicates = w->merges;
    job.colors = w->most_colors != 0 ? w->most_colors : 256;
    return job;
}

static void test_same_bytes(void **state)
{
    (void)state;
    for (size_t i = 0; i < RECIPES; i++)
        for (size_t k = 0; k < WAYS; k++) {
            if (recipes[i].width < 9 && ways[k].op == &crop)
                continue;
            struct blob in = make_movie(&recipes[i]);
            struct job job = job_of(&ways[k]);
            struct result memory = run_well(&job, &in);
            struct result file = run_set(&job, &in, &(struct setting){.in_files = true});
            assert_int_equal(file.st, ST_OK);
            assert_int_equal(memory.file.bytes, file.file.bytes);
            assert_memory_equal(memory.file.data, file.file.data, file.file.bytes);
            result_free(&memory);
            result_free(&file);
            blob_free(&in);
        }
}

/*
 * With too little room for files planes stay in memory: nothing is refused that would not be
 * anyway.
 */
static void test_little_room(void **state)
{
    (void)state;
    struct blob in = make_movie(&recipes[0]);
    for (size_t k = 0; k < WAYS; k++) {
        struct job job = job_of(&ways[k]);
        struct result want = run_set(&job, &in, &(struct setting){.no_temp = true});
        struct result none =
            run_set(&job, &in, &(struct setting){.no_temp = true, .in_files = true});
        assert_int_equal(none.st, want.st);
        assert_int_equal(none.file.bytes, want.file.bytes);
        for (uint64_t limit = 100; limit < 20000; limit *= 3) {
            const struct setting some = {.temp_limit = limit, .in_files = true};
            struct result got = run_set(&job, &in, &some);
            assert_int_equal(got.st, want.st);
            assert_int_equal(got.file.bytes, want.file.bytes);
            if (got.st == ST_OK)
                assert_memory_equal(got.file.data, want.file.data, got.file.bytes);
            result_free(&got);
        }
        result_free(&none);
        result_free(&want);
    }
    blob_free(&in);
}

static enum status run_in_files(struct context *cx, void *user)
{
    cx->limits.plane_memory = 0;
    return run_faulty(cx, user);
}

static void test_faults(void **state)
{
    (void)state;
    for (size_t k = 0; k < WAYS; k++) {
        struct job job = job_of(&ways[k]);
        sweep_faults(run_in_files, &job);
    }
}

/* What tables grow by that depend on what comes. */
#define MORE (128u << 10)

/* Four times the rows take the same memory. */
static void test_height(void **state)
{
    (void)state;
    static const struct movie_recipe low = {300, 600, 3, 200, true, true, false, 3},
                                     high = {300, 2400, 3, 200, true, true, false, 3};
    struct blob small = make_movie(&low), large = make_movie(&high);
    for (size_t k = 0; k < WAYS; k++) {
        if (ways[k].op == &crop)
            continue;
        struct job job = job_of(&ways[k]);
        size_t peak = peak_of(&job, &small, true), four = peak_of(&job, &large, true);
        if (four > peak + MORE)
            print_error("way %zu: %zu bytes, %zu\n", k, peak, four);
        assert_true(four <= peak + MORE);
    }
    blob_free(&small);
    blob_free(&large);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_bytes), cmocka_unit_test(test_little_room),
        cmocka_unit_test(test_faults), cmocka_unit_test(test_height)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
