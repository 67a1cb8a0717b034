/* SPDX-License-Identifier: MIT */
/* First error wins; notes; what the processor can do. */
#include "base/context.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#if defined(__x86_64__) && __has_include(<sys/platform/x86.h>)
#include <sys/platform/x86.h>
#endif

/* Large enough for a 65535 x 32767 canvas, small enough to stop nonsense headers. */
#define DEFAULT_MAX_PIXELS (UINT64_C(1) << 32)
#define DEFAULT_MAX_FRAMES (UINT64_C(1) << 20)

/* As much as spools keep in memory: nearly all moving pictures are smaller. */
#define DEFAULT_PLANE_MEMORY (256u * 1024)

/*
 * Asking the processor itself takes some 30 microseconds in a virtual machine, which has to answer
 * in its place; glibc has asked already, and heeds what users switch off by GLIBC_TUNABLES.
 */
static enum simd best_simd(void)
{
#if defined(CPU_FEATURE_ACTIVE)
    if (CPU_FEATURE_ACTIVE(AVX2))
        return SIMD_AVX2;
    if (CPU_FEATURE_ACTIVE(SSE4_1))
        return SIMD_SSE41;
#elif defined(__x86_64__) || defined(__i386__)
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx2"))
        return SIMD_AVX2;
    if (__builtin_cpu_supports("sse4.1"))
        return SIMD_SSE41;
#endif
    return SIMD_NONE;
}

void context_init(struct context *cx)
{
    memset(cx, 0, sizeof *cx);
    cx->mem.limit = 0;
    cx->temp.limit = SIZE_UNLIMITED;
    cx->limits.max_pixels = DEFAULT_MAX_PIXELS;
    cx->limits.max_frames = DEFAULT_MAX_FRAMES;
    cx->limits.plane_memory = DEFAULT_PLANE_MEMORY;
    cx->simd = best_simd();
}

static enum status record(struct context *cx, enum status st, int error, const char *fmt,
                          va_list args)
{
    if (cx->status != ST_OK)
        return cx->status;
    cx->status = st;
    int used = vsnprintf(cx->text, sizeof cx->text, fmt, args);
    if (error != 0 && used >= 0 && (size_t)used < sizeof cx->text)
        snprintf(cx->text + used, sizeof cx->text - (size_t)used, ": %s", strerror(error));
    return st;
}

enum status fail(struct context *cx, enum status st, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    st = record(cx, st, 0, fmt, args);
    va_end(args);
    return st;
}

enum status fail_errno(struct context *cx, const char *fmt, ...)
{
    int error = errno;
    va_list args;
    va_start(args, fmt);
    enum status st = record(cx, ST_IO, error, fmt, args);
    va_end(args);
    return st;
}

void take_back(struct context *cx)
{
    cx->status = ST_OK;
    cx->text[0] = '\0';
}

void note(struct context *cx, enum note_level level, const char *fmt, ...)
{
    if (cx->on_note == NULL)
        return;
    char text[sizeof cx->text];
    va_list args;
    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    cx->on_note(cx->user, level, text);
}

enum status check_stop(struct context *cx)
{
    if (cx->stop != NULL && *cx->stop != 0)
        return fail(cx, ST_STOPPED, "stopped by signal %d", (int)*cx->stop);
    return ST_OK;
}

bool fault_due(uint64_t *countdown)
{
    return *countdown != 0 && --*countdown == 0;
}
