/* SPDX-License-Identifier: MIT */
/* Frames picked, doubled and turned round, equal ones merged; many inputs as frames of one file. */
#include "movie_job.h"

/* Frames picked, doubled and turned round: each is the picture that it was. */
static void test_list(void **state)
{
    (void)state;
    static const struct frame_range lists[][3] = {
        {{-1, 0}, {2, 2}, {0, 3}}, {{0, 1}, {1, 1}, {3, -1}}, {{4, 4}, {4, 3}, {0, 0}}};
    for (size_t i = 0; i < RECIPES * 3; i++) {
        const struct frame_range *list = lists[i % 3];
        struct blob in = make_movie(&recipes[i / 3]);
        struct shown all = play(&in);
        struct shown want = {all.width, all.height, 0, all.loop, NULL, NULL};
        want.pixels = malloc(3 * all.count * shown_size(&all) * sizeof *want.pixels);
        want.delay = malloc(3 * all.count * sizeof *want.delay);
        assert_true(want.pixels != NULL && want.delay != NULL);
        for (int k = 0; k < 3; k++) {
            int64_t n = (int64_t)all.count, from = (list[k].first + n) % n,
                    to = (list[k].last + n) % n;
            for (int64_t at = from;; at += from <= to ? 1 : -1) {
                memcpy(want.pixels + want.count * shown_size(&all),
                       all.pixels + (size_t)at * shown_size(&all),
                       shown_size(&all) * sizeof *want.pixels);
                want.delay[want.count++] = all.delay[at];
                if (at == to)
                    break;
            }
        }
        struct job job = job_to(&format_gif);
        job.ranges = list;
        job.range_count = 3;
        check(&job, &in, &want);
        shown_free(&all);
        shown_free(&want);
        blob_free(&in);
    }
}

/* Equal pictures in a row become one that lasts as long. */
static void test_merged(void **state)
{
    (void)state;
    static const struct frame_range list[] = {{0, 0}, {0, 1}, {1, 1}, {2, 2}};
    struct blob in = make_movie(&recipes[3]);
    struct shown all = play(&in);
    struct job job = job_to(&format_gif);
    struct outcome outcome;
    job.ranges = list;
    job.range_count = 4;
    job.merge_duplicates = true;
    struct blob out = convert_movie(&job, &in, FROM_MEMORY, &outcome);
    struct shown got = play(&out);
    assert_int_equal(outcome.frames_merged, 2);
    assert_int_equal(got.count, 3);
    assert_memory_equal(got.pixels, all.pixels, 3 * shown_size(&all) * sizeof *all.pixels);
    assert_int_equal(got.delay[0], 2 * all.delay[0]);
    assert_int_equal(got.delay[1], 2 * all.delay[1]);
    assert_int_equal(got.delay[2], all.delay[2]);
    shown_free(&all);
    shown_free(&got);
    blob_free(&in);
    blob_free(&out);
}

/* A still, a moving picture and a stream of three: each picture is a frame. */
static void test_joined(void **state)
{
    (void)state;
    static const struct movie_recipe recipe = {9, 7, 3, 16, false, true, false, 4};
    struct encode_options options = {.compression = 1};
    struct picture rgba = make_picture(9, 7, LAYOUT_RGBA8), rgb = make_picture(9, 7, LAYOUT_RGB8);
    uint8_t *still = make_noise(&rgba, 1), *stream[3];
    for (size_t i = 0; i < 63; i++)
        still[4 * i + 3] = still[4 * i + 3] < 128 ? 0 : 255;
    struct blob in[3] = {encode(&format_png, &rgba, &options, still), make_movie(&recipe),
                         blob_of("", 0)};
    for (int i = 0; i < 3; i++) {
        stream[i] = make_noise(&rgb, (uint64_t)i + 7);
        struct blob b = encode(&format_ppm, &rgb, &options, stream[i]);
        blob_add(&in[2], b.data, b.bytes);
        blob_free(&b);
    }
    struct joined j = {job_to(&format_gif), in, 3, NULL};
    struct blob out = join_movie(&j.job, in, 3);
    struct shown got = play(&out), moving = play(&in[1]);
    assert_int_equal(got.count, 7);
    assert_int_equal(got.loop, LOOP_FOREVER);
    for (size_t i = 0; i < 63; i++) {
        if (still[4 * i + 3] == 0)
            memset(still + 4 * i, 0, 4);
        assert_memory_equal(&got.pixels[i], still + 4 * i, 4);
        for (size_t k = 0; k < 3; k++) {
            assert_memory_equal(&got.pixels[63 * (k + 1) + i], &moving.pixels[63 * k + i], 4);
            assert_memory_equal(&got.pixels[63 * (k + 4) + i], stream[k] + 3 * i, 3);
        }
    }
    assert_int_equal(got.delay[0], 10);
    assert_int_equal(got.delay[2], moving.delay[1]);
    assert_true(sweep_kind(FAULT_ALLOC, ST_NOMEM, run_join, &j) > 10);
    j.job.colors = 8;
    assert_true(sweep_kind(FAULT_ALLOC, ST_NOMEM, run_join, &j) > 10);
    for (int i = 0; i < 3; i++) {
        blob_free(&in[i]);
        free(stream[i]);
    }
    free(still);
    shown_free(&got);
    shown_free(&moving);
    blob_free(&out);
}

/* Two pictures that together have nearly as many colors as a canvas of 16 bits can name. */
static void test_many_colors(void **state)
{
    (void)state;
    struct picture pic = {250, 160, LAYOUT_RGB8, {0}};
    struct encode_options options = {.compression = 1};
    uint8_t *pixels = make_bytes(picture_size(&pic));
    struct blob in[2], out;
    for (uint32_t k = 0; k < 2; k++) {
        for (uint32_t i = 0; i < 40000; i++) {
            uint32_t color = (i < 25400 ? i + 40000 * k : i) * 64;
            memcpy(pixels + 3 * (size_t)i,
                   (uint8_t[]){color >> 16 & 255, color >> 8 & 255, color & 255}, 3);
        }
        in[k] = encode(&format_ppm, &pic, &options, pixels);
    }
    struct job job = job_to(&format_gif);
    out = join_movie(&job, in, 2);
    struct shown got = play(&out);
    assert_int_equal(got.count, 2);
    /* what does not change is as it was, whatever it was */
    assert_memory_equal(got.pixels + 25400, got.pixels + 40000 + 25400, 14600 * 4);
    shown_free(&got);
    blob_free(&out);
    blob_free(&in[0]);
    blob_free(&in[1]);
    free(pixels);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_list),
        cmocka_unit_test(test_merged),
        cmocka_unit_test(test_joined),
        cmocka_unit_test(test_many_colors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
