/* SPDX-License-Identifier: MIT */
/* Which kind of run an input and a job call for. */
#include <string.h>

#include "pipeline/runs.h"

/*
 * Frames that come one by one: of a video, which a PNM at a rate is, too, and of PNM that comes out
 * of a pipe and goes on, as a delay says. Without that a pipe is taken for one picture, whose
 * pixels are looked at twice.
 */
static bool comes_by_frames(const struct format *in, const struct job *job, struct source *src)
{
    return in == &format_y4m ||
           (in == &format_pnm && (job->at_rate || (job->has_delay && !source_can_pread(src))));
}

/* They are written as they come; of others it is asked how many there are. */
static enum status run_moving(struct context *cx, const struct job *job, struct source *src,
                              struct sink *sink, struct outcome *out, bool *done)
{
    const uint8_t *head;
    size_t bytes;
    enum status st = source_peek(src, SNIFF_BYTES, &head, &bytes);
    if (st != ST_OK)
        return st;
    if (comes_by_frames(format_by_content(head, bytes), job, src)) {
        *done = true;
        return run_video(cx, job, src, sink, out);
    }
    st = input_moves(cx, src, done);
    return st == ST_OK && *done ? run_movie(cx, job, src, sink, out) : st;
}

enum status run_kind(struct context *cx, const struct job *job, struct source *src,
                     struct sink *sink, struct outcome *out)
{
    bool moving = job->format->begin != NULL, done = false;
    enum status st = ST_OK;
    memset(out, 0, sizeof *out);
    if (!moving && job->range_count != 0)
        return run_picture(cx, job, src, sink, out);
    if (moving)
        st = run_moving(cx, job, src, sink, out, &done);
    if (st != ST_OK || done)
        return st;
    st = check_still_frames(cx, job);
    if (st == ST_OK)
        st = run_lossless(cx, job, src, sink, out, &done);
    return st == ST_OK && !done ? run_still(cx, job, src, sink, out) : st;
}
