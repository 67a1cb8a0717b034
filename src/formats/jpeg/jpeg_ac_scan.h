/* SPDX-License-Identifier: MIT */
/* One scan of AC coefficients of a progressive JPEG, decoded faster than by libjpeg. */
#ifndef GIFLOW_FORMATS_JPEG_JPEG_AC_SCAN_H
#define GIFLOW_FORMATS_JPEG_JPEG_AC_SCAN_H

#include "formats/jpeg/jpeg_guard.h"

/*
 * These scans are where a progressive file's time goes. libjpeg steps through all coefficients of
 * a block to refine it; here a mask of those that are not 0 tells where there is something to do.
 */

#define JPEG_AC_LOOK 9 /* bits of a code that are looked up at once */

/* From the mask of a block in rows to one in zigzag order, a byte at a time. Shared by all scans. */
struct jpeg_zigzag {
    uint64_t of[8][256];
};

/* Bits that are loaded, from the top of hold on; a count below 0: some were taken that were none. */
struct jpeg_bits {
    uint64_t hold;
    int64_t count;
};

struct jpeg_ac_scan {
    j_decompress_ptr jpeg; /* has read the scan's header; its source has the data */
    const struct jpeg_zigzag *zigzag;
    int component;
    JDIMENSION rows; /* of blocks that are done */

    struct jpeg_bits bits;
    const uint8_t *next, *end; /* rest of the source's window */
    bool ended;                /* at a marker, which is */
    uint8_t marker;
    bool last;       /* nothing comes after this scan */
    unsigned wasted; /* bytes too many, of which nobody has told yet */

    unsigned eob_run;
    unsigned restarts_left, restart;  /* blocks up to the next marker; its number */
    uint16_t look[1 << JPEG_AC_LOOK]; /* length and symbol; 0: a longer code */
    int32_t most[17], less[17];       /* largest code of a length, -1: none; its symbol's place */
    uint8_t symbol[256];
};

void jpeg_zigzag_make(struct jpeg_zigzag *z);

/*
 * jpeg has read the header of a scan and no further. false: not a scan of AC coefficients, or an
 * odd one, that is for libjpeg. s is all zeroes. last: of the file
 */
bool jpeg_ac_scan_open(struct jpeg_ac_scan *s, j_decompress_ptr jpeg, const struct jpeg_zigzag *z,
                       bool last);
/* The next rows of blocks, as many as there are, into those of the component. Jumps on damage. */
void jpeg_ac_scan_step(struct jpeg_ac_scan *s, JBLOCKROW *rows, JDIMENSION count);
/* After the last row: jumps if more than libjpeg overlooks stands behind it. */
void jpeg_ac_scan_finish(struct jpeg_ac_scan *s);

#endif
