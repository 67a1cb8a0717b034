/* SPDX-License-Identifier: MIT */
/* What comes after a frame, for the choice of how it is disposed of. */
#ifndef GIFLOW_ANIMATION_OUTLOOK_H
#define GIFLOW_ANIMATION_OUTLOOK_H

#include "animation/delta.h"

/* What speaks for the ways to dispose of the frame that waits. */
struct outlook {
    bool can_keep, can_restore;          /* no opaque pixel is left that must become transparent */
    uint64_t kept, restored, background; /* pixels that the next frame has to change */
    struct rect leaving;                 /* opaque pixels that become transparent */
    struct rect cleared;                 /* the frame's rectangle if it is cleared afterwards */
    struct rect next;                    /* where the next frame differs from this one */
};

/*
 * base: what the frame is drawn on; shown: what is seen then; next: what is seen after that
 * change, touched: where base and shown, and shown and next, may differ
 * least: the frame's rectangle unless it has to clear more
 */
void look_out(struct outlook *l, const struct canvas *base, const struct canvas *shown,
              const struct canvas *next, struct rect change, struct rect touched,
              struct rect least);

#endif
