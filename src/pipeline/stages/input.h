/* SPDX-License-Identifier: MIT */
/* A file's first picture as a row stream over its whole canvas. */
#ifndef GIFLOW_PIPELINE_STAGES_INPUT_H
#define GIFLOW_PIPELINE_STAGES_INPUT_H

#include "formats/format.h"
#include "pipeline/progress.h"
#include "raster/rows.h"

/* What the stream tells besides its rows, the latter three once the last row has come. */
struct input_report {
    const char *format;
    bool palette;          /* the frame as the file has it is a palette picture */
    uint32_t palette_size; /* of its entries in the file, which may be fewer; 0: as many */
    bool damaged;          /* lenient: rows are missing; text says what was wrong */
    bool more_frames;
    char text[240];
    const char *warning;      /* about a picture that is written; NULL: none */
    struct metadata metadata; /* the caller clears it; skip and values are the caller's choice */
};

/*
 * Opens src, which stays the caller's. Rows come top-down, interlaced ones out of a store. With
 * the last one the file is read to its end, later frames too: damage anywhere in it is an error,
 * or under cx->lenient is reported and the rows that are missing are transparent, or 0.
 * The stream can rewind where the source can. report and progress outlive it.
 */
enum status input_open(struct context *cx, struct source *src, struct input_report *report,
                       struct progress *progress, struct rows **out) MUST_CHECK;

#endif
