/* SPDX-License-Identifier: MIT */
/* Giving back what starting up left in memory. */
#ifndef GIFLOW_CLI_RESIDENT_H
#define GIFLOW_CLI_RESIDENT_H

/*
 * Takes the code and constants of all loaded libraries out of the resident set. The kernel maps 64
 * KiB around each instruction that is first run, so that linking, parsing options and opening files
 * leave about 2 MiB there, of which a pixel loop needs a tenth; what is needed comes back from
 * the page cache when it is next used. Called between the phases of a run. Pages that were
 * ever written to are left alone. Does nothing where that cannot be done.
 */
void resident_release(void);

#endif
