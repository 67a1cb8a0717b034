/* SPDX-License-Identifier: MIT */
/* What a frame has to change: from one canvas to another, in a rectangle. */
#ifndef GIFLOW_ANIMATION_DELTA_H
#define GIFLOW_ANIMATION_DELTA_H

#include "animation/canvas.h"
#include "animation/value_set.h"

#define DELTA_SLACK 8u  /* so many values are gathered at a time */
#define DELTA_TABLES 3u /* of indices */

struct delta {
    struct context *cx;
    const struct canvas *base, *target; /* of one size and one pool, not a slim one */
    struct rect r;
    uint32_t colors;  /* opaque ones of the target; those to change to come first */
    uint32_t changed; /* so many of them */
    bool over;        /* there are more than value[] holds */
    uint64_t changes; /* pixels that differ */
    bool blank;       /* some pixel of the target is transparent */
    bool kept;        /* some opaque pixel is in the base already */
    bool cleared;     /* an opaque pixel would have to become transparent */
    uint32_t value[VALUE_SET_ROOM + DELTA_SLACK]; /* the colors */
    uint32_t room;                                /* of a table */
    uint8_t *tables; /* DELTA_TABLES of them; while it looks, marks of a narrow pool's values */
    struct value_set *set; /* of a wide pool: the colors; NULL until there is one */
};

/* Zeroed at first. */
void delta_close(struct delta *d);

/* Sets base, target and rectangle, and looks through the pixels. */
enum status delta_look(struct delta *d, const struct canvas *base, const struct canvas *target,
                       struct rect r) MUST_CHECK;

/*
 * Until the next look table k holds an index for each color: index[i + 1] for value[i], and
 * index[0] for transparent pixels and colors that value[] has no room for.
 */
void delta_index(const struct delta *d, unsigned k, const uint8_t *index);
/* Row y, which is in the rectangle, as indices of table k. */
void delta_row(const struct delta *d, unsigned k, uint32_t y, uint8_t *out);
/* The same row: whether the base has each pixel already (0xff) or not (0). */
void delta_same(const struct delta *d, uint32_t y, uint8_t *out);

/* Where canvases differ that are the same outside of a part: the smallest rectangle. */
struct rect rect_difference(const struct canvas *a, const struct canvas *b, struct rect within);
/* The smallest rectangle with both in it; either may be empty. */
struct rect rect_union(struct rect a, struct rect b);
bool rect_holds(struct rect outer, struct rect inner);

#endif
