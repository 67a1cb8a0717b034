/* SPDX-License-Identifier: MIT */
/* The names of all inputs: operands, then those that a list holds. */
#ifndef GIFLOW_BATCH_INPUTS_H
#define GIFLOW_BATCH_INPUTS_H

#include "base/source.h"

struct inputs {
    const char **name;
    size_t count;
    char *list; /* the bytes of the list, cut into names */
};

/*
 * operands  stay the caller's and must outlive *out
 * list      names that each end with separator ('\n' or NUL), or NULL; empty ones are left out
 * Errors    ST_USAGE (no names; a NUL in a list of lines), ST_IO, ST_NOMEM; *out is then empty
 */
enum status inputs_open(struct context *cx, char **operands, size_t count, struct source *list,
                        char separator, struct inputs *out) MUST_CHECK;
void inputs_close(struct context *cx, struct inputs *in);

#endif
