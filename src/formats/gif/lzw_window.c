/* SPDX-License-Identifier: MIT */
/* Levels 2 and 3: a window of pixels is searched, the part that is certain written, and so on. */
#include "base/size.h"
#include "formats/gif/lzw_method.h"
#include "formats/gif/lzw_search.h"

/*
 * A window ends after so many codes of a greedy parse, which goes ahead as a scout, or so many
 * pixels. Clears near the end of a window are guesses, as they depend on what follows; so from
 * each search the parts up to the last clear are written, and the next window begins there. Where
 * that would be little, the whole window is written and the dictionary carried over.
 *
 * Whatever the search finds, the race (level 1) is run over the same pixels; where it needs
 * fewer bits it is written instead.
 */
#define WINDOW_CODES (24u * 1024)
#define WINDOW_PIXELS (1u << 21)
#define MARK_CODES 64
#define MARKS (WINDOW_CODES / MARK_CODES + 64)

struct window {
    struct lzw_encoder base;
    struct lzw_view view; /* of pixels[] */
    bool carried;         /* the view goes on with the dictionary of carry */
    uint32_t scouted;     /* pixels that the scout has seen */
    uint32_t marks;
    uint32_t mark[MARKS]; /* pixels at which another MARK_CODES codes were complete */
    struct lzw_walker scout;
    struct lzw_parser carry; /* and what writes */
    struct lzw_search search;
    uint32_t kept_nodes; /* the path that level 2 found */
    struct lzw_node kept[LZW_PLACES];
    union { /* memory for a struct race */
        struct lzw_encoder base;
        uint8_t state[LZW_RACE_BYTES];
    } race;
    uint8_t pixels[WINDOW_PIXELS];
};

_Static_assert(sizeof(struct window) + 64 <= 4u << 20, "4 MiB for all");

static void window_start(struct lzw_encoder *z)
{
    struct window *w = (struct window *)z;
    w->view = (struct lzw_view){w->pixels, 0, max_u32(z->row_width, 1), 0};
    w->carried = false;
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
        s->table_end =
            min_u32(s->first + ((s->next - s->first) / MARK_CODES + 1) * MARK_CODES, LZW_TABLE_END);
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

/*
 * How much is searched. Photographs hardly gain by other parses than the greedy one but with a
 * full table; flat art does, most of all by those that keep to rows.
 */
struct effort {
    uint32_t passes;                    /* about so often a pixel is parsed in the first search */
    uint32_t look;                      /* shortenings of a phrase that are tried */
    uint32_t short_styles, long_styles; /* where greedy phrases are short, and long */
    uint32_t rounds;                    /* of refinement */
};

#define ALL_STYLES ((1u << LZW_STYLES) - 1)
#define LONG_PHRASES 4 /* pixels, on average */

static const struct effort level_2 = {8, 8, 1u << 1, 1u << 1 | 1u << 2 | 1u << 8, 0};
static const struct effort level_3 = {24, 48, ALL_STYLES, ALL_STYLES, 2};

/* The best clears and styles for the first n pixels, as far as the effort goes. */
static void search_window(struct window *w, const struct effort *e, size_t n)
{
    struct lzw_search *s = &w->search;
    uint32_t marks = 0, nodes = 0;
    while (marks < w->marks && w->mark[marks] < n)
        marks++;
    uint32_t codes = marks * MARK_CODES;
    uint32_t styles = n > LONG_PHRASES * (size_t)codes ? e->long_styles : e->short_styles;
    s->codes = &w->base.bits.codes;
    s->view = &w->view;
    s->carry = w->carried ? &w->carry : NULL;
    s->parser.look = e->look;

    uint32_t apart = max_u32(min_u32(codes, 2 * LZW_TABLE_END) / e->passes / MARK_CODES, 1);
    s->node[nodes++].place = 0;
    for (uint32_t i = apart - 1; i < marks && nodes < LZW_PLACES - 1; i += apart)
        if (w->mark[i] > s->node[nodes - 1].place)
            s->node[nodes++].place = w->mark[i];
    s->node[nodes++].place = (uint32_t)n;
    for (uint32_t i = 0; i < nodes; i++)
        s->node[i].styles = 1;
    s->nodes = nodes;

    lzw_search_run(s);
    lzw_search_keep_path(s);
    lzw_search_styles(s, styles);
    uint32_t step = (uint32_t)(n / max_u32(codes / 128, 1)) + 1;
    for (uint32_t round = 0; round < e->rounds; round++) {
        lzw_search_refine(s, step, 3);
        lzw_search_run(s);
        lzw_search_keep_path(s);
        lzw_search_styles(s, styles);
        step = step / 6 + 1;
    }
}

/* Codes pixels until the last phrase reaches `end`, and none goes beyond limit. */
static enum status write_part(struct window *w, uint32_t style, size_t end, size_t limit)
{
    struct lzw_parser *q = &w->carry;
    uint16_t list[512];
    uint32_t n = 0;
    enum status st = ST_OK;
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

/* Writes the path up to node `last`, which ends in a clear if there is more to come. */
static enum status write_path(struct window *w, uint32_t last, bool clear)
{
    struct lzw_search *s = &w->search;
    enum status st = ST_OK;
    for (uint32_t i = 0; i < last && st == ST_OK; i++) {
        if (i == 0 && w->carried)
            lzw_parser_go_on(&w->carry, &w->view, 0);
        else
            lzw_parser_begin(&w->carry, s->codes, &w->view, s->node[i].place);
        size_t end = s->node[i + 1].place;
        st = write_part(w, s->node[i + 1].style, end, clear || i + 1 < last ? end : w->view.n);
        if (st == ST_OK && (i + 1 < last || clear))
            st = lzw_bits_clear(&w->base.bits);
    }
    return st;
}

/* Runs the race over the first n pixels, into *to, which is copied. */
static enum status run_race(struct window *w, size_t n, struct lzw_bits *to)
{
    struct lzw_encoder *z = &w->race.base;
    *z = w->base;
    z->method = &lzw_race;
    z->bits = *to;
    lzw_race.start(z);
    enum status st = lzw_race.write(z, w->pixels, n);
    if (st == ST_OK)
        st = lzw_race.finish(z);
    *to = z->bits;
    return st;
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

/* Writes the first n pixels by the race if that takes fewer bits than the path. */
static enum status try_race(struct window *w, size_t n, bool ending, bool *done)
{
    struct lzw_search *s = &w->search;
    struct lzw_bits count = w->base.bits;
    count.sink = NULL;
    uint64_t before = lzw_bits_count(&count);
    enum status st = run_race(w, n, &count);
    if (st != ST_OK)
        return st;
    uint64_t bits = lzw_bits_count(&count) - before + lzw_width(s->codes, count.index);
    *done = bits < s->node[s->nodes - 1].best;
    if (!*done)
        return ST_OK;
    st = run_race(w, n, &w->base.bits);
    if (st == ST_OK && !ending)
        st = lzw_bits_clear(&w->base.bits);
    drop_pixels(w, n);
    return st;
}

/*
 * Level 3 divides the pixels into the windows of level 2 and codes each in no more bits, so it
 * never needs more for the picture.
 */
static void search_further(struct window *w, size_t n)
{
    struct lzw_search *s = &w->search;
    w->kept_nodes = s->nodes;
    memcpy(w->kept, s->node, s->nodes * sizeof *s->node);
    search_window(w, &level_3, n);
    if (s->node[s->nodes - 1].best <= w->kept[w->kept_nodes - 1].best) {
        w->carry.look = level_3.look;
        return;
    }
    s->nodes = w->kept_nodes;
    memcpy(s->node, w->kept, s->nodes * sizeof *s->node);
}

/* Searches the window and writes what is certain of it, or all. */
static enum status pass_window(struct window *w, bool ending)
{
    struct lzw_search *s = &w->search;
    search_window(w, &level_2, w->view.n);
    w->carry.look = level_2.look;
    /* with no clear, or only early ones, all is written and the dictionary carried over */
    bool carry = !ending && s->node[s->nodes - 2].place < w->view.n / 4;
    if (!ending && !carry)
        s->nodes--;
    uint32_t last = s->nodes - 1;
    size_t n = s->node[last].place;
    enum status st = ST_OK;
    if (carry) {
        /* phrases at the end do not know what follows */
        s->node[last].place = (uint32_t)(n - min_size(n / 2, 2 * LZW_TABLE_END));
    } else {
        if (w->base.level > 2) {
            search_further(w, n);
            last = s->nodes - 1;
        }
        bool done = false;
        if (!w->carried)
            st = try_race(w, n, ending, &done);
        if (st != ST_OK || done)
            return st;
    }
    st = write_path(w, last, !ending && !carry);
    w->carried = carry;
    drop_pixels(w, w->carry.at);
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
            (w->marks >= WINDOW_CODES / MARK_CODES || w->view.n + 1024 > WINDOW_PIXELS)) {
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

const struct lzw_method lzw_window = {sizeof(struct window), window_start, window_write,
                                      window_finish};
