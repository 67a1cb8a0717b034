/* SPDX-License-Identifier: MIT */
/* A file turned, flipped and cut without decoding its pixels: the request and what came of it. */
#ifndef GIFLOW_FORMATS_RECODE_H
#define GIFLOW_FORMATS_RECODE_H

#include "formats/metadata.h"

enum recode_kind {
    RECODE_TURN, /* quarters: 0 to 3 quarter turns clockwise */
    RECODE_FLIP_HORIZONTAL,
    RECODE_FLIP_VERTICAL,
    RECODE_TRANSPOSE, /* rows become columns */
    RECODE_CROP       /* clipped to the picture */
};

struct recode_step {
    enum recode_kind kind;
    unsigned quarters;
    uint32_t x, y, width, height;
};

enum recode_verdict {
    RECODE_EXACT,     /* the same pixels as the steps over decoded ones, but for rounding */
    RECODE_TRIMMED,   /* blocks of the file stand in the way: a little less, or more, is kept */
    RECODE_IMPOSSIBLE /* not in this way: pixels must be decoded */
};

/* Fields up to skip are the caller's, the others are filled in. */
struct recode {
    const struct recode_step *steps; /* in their order */
    size_t count;
    bool trim; /* RECODE_TRIMMED will do */
    bool plan; /* tell the verdict only */
    /*
     * JPEG: progressive if interlace; Huffman tables of its own from optimize 2 on, and from 1 on
     * where the file has others than the standard's
     */
    bool interlace;
    unsigned optimize;
    bool upright;              /* Exif and XMP data are to say that the picture is */
    bool skip[METADATA_KINDS]; /* if any: what is of none of the kinds is left out, too */

    enum recode_verdict verdict;
    uint32_t width, height; /* of the result */
    char reason[80];        /* for a verdict that is not RECODE_EXACT */
    bool sequential;        /* the file was progressive, and the result is not */
    bool damaged;           /* lenient: something is missing; damage says what */
    char damage[160];
};

#endif
