/* SPDX-License-Identifier: MIT */
/* What the rows of the option table do with the values that they are given. */
#ifndef GIFLOW_CLI_OPTION_SET_H
#define GIFLOW_CLI_OPTION_SET_H

#include "cli/option_table.h"

/*
 * All are as option_row tells of set. These store to the row's field, of the type that stands
 * behind them; counts and bytes are bounded by the row's min and max.
 */
option_setter set_true, set_false; /* bool */
option_setter set_constant;        /* unsigned: the row's max, for options without a value */
option_setter set_count;           /* unsigned */
option_setter set_long_count;      /* uint64_t */
option_setter set_bytes;           /* uint64_t, with units */
option_setter set_share;           /* double, 0 .. 1 */
option_setter set_percentage;      /* double, 0 .. 100 */
option_setter set_text;            /* const char *, of min characters at least */
option_setter set_choice; /* unsigned or an enum: which word of the row's value; max where none */

/* These, of one option each, know where to. */
option_setter set_background, set_colors, set_delay, set_effort, set_format, set_frames, set_info,
    set_loop, set_palette, set_rate, set_sampling, set_speed, set_strip;

/* A transform more; there is room for as many as there are arguments. */
option_setter add_canvas, add_crop, add_flip, add_flip_horizontal, add_flip_vertical, add_resize,
    add_rotate;

#endif
