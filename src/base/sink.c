/* SPDX-License-Identifier: MIT */
/* Buffered writing with an error that sticks. */
#include "base/sink.h"

#include <errno.h>
#include <string.h>

#include "base/fd.h"
#include "base/mem.h"
#include "base/size.h"
#include "base/spool.h"

#define BUFFER_BYTES (16 * 1024)

struct sink {
    struct context *cx;
    int fd;              /* -1: memory or spool */
    struct spool *spool; /* NULL: none */
    uint64_t limit;      /* of the spool */
    bool over;
    enum status status;
    uint64_t written; /* bytes that have left the buffer; 0 in a memory sink */
    size_t used, room;
    uint8_t *buffer;
};

static enum status open_sink(struct context *cx, int fd, struct sink **out)
{
    struct sink *s = mem_zalloc(cx, sizeof *s);
    if (s == NULL)
        return cx->status;
    s->cx = cx;
    s->fd = fd;
    s->room = fd < 0 ? BUFFER_BYTES : SINK_FILE_BYTES;
    s->buffer = mem_alloc(cx, s->room);
    if (s->buffer == NULL) {
        mem_free(cx, s);
        return cx->status;
    }
    *out = s;
    return ST_OK;
}

enum status sink_open_fd(struct context *cx, int fd, struct sink **out)
{
    return open_sink(cx, fd, out);
}

enum status sink_open_memory(struct context *cx, struct sink **out)
{
    return open_sink(cx, -1, out);
}

/* The spool is the sink's from here on, also where there comes to be none. */
static enum status open_over(struct context *cx, struct spool *spool, uint64_t limit,
                             struct sink **out)
{
    enum status st = open_sink(cx, -1, out);
    if (st != ST_OK) {
        spool_close(spool);
        return st;
    }
    (*out)->spool = spool;
    (*out)->limit = limit;
    return ST_OK;
}

enum status sink_open_spool(struct context *cx, uint64_t limit, struct sink **out)
{
    struct spool *spool;
    enum status st = spool_open(cx, limit, &spool);
    return st == ST_OK ? open_over(cx, spool, limit, out) : st;
}

enum status sink_open_growing(struct context *cx, size_t memory, struct sink **out)
{
    struct spool *spool;
    enum status st = spool_open_growing(cx, memory, &spool);
    return st == ST_OK ? open_over(cx, spool, SIZE_UNLIMITED, out) : st;
}

enum status sink_read(struct sink *spool, uint64_t at, void *out, size_t bytes)
{
    return spool_read(spool->spool, at, out, bytes);
}

void sink_reset(struct sink *spool)
{
    spool->written = 0;
    spool->used = 0;
    spool->over = false;
}

bool sink_over(const struct sink *s)
{
    return s->over;
}

void sink_close(struct sink *s)
{
    if (s == NULL)
        return;
    spool_close(s->spool);
    mem_free(s->cx, s->buffer);
    mem_free(s->cx, s);
}

static enum status write_spool(struct sink *s, const uint8_t *data, size_t bytes)
{
    s->over = s->over || bytes > s->limit - s->written;
    if (!s->over)
        s->status = spool_write(s->spool, s->written, data, bytes);
    s->written += bytes;
    return s->status;
}

static enum status write_all(struct sink *s, const uint8_t *data, size_t bytes)
{
    if (s->spool != NULL)
        return write_spool(s, data, bytes);
    while (bytes > 0) {
        enum status st = check_stop(s->cx);
        if (st != ST_OK)
            return s->status = st;
        ssize_t n = fd_write(s->cx, s->fd, data, bytes);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return s->status = fail_errno(s->cx, "cannot write (byte %llu)",
                                          (unsigned long long)s->written);
        data += n;
        bytes -= (size_t)n;
        s->written += (uint64_t)n;
    }
    return ST_OK;
}

/* Room for bytes more in a memory sink. */
static enum status grow(struct sink *s, size_t bytes)
{
    size_t need, room = s->room;
    if (!size_add(s->used, bytes, &need))
        return s->status = fail(s->cx, ST_NOMEM, "no memory for %zu bytes more", bytes);
    while (room < need)
        if (!size_mul(room, 2, &room))
            room = need;
    uint8_t *buffer = mem_alloc(s->cx, room);
    if (buffer == NULL)
        return s->status = s->cx->status;
    memcpy(buffer, s->buffer, s->used);
    mem_free(s->cx, s->buffer);
    s->buffer = buffer;
    s->room = room;
    return ST_OK;
}

static bool in_memory(const struct sink *s)
{
    return s->fd < 0 && s->spool == NULL;
}

enum status sink_flush(struct sink *s)
{
    if (s->status != ST_OK || in_memory(s) || s->used == 0)
        return s->status;
    enum status st = write_all(s, s->buffer, s->used);
    s->used = 0;
    return st;
}

/* What of the data makes whole buffers, with those before it; the rest is less than one. */
static enum status write_whole(struct sink *s, const uint8_t **data, size_t *bytes)
{
    size_t n = s->used == 0 ? 0 : s->room - s->used;
    memcpy(s->buffer + s->used, *data, n);
    s->used += n;
    enum status st = sink_flush(s);
    size_t whole = (*bytes - n) / s->room * s->room;
    if (st == ST_OK && whole != 0)
        st = write_all(s, *data + n, whole);
    *data += n + whole;
    *bytes -= n + whole;
    return st;
}

enum status sink_write(struct sink *s, const void *data, size_t bytes)
{
    const uint8_t *p = data;
    if (s->status != ST_OK)
        return s->status;
    if (bytes > s->room - s->used) {
        enum status st = in_memory(s) ? grow(s, bytes) : write_whole(s, &p, &bytes);
        if (st != ST_OK)
            return st;
    }
    memcpy(s->buffer + s->used, p, bytes);
    s->used += bytes;
    return ST_OK;
}

enum status sink_copy(struct sink *spool, struct sink *to)
{
    enum status st = sink_flush(spool);
    for (uint64_t at = 0; st == ST_OK && at < spool->written;) {
        size_t n = spool->written - at < spool->room ? (size_t)(spool->written - at) : spool->room;
        st = spool_read(spool->spool, at, spool->buffer, n);
        if (st == ST_OK)
            st = sink_write(to, spool->buffer, n);
        at += n;
    }
    return st;
}

enum status sink_status(const struct sink *s)
{
    return s->status;
}

uint64_t sink_offset(const struct sink *s)
{
    return s->written + s->used;
}

const uint8_t *sink_data(const struct sink *s, size_t *bytes)
{
    *bytes = s->used;
    return s->buffer;
}
