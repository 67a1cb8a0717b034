/* SPDX-License-Identifier: MIT */
/* The format that suits what a file holds: --format=auto. */
#ifndef GIFLOW_PIPELINE_PICK_H
#define GIFLOW_PIPELINE_PICK_H

#include "pipeline/job.h"

/* What pick_format chooses from. */
extern const struct format *const pick_choices[];
#define PICK_CHOICES 3

/*
 * A moving picture is a GIF. A still that is coded with loss already keeps its format. Of the
 * others those of continuous tone become JPEG, and the rest PNG: pictures with transparency, of few
 * colors, or of more than 8 bits a sample, and drawings. Tells why as a note. Decodes the first
 * picture at the most and leaves src at its beginning; job->format does not count.
 * A pipe is kept from then on: see source_keep.
 */
enum status pick_format(struct context *cx, const struct job *job, struct source *src,
                        const struct format **out) MUST_CHECK;

#endif
