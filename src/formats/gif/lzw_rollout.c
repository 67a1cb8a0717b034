/* SPDX-License-Identifier: MIT */
/* Branches of a parse, compared. */
#include "formats/gif/lzw_rollout.h"

#include "base/size.h"

/* The style from here on. A full table has nothing to gain but pixels. */
static struct lzw_style style(const struct lzw_rollout *r)
{
    static const struct lzw_style full = {1, false, false};
    return lzw_walker_full(&r->parser->walker) ? full : r->style;
}

/* Takes a phrase and goes on in the style. */
static void take(struct lzw_rollout *r, uint32_t length)
{
    lzw_parser_take(r->parser, length, lzw_parser_code(r->parser, r->style, length));
}

static void go_on(struct lzw_rollout *r)
{
    uint32_t code, length = lzw_parser_phrase(r->parser, style(r), r->parser->view->n, &code);
    lzw_parser_take(r->parser, length, code);
}

/* The way from here, for as many phrases as are to come before it is too short. */
static void walk(struct lzw_rollout *r, uint32_t first)
{
    struct lzw_parser *q = r->parser;
    struct lzw_fork fork = lzw_parser_branch(q);
    take(r, first);
    r->way[0] = (uint32_t)q->at;
    for (r->ways = 1; r->ways < 2 * r->foresight.horizon && q->at < q->view->n; r->ways++) {
        go_on(r);
        r->way[r->ways] = (uint32_t)q->at;
    }
    r->passed = 0;
    lzw_parser_return(q, &fork);
}

/* What a branch has come to: pixels, and for the end of all, codes and where the last one began. */
struct reach {
    uint32_t codes, last, at;
};

static struct reach try(struct lzw_rollout *r, uint32_t length, uint32_t codes)
{
    struct lzw_parser *q = r->parser;
    struct lzw_fork fork = lzw_parser_branch(q);
    struct reach reach = {1, (uint32_t)q->at, 0};
    take(r, length);
    for (; reach.codes < codes && q->at < q->view->n; reach.codes++) {
        reach.last = (uint32_t)q->at;
        go_on(r);
    }
    reach.at = (uint32_t)q->at;
    lzw_parser_return(q, &fork);
    return reach;
}

static bool further(const struct reach *a, const struct reach *b)
{
    if (a->codes != b->codes)
        return a->codes < b->codes && a->at >= b->at;
    return a->at != b->at ? a->at > b->at : a->last > b->last;
}

/* Other lengths than the style's own, the longest first, then those that reach furthest. */
static uint32_t candidates(struct lzw_rollout *r, uint32_t own, uint32_t longest,
                           uint32_t length[LZW_TRIES_MOST])
{
    struct lzw_parser *q = r->parser;
    uint32_t reach[LZW_TRIES_MOST], n = 0;
    uint32_t least = own + lzw_parser_longest(q, r->style, q->at + own);
    uint32_t shortest = longest > q->look ? longest - q->look : 1;
    for (uint32_t l = longest; l >= shortest; l--) {
        if (l == own || (l < longest && !lzw_parser_may(q, q->at + l, least + 1 - l)))
            continue;
        uint32_t to = UINT32_MAX;
        if (l < longest)
            to = l + lzw_parser_longest(q, r->style, q->at + l);
        if (to <= least || (n == r->foresight.tries && to <= reach[n - 1]))
            continue;
        uint32_t i = n < r->foresight.tries ? n++ : n - 1;
        for (; i > 0 && reach[i - 1] < to; i--) {
            reach[i] = reach[i - 1];
            length[i] = length[i - 1];
        }
        reach[i] = to;
        length[i] = l;
    }
    return n;
}

/* The length of the next phrase, where the style takes `own`. */
static uint32_t decide(struct lzw_rollout *r, uint32_t own)
{
    struct lzw_parser *q = r->parser;
    const uint8_t *p = q->view->pixels + q->at;
    uint32_t longest = lzw_parser_longest(q, r->style, q->at), length[LZW_TRIES_MOST];
    longest = (uint32_t)min_size(longest, q->view->n - q->at);
    if (longest == 1 || q->at + longest >= q->view->n || memcmp(p, p + 1, longest) == 0)
        return own;
    uint32_t n = candidates(r, own, longest, length), best = own;
    if (n == 0)
        return own;
    if (r->ways - r->passed < r->foresight.horizon &&
        (r->ways == 0 || r->way[r->ways - 1] < q->view->n))
        walk(r, own);
    uint32_t codes = min_u32(r->ways - r->passed, r->foresight.horizon);
    const uint32_t *way = r->way + r->passed;
    struct reach most = {codes, codes > 1 ? way[codes - 2] : (uint32_t)q->at, way[codes - 1]};
    for (uint32_t i = 0; i < n; i++) {
        struct reach reach = try(r, length[i], codes);
        if (further(&reach, &most)) {
            most = reach;
            best = length[i];
        }
    }
    return best;
}

uint32_t lzw_rollout(struct lzw_rollout *r, uint16_t *codes, uint32_t most)
{
    struct lzw_parser *q = r->parser;
    uint32_t n = 0;
    r->passed = r->ways = 0;
    while (q->at < q->view->n && n < most) {
        uint32_t code, own = lzw_parser_phrase(q, style(r), q->view->n, &code);
        uint32_t length = lzw_walker_full(&q->walker) ? own : decide(r, own);
        if (length != own) {
            code = lzw_parser_code(q, r->style, length);
            r->passed = r->ways = 0;
        } else if (r->passed < r->ways) {
            r->passed++;
        }
        codes[n++] = (uint16_t)code;
        lzw_parser_take(q, length, code);
    }
    return q->at < q->view->n ? most : n;
}
