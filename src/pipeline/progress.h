/* SPDX-License-Identifier: MIT */
/* How far a run has come, in rows: those read and those written. */
#ifndef GIFLOW_PIPELINE_PROGRESS_H
#define GIFLOW_PIPELINE_PROGRESS_H

#include "base/context.h"

struct progress {
    struct context *cx; /* NULL: nobody is told */
    uint64_t done, total;
};

static inline void progress_row(struct progress *p)
{
    p->done++;
    if (p->done > p->total)
        p->total = p->done;
    if (p->cx != NULL && p->cx->on_progress != NULL)
        p->cx->on_progress(p->cx->user, p->done, p->total);
}

#endif
