/* SPDX-License-Identifier: MIT */
/* Temporary random-access bytes: in memory while small, else one unlinked file. */
#ifndef GIFLOW_BASE_SPOOL_H
#define GIFLOW_BASE_SPOOL_H

#include "base/context.h"

/* Up to this many bytes a spool stays in memory and never touches the disk. */
#define SPOOL_MEMORY_BYTES (256u * 1024)

struct spool;

/*
 * bytes   the most that will ever be written; decides where the spool lives
 * Errors  ST_LIMIT (over --tmp-limit), ST_IO (no temporary file to be had), ST_NOMEM
 */
enum status spool_open(struct context *cx, uint64_t bytes, struct spool **out) MUST_CHECK;
/*
 * A spool that is as long as what has been written: no gaps. In memory until that outgrows memory,
 * which is SPOOL_MEMORY_BYTES at most, then in a file; a write may then fail as spool_open does.
 * Errors: ST_NOMEM.
 */
enum status spool_open_growing(struct context *cx, size_t memory, struct spool **out) MUST_CHECK;
/* A spool in a file, however small; what has not been written are zeroes. Errors: as spool_open. */
enum status spool_open_zeroed(struct context *cx, uint64_t bytes, struct spool **out) MUST_CHECK;
void spool_close(struct spool *s); /* s may be NULL */

/* True where spool_open would succeed as far as the temporary limit goes. */
bool spool_allowed(const struct context *cx, uint64_t bytes);
/* The same of a spool in a file, as spool_open_zeroed makes it. */
bool spool_fits(const struct context *cx, uint64_t bytes);

/*
 * Errors: ST_IO; ST_BUG beyond the size promised, or reading what was never written, unless the
 * spool is a zeroed one.
 */
enum status spool_write(struct spool *s, uint64_t at, const void *data, size_t bytes) MUST_CHECK;
enum status spool_read(struct spool *s, uint64_t at, void *out, size_t bytes) MUST_CHECK;

#endif
