/* SPDX-License-Identifier: MIT */
/* The counted allocator: every allocation of ours, under one limit. */
#ifndef GIFLOW_BASE_MEM_H
#define GIFLOW_BASE_MEM_H

#include "base/context.h"

/*
 * All return memory aligned to 16 bytes that the caller frees with mem_free, or NULL with
 * ST_NOMEM recorded: malloc failed, the size wrapped, the account's limit or a test's fault.
 * mem_alloc leaves the bytes undefined, so pages that are never touched cost nothing.
 */
void *mem_alloc(struct context *cx, size_t bytes) MUST_CHECK;
void *mem_zalloc(struct context *cx, size_t bytes) MUST_CHECK;
void *mem_array(struct context *cx, size_t count, size_t bytes_each) MUST_CHECK;
/*
 * Rows of pixels for a stage to be given. They start halfway between two multiples of 32: to one of
 * these libjpeg's SIMD code writes past the caches (jdcolext-avx2.asm), from where the next stage
 * then has to fetch the row; 5 % of the time that a JPEG takes to become a PPM.
 */
void *mem_rows(struct context *cx, size_t count, size_t stride) MUST_CHECK;

void mem_free(struct context *cx, void *p); /* p may be NULL */

#endif
