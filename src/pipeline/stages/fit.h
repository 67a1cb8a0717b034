/* SPDX-License-Identifier: MIT */
/* A layout that all pixels of a picture fit in, and rows in that layout. */
#ifndef GIFLOW_PIPELINE_STAGES_FIT_H
#define GIFLOW_PIPELINE_STAGES_FIT_H

#include "formats/format.h"
#include "pipeline/stages/pixel_facts.h"
#include "raster/rows.h"

/* A palette, or direct values. */
struct fit {
    bool palette;
    struct palette entries;
    enum layout direct;   /* has no alpha where the key does for it */
    struct color_key key; /* for direct */
    bool unfiltered;      /* direct */
};

/*
 * Rows of the same pixels in the layout of fit, which the facts about them allow. Takes *rows over;
 * it is closed on failure.
 */
enum status fit_apply(const struct pixel_facts *f, const struct fit *fit,
                      struct rows **rows) MUST_CHECK;

#endif
