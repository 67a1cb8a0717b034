/* SPDX-License-Identifier: MIT */
/* Runs, the path that they make, and closer places. */
#include "formats/gif/lzw_search.h"

#include "base/size.h"

/*
 * What a dictionary can be worth over an empty one, and so how far behind a run may be: a third of
 * the bits that it took, and no more than a full one.
 */
#define BEHIND_LEAST 300u
#define BEHIND_PART 3

uint32_t lzw_search_bits(const struct lzw_search *s, uint64_t own, uint64_t own_at_start)
{
    return (uint32_t)(lzw_cost(s->codes, own) - lzw_cost(s->codes, own_at_start) +
                      lzw_width(s->codes, own));
}

/* A run from node a reaches node b after so many bits; false: it need not go on. */
static bool reach(struct lzw_search *s, uint32_t a, uint32_t b, uint32_t style, uint32_t bits)
{
    struct lzw_node *from = &s->node[a];
    uint32_t cost = bits + s->node[b].cost;
    if (cost < from->cost) {
        from->cost = cost;
        from->next = (uint16_t)b;
        from->style = (uint8_t)style;
        return true;
    }
    return b < from->least ||
           cost <= from->cost + min_u32(BEHIND_LEAST + bits / BEHIND_PART, s->behind);
}

void lzw_search_start(const struct lzw_search *s, uint32_t a, struct lzw_parser *parser)
{
    if (a == 0 && s->carry != NULL) {
        parser->own = s->carry->own;
        parser->walker = s->carry->walker;
        lzw_parser_go_on(parser, s->view, 0);
    } else {
        lzw_parser_begin(parser, s->codes, s->view, s->node[a].place);
    }
}

/* The plain greedy parse has the faster walker. */
static void run_greedy(struct lzw_search *s, uint32_t a, uint32_t last)
{
    struct lzw_walker *w = &s->parser.walker;
    uint64_t before = s->parser.own, own = before;
    const uint8_t *start = s->view->pixels + s->node[a].place, *p = start;
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
        if (!reach(s, a, b, 0, lzw_search_bits(s, own + 1, before)))
            break;
    }
    s->work += (uint64_t)(p - start);
}

/* A run in one style from node a, to node `last` at most. */
static void run_style(struct lzw_search *s, uint32_t a, uint32_t last, uint32_t style)
{
    lzw_search_start(s, a, &s->parser);
    if (style == 0) {
        run_greedy(s, a, last);
        return;
    }
    struct lzw_parser *q = &s->parser;
    uint64_t before = q->own;
    bool on = true;
    if (last == a + 1 && lzw_style_fills(lzw_styles[style]))
        lzw_parser_fill(q, s->node[last].place);
    for (uint32_t b = a + 1; on;) {
        uint32_t code, length = lzw_parser_phrase(q, lzw_styles[style], s->view->n, &code);
        for (; on && s->node[b].place <= q->at + length; b++)
            on = reach(s, a, b, style, lzw_search_bits(s, q->own + 1, before)) && b < last;
        lzw_parser_take(q, length, code);
    }
    s->work += q->at - s->node[a].place;
}

void lzw_search_run(struct lzw_search *s)
{
    s->node[s->nodes - 1].cost = 0;
    for (uint32_t a = s->nodes - 1; a-- > 0;) {
        s->node[a].cost = UINT32_MAX - s->behind;
        for (uint32_t style = 0; style < LZW_STYLES; style++)
            if (s->node[a].styles >> style & 1)
                run_style(s, a, s->nodes - 1, style);
    }
}

void lzw_search_keep_path(struct lzw_search *s)
{
    uint32_t kept = 0, last = s->nodes - 1, i = 0;
    for (bool end = false; !end; kept++) {
        uint32_t next = s->node[i].next;
        end = i == last;
        s->node[kept] = s->node[i];
        s->node[kept].next = s->node[kept].least = (uint16_t)(kept + 1);
        i = next;
    }
    s->nodes = kept;
}

/*
 * The part from node a ends where those behind it have got cheaper, and so does all from there on.
 * *end_before: what node a + 1 cost before that; then, what node a did.
 */
static struct lzw_node *pass_gain(struct lzw_search *s, uint32_t a, uint32_t *end_before)
{
    struct lzw_node *n = &s->node[a];
    uint32_t part = n->cost - *end_before;
    *end_before = n->cost;
    n->cost = n[1].cost + part;
    return n;
}

void lzw_search_styles(struct lzw_search *s, uint32_t style_mask)
{
    uint32_t end_before = 0;
    for (uint32_t a = s->nodes - 1; a-- > 0;) {
        struct lzw_node *n = pass_gain(s, a, &end_before);
        for (uint32_t style = 0; style < LZW_STYLES; style++)
            if (style != n->style && style_mask >> style & 1)
                run_style(s, a, a + 1, style);
    }
}

/* A rollout of the part from node a, in fewer bits if it can be. */
static void roll_out(struct lzw_search *s, uint32_t a, uint32_t style,
                     const struct lzw_foresight *f)
{
    struct lzw_node *n = &s->node[a];
    struct lzw_view part = *s->view;
    part.n = n[1].place;
    lzw_search_start(s, a, &s->parser);
    s->parser.view = &part;
    uint64_t before = s->parser.own;
    s->rollout.parser = &s->parser;
    s->rollout.style = lzw_styles[style];
    s->rollout.foresight = *f;
    uint32_t most = LZW_ROLLED_CODES - s->rolled_full;
    uint16_t *codes = s->rolled + s->rolled_full;
    uint32_t rolled = lzw_rollout(&s->rollout, codes, most);
    uint32_t cost = n[1].cost + lzw_search_bits(s, s->parser.own, before);
    if (rolled < most && cost < n->cost) {
        if (n->rolled > 0)
            memmove(s->rolled + n->first, codes, rolled * sizeof *codes);
        else
            n->first = (uint16_t)s->rolled_full;
        n->rolled = (uint16_t)rolled;
        s->rolled_full = n->first + rolled;
        n->cost = cost;
    }
}

void lzw_search_rollouts(struct lzw_search *s, const struct lzw_foresight *f, uint32_t style_mask)
{
    uint32_t end_before = 0;
    s->rolled_full = 0;
    for (uint32_t a = s->nodes - 1; a-- > 0;) {
        struct lzw_node *n = pass_gain(s, a, &end_before);
        for (uint32_t style = 0; style < LZW_STYLES; style++)
            if (style == n->style || style_mask >> style & 1)
                roll_out(s, a, style, f);
    }
}

void lzw_search_refine(struct lzw_search *s, uint32_t step, uint32_t around)
{
    uint32_t last = s->nodes - 1, n = 0;
    if (s->nodes > LZW_PATH)
        return;
    memcpy(s->path, s->node, s->nodes * sizeof *s->node);
    around = min_u32(around, (LZW_PLACES / s->nodes - 1) / 2);
    for (uint32_t i = 0; i <= last; i++) {
        /* up to the middle between two clears */
        uint32_t here = s->path[i].place, below = 0, above = 0;
        if (i > 0 && i < last)
            below = min_u32((here - s->path[i - 1].place - 1) / 2 / step, around);
        if (i < last)
            above = min_u32((s->path[i + 1].place - here) / 2 / step, around);
        for (uint32_t k = 0; k <= below + above; k++)
            s->node[n++] = (struct lzw_node){
                .place = here - below * step + k * step,
                .styles = (uint16_t)(1u << s->path[i].style),
            };
        s->path[i].next = (uint16_t)(n - 1 - above);
    }
    for (uint32_t i = 0; i < last; i++)
        s->node[s->path[i].next].least = s->path[i + 1].next;
    s->nodes = n;
}
