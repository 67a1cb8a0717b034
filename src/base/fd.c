/* SPDX-License-Identifier: MIT */
/* The only calls that read and write what a run works on. */
#include "base/fd.h"

#include <errno.h>
#include <unistd.h>

static ssize_t fault(int error)
{
    errno = error;
    return -1;
}

ssize_t fd_read(struct context *cx, int fd, void *out, size_t bytes)
{
    return fault_due(&cx->faults.read) ? fault(EIO) : read(fd, out, bytes);
}

ssize_t fd_pread(struct context *cx, int fd, void *out, size_t bytes, uint64_t at)
{
    return fault_due(&cx->faults.read) ? fault(EIO) : pread(fd, out, bytes, (off_t)at);
}

ssize_t fd_write(struct context *cx, int fd, const void *data, size_t bytes)
{
    return fault_due(&cx->faults.write) ? fault(ENOSPC) : write(fd, data, bytes);
}

ssize_t fd_pwrite(struct context *cx, int fd, const void *data, size_t bytes, uint64_t at)
{
    return fault_due(&cx->faults.write) ? fault(ENOSPC) : pwrite(fd, data, bytes, (off_t)at);
}
