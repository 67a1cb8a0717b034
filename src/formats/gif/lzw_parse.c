/* SPDX-License-Identifier: MIT */
/* One phrase at a time. */
#include "formats/gif/lzw_parse.h"

#include "base/size.h"

#define FEW_STRINGS 256 /* are taken back in less time than it takes to clear a dictionary */

/* A match's number is that of its pixel and, above it, that of its parse or branch. */
#define NUMBERS ((1u << (32 - LZW_VIEW_BITS)) - 1)
_Static_assert(LZW_MATCHES <= 1u << LZW_VIEW_BITS, "the place of a match is that of its pixel");

const struct lzw_style lzw_styles[LZW_STYLES] = {
    [LZW_STYLE_GREEDY] = {.gain = 0},
    [LZW_STYLE_FLEXIBLE] = {.gain = 1, .full_only = true},
    [LZW_STYLE_ROWS] = {.gain = 0, .rows = true},
    [LZW_STYLE_GAIN_4] = {.gain = 4},
    [LZW_STYLE_ROWS_GAIN_3] = {.gain = 3, .rows = true},
    [LZW_STYLE_ROWS_GAIN_1] = {.gain = 1, .rows = true},
    [LZW_STYLE_GAIN_1] = {.gain = 1},
    [LZW_STYLE_GAIN_2] = {.gain = 2},
    [LZW_STYLE_GAIN_3] = {.gain = 3},
    [LZW_STYLE_ROWS_GAIN_2] = {.gain = 2, .rows = true},
};

/* A number for what will be remembered from now on. */
static uint32_t another(uint32_t *numbers, struct lzw_match match[LZW_MATCHES])
{
    if (*numbers == NUMBERS) {
        memset(match, 0, LZW_MATCHES * sizeof *match);
        *numbers = 0;
    }
    return ++*numbers;
}

static void begin(struct lzw_parser *s, const struct lzw_view *view, size_t at)
{
    s->view = view;
    s->at = at;
    s->row_end = at + view->row_width - (view->row_at + at) % view->row_width;
    s->parse = another(&s->parses, s->match);
    s->branch = 0;
}

void lzw_parser_go_on(struct lzw_parser *s, const struct lzw_view *view, size_t at)
{
    lzw_heads_unknown(&s->heads);
    begin(s, view, at);
}

void lzw_parser_begin(struct lzw_parser *s, const struct lzw_codes *c, const struct lzw_view *view,
                      size_t at)
{
    struct lzw_walker *w = &s->walker;
    s->own = 0;
    if (w->next - w->first <= FEW_STRINGS)
        lzw_dict_take_back(&w->dict, w->first, w->next);
    else
        lzw_dict_clear(&w->dict);
    lzw_walker_begin(w, c->first, LZW_TABLE_END, false);
    lzw_heads_clear(&s->heads);
    begin(s, view, at);
}

/* Where a match at q must end. */
static inline size_t match_limit(const struct lzw_parser *s, struct lzw_style style, size_t q)
{
    if (!style.rows)
        return s->view->n;
    return min_size(q < s->row_end ? s->row_end : s->row_end + s->view->row_width, s->view->n);
}

/* The longest string at pixel q that the style may take. */
static inline const struct lzw_match *longest(struct lzw_parser *s, struct lzw_style style,
                                              size_t q)
{
    uint32_t pixel = (uint32_t)q + 1, number = s->parse << LZW_VIEW_BITS | pixel;
    struct lzw_match *match = s->match;
    if (s->branch > 0) {
        /* a branch knows what was known at the fork */
        const struct lzw_match *known = &match[pixel % LZW_MATCHES];
        struct lzw_match *m = &s->branch_match[pixel % LZW_MATCHES];
        uint32_t own = s->branch << LZW_VIEW_BITS | pixel;
        if (m->number != own && known->number == number)
            *m = (struct lzw_match){own, known->length, known->code};
        match = s->branch_match;
        number = own;
    }
    return lzw_match_longest(match, &s->walker.dict, number, s->view->pixels + q,
                             s->view->pixels + match_limit(s, style, q));
}

uint32_t lzw_parser_longest(struct lzw_parser *s, struct lzw_style style, size_t q)
{
    return longest(s, style, q)->length;
}

bool lzw_parser_may(const struct lzw_parser *s, size_t q, uint32_t length)
{
    const uint8_t *pixels = s->view->pixels;
    return lzw_heads_may(&s->heads, pixels + q, pixels + s->view->n, length);
}

uint32_t lzw_parser_code(struct lzw_parser *s, struct lzw_style style, uint32_t length)
{
    const struct lzw_match *m = longest(s, style, s->at);
    uint32_t code = m->code;
    for (uint32_t l = m->length; l > length; l--)
        code = s->walker.dict.prefix[code];
    return code;
}

uint32_t lzw_parser_phrase(struct lzw_parser *s, struct lzw_style style, size_t limit,
                           uint32_t *code)
{
    size_t p = s->at;
    const struct lzw_match *m = longest(s, style, p);
    uint32_t length = m->length, take = length;
    *code = m->code;
    bool look = style.gain > 0 && (!style.full_only || lzw_walker_full(&s->walker)) && length > 1 &&
                p + length < s->view->n;
    /* in the middle of a run of one color the next phrase cannot gain */
    if (look && memcmp(s->view->pixels + p, s->view->pixels + p + 1, length) != 0) {
        uint32_t reach = length - 1 + style.gain + longest(s, style, p + length)->length;
        uint32_t shortest = length > s->look ? length - s->look : 1;
        for (uint32_t l = length - 1; l >= shortest; l--) {
            if (!lzw_parser_may(s, p + l, reach + 1 - l))
                continue;
            uint32_t r = l + longest(s, style, p + l)->length;
            if (r > reach) {
                reach = r;
                take = l;
            }
        }
    }
    take = (uint32_t)min_size(take, limit - p);
    for (uint32_t l = length; l > take; l--)
        *code = s->walker.dict.prefix[*code];
    return take;
}

static void move_to(struct lzw_parser *s, size_t at)
{
    s->at = at;
    while (s->at >= s->row_end)
        s->row_end += s->view->row_width;
}

void lzw_parser_take(struct lzw_parser *s, uint32_t length, uint32_t code)
{
    struct lzw_walker *w = &s->walker;
    s->own++;
    move_to(s, s->at + length);
    if (lzw_walker_full(w) || s->at >= s->view->n)
        return;
    uint32_t pixel = s->view->pixels[s->at], at;
    /* a phrase that was not the longest makes a string that is there already: its code is lost */
    if (lzw_dict_find(&w->dict, code, pixel, &at) == 0) {
        const uint8_t *pixels = s->view->pixels;
        lzw_dict_put(&w->dict, at, code, pixel, w->next);
        lzw_heads_add(&s->heads, pixels + s->at - length, pixels + s->view->n, length + 1);
    }
    w->next++;
}

struct lzw_fork lzw_parser_branch(struct lzw_parser *s)
{
    s->branch = another(&s->branches, s->branch_match);
    return (struct lzw_fork){s->own, s->at, s->row_end, s->walker.next};
}

void lzw_parser_return(struct lzw_parser *s, const struct lzw_fork *f)
{
    struct lzw_walker *w = &s->walker;
    lzw_dict_take_back(&w->dict, f->next, w->next);
    w->next = f->next;
    s->own = f->own;
    s->at = f->at;
    s->row_end = f->row_end;
    s->branch = 0;
}

/* The heads of a table that was filled from pixel `from` on without a code that was lost. */
static void find_heads(struct lzw_parser *s, size_t from)
{
    const struct lzw_walker *w = &s->walker;
    const uint8_t *pixels = s->view->pixels;
    uint16_t length[LZW_TABLE_END];
    lzw_heads_clear(&s->heads);
    for (uint32_t code = w->first; code < w->next; code++) {
        uint32_t prefix = w->dict.prefix[code], phrase = prefix < w->first ? 1 : length[prefix];
        length[code] = (uint16_t)(phrase + 1);
        lzw_heads_add(&s->heads, pixels + from, pixels + s->view->n, phrase + 1);
        from += phrase;
    }
}

void lzw_parser_fill(struct lzw_parser *s, size_t end)
{
    struct lzw_walker *w = &s->walker;
    const uint8_t *pixels = s->view->pixels;
    uint32_t before = w->next;
    if (lzw_walker_full(w) || s->at >= end)
        return;
    lzw_walker_rest(w);
    const uint8_t *p = lzw_walker_grow(w, pixels + s->at, pixels + end);
    if (before == w->first)
        find_heads(s, s->at);
    else
        lzw_heads_unknown(&s->heads);
    size_t open = 1; /* pixels of the string that is not complete */
    for (uint32_t code = lzw_walker_string(w); code >= w->first; code = w->dict.prefix[code])
        open++;
    s->own += w->next - before;
    move_to(s, (size_t)(p - pixels) - open);
}
