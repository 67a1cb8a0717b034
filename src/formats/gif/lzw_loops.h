/* SPDX-License-Identifier: MIT */
/* The LZW decoder's loops over codes, and the steps of which they are made. */
#ifndef GIFLOW_FORMATS_GIF_LZW_LOOPS_H
#define GIFLOW_FORMATS_GIF_LZW_LOOPS_H

#include "formats/gif/lzw_strings.h"

/*
 * Decodes codes up to the place stop in the output, or somewhat beyond it. Leaves all that is rare
 * to the caller, with the code in question not taken: the end code, codes beyond the table, the
 * code that fills it, the input's last bytes when it is full, and strings for which there is no
 * room.
 */
void lzw_loops_run(struct lzw_decoder *z, size_t stop);

static inline __attribute__((always_inline)) size_t lzw_next_code(const struct run *r,
                                                                  uint32_t width)
{
    return r->bits & ((1u << width) - 1);
}

static inline __attribute__((always_inline)) void lzw_drop(struct run *r, uint32_t width)
{
    r->bits >>= width;
    r->count -= width;
}

/*
 * Writes the string of a code that is in the table or the one being made. False: the code stands
 * for neither, and nothing has changed.
 */
static inline __attribute__((always_inline)) bool
lzw_put_string(struct lzw_decoder *z, struct run *r, enum form form, size_t code, bool full)
{
    if (form == BY_TAIL)
        return string_by_tail(z, r, code, full);
    return string_by_place(z, r, code, full, form == BY_PLACE);
}

#endif
