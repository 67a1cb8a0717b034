/* SPDX-License-Identifier: MIT */
/* One input to many outputs: a file for each picture, each there as a whole or not at all. */
#include <string.h>

#include "base/mem.h"
#include "cli/session.h"

/* The file at work. */
struct numbered {
    struct session *s;
    struct outfile file;
    char *name;
};

static enum status open_file(void *user, uint64_t number, struct sink **out)
{
    struct numbered *n = user;
    struct session *s = n->s;
    *out = NULL;
    mem_free(&s->cx, n->name);
    n->name = NULL;
    enum status st = pattern_name(&s->cx, s->options.output, number, &n->name);
    if (st == ST_OK)
        st = outfile_open(&s->cx, n->name, s->options.no_clobber, &n->file);
    if (st != ST_OK)
        return st;
    if (n->file.kind == OUTFILE_SKIPPED) {
        note_skipped(s, n->name);
        return ST_OK;
    }
    return sink_open_fd(&s->cx, n->file.fd, out);
}

static enum status close_file(void *user, struct sink *sink, enum status st)
{
    struct numbered *n = user;
    sink_close(sink);
    if (st == ST_OK)
        st = outfile_commit(&n->file);
    outfile_discard(&n->file);
    return st;
}

static enum status run(struct session *s, int fd, struct numbered *n)
{
    struct context *cx = &s->cx;
    const struct picture_files files = {open_file, close_file, n};
    struct source *src = NULL;
    struct run r;
    run_start(&r, s, s->input);
    r.job.may_keep = false;
    enum status st = source_open_fd(cx, fd, &src);
    if (st == ST_OK)
        st = job_explode(cx, &r.job, src, &files, &r.outcome);
    source_close(src);
    if (st == ST_OK && s->options.verbosity == VERBOSITY_DETAIL)
        summarize(s, &r, s->options.output);
    return st;
}

enum status explode_file(void *session, const char *input)
{
    struct session *s = session;
    struct numbered n = {.s = s};
    int fd;
    s->input = input_label(input);
    enum status st = open_input(s, input, &fd);
    if (st != ST_OK)
        return report(s, s->input);
    progress_line_start(&s->progress, &s->console, s->input);
    st = run(s, fd, &n);
    progress_line_end(&s->progress);
    outfile_discard(&n.file);
    close_input(fd);
    if (st != ST_OK)
        st = report(s, st == ST_IO && n.name != NULL ? n.name : s->input);
    mem_free(&s->cx, n.name);
    return st;
}
