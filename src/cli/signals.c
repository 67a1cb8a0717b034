/* SPDX-License-Identifier: MIT */
/* Handlers only set a flag, so everything is cleaned up by the same code as after an error. */
#include "cli/signals.h"

#include <stddef.h>

volatile sig_atomic_t signals_stop;

static void on_signal(int number)
{
    signals_stop = number;
}

void signals_install(void)
{
    static const int ends[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGALRM, SIGXCPU};
    /* no SA_RESTART: a read that waits for a pipe has to come back and see the flag */
    struct sigaction action = {.sa_handler = on_signal}, old;
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++)
        if (sigaction(ends[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN) /* nohup's stays */
            sigaction(ends[i], &action, NULL);

    /* a write that fails is reported and cleaned up after; one that kills is not */
    action.sa_handler = SIG_IGN;
    sigaction(SIGPIPE, &action, NULL);
    sigaction(SIGXFSZ, &action, NULL);
}

void signals_deliver(void)
{
    if (signals_stop == 0)
        return;
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, signals_stop);
    signal(signals_stop, SIG_DFL);
    sigprocmask(SIG_UNBLOCK, &set, NULL);
    raise(signals_stop);
}
