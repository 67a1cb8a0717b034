/* SPDX-License-Identifier: MIT */
/* getopt_long over the option table, and the checks across options. */
#include "cli/options.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "batch/naming.h"
#include "cli/option_table.h"
#include "cli/values.h"

/* getopt's value of a row that is found by its long name: beyond every letter. */
#define LONG_VALUE 256

/* The table in getopt's own form. */
struct getopt_form {
    char letters[2 + 3 * OPTION_ROWS_MAX]; /* a letter and at most two colons each */
    struct option names[2 * OPTION_ROWS_MAX + 1];
};

static int takes_value(const struct option_row *row)
{
    if (row->value == NULL)
        return no_argument;
    return row->value[0] == '[' ? optional_argument : required_argument;
}

static void make_getopt_form(struct getopt_form *g)
{
    char *letter = g->letters;
    struct option *name = g->names;
    *letter++ = ':'; /* a missing value is told apart */
    for (const struct option_row *row = option_table; row->help != NULL; row++) {
        if (row->name == NULL)
            continue;
        int takes = takes_value(row), value = LONG_VALUE + (int)(row - option_table);
        if (row->letter != '\0') {
            *letter++ = row->letter;
            for (int colons = takes; colons > 0; colons--) /* none, one or two: as getopt has it */
                *letter++ = ':';
        }
        *name++ = (struct option){row->name, takes, NULL, value};
        if (row->alias != NULL)
            *name++ = (struct option){row->alias, takes, NULL, value};
    }
    *letter = '\0';
    *name = (struct option){NULL, 0, NULL, 0};
}

static const struct option_row *row_of(int value)
{
    if (value >= LONG_VALUE)
        return &option_table[value - LONG_VALUE];
    const struct option_row *row = option_table;
    while (row->letter != value)
        row++;
    return row;
}

/* Says what getopt_long found wrong with word, in words of ours. */
static enum status refuse_option(struct context *cx, const char *word)
{
    if (optopt >= LONG_VALUE)
        return fail(cx, ST_USAGE, "--%s takes no value", row_of(optopt)->name);
    if (optopt != 0)
        return fail(cx, ST_USAGE, "unknown option -%c (see --help)", optopt);

    int length = (int)strcspn(word, "="), used = 0;
    unsigned found = 0;
    char names[160] = "";
    for (const struct option_row *row = option_table; row->help != NULL; row++) {
        if (row->name == NULL || strncmp(row->name, word + 2, (size_t)length - 2) != 0)
            continue;
        found++;
        if ((size_t)used < sizeof names)
            used += snprintf(names + used, sizeof names - (size_t)used, " --%s", row->name);
    }
    if (found > 1)
        return fail(cx, ST_USAGE, "%.*s is ambiguous:%s", length, word, names);
    return fail(cx, ST_USAGE, "unknown option %.*s (see --help)", length, word);
}

static enum status refuse_value(struct context *cx, const struct option_row *row, const char *value)
{
    if (row->wants != NULL)
        return fail(cx, ST_USAGE, "--%s: '%s' is not %s", row->name, value, row->wants);
    if (strchr(row->value, '|') == NULL)
        return fail(cx, ST_USAGE, "--%s: '%s' is not a number from %llu to %llu", row->name, value,
                    (unsigned long long)row->min, (unsigned long long)row->max);
    const char *words = strchr(row->value, '=') + 1;
    return fail(cx, ST_USAGE, "--%s: '%s' is not %.*s", row->name, value, (int)strcspn(words, "]"),
                words);
}

/*
 * A word behind an option that may stand alone, which was meant as its value: it would be one, and
 * is no file. Taken as an operand it leads to a message about something else.
 */
static bool is_stray_value(const struct option_row *row, const struct options *o, const char *word)
{
    struct options trial = *o;
    return takes_value(row) == optional_argument && word != NULL && access(word, F_OK) != 0 &&
           row->set(row, &trial, word);
}

static enum status parse_options(struct context *cx, int argc, char **argv, struct options *o)
{
    struct getopt_form form;
    bool alters = false;
    make_getopt_form(&form);
    opterr = 0; /* the messages are ours */
    optind = 0; /* and a call starts anew, whatever the one before left */
    for (;;) {
        int value = getopt_long(argc, argv, form.letters, form.names, NULL);
        if (value == -1)
            break;
        if (value == '?')
            return refuse_option(cx, argv[optind - 1]);
        if (value == ':')
            return fail(cx, ST_USAGE, "--%s needs a value (--%s%s)", row_of(optopt)->name,
                        row_of(optopt)->name, row_of(optopt)->value);
        const struct option_row *row = row_of(value);
        if (!row->set(row, o, optarg))
            return refuse_value(cx, row, optarg);
        if (optarg == NULL && is_stray_value(row, o, argv[optind]))
            return fail(cx, ST_USAGE, "--%s: its value follows a '=': --%s=%s", row->name,
                        row->name, argv[optind]);
        alters |= row->alters;
        if (o->action == ACTION_HELP || o->action == ACTION_VERSION)
            return ST_OK;
    }
    o->job.compare = o->verbosity == VERBOSITY_DETAIL;
    o->job.may_keep = !alters && o->job.encode.optimize > 0;
    /* who asks for a quality wants the pixels coded again, unless --lossless says otherwise */
    if (o->job.lossless == LOSSLESS_AUTO &&
        (o->job.encode.quality != 0 || o->job.encode.sampling != SAMPLING_AUTO))
        o->job.lossless = LOSSLESS_OFF;
    o->inputs = argv + optind;
    o->input_count = (size_t)(argc - optind);
    return ST_OK;
}

/* Options that cannot stand together, and those that mean nothing alone. */
static enum status check_together(struct context *cx, const struct options *o)
{
    bool info = o->action == ACTION_INFO;
    const struct {
        bool wrong;
        const char *text;
    } rules[] = {
        {(o->output != NULL) + (o->output_dir != NULL) + o->in_place > 1,
         "-o, -d and --in-place exclude each other"},
        {info && (o->output != NULL || o->output_dir != NULL || o->in_place),
         "--info writes no picture: leave out -o, -d and --in-place"},
        {o->in_place && (o->job.format != NULL || o->auto_format),
         "--in-place keeps the format of each file (use -d with --format)"},
        {o->in_place && o->no_clobber, "--in-place and --no-clobber contradict each other"},
        {*o->suffix != '\0' && o->output_dir == NULL, "--suffix needs -d"},
        {strchr(o->suffix, '/') != NULL, "--suffix: a name cannot hold a '/'"},
        {o->nul_separated && o->files_from == NULL, "--null needs --files-from"},
        {o->palette_file != NULL && o->colors_given, "--colors and --palette exclude each other"},
    };
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++)
        if (rules[i].wrong)
            return fail(cx, ST_USAGE, "%s", rules[i].text);
    return ST_OK;
}

/* Operands are inputs, but for OUTPUT of the form INPUT OUTPUT. */
static enum status check_operands(struct context *cx, struct options *o)
{
    bool named =
        o->output != NULL || o->output_dir != NULL || o->in_place || o->action == ACTION_INFO;
    if (o->input_count == 0 && o->files_from == NULL)
        return fail(cx, ST_USAGE, "no input given ('-' is standard input; see --help)");
    if (!named && o->files_from == NULL && o->input_count == 2) {
        o->output = o->inputs[--o->input_count];
        named = true;
    }
    if (!named && (o->input_count < 2 || o->files_from != NULL))
        return fail(cx, ST_USAGE, "no output given (use -o, -d or --in-place)");
    bool several = o->input_count > 1 || o->files_from != NULL;
    if (!named)
        return fail(cx, ST_USAGE, "several inputs need -o, -d or --in-place");
    o->join = o->output != NULL && several;
    return ST_OK;
}

/* Several inputs and one output are a moving picture, or a mistake. */
static enum status check_join(struct context *cx, const struct options *o)
{
    const struct job *job = &o->job;
    if (!o->join)
        return ST_OK;
    if (o->explode || job->format == NULL || job->format->begin == NULL)
        return fail(cx, ST_USAGE,
                    "several inputs need -d or --in-place, or one GIF or APNG to be in");
    if (job->range_count != 0)
        return fail(cx, ST_USAGE, "--frames is for one input");
    if (job->palette != NULL || o->palette_file != NULL)
        return ST_OK;
    if (job->dither > DITHER_NONE)
        return fail(cx, ST_USAGE, "--dither: pictures that are joined need a --palette for that");
    if (job->colors < 256 && format_moves_colors(job->format))
        return fail(cx, ST_USAGE, "--colors: pictures that are joined need a --palette for that");
    return ST_OK;
}

/* Takes a prefix such as gif: off the output's name and settles the format. */
static enum status check_output(struct context *cx, struct options *o)
{
    if (o->output == NULL)
        return ST_OK;
    char word[8];
    size_t n = strcspn(o->output, ":");
    if (n < sizeof word && o->output[n] == ':') {
        memcpy(word, o->output, n);
        word[n] = '\0';
        const struct format *format = format_by_name(word);
        bool automatic = strcasecmp(word, "auto") == 0;
        if (o->job.format == NULL && !o->auto_format) {
            o->job.format = format;
            o->auto_format = automatic;
        }
        if (format != NULL || automatic)
            o->output += n + 1;
    }
    if (*o->output == '\0')
        return fail(cx, ST_USAGE, "the output has no name");
    o->explode = is_pattern(o->output);
    if (o->explode && o->auto_format)
        return fail(cx, ST_USAGE, "numbered outputs need one format, not --format=auto");
    if (o->auto_format)
        return ST_OK;
    if (o->job.format == NULL && strcmp(o->output, "-") == 0)
        return fail(cx, ST_USAGE, "standard output needs a format (--format=gif or gif:-)");
    if (o->job.format == NULL)
        o->job.format = format_by_suffix(o->output);
    struct stat st;
    bool there = o->job.format == NULL && stat(o->output, &st) == 0;
    if (there && S_ISDIR(st.st_mode))
        return fail(cx, ST_USAGE, "%s: is a directory (use -d)", o->output);
    /* the names of devices and pipes tell nothing: such a picture keeps its format */
    o->keep_format = there && !S_ISREG(st.st_mode);
    if (o->job.format == NULL && !o->keep_format)
        return fail(cx, ST_USAGE, "%s: the suffix names no format (use --format: " FORMAT_NAMES ")",
                    o->output);
    return ST_OK;
}

/* The list of frames has been checked when it was given; now it is kept. */
static enum status read_frames(struct context *cx, struct options *o)
{
    size_t count = 0;
    if (o->frames == NULL || !parse_frames(o->frames, NULL, 0, &count))
        return ST_OK;
    o->ranges = mem_array(cx, count, sizeof *o->ranges);
    if (o->ranges == NULL || !parse_frames(o->frames, o->ranges, count, &count))
        return cx->status;
    o->job.ranges = o->ranges;
    o->job.range_count = count;
    return ST_OK;
}

enum status options_parse(struct context *cx, int argc, char **argv, struct options *out)
{
    *out = (struct options){
        .job = {.expand = true,
                .auto_orient = true,
                .colors = 256,
                .dither_strength = 0.7,
                .encode = {.compression = 6, .optimize = 1}},
        .suffix = "",
        .temp_limit = cx->temp.limit,
        .max_pixels = cx->limits.max_pixels,
        .max_frames = cx->limits.max_frames,
        .verbosity = VERBOSITY_NORMAL,
    };
    /* no argument holds more than one transform: none has a short form without a value */
    out->ops = mem_array(cx, (size_t)argc, sizeof *out->ops);
    if (out->ops == NULL)
        return cx->status;
    out->job.ops = out->ops;

    enum status st = parse_options(cx, argc, argv, out);
    if (st != ST_OK || out->action == ACTION_HELP || out->action == ACTION_VERSION)
        return st;
    st = read_frames(cx, out);
    if (st == ST_OK)
        st = check_together(cx, out);
    if (st == ST_OK)
        st = check_operands(cx, out);
    if (st == ST_OK)
        st = check_output(cx, out);
    if (st == ST_OK)
        st = check_join(cx, out);
    return st;
}

void options_close(struct context *cx, struct options *o)
{
    mem_free(cx, o->ops);
    mem_free(cx, o->ranges);
    o->ops = NULL;
    o->ranges = NULL;
}
