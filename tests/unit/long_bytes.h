/* SPDX-License-Identifier: MIT */
/* Bytes for the tests of sources, sinks and spools. */
#ifndef GIFLOW_TESTS_LONG_BYTES_H
#define GIFLOW_TESTS_LONG_BYTES_H

#include "support.h"

/* More than two buffers of bytes, each place telling from its neighbors. */
#define LONG 270000

static inline uint8_t *long_bytes(void)
{
    uint8_t *p = make_bytes(LONG);
    uint64_t seed = 5;
    for (size_t i = 0; i < LONG; i++)
        p[i] = (uint8_t)noise(&seed);
    return p;
}

#endif
