/* SPDX-License-Identifier: MIT */
/* The text of --help, from the table that options are parsed by. */
#include <stdio.h>
#include <string.h>

#include "cli/option_table.h"
#include "cli/text.h"

/* Where the text on the right begins. */
#define COLUMN 30

static const char head[] =
    "Usage: giflow [OPTION]... INPUT OUTPUT\n"
    "  or:  giflow [OPTION]... -o OUTPUT INPUT...\n"
    "  or:  giflow [OPTION]... -d DIR INPUT...\n"
    "  or:  giflow [OPTION]... --in-place INPUT...\n"
    "  or:  giflow --info[=json] INPUT...\n"
    "Converts and turns GIF, PNG, APNG, JPEG, PNM and YUV4MPEG2 in little memory.\n"
    "'-' is standard input or output; OUTPUT may have a prefix such as gif: or png:\n";

static const char foot[] =
    "\n"
    "Exit status: 0 done, 1 some of several inputs failed, 2 usage, 3 damaged or\n"
    "unsupported input, 4 input or output failed, 5 over a limit, 7 nothing written\n"
    "(--skip-if-larger), 70 a bug here.\n";

static enum status option_lines(struct sink *sink, const struct option_row *row)
{
    char left[80];
    snprintf(left, sizeof left, "  %c%c%s --%s%s", row->letter ? '-' : ' ',
             row->letter ? row->letter : ' ', row->letter ? "," : " ", row->name,
             row->value != NULL ? row->value : "");
    enum status st = ST_OK;
    if (strlen(left) >= COLUMN) { /* no room beside it */
        st = print(sink, "%s\n", left);
        left[0] = '\0';
    }
    for (const char *text = row->help; st == ST_OK; text++) {
        size_t length = strcspn(text, "\n");
        st = print(sink, "%-*s%.*s\n", COLUMN, left, (int)length, text);
        left[0] = '\0';
        text += length;
        if (*text == '\0')
            break;
    }
    return st;
}

enum status options_help(struct sink *sink)
{
    enum status st = print(sink, "%s", head);
    for (const struct option_row *row = option_table; st == ST_OK && row->help != NULL; row++)
        st = row->name != NULL ? option_lines(sink, row) : print(sink, "\n%s\n", row->help);
    return st == ST_OK ? print(sink, "%s", foot) : st;
}
