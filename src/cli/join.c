/* SPDX-License-Identifier: MIT */
/* Many inputs to one output: opened one after another, so that any number of them will do. */
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
                       struct run *r)
{
    struct row_of_inputs row = {.s = s, .inputs = inputs, .fd = -1};
    const struct picture_inputs pictures = {open_next, close_one, &row};
    struct sink *sink = NULL;
    enum status st = sink_open_fd(&s->cx, out->fd, &sink);
    if (st != ST_OK)
        return st;
    s->long_run = true;
    session_release(s);
    st = job_join(&s->cx, &r->job, &pictures, sink, &r->outcome);
    if (sink_status(sink) == ST_OK)
        r->of = s->input;
    sink_close(sink);
    return run_commit(s, r, st, out, s->options.output);
}

enum status join_files(struct session *s, const struct inputs *inputs)
{
    const char *output = s->options.output;
    struct outfile out;
    struct run r;
    run_start(&r, s, output_label(output));
    s->input = input_label(inputs->name[0]);
    enum status st = outfile_open(&s->cx, output, s->options.no_clobber, &out);
    if (st != ST_OK)
        return report(s, r.of);
    if (out.kind == OUTFILE_SKIPPED) {
        note_skipped(s, output);
        return ST_OK;
    }
    progress_line_start(&s->progress, &s->console, s->input);
    st = run(s, &out, inputs, &r);
    progress_line_end(&s->progress);
    outfile_discard(&out);
    return s->cx.status == ST_OK ? st : report(s, r.of);
}
