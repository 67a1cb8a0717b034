/* SPDX-License-Identifier: MIT */
/* The longest strings that pixels begin with, remembered by pixel. */
#ifndef GIFLOW_FORMATS_GIF_LZW_MATCH_H
#define GIFLOW_FORMATS_GIF_LZW_MATCH_H

#include <stddef.h>

#include "formats/gif/lzw_dict.h"

/*
 * Parses that look ahead ask for the longest string at the same pixel many times. A dictionary
 * only grows, and with a string it has all that the string begins with, so the search goes on from
 * the one that was found before.
 */
#define LZW_MATCHES 1024 /* those further back than so many pixels are searched for anew */

struct lzw_match {
    uint32_t number; /* of the pixel, from 1 on; 0: none yet */
    uint16_t length, code;
};

/* What is known of pixel `number`, which is *p: its own color at least. */
static inline struct lzw_match *lzw_match_of(struct lzw_match *match, uint32_t number,
                                             const uint8_t *p)
{
    struct lzw_match *m = &match[number % LZW_MATCHES];
    if (m->number != number)
        *m = (struct lzw_match){number, 1, p[0]};
    return m;
}

/*
 * Makes it the longest string, up to `end`; what is known may be longer. Returns the slot for the
 * string that is a pixel longer, if that is before the end.
 */
static inline uint32_t lzw_match_extend(struct lzw_match *m, const struct lzw_dict *d,
                                        const uint8_t *p, const uint8_t *end)
{
    const uint8_t *q = p + m->length;
    uint32_t code = m->code, at = 0;
    while (q < end) {
        uint32_t child = lzw_dict_find(d, code, *q, &at);
        if (child == 0)
            break;
        code = child;
        q++;
    }
    m->length = (uint16_t)(q - p);
    m->code = (uint16_t)code;
    return at;
}

/*
 * The longest string that the pixels from p on begin with.
 *
 * match   LZW_MATCHES of them, zeroed at first
 * number  of the first pixel, from 1 on; for another dictionary, or other pixels, another number,
 *         or zeroes
 * end     behind p; the search ends there, but what was found before may be longer
 */
static inline const struct lzw_match *lzw_match_longest(struct lzw_match *match,
                                                        const struct lzw_dict *d, uint32_t number,
                                                        const uint8_t *p, const uint8_t *end)
{
    struct lzw_match *m = lzw_match_of(match, number, p);
    lzw_match_extend(m, d, p, end);
    return m;
}

#endif
