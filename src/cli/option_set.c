/* SPDX-License-Identifier: MIT */
/* Setters: by field and bounds of their row where that does, else each for one option. */
#include "cli/option_set.h"

#include <string.h>

#include "cli/values.h"

/* Fields of choices are unsigned, or enums that take as much. */
_Static_assert(sizeof(enum resample) == sizeof(unsigned) &&
                   sizeof(enum dither) == sizeof(unsigned) &&
                   sizeof(enum lossless) == sizeof(unsigned),
               "an enum is stored as unsigned");

static void *field_of(const struct option_row *row, struct options *o)
{
    return (char *)o + row->field;
}

bool set_true(const struct option_row *row, struct options *o, const char *value)
{
    (void)value;
    *(bool *)field_of(row, o) = true;
    return true;
}

bool set_false(const struct option_row *row, struct options *o, const char *value)
{
    (void)value;
    *(bool *)field_of(row, o) = false;
    return true;
}

/* A number that the row knows, for options without a value. */
bool set_constant(const struct option_row *row, struct options *o, const char *value)
{
    (void)value;
    *(unsigned *)field_of(row, o) = (unsigned)row->max;
    return true;
}

bool set_count(const struct option_row *row, struct options *o, const char *value)
{
    uint64_t n;
    if (!parse_count(value, row->min, row->max, &n))
        return false;
    *(unsigned *)field_of(row, o) = (unsigned)n;
    return true;
}

bool set_colors(const struct option_row *row, struct options *o, const char *value)
{
    o->colors_given = o->job.reduce = true;
    return set_count(row, o, value);
}

bool set_effort(const struct option_row *row, struct options *o, const char *value)
{
    return set_count(row, o, value == NULL ? "1" : value);
}

bool set_share(const struct option_row *row, struct options *o, const char *value)
{
    double *share = field_of(row, o);
    return parse_decimal(value, share) && *share >= 0 && *share <= 1;
}

bool set_percentage(const struct option_row *row, struct options *o, const char *value)
{
    double *n = field_of(row, o);
    return parse_decimal(value, n) && *n >= 0 && *n <= 100;
}

bool set_long_count(const struct option_row *row, struct options *o, const char *value)
{
    return parse_count(value, row->min, row->max, field_of(row, o));
}

bool set_bytes(const struct option_row *row, struct options *o, const char *value)
{
    uint64_t n;
    if (!parse_bytes(value, &n) || n < row->min)
        return false;
    *(uint64_t *)field_of(row, o) = n;
    return true;
}

bool set_text(const struct option_row *row, struct options *o, const char *value)
{
    if (strlen(value) < row->min)
        return false;
    *(const char **)field_of(row, o) = value;
    return true;
}

bool set_palette(const struct option_row *row, struct options *o, const char *value)
{
    o->job.reduce = true;
    return set_text(row, o, value);
}

/* The place of the value among the words of row->value; max where none is given. */
static bool find_word(const struct option_row *row, const char *value, unsigned *out)
{
    if (value == NULL) {
        *out = (unsigned)row->max;
        return true;
    }
    const char *words = strchr(row->value, '=') + 1;
    for (unsigned i = 0;; i++) {
        size_t n = strcspn(words, "|]");
        if (strlen(value) == n && memcmp(words, value, n) == 0) {
            *out = i;
            return true;
        }
        if (words[n] != '|')
            return false;
        words += n + 1;
    }
}

bool set_choice(const struct option_row *row, struct options *o, const char *value)
{
    return find_word(row, value, field_of(row, o));
}

/* With or without colons. */
bool set_sampling(const struct option_row *row, struct options *o, const char *value)
{
    char word[4] = "";
    if (strlen(value) == 5 && value[1] == ':' && value[3] == ':')
        for (int i = 0; i < 3; i++)
            word[i] = value[2 * i];
    return find_word(row, *word != '\0' ? word : value, field_of(row, o));
}

bool set_info(const struct option_row *row, struct options *o, const char *value)
{
    o->action = ACTION_INFO;
    return set_choice(row, o, value);
}

bool set_format(const struct option_row *row, struct options *o, const char *value)
{
    (void)row;
    o->auto_format = strcasecmp(value, "auto") == 0;
    o->job.format = format_by_name(value);
    return o->auto_format || o->job.format != NULL;
}

bool set_strip(const struct option_row *row, struct options *o, const char *value)
{
    unsigned word; /* 0: all, else 1 + an enum metadata_kind */
    if (!find_word(row, value, &word))
        return false;
    for (unsigned kind = 0; kind < METADATA_KINDS; kind++)
        o->job.strip[kind] |= word == 0 || word == 1 + kind;
    o->job.strip[METADATA_COLOR] |= o->job.strip[METADATA_ICC];
    return true;
}

bool set_background(const struct option_row *row, struct options *o, const char *value)
{
    (void)row;
    o->job.has_background = true;
    return parse_color(value, &o->job.background);
}

bool add_rotate(const struct option_row *row, struct options *o, const char *value)
{
    (void)row;
    struct op op = {.kind = OP_ROTATE};
    bool good = parse_decimal(value, &op.degrees);
    if (good)
        o->ops[o->job.op_count++] = op;
    return good;
}

bool add_crop(const struct option_row *row, struct options *o, const char *value)
{
    (void)row;
    bool good = parse_crop(value, &o->ops[o->job.op_count]);
    o->job.op_count += good;
    return good;
}

bool add_resize(const struct option_row *row, struct options *o, const char *value)
{
    (void)row;
    struct op op = {.kind = OP_RESIZE};
    bool good = parse_resize(value, &op.resize);
    if (good)
        o->ops[o->job.op_count++] = op;
    return good;
}

bool add_canvas(const struct option_row *row, struct options *o, const char *value)
{
    (void)row;
    bool good = parse_canvas(value, &o->ops[o->job.op_count]);
    o->job.op_count += good;
    return good;
}

bool set_delay(const struct option_row *row, struct options *o, const char *value)
{
    (void)row;
    o->job.has_delay = true;
    uint32_t cs;
    if (!parse_delay(value, &cs))
        return false;
    o->job.delay_cs = cs;
    o->job.at_rate = false;
    return true;
}

bool set_rate(const struct option_row *row, struct options *o, const char *value)
{
    (void)row;
    double rate;
    if (!parse_decimal(value, &rate) || rate < 0.01 || rate > 50)
        return false;
    o->job.has_delay = true;
    o->job.at_rate = true;
    o->job.delay_cs = 100 / rate;
    return true;
}

bool set_loop(const struct option_row *row, struct options *o, const char *value)
{
    (void)row;
    o->job.has_loop = true;
    return parse_loop(value, &o->job.loop);
}

bool set_speed(const struct option_row *row, struct options *o, const char *value)
{
    (void)row;
    return parse_decimal(value, &o->job.speed) && o->job.speed >= 0.001 && o->job.speed <= 1000;
}

bool set_frames(const struct option_row *row, struct options *o, const char *value)
{
    (void)row;
    size_t count;
    o->frames = value;
    return parse_frames(value, NULL, 0, &count);
}

bool add_flip_horizontal(const struct option_row *row, struct options *o, const char *value)
{
    (void)row, (void)value;
    o->ops[o->job.op_count++] = (struct op){.kind = OP_FLIP_HORIZONTAL};
    return true;
}

bool add_flip_vertical(const struct option_row *row, struct options *o, const char *value)
{
    (void)row, (void)value;
    o->ops[o->job.op_count++] = (struct op){.kind = OP_FLIP_VERTICAL};
    return true;
}

bool add_flip(const struct option_row *row, struct options *o, const char *value)
{
    if (strcmp(value, "h") == 0)
        return add_flip_horizontal(row, o, value);
    return strcmp(value, "v") == 0 && add_flip_vertical(row, o, value);
}
