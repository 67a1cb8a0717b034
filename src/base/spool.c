/* SPDX-License-Identifier: MIT */
/* The temporary file is never seen in its directory, so a killed run leaves nothing behind. */
#include "base/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/mem.h"
#include "base/size.h"

struct spool {
    struct context *cx;
    int fd; /* -1: memory */
    bool grows;
    uint64_t bytes;    /* promised, or written so far */
    size_t room, most; /* of memory, where it grows */
    uint8_t *memory;
    const char *dir;
};

/* /var/tmp before /tmp: the latter is often memory, which a spool is there to save. */
static const char *spool_dir(const struct context *cx)
{
    if (cx->temp.dir != NULL)
        return cx->temp.dir;
    const char *dir = getenv("TMPDIR");
    if (dir != NULL && *dir != '\0')
        return dir;
    return access("/var/tmp", W_OK | X_OK) == 0 ? "/var/tmp" : "/tmp";
}

static int open_unnamed(const char *dir)
{
    int fd = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (fd >= 0)
        return fd;
    /*
     * Perhaps a file system without unnamed files, which they tell in many ways: make a named one
     * and take the name away. What else it was will fail again.
     */
    char path[4096];
    if ((size_t)snprintf(path, sizeof path, "%s/giflow-XXXXXX", dir) >= sizeof path) {
        errno = ENAMETOOLONG;
        return -1;
    }
    fd = mkostemp(path, O_CLOEXEC);
    if (fd >= 0 && unlink(path) != 0) {
        int error = errno;
        close(fd);
        errno = error;
        return -1;
    }
    return fd;
}

bool spool_fits(const struct context *cx, uint64_t bytes)
{
    const struct temp_account *t = &cx->temp;
    return t->limit == SIZE_UNLIMITED || (bytes <= t->limit && t->in_use <= t->limit - bytes);
}

bool spool_allowed(const struct context *cx, uint64_t bytes)
{
    return bytes <= SPOOL_MEMORY_BYTES || spool_fits(cx, bytes);
}

/* Takes bytes more from the account of temporary space. */
static enum status charge(struct context *cx, uint64_t bytes)
{
    struct temp_account *t = &cx->temp;
    if (!spool_fits(cx, bytes))
        return fail(cx, ST_LIMIT, "%llu bytes of temporary space needed, the limit is %llu",
                    (unsigned long long)(bytes + t->in_use), (unsigned long long)t->limit);
    t->in_use += bytes;
    if (t->in_use > t->peak)
        t->peak = t->in_use;
    return ST_OK;
}

/* Makes the file of a spool for bytes bytes. */
static enum status make_file(struct spool *s, uint64_t bytes)
{
    struct context *cx = s->cx;
    enum status st = charge(cx, bytes);
    if (st != ST_OK)
        return st;
    s->dir = spool_dir(cx);
    s->fd = open_unnamed(s->dir);
    if (s->fd < 0) {
        cx->temp.in_use -= bytes;
        return fail_errno(cx, "cannot make a temporary file in %s", s->dir);
    }
    return ST_OK;
}

enum status spool_open(struct context *cx, uint64_t bytes, struct spool **out)
{
    struct spool *s = mem_zalloc(cx, sizeof *s);
    if (s == NULL)
        return cx->status;
    s->cx = cx;
    s->fd = -1;
    s->bytes = bytes;
    enum status st = ST_OK;
    if (bytes <= SPOOL_MEMORY_BYTES) {
        s->memory = mem_alloc(cx, (size_t)bytes + 1); /* never of size 0 */
        st = s->memory == NULL ? cx->status : ST_OK;
    } else {
        st = make_file(s, bytes);
    }
    if (st != ST_OK) {
        mem_free(cx, s);
        return st;
    }
    *out = s;
    return ST_OK;
}

enum status spool_open_zeroed(struct context *cx, uint64_t bytes, struct spool **out)
{
    struct spool *s = mem_zalloc(cx, sizeof *s);
    if (s == NULL)
        return cx->status;
    s->cx = cx;
    s->bytes = bytes;
    enum status st = make_file(s, bytes);
    if (st != ST_OK) {
        mem_free(cx, s);
        return st;
    }
    /* takes no room on the disk until it is written to */
    off_t end = bytes <= INT64_MAX ? (off_t)bytes : -1;
    if (ftruncate(s->fd, end) != 0) {
        st = fail_errno(cx, "cannot make a temporary file of %llu bytes in %s",
                        (unsigned long long)bytes, s->dir);
        spool_close(s);
        return st;
    }
    *out = s;
    return ST_OK;
}

enum status spool_open_growing(struct context *cx, size_t memory, struct spool **out)
{
    struct spool *s = mem_zalloc(cx, sizeof *s);
    if (s == NULL)
        return cx->status;
    s->cx = cx;
    s->fd = -1;
    s->grows = true;
    s->most = min_size(memory, SPOOL_MEMORY_BYTES);
    *out = s;
    return ST_OK;
}

void spool_close(struct spool *s)
{
    if (s == NULL)
        return;
    if (s->fd >= 0) {
        close(s->fd); /* nobody reads it again: an error here loses nothing */
        s->cx->temp.in_use -= s->bytes;
    }
    mem_free(s->cx, s->memory);
    mem_free(s->cx, s);
}

static bool inside(const struct spool *s, uint64_t at, size_t bytes)
{
    return at <= s->bytes && bytes <= s->bytes - at;
}

static enum status write_file(struct spool *s, uint64_t at, const void *data, size_t bytes)
{
    const uint8_t *from = data;
    while (bytes > 0) {
        ssize_t n = fd_pwrite(s->cx, s->fd, from, bytes, at);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return fail_errno(s->cx, "cannot write a temporary file in %s", s->dir);
        from += n;
        at += (uint64_t)n;
        bytes -= (size_t)n;
    }
    return ST_OK;
}

/* Makes a growing spool long enough for end bytes, which is more than it has. */
static enum status grow(struct spool *s, uint64_t end)
{
    enum status st = ST_OK;
    if (s->fd < 0 && end > s->room && end <= s->most) {
        size_t room = s->room != 0 ? s->room : 4096;
        while (room < end)
            room *= 2;
        uint8_t *memory = mem_alloc(s->cx, room);
        if (memory == NULL)
            return s->cx->status;
        if (s->bytes != 0)
            memcpy(memory, s->memory, (size_t)s->bytes);
        mem_free(s->cx, s->memory);
        s->memory = memory;
        s->room = room;
    } else if (s->fd < 0 && end > s->room) {
        st = make_file(s, end);
        if (st == ST_OK && s->bytes != 0)
            st = write_file(s, 0, s->memory, (size_t)s->bytes);
        if (s->fd >= 0) {
            mem_free(s->cx, s->memory);
            s->memory = NULL;
            s->bytes = end; /* what the account has been charged with */
        }
    } else if (s->fd >= 0) {
        st = charge(s->cx, end - s->bytes);
    }
    if (st == ST_OK)
        s->bytes = end;
    return st;
}

enum status spool_write(struct spool *s, uint64_t at, const void *data, size_t bytes)
{
    if (s->grows && at <= s->bytes && bytes > s->bytes - at && bytes <= UINT64_MAX - at) {
        enum status st = grow(s, at + bytes);
        if (st != ST_OK)
            return st;
    }
    if (!inside(s, at, bytes))
        return fail(s->cx, ST_BUG, "spool: write of %zu bytes at %llu of %llu", bytes,
                    (unsigned long long)at, (unsigned long long)s->bytes);
    if (s->fd >= 0)
        return write_file(s, at, data, bytes);
    memcpy(s->memory + at, data, bytes);
    return ST_OK;
}

enum status spool_read(struct spool *s, uint64_t at, void *out, size_t bytes)
{
    if (!inside(s, at, bytes))
        return fail(s->cx, ST_BUG, "spool: read of %zu bytes at %llu of %llu", bytes,
                    (unsigned long long)at, (unsigned long long)s->bytes);
    if (s->fd < 0) {
        memcpy(out, s->memory + at, bytes);
        return ST_OK;
    }
    uint8_t *to = out;
    while (bytes > 0) {
        ssize_t n = fd_pread(s->cx, s->fd, to, bytes, at);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return fail_errno(s->cx, "cannot read a temporary file in %s", s->dir);
        if (n == 0)
            return fail(s->cx, ST_BUG, "spool: nothing was written at %llu",
                        (unsigned long long)at);
        to += n;
        at += (uint64_t)n;
        bytes -= (size_t)n;
    }
    return ST_OK;
}
