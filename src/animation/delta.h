/* SPDX-License-Identifier: MIT */
/* What a frame has to change: from one canvas to another, in a rectangle. */
#ifndef GIFLOW_ANIMATION_DELTA_H
#define GIFLOW_ANIMATION_DELTA_H

#include "animation/canvas.h"
#include "animation/value_set.h"

#define DELTA_SLACK 8u /* so many values are gathered at a time */

struct delta {
    struct context *cx;
    const struct canvas *base, *target; /* of one pool and one size */
    struct rect r;
    uint32_t colors;  /* opaque ones of the target; those to change to come first */
    uint32_t changed; /* so many of them */
    bool over;        /* there are more than value[] holds */
    uint64_t changes; /* pixels that differ */
    bool blank;       /* some pixel of the target is transparent */
    bool kept;        /* some opaque pixel is in the base already */
    bool cleared;     /* an opaque pixel would have to become transparent */
    uint32_t value[VALUE_SET_ROOM + DELTA_SLACK]; /* the colors */
    uint32_t room;         /* values of a narrow pool that there is room for: */
    uint16_t *place;       /* by value: place of the color + 1, or 0 */
    uint8_t *mark;         /* for a look, twice by value */
    struct value_set *set; /* the same of a wide pool; NULL until there is one */
};

/* Zeroed at first. */
void delta_close(struct delta *d);

/* Sets base, target and rectangle, and looks through the pixels. */
enum status delta_look(struct delta *d, const struct canvas *base, const struct canvas *target,
                       struct rect r) MUST_CHECK;

/*
 * A row of the rectangle: the place of each pixel's color + 1, 0 where it has none, and whether the
 * base has it already (0xff) or not (0).
 */
void delta_row(const struct delta *d, uint32_t y, uint16_t *place, uint8_t *same);

/* Where canvases differ that are the same outside of a part: the smallest rectangle. */
struct rect rect_difference(const struct canvas *a, const struct canvas *b, struct rect within);
/* The smallest rectangle with both in it; either may be empty. */
struct rect rect_union(struct rect a, struct rect b);
bool rect_holds(struct rect outer, struct rect inner);

#endif
