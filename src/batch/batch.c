/* SPDX-License-Identifier: MIT */
/* The loop over a batch: an input's failure is its own. */
#include "batch/batch.h"

static void start_anew(struct context *cx)
{
    take_back(cx);
    cx->mem.peak = cx->mem.in_use;
    cx->temp.peak = cx->temp.in_use;
}

enum status batch_run(struct context *cx, const struct inputs *in, batch_step *step, void *user,
                      size_t *failed)
{
    enum status st = ST_OK;
    *failed = 0;
    for (size_t i = 0; i < in->count; i++) {
        start_anew(cx);
        st = step(user, in->name[i]);
        if (st == ST_STOPPED)
            return st;
        *failed += st != ST_OK && st != ST_SKIPPED;
    }
    if (in->count == 1)
        return st;
    return *failed > 0 ? ST_PARTIAL : ST_OK;
}
