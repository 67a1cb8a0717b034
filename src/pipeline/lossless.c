/* SPDX-License-Identifier: MIT */
/* Steps done to the coded data of a file, where its format can: no pixel is coded again. */
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "formats/exif.h"
#include "pipeline/costs.h"
#include "pipeline/runs.h"
#include "pipeline/stages/stages.h"
#include "transforms/angle.h"

/* The corner of a crop may lie outside; what is left of it then begins at 0. */
static bool clip(int64_t *at, uint32_t *length)
{
    if (*at >= 0)
        return *at <= UINT32_MAX;
    if (-*at >= (int64_t)*length)
        return false;
    *length -= (uint32_t) - *at;
    *at = 0;
    return true;
}

/* False, with the reason: no turn, flip or crop. */
static bool step_of(const struct job *job, const struct op *op, struct recode_step *out,
                    const char **reason)
{
    int64_t x = op->kind == OP_CROP ? op->crop.x : 0, y = op->kind == OP_CROP ? op->crop.y : 0;
    memset(out, 0, sizeof *out);
    switch (op->kind) {
    case OP_FLIP_HORIZONTAL:
        out->kind = RECODE_FLIP_HORIZONTAL;
        return true;
    case OP_FLIP_VERTICAL:
        out->kind = RECODE_FLIP_VERTICAL;
        return true;
    case OP_ROTATE:
        out->kind = RECODE_TURN;
        *reason = "only quarter turns are exact";
        if (!quarter_turns(op->degrees, &out->quarters))
            return false;
        *reason = "a turned picture does not fit the canvas that --no-expand keeps";
        return job->expand || out->quarters % 2 == 0;
    case OP_CROP:
        out->kind = RECODE_CROP;
        out->width = op->crop.width;
        out->height = op->crop.height;
        *reason = "the crop lies outside the picture";
        if (!clip(&x, &out->width) || !clip(&y, &out->height))
            return false;
        out->x = (uint32_t)x;
        out->y = (uint32_t)y;
        return true;
    default:
        *reason = "only turns, flips and crops are exact";
        return false;
    }
}

/* Orientation first, then the job's steps. */
static bool plan_steps(const struct job *job, unsigned orientation, struct recode_step *steps,
                       struct recode *q, const char **reason)
{
    q->steps = steps;
    q->upright = orientation != 1;
    q->count = upright_steps(orientation, steps);
    for (size_t i = 0; i < job->op_count; i++)
        if (!step_of(job, &job->ops[i], &steps[q->count++], reason))
            return false;
    return true;
}

static enum status recode(struct context *cx, const struct job *job, struct decoder *d,
                          struct sink *sink, struct recode *q, struct outcome *out)
{
    struct recode_step *steps = mem_array(cx, job->op_count + 2, sizeof *steps);
    if (steps == NULL)
        return cx->status;
    const char *reason = "";
    unsigned orientation =
        job->auto_orient ? exif_orientation(metadata_find(d->metadata, METADATA_EXIF)) : 1;
    enum status st = ST_OK;
    q->trim = job->lossless == LOSSLESS_TRIM;
    q->interlace = job->encode.interlace;
    q->optimize = job->encode.optimize;
    memcpy(q->skip, job->strip, sizeof q->skip);
    if (plan_steps(job, orientation, steps, q, &reason)) {
        st = d->format->recode(d, q, sink);
    } else {
        q->verdict = RECODE_IMPOSSIBLE;
        strncpy(q->reason, reason, sizeof q->reason - 1);
    }
    mem_free(cx, steps);
    q->steps = NULL;
    out->orientation = orientation == 1 ? 0 : orientation;
    return st;
}

static enum status run_recode(struct context *cx, const struct job *job, struct source *src,
                              struct sink *sink, struct outcome *out, bool *done)
{
    struct metadata metadata = {0};
    struct recode q = {0};
    struct decoder *d = NULL;
    uint64_t start = cx->timed ? cpu_time_ns() : 0;
    memcpy(metadata.skip, job->strip, sizeof metadata.skip);
    if (job->auto_orient)
        metadata.skip[METADATA_EXIF] = false; /* its orientation counts, kept or not */
    enum status st = decoder_open(cx, src, &metadata, &d);
    if (st == ST_OK) {
        out->in_format = d->format->name;
        out->in = (struct picture){.width = d->info.width, .height = d->info.height};
        st = recode(cx, job, d, sink, &q, out);
    }
    *done = st == ST_OK && (q.verdict == RECODE_EXACT ||
                            (q.verdict == RECODE_TRIMMED && job->lossless == LOSSLESS_TRIM));
    decoder_close(d);
    metadata_clear(cx, &metadata);
    if (*done) {
        st = sink_flush(sink);
        out->recoded = true;
        out->out = (struct picture){.width = q.width, .height = q.height};
        out->out_bytes = sink_offset(sink);
        out->sequential = q.sequential;
        if (cx->timed)
            note_cost(out, "recode", cpu_time_ns() - start);
        if (st == ST_OK && q.damaged) {
            out->damaged = true;
            st = fail(cx, ST_DAMAGED, "%s; what could be read is written", q.damage);
        }
        return st;
    }
    if (st != ST_OK)
        return st;
    if (job->lossless != LOSSLESS_AUTO)
        return fail(cx, ST_UNSUPPORTED, "cannot be done without loss: %s", q.reason);
    note(cx, NOTE_DETAIL, "pixels are coded again: %s", q.reason);
    st = source_rewind(src);
    source_forget(src); /* that far it is kept */
    return st;
}

/* Whether the coded data can be worked on, as far as that can be told without a decoder. */
static enum status can_recode(struct context *cx, const struct job *job, struct source *src,
                              bool *yes)
{
    const uint8_t *head;
    size_t bytes;
    bool must = job->lossless == LOSSLESS_ONLY || job->lossless == LOSSLESS_TRIM;
    *yes = false;
    if (job->lossless == LOSSLESS_OFF)
        return ST_OK;
    enum status st = source_peek(src, SNIFF_BYTES, &head, &bytes);
    if (st != ST_OK)
        return st;
    const struct format *in = format_by_content(head, bytes);
    *yes = in == job->format && in->recode != NULL;
    /* should it turn out impossible, the input is needed a second time */
    if (*yes && !must && source_size(src) == SIZE_UNLIMITED) {
        *yes = cx->temp.limit == SIZE_UNLIMITED; /* nobody knows how much it is going to be */
        st = *yes ? source_keep(src) : ST_OK;
        if (st != ST_OK)
            return st;
        if (!*yes)
            note(cx, NOTE_DETAIL, "pixels are coded again: no room to keep what a pipe brings");
    }
    if (!*yes && must && in != NULL && !in->lossless)
        return fail(cx, ST_UNSUPPORTED, "cannot be done without loss: %s to %s", in->name,
                    job->format->name);
    return ST_OK;
}

enum status run_lossless(struct context *cx, const struct job *job, struct source *src,
                         struct sink *sink, struct outcome *out, bool *done)
{
    bool yes;
    *done = false;
    enum status st = can_recode(cx, job, src, &yes);
    return st == ST_OK && yes ? run_recode(cx, job, src, sink, out, done) : st;
}
