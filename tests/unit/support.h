/* SPDX-License-Identifier: MIT */
/* What unit tests share: pictures, rows of them, and runs in which the n-th call fails. */
#ifndef GIFLOW_TESTS_SUPPORT_H
#define GIFLOW_TESTS_SUPPORT_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

/* cmocka's words for "this test fails" stand in the way of ours for "record this error". */
#undef fail
#undef fail_msg

#include "base/mem.h"
#include "raster/rows.h"

/* The state of a generator of repeatable noise (xorshift64*, Vigna 2014); never 0. */
static inline uint32_t noise(uint64_t *state)
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return (uint32_t)(*state * UINT64_C(0x2545f4914f6cdd1d) >> 32);
}

/* For LAYOUT_INDEX8 with 256 different entries, the last of them transparent. */
static inline struct picture make_picture(uint32_t width, uint32_t height, enum layout layout)
{
    struct picture pic;
    memset(&pic, 0, sizeof pic);
    pic.width = width;
    pic.height = height;
    pic.layout = layout;
    if (layout == LAYOUT_INDEX8) {
        pic.palette.count = 256;
        for (unsigned i = 0; i < 256; i++)
            pic.palette.entry[i] = (struct rgba8){(uint8_t)i, (uint8_t)(i * 7), (uint8_t)(255 - i),
                                                  i == 255 ? 0 : 255};
    }
    return pic;
}

static inline size_t picture_size(const struct picture *pic)
{
    return picture_stride(pic) * pic->height;
}

/* Bytes of the test's own, outside every account; the caller frees them. */
static inline uint8_t *make_bytes(size_t bytes)
{
    uint8_t *p = malloc(bytes + 1);
    assert_non_null(p);
    return p;
}

static inline uint8_t *make_noise(const struct picture *pic, uint64_t seed)
{
    size_t bytes = picture_size(pic);
    uint8_t *p = make_bytes(bytes);
    uint64_t state = seed * 2 + 1;
    for (size_t i = 0; i < bytes; i++)
        p[i] = (uint8_t)noise(&state);
    return p;
}

/* What has been done to a stream over memory, and what it shall do. */
struct array_log {
    uint32_t pulled, rewound, closed, failed;
    uint32_t fail_at; /* the row, counted from 1, that cannot be had; 0: none */
};

struct array_rows {
    struct rows r;
    const uint8_t *pixels;
    struct array_log *log;
};

static inline enum status array_next(struct rows *r, uint8_t *out)
{
    struct array_rows *a = (struct array_rows *)r;
    size_t stride = picture_stride(&r->pic);
    if (a->log != NULL) {
        a->log->pulled++;
        if (a->log->fail_at == r->y + 1) {
            a->log->failed++;
            return fail(r->cx, ST_DAMAGED, "row %u cannot be had", r->y);
        }
    }
    memcpy(out, a->pixels + r->y * stride, stride);
    return ST_OK;
}

static inline enum status array_rewind(struct rows *r)
{
    struct array_rows *a = (struct array_rows *)r;
    if (a->log != NULL)
        a->log->rewound++;
    return ST_OK;
}

static inline void array_close(struct rows *r)
{
    struct array_rows *a = (struct array_rows *)r;
    if (a->log != NULL)
        a->log->closed++;
    mem_free(r->cx, a);
}

/*
 * A stream of pixels, which must outlive it, as must log, which may be NULL. Takes one allocation;
 * NULL where that fails.
 */
static inline struct rows *array_rows(struct context *cx, const struct picture *pic,
                                      const uint8_t *pixels, bool rewinds, struct array_log *log)
{
    struct array_rows *a = rows_new(cx, "array", sizeof *a, NULL);
    if (a == NULL)
        return NULL;
    a->r.pic = *pic;
    a->r.next = array_next;
    a->r.rewind = rewinds ? array_rewind : NULL;
    a->r.close = array_close;
    a->pixels = pixels;
    a->log = log;
    return &a->r;
}

/* Pulls all rows to out, which holds them. */
static inline enum status read_rows(struct rows *r, uint8_t *out)
{
    size_t stride = picture_stride(&r->pic);
    enum status st = ST_OK;
    for (uint32_t y = 0; y < r->pic.height && st == ST_OK; y++)
        st = rows_next(r, out + y * stride);
    return st;
}

static inline void assert_nothing_held(const struct context *cx)
{
    assert_int_equal(cx->mem.in_use, 0);
    assert_int_equal(cx->temp.in_use, 0);
}

/* Which countdown of struct faults. */
enum fault_kind { FAULT_ALLOC, FAULT_READ, FAULT_WRITE, FAULT_KINDS };

static inline uint64_t *fault_countdown(struct context *cx, enum fault_kind kind)
{
    return kind == FAULT_ALLOC  ? &cx->faults.alloc
           : kind == FAULT_READ ? &cx->faults.read
                                : &cx->faults.write;
}

/* Calls are counted by a countdown that does not reach its end. */
#define MANY UINT64_C(1000000000)

/* How many there were since it was set to MANY, which it is again. */
static inline uint64_t calls(uint64_t *countdown)
{
    uint64_t n = MANY - *countdown;
    *countdown = MANY;
    return n;
}

/*
 * Runs job with each of its calls of a kind failing once, then with none failing. It must give
 * everything back every time, and fail with want, or do without what failed. Returns how many
 * calls of the kind there were.
 */
static inline uint64_t sweep_kind(enum fault_kind kind, enum status want,
                                  enum status (*job)(struct context *cx, void *user), void *user)
{
    for (uint64_t n = 1;; n++) {
        struct context cx;
        context_init(&cx);
        *fault_countdown(&cx, kind) = n;
        enum status st = job(&cx, user);
        assert_nothing_held(&cx);
        bool struck = *fault_countdown(&cx, kind) == 0;
        assert_int_equal(st, struck ? want : ST_OK);
        assert_int_equal(cx.status, st);
        if (!struck)
            return n - 1;
    }
}

static inline void sweep_faults(enum status (*job)(struct context *cx, void *user), void *user)
{
    sweep_kind(FAULT_ALLOC, ST_NOMEM, job, user);
    sweep_kind(FAULT_READ, ST_IO, job, user);
    sweep_kind(FAULT_WRITE, ST_IO, job, user);
}

#endif
