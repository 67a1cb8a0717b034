/* SPDX-License-Identifier: MIT */
/* Pictures in full color, kept as what changes from each to the next until all are known. */
#ifndef GIFLOW_ANIMATION_REEL_H
#define GIFLOW_ANIMATION_REEL_H

#include "animation/canvas.h"
#include "base/packed.h"
#include "raster/rows.h"

/* How long a picture is shown, in hundredths of a second: rounded, and as it is meant. */
struct delay {
    uint32_t cs;
    double exact;
};

/*
 * Pictures are taken one after another, then shown again, in the same order and as often as one
 * likes. Pixels are RGBA, of 8 bits a sample, or of 16 from the first picture on that has more;
 * transparent ones are all zeroes. They are kept in two planes and what packed.h says.
 */
struct reel {
    struct context *cx;
    struct picture pic; /* LAYOUT_RGBA8 or LAYOUT_RGBA16 */
    bool merge;         /* the caller's choice: a picture equal to the one before prolongs it */
    struct plane *before, *now; /* the picture before, and the last one */
    struct rect rect;           /* where these two differ; of no width: nowhere */
    uint64_t changed;           /* pixels that pictures have changed, but for the first one */
    struct delay delay;         /* of now */
    uint64_t kept, merged;      /* pictures, and those that came and became part of another */
    uint64_t shown;             /* since the last rewind */
    bool whole;                 /* no more can be taken */
    struct packed *packed;
};

/* Of pictures of this size. Errors: ST_NOMEM, ST_IO. */
enum status reel_open(struct context *cx, uint32_t width, uint32_t height,
                      struct reel **out) MUST_CHECK;
void reel_close(struct reel *r); /* r may be NULL */

/* Has a look at a row of what changes; part tells its width and layout. */
typedef void reel_look_fn(void *user, const struct picture *part, const uint8_t *row);

/* From now on pictures may have samples of so many bits. */
enum status reel_deepen(struct reel *r, unsigned bits) MUST_CHECK;
/*
 * Takes a picture of the reel's size and layout. Rows outside of news are what they were in the
 * picture before: they are passed over. look may be NULL.
 */
enum status reel_take(struct reel *r, struct rows *rows, struct span news, struct delay delay,
                      reel_look_fn *look, void *user) MUST_CHECK;

/* The first picture comes next; no more are taken. */
enum status reel_rewind(struct reel *r) MUST_CHECK;
/* The next picture becomes now; before the first one, all is transparent. ST_END: none is left. */
enum status reel_next(struct reel *r) MUST_CHECK;

/* The row of the rectangle, of before or now, from its first pixel on. */
static inline const uint8_t *reel_row(const struct reel *r, struct plane *picture, uint32_t row)
{
    size_t each = layout_info(r->pic.layout)->bytes;
    return plane_row(picture, r->rect.y + row) + r->rect.x * each;
}

#endif
