/* SPDX-License-Identifier: MIT */
/* The command line as a checked request. */
#ifndef GIFLOW_CLI_OPTIONS_H
#define GIFLOW_CLI_OPTIONS_H

#include "base/sink.h"
#include "pipeline/job.h"

enum action { ACTION_CONVERT, ACTION_INFO, ACTION_HELP, ACTION_VERSION };
enum info_style { INFO_TEXT, INFO_JSON }; /* order of the words in the option table, */
enum progress_when { PROGRESS_AUTO, PROGRESS_ALWAYS, PROGRESS_NEVER }; /* and so is this */
enum verbosity { VERBOSITY_QUIET, VERBOSITY_NORMAL, VERBOSITY_DETAIL };

struct options {
    unsigned action; /* enum action */
    struct job job;  /* its format NULL: each output's own; its ops are the array below */
    struct op *ops;
    const char *frames;         /* as given; NULL: all */
    struct frame_range *ranges; /* the same, read */

    /* what is read: operands, then the names in files_from */
    char **inputs;
    size_t input_count;
    const char *files_from;
    bool nul_separated;

    /* what is written: exactly one of the three for ACTION_CONVERT */
    const char *output; /* without the format's prefix; "-": standard output */
    const char *output_dir;
    bool join;    /* all inputs become one moving picture */
    bool explode; /* the output's name has a number in it: a file for each picture */
    bool in_place;
    bool auto_format;   /* as the picture asks for: job.format is NULL */
    bool keep_format;   /* of the input: the output is a device whose name tells none */
    const char *suffix; /* with output_dir */
    bool no_clobber;

    const char *temp_dir; /* NULL: as context.h says */
    uint64_t temp_limit, memory_limit, max_pixels, max_frames;
    bool lenient;

    bool colors_given;
    const char *palette_file;
    struct palette palette; /* what it holds, once somebody has read it */

    unsigned info;      /* enum info_style */
    unsigned progress;  /* enum progress_when */
    unsigned verbosity; /* enum verbosity */
};

/*
 * Reads argv, which is reordered and must outlive *out. Prints nothing, ends nothing.
 * Errors: ST_USAGE with the text that the user should see, ST_NOMEM. options_close is due
 * after either.
 */
enum status options_parse(struct context *cx, int argc, char **argv,
                          struct options *out) MUST_CHECK;
void options_close(struct context *cx, struct options *o);

/* The text of --help, made from the same table. */
enum status options_help(struct sink *sink) MUST_CHECK;

#endif
