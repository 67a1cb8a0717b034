/* SPDX-License-Identifier: MIT */
/* All scans of a JPEG decoded side by side, so that no more than a row of coefficients is held. */
#ifndef GIFLOW_FORMATS_JPEG_JPEG_LOCKSTEP_H
#define GIFLOW_FORMATS_JPEG_JPEG_LOCKSTEP_H

#include "formats/jpeg/jpeg_planes.h"
#include "formats/jpeg/jpeg_scan_input.h"

/*
 * libjpeg decodes a scan into an array of the coefficients of the whole picture, which the scans
 * after it refine. Here each scan has an object of its own, and instead of the arrays there is one
 * row of MCUs ("iMCU row" in libjpeg): the objects take turns at it, in the order of the scans,
 * then all of them move on to the next row. The first object, the one that read the file's header,
 * is asked for pixels, and its asking for the finished row makes the others step.
 *
 * What libjpeg keeps from scan to scan is handed on: tables by letting each object read those
 * between the scans before its own, the state of the progression, the quantization tables that
 * hold for a component from its first scan on.
 */

struct jpeg_lane {
    struct jpeg_decompress_struct jpeg;
    struct jpeg_scan_input input;
};

struct jpeg_lockstep {
    struct context *cx;
    j_decompress_ptr first;
    struct jpeg_scans *scans;
    struct jpeg_scan_input input; /* of first */
    struct jpeg_lane *lane;       /* of the scans from the second on */
    unsigned lanes;
    struct jvirt_barray_control plane[MAX_COMPONENTS];
    JBLOCKROW blocks; /* of all planes */
    size_t bytes;     /* of those */
    bool markers;     /* the last lane keeps those that stand between and behind the scans */
    JDIMENSION row;   /* of MCUs that is in blocks */
    bool merged;      /* all scans have been at it */

    /* while objects are made: arrays that the last one has asked for, and the one before it */
    unsigned asked;
    j_decompress_ptr before;
    uint8_t prefix[128]; /* SOI and what else a lane needs ahead of the tables between scans */
    size_t prefix_bytes;
};

/*
 * first has read the header of the file and of its first scan; it is ready for jpeg_start_output
 * afterwards, as the only scan of a picture in buffered-image mode, or, if first->raw_data_out is
 * set, for jpeg_lockstep_step. scans NULL: there is only one scan, which first goes on to read.
 * l is all zeroes, but for markers. Calls libjpeg: the caller has set the guard's jump. Errors
 * jump, or are returned: ST_NOMEM.
 */
enum status jpeg_lockstep_open(struct jpeg_lockstep *l, j_decompress_ptr first,
                               struct jpeg_scans *scans) MUST_CHECK;
/* All coefficients of the next row of MCUs into the planes. Jumps on errors. */
void jpeg_lockstep_step(struct jpeg_lockstep *l);
/* After the last row: reads what stands behind the scans' data. Jumps on errors. */
void jpeg_lockstep_finish(struct jpeg_lockstep *l);
/* first gets the tables that the other scans have brought. Jumps on errors. */
void jpeg_lockstep_take_tables(struct jpeg_lockstep *l);
void jpeg_lockstep_close(struct jpeg_lockstep *l); /* l may be all zeroes; first stays */

#endif
