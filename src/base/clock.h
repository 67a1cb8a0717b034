/* SPDX-License-Identifier: MIT */
/* Clocks in nanoseconds. */
#ifndef GIFLOW_BASE_CLOCK_H
#define GIFLOW_BASE_CLOCK_H

#include <stdint.h>
#include <time.h>

#define SECOND_NS UINT64_C(1000000000)

static inline uint64_t clock_ns(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (uint64_t)t.tv_sec * SECOND_NS + (uint64_t)t.tv_nsec;
}

/* Of the process, user and system. */
static inline uint64_t cpu_time_ns(void)
{
    return clock_ns(CLOCK_PROCESS_CPUTIME_ID);
}

#endif
