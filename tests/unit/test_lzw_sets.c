/* SPDX-License-Identifier: MIT */
/* Sets of indices: what is chosen is allowed, and as a search without shortcuts chooses it. */
#include "formats/gif/lzw_sets.h"
#include "lzw_check.h"

#define N 40000
#define TRANSPARENT 3

/* --- the same search with strings spelled out --- */

struct string {
    uint32_t length;
    uint8_t *pixels;
};

struct plain {
    struct string made[4096]; /* by code; the first are the indices */
    unsigned clear, next;
};

static bool fits(const uint8_t *s, const uint8_t *own, const uint8_t *may_hide, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        if (s[i] != own[i] && !(may_hide[i] && s[i] == TRANSPARENT))
            return false;
    return true;
}

static uint32_t differs(const uint8_t *s, const uint8_t *suggested, uint32_t n)
{
    uint32_t sum = 0;
    for (uint32_t i = 0; i < n; i++)
        sum += s[i] != suggested[i];
    return sum;
}

static void forget(struct plain *p)
{
    for (unsigned i = p->clear + 2; i < p->next; i++)
        free(p->made[i].pixels);
    p->next = p->clear + 2;
}

/* The longest string that fits at each step, one that differs least from the suggestion. */
static uint64_t plain_phrases(unsigned min_code_size, const uint8_t *own, const uint8_t *may_hide,
                              const uint8_t *suggested, size_t n, uint8_t *out)
{
    static struct plain p;
    uint8_t literal[256];
    p.clear = 1u << min_code_size;
    p.next = p.clear + 2;
    for (unsigned i = 0; i < p.clear; i++) {
        literal[i] = (uint8_t)i;
        p.made[i] = (struct string){1, &literal[i]};
    }
    uint64_t phrases = 0;
    uint32_t before = 0; /* the phrase before, which ends at `at`; 0: none */
    for (size_t at = 0; at < n; phrases++) {
        const uint8_t *best = NULL;
        uint8_t *again = NULL; /* what the decoder is about to make, if it begins as it ends */
        uint32_t longest = 0, least = 0, candidates = p.next;
        if (before != 0) {
            again = malloc(before + 1);
            memcpy(again, out + at - before, before);
            again[before] = again[0];
            p.made[p.next] = (struct string){before + 1, again};
            candidates++;
        }
        for (unsigned c = 0; c < candidates; c++) {
            const struct string *s = &p.made[c];
            if (c == p.clear || c == p.clear + 1 || s->length > n - at ||
                !fits(s->pixels, own + at, may_hide + at, s->length))
                continue;
            uint32_t d = differs(s->pixels, suggested + at, s->length);
            if (s->length > longest || (s->length == longest && d < least)) {
                best = s->pixels;
                longest = s->length;
                least = d;
            }
        }
        memcpy(out + at, best, longest);
        if (before != 0) {
            again[before] = out[at];
            p.next++;
        }
        before = longest;
        at += longest;
        if (p.next == 4093) {
            forget(&p);
            before = 0;
        }
    }
    forget(&p);
    return phrases;
}

/* --- --- */

struct taken {
    uint8_t *pixels;
    size_t n;
};

static enum status take(void *user, const uint8_t *indices, size_t n)
{
    struct taken *t = user;
    memcpy(t->pixels + t->n, indices, n);
    t->n += n;
    return ST_OK;
}

static void choose(unsigned min_code_size, const uint8_t *own, const uint8_t *may_hide,
                   const uint8_t *suggested, size_t n, size_t piece, uint8_t *out)
{
    struct context cx;
    struct lzw_sets *s;
    struct taken t = {out, 0};
    context_init(&cx);
    assert_int_equal(lzw_sets_open(&cx, &s), ST_OK);
    assert_true(cx.mem.in_use < 96 << 10);
    lzw_sets_begin(s, min_code_size, TRANSPARENT, take, &t);
    for (size_t at = 0; at < n; at += piece) {
        size_t part = n - at < piece ? n - at : piece;
        assert_int_equal(lzw_sets_write(s, own + at, may_hide + at, suggested + at, part), ST_OK);
    }
    assert_int_equal(lzw_sets_finish(s), ST_OK);
    lzw_sets_close(s);
    assert_int_equal(t.n, n);
    assert_int_equal(cx.mem.in_use, 0);
    for (size_t i = 0; i < n; i++)
        assert_true(out[i] == own[i] || (may_hide[i] && out[i] == TRANSPARENT));
}

static uint8_t own[N], may_hide[N], suggested[N], chosen[N], expected[N];

/* A picture some of which is hidden, in stretches of up to `stretch` pixels. */
static void draw(unsigned colors, uint32_t stretch, uint32_t seed)
{
    draw_screen(own, 200, N / 200, colors);
    for (size_t i = 0; i < N;) {
        uint32_t n = 1 + next_random(&seed) % stretch;
        uint8_t hide = next_random(&seed) % 2 != 0 ? 0xff : 0;
        uint8_t hint = next_random(&seed) % 2 != 0 ? 1 : 0;
        for (; n > 0 && i < N; n--, i++) {
            may_hide[i] = hide;
            suggested[i] = hide && hint ? TRANSPARENT : own[i];
        }
    }
}

static void test_allowed(void **state)
{
    (void)state;
    for (unsigned m = 2; m <= 8; m++)
        for (uint32_t stretch = 1; stretch < 300; stretch = stretch * 3 + 1) {
            draw(1u << m, stretch, m);
            choose(m, own, may_hide, suggested, N, N, chosen);
            choose(m, own, may_hide, suggested, N, 37, expected);
            assert_memory_equal(chosen, expected, N); /* however they are cut */
        }
}

/* Where no front is ever cut, nothing is missed. */
static void test_longest(void **state)
{
    (void)state;
    for (unsigned m = 2; m <= 4; m++) {
        draw(1u << m, 40, m);
        for (size_t i = 0; i < N; i++) /* one pixel in nine is free: seldom two in a string */
            if (i % 9 != 0) {
                may_hide[i] = 0;
                suggested[i] = own[i];
            }
        size_t n = 6000;
        plain_phrases(m, own, may_hide, suggested, n, expected);
        choose(m, own, may_hide, suggested, n, n, chosen);
        assert_memory_equal(chosen, expected, n);
    }
}

/* With nothing free all stays; with all free of one color it takes no more codes than that. */
static void test_edges(void **state)
{
    (void)state;
    draw(16, 20, 1);
    memset(may_hide, 0, N);
    choose(4, own, may_hide, own, N, N, chosen);
    assert_memory_equal(chosen, own, N);
    for (size_t n = 1; n < 40; n++) {
        memset(may_hide, 0xff, n);
        choose(4, own, may_hide, own, n, n, chosen);
    }
    struct context cx;
    struct lzw_sets *s;
    context_init(&cx);
    cx.faults.alloc = 1;
    assert_int_equal(lzw_sets_open(&cx, &s), ST_NOMEM);
}

/* The strings that were followed are those that the greedy encoder finds. */
static void test_smaller(void **state)
{
    (void)state;
    draw(16, 60, 2);
    uint64_t codes = plain_phrases(4, own, may_hide, suggested, 8000, expected);
    struct coded c = encode(0, 4, 200, expected, 8000, 0), plain = encode(0, 4, 200, own, 8000, 0);
    assert_true(c.n < plain.n);
    assert_true(codes * 5 / 8 <= c.n);
    free(c.bytes);
    free(plain.bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_allowed),
        cmocka_unit_test(test_longest),
        cmocka_unit_test(test_edges),
        cmocka_unit_test(test_smaller),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
