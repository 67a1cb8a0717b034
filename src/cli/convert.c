/* SPDX-License-Identifier: MIT */
/* One input to one output. Everything is opened before the first byte of the picture is parsed. */
#include "cli/session.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/clock.h"
#include "cli/resident.h"

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
            return fail(cx, ST_UNSUPPORTED, "its format cannot be kept (use -f, or -d for --in-place)");
        content = suffix;
    }
    *out = content;
    return ST_OK;
}

/* True where the output is a file of its own and will take the place of its own input. */
static bool replaces_input(const struct outfile *out, int fd)
{
    struct stat st;
    return out->replaces && fstat(fd, &st) == 0 && st.st_dev == out->old.st_dev &&
           st.st_ino == out->old.st_ino;
}

/*
 * Runs the job into out. *of is set to the file that an error is about: the output where it could
 * not be written, else it stays.
 */
static enum status run(struct session *s, int fd, const char *input, const char *output,
                       struct outfile *out, const char **of)
{
    struct context *cx = &s->cx;
    struct job job = s->options.job;
    struct outcome outcome = {0};
    struct source *src = NULL;
    struct sink *sink = NULL;
    struct run_clocks start = {cpu_time_ns(), clock_ns(CLOCK_MONOTONIC)};

    enum status st = source_open_fd(cx, fd, &src);
    if (st == ST_OK)
        st = sink_open_fd(cx, out->fd, &sink);
    if (st == ST_OK && (s->options.in_place || s->options.keep_format))
        st = same_format(cx, src, input, &job.format);
    else if (st == ST_OK && job.format == NULL)
        job.format = format_by_suffix(output);
    if (st == ST_OK) {
        resident_release();
        st = job_run(cx, &job, src, sink, &outcome);
        resident_release(); /* before what ends a run is read */
    }
    if (st == ST_OK && outcome.frames_left_out && replaces_input(out, fd))
        st = fail(cx, ST_UNSUPPORTED, "has more frames than one, which would be lost");
    if (sink != NULL && sink_status(sink) != ST_OK)
        *of = output_label(output);
    sink_close(sink);
    source_close(src);

    bool written = st == ST_OK || (st == ST_DAMAGED && cx->lenient && outcome.damaged);
    if (!written)
        return st;
    /* the error of a damaged input is told now, for the next one to find its place free */
    enum status damage = st == ST_OK ? ST_OK : report(s, *of);
    cx->status = ST_OK;
    st = outfile_commit(out);
    if (st != ST_OK) {
        *of = output_label(output);
        return st;
    }
    if (out->kind == OUTFILE_SKIPPED)
        note(cx, NOTE_DETAIL, "%s is there already", output);
    else if (s->options.verbosity == VERBOSITY_DETAIL)
        summarize(s, &job, &outcome, output, start);
    return damage;
}

static enum status convert_to(struct session *s, const char *input, const char *output)
{
    const char *of = input_label(input);
    struct outfile out;
    int fd;
    enum status st = open_input(s, input, &fd);
    if (st != ST_OK)
        return report(s, of);
    st = outfile_open(&s->cx, output, s->options.no_clobber, &out);
    if (st != ST_OK) {
        close_input(fd);
        return report(s, output_label(output));
    }
    if (out.kind == OUTFILE_SKIPPED) {
        note(&s->cx, NOTE_DETAIL, "%s is there already", output);
        close_input(fd);
        return ST_OK;
    }
    st = run(s, fd, input, output, &out, &of);
    outfile_discard(&out);
    close_input(fd);
    return s->cx.status == ST_OK ? st : report(s, of);
}

enum status convert(void *session, const char *input)
{
    struct session *s = session;
    char *name = NULL;
    const char *output = s->options.output;
    s->input = input_label(input);
    if (output == NULL) {
        if (output_name(&s->cx, &s->naming, input, &name) != ST_OK)
            return report(s, s->input);
        output = name;
    }
    progress_start(&s->progress, &s->console, s->input);
    enum status st = convert_to(s, input, output);
    progress_end(&s->progress);
    mem_free(&s->cx, name);
    return st;
}
