/* SPDX-License-Identifier: MIT */
/* The parts of the LZW encoder: widths, the dictionary, runs, parses, the search for clears. */
#include "lzw_check.h"

#include "formats/gif/lzw_effort.h"

/* A decoder's table, step by step, says how wide each code is. */
static void test_width_and_cost(void **state)
{
    (void)state;
    for (unsigned m = 2; m <= 8; m++) {
        struct lzw_codes c = lzw_codes(m);
        unsigned width = m + 1;
        uint32_t next = c.first;
        uint64_t bits = 0;
        for (uint32_t index = 0; index < 10000; index++) {
            assert_int_equal(lzw_width(&c, index), width);
            assert_int_equal(lzw_cost(&c, index), bits);
            bits += width;
            if (index > 0 && next < LZW_TABLE_END && ++next == 1u << width && width < LZW_MAX_WIDTH)
                width++;
        }
    }
}

/* Bits without a sink are counted as they would be written. */
static void test_count(void **state)
{
    (void)state;
    struct lzw_bits b;
    uint16_t codes[3000] = {0};
    lzw_bits_init(&b, NULL, 4);
    for (unsigned n = 1; n < 3000; n += 97) {
        uint64_t before = lzw_bits_count(&b);
        assert_int_equal(lzw_bits_codes(&b, codes, n), ST_OK);
        assert_int_equal(lzw_bits_count(&b) - before, lzw_cost(&b.codes, n));
        before = lzw_bits_count(&b);
        unsigned width = lzw_width(&b.codes, n);
        assert_int_equal(lzw_bits_clear(&b), ST_OK);
        assert_int_equal(lzw_bits_count(&b) - before, width);
        assert_int_equal(b.index, 0);
    }
}

/* Every code but the first two has a string, and all are found. */
static void test_dictionary(void **state)
{
    (void)state;
    struct lzw_dict *d = malloc(sizeof *d);
    for (uint32_t colors = 1; colors <= 256; colors *= 4) {
        lzw_dict_clear(d);
        uint32_t code = 258, at;
        for (uint32_t prefix = 0; code < LZW_TABLE_END; prefix++)
            for (uint32_t pixel = 0; pixel < colors && code < LZW_TABLE_END; pixel++) {
                assert_int_equal(lzw_dict_find(d, prefix, pixel, &at), 0);
                lzw_dict_put(d, at, prefix, pixel, code++);
            }
        code = 258;
        for (uint32_t prefix = 0; code < LZW_TABLE_END; prefix++)
            for (uint32_t pixel = 0; pixel < colors && code < LZW_TABLE_END; pixel++)
                assert_int_equal(lzw_dict_find(d, prefix, pixel, &at), code++);
        assert_int_equal(lzw_dict_find(d, 4095, 255, &at), 0);
    }
    free(d);
}

/* Strings that are taken back leave no trace, whether some codes between them have none or not. */
static void test_take_back(void **state)
{
    (void)state;
    struct lzw_dict *d = calloc(1, sizeof *d), *before = malloc(sizeof *before);
    for (uint32_t every = 1; every < 9; every += 3) {
        uint32_t at;
        lzw_dict_clear(d);
        for (uint32_t code = 258; code < LZW_TABLE_END; code++) {
            if (code == 3000)
                *before = *d;
            if (code % every == 0 && lzw_dict_find(d, code / 40, code % 40, &at) == 0)
                lzw_dict_put(d, at, code / 40, code % 40, code);
        }
        lzw_dict_take_back(d, 3000, LZW_TABLE_END);
        assert_memory_equal(d->slot, before->slot, sizeof d->slot);
        lzw_dict_take_back(d, 258, 3000);
        lzw_dict_clear(before);
        assert_memory_equal(d->slot, before->slot, sizeof d->slot);
    }
    free(before);
    free(d);
}

/* The code of a run, whether it is remembered or walked to. */
static void test_runs(void **state)
{
    (void)state;
    struct lzw_dict *d = malloc(sizeof *d);
    struct lzw_runs *r = malloc(sizeof *r);
    lzw_dict_clear(d);
    lzw_runs_forget(r);
    lzw_runs_note(r, 2, 2, 6); /* of a color that is not known yet: nothing to keep */
    for (uint32_t color = 0; color < 4; color++)
        lzw_runs_learn(r, d, color);
    assert_int_equal(r->longest[2], 1);
    uint32_t string[2] = {2, 3}, code = 6, at;
    for (; code < 2006; code++) { /* runs of colors 2 and 3, more than are remembered */
        unsigned color = 2 + code % 2;
        assert_int_equal(lzw_dict_find(d, string[color - 2], color, &at), 0);
        lzw_dict_put(d, at, string[color - 2], color, code);
        lzw_runs_note(r, string[color - 2], color, code);
        string[color - 2] = code;
    }
    for (int again = 0; again < 2; again++) {
        for (uint32_t length = 2; length <= 1001; length++)
            for (uint32_t color = 2; color <= 3; color++)
                assert_int_equal(lzw_runs_code(r, d, color, length),
                                 6 + 2 * (length - 2) + color - 2);
        assert_int_equal(lzw_runs_code(r, d, 3, 1), 3);
        lzw_runs_forget(r);
        lzw_runs_learn(r, d, 1);
        lzw_runs_learn(r, d, 2);
        lzw_runs_learn(r, d, 3);
        assert_int_equal(r->longest[2], 1001);
        assert_int_equal(r->longest[1], 1);
    }
    /* a run that is cut into pieces is counted on, and its color learned */
    lzw_runs_forget(r);
    uint8_t p[1200];
    memset(p, 2, sizeof p);
    p[700] = 1;
    for (uint32_t cut = 1; cut < 700; cut += 13) {
        uint32_t found = 0;
        r->color = 2;
        r->counted = 1;
        assert_ptr_equal(lzw_runs_follow(r, d, p + 1, p + cut, &found), p + cut);
        assert_int_equal(found, 0);
        assert_ptr_equal(lzw_runs_follow(r, d, p + cut, p + sizeof p, &found), p + 700);
        assert_int_equal(found, 6 + 2 * (700 - 2));
        assert_int_equal(r->counted, 0);
    }
    free(r);
    free(d);
}

/* The greedy style is the walker's parse; codes stand for their pixels; rows are kept to. */
static void test_styles(void **state)
{
    (void)state;
    enum { W = 90, H = 80 };
    uint8_t p[W * H];
    draw_screen(p, W, H, 16);
    struct lzw_view view = {p, W * H, W, 0};
    struct lzw_codes c = lzw_codes(4);
    struct lzw_parser *s = malloc(sizeof *s);
    struct lzw_walker *w = malloc(sizeof *w);
    lzw_walker_clear(w, c.first, LZW_TABLE_END, false);
    assert_ptr_equal(lzw_walker_grow(w, p, p + W * H), p + W * H);
    for (unsigned style = 0; style < LZW_STYLES; style++) {
        s->look = 32;
        lzw_parser_begin(s, &c, &view, 0);
        while (s->at < view.n) {
            size_t at = s->at;
            uint32_t code, length = lzw_parser_phrase(s, lzw_styles[style], view.n, &code);
            if (style == 0 && at + length < view.n)
                assert_int_equal(code, w->dict.prefix[c.first + s->own]);
            if (lzw_styles[style].rows)
                assert_true(at / W == (at + length - 1) / W);
            /* the code stands for these pixels */
            uint32_t string = code;
            for (uint32_t i = length; i-- > 0;) {
                assert_int_equal(i > 0 ? s->walker.dict.pixel[string] : string, p[at + i]);
                string = s->walker.dict.prefix[string];
            }
            lzw_parser_take(s, length, code);
            assert_int_equal(s->at, at + length);
        }
        if (style == 0)
            assert_int_equal(s->own, w->next - c.first + 1);
    }
    free(w);
    free(s);
}

/* Filling takes the phrases that come one by one, up to any pixel. */
static void test_fill(void **state)
{
    (void)state;
    enum { W = 90, H = 80 };
    uint8_t p[W * H];
    draw_screen(p, W, H, 16);
    draw_noise(p + W * H / 2, W * H / 4, 16, 1);
    struct lzw_view view = {p, W * H, W, 0};
    struct lzw_codes c = lzw_codes(8); /* with 16 colors the table is not full at the end */
    struct lzw_parser *s = malloc(sizeof *s), *filled = malloc(sizeof *filled);
    s->look = filled->look = 8;
    assert_true(lzw_style_fills(lzw_styles[LZW_STYLE_GREEDY]));
    lzw_parser_begin(filled, &c, &view, 0);
    lzw_parser_begin(s, &c, &view, 0);
    for (size_t end = 1; end <= view.n; end += 1 + end / 3) {
        lzw_parser_fill(filled, end);
        assert_true(filled->at < end);
        while (s->at < filled->at) {
            uint32_t code,
                length = lzw_parser_phrase(s, lzw_styles[LZW_STYLE_GREEDY], view.n, &code);
            assert_int_equal(code, filled->walker.dict.prefix[c.first + s->own]);
            lzw_parser_take(s, length, code);
        }
        assert_int_equal(s->at, filled->at);
        assert_int_equal(s->own, filled->own);
        assert_int_equal(s->row_end, filled->row_end);
        assert_int_equal(s->walker.next, filled->walker.next);
    }
    assert_true(s->own > 500);
    free(s);
    free(filled);
}

/* Two unlike halves of 4000 pixels; the caller frees. */
static uint8_t *draw_halves(void)
{
    enum { HALF = 4000 };
    uint8_t *p = malloc(2 * HALF);
    draw_noise(p, HALF, 4, 1);
    draw_noise(p + HALF, HALF, 4, 2);
    for (size_t i = 0; i < HALF; i++)
        p[HALF + i] = (uint8_t)(252 + p[HALF + i]);
    return p;
}

static struct lzw_search *new_search(const struct lzw_codes *c, const struct lzw_view *view)
{
    struct lzw_search *s = calloc(1, sizeof *s);
    s->codes = c;
    s->view = view;
    s->parser.look = 8;
    s->behind = 6000;
    return s;
}

static void set_places(struct lzw_search *s, uint32_t nodes, uint32_t step)
{
    s->nodes = nodes;
    for (uint32_t i = 0; i < nodes; i++)
        s->node[i] = (struct lzw_node){.place = i * step, .styles = 1u << LZW_STYLE_GREEDY};
}

/* The nodes lie in order, and their costs are what their phrases cost from clear to clear. */
static void check_nodes(const struct lzw_search *s)
{
    struct lzw_parser *q = calloc(1, sizeof *q);
    const struct lzw_node *end = &s->node[s->nodes - 1], *n = s->node;
    assert_int_equal(n->place, 0);
    assert_int_equal(end->place, s->view->n);
    assert_int_equal(end->cost, 0);
    q->look = s->parser.look;
    for (; n < end; n++) {
        uint64_t codes = n->rolled;
        assert_true(n[1].place > n->place);
        if (codes == 0) {
            lzw_search_start(s, (uint32_t)(n - s->node), q);
            while (q->at < n[1].place) {
                uint32_t code;
                uint32_t length = lzw_parser_phrase(q, lzw_styles[n->style], n[1].place, &code);
                lzw_parser_take(q, length, code);
            }
            assert_int_equal(q->at, n[1].place);
            codes = q->own;
        }
        assert_int_equal(n->cost, n[1].cost + lzw_search_bits(s, codes, 0));
    }
    free(q);
}

/* The clear belongs between the halves; and no step of the search makes it worse. */
static void test_search(void **state)
{
    (void)state;
    enum { N = 8000, HALF = 4000 };
    uint8_t *p = draw_halves();
    struct lzw_view view = {p, N, 100, 0};
    struct lzw_codes c = lzw_codes(8);
    struct lzw_search *s = new_search(&c, &view);
    set_places(s, 9, 1000);
    lzw_search_run(s);
    lzw_search_keep_path(s);
    check_nodes(s);
    bool found = false;
    for (uint32_t i = 1; i + 1 < s->nodes; i++)
        found |= s->node[i].place == HALF;
    assert_true(found);
    uint32_t cost = s->node[0].cost;
    for (uint32_t step = 50; step > 0; step /= 3) {
        lzw_search_refine(s, step, 3);
        for (uint32_t i = 1; i < s->nodes; i++)
            assert_true(s->node[i].place > s->node[i - 1].place);
        lzw_search_run(s);
        lzw_search_keep_path(s);
        check_nodes(s);
        assert_true(s->node[0].cost <= cost);
        cost = s->node[0].cost;
    }
    lzw_search_styles(s, (1u << LZW_STYLES) - 1);
    check_nodes(s);
    assert_true(s->node[0].cost <= cost);
    cost = s->node[0].cost;
    lzw_search_rollouts(s, &(struct lzw_foresight){16, 2}, (1u << LZW_STYLES) - 1);
    check_nodes(s);
    assert_true(s->node[0].cost <= cost);
    free(s);
    free(p);
}

/* With every pixel a place, no greedy parse with clears is cheaper than what is found. */
static void test_every_place(void **state)
{
    (void)state;
    enum { N = 700 };
    uint8_t p[N];
    draw_screen(p, 70, 10, 16);
    draw_noise(p + 300, 200, 16, 5);
    struct lzw_view view = {p, N, 70, 0};
    struct lzw_codes c = lzw_codes(4);
    struct lzw_search *s = new_search(&c, &view);
    set_places(s, N + 1, 1);
    lzw_search_run(s);
    uint32_t best[N + 1];
    best[N] = 0;
    for (uint32_t a = N; a-- > 0;) {
        best[a] = UINT32_MAX;
        lzw_search_start(s, a, &s->parser);
        uint64_t own = 0;
        while (s->parser.at < N) {
            uint32_t code,
                at = (uint32_t)s->parser.at,
                length = lzw_parser_phrase(&s->parser, lzw_styles[LZW_STYLE_GREEDY], N, &code);
            lzw_parser_take(&s->parser, length, code);
            own++;
            for (uint32_t b = at + 1; b <= at + length; b++)
                if (best[b] + lzw_search_bits(s, own, 0) < best[a])
                    best[a] = best[b] + lzw_search_bits(s, own, 0);
        }
        assert_int_equal(s->node[a].cost, best[a]);
    }
    free(s);
}

/* Efforts hold for pictures of any size, down to a pixel, with marks and without. */
static void test_efforts(void **state)
{
    (void)state;
    uint8_t *p = draw_halves();
    const struct lzw_effort *const efforts[] = {
        lzw_effort(2, 1, 1, false),         lzw_effort(2, 8000, 8000, false),
        lzw_effort(2, 80000, 80000, false), lzw_effort(2, 80000, 8000, false),
        lzw_effort(3, 80000, 80000, true),  lzw_effort(3, 80000, 80000, false),
        lzw_effort(3, 1, 1, false),
    };
    uint32_t mark[100];
    for (uint32_t i = 0; i < 100; i++)
        mark[i] = (i + 1) * 80;
    struct lzw_codes c = lzw_codes(8);
    for (uint32_t n = 1; n <= 8000; n = n < 40 ? n + 1 : n * 5) {
        struct lzw_view view = {p, n, 100, 0};
        struct lzw_search *s = new_search(&c, &view);
        for (size_t k = 0; k < sizeof efforts / sizeof *efforts; k++) {
            lzw_effort_search(s, efforts[k], n, mark, n / 80);
            check_nodes(s);
            lzw_effort_roll_out(s, efforts[k]);
            check_nodes(s);
        }
        free(s);
    }
    free(p);
}

/* Codes and what ends them, as sub-blocks that giflib reads and our decoder. */
static void check_codes(unsigned m, const uint16_t *codes, size_t n, bool clear)
{
    struct context cx;
    struct sink *sink;
    struct lzw_bits b;
    uint8_t *pixels = malloc(n);
    for (size_t i = 0; i < n; i++)
        pixels[i] = (uint8_t)codes[i];
    context_init(&cx);
    assert_int_equal(sink_open_memory(&cx, &sink), ST_OK);
    uint8_t byte = (uint8_t)m;
    assert_int_equal(sink_write(sink, &byte, 1), ST_OK);
    lzw_bits_init(&b, sink, m);
    assert_int_equal(lzw_bits_clear(&b), ST_OK);
    assert_int_equal(lzw_bits_codes(&b, codes, n), ST_OK);
    if (clear)
        assert_int_equal(lzw_bits_clear(&b), ST_OK);
    assert_int_equal(lzw_bits_end(&b), ST_OK);
    struct coded c = {0};
    c.bytes = (uint8_t *)(uintptr_t)sink_data(sink, &c.n);
    check_decoded(&c, m, (uint32_t)n, 1, pixels);
    check_ours(&c, m, pixels, n);
    sink_close(sink);
    free(pixels);
}

/*
 * The decoder's next free code is 2^w - 1, 2^w or 2^w + 1, and up to two more on both sides, when
 * the codes end: with the end code, or with a clear as the very last one before it.
 */
static void test_last_codes(void **state)
{
    (void)state;
    uint16_t codes[LZW_TABLE_END + 8];
    uint32_t seed = 9;
    for (unsigned m = 2; m <= 8; m++) {
        for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
            codes[i] = (uint16_t)(next_random(&seed) % (1u << m));
        struct lzw_codes c = lzw_codes(m);
        for (unsigned width = m + 1; width <= LZW_MAX_WIDTH; width++)
            for (uint32_t free_code = (1u << width) - 3; free_code <= (1u << width) + 3;
                 free_code++)
                if (free_code > c.first) /* which is free after the first code */
                    for (int clear = 0; clear < 2; clear++)
                        check_codes(m, codes, free_code - c.first + 1, clear != 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_width_and_cost), cmocka_unit_test(test_count),
        cmocka_unit_test(test_dictionary),     cmocka_unit_test(test_take_back),
        cmocka_unit_test(test_runs),           cmocka_unit_test(test_styles),
        cmocka_unit_test(test_search),         cmocka_unit_test(test_fill),
        cmocka_unit_test(test_every_place),    cmocka_unit_test(test_efforts),
        cmocka_unit_test(test_last_codes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
