/* SPDX-License-Identifier: MIT */
/* Runs of pixels of every size and many lengths, beside the same done byte by byte. */
#include "support.h"

#include <string.h>

#include "raster/pixels.h"

#define MOST 40 /* pixels */
#define STEP 8
#define ROOM (MOST * STEP * 8)

static const unsigned sizes[] = {1, 2, 3, 4, 6, 8};

static void fill_noise(uint8_t *p, size_t n)
{
    uint32_t seed = 12345;
    for (size_t i = 0; i < n; i++)
        p[i] = (uint8_t)((seed = seed * 1664525 + 1013904223) >> 24);
}

/* want[to + i * to_step] = from[first + i * from_step] in pixels */
static void model(uint8_t *want, size_t to_step, const uint8_t *from, size_t first,
                  size_t from_step, size_t count, size_t bytes)
{
    for (size_t i = 0; i < count; i++)
        for (size_t b = 0; b < bytes; b++)
            want[i * to_step * bytes + b] = from[(first + i * from_step) * bytes + b];
}

static void test_fill_and_reverse(void **state)
{
    uint8_t noise[ROOM], got[ROOM], want[ROOM];
    (void)state;
    fill_noise(noise, sizeof noise);
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++)
        for (uint32_t count = 0; count <= MOST; count++) {
            size_t bytes = sizes[s];
            memcpy(got, noise, ROOM);
            memcpy(want, noise, ROOM);
            model(want, 1, noise + 99, 0, 0, count, bytes);
            pixels_fill(got, count, noise + 99, sizes[s]);
            assert_memory_equal(got, want, ROOM);
            memcpy(got, noise, ROOM);
            memcpy(want, noise, ROOM);
            for (uint32_t i = 0; i < count; i++)
                memcpy(want + i * bytes, noise + (count - 1 - i) * bytes, bytes);
            pixels_reverse(got, count, sizes[s]);
            assert_memory_equal(got, want, ROOM);
        }
}

static void test_spread_and_thin(void **state)
{
    uint8_t noise[ROOM], got[ROOM], want[ROOM];
    (void)state;
    fill_noise(noise, sizeof noise);
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++)
        for (unsigned step = 1; step <= STEP; step++)
            for (uint32_t count = 0; count < MOST; count++) {
                memcpy(got, noise, ROOM);
                memcpy(want, noise, ROOM);
                uint8_t from[MOST * 8];
                fill_noise(from, sizeof from);
                model(want, step, from, 0, 1, count, sizes[s]);
                pixels_spread(got, step, from, count, sizes[s]);
                assert_memory_equal(got, want, ROOM);
                uint32_t first = count % step;
                memcpy(got, noise, ROOM);
                memcpy(want, noise, ROOM);
                model(want, 1, noise, first, step, count, sizes[s]);
                pixels_thin(got, first, step, count, sizes[s]);
                assert_memory_equal(got, want, ROOM);
            }
}

static void test_picture_bytes(void **state)
{
    struct picture pic = {.width = INT32_MAX, .height = 1u << 29, .layout = LAYOUT_RGBA16};
    uint64_t bytes;
    (void)state;
    assert_true(picture_bytes(&pic, &bytes));
    assert_true(bytes == (uint64_t)INT32_MAX << 32);
    pic.height = (1u << 29) + 1;
    assert_false(picture_bytes(&pic, &bytes));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fill_and_reverse),
        cmocka_unit_test(test_spread_and_thin),
        cmocka_unit_test(test_picture_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
