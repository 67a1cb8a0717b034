/* SPDX-License-Identifier: MIT */
/* Branches of a parse leave no trace; rollouts beside the plainest way to make them. */
#include "lzw_check.h"

#include "formats/gif/lzw_rollout.h"

enum { W = 64, N = W * 40 };

static struct lzw_parser *new_parser(const struct lzw_view *view, unsigned min_code_size)
{
    struct lzw_parser *q = calloc(1, sizeof *q);
    struct lzw_codes c = lzw_codes(min_code_size);
    q->look = 8;
    lzw_parser_begin(q, &c, view, 0);
    return q;
}

/* With a full table, phrases that are fewest whatever the style. */
static struct lzw_style style_now(const struct lzw_parser *q, struct lzw_style style)
{
    return lzw_walker_full(&q->walker) ? (struct lzw_style){1, false, false} : style;
}

static void step(struct lzw_parser *q, struct lzw_style style)
{
    uint32_t code, length = lzw_parser_phrase(q, style, q->view->n, &code);
    lzw_parser_take(q, length, code);
}

/*
 * A parse that leaves its way at every phrase goes on like one that never does. All that are
 * strings are held possible, and some of what is none is not.
 */
static void test_branch(void **state)
{
    (void)state;
    uint8_t *p = malloc(N);
    size_t denied = 0;
    draw_screen(p, W, N / W, 8);
    struct lzw_view view = {p, N, W, 0};
    for (uint32_t style = 0; style < LZW_STYLES; style++) {
        struct lzw_parser *q = new_parser(&view, 3), *straight = new_parser(&view, 3);
        uint32_t seed = style;
        while (straight->at < N) {
            struct lzw_fork fork = lzw_parser_branch(q);
            uint32_t longest = lzw_parser_longest(q, lzw_styles[style], q->at);
            uint32_t length = 1 + next_random(&seed) % longest;
            if (q->at + length <= N)
                lzw_parser_take(q, length, lzw_parser_code(q, lzw_styles[style], length));
            for (uint32_t n = next_random(&seed) % 20; n > 0 && q->at < N; n--)
                step(q, lzw_styles[style]);
            lzw_parser_return(q, &fork);
            for (size_t at = q->at; at < N && at < q->at + 9; at++) {
                longest = lzw_parser_longest(q, lzw_styles[style], at);
                assert_true(lzw_parser_may(q, at, longest));
                denied += !lzw_parser_may(q, at, longest + 1);
            }
            assert_int_equal(q->at, straight->at);
            assert_int_equal(q->own, straight->own);
            assert_int_equal(q->row_end, straight->row_end);
            assert_int_equal(q->walker.next, straight->walker.next);
            assert_memory_equal(q->walker.dict.slot, straight->walker.dict.slot,
                                sizeof q->walker.dict.slot);
            step(q, lzw_styles[style]);
            step(straight, lzw_styles[style]);
        }
        assert_int_equal(q->at, N);
        free(straight);
        free(q);
    }
    assert_true(denied > N / 4);
    free(p);
}

struct candidate {
    uint32_t length, reach;
};

/* Those that reach furthest first, of equal ones the longer. */
static int by_reach(const void *a, const void *b)
{
    const struct candidate *x = a, *y = b;
    if (x->reach != y->reach)
        return x->reach > y->reach ? -1 : 1;
    return x->length > y->length ? -1 : 1;
}

static uint32_t find_candidates(struct lzw_parser *q, struct lzw_style style, uint32_t own,
                                struct candidate *c)
{
    uint32_t longest = lzw_parser_longest(q, style, q->at), n = 0;
    uint32_t reach = own + lzw_parser_longest(q, style, q->at + own);
    for (uint32_t l = 1; l <= longest; l++) {
        uint32_t to = UINT32_MAX;
        if (l + q->look < longest || l == own)
            continue;
        if (l < longest)
            to = l + lzw_parser_longest(q, style, q->at + l);
        if (to > reach)
            c[n++] = (struct candidate){l, to};
    }
    qsort(c, n, sizeof *c, by_reach);
    return n;
}

/* After so many codes: pixels, codes if there are no more, and where the last phrase began. */
static void walk_copy(const struct lzw_parser *q, struct lzw_style style, uint32_t length,
                      uint32_t codes, size_t reach[3])
{
    struct lzw_parser *copy = malloc(sizeof *copy);
    *copy = *q;
    reach[2] = copy->at;
    lzw_parser_take(copy, length, lzw_parser_code(copy, style, length));
    for (reach[1] = 1; reach[1] < codes && copy->at < copy->view->n; reach[1]++) {
        reach[2] = copy->at;
        step(copy, style_now(copy, style));
    }
    reach[0] = copy->at;
    free(copy);
}

static bool is_further(const size_t a[3], const size_t b[3])
{
    if (a[0] != b[0])
        return a[0] > b[0];
    return a[1] != b[1] ? a[1] < b[1] : a[2] > b[2];
}

/* Every branch is a copy of all. */
static uint32_t plain_rollout(struct lzw_parser *q, struct lzw_style style, struct lzw_foresight f,
                              uint16_t *codes)
{
    struct candidate c[16];
    uint32_t n = 0;
    while (q->at < q->view->n) {
        uint32_t code, own, best;
        own = best = lzw_parser_phrase(q, style_now(q, style), q->view->n, &code);
        uint32_t longest = lzw_parser_longest(q, style, q->at);
        const uint8_t *p = q->view->pixels + q->at;
        bool choice = longest > 1 && q->at + longest < q->view->n &&
                      memcmp(p, p + 1, longest) != 0 && !lzw_walker_full(&q->walker);
        uint32_t candidates = choice ? find_candidates(q, style, own, c) : 0;
        size_t most[3], reach[3];
        walk_copy(q, style, own, f.horizon, most);
        for (uint32_t i = 0; i < candidates && i < f.tries; i++) {
            walk_copy(q, style, c[i].length, f.horizon, reach);
            if (is_further(reach, most)) {
                memcpy(most, reach, sizeof most);
                best = c[i].length;
            }
        }
        codes[n] = (uint16_t)lzw_parser_code(q, style, best);
        lzw_parser_take(q, best, codes[n++]);
    }
    return n;
}

/* The code stands for the pixels at p; returns how many these are. */
static uint32_t check_string(const struct lzw_walker *w, uint32_t code, const uint8_t *p)
{
    uint32_t length = 1;
    if (code >= w->first) {
        length += check_string(w, w->dict.prefix[code], p);
        assert_int_equal(p[length - 1], w->dict.pixel[code]);
    } else {
        assert_int_equal(p[0], code);
    }
    return length;
}

/* The codes are what the plain way finds, and stand for the pixels. */
static void check_rollout(const uint8_t *p, size_t n, unsigned min_code_size, uint32_t style,
                          struct lzw_foresight f)
{
    struct lzw_view view = {p, n, W, 0};
    uint16_t *codes = malloc(n * sizeof *codes), *plain = malloc(n * sizeof *plain);
    struct lzw_parser *q = new_parser(&view, min_code_size);
    struct lzw_rollout *r = calloc(1, sizeof *r);
    r->parser = q;
    r->style = lzw_styles[style];
    r->foresight = f;
    uint32_t most = (uint32_t)n + 1, count = lzw_rollout(r, codes, most);
    assert_int_equal(q->at, n);
    assert_int_equal(q->own, count);
    size_t at = 0;
    for (uint32_t i = 0; i < count; i++)
        at += check_string(&q->walker, codes[i], p + at);
    assert_int_equal(at, n);
    free(q);

    q = new_parser(&view, min_code_size);
    assert_int_equal(plain_rollout(q, r->style, f, plain), count);
    assert_memory_equal(codes, plain, count * sizeof *codes);
    free(q);

    /* one code less than it takes is not enough */
    q = new_parser(&view, min_code_size);
    r->parser = q;
    assert_int_equal(lzw_rollout(r, codes, count - 1), count - 1);
    free(q);
    free(r);
    free(plain);
    free(codes);
}

static void test_rollouts(void **state)
{
    (void)state;
    static const struct lzw_foresight foresights[] = {{1, 1}, {2, 4}, {16, 2}, {64, 3}, {1024, 1}};
    uint8_t *p = malloc(N);
    for (size_t i = 0; i < sizeof foresights / sizeof *foresights; i++)
        for (uint32_t style = 0; style < LZW_STYLES; style++) {
            draw_screen(p, W, N / W, 8);
            check_rollout(p, N, 3, style, foresights[i]);
            draw_sky(p, W, N / W, 256);
            check_rollout(p, N / 2, 8, style, foresights[i]);
        }
    for (size_t n = 1; n < 40; n++)
        check_rollout(p, n, 8, 0, foresights[3]);
    free(p);
}

/* A table that is full leaves the style its way, and what is longer than a horizon is seen. */
static void test_full(void **state)
{
    (void)state;
    enum { MANY = 12000 };
    uint8_t *p = malloc(MANY);
    draw_words(p, MANY);
    check_rollout(p, MANY, 8, 6, (struct lzw_foresight){8, 2});
    memset(p, 1, MANY);
    check_rollout(p, MANY, 2, 6, (struct lzw_foresight){8, 2});
    free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_branch),
        cmocka_unit_test(test_rollouts),
        cmocka_unit_test(test_full),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
