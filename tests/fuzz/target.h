/* SPDX-License-Identifier: MIT */
/* A fuzz target, as libFuzzer and replay.c call it, and its end where something does not hold. */
#ifndef GIFLOW_TESTS_FUZZ_TARGET_H
#define GIFLOW_TESTS_FUZZ_TARGET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define check(good) check_at(good, #good, __FILE__, __LINE__)

static inline void check_at(bool good, const char *what, const char *file, int line)
{
    if (!good) {
        fprintf(stderr, "%s:%d: %s does not hold\n", file, line, what);
        abort();
    }
}

#endif
