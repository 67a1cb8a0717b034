/* SPDX-License-Identifier: MIT */
/* What a function can come back with, and the exit status that each ends in. */
#ifndef GIFLOW_BASE_STATUS_H
#define GIFLOW_BASE_STATUS_H

/* name, exit status of the program, words for it */
#define STATUS_LIST(X)                                                       \
    X(ST_OK, 0, "done")                                                      \
    X(ST_END, 0, "no more") /* a note, not an error: after the last frame */ \
    X(ST_PARTIAL, 1, "some inputs failed")                                   \
    X(ST_USAGE, 2, "usage")                                                  \
    X(ST_DAMAGED, 3, "damaged input")                                        \
    X(ST_UNSUPPORTED, 3, "unsupported input")                                \
    X(ST_IO, 4, "input or output failed")                                    \
    X(ST_LIMIT, 5, "over a limit")                                           \
    X(ST_NOMEM, 5, "out of memory")                                          \
    X(ST_SKIPPED, 7, "nothing written, on purpose") /* a note, too */        \
    X(ST_BUG, 70, "internal error")                                          \
    X(ST_STOPPED, 130, "stopped by a signal")

enum status {
#define X(name, exit_status, text) name,
    STATUS_LIST(X)
#undef X
};

#define MUST_CHECK __attribute__((warn_unused_result))

int status_exit(enum status st);
const char *status_text(enum status st);

#endif
