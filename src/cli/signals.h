/* SPDX-License-Identifier: MIT */
/* A signal asks the run to end cleanly; then it ends the process after all. */
#ifndef GIFLOW_CLI_SIGNALS_H
#define GIFLOW_CLI_SIGNALS_H

#include <signal.h>

/*
 * From here on the flag tells of SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGALRM and SIGXCPU, unless they
 * were ignored; writing to a closed pipe is EPIPE, beyond the limit of files EFBIG.
 */
void signals_install(void);

/* 0, or the signal that came. */
extern volatile sig_atomic_t signals_stop;

/* Ends the process by the signal that came, if one came: the parent shall see what happened. */
void signals_deliver(void);

#endif
