/* SPDX-License-Identifier: MIT */
/* What a file that replaces another one takes over from it. */
#ifndef GIFLOW_CLI_ATTRIBUTES_H
#define GIFLOW_CLI_ATTRIBUTES_H

#include <sys/stat.h>

#include "base/context.h"

/*
 * Gives the open file fd the access list, the owner and the mode of the file called name in the
 * open directory dir, of which stat has told old. Where the group or the list cannot be had, nobody
 * gets more rights by that. Errors: ST_IO.
 */
enum status attributes_take(struct context *cx, int fd, int dir, const char *name,
                            const struct stat *old) MUST_CHECK;

#endif
