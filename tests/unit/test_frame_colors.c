/* SPDX-License-Identifier: MIT */
/* Frames of 256 colors and pixels that are transparent: an entry too few. */
#include "movie_job.h"

#define SIDE 32u
#define PIXELS (SIDE * SIDE)
#define CLEAR 100u /* so many pixels at the end */

/* Colors that are far from each other, but for the last two. */
static struct rgba8 color_of(uint32_t number)
{
    if (number == 255)
        return (struct rgba8){101, 0, 240, 255};
    return (struct rgba8){(uint8_t)(number % 6 * 50), (uint8_t)(number / 6 % 7 * 42),
                          (uint8_t)(number / 42 * 40), 255};
}

/* Each color is somewhere; from picture to picture all pixels move on. */
static void draw(struct rgba8 *out, uint32_t moved)
{
    for (uint32_t i = 0; i < PIXELS; i++)
        out[i] = i < PIXELS - CLEAR ? color_of((i + moved) % 256) : (struct rgba8){0, 0, 0, 0};
}

static struct blob picture(struct rgba8 *pixels)
{
    struct picture pic = {SIDE, SIDE, LAYOUT_RGBA8, {0}};
    struct encode_options options = {.compression = 1};
    return encode(&format_png, &pic, &options, (uint8_t *)pixels);
}

/* The two that are most alike become one in every frame, all others are exact. */
static void test_one_too_many(void **state)
{
    (void)state;
    enum { COUNT = 3 };
    struct rgba8 pixels[COUNT][PIXELS];
    struct blob in[COUNT];
    struct job job = job_to(&format_gif);
    for (uint32_t i = 0; i < COUNT; i++) {
        draw(pixels[i], 5 * i);
        in[i] = picture(pixels[i]);
    }
    struct blob out = join_movie(&job, in, COUNT);
    struct shown got = play(&out);
    assert_int_equal(got.count, COUNT);
    size_t changed = 0;
    for (size_t i = 0; i < COUNT; i++)
        for (size_t k = 0; k < PIXELS; k++) {
            const struct rgba8 *p = &got.pixels[i * PIXELS + k], *wanted = &pixels[i][k];
            if (memcmp(p, wanted, sizeof *p) == 0)
                continue;
            assert_int_equal(wanted->a, 255);
            struct rgba8 one = color_of(254), other = color_of(255);
            assert_true(memcmp(wanted, &one, sizeof one) == 0 ||
                        memcmp(wanted, &other, sizeof other) == 0);
            assert_true(memcmp(p, &one, sizeof one) == 0 || memcmp(p, &other, sizeof other) == 0);
            changed++;
        }
    assert_in_range(changed, 1, COUNT * (PIXELS / 256));
    struct joined all = {job, in, COUNT, NULL};
    sweep_faults(run_join, &all);
    shown_free(&got);
    blob_free(&out);
    for (size_t i = 0; i < COUNT; i++)
        blob_free(&in[i]);
}

/* Where a frame's 256 colors are all that there are, what stays is put as well, and is exact. */
static void test_enough(void **state)
{
    (void)state;
    struct rgba8 pixels[2][PIXELS];
    struct blob in[2];
    struct job job = job_to(&format_gif);
    for (uint32_t i = 0; i < 2; i++) {
        for (uint32_t k = 0; k < PIXELS; k++)
            pixels[i][k] = color_of((k < PIXELS / 2 ? k + 3 * i : k) % 256);
        in[i] = picture(pixels[i]);
    }
    struct blob out = join_movie(&job, in, 2);
    struct shown got = play(&out);
    assert_int_equal(got.count, 2);
    assert_memory_equal(got.pixels, pixels, sizeof pixels);
    shown_free(&got);
    blob_free(&out);
    blob_free(&in[0]);
    blob_free(&in[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_one_too_many),
                                       cmocka_unit_test(test_enough)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
