/* SPDX-License-Identifier: MIT */
/* What every stage of a row stream must do when something under it fails. */
#ifndef GIFLOW_TESTS_STAGE_CHECK_H
#define GIFLOW_TESTS_STAGE_CHECK_H

#include "support.h"

/* All rows of a stage, which is closed. The caller frees. */
static inline uint8_t *take_rows(struct rows *r)
{
    size_t bytes = picture_size(&r->pic);
    uint8_t *got = make_bytes(bytes);
    memset(got, 0x5a, bytes);
    assert_int_equal(read_rows(r, got), ST_OK);
    rows_close(r);
    return got;
}

/* Wraps up, which it takes over, in the stage that arg describes. */
typedef enum status open_stage_fn(struct rows *up, const void *arg, struct rows **out);

struct stage_job {
    struct picture pic;
    const uint8_t *pixels;
    open_stage_fn *open;
    const void *arg;
    struct array_log log;
};

/* All rows of the stage, and where it can rewind all of them again. */
static inline enum status stage_job(struct context *cx, void *user)
{
    struct stage_job *job = user;
    struct rows *r = array_rows(cx, &job->pic, job->pixels, true, &job->log);
    if (r == NULL)
        return cx->status;
    enum status st = job->open(r, job->arg, &r);
    if (st != ST_OK)
        return st;
    uint8_t *got = make_bytes(picture_size(&r->pic));
    st = read_rows(r, got);
    if (st == ST_OK && rows_can_rewind(r)) {
        st = rows_rewind(r);
        if (st == ST_OK)
            st = read_rows(r, got);
    }
    rows_close(r);
    free(got);
    return st;
}

/* Rows that come after others were passed over are what they would have been. */
static inline void check_skips(struct stage_job *job)
{
    uint64_t seed = 11;
    for (int round = 0; round < 12; round++) {
        struct context cx;
        context_init(&cx);
        job->log = (struct array_log){0};
        struct rows *all = array_rows(&cx, &job->pic, job->pixels, true, &job->log), *some;
        assert_int_equal(job->open(all, job->arg, &all), ST_OK);
        size_t stride = picture_stride(&all->pic);
        uint8_t *want = make_bytes(picture_size(&all->pic)), *row = make_bytes(stride);
        assert_int_equal(read_rows(all, want), ST_OK);
        rows_close(all);
        some = array_rows(&cx, &job->pic, job->pixels, true, &job->log);
        assert_int_equal(job->open(some, job->arg, &some), ST_OK);
        while (some->y < some->pic.height) {
            uint32_t n = 1 + noise(&seed) % (round < 6 ? 4 : some->pic.height);
            n = n < some->pic.height - some->y ? n : some->pic.height - some->y;
            if (noise(&seed) % 2 == 0) {
                assert_int_equal(rows_skip(some, n), ST_OK);
                continue;
            }
            for (; n > 0; n--) {
                assert_int_equal(rows_next(some, row), ST_OK);
                assert_memory_equal(row, want + (some->y - 1) * stride, stride);
            }
        }
        rows_close(some);
        free(want);
        free(row);
        assert_nothing_held(&cx);
    }
}

/*
 * Over noise of a size and layout: every call that can fail does so once, and then some of the
 * rows that come in. Nothing may be lost or stay open. skips: the stage may do without some rows.
 */
static inline void sweep_stage(uint32_t width, uint32_t height, enum layout layout, bool skips,
                               open_stage_fn *open, const void *arg)
{
    struct stage_job job = {.pic = make_picture(width, height, layout), .open = open, .arg = arg};
    uint8_t *pixels = make_noise(&job.pic, 3);
    job.pixels = pixels;
    check_skips(&job);
    sweep_faults(stage_job, &job);
    for (uint32_t row = 1; row <= height; row += height / 7 + 1) {
        struct context cx;
        context_init(&cx);
        job.log = (struct array_log){.fail_at = row};
        enum status st = stage_job(&cx, &job);
        assert_int_equal(st, job.log.failed > 0 ? ST_DAMAGED : ST_OK);
        assert_true(job.log.failed > 0 || skips);
        assert_int_equal(job.log.closed, 1);
        assert_nothing_held(&cx);
    }
    free(pixels);
}

#endif
