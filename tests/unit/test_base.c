/* SPDX-License-Identifier: MIT */
/* Statuses, the first error, notes, sizes and the counted allocator. */
#include "support.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/size.h"

static void test_statuses(void **state)
{
    (void)state;
    static const struct {
        enum status st;
        int exit_status;
    } wanted[] = {{ST_OK, 0},          {ST_END, 0},     {ST_PARTIAL, 1}, {ST_USAGE, 2},
                  {ST_DAMAGED, 3},     {ST_IO, 4},      {ST_LIMIT, 5},   {ST_NOMEM, 5},
                  {ST_UNSUPPORTED, 3}, {ST_SKIPPED, 7}, {ST_BUG, 70},    {ST_STOPPED, 130}};
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        assert_int_equal(status_exit(wanted[i].st), wanted[i].exit_status);
        assert_true(strlen(status_text(wanted[i].st)) > 0);
    }
}

/* Whatever was there before. The limits are those that the manual names. */
static void test_begin(void **state)
{
    (void)state;
    struct context cx;
    memset(&cx, 0xa5, sizeof cx);
    context_init(&cx);
    assert_int_equal(cx.mem.in_use + cx.mem.peak + cx.mem.limit, 0);
    assert_int_equal(cx.temp.in_use + cx.temp.peak, 0);
    assert_int_equal(cx.temp.limit, SIZE_UNLIMITED);
    assert_int_equal(cx.limits.max_pixels, 4294967296);
    assert_int_equal(cx.limits.max_frames, 1048576);
    assert_int_equal(cx.faults.alloc + cx.faults.read + cx.faults.write, 0);
    assert_true(!cx.lenient && !cx.timed);
    assert_true(cx.stop == NULL && cx.on_note == NULL && cx.on_progress == NULL);
    assert_int_equal(cx.status, ST_OK);
    assert_string_equal(cx.text, "");
}

static void test_take_back(void **state)
{
    (void)state;
    struct context cx;
    context_init(&cx);
    assert_int_equal(fail(&cx, ST_LIMIT, "too much"), ST_LIMIT);
    take_back(&cx);
    assert_int_equal(cx.status, ST_OK);
    assert_string_equal(cx.text, "");
    assert_int_equal(fail(&cx, ST_IO, "another"), ST_IO);
    assert_string_equal(cx.text, "another");
}

static void test_first_error_sticks(void **state)
{
    (void)state;
    struct context cx;
    context_init(&cx);
    assert_int_equal(cx.status, ST_OK);
    assert_int_equal(fail(&cx, ST_DAMAGED, "row %d", 7), ST_DAMAGED);
    assert_int_equal(fail(&cx, ST_BUG, "another"), ST_DAMAGED);
    errno = ENOSPC;
    assert_int_equal(fail_errno(&cx, "and another"), ST_DAMAGED);
    assert_int_equal(cx.status, ST_DAMAGED);
    assert_string_equal(cx.text, "row 7");
}

static void test_error_texts(void **state)
{
    (void)state;
    struct context cx;
    context_init(&cx);
    errno = ENOSPC;
    assert_int_equal(fail_errno(&cx, "cannot write (byte %d)", 9), ST_IO);
    assert_string_equal(cx.text, "cannot write (byte 9): No space left on device");

    char longer[1000];
    memset(longer, 'x', sizeof longer - 1);
    longer[sizeof longer - 1] = '\0';
    context_init(&cx);
    assert_int_equal(fail(&cx, ST_IO, "%s", longer), ST_IO);
    assert_int_equal(strlen(cx.text), sizeof cx.text - 1);
    context_init(&cx);
    errno = EIO;
    assert_int_equal(fail_errno(&cx, "%s", longer), ST_IO); /* no room for the reason */
    assert_int_equal(strlen(cx.text), sizeof cx.text - 1);
}

/* No more than the compiler's own look at the processor finds. */
static void test_simd(void **state)
{
    (void)state;
    enum simd most = SIMD_NONE;
#if defined(__x86_64__) || defined(__i386__)
    __builtin_cpu_init();
    if (__builtin_cpu_supports("sse4.1"))
        most = SIMD_SSE41;
    if (__builtin_cpu_supports("avx2"))
        most = SIMD_AVX2;
#endif
    struct context cx;
    context_init(&cx);
    assert_in_range(cx.simd, SIMD_NONE, most);
    if (getenv("GLIBC_TUNABLES") == NULL)
        assert_int_equal(cx.simd, most);
}

struct noted {
    unsigned count;
    enum note_level level;
    char text[300];
};

static void keep_note(void *user, enum note_level level, const char *text)
{
    struct noted *n = user;
    n->count++;
    n->level = level;
    snprintf(n->text, sizeof n->text, "%s", text);
}

static void test_notes(void **state)
{
    (void)state;
    struct context cx;
    struct noted n = {0};
    context_init(&cx);
    note(&cx, NOTE_WARNING, "to nobody");
    cx.on_note = keep_note;
    cx.user = &n;
    note(&cx, NOTE_DETAIL, "%d of %d", 3, 4);
    assert_int_equal(n.count, 1);
    assert_int_equal(n.level, NOTE_DETAIL);
    assert_string_equal(n.text, "3 of 4");
    assert_int_equal(cx.status, ST_OK);
}

static void test_stop(void **state)
{
    (void)state;
    struct context cx;
    volatile sig_atomic_t stop = 0;
    context_init(&cx);
    assert_int_equal(check_stop(&cx), ST_OK);
    cx.stop = &stop;
    assert_int_equal(check_stop(&cx), ST_OK);
    stop = 15;
    assert_int_equal(check_stop(&cx), ST_STOPPED);
    assert_int_equal(cx.status, ST_STOPPED);
    assert_string_equal(cx.text, "stopped by signal 15");
}

static void test_fault_countdown(void **state)
{
    (void)state;
    uint64_t never = 0, third = 3;
    for (int i = 0; i < 5; i++) {
        assert_false(fault_due(&never));
        assert_int_equal(fault_due(&third), i == 2);
    }
}

static void test_sizes(void **state)
{
    (void)state;
    size_t out;
    assert_true(size_mul(SIZE_MAX / 3, 3, &out) && out == SIZE_MAX / 3 * 3);
    assert_false(size_mul(SIZE_MAX / 2 + 1, 2, &out));
    assert_true(size_mul(0, SIZE_MAX, &out) && out == 0);
    assert_true(size_add(SIZE_MAX - 1, 1, &out) && out == SIZE_MAX);
    assert_false(size_add(SIZE_MAX, 1, &out));
    const uint8_t bytes[] = {0x12, 0xfe, 0x56, 0x78};
    assert_int_equal(load_le16(bytes), 0xfe12);
    assert_int_equal(load_be32(bytes), 0x12fe5678);
}

/* --- memory --- */

static void test_mem_counts(void **state)
{
    (void)state;
    struct context cx;
    context_init(&cx);
    unsigned char *a = mem_alloc(&cx, 100), *b = mem_zalloc(&cx, 1000), *c = mem_array(&cx, 10, 7);
    assert_non_null(a);
    assert_non_null(b);
    assert_non_null(c);
    assert_true((uintptr_t)a % 16 == 0 && (uintptr_t)b % 16 == 0 && (uintptr_t)c % 16 == 0);
    for (size_t i = 0; i < 1000; i++)
        assert_int_equal(b[i], 0);
    memset(a, 1, 100);
    memset(c, 1, 70);
    size_t all = cx.mem.in_use;
    assert_true(all >= 1170);
    mem_free(&cx, b);
    mem_free(&cx, NULL);
    assert_true(cx.mem.in_use <= all - 1000);
    assert_int_equal(cx.mem.peak, all);
    mem_free(&cx, a);
    mem_free(&cx, c);
    assert_int_equal(cx.mem.in_use, 0);
    assert_int_equal(cx.mem.peak, all);
    void *none = mem_alloc(&cx, 0); /* a block of its own all the same */
    assert_non_null(none);
    mem_free(&cx, none);
    assert_int_equal(cx.status, ST_OK);
}

static void test_mem_limit(void **state)
{
    (void)state;
    struct context cx;
    context_init(&cx);
    cx.mem.limit = 4096;
    void *a = mem_alloc(&cx, 4096 - 16); /* what a block takes for itself counts too */
    assert_non_null(a);
    assert_int_equal(cx.mem.in_use, 4096);
    assert_null(mem_alloc(&cx, 0));
    assert_int_equal(cx.status, ST_NOMEM);
    assert_non_null(strstr(cx.text, "limit of 4096"));
    mem_free(&cx, a);
    context_init(&cx);
    cx.mem.limit = 4096;
    assert_null(mem_alloc(&cx, 4096 - 15));
    assert_int_equal(cx.status, ST_NOMEM);
    assert_int_equal(cx.mem.in_use, 0);
}

static void test_mem_wraps(void **state)
{
    (void)state;
    static const size_t count[] = {SIZE_MAX, SIZE_MAX / 2 + 1, SIZE_MAX - 15, 1, (size_t)1 << 32};
    static const size_t each[] = {2, 2, 1, SIZE_MAX, (size_t)1 << 32};
    for (size_t i = 0; i < sizeof count / sizeof *count; i++) {
        struct context cx;
        context_init(&cx);
        assert_null(mem_array(&cx, count[i], each[i]));
        assert_int_equal(cx.status, ST_NOMEM);
        assert_int_equal(cx.mem.in_use, 0);
    }
}

/* Rows never start where libjpeg's SIMD code would write them past the caches. */
static void test_mem_rows(void **state)
{
    (void)state;
    struct context cx;
    context_init(&cx);
    enum { BLOCKS = 40 };
    unsigned char *block[BLOCKS];
    for (size_t i = 0; i < BLOCKS; i++) {
        size_t bytes = i < BLOCKS - 1 ? 1 + 8 * i : 1 << 20; /* the last by mmap */
        block[i] = mem_rows(&cx, 1, bytes);
        assert_non_null(block[i]);
        assert_int_equal((uintptr_t)block[i] % 32, 16);
        memset(block[i], (int)i, bytes);
    }
    for (size_t i = 0; i < BLOCKS; i++) {
        assert_int_equal(*block[i], i);
        mem_free(&cx, block[i]);
    }
    assert_int_equal(cx.mem.in_use, 0);
    assert_null(mem_rows(&cx, SIZE_MAX / 2, 3));
    assert_int_equal(cx.status, ST_NOMEM);
}

static void test_mem_fault(void **state)
{
    (void)state;
    struct context cx;
    context_init(&cx);
    cx.faults.alloc = 2;
    void *a = mem_alloc(&cx, 1);
    assert_non_null(a);
    assert_null(mem_alloc(&cx, 1));
    assert_int_equal(cx.status, ST_NOMEM);
    void *b = mem_alloc(&cx, 1);
    assert_non_null(b);
    mem_free(&cx, a);
    mem_free(&cx, b);
    assert_int_equal(cx.mem.in_use, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_simd),
        cmocka_unit_test(test_statuses),
        cmocka_unit_test(test_begin),
        cmocka_unit_test(test_first_error_sticks),
        cmocka_unit_test(test_take_back),
        cmocka_unit_test(test_error_texts),
        cmocka_unit_test(test_notes),
        cmocka_unit_test(test_stop),
        cmocka_unit_test(test_fault_countdown),
        cmocka_unit_test(test_sizes),
        cmocka_unit_test(test_mem_counts),
        cmocka_unit_test(test_mem_limit),
        cmocka_unit_test(test_mem_wraps),
        cmocka_unit_test(test_mem_rows),
        cmocka_unit_test(test_mem_fault),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
