/* SPDX-License-Identifier: MIT */
/* zlib on the counted allocator. */
#ifndef GIFLOW_BASE_ZLIB_STREAM_H
#define GIFLOW_BASE_ZLIB_STREAM_H

#include <zlib.h>

#include "base/context.h"

/* Ready for deflateInit or inflateInit. */
z_stream zlib_stream(struct context *cx);
/* Why one of these failed: ST_NOMEM, or ST_BUG for a library that is not what we were built for. */
enum status zlib_no_start(struct context *cx) MUST_CHECK;

#endif
