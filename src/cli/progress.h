/* SPDX-License-Identifier: MIT */
/* The progress line: rows done, share, time left. */
#ifndef GIFLOW_CLI_PROGRESS_H
#define GIFLOW_CLI_PROGRESS_H

#include <stdint.h>

#include "cli/message.h"

struct progress {
    struct console *console;
    const char *file;
    uint64_t start_ns, next_ns; /* of the monotonic clock: when work began, when to draw */
};

/* True where a line is wanted: when is an enum progress_when. */
bool progress_wanted(unsigned when);

void progress_start(struct progress *p, struct console *c, const char *file);
void progress_show(struct progress *p, uint64_t done, uint64_t total);
void progress_end(struct progress *p);

#endif
