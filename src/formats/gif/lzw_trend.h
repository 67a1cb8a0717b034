/* SPDX-License-Identifier: MIT */
/* Whether a line's codes have come to stand for too few pixels. */
#ifndef GIFLOW_FORMATS_GIF_LZW_TREND_H
#define GIFLOW_FORMATS_GIF_LZW_TREND_H

#include "formats/gif/lzw_line.h"

/*
 * Two signs that a table has served its time:
 *
 *   - Strings drop: they are suddenly shorter than they were, as something else begins in the
 *     picture. Strings are measured over spans of some codes.
 *   - A full table tires. A clear costs what the new table's first codes cost more than those of
 *     an old one, and the longer a table is used the more pixels share that. So it is used
 *     best up to where its last codes need as many bits a pixel as all since the clear: with
 *     what the clear costs spread over them, further codes would make the mean rise again. It is
 *     the rule by which a forager leaves a patch (Charnov, "Optimal foraging, the marginal value
 *     theorem", Theoretical Population Biology 9, 1976).
 */
struct lzw_trend {
    uint32_t span_own; /* codes of the line when the present span began, */
    uint64_t span_pixels;
    double span_mean;    /* pixels a code in the spans before; 0: not known yet */
    uint32_t rest, wait; /* spans before the next drop is told; and after that one, if in vain */
    uint32_t last_own;   /* codes of the line when its last codes were last measured, */
    uint64_t last_pixels;
    double last_bits; /* bits a pixel of them, smoothed; 0: not known yet */
};

void lzw_trend_begin(struct lzw_trend *t);
/* From now on it is about this line. */
void lzw_trend_of(struct lzw_trend *t, const struct lzw_line *l);

/* To be asked often. True where strings have just dropped, but for a while after drops in vain. */
bool lzw_trend_drops(struct lzw_trend *t, const struct lzw_line *l);
/* Such a drop is acted on: it is in vain until lzw_trend_drop_paid. */
void lzw_trend_drop_heeded(struct lzw_trend *t);
void lzw_trend_drop_paid(struct lzw_trend *t);

/* To be asked often. True while the line has a full table that is tired. */
bool lzw_trend_tires(struct lzw_trend *t, const struct lzw_line *l, const struct lzw_codes *c);

#endif
