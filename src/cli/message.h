/* SPDX-License-Identifier: MIT */
/* Messages on standard error; the only way to it. */
#ifndef GIFLOW_CLI_MESSAGE_H
#define GIFLOW_CLI_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>

/* Standard error as one line of messages after another, with perhaps a progress line below. */
struct console {
    size_t shown; /* columns of the progress line that stands there now; 0: none */
};

/*
 * One line, "giflow: FILE: text", in one write, so that lines of several programs do not mix. A
 * progress line is erased first. file may be NULL; what cannot be printed is masked.
 */
void message(struct console *c, const char *file, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Draws text as the progress line, over the one before, or takes it away (""). */
void console_line(struct console *c, const char *text);

#endif
