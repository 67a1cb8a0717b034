/* SPDX-License-Identifier: MIT */
/* The words and the exit status of each status. */
#include "base/status.h"

static const struct {
    int exit_status;
    const char *text;
} table[] = {
#define X(name, exit_status, text) [name] = {exit_status, text},
    STATUS_LIST(X)
#undef X
};

int status_exit(enum status st)
{
    return table[st].exit_status;
}

const char *status_text(enum status st)
{
    return table[st].text;
}
