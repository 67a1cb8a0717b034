/* SPDX-License-Identifier: MIT */
/* Planes in memory and in files: the same rows in any order, what they cost, faults. */
#include "support.h"

#include "raster/plane.h"

enum use { READ, CHANGE, FILL, USES };

/* A plane and what it must hold. */
struct model {
    struct plane *plane;
    uint8_t *rows;
    uint64_t seed;
};

static void use_row(struct model *m, uint32_t y, enum use use)
{
    struct plane *p = m->plane;
    uint8_t *want = m->rows + y * p->stride;
    if (use == FILL) {
        uint8_t *row = plane_row_to_change(p, y, true);
        for (size_t x = 0; x < p->stride; x++)
            row[x] = want[x] = (uint8_t)noise(&m->seed);
    } else if (use == CHANGE) {
        uint8_t *row = plane_row_to_change(p, y, false);
        assert_memory_equal(row, want, p->stride);
        size_t x = noise(&m->seed) % p->stride;
        row[x] = want[x] = (uint8_t)noise(&m->seed);
    } else {
        assert_memory_equal(plane_row(p, y), want, p->stride);
    }
}

/* Rows from `from` to `to`, both of them, down or up. */
static void use_run(struct model *m, uint32_t from, uint32_t to, enum use use)
{
    use_row(m, from, use);
    while (from != to) {
        from += from < to ? 1u : UINT32_MAX;
        use_row(m, from, use);
    }
}

static void check(size_t stride, uint32_t height, bool file)
{
    struct context cx;
    struct model m = {.seed = stride * 3 + height};
    context_init(&cx);
    cx.limits.plane_memory = file ? 0 : SIZE_MAX;
    assert_int_equal(plane_open(&cx, stride, height, false, &m.plane), ST_OK);
    assert_int_equal(m.plane->spool != NULL, file);
    assert_int_equal(cx.temp.in_use, file ? stride * height : 0);
    m.rows = make_bytes(stride * height);
    memset(m.rows, 0, stride * height);
    use_run(&m, 0, height - 1, READ); /* zeroed */
    use_run(&m, height / 2, height - 1, FILL);
    for (enum use use = READ; use < USES; use++) {
        use_run(&m, 0, height - 1, use);
        use_run(&m, height - 1, 0, use);
        for (unsigned first = 0; first < 8; first++) /* as an interlaced picture comes */
            for (uint32_t y = first; y < height; y += 8)
                use_row(&m, y, use);
    }
    for (int i = 0; i < 300; i++) {
        uint32_t from = noise(&m.seed) % height, to = noise(&m.seed) % height;
        if (i % 3 == 0)
            to = from + (height - 1 - from) / 16;
        use_run(&m, from, to, (enum use)(noise(&m.seed) % USES));
        if (i % 5 == 0)
            use_row(&m, from, (enum use)(noise(&m.seed) % USES));
    }
    use_run(&m, 0, height - 1, READ);
    assert_int_equal(cx.status, ST_OK);
    size_t window = stride > PLANE_WINDOW ? stride : PLANE_WINDOW;
    if (file)
        assert_true(cx.mem.peak < window + 1024);
    plane_close(m.plane);
    assert_nothing_held(&cx);
    free(m.rows);
}

static void test_shapes(void **state)
{
    (void)state;
    for (int file = 0; file < 2; file++) {
        for (uint32_t height = 1; height <= 17; height++)
            for (size_t stride = 1; stride <= 7; stride++)
                check(stride, height, file != 0);
        check(1, 5000, file != 0);
        check(3, 400, file != 0);
        check(1280, 200, file != 0);
        check(4095, 40, file != 0); /* about what a run begins with */
        check(4097, 40, file != 0);
        check(PLANE_WINDOW / 2, 9, file != 0);
        check(PLANE_WINDOW / 2 + 1, 9, file != 0); /* two rows are wider than the window */
        check(PLANE_WINDOW, 5, file != 0);
        check(PLANE_WINDOW + 1, 5, file != 0); /* one is */
        check(200000, 1, file != 0);
    }
    plane_close(NULL);
}

/* Where a plane lives. */
static void test_places(void **state)
{
    (void)state;
    struct context cx;
    struct plane *a, *b;
    context_init(&cx);
    const size_t most = cx.limits.plane_memory;
    assert_int_equal(plane_open(&cx, most, 1, false, &a), ST_OK);
    assert_null(a->spool);
    plane_close(a);
    assert_int_equal(plane_open(&cx, most / 2 + 1, 2, false, &a), ST_OK);
    assert_non_null(a->spool);
    plane_close(a);
    assert_int_equal(plane_open(&cx, most / 2 + 1, 2, true, &a), ST_OK);
    assert_null(a->spool);
    plane_close(a);
    assert_int_equal(plane_open(&cx, most * 2 + 1, 1, true, &a), ST_OK);
    assert_non_null(a->spool);
    plane_close(a);

    cx.temp.limit = 5 * most; /* room for one, and as much for others */
    assert_int_equal(plane_open(&cx, most, 2, false, &a), ST_OK);
    assert_int_equal(plane_open(&cx, most, 2, false, &b), ST_OK);
    assert_non_null(a->spool);
    assert_null(b->spool);
    assert_true(cx.mem.in_use > 2 * most); /* and is counted */
    plane_close(a);
    plane_close(b);
    cx.temp.limit = 0;
    cx.mem.limit = most;
    assert_int_equal(plane_open(&cx, most, 2, false, &a), ST_NOMEM);
    cx.status = ST_OK;
    assert_int_equal(plane_open(&cx, SIZE_MAX / 2, 3, false, &a), ST_NOMEM); /* beyond any size */
    cx.status = ST_OK;
    cx.temp.limit = SIZE_UNLIMITED;
    cx.mem.limit = 0;
    cx.temp.dir = "/nonexistent";
    assert_int_equal(plane_open(&cx, most, 2, false, &a), ST_IO);
    assert_non_null(strstr(cx.text, "/nonexistent"));
    assert_nothing_held(&cx);
}

/* Runs cost few calls; a small part of a large plane costs as many as it has rows at most. */
static void test_few_calls(void **state)
{
    (void)state;
    struct context cx;
    struct plane *p;
    const uint32_t height = 4000, in_window = PLANE_WINDOW / 1000;
    context_init(&cx);
    cx.faults.read = cx.faults.write = MANY;
    assert_int_equal(plane_open(&cx, 1000, height, false, &p), ST_OK);
    assert_non_null(p->spool);
    for (uint32_t y = 0; y < height; y++)
        memset(plane_row_to_change(p, y, true), (int)y, 1000);
    assert_int_equal(calls(&cx.faults.read), 0);
    for (uint32_t y = 0; y < height; y++)
        assert_int_equal(plane_row(p, y)[999], y % 256);
    assert_true(calls(&cx.faults.write) <= height / in_window + 1);
    for (uint32_t y = height; y-- > 0;)
        assert_int_equal(plane_row(p, y)[0], y % 256);
    assert_true(calls(&cx.faults.read) <= 2 * (height / in_window + 8));
    assert_int_equal(calls(&cx.faults.write), 0); /* nothing has changed */
    for (uint32_t y = 0; y < height; y += 8)      /* as passes come */
        plane_row_to_change(p, y, false)[0] = (uint8_t)y;
    assert_true(calls(&cx.faults.read) <= height / in_window + 8);
    assert_true(calls(&cx.faults.write) <= height / in_window + 8);
    for (int pass = 0; pass < 20; pass++)
        for (uint32_t y = 2000; y < 2010; y++)
            plane_row_to_change(p, y, false)[pass] = 1;
    assert_true(calls(&cx.faults.read) <= 5); /* it is in the window from the second pass on */
    assert_int_equal(plane_row(p, 0)[0], 0);
    assert_true(calls(&cx.faults.write) <= 5);
    plane_close(p);
    assert_int_equal(cx.status, ST_OK);
    assert_nothing_held(&cx);
}

/* All rows changed and read again; a row can be had after errors too. */
static enum status use_all(struct context *cx, void *user)
{
    const uint32_t *height = user;
    struct plane *p;
    uint64_t sum = 0;
    cx->limits.plane_memory = 0;
    enum status st = plane_open(cx, 3000, *height, false, &p);
    if (st != ST_OK)
        return st;
    for (uint32_t y = 0; y < *height; y++)
        plane_row_to_change(p, y, false)[7] = 1;
    for (uint32_t y = *height; y-- > 0;)
        memset(plane_row_to_change(p, y, true), 1, 3000);
    for (uint32_t y = 0; y < *height; y++)
        sum += plane_row(p, y)[2999];
    if (cx->status == ST_OK)
        assert_int_equal(sum, *height);
    plane_close(p);
    return cx->status;
}

static void test_faults(void **state)
{
    (void)state;
    uint32_t heights[] = {1, 20, 60};
    for (size_t i = 0; i < sizeof heights / sizeof *heights; i++)
        sweep_faults(use_all, &heights[i]);
}

/* Gigabytes of canvas do not keep a signal waiting: the file is left alone then. */
static void test_stopped(void **state)
{
    (void)state;
    struct context cx;
    struct plane *p;
    volatile sig_atomic_t stop = 0;
    context_init(&cx);
    cx.stop = &stop;
    cx.limits.plane_memory = 0;
    assert_int_equal(plane_open(&cx, 3000, 100, false, &p), ST_OK);
    memset(plane_row_to_change(p, 0, true), 1, 3000);
    assert_int_equal(plane_row(p, 99)[0], 0);
    stop = 15;
    cx.faults.read = cx.faults.write = MANY;
    for (uint32_t y = 0; y < 100; y++)
        plane_row_to_change(p, y, false)[0] = 1;
    assert_int_equal(calls(&cx.faults.read), 0);
    assert_int_equal(calls(&cx.faults.write), 0);
    assert_int_equal(cx.status, ST_STOPPED);
    plane_close(p);
    assert_nothing_held(&cx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_shapes), cmocka_unit_test(test_places),
                                       cmocka_unit_test(test_few_calls),
                                       cmocka_unit_test(test_faults),
                                       cmocka_unit_test(test_stopped)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
