/* SPDX-License-Identifier: MIT */
/* Spools in memory and in files: random access, growing, limits, faults. */
#include "long_bytes.h"

#include "base/size.h"

/*
 * The module is compiled into the test, so that the second program made from this file
 * (test_spool_named.c) can have one that finds no unnamed files.
 */
#include "../../src/base/spool.c"

#ifndef EXPECTED_NAME
#define EXPECTED_NAME "/#" /* that Linux shows of a file without one */
#endif

#define BIG (SPOOL_MEMORY_BYTES + 1)

/* Bytes at all places, backwards and over the ends of what was written before. */
static void check_spool(struct context *cx, uint64_t size, bool disk)
{
    struct spool *s = NULL;
    uint8_t out[100], in[100];
    assert_true(spool_allowed(cx, size));
    assert_int_equal(spool_open(cx, size, &s), ST_OK);
    assert_int_equal(cx->temp.in_use, disk ? size : 0);
    for (uint64_t at = size; at >= 100; at -= 100) {
        memset(in, (int)(at / 100 % 251), sizeof in);
        assert_int_equal(spool_write(s, at - 100, in, sizeof in), ST_OK);
        if (at > 20000)
            at -= 9900;
    }
    assert_int_equal(spool_read(s, size - 100, out, sizeof out), ST_OK);
    memset(in, (int)(size / 100 % 251), sizeof in);
    assert_memory_equal(in, out, sizeof out);
    assert_int_equal(spool_write(s, size, in, 0), ST_OK);
    assert_int_equal(spool_read(s, size, out, 0), ST_OK);
    assert_int_equal(cx->status, ST_OK);
    assert_int_equal(spool_write(s, size - 99, in, sizeof in), ST_BUG);
    cx->status = ST_OK;
    assert_int_equal(spool_read(s, UINT64_MAX, out, 2), ST_BUG);
    cx->status = ST_OK;
    spool_close(s);
    assert_nothing_held(cx);
    assert_int_equal(cx->temp.peak, disk ? size : 0);
}

static void test_spool_places(void **state)
{
    (void)state;
    struct context cx;
    context_init(&cx);
    check_spool(&cx, 1000, false);
    check_spool(&cx, SPOOL_MEMORY_BYTES, false);
    check_spool(&cx, BIG, true);
    spool_close(NULL);
}

static void test_spool_empty(void **state)
{
    (void)state;
    struct context cx;
    struct spool *s = NULL;
    uint8_t byte = 0;
    context_init(&cx);
    assert_int_equal(spool_open(&cx, 0, &s), ST_OK);
    assert_int_equal(spool_write(s, 0, &byte, 1), ST_BUG);
    spool_close(s);
    assert_nothing_held(&cx);

    context_init(&cx); /* what was never written cannot be read from a file */
    assert_int_equal(spool_open(&cx, BIG, &s), ST_OK);
    assert_int_equal(spool_read(s, 5, &byte, 1), ST_BUG);
    spool_close(s);
    assert_nothing_held(&cx);
}

static void test_spool_zeroed(void **state)
{
    (void)state;
    struct context cx;
    struct spool *s;
    uint8_t in[3] = {1, 2, 3}, out[6], zeroes[6] = {0};
    context_init(&cx);
    assert_int_equal(spool_open_zeroed(&cx, 5000, &s), ST_OK);
    assert_int_equal(cx.temp.in_use, 5000); /* a file, however small */
    assert_int_equal(spool_read(s, 4994, out, 6), ST_OK);
    assert_memory_equal(out, zeroes, 6);
    assert_int_equal(spool_write(s, 4000, in, 3), ST_OK);
    assert_int_equal(spool_read(s, 4000, out, 6), ST_OK);
    assert_memory_equal(out, in, 3);
    assert_memory_equal(out + 3, zeroes, 3);
    assert_int_equal(spool_read(s, 10, out, 6), ST_OK);
    assert_memory_equal(out, zeroes, 6);
    assert_int_equal(spool_read(s, 4998, out, 3), ST_BUG);
    cx.status = ST_OK;
    spool_close(s);
    assert_true(spool_fits(&cx, UINT64_MAX));
    assert_int_equal(spool_open_zeroed(&cx, UINT64_MAX, &s), ST_IO); /* no file is so long */
    cx.status = ST_OK;
    cx.temp.limit = 4999;
    assert_true(spool_allowed(&cx, 5000)); /* in memory */
    assert_false(spool_fits(&cx, 5000));
    assert_int_equal(spool_open_zeroed(&cx, 5000, &s), ST_LIMIT);
    assert_nothing_held(&cx);
}

static void test_spool_limit(void **state)
{
    (void)state;
    struct context cx;
    struct spool *a = NULL, *b = NULL;
    context_init(&cx);
    cx.temp.limit = 2 * (uint64_t)BIG;
    assert_true(spool_allowed(&cx, 2 * (uint64_t)BIG));
    assert_false(spool_allowed(&cx, 2 * (uint64_t)BIG + 1));
    assert_false(spool_allowed(&cx, UINT64_MAX));
    assert_int_equal(spool_open(&cx, BIG + 1, &a), ST_OK);
    assert_true(spool_allowed(&cx, BIG - 1)); /* small enough to stay in memory */
    assert_false(spool_allowed(&cx, BIG));
    assert_int_equal(spool_open(&cx, BIG, &b), ST_LIMIT);
    assert_non_null(strstr(cx.text, "the limit is"));
    cx.status = ST_OK;
    spool_close(a);
    assert_int_equal(spool_open(&cx, BIG, &b), ST_OK);
    spool_close(b);
    cx.temp.limit = 0;
    assert_int_equal(spool_open(&cx, BIG, &b), ST_LIMIT);
    cx.status = ST_OK;
    assert_int_equal(spool_open(&cx, SPOOL_MEMORY_BYTES, &b), ST_OK);
    spool_close(b);
    assert_nothing_held(&cx);
}

static void test_spool_folder(void **state)
{
    (void)state;
    struct context cx;
    struct spool *s = NULL;
    char dir[] = "/tmp/spool-XXXXXX";
    assert_non_null(mkdtemp(dir));
    context_init(&cx);
    cx.temp.dir = dir;
    assert_int_equal(spool_open(&cx, BIG, &s), ST_OK);
    char place[32], name[64] = "";
    snprintf(place, sizeof place, "/proc/self/fd/%d", s->fd);
    assert_true(readlink(place, name, sizeof name - 1) > 0);
    assert_memory_equal(name, dir, strlen(dir));
    assert_memory_equal(name + strlen(dir), EXPECTED_NAME, strlen(EXPECTED_NAME));
    assert_int_equal(rmdir(dir), 0); /* there is nothing in it to be seen */
    spool_close(s);
    assert_int_equal(spool_open(&cx, BIG, &s), ST_IO);
    assert_non_null(strstr(cx.text, dir));
    assert_nothing_held(&cx);
}

/* As long as what has been written; in up to so much memory first, then in a file. */
static void check_growing(size_t memory)
{
    struct context cx;
    struct spool *s = NULL;
    uint8_t *data = long_bytes(), *out = make_bytes(LONG);
    context_init(&cx);
    assert_int_equal(spool_open_growing(&cx, memory, &s), ST_OK);
    assert_int_equal(spool_read(s, 0, out, 1), ST_BUG);
    cx.status = ST_OK;
    assert_int_equal(spool_write(s, 1, data, 1), ST_BUG); /* a gap */
    cx.status = ST_OK;
    uint64_t end = 0;
    for (size_t n = 1; end < 4 * SPOOL_MEMORY_BYTES; n = min_size(n * 3, LONG)) {
        assert_int_equal(spool_write(s, end, data, n), ST_OK);
        end += n;
        assert_int_equal(cx.temp.in_use, end > memory ? end : 0);
        if (end > memory)
            assert_true(cx.mem.in_use < 4096);
        assert_int_equal(spool_read(s, end - n, out, n), ST_OK);
        assert_memory_equal(out, data, n);
        assert_int_equal(spool_read(s, end, out, 1), ST_BUG);
        cx.status = ST_OK;
    }
    assert_int_equal(spool_read(s, 1 + 3 + 9, out, 27), ST_OK);
    assert_memory_equal(out, data, 27);
    assert_int_equal(spool_write(s, end - 5, data + 90, 10), ST_OK); /* over what is there */
    assert_int_equal(spool_read(s, end - 5, out, 10), ST_OK);
    assert_memory_equal(out, data + 90, 10);
    spool_close(s);
    assert_nothing_held(&cx);

    cx.temp.limit = SPOOL_MEMORY_BYTES + 10;
    assert_int_equal(spool_open_growing(&cx, memory, &s), ST_OK);
    enum status st = ST_OK;
    for (end = 0; st == ST_OK; end += st == ST_OK ? 10 : 0)
        st = spool_write(s, end, data, 10);
    assert_int_equal(st, ST_LIMIT);
    assert_in_range(end, SPOOL_MEMORY_BYTES - 9, cx.temp.limit);
    spool_close(s);
    assert_nothing_held(&cx);
    free(out);
    free(data);
}

static void test_spool_grows(void **state)
{
    (void)state;
    check_growing(SPOOL_MEMORY_BYTES);
    check_growing(64 * 1024);
    check_growing(0);
}

static enum status spool_job(struct context *cx, void *user)
{
    uint64_t size = *(uint64_t *)user;
    uint8_t bytes[300] = {1};
    struct spool *s = NULL;
    enum status st = spool_open(cx, size, &s);
    if (st != ST_OK)
        return st;
    for (int i = 0; st == ST_OK && i < 3; i++)
        st = spool_write(s, (uint64_t)i * 300, bytes, sizeof bytes);
    for (int i = 0; st == ST_OK && i < 3; i++)
        st = spool_read(s, (uint64_t)i * 300, bytes, sizeof bytes);
    spool_close(s);
    return st;
}

static void test_spool_faults(void **state)
{
    (void)state;
    uint64_t small = 900, big = BIG;
    sweep_faults(spool_job, &small);
    assert_int_equal(sweep_kind(FAULT_ALLOC, ST_NOMEM, spool_job, &big), 1);
    assert_int_equal(sweep_kind(FAULT_WRITE, ST_IO, spool_job, &big), 3);
    assert_int_equal(sweep_kind(FAULT_READ, ST_IO, spool_job, &big), 3);
}

/* Pieces of one size; one that is written over two others. */
static void test_spool_grows_in_pieces(void **state)
{
    (void)state;
    struct context cx;
    struct spool *s = NULL;
    uint8_t piece[5000], out[5000];
    context_init(&cx);
    assert_int_equal(spool_open_growing(&cx, SPOOL_MEMORY_BYTES, &s), ST_OK);
    uint64_t at = 0;
    for (unsigned i = 0; i < 80; i++, at += sizeof piece) {
        memset(piece, (int)i, sizeof piece);
        assert_int_equal(spool_write(s, at, piece, sizeof piece), ST_OK);
        assert_int_equal(cx.temp.in_use, at + 5000 > SPOOL_MEMORY_BYTES ? at + 5000 : 0);
    }
    assert_true(cx.mem.in_use < 1000);
    memset(piece, 0xaa, sizeof piece);
    assert_int_equal(spool_write(s, 7500, piece, sizeof piece), ST_OK); /* over what is there */
    assert_int_equal(cx.temp.in_use, at);
    for (unsigned i = 0; i < 80; i++) {
        assert_int_equal(spool_read(s, i * 5000u, out, 5000), ST_OK);
        assert_int_equal(out[100], i == 2 ? 0xaa : i);
        assert_int_equal(out[4900], i == 1 ? 0xaa : i);
    }
    assert_int_equal(spool_read(s, at - 1, out, 2), ST_BUG);
    spool_close(s);
    assert_nothing_held(&cx);

    context_init(&cx);
    assert_int_equal(spool_open_growing(&cx, SPOOL_MEMORY_BYTES, &s), ST_OK);
    assert_int_equal(spool_write(s, 1, piece, 1), ST_BUG); /* a gap */
    spool_close(s);

    context_init(&cx);
    assert_int_equal(spool_open_growing(&cx, 0, &s), ST_OK);
    assert_int_equal(spool_write(s, 0, piece, 1), ST_OK); /* in a file at once */
    assert_int_equal(cx.temp.in_use, 1);
    assert_int_equal(spool_read(s, 0, out, 1), ST_OK);
    assert_int_equal(out[0], piece[0]);
    spool_close(s);
    assert_nothing_held(&cx);

    context_init(&cx);
    cx.temp.limit = 300000;
    assert_int_equal(spool_open_growing(&cx, SPOOL_MEMORY_BYTES, &s), ST_OK);
    for (at = 0; at < 300000; at += 5000)
        assert_int_equal(spool_write(s, at, piece, 5000), ST_OK);
    assert_int_equal(spool_write(s, at, piece, 1), ST_LIMIT);
    spool_close(s);
    assert_nothing_held(&cx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_spool_places), cmocka_unit_test(test_spool_empty),
        cmocka_unit_test(test_spool_zeroed), cmocka_unit_test(test_spool_limit),
        cmocka_unit_test(test_spool_folder), cmocka_unit_test(test_spool_grows),
        cmocka_unit_test(test_spool_faults), cmocka_unit_test(test_spool_grows_in_pieces),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
