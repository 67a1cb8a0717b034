/* SPDX-License-Identifier: MIT */
/* A row of MCUs: of each component the blocks that it holds, where libjpeg wants whole arrays. */
#ifndef GIFLOW_FORMATS_JPEG_JPEG_PLANES_H
#define GIFLOW_FORMATS_JPEG_JPEG_PLANES_H

#include "formats/jpeg/jpeg_guard.h"

/*
 * Stands for libjpeg's array of a component's coefficients, whose type its memory manager may
 * define: with access_virt_barray ours, nothing else looks into it.
 */
struct jvirt_barray_control {
    JBLOCKROW row[MAX_SAMP_FACTOR];
    JDIMENSION rows;   /* of blocks in a row of MCUs */
    JDIMENSION blocks; /* in a row, with those that fill up the last MCU */
};

/*
 * Points the rows of count planes, whose rows and blocks are set, to memory of theirs, all of it in
 * one piece from *blocks on; the caller frees that. *bytes: how much. ST_NOMEM.
 */
enum status jpeg_planes_make(struct context *cx, struct jvirt_barray_control *plane, int count,
                             JBLOCKROW *blocks, size_t *bytes) MUST_CHECK;

#endif
