/* SPDX-License-Identifier: MIT */
/* Moving pictures whose values are not sRGB become that where their meaning cannot go along. */
#include "color_library.h"
#include "movie_job.h"
#include "png_file.h"

enum { WIDTH = 19, HEIGHT = 13, STILLS = 2 }; /* fewer pixels than a palette has entries */

static const enum layout layouts[] = {LAYOUT_RGB8, LAYOUT_GRAY8, LAYOUT_RGB16, LAYOUT_RGBA8};
#define LAYOUTS (sizeof layouts / sizeof *layouts)

/* A PNG that says that its values are linear light. */
static struct blob linear(const struct blob *png)
{
    uint8_t gamma[4];
    struct blob b = blob_of(png->data, 33); /* signature and IHDR */
    put32(gamma, 100000);
    add_chunk(&b, "gAMA", gamma, sizeof gamma);
    blob_add(&b, png->data + 33, png->bytes - 33);
    return b;
}

static bool has_gamma(const struct blob *b)
{
    return memmem(b->data, b->bytes, "gAMA", 4) != NULL;
}

static struct blob still(enum layout layout, uint64_t seed)
{
    const struct encode_options options = {.compression = 1};
    struct picture pic = make_picture(WIDTH, HEIGHT, layout);
    const struct layout_info *info = layout_info(layout);
    uint8_t *pixels = make_noise(&pic, seed);
    for (size_t k = 0; info->alpha && k < picture_size(&pic); k++)
        if (k % info->bytes == info->bytes - 1u)
            pixels[k] = pixels[k] < 100 ? 0 : 255;
    struct blob b = encode(&format_png, &pic, &options, pixels);
    free(pixels);
    return b;
}

/* What is seen of a linear still, by a run of stills. */
static struct shown converted(const struct blob *png)
{
    struct job job = job_to(&format_png);
    struct blob in = linear(png);
    job.strip[METADATA_ICC] = true;
    struct result r = run_well(&job, &in);
    struct shown s = play(&r.file);
    result_free(&r);
    blob_free(&in);
    return s;
}

/* Picture i of what moves, or its only one, is that of the still. */
static void assert_picture(const struct blob *moving, unsigned i, const struct shown *want)
{
    struct shown got = play(moving);
    size_t size = shown_size(want);
    assert_int_equal(got.count, i < got.count ? got.count : 1);
    size_t at = got.count == 1 ? 0 : i;
    assert_memory_equal(got.pixels + at * size, want->pixels, size * sizeof *want->pixels);
    shown_free(&got);
}

/* Stills of one layout, the APNG of them that says it is linear, and what is to be seen. */
struct reel_of {
    struct blob still[STILLS], moving;
    struct shown plain[STILLS], want[STILLS];
};

static struct reel_of make_reel(enum layout layout)
{
    struct reel_of r;
    struct job job = job_to(&format_apng);
    for (unsigned i = 0; i < STILLS; i++) {
        r.still[i] = still(layout, i + 3);
        r.plain[i] = play(&r.still[i]);
        r.want[i] = converted(&r.still[i]);
    }
    struct blob apng = join_movie(&job, r.still, STILLS);
    r.moving = linear(&apng);
    blob_free(&apng);
    return r;
}

static void free_reel(struct reel_of *r)
{
    for (unsigned i = 0; i < STILLS; i++) {
        blob_free(&r->still[i]);
        shown_free(&r->plain[i]);
        shown_free(&r->want[i]);
    }
    blob_free(&r->moving);
}

/* To a format that cannot tell, and where it is left out. */
static void test_converted(void **state)
{
    (void)state;
    static const struct format *const formats[] = {&format_gif, &format_apng};
    if (!have_library())
        skip();
    for (size_t l = 0; l < LAYOUTS; l++) {
        struct reel_of r = make_reel(layouts[l]);
        assert_true(memcmp(r.plain[0].pixels, r.want[0].pixels,
                           shown_size(r.want) * sizeof *r.want[0].pixels) != 0);
        for (int f = 0; f < 2; f++) {
            struct job job = job_to(formats[f]);
            job.strip[METADATA_ICC] = f == 1;
            struct blob out = convert_movie(&job, &r.moving, FROM_MEMORY, NULL);
            assert_false(has_gamma(&out));
            for (unsigned i = 0; i < STILLS; i++)
                assert_picture(&out, i, &r.want[i]);
            blob_free(&out);
        }
        for (unsigned i = 0; i < STILLS; i++) {
            const struct frame_range only = {i, i};
            struct job job = job_to(&format_pam);
            job.ranges = &only;
            job.range_count = 1;
            struct result one = run_well(&job, &r.moving);
            assert_picture(&one.file, i, &r.want[i]);
            result_free(&one);
        }
        free_reel(&r);
    }
}

/* Where it can go along, or nobody wants it: the values stay. */
static void test_kept(void **state)
{
    (void)state;
    for (int way = 0; way < 3; way++) {
        struct reel_of r = make_reel(LAYOUT_RGB8);
        struct job job = job_to(way == 1 ? &format_gif : &format_apng);
        job.keep_icc = way > 0;
        job.strip[METADATA_ICC] = way == 2;
        struct blob out = convert_movie(&job, &r.moving, FROM_MEMORY, NULL);
        assert_int_equal(has_gamma(&out), way == 0);
        for (unsigned i = 0; i < STILLS; i++)
            assert_picture(&out, i, &r.plain[i]);
        blob_free(&out);
        free_reel(&r);
    }
}

/* Each of joined inputs may mean something else, so that all become sRGB. */
static void test_joined(void **state)
{
    (void)state;
    static const struct format *const formats[] = {&format_gif, &format_apng};
    if (!have_library())
        skip();
    for (int f = 0; f < 2; f++)
        for (int moving = 0; moving < 2; moving++) {
            struct reel_of r = make_reel(LAYOUT_RGB8);
            struct blob in[STILLS] = {linear(&r.still[0]), r.still[1]};
            struct job job = job_to(formats[f]);
            if (moving) {
                blob_free(&in[0]);
                in[0] = r.moving;
            }
            struct blob out = join_movie(&job, in, STILLS);
            assert_false(has_gamma(&out));
            assert_picture(&out, 0, &r.want[0]);
            if (moving)
                assert_picture(&out, 1, &r.want[1]);
            assert_picture(&out, 1u + (unsigned)moving, &r.plain[1]);
            blob_free(&out);
            if (!moving)
                blob_free(&in[0]);
            free_reel(&r);
        }
}

static void test_faults(void **state)
{
    (void)state;
    if (!have_library())
        skip();
    struct reel_of r = make_reel(LAYOUT_RGB16);
    struct file_job to_gif = {job_to(&format_gif), &r.moving};
    struct file_job stripped = {job_to(&format_apng), &r.moving};
    stripped.job.strip[METADATA_ICC] = true;
    sweep_faults(run_file, &to_gif);
    sweep_faults(run_file, &stripped);
    free_reel(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_converted),
        cmocka_unit_test(test_kept),
        cmocka_unit_test(test_joined),
        cmocka_unit_test(test_faults),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
