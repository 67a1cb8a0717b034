/* SPDX-License-Identifier: MIT */
/* Blocks carry their size in a header of 16 bytes, which keeps malloc's alignment. */
#include "base/mem.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/size.h"

struct header {
    size_t whole; /* that malloc was asked for */
    size_t gap;   /* of those, in front of this */
};
#define HEADER 16
_Static_assert(sizeof(struct header) <= HEADER, "there is room for it");

/* What SIMD code of 32 bytes takes for aligned. */
#define VECTOR 32

enum kind { PLAIN, ZEROED, ROWS };

static void *take(struct context *cx, size_t bytes, enum kind kind)
{
    struct mem_account *m = &cx->mem;
    size_t whole, gap = kind == ROWS ? VECTOR / 2 : 0;
    if (!size_add(bytes, HEADER + gap, &whole) || fault_due(&cx->faults.alloc)) {
        fail(cx, ST_NOMEM, "no memory for %zu bytes", bytes);
        return NULL;
    }
    if (m->limit != 0 && (whole > m->limit || m->in_use > m->limit - whole)) {
        fail(cx, ST_NOMEM, "over the memory limit of %zu bytes: %zu in use, %zu more needed",
             m->limit, m->in_use, bytes);
        return NULL;
    }
    unsigned char *block = kind == ZEROED ? calloc(1, whole) : malloc(whole);
    if (block == NULL) {
        fail(cx, ST_NOMEM, "no memory for %zu bytes", bytes);
        return NULL;
    }
    if (((uintptr_t)block + HEADER) % VECTOR != 0)
        gap = 0;
    struct header h = {whole, gap};
    memcpy(block + gap, &h, sizeof h);
    m->in_use += whole;
    if (m->in_use > m->peak)
        m->peak = m->in_use;
    return block + gap + HEADER;
}

void *mem_alloc(struct context *cx, size_t bytes)
{
    return take(cx, bytes, PLAIN);
}

void *mem_zalloc(struct context *cx, size_t bytes)
{
    return take(cx, bytes, ZEROED);
}

/* Of count things together; SIZE_MAX where it wraps, which take refuses, with its message. */
static size_t product(size_t count, size_t bytes_each)
{
    size_t bytes;
    return size_mul(count, bytes_each, &bytes) ? bytes : SIZE_MAX;
}

void *mem_array(struct context *cx, size_t count, size_t bytes_each)
{
    return take(cx, product(count, bytes_each), PLAIN);
}

void *mem_rows(struct context *cx, size_t count, size_t stride)
{
    return take(cx, product(count, stride), ROWS);
}

void mem_free(struct context *cx, void *p)
{
    if (p == NULL)
        return;
    struct header h;
    unsigned char *at = (unsigned char *)p - HEADER;
    memcpy(&h, at, sizeof h);
    cx->mem.in_use -= h.whole;
    free(at - h.gap);
}
