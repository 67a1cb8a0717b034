/* SPDX-License-Identifier: MIT */
/* A job as its caller asked for it: what is not smaller than the input may not be wanted. */
#include "base/spool.h"
#include "pipeline/runs.h"

/* All bytes of the input, also those that a pipe still holds. */
static enum status input_bytes(struct source *src, uint64_t *bytes)
{
    uint64_t rest;
    *bytes = source_size(src);
    if (*bytes != SIZE_UNLIMITED)
        return ST_OK;
    enum status st = source_skip(src, UINT64_MAX, &rest);
    *bytes = source_offset(src);
    return st;
}

/* Of an output that is no smaller, bytes are not even kept, where that is known in time. */
static enum status run_if_smaller(struct context *cx, const struct job *job, struct source *src,
                                  struct sink *sink, struct outcome *out)
{
    struct job mine = *job;
    struct sink *spool;
    uint64_t size = source_size(src), rest = 0;
    mine.may_keep = false; /* the input itself is not smaller */
    enum status st = size != SIZE_UNLIMITED ? sink_open_spool(cx, size, &spool)
                                            : sink_open_growing(cx, SPOOL_MEMORY_BYTES, &spool);
    if (st != ST_OK)
        return st;
    st = run_or_keep(cx, &mine, src, spool, out);
    bool damaged = st == ST_DAMAGED && cx->lenient && out->damaged;
    enum status copied = ST_OK;
    if (st == ST_OK || damaged)
        copied = input_bytes(src, &rest);
    if ((st == ST_OK || damaged) && copied == ST_OK) {
        out->in_bytes = rest;
        out->out_bytes = sink_offset(spool);
        out->larger = out->out_bytes >= out->in_bytes;
        if (!out->larger)
            copied = sink_copy(spool, sink);
        if (!out->larger && copied == ST_OK)
            copied = sink_flush(sink);
    }
    sink_close(spool);
    if (copied != ST_OK || st != ST_OK)
        return st != ST_OK ? st : copied;
    return out->larger ? ST_SKIPPED : ST_OK;
}

enum status job_run(struct context *cx, const struct job *job, struct source *src,
                    struct sink *sink, struct outcome *out)
{
    return job->skip_if_larger ? run_if_smaller(cx, job, src, sink, out)
                               : run_or_keep(cx, job, src, sink, out);
}
