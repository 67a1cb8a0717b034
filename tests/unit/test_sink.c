/* SPDX-License-Identifier: MIT */
/* Sinks to files, memory and spools: every byte, or the first error again and again. */
#include "long_bytes.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/sink.h"
#include "base/size.h"
#include "base/spool.h"

static void test_sink_memory(void **state)
{
    (void)state;
    struct context cx;
    struct sink *s;
    size_t at = 0, bytes;
    uint8_t *data = long_bytes();
    context_init(&cx);
    assert_int_equal(sink_open_memory(&cx, &s), ST_OK);
    for (size_t piece = 0; at < LONG; at += piece) {
        piece = min_size(piece * 3 + 1, LONG - at);
        assert_int_equal(sink_write(s, data + at, piece), ST_OK);
        assert_int_equal(sink_offset(s), at + piece);
    }
    assert_int_equal(sink_flush(s), ST_OK);
    const uint8_t *got = sink_data(s, &bytes);
    assert_int_equal(bytes, LONG);
    assert_memory_equal(got, data, LONG);
    sink_close(s);
    sink_close(NULL);
    assert_nothing_held(&cx);
    free(data);
}

static void test_sink_file(void **state)
{
    (void)state;
    struct context cx;
    struct sink *s;
    uint8_t *data = long_bytes(), *got = make_bytes(LONG);
    static const size_t pieces[] = {
        1, 255, SINK_FILE_BYTES - 1, SINK_FILE_BYTES, SINK_FILE_BYTES + 1, LONG};
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        int fd = memfd_create("sink", MFD_CLOEXEC);
        struct stat st;
        context_init(&cx);
        assert_int_equal(sink_open_fd(&cx, fd, &s), ST_OK);
        for (size_t at = 0; at < LONG; at += pieces[i]) {
            size_t n = min_size(pieces[i], LONG - at);
            assert_int_equal(sink_write(s, data + at, n), ST_OK);
            assert_int_equal(sink_offset(s), at + n);
        }
        assert_int_equal(sink_flush(s), ST_OK);
        assert_int_equal(sink_flush(s), ST_OK); /* writes nothing more */
        sink_close(s);
        assert_int_equal(fstat(fd, &st), 0);
        assert_int_equal(st.st_size, LONG);
        assert_int_equal(pread(fd, got, LONG, 0), LONG);
        assert_memory_equal(got, data, LONG);
        close(fd);
        assert_nothing_held(&cx);
    }
    free(got);
    free(data);
}

/* However long the pieces are, what the file has between them is whole buffers. */
static void test_sink_whole_buffers(void **state)
{
    (void)state;
    struct context cx;
    struct sink *s;
    enum { WHOLE = SINK_FILE_BYTES, BYTES = 3 * WHOLE + 5 };
    static const size_t pieces[] = {255, 28698, WHOLE + 1, 3 * WHOLE - 1};
    uint8_t *data = make_bytes(BYTES);
    context_init(&cx);
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        int fd = memfd_create("sink", MFD_CLOEXEC);
        struct stat st;
        assert_int_equal(sink_open_fd(&cx, fd, &s), ST_OK);
        for (size_t given = 0, n; given < BYTES; given += n) {
            n = min_size(pieces[i], BYTES - given);
            assert_int_equal(sink_write(s, data + given, n), ST_OK);
            assert_int_equal(fstat(fd, &st), 0);
            assert_int_equal(st.st_size % WHOLE, 0);
            assert_true(given + n - (size_t)st.st_size <= WHOLE);
        }
        sink_close(s);
        close(fd);
    }
    assert_nothing_held(&cx);
    free(data);
}

static void test_sink_full_disk(void **state)
{
    (void)state;
    struct context cx;
    struct sink *s;
    uint8_t *data = long_bytes();
    int fd = open("/dev/full", O_WRONLY | O_CLOEXEC);
    if (fd < 0)
        skip();
    context_init(&cx);
    assert_int_equal(sink_open_fd(&cx, fd, &s), ST_OK);
    assert_int_equal(sink_write(s, data, 10), ST_OK); /* into the buffer */
    assert_int_equal(sink_flush(s), ST_IO);
    assert_string_equal(cx.text, "cannot write (byte 0): No space left on device");
    cx.status = ST_OK; /* the sink remembers by itself */
    assert_int_equal(sink_write(s, data, 1), ST_IO);
    assert_int_equal(sink_flush(s), ST_IO);
    sink_close(s);
    context_init(&cx);
    assert_int_equal(sink_open_fd(&cx, fd, &s), ST_OK);
    assert_int_equal(sink_write(s, data, LONG), ST_IO); /* straight */
    sink_close(s);
    close(fd);
    assert_nothing_held(&cx);
    free(data);
}

static void test_sink_closed_pipe(void **state)
{
    (void)state;
    struct context cx;
    struct sink *s;
    int end[2];
    context_init(&cx);
    signal(SIGPIPE, SIG_IGN);
    assert_int_equal(pipe(end), 0);
    close(end[0]);
    assert_int_equal(sink_open_fd(&cx, end[1], &s), ST_OK);
    assert_int_equal(sink_write(s, "x", 1), ST_OK);
    assert_int_equal(sink_flush(s), ST_IO);
    assert_non_null(strstr(cx.text, "Broken pipe"));
    sink_close(s);
    close(end[1]);
    assert_nothing_held(&cx);
}

static enum status write_memory(struct context *cx, void *user)
{
    struct sink *s;
    enum status st = sink_open_memory(cx, &s);
    if (st != ST_OK)
        return st;
    for (int i = 0; st == ST_OK && i < 3; i++)
        st = sink_write(s, user, LONG);
    assert_int_equal(sink_flush(s), st);
    sink_close(s);
    return st;
}

static enum status write_file(struct context *cx, void *user)
{
    struct sink *s;
    int fd = memfd_create("sink", MFD_CLOEXEC);
    enum status st = sink_open_fd(cx, fd, &s);
    if (st == ST_OK) {
        for (size_t at = 0; st == ST_OK && at < LONG; at += 1000)
            st = sink_write(s, (uint8_t *)user + at, 1000);
        if (st == ST_OK)
            st = sink_flush(s);
        assert_int_equal(sink_flush(s), st);
        sink_close(s);
    }
    close(fd);
    return st;
}

/* A sink that keeps what it gets up to a limit, and says when that was not all. */
static void test_sink_spool(void **state)
{
    (void)state;
    static const size_t limits[] = {
        0, 1, 16 * 1024, LONG - 1, LONG, LONG + 1, (SPOOL_MEMORY_BYTES + 1)};
    uint8_t *data = long_bytes();
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++)
        for (size_t piece = 100; piece <= LONG; piece += LONG - 100) {
            struct context cx;
            struct sink *s, *to;
            size_t bytes;
            context_init(&cx);
            assert_int_equal(sink_open_spool(&cx, limits[i], &s), ST_OK);
            assert_false(sink_over(s));
            for (size_t at = 0; at < LONG; at += piece)
                assert_int_equal(sink_write(s, data + at, min_size(piece, LONG - at)), ST_OK);
            assert_int_equal(sink_flush(s), ST_OK);
            assert_int_equal(sink_offset(s), LONG);
            assert_int_equal(sink_over(s), limits[i] < LONG);
            if (!sink_over(s)) {
                assert_int_equal(sink_open_memory(&cx, &to), ST_OK);
                assert_int_equal(sink_copy(s, to), ST_OK);
                const uint8_t *got = sink_data(to, &bytes);
                assert_int_equal(bytes, LONG);
                assert_memory_equal(got, data, LONG);
                sink_close(to);
            }
            sink_close(s);
            assert_nothing_held(&cx);
        }
    free(data);
}

static enum status sink_spool_job(struct context *cx, void *user)
{
    struct sink *s = (struct sink *)user, *to = NULL; /* anything: not to be looked at */
    uint8_t bytes[300] = {1};
    enum status st = sink_open_spool(cx, (SPOOL_MEMORY_BYTES + 1), &s);
    if (st != ST_OK)
        return st;
    for (int i = 0; st == ST_OK && i < 100; i++)
        st = sink_write(s, bytes, sizeof bytes);
    if (st == ST_OK)
        st = sink_open_memory(cx, &to);
    if (st == ST_OK)
        st = sink_copy(s, to);
    sink_close(to);
    sink_close(s);
    return st;
}

static void test_sink_faults(void **state)
{
    (void)state;
    uint8_t *data = long_bytes();
    sweep_faults(sink_spool_job, data);
    assert_int_equal(sweep_kind(FAULT_ALLOC, ST_NOMEM, write_memory, data), 4);
    assert_int_equal(sweep_kind(FAULT_ALLOC, ST_NOMEM, write_file, data), 2);
    assert_int_equal(sweep_kind(FAULT_WRITE, ST_IO, write_file, data), 3);
    free(data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sink_memory),        cmocka_unit_test(test_sink_file),
        cmocka_unit_test(test_sink_whole_buffers), cmocka_unit_test(test_sink_full_disk),
        cmocka_unit_test(test_sink_closed_pipe),   cmocka_unit_test(test_sink_spool),
        cmocka_unit_test(test_sink_faults),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
