/* SPDX-License-Identifier: MIT */
/* Many inputs to one output: opened one after another, so that any number of them will do. */
#include "base/clock.h"
#include "cli/session.h"

/* The input at work. */
struct row_of_inputs {
    struct session *s;
    const struct inputs *inputs;
    size_t next;
    int fd;
};

static enum status open_next(void *user, struct source **out)
{
    struct row_of_inputs *r = user;
    struct session *s = r->s;
    if (r->next == r->inputs->count)
        return ST_END;
    const char *name = r->inputs->name[r->next++];
    s->input = s->progress.file = input_label(name);
    enum status st = open_input(s, name, &r->fd);
    if (st != ST_OK)
        return st;
    st = source_open_fd(&s->cx, r->fd, out);
    if (st != ST_OK)
        close_input(r->fd);
    return st;
}

static void close_one(void *user, struct source *src)
{
    struct row_of_inputs *r = user;
    source_close(src);
    close_input(r->fd);
}

static enum status run(struct session *s, struct outfile *out, const struct inputs *inputs,
                       const char **of)
{
    struct context *cx = &s->cx;
    struct row_of_inputs row = {.s = s, .inputs = inputs, .fd = -1};
    const struct picture_inputs pictures = {open_next, close_one, &row};
    struct outcome outcome = {0};
    struct sink *sink = NULL;
    struct run_clocks start = {cpu_time_ns(), clock_ns(CLOCK_MONOTONIC)};
    enum status st = sink_open_fd(cx, out->fd, &sink);
    if (st != ST_OK)
        return st;
    s->long_run = true;
    session_release(s);
    st = job_join(cx, &s->options.job, &pictures, sink, &outcome);
    *of = sink_status(sink) != ST_OK ? output_label(s->options.output) : s->input;
    sink_close(sink);
    if (st != ST_OK && !(st == ST_DAMAGED && cx->lenient && outcome.damaged))
        return st;
    enum status damage = st == ST_OK ? ST_OK : report(s, *of);
    take_back(cx);
    *of = output_label(s->options.output);
    st = outfile_commit(out);
    if (st == ST_OK && s->options.verbosity == VERBOSITY_DETAIL)
        summarize(s, &s->options.job, &outcome, s->options.output, start);
    return st == ST_OK ? damage : st;
}

enum status join_files(struct session *s, const struct inputs *inputs)
{
    const char *output = s->options.output, *of = output_label(output);
    struct outfile out;
    s->input = input_label(inputs->name[0]);
    enum status st = outfile_open(&s->cx, output, s->options.no_clobber, &out);
    if (st != ST_OK)
        return report(s, of);
    if (out.kind == OUTFILE_SKIPPED) {
        note(&s->cx, NOTE_DETAIL, "%s is there already", output);
        return ST_OK;
    }
    progress_start(&s->progress, &s->console, s->input);
    st = run(s, &out, inputs, &of);
    progress_end(&s->progress);
    outfile_discard(&out);
    return s->cx.status == ST_OK ? st : report(s, of);
}
