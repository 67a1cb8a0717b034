/* SPDX-License-Identifier: MIT */
/* The progress line: rows done, share, time left. */
#ifndef GIFLOW_CLI_PROGRESS_H
#define GIFLOW_CLI_PROGRESS_H

#include <stdint.h>

#include "cli/message.h"

struct progress_line {
    struct console *console;
    const char *file;
    uint64_t start_ns, next_ns; /* of the monotonic clock: when work began, when to draw */
};

/* True where a line is wanted: when is an enum progress_when. */
bool progress_wanted(unsigned when);

void progress_line_start(struct progress_line *p, struct console *c, const char *file);
void progress_line_show(struct progress_line *p, uint64_t done, uint64_t total);
void progress_line_end(struct progress_line *p);

#endif
