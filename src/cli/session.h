/* SPDX-License-Identifier: MIT */
/* One run of the program: what its parts share, and what each does for one input. */
#ifndef GIFLOW_CLI_SESSION_H
#define GIFLOW_CLI_SESSION_H

#include "batch/naming.h"
#include "cli/message.h"
#include "cli/options.h"
#include "cli/outfile.h"
#include "cli/progress.h"

struct session {
    struct context cx;
    struct options options;
    struct console console;
    struct progress_line progress;
    struct naming naming; /* of -d and --in-place */
    const char *input;    /* the one at work, for notes */
    struct sink *out;     /* standard output, for --info */
    uint64_t told;        /* inputs that --info has told of */
    bool several;         /* inputs may be */
    bool shows_progress;
    bool out_failed; /* standard output is of no more use; told already */
    bool long_run;   /* the one at work is worth the time that session_release takes */
};

/* The words for "-" in messages. */
const char *input_label(const char *path);
const char *output_label(const char *path);

/* Prints the context's error, of file; nothing for a signal: the shell tells of it. Returns it. */
enum status report(struct session *s, const char *file);

/* Opens a file to be read; "-" is standard input. close_input leaves that open. */
enum status open_input(struct session *s, const char *path, int *fd) MUST_CHECK;
void close_input(int fd);

/*
 * Between two phases of a run: gives back what only the one before needed, see resident.h, where
 * the run is long. To have that read again takes a tenth of a millisecond; a small picture takes
 * one in all.
 */
void session_release(const struct session *s);

/* Turns one input into its output and reports; a batch_step, whose user is the session. */
enum status convert_file(void *session, const char *input);

/* Turns an input's pictures into files, numbered as the name of the output says; as above. */
enum status explode_file(void *session, const char *input);

/* Makes one moving picture of all inputs; reports, as all of these do. */
enum status join_files(struct session *s, const struct inputs *inputs) MUST_CHECK;

/* Tells what one input holds and reports; a batch_step as above. */
enum status tell_file(void *session, const char *input);
/* What stands before and after all of them. */
enum status tell_start(struct session *s) MUST_CHECK;
enum status tell_end(struct session *s) MUST_CHECK;

/* A run of a job, and what came of it. */
struct run {
    struct job job;
    struct outcome outcome;
    uint64_t cpu_ns, wall_ns; /* of the clocks at its start */
    const char *of;           /* the file that an error is about, as messages name it */
};

/* A run of the session's job is about to begin. */
void run_start(struct run *r, const struct session *s, const char *of);
/*
 * A run that wrote to out has come to st: what there is becomes the output, unless there is
 * nothing, and -v tells of it. Of an input that was damaged the error is told first, and is the
 * result. Errors: st itself; those of outfile_commit.
 */
enum status run_commit(struct session *s, struct run *r, enum status st, struct outfile *out,
                       const char *output) MUST_CHECK;

/* What -v says of a run that is over. */
void summarize(struct session *s, const struct run *r, const char *output);
/* .. and of an output that --no-clobber keeps from being written. */
void note_skipped(struct session *s, const char *output);

#endif
