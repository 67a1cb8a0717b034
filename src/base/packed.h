/* SPDX-License-Identifier: MIT */
/* Bytes kept deflated in a spool: written one after another, then read in the same order. */
#ifndef GIFLOW_BASE_PACKED_H
#define GIFLOW_BASE_PACKED_H

#include "base/context.h"

/*
 * Deflated with little effort: what is kept is read once and thrown away. Memory: 370 KiB while it
 * is written, 150 KiB while it is read, the first 64 KiB of the spool included.
 */
struct packed;

/* Errors: ST_NOMEM. */
enum status packed_open(struct context *cx, struct packed **out) MUST_CHECK;
void packed_close(struct packed *p); /* p may be NULL */

/* Errors: ST_LIMIT over --tmp-limit, ST_IO, ST_NOMEM. */
enum status packed_write(struct packed *p, const void *data, size_t bytes) MUST_CHECK;
/* The first byte comes next, to be read: after the last write, or for another time. */
enum status packed_rewind(struct packed *p) MUST_CHECK;
/* ST_BUG beyond what was written. */
enum status packed_read(struct packed *p, void *out, size_t bytes) MUST_CHECK;

#endif
