/* SPDX-License-Identifier: MIT */
/* Coded pixels coded again: the same pixels, mostly in fewer bytes; at every size and length. */
#include "formats/gif/lzw_recode.h"
#include "lzw_check.h"

#define MEMORY (1u << 20) /* of a sink before it takes to the disk */

/* Codes at a level, and again by outlooks. The caller frees both. */
static void code_twice(unsigned level, unsigned min_code_size, uint32_t width, uint32_t height,
                       const uint8_t *p, const struct lzw_outlooks *o, size_t memory,
                       struct coded *once, struct coded *again)
{
    struct context cx;
    context_init(&cx);
    struct sink *from, *to;
    struct lzw_encoder *z;
    struct lzw_recoder *r;
    assert_int_equal(sink_open_growing(&cx, memory, &from), ST_OK);
    assert_int_equal(sink_open_growing(&cx, memory, &to), ST_OK);
    assert_int_equal(lzw_encoder_open_frames(&cx, from, min_code_size, width, level, &z), ST_OK);
    assert_int_equal(lzw_encoder_write(z, p, (size_t)width * height), ST_OK);
    assert_int_equal(lzw_encoder_finish(z), ST_OK);
    assert_int_equal(sink_flush(from), ST_OK);
    lzw_encoder_close(z);

    size_t before = cx.mem.in_use;
    cx.mem.peak = before;
    assert_int_equal(lzw_recoder_open(&cx, &r), ST_OK);
    assert_true(cx.mem.peak - before <= 376u << 10);
    for (int i = 0; i < 2; i++) { /* what was coded before leaves no trace */
        sink_reset(to);
        assert_int_equal(lzw_recode(r, from, width, o, to), ST_OK);
        assert_int_equal(sink_flush(to), ST_OK);
        struct coded *c = i == 0 ? again : once;
        c->n = (size_t)sink_offset(to);
        c->bytes = malloc(c->n);
        assert_int_equal(sink_read(to, 0, c->bytes, c->n), ST_OK);
    }
    assert_int_equal(once->n, again->n);
    assert_memory_equal(once->bytes, again->bytes, again->n);
    free(once->bytes);
    once->n = (size_t)sink_offset(from);
    once->bytes = malloc(once->n);
    assert_int_equal(sink_read(from, 0, once->bytes, once->n), ST_OK);
    lzw_recoder_close(r);
    sink_close(from);
    sink_close(to);
    assert_int_equal(cx.mem.in_use, 0);
}

/* How many bytes of a thousand it still takes. */
static size_t check(unsigned level, unsigned min_code_size, uint32_t width, uint32_t height,
                    const uint8_t *p, uint32_t look)
{
    struct coded once, again;
    const struct lzw_outlook o = {(uint8_t)look, 4, 4, false};
    const struct lzw_outlooks one = {&o, 1, LZW_RECODE_ALL};
    code_twice(level, min_code_size, width, height, p, &one, MEMORY, &once, &again);
    check_decoded(&again, min_code_size, width, height, p);
    check_ours(&again, min_code_size, p, (size_t)width * height);
    size_t share = again.n * 1000 / once.n;
    free(once.bytes);
    free(again.bytes);
    return share;
}

static void test_every_code_size(void **state)
{
    (void)state;
    enum { W = 300, H = 200 };
    uint8_t *p = malloc(W * H);
    for (unsigned m = 2; m <= 8; m++)
        for (unsigned level = 0; level < 2; level++) {
            unsigned colors = 1u << m;
            draw_noise(p, W * H, colors, m);
            assert_in_range(check(level, m, W, H, p, 4), 700, 1015);
            draw_noise(p, W * H, 2, m);
            assert_in_range(check(level, m, W, H, p, 1), 700, 1015);
            draw_sky(p, W, H, colors);
            assert_in_range(check(level, m, W, H, p, 16), 700, 1015);
            draw_screen(p, W, H, colors);
            assert_in_range(check(level, m, W, H, p, 4), 700, 1030);
            memset(p, (int)colors - 1, W * H);
            assert_int_equal(check(level, m, W, H, p, 4), 1000);
        }
    free(p);
}

/* Lines of text, of few different letters: what the longest phrases are bad at. */
static void test_gain(void **state)
{
    (void)state;
    enum { W = 300, H = 200, LETTERS = 6, LW = 7, LH = 10 };
    uint8_t letters[LETTERS][LW * LH], *p = malloc(W * H);
    uint32_t random = 3;
    for (unsigned i = 0; i < LETTERS; i++)
        draw_noise(letters[i], LW * LH, 2, i + 1);
    for (uint32_t y = 0; y < H; y += LH)
        for (uint32_t x = 0; x + LW <= W; x += LW) {
            const uint8_t *letter = letters[next_random(&random) % LETTERS];
            for (uint32_t k = 0; k < LH; k++)
                memcpy(p + (y + k) * W + x, letter + k * LW, LW);
        }
    for (uint32_t y = 0; y < H; y++)
        memset(p + y * W + W / LW * LW, 0, W % LW);
    assert_in_range(check(1, 2, W, H, p, 4), 900, 992);
    free(p);
}

/* The bytes by outlooks, which are never more than there were. */
static size_t code_by(const struct lzw_outlook *o, size_t n, uint32_t spare, uint32_t width,
                      uint32_t height, const uint8_t *p, size_t *before)
{
    struct coded once, again;
    const struct lzw_outlooks outlooks = {o, n, spare};
    code_twice(0, 2, width, height, p, &outlooks, MEMORY, &once, &again);
    check_ours(&again, 2, p, (size_t)width * height);
    assert_true(again.n <= once.n);
    *before = once.n;
    free(once.bytes);
    free(again.bytes);
    return again.n;
}

/* Of several outlooks the best is taken, from one clear to the next; three in vain end it. */
static void test_outlooks(void **state)
{
    (void)state;
    enum { W = 250, H = 400, OUTLOOKS = 3 };
    static const struct lzw_outlook o[OUTLOOKS] = {
        {16, 2, 2, false}, {16, 4, 8, false}, {8, 1, 16, true}};
    static const struct lzw_outlook vain[] = {
        {1, 1, 255, false}, {1, 1, 255, false}, {1, 1, 255, false}, {16, 2, 2, false}};
    uint8_t *p = malloc(W * H);
    unsigned better = 0;
    for (uint32_t seed = 1; seed <= 5; seed++) {
        uint32_t random = seed;
        size_t before, least = SIZE_MAX;
        draw_noise(p, W * H, 4, seed);
        for (uint32_t y = 12; y < H; y++) /* rows of others */
            memcpy(p + y * W, p + next_random(&random) % 12 * W, W);
        for (size_t i = 0; i < OUTLOOKS; i++) {
            size_t bytes = code_by(&o[i], 1, LZW_RECODE_ALL, W, H, p, &before);
            assert_true(!o[i].rows || bytes < before);
            least = bytes < least ? bytes : least;
        }
        size_t all = code_by(o, OUTLOOKS, LZW_RECODE_ALL, W, H, p, &before);
        assert_true(all <= least);
        better += all < least;
        assert_int_equal(code_by(o, 0, LZW_RECODE_ALL, W, H, p, &before), before);
        assert_int_equal(code_by(o, OUTLOOKS, 0, W, H, p, &before), before);
        assert_true(code_by(vain + 1, 3, LZW_RECODE_ALL, W, H, p, &before) < before);
        assert_int_equal(code_by(vain, 4, LZW_RECODE_ALL, W, H, p, &before), before);
    }
    assert_true(better > 0);
    free(p);
}

/* As many outlooks as there are codes to spare for them: one, and in the end all. */
static void test_spare(void **state)
{
    (void)state;
    enum { W = 300, H = 160, OUTLOOKS = 3 };
    static const struct lzw_outlook o[OUTLOOKS] = {
        {16, 1, 2, false}, {16, 4, 4, false}, {16, 2, 1, false}};
    uint8_t *p = malloc(W * H);
    unsigned better = 0;
    for (uint32_t width = 100; width <= W; width += 20) {
        size_t before;
        draw_screen(p, width, H, 4);
        size_t first = code_by(o, 1, LZW_RECODE_ALL, width, H, p, &before);
        assert_int_equal(code_by(o, OUTLOOKS, 1, width, H, p, &before), first);
        size_t some = code_by(o, OUTLOOKS, 1 << 30, width, H, p, &before);
        size_t all = code_by(o, OUTLOOKS, LZW_RECODE_ALL, width, H, p, &before);
        assert_in_range(some, all, first);
        better += some < first;
    }
    assert_true(better > 0);
    free(p);
}

static void test_short(void **state)
{
    (void)state;
    uint8_t p[600];
    for (unsigned m = 2; m <= 8; m += 3) {
        draw_noise(p, sizeof p, m < 8 ? 3 : 200, 5);
        for (uint32_t n = 1; n <= sizeof p; n += n < 40 ? 1 : 7)
            check(0, m, n, 1, p, 4);
    }
}

/* More than its buffer holds: in strings as long as they get, and in short ones. */
static void test_long(void **state)
{
    (void)state;
    enum { W = 2500, H = 1000 };
    uint8_t *p = calloc(W, H);
    check(1, 2, W, H, p, 4);
    for (uint32_t y = 0; y < H; y += 9)
        memset(p + y * W + y % 700, 1 + (int)y % 3, 400);
    check(1, 2, W, H, p, 4);
    draw_screen(p, W, H, 16);
    check(0, 4, W, H, p, 4);
    free(p);
}

/* It reads a sink on the disk as one in memory. */
static void test_from_disk(void **state)
{
    (void)state;
    enum { W = 400, H = 300 };
    uint8_t *p = malloc(W * H);
    struct coded once, again, other;
    const struct lzw_outlook o = {4, 4, 4, false};
    const struct lzw_outlooks one = {&o, 1, LZW_RECODE_ALL};
    draw_sky(p, W, H, 256);
    code_twice(1, 8, W, H, p, &one, MEMORY, &once, &again);
    free(once.bytes);
    code_twice(1, 8, W, H, p, &one, 256, &once, &other);
    assert_int_equal(again.n, other.n);
    assert_memory_equal(again.bytes, other.bytes, again.n);
    free(once.bytes);
    free(again.bytes);
    free(other.bytes);
    free(p);
}

static void test_failures(void **state)
{
    (void)state;
    struct context cx;
    struct lzw_recoder *r;
    struct sink *from, *to;
    const struct lzw_outlook o = {4, 4, 4, false};
    const struct lzw_outlooks one = {&o, 1, LZW_RECODE_ALL};
    const uint8_t bytes[] = {2, 1, 0x44}; /* no end code, no terminator */
    context_init(&cx);
    cx.faults.alloc = 1;
    assert_int_equal(lzw_recoder_open(&cx, &r), ST_NOMEM);
    assert_int_equal(cx.mem.in_use, 0);

    context_init(&cx);
    assert_int_equal(sink_open_growing(&cx, MEMORY, &from), ST_OK);
    assert_int_equal(sink_open_growing(&cx, MEMORY, &to), ST_OK);
    assert_int_equal(lzw_recoder_open(&cx, &r), ST_OK);
    assert_int_equal(sink_write(from, bytes, sizeof bytes), ST_OK);
    assert_int_equal(sink_flush(from), ST_OK);
    assert_int_equal(lzw_recode(r, from, 1, &one, to), ST_BUG);
    lzw_recoder_close(r);
    sink_close(from);
    sink_close(to);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_code_size), cmocka_unit_test(test_gain),
        cmocka_unit_test(test_short),           cmocka_unit_test(test_long),
        cmocka_unit_test(test_from_disk),       cmocka_unit_test(test_failures),
        cmocka_unit_test(test_outlooks),        cmocka_unit_test(test_spare),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
