/* SPDX-License-Identifier: MIT */
/* Called for every row, so it looks at the clock and mostly does nothing more. */
#include "cli/progress.h"

#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/clock.h"
#include "cli/options.h"
#include "cli/text.h"

#define FIRST_NS (SECOND_NS / 2) /* shorter work shows nothing */
#define EACH_NS (SECOND_NS / 6)

bool progress_wanted(unsigned when)
{
    return when == PROGRESS_ALWAYS || (when == PROGRESS_AUTO && isatty(STDERR_FILENO));
}

void progress_line_start(struct progress_line *p, struct console *c, const char *file)
{
    p->console = c;
    p->file = file;
    p->start_ns = clock_ns(CLOCK_MONOTONIC);
    p->next_ns = p->start_ns + FIRST_NS;
}

/* Columns that a line may take: one that wraps could not be erased. */
static size_t columns(void)
{
    struct winsize size;
    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1)
        return size.ws_col - 1u;
    return 79;
}

void progress_line_show(struct progress_line *p, uint64_t done, uint64_t total)
{
    uint64_t now = clock_ns(CLOCK_MONOTONIC);
    if (now < p->next_ns || done == 0 || done > total)
        return;
    p->next_ns = now + EACH_NS;

    char facts[96], line[200];
    double share = (double)done / (double)total;
    double left = (double)(now - p->start_ns) / (double)SECOND_NS * (1 / share - 1);
    int n = snprintf(facts, sizeof facts, "%llu of %llu rows, %.0f %%, %.0f s left",
                     (unsigned long long)done, (unsigned long long)total, share * 100, left);
    size_t room = columns(), facts_length = (size_t)n;
    if (room > sizeof line - 1)
        room = sizeof line - 1;
    size_t used = 0;
    if (facts_length + 3 < room) { /* the name, or what of it there is room for */
        used = mask_text(p->file, line, room - facts_length - 1);
        used += (size_t)snprintf(line + used, sizeof line - used, ": ");
    }
    snprintf(line + used, room - used + 1, "%s", facts);
    console_line(p->console, line);
}

void progress_line_end(struct progress_line *p)
{
    console_line(p->console, "");
}
