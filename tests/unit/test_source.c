/* SPDX-License-Identifier: MIT */
/* Sources over files, pipes and memory: sniffed, streamed, rewound, read at places. */
#include "long_bytes.h"

#include <fcntl.h>
#include <pthread.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/size.h"
#include "base/source.h"

struct writer {
    int fd;
    const uint8_t *data;
    size_t bytes, step;
};

static void *write_slowly(void *user)
{
    struct writer *w = user;
    for (size_t at = 0; at < w->bytes;) {
        ssize_t n = write(w->fd, w->data + at, min_size(w->step, w->bytes - at));
        if (n < 0)
            break;
        at += (size_t)n;
    }
    close(w->fd);
    return NULL;
}

enum kind { FROM_MEMORY, FROM_FILE, FROM_PIPE, KINDS };

struct input {
    struct context cx;
    struct source *src;
    enum kind kind;
    int fd;
    pthread_t thread;
    struct writer writer;
};

static void input_open(struct input *in, enum kind kind, const uint8_t *data, size_t bytes,
                       size_t step)
{
    int end[2];
    context_init(&in->cx);
    in->kind = kind;
    in->fd = -1;
    if (kind == FROM_MEMORY) {
        assert_int_equal(source_open_memory(&in->cx, data, bytes, &in->src), ST_OK);
        return;
    }
    if (kind == FROM_FILE) {
        in->fd = memfd_create("source", MFD_CLOEXEC);
        assert_int_equal(write(in->fd, "before", 6), 6); /* where it is opened is its beginning */
        assert_int_equal(write(in->fd, data, bytes), bytes);
        assert_int_equal(lseek(in->fd, 6, SEEK_SET), 6);
    } else {
        assert_int_equal(pipe(end), 0);
        in->fd = end[0];
        in->writer = (struct writer){end[1], data, bytes, step};
        assert_int_equal(pthread_create(&in->thread, NULL, write_slowly, &in->writer), 0);
    }
    assert_int_equal(source_open_fd(&in->cx, in->fd, &in->src), ST_OK);
}

static void input_close(struct input *in)
{
    source_close(in->src);
    if (in->fd >= 0)
        close(in->fd);
    if (in->kind == FROM_PIPE)
        pthread_join(in->thread, NULL);
    assert_nothing_held(&in->cx);
}

/* Sniffed, then streamed in pieces of all sizes: every byte comes once. */
static void test_source_streams(void **state)
{
    (void)state;
    uint8_t *data = long_bytes(), *got = make_bytes(LONG);
    for (enum kind kind = 0; kind < KINDS; kind++)
        for (size_t step = 1; step <= 40000; step *= 200) {
            struct input in;
            const uint8_t *head;
            size_t n, at = 0, piece = 1;
            input_open(&in, kind, data, LONG, step);
            assert_int_equal(source_size(in.src), kind == FROM_PIPE ? SIZE_UNLIMITED : LONG);
            assert_int_equal(source_peek(in.src, SNIFF_BYTES, &head, &n), ST_OK);
            assert_true(n >= SNIFF_BYTES);
            assert_memory_equal(head, data, n);
            assert_int_equal(source_offset(in.src), 0);
            do {
                piece = piece * 5 % 30011;
                if (piece % 3 == 0) {
                    assert_int_equal(source_peek(in.src, piece % 65, &head, &n), ST_OK);
                    assert_true(n >= min_size(piece % 65, LONG - at) && n <= LONG - at);
                    assert_memory_equal(head, data + at, n);
                    n = min_size(n, piece);
                    memcpy(got + at, head, n);
                    source_consume(in.src, n);
                } else if (piece % 3 == 1) {
                    uint64_t skipped;
                    assert_int_equal(source_skip(in.src, piece, &skipped), ST_OK);
                    assert_int_equal(skipped, min_size(piece, LONG - at));
                    n = (size_t)skipped;
                    memcpy(got + at, data + at, n);
                } else {
                    assert_int_equal(source_read(in.src, got + at, min_size(piece, LONG - at), &n),
                                     ST_OK);
                    assert_int_equal(n, min_size(piece, LONG - at));
                }
                at += n;
                assert_int_equal(source_offset(in.src), at);
            } while (at < LONG);
            assert_memory_equal(got, data, LONG);
            for (int again = 0; again < 2; again++) {
                uint64_t skipped;
                assert_int_equal(source_read(in.src, got, 9, &n), ST_OK);
                assert_int_equal(n, 0);
                assert_int_equal(source_peek(in.src, 9, &head, &n), ST_OK);
                assert_int_equal(n, 0);
                assert_int_equal(source_skip(in.src, 9, &skipped), ST_OK);
                assert_int_equal(skipped, 0);
            }
            input_close(&in);
        }
    free(got);
    free(data);
}

static void test_source_short(void **state)
{
    (void)state;
    for (enum kind kind = 0; kind < KINDS; kind++)
        for (size_t bytes = 0; bytes < 3; bytes++) {
            struct input in;
            const uint8_t *head;
            uint8_t out[8];
            size_t n;
            input_open(&in, kind, (const uint8_t *)"ab", bytes, 1);
            assert_int_equal(source_peek(in.src, SNIFF_BYTES, &head, &n), ST_OK);
            assert_int_equal(n, bytes);
            assert_int_equal(source_read(in.src, out, sizeof out, &n), ST_OK);
            assert_int_equal(n, bytes);
            assert_memory_equal(out, "ab", bytes);
            input_close(&in);
        }
}

static void test_source_rewinds(void **state)
{
    (void)state;
    uint8_t *data = long_bytes(), *got = make_bytes(LONG);
    for (enum kind kind = 0; kind < KINDS; kind++) {
        struct input in;
        size_t n;
        input_open(&in, kind, data, LONG, 100);
        assert_int_equal(source_read(in.src, got, 50, &n), ST_OK);
        assert_true(source_can_rewind(in.src)); /* a pipe too: its beginning is still there */
        for (int round = 0; round < 3; round++) {
            assert_int_equal(source_rewind(in.src), ST_OK);
            assert_int_equal(source_offset(in.src), 0);
            assert_int_equal(source_read(in.src, got, 100, &n), ST_OK);
            assert_int_equal(n, 100);
            assert_memory_equal(got, data, 100);
        }
        assert_int_equal(source_read(in.src, got, LONG, &n), ST_OK);
        assert_int_equal(n, LONG - 100);
        assert_memory_equal(got, data + 100, LONG - 100);
        if (kind == FROM_PIPE) {
            assert_false(source_can_rewind(in.src));
            assert_int_equal(source_rewind(in.src), ST_BUG);
        } else {
            assert_true(source_can_rewind(in.src));
            assert_int_equal(source_rewind(in.src), ST_OK);
            assert_int_equal(source_read(in.src, got, LONG, &n), ST_OK);
            assert_int_equal(n, LONG);
            assert_memory_equal(got, data, LONG);
        }
        input_close(&in);
    }
    free(got);
    free(data);
}

static void test_source_errors(void **state)
{
    (void)state;
    struct context cx;
    struct source *src;
    const uint8_t *head;
    uint8_t out[8];
    uint64_t skipped;
    size_t n;
    volatile sig_atomic_t stop = 0;

    /* reading a folder fails */
    context_init(&cx);
    int fd = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    assert_true(fd >= 0);
    assert_int_equal(source_open_fd(&cx, fd, &src), ST_OK);
    assert_int_equal(source_peek(src, 1, &head, &n), ST_IO);
    assert_non_null(strstr(cx.text, "cannot read (byte 0): "));
    source_close(src);
    close(fd);

    /* a signal is seen before each wait */
    context_init(&cx);
    cx.stop = &stop;
    fd = open("/dev/zero", O_RDONLY | O_CLOEXEC);
    assert_int_equal(source_open_fd(&cx, fd, &src), ST_OK);
    assert_false(source_size(src) != SIZE_UNLIMITED);
    assert_int_equal(source_read(src, out, sizeof out, &n), ST_OK);
    assert_int_equal(n, sizeof out);
    stop = 2;
    assert_int_equal(source_skip(src, UINT64_MAX, &skipped), ST_STOPPED);
    source_close(src);
    close(fd);
    assert_nothing_held(&cx);

    context_init(&cx);
    cx.faults.alloc = 1;
    assert_int_equal(source_open_fd(&cx, 0, &src), ST_NOMEM);
    context_init(&cx);
    cx.faults.alloc = 1;
    assert_int_equal(source_open_memory(&cx, out, 1, &src), ST_NOMEM);
    assert_nothing_held(&cx);
}

static enum status read_all(struct context *cx, void *user)
{
    int fd = *(int *)user;
    struct source *src;
    uint8_t *out = make_bytes(LONG);
    size_t n;
    assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
    enum status st = source_open_fd(cx, fd, &src);
    if (st == ST_OK) {
        st = source_read(src, out, LONG, &n);
        source_close(src);
    }
    free(out);
    return st;
}

static void test_source_faults(void **state)
{
    (void)state;
    uint8_t *data = long_bytes();
    int fd = memfd_create("source", MFD_CLOEXEC);
    assert_int_equal(write(fd, data, LONG), LONG);
    sweep_faults(read_all, &fd);
    close(fd);
    free(data);
}

static void test_source_pread(void **state)
{
    (void)state;
    uint8_t *data = long_bytes(), *out = make_bytes(LONG);
    for (enum kind kind = 0; kind < KINDS; kind++) {
        struct input in;
        size_t n;
        input_open(&in, kind, data, LONG, 5000);
        assert_int_equal(source_read(in.src, out, 20, &n), ST_OK);
        assert_int_equal(source_can_pread(in.src), kind != FROM_PIPE);
        if (kind == FROM_PIPE) {
            assert_int_equal(source_pread(in.src, 0, out, 1, &n), ST_BUG);
        } else {
            static const size_t places[] = {0,        1,    20,       40000,
                                            LONG - 1, LONG, LONG + 1, SIZE_MAX / 4};
            for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
                size_t left = places[i] < LONG ? LONG - places[i] : 0;
                assert_int_equal(source_pread(in.src, places[i], out, 30000, &n), ST_OK);
                assert_int_equal(n, min_size(left, 30000));
                assert_memory_equal(out, data + (n != 0 ? places[i] : 0), n);
            }
        }
        in.cx.status = ST_OK;
        assert_int_equal(source_offset(in.src), 20); /* and the stream goes on where it was */
        assert_int_equal(source_read(in.src, out, LONG, &n), ST_OK);
        assert_int_equal(n, LONG - 20);
        assert_memory_equal(out, data + 20, n);
        input_close(&in);
    }
    free(out);
    free(data);
}

/* Around the end; in a file with the system's error. */
static void test_source_pread_edges(void **state)
{
    (void)state;
    enum { BYTES = 39000 };
    uint8_t *data = long_bytes(), out[100];
    for (enum kind kind = FROM_MEMORY; kind <= FROM_FILE; kind++) {
        static const uint64_t places[] = {0, 12345, BYTES - 100, BYTES - 1, BYTES, 1 << 30};
        struct input in;
        uint64_t skipped;
        size_t n;
        input_open(&in, kind, data, BYTES, 1);
        assert_int_equal(source_skip(in.src, 20000, &skipped), ST_OK);
        for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
            size_t left = places[i] < BYTES ? BYTES - (size_t)places[i] : 0;
            assert_int_equal(source_pread(in.src, places[i], out, sizeof out, &n), ST_OK);
            assert_int_equal(n, min_size(left, sizeof out));
            assert_memory_equal(out, data + (n != 0 ? places[i] : 0), n);
        }
        assert_int_equal(source_offset(in.src), 20000);
        assert_int_equal(source_read(in.src, out, 10, &n), ST_OK);
        assert_memory_equal(out, data + 20000, 10);
        if (kind == FROM_FILE) {
            in.cx.faults.read = 1;
            assert_int_equal(source_pread(in.src, 0, out, 1, &n), ST_IO);
        }
        input_close(&in);
    }
    free(data);
}

/* Two readers of the same bytes, by turns, each at its own place. */
static void test_source_again(void **state)
{
    (void)state;
    uint8_t *data = long_bytes(), *out = make_bytes(LONG);
    for (enum kind kind = 0; kind < KINDS; kind++) {
        struct input in;
        struct source *again;
        size_t n;
        input_open(&in, kind, data, LONG, 5000);
        if (source_can_pread(in.src)) {
            assert_int_equal(source_read(in.src, out, 30000, &n), ST_OK);
            assert_int_equal(source_open_again(in.src, &again), ST_OK);
            assert_int_equal(source_size(again), source_size(in.src));
            for (size_t at = 0; at < LONG - 30000; at += n) {
                assert_int_equal(source_read(again, out, 7001, &n), ST_OK);
                assert_memory_equal(out, data + at, n);
                assert_int_equal(source_read(in.src, out, n, &n), ST_OK);
                assert_memory_equal(out, data + 30000 + at, n);
            }
            source_close(again);
        }
        assert_int_equal(source_read(in.src, out, LONG, &n), ST_OK);
        input_close(&in);
    }
    free(out);
    free(data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_source_streams),     cmocka_unit_test(test_source_short),
        cmocka_unit_test(test_source_rewinds),     cmocka_unit_test(test_source_errors),
        cmocka_unit_test(test_source_faults),      cmocka_unit_test(test_source_pread),
        cmocka_unit_test(test_source_pread_edges), cmocka_unit_test(test_source_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
