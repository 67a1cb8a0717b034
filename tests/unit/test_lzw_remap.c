/* SPDX-License-Identifier: MIT */
/* Coded pixels with their indices exchanged, by encoders of all levels; and streams to be left. */
#include "formats/gif/lzw_remap.h"
#include "lzw_check.h"

enum { W = 120, H = 90 };

/* As coded, with each index less by `by`. *good as lzw_remap_write has it. */
static struct coded remapped(const struct coded *c, size_t pixels, unsigned by, unsigned size,
                             bool *good)
{
    struct context cx;
    struct source *src;
    struct sink *to;
    struct lzw_remap *r = malloc(sizeof *r);
    struct coded out = {NULL, 0, 0};
    bool used[256];
    uint8_t map[256];
    context_init(&cx);
    for (unsigned i = 0; i < 256; i++)
        map[i] = (uint8_t)(i - by);
    assert_int_equal(source_open_memory(&cx, c->bytes, c->n, &src), ST_OK);
    assert_int_equal(sink_open_growing(&cx, 1 << 20, &to), ST_OK);
    assert_int_equal(lzw_remap_look(r, src, 0, pixels, used, good), ST_OK);
    if (*good) {
        for (unsigned i = 0; i < 256; i++)
            assert_false(used[i] && i < by);
        assert_int_equal(lzw_remap_write(r, map, size, to, good), ST_OK);
    }
    if (*good) {
        out.n = (size_t)sink_offset(to);
        out.bytes = malloc(out.n);
        assert_int_equal(sink_read(to, 0, out.bytes, out.n), ST_OK);
    }
    sink_close(to);
    source_close(src);
    free(r);
    assert_int_equal(cx.mem.in_use, 0);
    return out;
}

/* From one code size to another; indices are from 2^from - 2^to on. */
static void check(unsigned level, unsigned from, unsigned to, uint8_t *p, bool may_fail)
{
    unsigned by = from > to ? (1u << from) - (1u << to) : 0;
    uint8_t *q = malloc(W * H);
    bool good;
    for (size_t i = 0; i < W * H; i++) {
        q[i] = p[i];
        p[i] = (uint8_t)(p[i] + by);
    }
    struct coded c = encode(level, from, W, p, W * H, 0);
    struct coded r = remapped(&c, W * H, by, to, &good);
    assert_true(good || may_fail);
    if (good) {
        check_decoded(&r, to, W, H, q);
        if (to <= from)
            assert_true(r.n <= c.n);
    }
    if (good && to == from)
        assert_int_equal(r.n, c.n);
    free(c.bytes);
    free(r.bytes);
    free(q);
}

static void test_sizes(void **state)
{
    (void)state;
    uint8_t *p = malloc(W * H);
    for (unsigned from = 2; from <= 8; from++)
        for (unsigned to = 2; to <= 8; to++)
            for (unsigned level = 0; level < 3; level++) {
                unsigned colors = 1u << (from < to ? from : to);
                draw_noise(p, W * H, colors, from);
                check(level, from, to, p, to > from);
                draw_screen(p, W, H, colors);
                check(level, from, to, p, to > from);
            }
    free(p);
}

/* Not as encoders write them: other pixels than there should be, cut off, wrong codes. */
static void test_left_alone(void **state)
{
    (void)state;
    uint8_t *p = malloc(W * H);
    bool good;
    draw_noise(p, W * H, 16, 1);
    struct coded c = encode(0, 4, W, p, W * H, 0);
    for (int more = -1; more <= 1; more++) {
        struct coded r = remapped(&c, (size_t)(W * H + more), 0, 4, &good);
        assert_int_equal(good, more == 0);
        free(r.bytes);
    }
    struct coded cut = {c.bytes, 0, 0};
    for (cut.n = 0; cut.n + 3 < c.n; cut.n += 1 + cut.n / 4) {
        remapped(&cut, W * H, 0, 4, &good);
        assert_false(good);
    }
    const uint8_t wrong[][6] = {
        {4, 3, 0x10, 0x65, 0x08, 0}, /* a phrase before there is any */
        {1, 1, 0x0a, 0, 0, 0},       /* a size that indices do not have */
        {4, 1, 0x22, 0, 0, 0},       /* no clear */
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        uint8_t copy[6];
        memcpy(copy, wrong[i], sizeof copy);
        struct coded bad = {copy, sizeof copy, 0};
        remapped(&bad, 1, 0, 4, &good);
        assert_false(good);
    }
    free(c.bytes);
    free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sizes),
        cmocka_unit_test(test_left_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
