/* SPDX-License-Identifier: MIT */
/* Loops that a file tells more than once. */
#include "gif_build.h"
#include "movie_job.h"

#define MOST 8

/* Counts as they stand before frames and, the last one, at the end; LOOP_ABSENT: none. */
struct told {
    size_t places;
    int loop[MOST];
};

static void add_loop(struct blob *b, int loop)
{
    if (loop == LOOP_ABSENT)
        return;
    blob_add(b, "\x21\xff\x0bNETSCAPE2.0\x03\x01", 16);
    add_le16(b, (unsigned)loop);
    blob_add(b, "", 1);
}

/* Frames of 2 x 2 in turn of two colors. odd: on a larger canvas, which viewers fill or not. */
static struct blob movie_that_tells(const struct told *t, bool odd)
{
    struct blob b = new_gif(odd ? 3 : 2, 2, 2);
    for (size_t i = 0; i + 1 < t->places; i++) {
        add_loop(&b, t->loop[i]);
        add_control(&b, 0, 7, 0);
        add_image(&b, 0, 0, 2, 2, 0, 0);
        add_pixels(&b, 2, i % 2 == 0 ? ramp : ramp + 1, 4);
    }
    add_loop(&b, t->loop[t->places - 1]);
    blob_add(&b, ";", 1);
    return b;
}

/* What another one tells; a frame's image begins with a comma and its corner. */
static struct told told_by(const struct blob *b, size_t frames)
{
    struct told t = {frames + 1, {0}};
    size_t place = 0;
    for (size_t i = 0; i <= frames; i++)
        t.loop[i] = LOOP_ABSENT;
    for (size_t i = 0; i + 5 <= b->bytes; i++) {
        if (i + 15 <= b->bytes && memcmp(b->data + i, "NETSCAPE2.0\x03\x01", 13) == 0)
            t.loop[place] = b->data[i + 13] | b->data[i + 14] << 8;
        if (memcmp(b->data + i, ",\0\0\0\0", 5) == 0)
            place++;
    }
    assert_int_equal(place, frames);
    return t;
}

static void check_told(const struct told *in, unsigned level, bool odd, const struct told *want)
{
    struct blob movie = movie_that_tells(in, odd);
    struct job job = job_to(&format_gif);
    job.encode.optimize = level;
    struct blob out = convert_movie(&job, &movie, FROM_MEMORY, NULL);
    struct told got = told_by(&out, in->places - 1);
    assert_memory_equal(got.loop, want->loop, want->places * sizeof *want->loop);
    blob_free(&movie);
    blob_free(&out);
}

#define NO LOOP_ABSENT

/* The first and the last stay where they are, at -O0 all of them. */
static void test_loops(void **state)
{
    (void)state;
    static const struct {
        struct told in, out;
    } cases[] = {
        {{4, {3, NO, NO, NO}}, {4, {3, NO, NO, NO}}},
        {{4, {NO, NO, NO, 3}}, {4, {NO, NO, NO, 3}}},
        {{5, {3, 2, 0, 2, 1}}, {5, {3, NO, NO, NO, 1}}},
        {{5, {NO, 3, 2, 1, NO}}, {5, {NO, 3, NO, 1, NO}}},
        {{5, {3, 1, 2, 1, NO}}, {5, {3, 1, NO, NO, NO}}},
        {{5, {3, 2, 3, NO, NO}}, {5, {3, NO, NO, NO, NO}}},
        {{4, {3, 3, 3, 3}}, {4, {3, NO, NO, NO}}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (unsigned odd = 0; odd < 2; odd++) {
            for (unsigned level = 1; level < 4; level++)
                check_told(&cases[i].in, level, odd, &cases[i].out);
            if (i < 5) /* others say the same twice in a row */
                check_told(&cases[i].in, 0, odd, &cases[i].in);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_loops)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
