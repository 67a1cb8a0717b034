/* SPDX-License-Identifier: MIT */
/* An output file that appears complete or not at all. */
#ifndef GIFLOW_CLI_OUTFILE_H
#define GIFLOW_CLI_OUTFILE_H

#include <sys/stat.h>

#include "base/context.h"

/*
 * How the bytes get to their place:
 *
 * DIRECT  standard output, a device, a pipe: written as they come, nothing to replace
 * UNNAMED a file without a name in the target's directory, which a killed run cannot leave behind
 * NAMED   the same with a name, where the file system has no other
 */
enum outfile_kind {
    OUTFILE_CLOSED,
    OUTFILE_SKIPPED,
    OUTFILE_DIRECT,
    OUTFILE_UNNAMED,
    OUTFILE_NAMED
};

/* Zeroed: closed. */
struct outfile {
    struct context *cx;
    enum outfile_kind kind;
    int fd;  /* write here */
    int dir; /* of the target, -1: none */
    bool no_clobber;
    bool replaces; /* a regular file stands there; old is what stat says of it */
    struct stat old;
    char *name;         /* of the target, in dir; symbolic links followed */
    char temp_name[64]; /* in dir; "": none */
};

/*
 * Opens what path shall become; "-" is standard output. Nothing changes at path before commit,
 * unless it is no regular file. With no_clobber and a file there, the kind is OUTFILE_SKIPPED
 * and nothing is open. Errors: ST_USAGE (a directory, a terminal), ST_IO, ST_NOMEM.
 */
enum status outfile_open(struct context *cx, const char *path, bool no_clobber,
                         struct outfile *out) MUST_CHECK;

/*
 * Brings what was written to disk and then to its name; a file that was replaced gives its mode,
 * its access list and, where that is allowed, its owner. The outfile is closed either way. The kind
 * becomes OUTFILE_SKIPPED where no_clobber found a file that came meanwhile, else OUTFILE_CLOSED.
 * Errors: ST_IO. The target is then as it was; only when the directory cannot be synced, the very
 * last step, is it the new file, whole but perhaps not there after a power failure.
 */
enum status outfile_commit(struct outfile *o) MUST_CHECK;
void outfile_discard(struct outfile *o); /* nothing happens to a closed one */

#endif
