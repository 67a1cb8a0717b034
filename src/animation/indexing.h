/* SPDX-License-Identifier: MIT */
/* A frame's colors as indices of a palette, its unchanged pixels as transparent or not. */
#ifndef GIFLOW_ANIMATION_INDEXING_H
#define GIFLOW_ANIMATION_INDEXING_H

#include "animation/delta.h"
#include "formats/gif/lzw_encode.h"

/* Which of the pixels that are on the screen already become transparent. */
enum choice {
    CHOOSE_NEVER,
    CHOOSE_ALWAYS,
    CHOOSE_RUNS, /* where that makes the longer run: see runs.h */
    CHOICES
};

/* A palette and the index of each color in it. */
struct way {
    enum choice choice;
    bool local;
    int transparent; /* -1: no entry is */
    unsigned top;    /* no index is larger */
    unsigned size;   /* minimum code size for that */
    struct palette palette;
    uint8_t index[1 + VALUE_SET_ROOM]; /* by place + 1 of the delta; that of 0 is transparent, as is
                                          that of colors which are not in the palette */
};

/* The palette that frames share, and where the colors of a delta are in it. */
struct indexing {
    struct palette shared;
    struct value_set shared_colors; /* packed, each with its entry: */
    uint8_t entry[VALUE_SET_ROOM];
    const struct delta *delta;
    int16_t shared_index[VALUE_SET_ROOM]; /* of the delta's colors; -1: not among them */
};

void indexing_share(struct indexing *s, const struct palette *shared);
/* A delta that has been looked at; it outlives the ways. */
void indexing_look(struct indexing *s, const struct delta *d);
/*
 * Palette and indices for a choice. flag: a transparent entry is wanted where there is room, though
 * no pixel has it. False: the palette does not have what it takes.
 */
bool indexing_way(const struct indexing *s, enum choice choice, bool local, bool flag,
                  struct way *out);

/*
 * The way of pixels that are coded already, with the shared palette: map[i] is in place of index i
 * of theirs, where that is used. False: it does not have what it takes.
 */
bool indexing_map(struct indexing *s, const struct palette *theirs, const bool used[static 256],
                  bool flag, uint8_t map[static 256], struct way *out);

/* The code size for indices up to top. */
unsigned indexing_size(uint32_t top);
/*
 * What a frame takes in the file beside its pixels: a palette of its own, and a control block for
 * its transparent entry unless it has one in any case.
 */
uint32_t way_extra_bytes(const struct way *w, bool controlled);

#endif
