/* SPDX-License-Identifier: MIT */
/* Lists of frames: numbers from the end become numbers from the beginning. */
#include "pipeline/movie/frame_list.h"

#include "base/mem.h"
#include "pipeline/runs.h"

static enum status resolve(struct context *cx, int64_t number, uint64_t total, int64_t *out)
{
    *out = number < 0 ? number + (int64_t)total : number;
    if (*out >= 0 && *out < (int64_t)total)
        return ST_OK;
    return fail(cx, ST_UNSUPPORTED, "there is no frame %lld: the file has %llu, counted from 0",
                (long long)number, (unsigned long long)total);
}

enum status frame_list_open(struct context *cx, const struct job *job, uint64_t total,
                            struct frame_list *out)
{
    enum status st = ST_OK;
    int64_t before = 0;
    *out = (struct frame_list){.count = job->range_count, .forward = true};
    if (job->range_count == 0)
        return ST_OK;
    out->range = mem_array(cx, job->range_count, sizeof *out->range);
    if (out->range == NULL)
        return cx->status;
    for (size_t i = 0; st == ST_OK && i < out->count; i++) {
        struct frame_range *r = &out->range[i];
        st = resolve(cx, job->ranges[i].first, total, &r->first);
        if (st == ST_OK)
            st = resolve(cx, job->ranges[i].last, total, &r->last);
        out->forward &= before <= r->first && r->first <= r->last;
        before = r->last;
    }
    if (st != ST_OK)
        frame_list_close(cx, out);
    return st;
}

void frame_list_close(struct context *cx, struct frame_list *l)
{
    mem_free(cx, l->range);
    l->range = NULL;
}

bool frame_list_has(const struct frame_list *l, uint64_t frame)
{
    bool has = l->count == 0;
    for (size_t i = 0; !has && i < l->count; i++) {
        int64_t first = l->range[i].first, last = l->range[i].last, at = (int64_t)frame;
        has = first <= last ? first <= at && at <= last : last <= at && at <= first;
    }
    return has;
}

bool frame_list_at(const struct frame_list *l, uint64_t n, uint64_t *frame)
{
    for (size_t i = 0; i < l->count; i++) {
        int64_t first = l->range[i].first, last = l->range[i].last;
        uint64_t length = (uint64_t)(first <= last ? last - first : first - last) + 1;
        if (n < length) {
            *frame = (uint64_t)(first <= last ? first + (int64_t)n : first - (int64_t)n);
            return true;
        }
        n -= length;
    }
    return false;
}

enum status check_still_frames(struct context *cx, const struct job *job)
{
    struct frame_list l;
    enum status st = frame_list_open(cx, job, 1, &l);
    if (st == ST_OK)
        frame_list_close(cx, &l);
    return st;
}
