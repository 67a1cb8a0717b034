/* SPDX-License-Identifier: MIT */
/* One input to one output. Everything is opened before the first byte of the picture is parsed. */
#include "cli/session.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "pipeline/pick.h"
#include "pipeline/runs.h"

#define LONG_BYTES (128 * 1024) /* of inputs whose pictures take several milliseconds */

/*
 * The format that a file keeps when it is replaced: that of its content. A plugin that only reads
 * (PNM of any kind) leaves it to the suffix which of the plugins that only write is meant.
 */
static enum status same_format(struct context *cx, struct source *src, const char *path,
                               const struct format **out)
{
    const uint8_t *head;
    size_t bytes;
    enum status st = source_peek(src, SNIFF_BYTES, &head, &bytes);
    if (st != ST_OK)
        return st;
    const struct format *content = format_by_content(head, bytes);
    if (content == NULL) { /* any will do: the decoder refuses it, in its own words */
        content = format_table[0];
    } else if (content->start == NULL) {
        const struct format *suffix = format_by_suffix(path);
        if (suffix == NULL || suffix->open != NULL)
            return fail(cx, ST_UNSUPPORTED,
                        "its format cannot be kept (use -f, or -d for --in-place)");
        content = suffix;
    }
    bool moves = false;
    if (content->moving != NULL)
        st = input_moves(cx, src, &moves);
    *out = moves ? content->moving : content;
    return st;
}

/* True where the output is a file of its own and will take the place of its own input. */
static bool replaces_input(const struct outfile *out, int fd)
{
    struct stat st;
    return out->replaces && fstat(fd, &st) == 0 && st.st_dev == out->old.st_dev &&
           st.st_ino == out->old.st_ino;
}

/* One of the files that the picture may become; the others are discarded, and leave nothing. */
struct target {
    const struct format *format; /* NULL: any */
    const char *path;
    char *name; /* of its own; NULL: path is another's */
    struct outfile file;
};

/* The job's format where the content tells it, and the target of that. */
static enum status settle_format(struct session *s, struct source *src, const char *input,
                                 struct job *job, struct target **target)
{
    struct context *cx = &s->cx;
    if (s->options.in_place || s->options.keep_format)
        return same_format(cx, src, input, &job->format);
    if (!s->options.auto_format) {
        if (job->format == NULL)
            job->format = format_by_suffix((*target)->path);
        return ST_OK;
    }
    enum status st = pick_format(cx, job, src, &job->format);
    while (st == ST_OK && (*target)->format != NULL && (*target)->format != job->format)
        (*target)++;
    return st;
}

/* Whether the input has many bytes, or may have. */
static bool is_long(int fd)
{
    struct stat st;
    return fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || st.st_size >= LONG_BYTES;
}

/* Runs the job into one of the targets; r->of becomes the output where that is what failed. */
static enum status run(struct session *s, int fd, const char *input, struct target *targets,
                       struct run *r)
{
    struct context *cx = &s->cx;
    const struct outcome *outcome = &r->outcome;
    struct source *src = NULL;
    struct sink *sink = NULL;
    struct target *target = targets;

    enum status st = source_open_fd(cx, fd, &src);
    if (st == ST_OK)
        st = settle_format(s, src, input, &r->job, &target);
    struct outfile *out = &target->file;
    if (st == ST_OK && out->kind == OUTFILE_SKIPPED) {
        note_skipped(s, target->path);
        source_close(src);
        return ST_OK;
    }
    if (st == ST_OK)
        st = sink_open_fd(cx, out->fd, &sink);
    if (st == ST_OK) {
        s->long_run = is_long(fd);
        session_release(s);
        st = job_run(cx, &r->job, src, sink, &r->outcome);
        session_release(s); /* before what ends a run is read */
    }
    if (st == ST_OK && outcome->frames_left_out && replaces_input(out, fd))
        st = fail(cx, ST_UNSUPPORTED, "has more frames than one, which would be lost");
    if (sink != NULL && sink_status(sink) != ST_OK)
        r->of = output_label(target->path);
    sink_close(sink);
    source_close(src);

    if (outcome->larger)
        note(cx, NOTE_WARNING, "nothing written: %llu bytes would become %llu",
             (unsigned long long)outcome->in_bytes, (unsigned long long)outcome->out_bytes);
    return outcome->larger ? st : run_commit(s, r, st, out, target->path);
}

static enum status convert_to(struct session *s, const char *input, struct target *targets,
                              size_t count)
{
    struct run r;
    bool work = false;
    int fd;
    run_start(&r, s, input_label(input));
    enum status st = open_input(s, input, &fd);
    if (st != ST_OK)
        return report(s, r.of);
    for (size_t i = 0; st == ST_OK && i < count; i++) {
        struct target *t = &targets[i];
        st = outfile_open(&s->cx, t->path, s->options.no_clobber, &t->file);
        if (st != ST_OK)
            r.of = output_label(t->path);
        work |= t->file.kind != OUTFILE_SKIPPED;
    }
    if (st == ST_OK && !work)
        note_skipped(s, targets->path);
    else if (st == ST_OK)
        st = run(s, fd, input, targets, &r);
    for (size_t i = 0; i < count; i++)
        outfile_discard(&targets[i].file);
    close_input(fd);
    return s->cx.status == ST_OK ? st : report(s, r.of);
}

/* The names that the input's picture may get by -d or --in-place. */
static enum status name_targets(struct session *s, const char *input, struct target *targets,
                                size_t *count)
{
    struct naming n = s->naming;
    enum status st = ST_OK;
    *count = n.choices != NULL ? n.choice_count : 1;
    for (size_t i = 0; st == ST_OK && i < *count; i++) {
        if (n.choices != NULL)
            n.format = targets[i].format = n.choices[i];
        st = output_name(&s->cx, &n, input, &targets[i].name);
        targets[i].path = targets[i].name;
    }
    return st;
}

enum status convert_file(void *session, const char *input)
{
    struct session *s = session;
    struct target targets[PICK_CHOICES] = {{.path = s->options.output}};
    size_t count = 1;
    s->input = input_label(input);
    enum status st = ST_OK;
    if (s->options.output == NULL)
        st = name_targets(s, input, targets, &count);
    if (st != ST_OK) {
        report(s, s->input);
    } else {
        progress_line_start(&s->progress, &s->console, s->input);
        st = convert_to(s, input, targets, count);
        progress_line_end(&s->progress);
    }
    for (size_t i = 0; i < count; i++)
        mem_free(&s->cx, targets[i].name);
    return st;
}
