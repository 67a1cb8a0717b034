/* SPDX-License-Identifier: MIT */
/* Which output each input of a batch goes to, and whether they keep out of each other's way. */
#ifndef GIFLOW_BATCH_NAMING_H
#define GIFLOW_BATCH_NAMING_H

#include "batch/inputs.h"
#include "formats/format.h"

struct naming {
    const char *dir; /* outputs go to DIR/BASE SUFFIX .EXT; NULL: over their inputs */
    const char *suffix;
    const struct format *format; /* whose first suffix is EXT; NULL: the input's own EXT */
    /* what format can be where that shows later only; NULL: it is as above */
    const struct format *const *choices;
    size_t choice_count;
};

/*
 * The output of input, which the caller frees with mem_free. ST_USAGE where the input has no name
 * to go by ("-") or no format follows from it. Does not look at the choices.
 */
enum status output_name(struct context *cx, const struct naming *n, const char *input,
                        char **out) MUST_CHECK;

/*
 * ST_USAGE where two inputs would, or by the choices could, give one output, or an output would
 * replace another input; and where output_name fails. Called before any work.
 */
enum status check_outputs(struct context *cx, const struct naming *n,
                          const struct inputs *in) MUST_CHECK;

/*
 * A name with a number in it: %d, or %03d for at least 3 digits and zeroes; %% is a %. False: name
 * is no such pattern, as it has no number, or two, or another %.
 */
bool is_pattern(const char *name);
/* The name for a number, which the caller frees with mem_free. */
enum status pattern_name(struct context *cx, const char *pattern, uint64_t number,
                         char **out) MUST_CHECK;

#endif
