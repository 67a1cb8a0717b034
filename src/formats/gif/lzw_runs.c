/* SPDX-License-Identifier: MIT */
/* Counting equal bytes, and the code that a count leads to. */
#include "formats/gif/lzw_runs.h"

#include "base/equal.h"
#include "base/size.h"

#define UNKNOWN 0xffff /* no code: the color has yet to be learned */

void lzw_runs_forget(struct lzw_runs *r)
{
    r->counted = 0;
    memset(r->known, 0, sizeof r->known);
    memset(r->code, 0xff, sizeof r->code); /* UNKNOWN */
}

void lzw_runs_learn(struct lzw_runs *r, const struct lzw_dict *d, uint32_t color)
{
    r->longest[color] = 1;
    r->code[color] = (uint16_t)color;
    uint32_t longer, at;
    while ((longer = lzw_dict_find(d, r->code[color], color, &at)) != 0)
        lzw_runs_note(r, r->code[color], color, longer);
}

uint32_t lzw_runs_code(struct lzw_runs *r, const struct lzw_dict *d, uint32_t color,
                       uint32_t length)
{
    if (length == r->longest[color])
        return r->code[color];
    uint32_t *known = &r->known[lzw_runs_slot(color, length)];
    if (*known >> 12 == (length << 8 | color))
        return *known & (LZW_TABLE_END - 1);
    uint32_t code = color, at;
    for (uint32_t n = 1; n < length; n++)
        code = lzw_dict_find(d, code, color, &at);
    *known = length << 20 | color << 12 | code;
    return code;
}

const uint8_t *lzw_runs_follow(struct lzw_runs *r, const struct lzw_dict *d, const uint8_t *p,
                               const uint8_t *end, uint32_t *code)
{
    if (r->code[r->color] == UNKNOWN)
        lzw_runs_learn(r, d, r->color);
    size_t room = (size_t)(end - p), want = r->longest[r->color] - r->counted;
    size_t more = count_equal(p, min_size(room, want), (uint8_t)r->color);
    r->counted += (uint32_t)more;
    if (more == room && more < want)
        return end;
    *code = lzw_runs_code(r, d, r->color, r->counted);
    r->counted = 0;
    return p + more;
}
