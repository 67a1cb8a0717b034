/* SPDX-License-Identifier: MIT */
/* Statuses, the counted allocator, sources, sinks and spools. */
#include "support.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/sink.h"
#include "base/size.h"
#include "base/source.h"
#include "base/spool.h"

static void test_statuses(void **state)
{
    (void)state;
    static const struct {
        enum status st;
        int exit_status;
    } wanted[] = {{ST_OK, 0},          {ST_END, 0},   {ST_PARTIAL, 1}, {ST_USAGE, 2},
                  {ST_DAMAGED, 3},     {ST_IO, 4},    {ST_LIMIT, 5},   {ST_NOMEM, 5},
                  {ST_UNSUPPORTED, 3}, {ST_BUG, 70},  {ST_STOPPED, 130}};
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        assert_int_equal(status_exit(wanted[i].st), wanted[i].exit_status);
        assert_true(strlen(status_text(wanted[i].st)) > 0);
    }
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

/* --- sources --- */

/* More than two windows of bytes, each place telling from its neighbors. */
#define LONG 70000

static uint8_t *long_bytes(void)
{
    uint8_t *p = make_bytes(LONG);
    uint64_t seed = 5;
    for (size_t i = 0; i < LONG; i++)
        p[i] = (uint8_t)noise(&seed);
    return p;
}

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

/* --- sinks --- */

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
    static const size_t pieces[] = {1, 255, 16 * 1024 - 1, 16 * 1024, 16 * 1024 + 1, LONG};
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

static void test_sink_faults(void **state)
{
    (void)state;
    uint8_t *data = long_bytes();
    assert_int_equal(sweep_kind(FAULT_ALLOC, ST_NOMEM, write_memory, data), 4);
    assert_int_equal(sweep_kind(FAULT_ALLOC, ST_NOMEM, write_file, data), 2);
    assert_int_equal(sweep_kind(FAULT_WRITE, ST_IO, write_file, data), 5);
    free(data);
}

/* --- spools --- */

#define BIG (SPOOL_MEMORY_BYTES + 1)

/* Bytes at all places, backwards and over the ends of what was written before. */
static void check_spool(struct context *cx, uint64_t size, bool disk)
{
    struct spool *s;
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
    struct spool *s;
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

static void test_spool_limit(void **state)
{
    (void)state;
    struct context cx;
    struct spool *a, *b;
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
    struct spool *s;
    char dir[] = "/tmp/spool-XXXXXX";
    assert_non_null(mkdtemp(dir));
    context_init(&cx);
    cx.temp.dir = dir;
    assert_int_equal(spool_open(&cx, BIG, &s), ST_OK);
    assert_int_equal(rmdir(dir), 0); /* there is nothing in it to be seen */
    spool_close(s);
    assert_int_equal(spool_open(&cx, BIG, &s), ST_IO);
    assert_non_null(strstr(cx.text, dir));
    assert_nothing_held(&cx);
}

static enum status spool_job(struct context *cx, void *user)
{
    uint64_t size = *(uint64_t *)user;
    uint8_t bytes[300] = {1};
    struct spool *s;
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_statuses),         cmocka_unit_test(test_first_error_sticks),
        cmocka_unit_test(test_error_texts),      cmocka_unit_test(test_notes),
        cmocka_unit_test(test_stop),             cmocka_unit_test(test_fault_countdown),
        cmocka_unit_test(test_sizes),            cmocka_unit_test(test_mem_counts),
        cmocka_unit_test(test_mem_limit),        cmocka_unit_test(test_mem_wraps),
        cmocka_unit_test(test_mem_fault),        cmocka_unit_test(test_source_streams),
        cmocka_unit_test(test_source_short),     cmocka_unit_test(test_source_rewinds),
        cmocka_unit_test(test_source_errors),    cmocka_unit_test(test_source_faults),
        cmocka_unit_test(test_sink_memory),      cmocka_unit_test(test_sink_file),
        cmocka_unit_test(test_sink_full_disk),   cmocka_unit_test(test_sink_closed_pipe),
        cmocka_unit_test(test_sink_faults),      cmocka_unit_test(test_spool_places),
        cmocka_unit_test(test_spool_empty),      cmocka_unit_test(test_spool_limit),
        cmocka_unit_test(test_spool_folder),     cmocka_unit_test(test_spool_faults),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
