/* SPDX-License-Identifier: MIT */
/* A window of bytes that slides over a file or a pipe; over memory the window is all of it. */
#include "base/source.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/mem.h"
#include "base/size.h"
#include "base/spool.h"

#define KEPT_IN_MEMORY (64u * 1024)
#define WINDOW_BYTES (16 * 1024)

struct source {
    struct context *cx;
    int fd; /* -1: memory */
    const uint8_t *bytes;
    size_t at, end;     /* unread bytes of the window: bytes[at .. end) */
    uint64_t window_at; /* offset of bytes[0] from where the source was opened */
    off_t start;        /* file offset where it was opened; -1: cannot seek */
    uint64_t size;
    bool ended;
    struct spool *kept; /* of a pipe: its first kept_bytes bytes; NULL: not kept */
    uint64_t kept_bytes;
    unsigned keeping;  /* and those to come: so many times source_keep was called */
    struct source *of; /* whose bytes these are, too; NULL: nobody's */
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

enum status source_open_again(struct source *of, struct source **out)
{
    if (of->fd < 0)
        return source_open_memory(of->cx, of->bytes, (size_t)of->size, out);
    enum status st = source_open_fd(of->cx, of->fd, out);
    if (st != ST_OK)
        return st;
    (*out)->of = of;
    (*out)->start = -1; /* its own place is none of the file's */
    (*out)->size = of->size;
    return ST_OK;
}

void source_close(struct source *s)
{
    if (s == NULL)
        return;
    spool_close(s->kept);
    mem_free(s->cx, s);
}

enum status source_keep(struct source *s)
{
    if (s->fd < 0 || s->start >= 0)
        return ST_OK;
    if (s->keeping > 0) {
        s->keeping++;
        return ST_OK;
    }
    if (s->window_at != 0)
        return fail(s->cx, ST_BUG, "a pipe is kept from its beginning or not at all");
    enum status st = spool_open_growing(s->cx, KEPT_IN_MEMORY, &s->kept);
    if (st == ST_OK && s->end != 0)
        st = spool_write(s->kept, 0, s->window, s->end);
    s->kept_bytes = s->end;
    s->keeping += st == ST_OK;
    return st;
}

void source_forget(struct source *s)
{
    s->keeping -= s->keeping > 0;
}

/* One read, or what is kept; *n is 0 at the end of the input. */
static enum status read_some(struct source *s, uint8_t *to, size_t room, size_t *n)
{
    uint64_t at = s->window_at + s->end;
    if (s->of != NULL)
        return source_pread(s->of, at, to, room, n);
    if (s->kept != NULL && at < s->kept_bytes) {
        *n = s->kept_bytes - at < room ? (size_t)(s->kept_bytes - at) : room;
        return spool_read(s->kept, at, to, *n);
    }
    if (s->kept != NULL && s->keeping == 0) {
        spool_close(s->kept);
        s->kept = NULL;
    }
    ssize_t got;
    do {
        enum status st = check_stop(s->cx);
        if (st != ST_OK)
            return st;
        got = fd_read(s->cx, s->fd, to, room);
    } while (got < 0 && errno == EINTR);
    if (got < 0)
        return fail_errno(s->cx, "cannot read (byte %llu)", (unsigned long long)at);
    *n = (size_t)got;
    if (s->kept == NULL || got == 0)
        return ST_OK;
    s->kept_bytes += *n;
    return spool_write(s->kept, at, to, *n);
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
        size_t n = 0;
        enum status st = read_some(s, s->window + s->end, WINDOW_BYTES - s->end, &n);
        if (st != ST_OK)
            return st;
        s->ended = n == 0;
        s->end += n;
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
    return source_can_pread(s) || s->window_at == 0;
}

enum status source_rewind(struct source *s)
{
    if (s->window_at == 0) { /* the beginning still stands in the window, even of a pipe */
        s->at = 0;
        return ST_OK;
    }
    if (s->start < 0 && s->kept == NULL)
        return fail(s->cx, ST_BUG, "a pipe cannot be read twice");
    if (s->start >= 0 && lseek(s->fd, s->start, SEEK_SET) != s->start)
        return fail_errno(s->cx, "cannot seek to the beginning");
    s->at = s->end = 0;
    s->window_at = 0;
    s->ended = false;
    return ST_OK;
}

bool source_can_pread(const struct source *s)
{
    return s->fd < 0 || s->start >= 0 || s->keeping > 0;
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
    if (s->start < 0) {
        *got = at < s->kept_bytes ? min_size(bytes, (size_t)(s->kept_bytes - at)) : 0;
        return spool_read(s->kept, at, out, *got);
    }
    while (*got < bytes) {
        enum status st = check_stop(s->cx);
        if (st != ST_OK)
            return st;
        ssize_t n = fd_pread(s->cx, s->fd, to + *got, bytes - *got, (uint64_t)s->start + at + *got);
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
