/* SPDX-License-Identifier: MIT */
/* Eight floats that the compiler works on at once, by the instructions that a function may use. */
#ifndef GIFLOW_TRANSFORMS_LANES_H
#define GIFLOW_TRANSFORMS_LANES_H

/*
 * A kernel is written once, as an always inlined function, and made twice: plain, and in a function
 * with the target AVX2. Both do the same operations in the same order, so they give the same
 * floats; none may be joined to fused ones (-ffp-contract=off).
 */
#define LANES 8
typedef float lanes __attribute__((vector_size(32), may_alias));
/* The same anywhere in an array of floats. */
typedef float loose_lanes __attribute__((vector_size(32), aligned(4), may_alias));

#define KERNEL static inline __attribute__((always_inline))
#if defined(__x86_64__)
#define AVX2 __attribute__((target("avx2")))
#endif

#endif
