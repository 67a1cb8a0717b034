/* SPDX-License-Identifier: MIT */
/* Where bytes come from: a file, a pipe or memory. A pipe can be sniffed, then streamed. */
#ifndef GIFLOW_BASE_SOURCE_H
#define GIFLOW_BASE_SOURCE_H

#include "base/context.h"

#define SNIFF_BYTES 64

struct source;

/* fd stays the caller's. Errors: ST_NOMEM. */
enum status source_open_fd(struct context *cx, int fd, struct source **out) MUST_CHECK;
/* data stays the caller's and must outlive the source. */
enum status source_open_memory(struct context *cx, const uint8_t *data, size_t bytes,
                               struct source **out) MUST_CHECK;
/*
 * Another reader of the same bytes, from where of was opened, for which source_can_pread is true
 * and which must outlive it. It can be read once. Errors: ST_NOMEM.
 */
enum status source_open_again(struct source *of, struct source **out) MUST_CHECK;
void source_close(struct source *s); /* s may be NULL */

/*
 * The bytes from the present place on, at least want of them where the input has as many
 * (want <= SNIFF_BYTES), without consuming. *got is what stands there: 0 at the end of the input.
 * The pointer is good until the next call. Errors: ST_IO, ST_STOPPED.
 */
enum status source_peek(struct source *s, size_t want, const uint8_t **data,
                        size_t *got) MUST_CHECK;
void source_consume(struct source *s, size_t bytes); /* at most what was peeked */

/* Copies out and consumes. *got < bytes only at the end of the input. */
enum status source_read(struct source *s, void *out, size_t bytes, size_t *got) MUST_CHECK;
/* Consumes up to bytes; *got as above. */
enum status source_skip(struct source *s, uint64_t bytes, uint64_t *got) MUST_CHECK;

/*
 * From here on a pipe is kept in a spool as it is read, and so can be read again and at any place
 * that has been read; nothing changes for what can already. To be called before anything is
 * consumed. Errors: ST_NOMEM, and reading then also fails as the spool does.
 */
enum status source_keep(struct source *s) MUST_CHECK;
/*
 * No more, once it was called as often as source_keep: what stands in the spool is read once more
 * after a rewind, and that is the last one.
 */
void source_forget(struct source *s);

/* True where the input can be read again from where the source was opened. */
bool source_can_rewind(const struct source *s);
enum status source_rewind(struct source *s) MUST_CHECK;

/* True where source_pread works: a regular file, memory, or a pipe that is kept. */
bool source_can_pread(const struct source *s);
/*
 * Copies out what stands at an offset from where the source was opened; the present place stays.
 * *got < bytes only at the end of the input. Errors: ST_IO, ST_STOPPED; ST_BUG for a
 * pipe that is not kept.
 */
enum status source_pread(struct source *s, uint64_t at, void *out, size_t bytes,
                         size_t *got) MUST_CHECK;

uint64_t source_offset(const struct source *s); /* bytes consumed so far */
uint64_t source_size(const struct source *s);   /* SIZE_UNLIMITED where unknown */

#endif
