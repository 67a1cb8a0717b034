/* SPDX-License-Identifier: MIT */
/* zlib between the caller and a spool. */
#include "base/packed.h"

#include <zlib.h>

#include "base/mem.h"
#include "base/size.h"
#include "base/sink.h"
#include "base/zlib_stream.h"

#define SPOOL_BYTES (64u * 1024) /* in memory */
#define PIECE_BYTES 8192u
#define STEP_BYTES (1u << 30) /* zlib counts in unsigned int */

struct packed {
    struct context *cx;
    struct sink *sink;
    enum { PACKED_WRITES, PACKED_READS, PACKED_IDLE } state; /* which of zlib's two z is */
    z_stream z;
    uint64_t at; /* of the spool, that is read next */
    uint8_t piece[PIECE_BYTES];
};

static void end_zlib(struct packed *p)
{
    if (p->state == PACKED_WRITES)
        deflateEnd(&p->z);
    else if (p->state == PACKED_READS)
        inflateEnd(&p->z);
    p->state = PACKED_IDLE;
}

enum status packed_open(struct context *cx, struct packed **out)
{
    struct packed *p = mem_zalloc(cx, sizeof *p);
    if (p == NULL)
        return cx->status;
    p->cx = cx;
    p->state = PACKED_IDLE;
    p->z = zlib_stream(cx);
    enum status st = sink_open_growing(cx, SPOOL_BYTES, &p->sink);
    if (st == ST_OK && deflateInit(&p->z, Z_BEST_SPEED) != Z_OK)
        st = zlib_no_start(cx);
    if (st != ST_OK) {
        packed_close(p);
        return st;
    }
    p->state = PACKED_WRITES;
    *out = p;
    return ST_OK;
}

void packed_close(struct packed *p)
{
    if (p == NULL)
        return;
    end_zlib(p);
    sink_close(p->sink);
    mem_free(p->cx, p);
}

/* Deflates what z.next_in has, to the end of the stream if flush says so. */
static enum status deflate_all(struct packed *p, int flush)
{
    enum status st = ST_OK;
    do {
        p->z.next_out = p->piece;
        p->z.avail_out = PIECE_BYTES;
        deflate(&p->z, flush); /* cannot fail: there is room, and something to do */
        st = sink_write(p->sink, p->piece, PIECE_BYTES - p->z.avail_out);
    } while (st == ST_OK && p->z.avail_out == 0);
    return st;
}

enum status packed_write(struct packed *p, const void *data, size_t bytes)
{
    enum status st = ST_OK;
    const uint8_t *from = data;
    while (st == ST_OK && bytes > 0) {
        size_t n = min_size(bytes, STEP_BYTES);
        p->z.next_in = (z_const Bytef *)(uintptr_t)from;
        p->z.avail_in = (uInt)n;
        st = deflate_all(p, Z_NO_FLUSH);
        from += n;
        bytes -= n;
    }
    return st;
}

enum status packed_rewind(struct packed *p)
{
    enum status st = ST_OK;
    if (p->state == PACKED_WRITES) {
        p->z.avail_in = 0;
        st = deflate_all(p, Z_FINISH);
        if (st == ST_OK)
            st = sink_flush(p->sink);
    }
    end_zlib(p);
    if (st != ST_OK)
        return st;
    p->z = zlib_stream(p->cx);
    p->at = 0;
    if (inflateInit(&p->z) != Z_OK)
        return zlib_no_start(p->cx);
    p->state = PACKED_READS;
    return ST_OK;
}

/* The next piece of the spool becomes z's input. */
static enum status refill(struct packed *p)
{
    uint64_t left = sink_offset(p->sink) - p->at;
    size_t n = left < PIECE_BYTES ? (size_t)left : PIECE_BYTES;
    enum status st = n == 0 ? fail(p->cx, ST_BUG, "packed bytes end early")
                            : sink_read(p->sink, p->at, p->piece, n);
    p->at += n;
    p->z.next_in = p->piece;
    p->z.avail_in = (uInt)n;
    return st;
}

enum status packed_read(struct packed *p, void *out, size_t bytes)
{
    uint8_t *to = out;
    enum status st = ST_OK;
    while (st == ST_OK && bytes > 0) {
        size_t n = min_size(bytes, STEP_BYTES);
        p->z.next_out = to;
        p->z.avail_out = (uInt)n;
        while (st == ST_OK && p->z.avail_out > 0) {
            if (p->z.avail_in == 0)
                st = refill(p);
            if (st == ST_OK && inflate(&p->z, Z_NO_FLUSH) < Z_OK)
                st = p->cx->status != ST_OK ? p->cx->status
                                            : fail(p->cx, ST_IO, "the temporary file has changed");
        }
        to += n;
        bytes -= n;
    }
    return st;
}
