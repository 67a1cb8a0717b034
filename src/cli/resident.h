/* SPDX-License-Identifier: MIT */
/* Giving back what starting up left in memory. */
#ifndef GIFLOW_CLI_RESIDENT_H
#define GIFLOW_CLI_RESIDENT_H

/*
 * Takes the code and constants of all loaded libraries out of the resident set. Loading,
 * relocating and option parsing have touched about 2 MiB of them, most of which no pixel loop
 * ever needs; what is needed comes back from the page cache when it is next used. Nothing that was
 * ever written to is touched. Does nothing where that cannot be done.
 */
void resident_release(void);

#endif
