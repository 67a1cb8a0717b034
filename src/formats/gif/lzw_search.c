/* SPDX-License-Identifier: MIT */
/* Runs, the way back, and closer places. */
#include "formats/gif/lzw_search.h"

#include "base/size.h"

#define FAR_BEHIND 1500 /* bits: a run that is full and so much behind does not catch up */

/* Bits from the run's beginning to a clear, or the end code, after `own` codes. */
static uint64_t run_bits(const struct lzw_search *s, uint64_t own, uint64_t own_before)
{
    return lzw_cost(s->codes, own) - lzw_cost(s->codes, own_before) + lzw_width(s->codes, own);
}

/* A run from node a reaches node b after so many bits; false: it need not go on. */
static bool reach(struct lzw_search *s, uint32_t a, uint32_t b, uint32_t style, uint64_t bits,
                  bool full)
{
    struct lzw_node *to = &s->node[b];
    bits += s->node[a].best;
    if (bits < to->best) {
        to->best = bits;
        to->from = (uint16_t)a;
        to->style = (uint8_t)style;
        return true;
    }
    return !full || bits <= to->best + FAR_BEHIND;
}

static void begin_run(struct lzw_search *s, uint32_t a)
{
    if (a == 0 && s->carry != NULL) {
        s->parser.own = s->carry->own;
        s->parser.walker = s->carry->walker;
        lzw_parser_go_on(&s->parser, s->view, 0);
    } else {
        lzw_parser_begin(&s->parser, s->codes, s->view, s->node[a].place);
    }
}

/* The plain greedy parse has the faster walker. */
static void run_greedy(struct lzw_search *s, uint32_t a, uint32_t last)
{
    struct lzw_walker *w = &s->parser.walker;
    uint64_t before = s->parser.own, own = before;
    const uint8_t *p = s->view->pixels + s->node[a].place;
    w->prefix = LZW_NO_CODE;
    for (uint32_t b = a + 1; b <= last; b++) {
        const uint8_t *end = s->view->pixels + s->node[b].place;
        uint32_t next = w->next;
        if (!lzw_walker_full(w))
            p = lzw_walker_grow(w, p, end);
        own += w->next - next;
        if (p < end && w->prefix == LZW_NO_CODE)
            w->prefix = *p++;
        while (p < end) {
            const uint8_t *to = p + min_size((size_t)(end - p), 4096);
            own += lzw_walker_follow(w, p, to, s->list);
            p = to;
        }
        if (!reach(s, a, b, 0, run_bits(s, own + 1, before), lzw_walker_full(w)))
            return;
    }
}

static void run_style(struct lzw_search *s, uint32_t a, uint32_t last, uint32_t style)
{
    begin_run(s, a);
    if (style == 0) {
        run_greedy(s, a, last);
        return;
    }
    struct lzw_parser *q = &s->parser;
    uint64_t before = q->own;
    uint32_t b = a + 1;
    for (;;) {
        uint32_t code, length = lzw_parser_phrase(q, lzw_styles[style], s->view->n, &code);
        for (; s->node[b].place <= q->at + length; b++)
            if (!reach(s, a, b, style, run_bits(s, q->own + 1, before),
                       lzw_walker_full(&q->walker)) ||
                b == last)
                return;
        lzw_parser_take(q, length, code);
    }
}

void lzw_search_run(struct lzw_search *s)
{
    for (uint32_t i = 1; i < s->nodes; i++)
        s->node[i].best = UINT64_MAX / 2;
    s->node[0].best = 0;
    for (uint32_t a = 0; a + 1 < s->nodes; a++)
        for (uint32_t style = 0; style < LZW_STYLES; style++)
            if (s->node[a].styles >> style & 1)
                run_style(s, a, s->nodes - 1, style);
}

void lzw_search_keep_path(struct lzw_search *s)
{
    /* turn the links back round, then close the ranks */
    uint16_t next[LZW_PLACES];
    uint32_t i = s->nodes - 1;
    while (i != 0) {
        next[s->node[i].from] = (uint16_t)i;
        i = s->node[i].from;
    }
    uint32_t kept = 0, last = s->nodes - 1;
    for (i = 0;; i = next[i]) {
        s->node[kept] = s->node[i];
        s->node[kept].from = (uint16_t)(kept > 0 ? kept - 1 : 0);
        kept++;
        if (i == last)
            break;
    }
    s->nodes = kept;
}

void lzw_search_styles(struct lzw_search *s, uint32_t style_mask)
{
    uint64_t gained = 0;
    for (uint32_t a = 0; a + 1 < s->nodes; a++) {
        uint64_t before = s->node[a + 1].best;
        for (uint32_t style = 0; style < LZW_STYLES; style++)
            if (style_mask >> style & 1) {
                /* node a is already cheaper than when node a + 1 was reached */
                if (s->node[a + 1].best > before - gained)
                    s->node[a + 1].best = before - gained;
                run_style(s, a, a + 1, style);
            }
        gained = before - s->node[a + 1].best;
    }
}

void lzw_search_refine(struct lzw_search *s, uint32_t step, uint32_t around)
{
    uint32_t place[LZW_PLACES], n = 0, path = s->nodes;
    uint32_t last = s->node[path - 1].place;
    uint16_t styles[LZW_PLACES];
    while (around > 1 && path * (2 * around + 1) > LZW_PLACES)
        around--;
    for (uint32_t i = 0; i < path; i++) {
        uint32_t here = s->node[i].place;
        bool end = i == 0 || i + 1 == path;
        uint32_t from = end || here < around * step ? here : here - around * step;
        uint32_t to = end ? here : here + around * step;
        uint32_t mask = 1u << s->node[i].style | 1u << s->node[i + !end].style;
        if (i == 0)
            mask = 1u << s->node[1].style;
        for (uint32_t p = from; p <= to && n < LZW_PLACES - 1; p += step)
            if ((n == 0 || p > place[n - 1]) && (p < last || end)) {
                styles[n] = (uint16_t)mask;
                place[n++] = p;
            }
    }
    if (place[n - 1] != last)
        place[n++] = last;
    for (uint32_t i = 0; i < n; i++) {
        s->node[i].place = place[i];
        s->node[i].styles = styles[i];
    }
    s->nodes = n;
}
