/* SPDX-License-Identifier: MIT */
/* A window of pixels is searched, the part that is certain is written, and so on. */
#include "base/size.h"
#include "formats/gif/lzw_effort.h"
#include "formats/gif/lzw_method.h"

/*
 * A window ends after so many codes of a greedy parse, which goes ahead as a scout, or so many
 * pixels. Clears near the end of a window are guesses, as they depend on what follows; so from
 * each search the parts up to the last clear are written, and the next window begins there. Where
 * that would be little, the whole window is written and the dictionary carried over.
 */
#define WINDOW_CODES (24u * 1024)
#define WINDOW_PIXELS (1u << 21)
#define MARKS (WINDOW_CODES / LZW_MARK_CODES + 64)

struct window {
    struct lzw_encoder base;
    struct lzw_view view; /* of pixels[] */
    bool carried;         /* the view goes on with the dictionary of carry */
    bool more;            /* there is another window before or after this one */
    uint32_t scouted;     /* pixels that the scout has seen */
    uint32_t marks;
    uint32_t mark[MARKS]; /* see lzw_effort.h */
    struct lzw_walker scout;
    struct lzw_parser carry; /* and what writes */
    struct lzw_search search;
    struct lzw_node kept[LZW_PATH]; /* what level 2 found */
    uint16_t kept_rolled[LZW_ROLLED_CODES];
    uint8_t pixels[WINDOW_PIXELS];
};

static void window_start(struct lzw_encoder *z)
{
    struct window *w = (struct window *)z;
    w->view = (struct lzw_view){w->pixels, 0, max_u32(z->row_width, 1), 0};
    w->carried = w->more = false;
    w->scouted = 0;
    w->marks = 0;
    lzw_walker_clear(&w->scout, z->bits.codes.first, LZW_TABLE_END, false);
}

/* Lets the scout mark the pixels that are new. */
static void scout(struct window *w)
{
    const uint8_t *p = w->pixels + w->scouted, *end = w->pixels + w->view.n;
    struct lzw_walker *s = &w->scout;
    while (p < end && w->marks < MARKS) {
        s->table_end = min_u32(
            s->first + ((s->next - s->first) / LZW_MARK_CODES + 1) * LZW_MARK_CODES, LZW_TABLE_END);
        p = lzw_walker_grow(s, p, end);
        if (!lzw_walker_full(s))
            break;
        w->mark[w->marks++] = (uint32_t)(p - w->pixels) - 1; /* p[-1] has begun the next one */
        if (s->next == LZW_TABLE_END) {
            lzw_walker_clear(s, s->first, LZW_TABLE_END, s->jump);
            s->prefix = p[-1];
        }
    }
    w->scouted = (uint32_t)(p - w->pixels);
}

static const struct lzw_effort *effort(const struct window *w, unsigned level)
{
    return lzw_effort(level, w->view.n, (size_t)w->marks * LZW_MARK_CODES, w->more);
}

/* The best clears and styles for the first n pixels, as far as the effort goes. */
static void search_window(struct window *w, const struct lzw_effort *e, size_t n)
{
    struct lzw_search *s = &w->search;
    s->codes = &w->base.bits.codes;
    s->view = &w->view;
    s->carry = w->carried ? &w->carry : NULL;
    lzw_effort_search(s, e, (uint32_t)n, w->mark, w->marks);
}

/* Codes pixels until the last phrase reaches `end`, and none goes beyond limit. */
static enum status write_part(struct window *w, uint32_t style, size_t end, size_t limit)
{
    struct lzw_parser *q = &w->carry;
    uint16_t list[512];
    uint32_t n = 0;
    enum status st = ST_OK;
    if (lzw_style_fills(lzw_styles[style])) {
        uint32_t before = q->walker.next;
        lzw_parser_fill(q, end);
        st = lzw_bits_codes(&w->base.bits, q->walker.dict.prefix + before, q->walker.next - before);
    }
    while (q->at < end && st == ST_OK) {
        uint32_t code, length = lzw_parser_phrase(q, lzw_styles[style], limit, &code);
        list[n++] = (uint16_t)code;
        lzw_parser_take(q, length, code);
        if (n == sizeof list / sizeof *list) {
            st = lzw_bits_codes(&w->base.bits, list, n);
            n = 0;
        }
    }
    return st == ST_OK ? lzw_bits_codes(&w->base.bits, list, n) : st;
}

/*
 * Writes the nodes up to `last`, or not all pixels of them but up to a phrase that reaches `stop`.
 * They end in a clear if there is more to come.
 */
static enum status write_nodes(struct window *w, uint32_t last, size_t stop, bool clear)
{
    const struct lzw_search *s = &w->search;
    enum status st = ST_OK;
    for (uint32_t i = 0; i < last && st == ST_OK; i++) {
        const struct lzw_node *n = &s->node[i];
        if (i > 0)
            st = lzw_bits_clear(&w->base.bits);
        if (st != ST_OK)
            break;
        if (n->rolled > 0) {
            st = lzw_bits_codes(&w->base.bits, s->rolled + n->first, n->rolled);
            continue;
        }
        if (i == 0 && w->carried)
            lzw_parser_go_on(&w->carry, &w->view, 0);
        else
            lzw_parser_begin(&w->carry, s->codes, &w->view, n->place);
        bool more = clear || i + 1 < last;
        st = write_part(w, n->style, min_size(n[1].place, stop), more ? n[1].place : w->view.n);
    }
    return st == ST_OK && clear ? lzw_bits_clear(&w->base.bits) : st;
}

/* The first n pixels are written: what is left moves to the front. */
static void drop_pixels(struct window *w, size_t n)
{
    struct lzw_view *v = &w->view;
    memmove(w->pixels, w->pixels + n, v->n - n);
    v->n -= n;
    v->row_at = (uint32_t)((v->row_at + n) % v->row_width);
    w->scouted -= (uint32_t)n;
    uint32_t kept = 0;
    for (uint32_t i = 0; i < w->marks; i++)
        if (w->mark[i] > n)
            w->mark[kept++] = w->mark[i] - (uint32_t)n;
    w->marks = kept;
}

/* Bits of the path up to node `last`, with the clear or end code there. */
static uint32_t path_bits(const struct lzw_node *node, uint32_t last)
{
    return node[0].cost - node[last].cost;
}

/*
 * Level 3 divides the pixels into the windows of level 2 and codes each in no more bits, so it
 * never needs more for the picture.
 */
static void search_further(struct window *w, size_t n)
{
    struct lzw_search *s = &w->search;
    uint32_t nodes = s->nodes, look = w->carry.look;
    if (nodes > LZW_PATH)
        return;
    const struct lzw_effort *e = effort(w, 3);
    memcpy(w->kept, s->node, nodes * sizeof *s->node);
    memcpy(w->kept_rolled, s->rolled, sizeof s->rolled);
    search_window(w, e, n);
    lzw_effort_roll_out(s, e);
    w->carry.look = e->look;
    if (path_bits(s->node, s->nodes - 1) <= path_bits(w->kept, nodes - 1))
        return;
    w->carry.look = look;
    s->nodes = nodes;
    memcpy(s->node, w->kept, nodes * sizeof *s->node);
    memcpy(s->rolled, w->kept_rolled, sizeof s->rolled);
}

/* Searches the window and writes what is certain of it, or all. */
static enum status pass_window(struct window *w, bool ending)
{
    struct lzw_search *s = &w->search;
    w->more = w->more || !ending;
    const struct lzw_effort *e = effort(w, min_u32(w->base.level, 2));
    search_window(w, e, w->view.n);
    w->carry.look = e->look;
    /* with no clear, or only early ones, all is written and the dictionary carried over */
    uint32_t clear = s->nodes - 2;
    bool carry = !ending && s->node[clear].place < w->view.n / 4;
    if (!ending && !carry)
        s->nodes = clear + 1;
    size_t n = s->node[s->nodes - 1].place, stop = n;
    if (carry) {
        stop -= min_size(n / 2, 2 * LZW_TABLE_END); /* phrases at the end miss what follows */
    } else {
        lzw_effort_roll_out(s, e);
        if (w->base.level > 2)
            search_further(w, n);
    }
    enum status st = write_nodes(w, s->nodes - 1, stop, !ending && !carry);
    w->carried = carry;
    drop_pixels(w, carry ? w->carry.at : n);
    return st;
}

static enum status window_write(struct lzw_encoder *z, const uint8_t *indices, size_t n)
{
    struct window *w = (struct window *)z;
    while (n > 0) {
        /* in pieces of fixed ends, so that windows do not depend on how calls cut the pixels */
        size_t piece = 1024 - w->view.n % 1024, take = min_size(n, piece);
        memcpy(w->pixels + w->view.n, indices, take);
        w->view.n += take;
        indices += take;
        n -= take;
        scout(w);
        if (take == piece &&
            (w->marks >= WINDOW_CODES / LZW_MARK_CODES || w->view.n + 1024 > WINDOW_PIXELS)) {
            enum status st = pass_window(w, false);
            if (st != ST_OK)
                return st;
        }
    }
    return ST_OK;
}

static enum status window_finish(struct lzw_encoder *z)
{
    struct window *w = (struct window *)z;
    return w->view.n > 0 ? pass_window(w, true) : ST_OK;
}

const struct lzw_method lzw_window = {
    .bytes = sizeof(struct window),
    .start = window_start,
    .write = window_write,
    .finish = window_finish,
};
