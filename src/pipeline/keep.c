/* SPDX-License-Identifier: MIT */
/* A file that is saved as it was does not grow: its own bytes are a candidate. */
#include "base/mem.h"
#include "base/size.h"
#include "base/spool.h"
#include "pipeline/runs.h"

/*
 * True where the job leaves the pixels alone and the input can be had a second time: a pipe is
 * kept.
 */
static enum status may_keep(struct context *cx, const struct job *job, struct source *src,
                            bool *yes)
{
    bool lossless =
        job->format->lossless || (job->format->recode != NULL && job->lossless != LOSSLESS_OFF);
    *yes = job->may_keep && job->op_count == 0 && job->encode.optimize > 0 && !cx->lenient &&
           lossless && source_can_rewind(src) && spool_allowed(cx, source_size(src));
    if (!*yes)
        return ST_OK;
    const uint8_t *head;
    size_t bytes;
    enum status st = source_peek(src, SNIFF_BYTES, &head, &bytes);
    *yes = st == ST_OK && format_stays(format_by_content(head, bytes), job->format);
    return *yes ? source_keep(src) : st;
}

/* Whether the input has at most so many bytes. Of a pipe no more are read than that takes. */
static enum status is_no_larger(struct source *src, uint64_t bytes, bool *yes)
{
    uint64_t size = source_size(src), more = 0;
    enum status st = ST_OK;
    if (size == SIZE_UNLIMITED) {
        if (source_offset(src) <= bytes)
            st = source_skip(src, bytes - source_offset(src) + 1, &more);
        size = source_offset(src);
    }
    *yes = size <= bytes;
    return st;
}

static enum status copy_input(struct source *src, struct sink *sink)
{
    enum status st = source_rewind(src);
    source_forget(src); /* this is the last time */
    while (st == ST_OK) {
        const uint8_t *data;
        size_t bytes;
        st = source_peek(src, 1, &data, &bytes);
        if (st != ST_OK || bytes == 0)
            break;
        st = sink_write(sink, data, bytes);
        source_consume(src, bytes);
    }
    return st == ST_OK ? sink_flush(sink) : st;
}

static enum status run_beside(struct context *cx, const struct job *job, struct source *src,
                              struct sink *sink, struct outcome *out)
{
    struct sink *spool;
    uint64_t size = source_size(src);
    enum status st = size != SIZE_UNLIMITED ? sink_open_spool(cx, size, &spool)
                                            : sink_open_growing(cx, SPOOL_MEMORY_BYTES, &spool);
    if (st != ST_OK)
        return st;
    st = run_kind(cx, job, src, spool, out);
    bool lost = out->quantized || (!job->format->lossless && !out->recoded);
    bool over = sink_over(spool), keep = over || lost;
    if (st == ST_OK && !keep)
        st = is_no_larger(src, sink_offset(spool), &keep);
    if (st == ST_OK && keep && !out->frames_left_out && out->orientation == 0) {
        out->kept = true;
        out->out = out->in;
        st = copy_input(src, sink);
        out->out_bytes = source_offset(src);
    } else if (st == ST_OK && over) {
        st = source_rewind(src);
        if (st == ST_OK)
            st = run_kind(cx, job, src, sink, out);
    } else if (st == ST_OK) {
        st = sink_copy(spool, sink);
        if (st == ST_OK)
            st = sink_flush(sink);
    }
    sink_close(spool);
    return st;
}

enum status run_or_keep(struct context *cx, const struct job *job, struct source *src,
                        struct sink *sink, struct outcome *out)
{
    bool keep;
    enum status st = may_keep(cx, job, src, &keep);
    if (st != ST_OK)
        return st;
    st = keep ? run_beside(cx, job, src, sink, out) : run_kind(cx, job, src, sink, out);
    if (st == ST_OK && out->quantized && !out->kept && out->in_palette && job->op_count == 0 &&
        job->colors == 256 && job->palette == NULL)
        note(cx, NOTE_WARNING,
             "256 colors and the free part of the canvas are one color too many: some change");
    return st;
}
