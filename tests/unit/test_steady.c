/* SPDX-License-Identifier: MIT */
/* Pixels that keep their color: never further from it than the limit, and none drawn for less. */
#include "movie_job.h"

#include <math.h>

#include "color/oklab.h"

/* Pictures of colors that drift, each by little. */
static struct blob drift(enum layout layout, unsigned picture)
{
    struct picture pic = {16, 16, layout, {0}};
    struct encode_options options = {.compression = 1};
    const struct layout_info *info = layout_info(layout);
    uint8_t *pixels = make_bytes(picture_size(&pic));
    uint64_t seed = 5;
    for (size_t i = 0; i < 256; i++)
        for (unsigned c = 0; c < info->channels; c++) {
            unsigned step = noise(&seed) % 4;
            uint8_t value = (uint8_t)(noise(&seed) % 100 + 20 + step * picture);
            uint16_t wide = (uint16_t)(value * 256 + picture);
            if (info->alpha && c + 1 == info->channels)
                value = (uint8_t)(i % 16 == picture % 16 ? 0 : 255);
            if (info->bits == 16)
                memcpy(pixels + i * info->bytes + 2 * c, &wide, 2);
            else
                pixels[i * info->bytes + c] = value;
        }
    struct blob b = encode(&format_png, &pic, &options, pixels);
    free(pixels);
    return b;
}

static double distance(const struct rgba8 *a, const struct rgba8 *b)
{
    uint32_t squared =
        oklab_distance(oklab_from_rgb(a->r, a->g, a->b), oklab_from_rgb(b->r, b->g, b->b));
    return sqrt(squared) * 100 / OKLAB_ONE;
}

static struct shown join_shown(const struct job *job, const struct blob *in, size_t count)
{
    struct blob out = join_movie(job, in, count);
    struct shown s = play(&out);
    blob_free(&out);
    return s;
}

#define PICTURES 20u

static void test_bounded(void **state)
{
    (void)state;
    static const enum layout layouts[][2] = {/* of the first ones, and of the others */
                                             {LAYOUT_RGB8, LAYOUT_RGB8},
                                             {LAYOUT_RGBA8, LAYOUT_RGBA8},
                                             {LAYOUT_RGB16, LAYOUT_RGB16},
                                             {LAYOUT_RGB8, LAYOUT_RGB16}};
    static const double limits[] = {0.5, 2, 7};
    for (unsigned k = 0; k < 12; k++) {
        struct blob in[PICTURES];
        for (unsigned i = 0; i < PICTURES; i++)
            in[i] = drift(layouts[k / 3][i >= 4], i);
        struct job job = job_to(&format_apng);
        struct shown exact = join_shown(&job, in, PICTURES);
        job.max_change = limits[k % 3];
        struct shown got = join_shown(&job, in, PICTURES);
        size_t kept = 0, n = shown_size(&got);
        double slack = layouts[k / 3][1] == LAYOUT_RGB16 ? 0.6 : 1e-4; /* seen as 8 bits */
        assert_int_equal(got.count, PICTURES);
        for (size_t i = 0; i < PICTURES * n; i++) {
            const struct rgba8 *a = &got.pixels[i], *b = &exact.pixels[i];
            assert_int_equal(a->a, b->a);
            double is = distance(a, b);
            assert_true(is <= job.max_change + slack);
            kept += memcmp(a, b, 4) != 0;
            /* what is drawn was too far from what was there */
            if (i >= n && memcmp(a, a - n, 4) != 0 && a->a == 255 && (a - n)->a == 255)
                assert_true(distance(a - n, b) > job.max_change - slack);
        }
        assert_true(kept > (limits[k % 3] < 1 ? 0 : PICTURES * n / 4));
        shown_free(&exact);
        shown_free(&got);
        for (unsigned i = 0; i < PICTURES; i++)
            blob_free(&in[i]);
    }
}

/* Pictures of 16 bits keep them, those that come behind others of 8 bits too. */
static void test_depth(void **state)
{
    (void)state;
    for (unsigned narrow = 0; narrow < 3; narrow++) {
        struct blob in[3];
        struct job job = job_to(&format_apng);
        for (unsigned i = 0; i < 3; i++)
            in[i] = drift(i < narrow ? LAYOUT_RGB8 : LAYOUT_RGB16, 5 * i);
        job.max_change = 2;
        struct blob out = join_movie(&job, in, 3);
        assert_int_equal(out.data[24], 16); /* of IHDR */
        blob_free(&out);
        for (unsigned i = 0; i < 3; i++)
            blob_free(&in[i]);
    }
}

/* In a GIF as well, where frames are otherwise left what they are; 0 changes nothing. */
static void test_gif(void **state)
{
    (void)state;
    struct blob in = make_movie(&recipes[3]);
    struct shown before = play(&in);
    struct job job = job_to(&format_gif);
    job.max_change = 1e-3;
    check(&job, &in, &before);
    job.max_change = 100;
    struct blob out = convert_movie(&job, &in, FROM_PIPE, NULL);
    struct shown got = play(&out);
    assert_int_equal(got.count, before.count);
    for (size_t i = 0; i < got.count; i++) /* nothing is that far from the first picture */
        assert_memory_equal(got.pixels + i * 81, before.pixels, 81 * 4);
    shown_free(&got);
    blob_free(&out);
    job.max_change = 3;
    job.dither = DITHER_BLUE;
    job.dither_strength = 0.7;
    job.colors = 3;
    sweep_faults(run_faulty, &job);
    job.format = &format_apng;
    sweep_faults(run_faulty, &job);
    shown_free(&before);
    blob_free(&in);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_bounded), cmocka_unit_test(test_depth),
                                       cmocka_unit_test(test_gif)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
