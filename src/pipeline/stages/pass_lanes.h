/* SPDX-License-Identifier: MIT */
/* The passes of an interlaced picture side by side, for want of a store: a decoder for each. */
#ifndef GIFLOW_PIPELINE_STAGES_PASS_LANES_H
#define GIFLOW_PIPELINE_STAGES_PASS_LANES_H

#include "formats/format.h"
#include "raster/rows.h"

/*
 * A stream of the picture's rows. up->next yields the rows of all passes, one after another, of the
 * first frame of src, for which source_can_pread is true. They are read to nowhere up to the last
 * pass; for each of the others there is a decoder that does so up to its own. So Adam7 is decoded
 * twice in all, and a GIF not quite twice. Owns up, even when it fails.
 */
enum status pass_lanes_open(struct rows *up, struct source *src, const struct frame *frame,
                            struct rows **out) MUST_CHECK;

#endif
