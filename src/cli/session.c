/* SPDX-License-Identifier: MIT */
/* Inputs opened, errors told: what converting and telling have in common. */
#include "cli/session.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/resident.h"
#include "cli/signals.h"

const char *input_label(const char *path)
{
    return strcmp(path, "-") == 0 ? "standard input" : path;
}

const char *output_label(const char *path)
{
    return strcmp(path, "-") == 0 ? "standard output" : path;
}

enum status report(struct session *s, const char *file)
{
    if (signals_stop != 0)
        return ST_STOPPED;
    message(&s->console, file, "%s", s->cx.text);
    return s->cx.status;
}

enum status open_input(struct session *s, const char *path, int *fd)
{
    if (strcmp(path, "-") == 0) {
        *fd = STDIN_FILENO;
        if (isatty(STDIN_FILENO))
            return fail(&s->cx, ST_USAGE, "a picture is not read from a terminal");
        return ST_OK;
    }
    struct stat st;
    *fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (*fd < 0)
        return fail_errno(&s->cx, "cannot open");
    if (fstat(*fd, &st) == 0 && S_ISDIR(st.st_mode)) {
        close_input(*fd);
        return fail(&s->cx, ST_IO, "is a directory");
    }
    return ST_OK;
}

void session_release(const struct session *s)
{
    if (s->long_run)
        resident_release();
}

void close_input(int fd)
{
    if (fd != STDIN_FILENO)
        close(fd); /* nothing was written: nothing can be lost */
}
