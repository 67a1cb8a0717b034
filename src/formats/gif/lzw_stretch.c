/* SPDX-License-Identifier: MIT */
/* Climbing from one style for all of a part to the best one for each stretch. */
#include "formats/gif/lzw_stretch.h"

#include "base/size.h"

/* Parses from node `from` to node `to`, for a clear at `end`. False: that takes `most` codes. */
static bool parse(struct lzw_parser *q, const struct lzw_node *from, const struct lzw_node *to,
                  size_t end, uint64_t most)
{
    for (; from < to && q->own < most; from++)
        while (q->at < from[1].place) {
            uint32_t code, length = lzw_parser_phrase(q, lzw_styles[from->style], end, &code);
            lzw_parser_take(q, length, code);
        }
    return q->own < most;
}

/* The best style of each stretch of a part that takes `codes` codes; returns how many it takes. */
static uint64_t climb(struct lzw_search *s, struct lzw_node *part, struct lzw_node *end,
                      uint32_t style_mask, uint64_t codes)
{
    for (struct lzw_node *n = part; n < end; n++) {
        uint8_t best = n->style;
        for (uint32_t style = 0; style < LZW_STYLES; style++) {
            if (style == best || !(style_mask >> style & 1))
                continue;
            n->style = (uint8_t)style;
            s->parser = s->start;
            if (parse(&s->parser, n, end, end->place, codes)) {
                codes = s->parser.own;
                best = (uint8_t)style;
            }
        }
        n->style = best;
        parse(&s->start, n, n + 1, end->place, UINT64_MAX);
    }
    return codes;
}

/* Makes room behind each node of the path for its stretches, and fills it. */
static void divide(struct lzw_search *s, uint32_t stretches)
{
    uint32_t parts = s->nodes - 1, to = parts * stretches;
    s->node[to] = s->node[parts];
    for (uint32_t i = parts; i-- > 0;) {
        struct lzw_node n = s->node[i];
        uint32_t size = s->node[to].place - n.place;
        to -= stretches;
        for (uint32_t k = 0; k < stretches; k++) {
            s->node[to + k] = n;
            s->node[to + k].place += (uint32_t)((uint64_t)size * k / stretches);
            s->node[to + k].fresh = k == 0;
        }
    }
    s->nodes = parts * stretches + 1;
}

void lzw_stretch(struct lzw_search *s, uint32_t stretches, uint32_t style_mask)
{
    stretches = min_u32(stretches, (LZW_PLACES - 1) / s->nodes);
    divide(s, stretches);
    for (uint32_t i = s->nodes - 1; i > 0; i -= stretches) {
        struct lzw_node *end = &s->node[i], *part = end - stretches;
        lzw_search_start(s, i - stretches, &s->start);
        uint64_t before = s->start.own;
        s->parser = s->start;
        parse(&s->parser, part, end, end->place, UINT64_MAX);
        uint64_t codes = climb(s, part, end, style_mask, s->parser.own);
        for (struct lzw_node *n = part; n < end; n++)
            n->cost = end->cost + lzw_search_bits(s, codes, before);
    }
}
