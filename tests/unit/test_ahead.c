/* SPDX-License-Identifier: MIT */
/* Rows come as they were, however many of them were looked at, and in few calls of the system. */
#include "pipeline/stages/ahead.h"
#include "support.h"

#define FEW_CALLS 60 /* of the system; the pictures below have up to 300,000 rows */

struct counting {
    uint32_t seen, enough;
};

static bool count_row(void *user, const struct picture *pic, const uint8_t *row)
{
    (void)pic;
    (void)row;
    struct counting *c = user;
    return ++c->seen < c->enough;
}

/* Looks at so many rows of a picture, and compares what comes then, twice if it can. */
static enum status look(struct context *cx, uint32_t width, uint32_t height, uint32_t enough)
{
    const struct picture pic = {.width = width, .height = height, .layout = LAYOUT_GRAY8};
    size_t bytes = picture_size(&pic);
    uint8_t *pixels = make_noise(&pic, width), *out = make_bytes(bytes);
    struct counting c = {0, enough};
    struct rows *rows = array_rows(cx, &pic, pixels, false, NULL);
    enum status st = rows == NULL ? cx->status : ST_OK;
    bool looked;
    if (st == ST_OK)
        st = look_ahead(rows, count_row, &c, NULL, &looked, &rows);
    if (st == ST_OK) {
        assert_true(looked);
        assert_int_equal(c.seen, enough < height ? enough : height);
        assert_int_equal(rows_can_rewind(rows), enough >= height);
        st = read_rows(rows, out);
        if (st == ST_OK)
            assert_memory_equal(out, pixels, bytes);
        memset(out, 0, bytes);
        if (st == ST_OK && rows_can_rewind(rows)) {
            st = rows_rewind(rows);
            if (st == ST_OK)
                st = read_rows(rows, out);
            if (st == ST_OK)
                assert_memory_equal(out, pixels, bytes);
        }
        rows_close(rows);
    }
    free(pixels);
    free(out);
    assert_nothing_held(cx);
    return st;
}

/* Around the ends of groups, in memory; in a file, whose rows are narrow, or wider than a group. */
static void test_rows(void **state)
{
    (void)state;
    static const uint32_t sizes[][2] = {{1, 1}, {100, 400}, {16384, 3}, {5, 70000}, {70000, 9}};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        uint32_t w = sizes[i][0], h = sizes[i][1], group = 16384 / w > 0 ? 16384 / w : 1;
        const uint32_t enough[] = {1, group - 1, group, group + 1, 2 * group, h - 1, h, h + 1};
        for (size_t k = 0; k < sizeof enough / sizeof *enough; k++)
            if (enough[k] > 0) {
                struct context cx;
                context_init(&cx);
                assert_int_equal(look(&cx, w, h, enough[k]), ST_OK);
            }
    }
}

static void test_calls(void **state)
{
    (void)state;
    struct context cx;
    context_init(&cx);
    cx.faults.read = cx.faults.write = FEW_CALLS;
    assert_int_equal(look(&cx, 1, 300000, 300000), ST_OK);
    assert_in_range(cx.faults.read, 1, FEW_CALLS - 1); /* there were some */
    assert_in_range(cx.faults.write, 1, FEW_CALLS - 1);
}

static enum status look_once(struct context *cx, void *user)
{
    (void)user;
    return look(cx, 10, 30000, 30000);
}

/* Each allocation, read and write fails once. */
static void test_faults(void **state)
{
    (void)state;
    sweep_faults(look_once, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_calls),
        cmocka_unit_test(test_faults),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
