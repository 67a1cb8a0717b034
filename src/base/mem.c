/* SPDX-License-Identifier: MIT */
/* Blocks carry their size in a header of 16 bytes, which keeps malloc's alignment. */
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

#include "base/size.h"

#define HEADER 16

static void *take(struct context *cx, size_t bytes, bool zero)
{
    struct mem_account *m = &cx->mem;
    size_t whole;
    if (!size_add(bytes, HEADER, &whole) || fault_due(&cx->faults.alloc)) {
        fail(cx, ST_NOMEM, "no memory for %zu bytes", bytes);
        return NULL;
    }
    if (m->limit != 0 && (whole > m->limit || m->in_use > m->limit - whole)) {
        fail(cx, ST_NOMEM, "over the memory limit of %zu bytes: %zu in use, %zu more needed",
             m->limit, m->in_use, bytes);
        return NULL;
    }
    unsigned char *block = zero ? calloc(1, whole) : malloc(whole);
    if (block == NULL) {
        fail(cx, ST_NOMEM, "no memory for %zu bytes", bytes);
        return NULL;
    }
    memcpy(block, &whole, sizeof whole);
    m->in_use += whole;
    if (m->in_use > m->peak)
        m->peak = m->in_use;
    return block + HEADER;
}

void *mem_alloc(struct context *cx, size_t bytes)
{
    return take(cx, bytes, false);
}

void *mem_zalloc(struct context *cx, size_t bytes)
{
    return take(cx, bytes, true);
}

void *mem_array(struct context *cx, size_t count, size_t bytes_each)
{
    size_t bytes;
    if (!size_mul(count, bytes_each, &bytes))
        bytes = SIZE_MAX; /* which take refuses, with its message */
    return take(cx, bytes, false);
}

void mem_free(struct context *cx, void *p)
{
    if (p == NULL)
        return;
    unsigned char *block = (unsigned char *)p - HEADER;
    size_t whole;
    memcpy(&whole, block, sizeof whole);
    cx->mem.in_use -= whole;
    free(block);
}
