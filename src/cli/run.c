/* SPDX-License-Identifier: MIT */
/* What begins and ends a run, whatever it makes of its inputs. */
#include "base/clock.h"
#include "cli/session.h"

void run_start(struct run *r, const struct session *s, const char *of)
{
    *r = (struct run){
        .job = s->options.job,
        .cpu_ns = cpu_time_ns(),
        .wall_ns = clock_ns(CLOCK_MONOTONIC),
        .of = of,
    };
}

void note_skipped(struct session *s, const char *output)
{
    note(&s->cx, NOTE_DETAIL, "%s is there already", output);
}

enum status run_commit(struct session *s, struct run *r, enum status st, struct outfile *out,
                       const char *output)
{
    struct context *cx = &s->cx;
    bool written = st == ST_OK || (st == ST_DAMAGED && cx->lenient && r->outcome.damaged);
    if (!written)
        return st;
    /* the error of a damaged input is told now, for the next one to find its place free */
    enum status damage = st == ST_OK ? ST_OK : report(s, r->of);
    take_back(cx);
    r->of = output_label(output);
    st = outfile_commit(out);
    if (st != ST_OK)
        return st;
    if (out->kind == OUTFILE_SKIPPED)
        note_skipped(s, output);
    else if (s->options.verbosity == VERBOSITY_DETAIL)
        summarize(s, r, output);
    return damage;
}
