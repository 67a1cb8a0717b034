/* SPDX-License-Identifier: MIT */
/* Many inputs, one after another. */
#ifndef GIFLOW_BATCH_BATCH_H
#define GIFLOW_BATCH_BATCH_H

#include "batch/inputs.h"

/* Does one input, and tells the user what went wrong with it. */
typedef enum status batch_step(void *user, const char *input);

/*
 * Calls step for each input, with the context's error and peaks cleared; goes on after one that
 * failed; ends at ST_STOPPED. ST_SKIPPED is no failure. A single input's status is the result; of
 * several it is ST_PARTIAL where some failed, *failed of them.
 */
enum status batch_run(struct context *cx, const struct inputs *in, batch_step *step, void *user,
                      size_t *failed) MUST_CHECK;

#endif
