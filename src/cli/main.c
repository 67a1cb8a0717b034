/* SPDX-License-Identifier: MIT */
/* giflow: starts up, does what was asked, ends with a status that tells how it went. */
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "batch/batch.h"
#include "cli/session.h"
#include "cli/signals.h"
#include "cli/text.h"
#include "pipeline/palette_file.h"
#include "pipeline/pick.h"

/*
 * Where a standard stream is closed, the next file opened would take its number, and messages
 * would go into a picture. The null device takes it instead, opened the wrong way round, so that
 * using it is an error and not a success that writes nothing.
 */
static void fill_standard_streams(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) < 0 && errno == EBADF)
            (void)!open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

/*
 * Stages hold some large buffers, one set after another. Each is mapped on its own and goes back to
 * the system when it is freed; glibc would keep the first ones and raise this threshold as it goes,
 * and the peak would be the sum of what was never needed at once.
 */
static void tune_malloc(void)
{
    mallopt(M_MMAP_THRESHOLD, 64 * 1024);
}

static void on_note(void *session, enum note_level level, const char *text)
{
    struct session *s = session;
    unsigned least = level == NOTE_WARNING ? VERBOSITY_NORMAL : VERBOSITY_DETAIL;
    if (s->options.verbosity >= least)
        message(&s->console, s->input, "%s", text);
}

/* Rows, those read and those written, of a run that is long even where its input has few bytes. */
#define LONG_ROWS 2048

static void on_progress(void *session, uint64_t done, uint64_t total)
{
    struct session *s = session;
    if (done == 1) { /* opening the files and stages took code that rows do not need */
        s->long_run |= total >= LONG_ROWS;
        session_release(s);
    }
    if (s->shows_progress)
        progress_line_show(&s->progress, done, total);
}

/* What the options say of the context, and of names. */
static void apply_options(struct session *s)
{
    const struct options *o = &s->options;
    struct context *cx = &s->cx;
    cx->mem.limit = o->memory_limit;
    cx->temp.dir = o->temp_dir;
    cx->temp.limit = o->temp_limit;
    cx->limits.max_pixels = o->max_pixels;
    cx->limits.max_frames = o->max_frames;
    cx->lenient = o->lenient;
    cx->timed = o->verbosity == VERBOSITY_DETAIL;
    cx->on_note = on_note;
    cx->on_progress = on_progress;
    s->shows_progress = progress_wanted(o->progress) && o->verbosity != VERBOSITY_QUIET;
    cx->user = s;
    s->naming = (struct naming){o->output_dir, o->suffix, o->job.format, NULL, 0};
    if (o->auto_format) {
        s->naming.choices = pick_choices;
        s->naming.choice_count = PICK_CHOICES;
    }
    s->several = o->input_count > 1 || o->files_from != NULL;
}

static enum status read_inputs(struct session *s, struct inputs *in)
{
    const struct options *o = &s->options;
    struct source *list = NULL;
    int fd;
    if (o->files_from == NULL)
        return inputs_open(&s->cx, o->inputs, o->input_count, NULL, '\n', in);
    enum status st = open_input(s, o->files_from, &fd);
    if (st != ST_OK)
        return st;
    st = source_open_fd(&s->cx, fd, &list);
    if (st == ST_OK)
        st = inputs_open(&s->cx, o->inputs, o->input_count, list, o->nul_separated ? '\0' : '\n',
                         in);
    source_close(list);
    close_input(fd);
    return st;
}

/* For --palette, once for all inputs. */
static enum status read_palette(struct session *s)
{
    struct options *o = &s->options;
    struct source *src = NULL;
    int fd;
    if (o->palette_file == NULL || o->action != ACTION_CONVERT)
        return ST_OK;
    enum status st = open_input(s, o->palette_file, &fd);
    if (st != ST_OK)
        return st;
    st = source_open_fd(&s->cx, fd, &src);
    if (st == ST_OK)
        st = palette_read(&s->cx, src, &o->palette);
    source_close(src);
    close_input(fd);
    o->job.palette = &o->palette;
    return st;
}

static bool can_write_to(const char *dir)
{
    struct stat st;
    if (stat(dir, &st) == 0 && !S_ISDIR(st.st_mode)) {
        errno = ENOTDIR;
        return false;
    }
    return access(dir, W_OK | X_OK) == 0;
}

/* What can be refused before any work is. */
static enum status check_inputs(struct session *s, const struct inputs *in)
{
    const struct options *o = &s->options;
    size_t standard = (o->files_from != NULL && strcmp(o->files_from, "-") == 0) +
                      (o->palette_file != NULL && strcmp(o->palette_file, "-") == 0);
    for (size_t i = 0; i < in->count; i++)
        standard += strcmp(in->name[i], "-") == 0;
    if (standard > 1)
        return fail(&s->cx, ST_USAGE, "standard input can be read only once");
    if (o->output_dir != NULL && !can_write_to(o->output_dir))
        return fail_errno(&s->cx, "cannot write to the directory %s", o->output_dir);
    if (o->action == ACTION_CONVERT && o->output == NULL)
        return check_outputs(&s->cx, &s->naming, in);
    return ST_OK;
}

static batch_step *step_of(const struct options *o)
{
    if (o->action == ACTION_INFO)
        return tell_file;
    return o->explode ? explode_file : convert_file;
}

static enum status work(struct session *s)
{
    struct inputs in = {0};
    size_t failed = 0;
    enum status st = read_inputs(s, &in);
    if (st != ST_OK)
        return report(s, s->options.files_from != NULL ? input_label(s->options.files_from) : NULL);
    st = check_inputs(s, &in);
    if (st != ST_OK)
        report(s, NULL);
    else if ((st = read_palette(s)) != ST_OK)
        report(s, input_label(s->options.palette_file));
    else
        st = s->options.join ? join_files(s, &in)
                             : batch_run(&s->cx, &in, step_of(&s->options), s, &failed);
    if (s->out_failed) /* that is what failed, whatever the inputs are */
        st = ST_IO;
    else if (st == ST_PARTIAL)
        message(&s->console, NULL, "%zu of %zu inputs failed", failed, in.count);
    inputs_close(&s->cx, &in);
    return st;
}

/* --help, --version and --info: what goes to standard output. */
static enum status speak(struct session *s)
{
    enum status result = ST_OK, st = sink_open_fd(&s->cx, STDOUT_FILENO, &s->out);
    if (st != ST_OK)
        return report(s, NULL);
    if (s->options.action == ACTION_HELP) {
        st = options_help(s->out);
    } else if (s->options.action == ACTION_VERSION) {
        st = print(s->out, "giflow " VERSION "\n");
    } else {
        st = tell_start(s);
        if (st == ST_OK)
            result = work(s);
        if (st == ST_OK && !s->out_failed)
            st = tell_end(s);
    }
    if (st == ST_OK && !s->out_failed)
        st = sink_flush(s->out);
    sink_close(s->out);
    return st == ST_OK ? result : report(s, output_label("-"));
}

/* The last word on what was written to standard output comes when it is closed. */
static enum status close_standard_output(struct session *s, enum status st)
{
    if (close(STDOUT_FILENO) == 0 || errno == EBADF || st != ST_OK)
        return st;
    take_back(&s->cx);
    fail_errno(&s->cx, "cannot be written");
    return report(s, output_label("-"));
}

int main(int argc, char **argv)
{
    struct session s = {0};
    fill_standard_streams(); /* before anything is opened */
    tune_malloc();           /* before anything is allocated */
    signals_install();       /* before there is anything to clean up */
    context_init(&s.cx);
    s.cx.stop = &signals_stop;

    enum status st = options_parse(&s.cx, argc, argv, &s.options);
    apply_options(&s);
    if (st != ST_OK)
        report(&s, NULL);
    else if (s.options.action == ACTION_CONVERT)
        st = work(&s);
    else
        st = speak(&s);
    options_close(&s.cx, &s.options);
    st = close_standard_output(&s, st);
    signals_deliver();
    return status_exit(st);
}
