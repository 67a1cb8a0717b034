/* SPDX-License-Identifier: MIT */
/* How many bytes pixels would take with other code sizes, from what they took with one. */
#ifndef GIFLOW_ANIMATION_CODE_COUNT_H
#define GIFLOW_ANIMATION_CODE_COUNT_H

#include <stdint.h>

/* Codes of a greedy encoder that clears when its table is full, from its bytes; and the reverse. */
uint64_t codes_in_bytes(uint64_t bytes, unsigned size);
uint64_t bytes_of_codes(uint64_t codes, unsigned size);

#endif
