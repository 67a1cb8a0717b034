/* SPDX-License-Identifier: MIT */
/* A window of bytes that slides over a file or a pipe; over memory the window is all of it. */
#include "base/source.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/size.h"

#define WINDOW_BYTES (16 * 1024)

struct source {
    struct context *cx;
    int fd; /* -1: memory */
    const uint8_t *bytes;
    size_t at, end;      /* unread bytes of the window: bytes[at .. end) */
    uint64_t window_at;  /* offset of bytes[0] from where the source was opened */
    off_t start;         /* file offset where it was opened; -1: cannot seek */
    uint64_t size;
    bool ended;
    uint8_t window[];
};

enum status source_open_memory(struct context *cx, const uint8_t *data, size_t bytes,
                               struct source **out)
{
    struct source *s = mem_zalloc(cx, sizeof *s);
    if (s == NULL)
        return cx->status;
    s->cx = cx;
    s->fd = -1;
    s->bytes = data;
    s->end = bytes;
    s->size = bytes;
    s->ended = true;
    *out = s;
    return ST_OK;
}

enum status source_open_fd(struct context *cx, int fd, struct source **out)
{
    struct source *s = mem_alloc(cx, sizeof *s + WINDOW_BYTES);
    if (s == NULL)
        return cx->status;
    memset(s, 0, sizeof *s);
    s->cx = cx;
    s->fd = fd;
    s->bytes = s->window;
    s->start = lseek(fd, 0, SEEK_CUR);
    s->size = SIZE_UNLIMITED;
    struct stat st;
    if (s->start >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
        s->size = st.st_size > s->start ? (uint64_t)(st.st_size - s->start) : 0;
    else
        s->start = -1; /* a device may seek and still not give the same bytes again */
    *out = s;
    return ST_OK;
}

void source_close(struct source *s)
{
    if (s != NULL)
        mem_free(s->cx, s);
}

/* Reads until want bytes stand in the window or the input ends. want <= WINDOW_BYTES. */
static enum status fill(struct source *s, size_t want)
{
    if (s->end - s->at >= want || s->ended)
        return ST_OK;
    memmove(s->window, s->window + s->at, s->end - s->at);
    s->window_at += s->at;
    s->end -= s->at;
    s->at = 0;
    while (s->end < want && !s->ended) {
        enum status st = check_stop(s->cx);
        if (st != ST_OK)
            return st;
        ssize_t n;
        if (fault_due(&s->cx->faults.read)) {
            errno = EIO;
            n = -1;
        } else {
            n = read(s->fd, s->window + s->end, WINDOW_BYTES - s->end);
        }
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return fail_errno(s->cx, "cannot read (byte %llu)",
                              (unsigned long long)(s->window_at + s->end));
        if (n == 0)
            s->ended = true;
        s->end += (size_t)n;
    }
    return ST_OK;
}

enum status source_peek(struct source *s, size_t want, const uint8_t **data, size_t *got)
{
    enum status st = fill(s, want == 0 ? 1 : want);
    *data = s->bytes + s->at;
    *got = s->end - s->at;
    return st;
}

void source_consume(struct source *s, size_t bytes)
{
    s->at += bytes;
}

enum status source_read(struct source *s, void *out, size_t bytes, size_t *got)
{
    uint8_t *to = out;
    *got = 0;
    while (*got < bytes) {
        enum status st = fill(s, 1);
        if (st != ST_OK)
            return st;
        size_t n = min_size(s->end - s->at, bytes - *got);
        if (n == 0)
            break;
        memcpy(to + *got, s->bytes + s->at, n);
        s->at += n;
        *got += n;
    }
    return ST_OK;
}

enum status source_skip(struct source *s, uint64_t bytes, uint64_t *got)
{
    *got = 0;
    while (*got < bytes) {
        enum status st = fill(s, 1);
        if (st != ST_OK)
            return st;
        uint64_t n = s->end - s->at;
        if (n == 0)
            break;
        if (n > bytes - *got)
            n = bytes - *got;
        s->at += (size_t)n;
        *got += n;
    }
    return ST_OK;
}

bool source_can_rewind(const struct source *s)
{
    return s->fd < 0 || s->start >= 0 || s->window_at == 0;
}

enum status source_rewind(struct source *s)
{
    if (s->window_at == 0) { /* the beginning still stands in the window, even of a pipe */
        s->at = 0;
        return ST_OK;
    }
    if (s->start < 0)
        return fail(s->cx, ST_BUG, "a pipe cannot be read twice");
    if (lseek(s->fd, s->start, SEEK_SET) != s->start)
        return fail_errno(s->cx, "cannot seek to the beginning");
    s->at = s->end = 0;
    s->window_at = 0;
    s->ended = false;
    return ST_OK;
}

bool source_can_pread(const struct source *s)
{
    return s->fd < 0 || s->start >= 0;
}

enum status source_pread(struct source *s, uint64_t at, void *out, size_t bytes, size_t *got)
{
    uint8_t *to = out;
    *got = 0;
    if (!source_can_pread(s))
        return fail(s->cx, ST_BUG, "a pipe cannot be read at a place");
    if (s->fd < 0) {
        *got = at < s->size ? min_size(bytes, (size_t)(s->size - at)) : 0;
        memcpy(out, s->bytes + (*got != 0 ? at : 0), *got);
        return check_stop(s->cx);
    }
    while (*got < bytes) {
        enum status st = check_stop(s->cx);
        if (st != ST_OK)
            return st;
        ssize_t n;
        if (fault_due(&s->cx->faults.read)) {
            errno = EIO;
            n = -1;
        } else {
            n = pread(s->fd, to + *got, bytes - *got, s->start + (off_t)(at + *got));
        }
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return fail_errno(s->cx, "cannot read (byte %llu)", (unsigned long long)(at + *got));
        if (n == 0)
            break;
        *got += (size_t)n;
    }
    return ST_OK;
}

uint64_t source_offset(const struct source *s)
{
    return s->window_at + s->at;
}

uint64_t source_size(const struct source *s)
{
    return s->size;
}
