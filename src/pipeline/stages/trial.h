/* SPDX-License-Identifier: MIT */
/* How small a stream gets, found by encoding some of it. */
#ifndef GIFLOW_PIPELINE_STAGES_TRIAL_H
#define GIFLOW_PIPELINE_STAGES_TRIAL_H

#include "formats/format.h"
#include "raster/rows.h"

/* Larger pictures are judged by bands of about so many pixels. */
#define TRIAL_PIXELS (UINT64_C(1) << 18)

/* A stream of rows of another's, which it does not own. For stages that are tried and closed. */
enum status lend_rows(struct rows *owner, struct rows **out) MUST_CHECK;

/*
 * Bytes of a file of bands of rows, all of them where the picture is small, as format encodes it.
 * Reads rows to their end and leaves them there.
 */
enum status trial_bytes(const struct format *format, const struct encode_options *options,
                        struct rows *rows, uint64_t *bytes) MUST_CHECK;

#endif
