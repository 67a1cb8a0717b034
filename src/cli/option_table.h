/* SPDX-License-Identifier: MIT */
/* The one table of options: what is parsed, what --help shows. */
#ifndef GIFLOW_CLI_OPTION_TABLE_H
#define GIFLOW_CLI_OPTION_TABLE_H

#include "cli/options.h"

/*
 * One option. A row with no name is a heading of --help; one with no help either ends the table.
 *
 * alias  another spelling, which works and is not shown
 * value  NULL: the option takes none; "=X": it needs one; "[=X]": it may have one. As shown.
 * help   lines after the first are given with \n
 * wants  what the value must be, as in "'x' is not an angle"; NULL: told by value, min and max
 * set    stores the value (NULL where none was given); false: it is not what wants says
 * alters another picture or coding is asked for than that of the input
 */
struct option_row;
typedef bool option_setter(const struct option_row *row, struct options *o, const char *value);
struct option_row {
    char letter;
    const char *name, *alias, *value, *help, *wants;
    option_setter *set;
    size_t field; /* offset in struct options of what set stores to */
    uint64_t min, max;
    bool alters;
};

extern const struct option_row option_table[];
#define OPTION_ROWS_MAX 96

/* The formats that can be written, for messages. */
#define FORMAT_NAMES "gif, png, apng, jpeg, ppm, pgm, pam or auto"

#endif
