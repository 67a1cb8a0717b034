/* SPDX-License-Identifier: MIT */
/* Reading and writing by file descriptor, where tests can have the n-th call fail. */
#ifndef GIFLOW_BASE_FD_H
#define GIFLOW_BASE_FD_H

#include <sys/types.h>

#include "base/context.h"

/*
 * As the calls of the system are, errno included: fewer bytes may come or go than asked for, and
 * EINTR is the caller's, who may have been asked to stop. A fault is EIO, or ENOSPC in writing.
 */
ssize_t fd_read(struct context *cx, int fd, void *out, size_t bytes);
ssize_t fd_pread(struct context *cx, int fd, void *out, size_t bytes, uint64_t at);
ssize_t fd_write(struct context *cx, int fd, const void *data, size_t bytes);
ssize_t fd_pwrite(struct context *cx, int fd, const void *data, size_t bytes, uint64_t at);

#endif
