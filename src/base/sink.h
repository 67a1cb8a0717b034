/* SPDX-License-Identifier: MIT */
/* Where bytes go: a file, a pipe, or memory. The first error sticks. */
#ifndef GIFLOW_BASE_SINK_H
#define GIFLOW_BASE_SINK_H

#include "base/context.h"

struct sink;

/*
 * Files are written in whole buffers of this size, at multiples of it: half of the time that rows
 * of 16 KiB would take, as file systems that have pages of several sizes choose theirs by the
 * write's.
 */
#define SINK_FILE_BYTES (128 * 1024)

/* fd stays the caller's, who also syncs and closes it. */
enum status sink_open_fd(struct context *cx, int fd, struct sink **out) MUST_CHECK;
/* Keeps everything in memory that grows; for tests and small results. */
enum status sink_open_memory(struct context *cx, struct sink **out) MUST_CHECK;
/* Keeps up to limit bytes in a spool; goes on without keeping any once there are more. */
enum status sink_open_spool(struct context *cx, uint64_t limit, struct sink **out) MUST_CHECK;
/* Keeps everything in a spool, up to memory bytes of it in memory. For bytes to be read again. */
enum status sink_open_growing(struct context *cx, size_t memory, struct sink **out) MUST_CHECK;
/* What a spool sink holds; bytes at most what stands from at on. After sink_flush. */
enum status sink_read(struct sink *spool, uint64_t at, void *out, size_t bytes) MUST_CHECK;
void sink_reset(struct sink *spool); /* it holds nothing again; an error stays */
/* A spool sink was given more than its limit: there is nothing to copy. */
bool sink_over(const struct sink *s);
/* Writes what a spool sink holds to another sink. */
enum status sink_copy(struct sink *spool, struct sink *to) MUST_CHECK;

void sink_close(struct sink *s); /* frees; writes nothing; s may be NULL */

/* Errors: ST_IO (disk full, broken pipe), ST_NOMEM (memory sink); later calls repeat them. */
enum status sink_write(struct sink *s, const void *data, size_t bytes) MUST_CHECK;
enum status sink_flush(struct sink *s) MUST_CHECK;

enum status sink_status(const struct sink *s); /* the error that sticks to it, or ST_OK */
uint64_t sink_offset(const struct sink *s);    /* bytes written so far */
const uint8_t *sink_data(const struct sink *s, size_t *bytes); /* memory sink only */

#endif
