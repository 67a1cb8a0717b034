/* SPDX-License-Identifier: MIT */
/* What steps that leave places uncovered fill them with. */
#ifndef GIFLOW_PIPELINE_STAGES_FILL_H
#define GIFLOW_PIPELINE_STAGES_FILL_H

#include "color/palette_fit.h"
#include "pipeline/job.h"

struct fill {
    struct rgba8 color; /* the job's background, or what stands for it where that cannot be */
    struct pixel pixel; /* the same in the layout of the stream */
    bool late;          /* pixel is to be settled once the source has been read */
    struct palette_use use;
};

/*
 * Before the step: makes the color a pixel of the stream, whose layout may have to change for it.
 * A palette gets an entry more. Where it is full, the entries that pixels use are noted as rows
 * flow, so that one of the others may serve: the step has to read its whole source first, and f
 * outlives the stream. Closes *rows on failure.
 */
enum status fill_prepare(const struct job *job, struct fill *f, struct rows **rows) MUST_CHECK;
/*
 * After the step has read its source. Where a full palette has no free entry, the nearest color
 * serves, with a warning; no color of the picture changes for it.
 */
void fill_settle(struct context *cx, struct fill *f, struct rows *rows);

/* Whether the color has an entry, or there is room for one, before any row is read. */
bool fill_fits(const struct job *job, const struct palette *p);

#endif
