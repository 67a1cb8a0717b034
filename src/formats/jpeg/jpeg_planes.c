/* SPDX-License-Identifier: MIT */
/* Planes one behind the other, their rows likewise. */
#include "formats/jpeg/jpeg_planes.h"

#include "base/mem.h"
#include "base/size.h"

enum status jpeg_planes_make(struct context *cx, struct jvirt_barray_control *plane, int count,
                             JBLOCKROW *blocks, size_t *bytes)
{
    size_t all = 0, each;
    for (int c = 0; c < count; c++)
        if (!size_mul(plane[c].blocks, plane[c].rows, &each) || !size_add(all, each, &all))
            all = SIZE_MAX; /* which mem_array refuses */
    *blocks = mem_array(cx, all, sizeof(JBLOCK));
    if (*blocks == NULL)
        return cx->status;
    *bytes = all * sizeof(JBLOCK);
    JBLOCKROW next = *blocks;
    for (int c = 0; c < count; c++)
        for (JDIMENSION i = 0; i < plane[c].rows; i++, next += plane[c].blocks)
            plane[c].row[i] = next;
    return ST_OK;
}
