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

#include "base/mem.h"
#include "base/size.h"

struct spool {
    struct context *cx;
    int fd; /* -1: memory */
    uint64_t bytes;
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
    if (fd >= 0 || (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL))
        return fd;
    /* a file system without unnamed files: make a named one and take the name away */
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

bool spool_allowed(const struct context *cx, uint64_t bytes)
{
    const struct temp_account *t = &cx->temp;
    return bytes <= SPOOL_MEMORY_BYTES || t->limit == SIZE_UNLIMITED ||
           (bytes <= t->limit && t->in_use <= t->limit - bytes);
}

enum status spool_open(struct context *cx, uint64_t bytes, struct spool **out)
{
    struct temp_account *t = &cx->temp;
    if (!spool_allowed(cx, bytes))
        return fail(cx, ST_LIMIT, "%llu bytes of temporary space needed, the limit is %llu",
                    (unsigned long long)(bytes + t->in_use), (unsigned long long)t->limit);
    struct spool *s = mem_zalloc(cx, sizeof *s);
    if (s == NULL)
        return cx->status;
    s->cx = cx;
    s->fd = -1;
    s->bytes = bytes;
    if (bytes <= SPOOL_MEMORY_BYTES) {
        s->memory = mem_alloc(cx, (size_t)bytes + 1); /* never of size 0 */
        if (s->memory == NULL) {
            mem_free(cx, s);
            return cx->status;
        }
    } else {
        s->dir = spool_dir(cx);
        s->fd = open_unnamed(s->dir);
        if (s->fd < 0) {
            enum status st = fail_errno(cx, "cannot make a temporary file in %s", s->dir);
            mem_free(cx, s);
            return st;
        }
        t->in_use += bytes;
        if (t->in_use > t->peak)
            t->peak = t->in_use;
    }
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

enum status spool_write(struct spool *s, uint64_t at, const void *data, size_t bytes)
{
    if (!inside(s, at, bytes))
        return fail(s->cx, ST_BUG, "spool: write of %zu bytes at %llu of %llu", bytes,
                    (unsigned long long)at, (unsigned long long)s->bytes);
    if (s->fd < 0) {
        memcpy(s->memory + at, data, bytes);
        return ST_OK;
    }
    const uint8_t *from = data;
    while (bytes > 0) {
        ssize_t n;
        if (fault_due(&s->cx->faults.write)) {
            errno = ENOSPC;
            n = -1;
        } else {
            n = pwrite(s->fd, from, bytes, (off_t)at);
        }
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
        ssize_t n;
        if (fault_due(&s->cx->faults.read)) {
            errno = EIO;
            n = -1;
        } else {
            n = pread(s->fd, to, bytes, (off_t)at);
        }
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
