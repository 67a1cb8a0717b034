/* SPDX-License-Identifier: MIT */
/* zlib asks for memory by two callbacks. */
#include "base/zlib_stream.h"

#include "base/mem.h"

static void *allocate(void *user, unsigned count, unsigned bytes)
{
    return mem_array(user, count, bytes);
}

static void release(void *user, void *p)
{
    mem_free(user, p);
}

z_stream zlib_stream(struct context *cx)
{
    return (z_stream){.zalloc = allocate, .zfree = release, .opaque = cx};
}

enum status zlib_no_start(struct context *cx)
{
    return cx->status != ST_OK ? cx->status : fail(cx, ST_BUG, "zlib cannot start");
}
