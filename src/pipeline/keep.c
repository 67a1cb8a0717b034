/* SPDX-License-Identifier: MIT */
/* A file that is saved as it was does not grow: its own bytes are a candidate. */
#include "base/mem.h"
#include "base/size.h"
#include "base/spool.h"
#include "pipeline/runs.h"

/* True where the job leaves the pixels alone and the input can be had a second time. */
static enum status may_keep(struct context *cx, const struct job *job, struct source *src,
                            bool *yes)
{
    uint64_t size = source_size(src);
    bool lossless =
        job->format->lossless || (job->format->recode != NULL && job->lossless != LOSSLESS_OFF);
    *yes = job->may_keep && job->op_count == 0 && job->encode.optimize > 0 && !cx->lenient &&
           lossless && size != SIZE_UNLIMITED && source_can_rewind(src) && spool_allowed(cx, size);
    if (!*yes)
        return ST_OK;
    const uint8_t *head;
    size_t bytes;
    enum status st = source_peek(src, SNIFF_BYTES, &head, &bytes);
    *yes = st == ST_OK && format_stays(format_by_content(head, bytes), job->format);
    return st;
}

static enum status copy_input(struct source *src, struct sink *sink)
{
    enum status st = source_rewind(src);
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
    enum status st = sink_open_spool(cx, size, &spool);
    if (st != ST_OK)
        return st;
    st = run_kind(cx, job, src, spool, out);
    bool lost = out->quantized || (!job->format->lossless && !out->recoded);
    bool over = sink_over(spool), keep = over || lost || sink_offset(spool) >= size;
    if (st == ST_OK && keep && !out->frames_left_out && out->orientation == 0) {
        out->kept = true;
        out->out = out->in;
        out->out_bytes = size;
        st = copy_input(src, sink);
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
