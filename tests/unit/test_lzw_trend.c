/* SPDX-License-Identifier: MIT */
/* When a line's codes have come to stand for too few pixels: the exact points, and a real line. */
#include "formats/gif/lzw_trend.h"
#include "lzw_check.h"

/* Not taken from the code: a change of these changes what is written, and must not go unseen. */
enum { SPAN = 32, REST_MOST = 64, LEAST = 256, LAST = 800 };

static struct lzw_line *new_line(const struct lzw_codes *c)
{
    struct lzw_line *l = malloc(sizeof *l);
    assert_non_null(l);
    lzw_line_begin(l, c, 0);
    return l;
}

static void add(struct lzw_line *l, uint32_t codes, uint64_t pixels)
{
    l->own += codes;
    l->pixels += pixels;
}

/* --- drops --- */

/* A span is told as it ends, and only where its strings are shorter than 0.7 of the mean. */
static void test_drop(void **state)
{
    (void)state;
    struct lzw_codes c = lzw_codes(8);
    struct lzw_line *l = new_line(&c);
    for (uint64_t pixels = 1; pixels < 2000; pixels++) {
        struct lzw_trend t;
        lzw_line_begin(l, &c, 0);
        lzw_trend_begin(&t);
        lzw_trend_of(&t, l);
        add(l, SPAN, 1000);
        assert_false(lzw_trend_drops(&t, l)); /* the first is the mean */
        add(l, SPAN - 1, pixels / 2);
        assert_false(lzw_trend_drops(&t, l)); /* it is not over yet */
        add(l, 1, pixels - pixels / 2);
        bool drop = pixels < 700;
        assert_int_equal(lzw_trend_drops(&t, l), drop);
        assert_false(lzw_trend_drops(&t, l)); /* told once */
        /* an eighth of it is in the mean that the next one is compared with; it may be longer */
        uint64_t mean_8 = 7 * 1000 + pixels;
        struct lzw_trend twin = t;
        add(l, 2 * SPAN, 2 * (mean_8 * 7 / 80 - 1));
        assert_true(lzw_trend_drops(&t, l));
        l->pixels += 4;
        assert_false(lzw_trend_drops(&twin, l));
    }
    free(l);
}

/* Another line has another mean, which is not known at first and begins where it stands. */
static void test_drop_of_another(void **state)
{
    (void)state;
    struct lzw_codes c = lzw_codes(8);
    struct lzw_line *l = new_line(&c), *other = new_line(&c);
    struct lzw_trend t;
    lzw_trend_begin(&t);
    lzw_trend_of(&t, l);
    add(l, SPAN, 1000);
    assert_false(lzw_trend_drops(&t, l));
    add(other, 5 * SPAN, 70000);
    lzw_trend_of(&t, other);
    add(other, SPAN, 100);
    assert_false(lzw_trend_drops(&t, other));
    add(other, SPAN, 100);
    assert_false(lzw_trend_drops(&t, other));
    add(other, SPAN, 69);
    assert_true(lzw_trend_drops(&t, other));
    free(other);
    free(l);
}

/* A line whose strings become ever shorter, so that each span is a drop. */
struct decline {
    struct lzw_trend trend;
    struct lzw_line *line;
    double pixels; /* of the next span */
};

static struct decline decline_begin(const struct lzw_codes *c)
{
    struct decline d = {.line = new_line(c), .pixels = 1e17};
    lzw_trend_begin(&d.trend);
    lzw_trend_of(&d.trend, d.line);
    add(d.line, SPAN, (uint64_t)d.pixels);
    assert_false(lzw_trend_drops(&d.trend, d.line));
    d.pixels /= 2;
    return d;
}

/* How many spans there are up to the next drop that is told, with it. */
static unsigned next_drop(struct decline *d)
{
    for (unsigned n = 1;; n++) {
        assert_true(d->pixels > 1000);
        add(d->line, SPAN, (uint64_t)d->pixels);
        d->pixels *= 0.93;
        if (lzw_trend_drops(&d->trend, d->line))
            return n;
    }
}

/* Drops that are not heeded are all told. Heeded in vain, they are told after longer and longer. */
static void test_rest(void **state)
{
    (void)state;
    struct lzw_codes c = lzw_codes(8);
    struct decline d = decline_begin(&c);
    for (int i = 0; i < 50; i++)
        assert_int_equal(next_drop(&d), 1);
    static const unsigned rests[] = {1, 1, 3, 7, 15, 31, 63, REST_MOST, REST_MOST};
    for (size_t i = 0; i < sizeof rests / sizeof *rests; i++) {
        lzw_trend_drop_heeded(&d.trend);
        assert_int_equal(next_drop(&d), rests[i]);
    }
    assert_int_equal(next_drop(&d), 1);
    free(d.line);
}

/* One that pays ends that, whatever came before, and another line does not. */
static void test_rest_after_pay(void **state)
{
    (void)state;
    struct lzw_codes c = lzw_codes(8);
    for (int vain = 1; vain < 7; vain++) {
        struct decline d = decline_begin(&c);
        for (int i = 0; i < vain; i++) {
            lzw_trend_drop_heeded(&d.trend);
            next_drop(&d);
        }
        struct decline unpaid = d;
        lzw_trend_drop_heeded(&unpaid.trend);
        lzw_trend_of(&unpaid.trend, unpaid.line);
        lzw_trend_drop_paid(&d.trend);
        lzw_trend_drop_heeded(&d.trend);
        uint32_t own = d.line->own;
        uint64_t pixels = d.line->pixels;
        assert_int_equal(next_drop(&d), 1);
        lzw_trend_drop_heeded(&d.trend);
        assert_int_equal(next_drop(&d), 1);
        lzw_trend_drop_heeded(&d.trend);
        assert_int_equal(next_drop(&d), 3);
        d.line->own = own;
        d.line->pixels = pixels;
        add(d.line, SPAN, (uint64_t)(4 * unpaid.pixels)); /* makes a mean, is a span of the rest */
        assert_false(lzw_trend_drops(&unpaid.trend, d.line));
        unsigned rest = (1u << vain) - 1;
        assert_int_equal(next_drop(&unpaid), rest > 1 ? rest - 1 : 1);
        free(d.line);
    }
}

/* --- tired tables --- */

/* A line whose table has just become full, with the pixels of 20000, and its trend. */
static void fill(struct lzw_trend *t, struct lzw_line *l, const struct lzw_codes *c)
{
    lzw_line_begin(l, c, 0);
    lzw_trend_begin(t);
    lzw_trend_of(t, l);
    add(l, 0, 20000 - (l->walker.table_end - c->first));
    while (!lzw_walker_full(&l->walker)) {
        add(l, 1, 1);
        /* a table that still grows is not tired, and its codes are not the last ones */
        assert_false(lzw_trend_tires(t, l, c));
        l->walker.next++;
    }
}

/* Bits of all since the clear, and of the clear that will be. */
static uint64_t price(const struct lzw_line *l, const struct lzw_codes *c)
{
    return lzw_cost(c, l->own) + 12;
}

/* At the very pixel: where the last codes need more bits a pixel than all codes and a clear. */
static void test_tired(void **state)
{
    (void)state;
    for (unsigned m = 2; m <= 8; m += 3) {
        struct lzw_codes c = lzw_codes(m);
        struct lzw_line *l = new_line(&c);
        struct lzw_trend begun;
        fill(&begun, l, &c);
        uint32_t own = l->own;
        uint64_t before = l->pixels;
        for (uint32_t codes = 1; codes < 3000; codes += codes % LEAST == LEAST - 1 ? 1 : 127) {
            unsigned tired = 0, fresh = 0;
            for (uint64_t pixels = codes; pixels < (uint64_t)8 * codes; pixels++) {
                struct lzw_trend t = begun;
                l->own = own;
                l->pixels = before;
                add(l, codes, pixels);
                /* 12 codes / pixels > price / l->pixels */
                bool want = codes >= LEAST && 12 * codes * l->pixels > price(l, &c) * pixels;
                assert_int_equal(lzw_trend_tires(&t, l, &c), want);
                assert_int_equal(lzw_trend_tires(&t, l, &c), want); /* as long as it is so */
                tired += want;
                fresh += !want;
            }
            assert_true(fresh > 0 && (codes < LEAST || tired > 0));
        }
        free(l);
    }
}

/* Codes measured before count on, the less the more codes came behind them. */
static void test_last_codes(void **state)
{
    (void)state;
    struct lzw_codes c = lzw_codes(8);
    struct lzw_line *l = new_line(&c);
    struct lzw_trend begun;
    fill(&begun, l, &c);
    uint32_t own = l->own;
    uint64_t before = l->pixels;
    for (uint32_t codes = LEAST; codes <= LAST + 200; codes += 68) {
        unsigned tired = 0, fresh = 0;
        for (uint64_t pixels = codes; pixels < (uint64_t)6 * codes; pixels++) {
            struct lzw_trend t = begun;
            l->own = own;
            l->pixels = before;
            add(l, LEAST, LEAST * 8);
            assert_false(lzw_trend_tires(&t, l, &c)); /* 1.5 bits a pixel */
            add(l, codes, pixels);
            double share = codes < LAST ? (double)codes / LAST : 1;
            double bits = 1.5 * (1 - share) + 12.0 * codes / (double)pixels * share;
            double mean = (double)price(l, &c) / (double)l->pixels;
            bool want = bits > mean;
            if (bits < mean * (1 - 1e-9) || bits > mean * (1 + 1e-9)) /* not by rounding */
                assert_int_equal(lzw_trend_tires(&t, l, &c), want);
            tired += want;
            fresh += !want;
            /* another line: what was measured is forgotten */
            lzw_trend_of(&t, l);
            assert_false(lzw_trend_tires(&t, l, &c));
        }
        assert_true(fresh > 0 && tired > 0);
    }
    free(l);
}

/* Of another line the first codes to be measured are those from where it stands. */
static void test_tired_of_another(void **state)
{
    (void)state;
    struct lzw_codes c = lzw_codes(8);
    struct lzw_line *l = new_line(&c);
    struct lzw_trend t;
    fill(&t, l, &c);
    lzw_trend_begin(&t);
    lzw_trend_of(&t, l);
    add(l, LEAST - 1, LEAST - 1);
    assert_false(lzw_trend_tires(&t, l, &c));
    add(l, 1, 1);
    assert_true(lzw_trend_tires(&t, l, &c));
    free(l);
}

/*
 * A real line. A pattern that recurs goes on to fit the table that it filled, which never tires,
 * however long. Where other pixels come it does before long, and they are a drop at once.
 */
static void test_real_line(void **state)
{
    (void)state;
    enum { PERIOD = 97, SAME = 300000, OTHER = 20000, BLOCK = 500 };
    struct lzw_codes c = lzw_codes(8);
    struct lzw_line *l = new_line(&c);
    struct lzw_trend t;
    uint8_t *p = malloc(SAME + OTHER);
    assert_non_null(p);
    draw_noise(p, PERIOD, 256, 8);
    for (size_t i = PERIOD; i < SAME; i++)
        p[i] = p[i - PERIOD];
    draw_noise(p + SAME, OTHER, 256, 9);
    lzw_trend_begin(&t);
    lzw_trend_of(&t, l);
    for (size_t at = 0; at < SAME + OTHER; at += BLOCK) {
        lzw_line_advance(l, p + at, p + at + BLOCK, false);
        lzw_line_skip(l, lzw_line_unwritten(l)); /* or it would be too much to keep */
        bool drops = lzw_trend_drops(&t, l), tires = lzw_trend_tires(&t, l, &c);
        if (at < SAME)
            assert_false(drops || tires);
        if (at == SAME)
            assert_true(drops && lzw_walker_full(&l->walker));
        if (at >= SAME + 2 * BLOCK)
            assert_true(tires);
    }
    free(p);
    free(l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_drop),
        cmocka_unit_test(test_drop_of_another),
        cmocka_unit_test(test_rest),
        cmocka_unit_test(test_rest_after_pay),
        cmocka_unit_test(test_tired),
        cmocka_unit_test(test_last_codes),
        cmocka_unit_test(test_tired_of_another),
        cmocka_unit_test(test_real_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
