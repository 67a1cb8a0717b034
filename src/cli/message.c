/* SPDX-License-Identifier: MIT */
/* Where standard error cannot be written there is nobody left to tell: its errors are dropped. */
#include "cli/message.h"

#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/text.h"

static void put(const char *bytes, size_t n)
{
    while (n > 0) {
        ssize_t done = write(STDERR_FILENO, bytes, n);
        if (done <= 0)
            return;
        bytes += done;
        n -= (size_t)done;
    }
}

void console_line(struct console *c, const char *text)
{
    char line[512];
    size_t n = strlen(text);
    if (n == 0 && c->shown == 0)
        return;
    /* blanks rather than an escape sequence: every terminal has them */
    int used = snprintf(line, sizeof line, "\r%.200s%*s\r", text,
                        c->shown > n ? (int)(c->shown - n) : 0, "");
    put(line, (size_t)used);
    c->shown = n < 200 ? n : 200;
}

void message(struct console *c, const char *file, const char *fmt, ...)
{
    char text[1024], line[PATH_MAX + sizeof text + 16];
    va_list args;
    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);

    static const char name[] = "giflow: ";
    size_t n = sizeof name - 1;
    memcpy(line, name, n);
    if (file != NULL) {
        n += mask_text(file, line + n, PATH_MAX);
        memcpy(line + n, ": ", 2);
        n += 2;
    }
    n += mask_text(text, line + n, sizeof line - n - 1);
    line[n++] = '\n';
    console_line(c, "");
    put(line, n);
}
