/* SPDX-License-Identifier: MIT */
/* Lossy LZW: what a pixel may become, what must stay, streams that giflib reads, sizes. */
#include "lzw_check.h"

#include "formats/gif/lzw_colors.h"
#include "lzw_decode_reference.h"

#define MEMORY (1u << 20) /* of colors and encoder */

/* Grays from black to white, or colors all over the cube. */
static struct palette make_palette(uint32_t count, bool grays)
{
    struct palette p = {.count = count};
    uint32_t seed = 5;
    for (uint32_t i = 0; i < count; i++) {
        uint8_t v = (uint8_t)(i * 255 / (count > 1 ? count - 1 : 1));
        p.entry[i] = (struct rgba8){v, v, v, 255};
        if (!grays)
            p.entry[i] = (struct rgba8){(uint8_t)next_random(&seed), (uint8_t)next_random(&seed),
                                        (uint8_t)next_random(&seed), 255};
    }
    return p;
}

static struct coded encode_lossy(const struct lzw_colors *colors, unsigned min_code_size,
                                 const uint8_t *p, size_t n, size_t chunk)
{
    struct context cx;
    context_init(&cx);
    struct sink *sink;
    struct lzw_encoder *z;
    assert_int_equal(sink_open_memory(&cx, &sink), ST_OK);
    size_t before = cx.mem.in_use;
    assert_int_equal(lzw_encoder_open_lossy(&cx, sink, min_code_size, colors, &z), ST_OK);
    size_t held = cx.mem.in_use - before;
    assert_true(held + sizeof *colors <= MEMORY);
    struct coded c = encode_all(z, sink, p, n, chunk);
    c.peak = held;
    assert_int_equal(cx.mem.in_use, 0);
    return c;
}

/* What a plain decoder makes of it, which giflib must, too. */
static void decode_lossy(const struct coded *c, unsigned min_code_size, uint32_t width,
                         uint32_t height, uint8_t *out)
{
    size_t n = (size_t)width * height, bytes = 0;
    uint8_t *joined = malloc(c->n);
    for (size_t at = 1; c->bytes[at] != 0; at += c->bytes[at] + 1u) {
        memcpy(joined + bytes, c->bytes + at + 1, c->bytes[at]);
        bytes += c->bytes[at];
    }
    assert_int_equal(plain_decode(min_code_size, joined, bytes, out, n), n);
    check_decoded(c, min_code_size, width, height, out);
    free(joined);
}

/* Each pixel is as near to the one that was meant as it must be; returns how many differ. */
static size_t check_pixels(const struct lzw_colors *colors, const struct palette *p,
                           const uint8_t *want, const uint8_t *got, size_t n)
{
    size_t changed = 0;
    for (size_t i = 0; i < n; i++) {
        assert_true(got[i] < p->count);
        assert_true(colors->error[want[i]][got[i]] <= LZW_ERROR_CAP);
        if (p->entry[want[i]].a == 0 || p->entry[got[i]].a == 0)
            assert_int_equal(want[i], got[i]);
        changed += want[i] != got[i];
    }
    return changed;
}

/* Returns the bytes. */
static size_t check_lossy(const struct palette *p, unsigned strength, uint32_t width,
                          uint32_t height, const uint8_t *pixels, size_t *changed)
{
    struct lzw_colors *colors = malloc(sizeof *colors);
    uint8_t *out = malloc((size_t)width * height);
    unsigned m = 2;
    while (1u << m < p->count)
        m++;
    lzw_colors_init(colors, p, strength);
    struct coded c = encode_lossy(colors, m, pixels, (size_t)width * height, 0);
    decode_lossy(&c, m, width, height, out);
    *changed = check_pixels(colors, p, pixels, out, (size_t)width * height);
    free(c.bytes);
    free(out);
    free(colors);
    return c.n;
}

/* By the words of the header: part of the distance from black to white, in thousandths. */
static void test_errors(void **state)
{
    (void)state;
    struct lzw_colors *c = malloc(sizeof *c);
    struct palette p = make_palette(256, true);
    for (unsigned strength = 1; strength <= LOSSY_MAX; strength++) {
        lzw_colors_init(c, &p, strength);
        /* grays are about as far apart in OKLab as their values are, at these two ends */
        bool far = strength < LOSSY_MAX;
        assert_int_equal(c->error[0][255], LZW_ERROR_NEVER);
        assert_int_equal(c->error[255][0], LZW_ERROR_NEVER);
        assert_true(c->error[128][128 + 12] <= LZW_ERROR_CAP || far);
        assert_true(c->error[128][128 + 40] == LZW_ERROR_NEVER);
        for (unsigned i = 0; i < 256; i++) {
            assert_int_equal(c->error[i][i], 0);
            assert_true(c->near[i][0] == i && c->near_count[i] >= 1);
            for (unsigned k = 1; k < c->near_count[i]; k++) {
                uint8_t j = c->near[i][k];
                assert_int_equal(c->error[i][j], c->error[j][i]);
                assert_true(c->error[i][j] <= LZW_ERROR_CAP);
                assert_true(c->error[i][j] >= c->error[i][c->near[i][k - 1]]);
                assert_true(c->near_set[i][j / 64] >> j % 64 & 1);
            }
        }
    }
    /* white beside the next gray: 1 / 255 in code values, less in OKLab */
    lzw_colors_init(c, &p, 4);
    assert_in_range(c->error[255][254], LZW_ERROR_CAP / 2, LZW_ERROR_CAP);
    lzw_colors_init(c, &p, 3);
    assert_int_equal(c->error[255][254], LZW_ERROR_NEVER);

    /* equal colors do not differ; transparent ones do, from all */
    p.entry[7] = p.entry[9];
    p.entry[20].a = 0;
    p.entry[21].a = 0;
    lzw_colors_init(c, &p, LOSSY_MAX);
    assert_int_equal(c->error[7][9], 0);
    for (unsigned i = 0; i < 256; i++) {
        assert_int_equal(c->error[20][i], i == 20 ? 0 : LZW_ERROR_NEVER);
        assert_int_equal(c->error[i][21], i == 21 ? 0 : LZW_ERROR_NEVER);
    }
    assert_int_equal(c->near_count[20], 1);
    free(c);
}

/* Stronger is smaller, and all strengths keep to their bounds, with any number of colors. */
static void test_strengths(void **state)
{
    (void)state;
    enum { W = 320, H = 200 };
    uint8_t *p = malloc(W * H);
    size_t changed;
    for (uint32_t count = 2; count <= 256; count = count * 5 / 2) {
        struct palette pal = make_palette(count, count != 5);
        if (count > 30)
            pal.entry[count / 2].a = 0;
        for (int picture = 0; picture < 3; picture++) {
            if (picture == 0)
                draw_noise(p, W * H, count, 3);
            else if (picture == 1 && count > 3)
                draw_sky(p, W, H, count);
            else
                draw_screen(p, W, H, count);
            size_t weak = check_lossy(&pal, 1, W, H, p, &changed);
            size_t middle = check_lossy(&pal, 30, W, H, p, &changed);
            size_t strong = check_lossy(&pal, LOSSY_MAX, W, H, p, &changed);
            /* flat art may lose by a change that looked good */
            size_t slack = picture < 2 ? 50 : 20;
            assert_true(middle <= weak + weak / slack && strong <= middle + middle / slack);
            if (count == 195 && picture < 2)
                assert_true(changed > W * H / 4 && strong < weak / 3 * 2);
        }
    }
    free(p);
}

/* No color near another: nothing changes. */
static void test_nothing_near(void **state)
{
    (void)state;
    enum { W = 100, H = 90 };
    uint8_t p[W * H];
    struct palette pal = make_palette(8, true);
    size_t changed;
    draw_noise(p, W * H, 8, 3);
    check_lossy(&pal, LOSSY_MAX, W, H, p, &changed);
    assert_int_equal(changed, 0);
}

/* Flat pictures, one pixel, and strings as long as they get ("KwKwK" all the way). */
static void test_flat(void **state)
{
    (void)state;
    enum { N = 65535 * 130 };
    uint8_t *p = malloc(N);
    struct palette pal = make_palette(4, true);
    size_t changed;
    memset(p, 3, N);
    for (uint32_t n = 1; n < 40; n++)
        assert_true(check_lossy(&pal, 50, n, 1, p, &changed) > 3 && changed == 0);
    struct coded greedy = encode(0, 2, 65535, p, N, 0);
    assert_true(check_lossy(&pal, 50, 65535, 130, p, &changed) <= greedy.n + 40);
    assert_int_equal(changed, 0);
    free(greedy.bytes);
    free(p);
}

/* How pixels are cut changes nothing, across the ends of what is buffered. */
static void test_chunks(void **state)
{
    (void)state;
    enum { W = 700, H = 150 };
    uint8_t *p = malloc(W * H);
    struct palette pal = make_palette(256, true);
    struct lzw_colors *colors = malloc(sizeof *colors);
    lzw_colors_init(colors, &pal, 25);
    draw_sky(p, W, H / 2, 256);
    draw_screen(p + W * H / 2, W, H - H / 2, 256);
    struct coded all = encode_lossy(colors, 8, p, W * H, 0);
    for (size_t chunk = 1; chunk < 100000; chunk *= 7) {
        struct coded c = encode_lossy(colors, 8, p, W * H, chunk);
        assert_int_equal(c.n, all.n);
        assert_memory_equal(c.bytes, all.bytes, all.n);
        free(c.bytes);
    }
    free(all.bytes);
    free(colors);
    free(p);
}

/* By both, the fewer bytes of an encoder of the level and the lossy one, image after image. */
static struct coded encode_least(const struct lzw_colors *colors, unsigned level, bool frames,
                                 uint32_t width, const uint8_t *p, size_t n)
{
    struct context cx;
    context_init(&cx);
    struct sink *sink;
    struct lzw_encoder *z;
    assert_int_equal(sink_open_memory(&cx, &sink), ST_OK);
    assert_int_equal(lzw_encoder_open_lossy_least(&cx, sink, 8, width, level, frames, colors, &z),
                     ST_OK);
    assert_int_equal(lzw_encoder_write(z, p, n / 2), ST_OK); /* given up */
    sink_reset(sink);
    assert_int_equal(lzw_encoder_restart(z, sink, 8, width), ST_OK);
    struct coded c = encode_all(z, sink, p, n, 5000);
    assert_int_equal(cx.mem.in_use, 0);
    return c;
}

static void test_least(void **state)
{
    (void)state;
    enum { W = 260, H = 120, N = W * H };
    uint8_t *p = malloc(N);
    struct palette pal = make_palette(256, true);
    struct lzw_colors *colors = malloc(sizeof *colors);
    size_t exact_ones = 0, lossy_ones = 0;
    for (int i = 0; i < 3; i++) {
        if (i == 0)
            draw_noise(p, N, 256, 1);
        else if (i == 1)
            draw_sky(p, W, H, 256);
        else
            draw_screen(p, W, H, 256);
        for (unsigned strength = 1; strength < 40; strength += 19) {
            lzw_colors_init(colors, &pal, strength);
            struct coded lossy = encode_lossy(colors, 8, p, N, 0);
            for (unsigned level = 0; level < 3; level++) {
                struct coded exact = encode(level, 8, W, p, N, 0);
                struct coded least = encode_least(colors, level, false, W, p, N);
                const struct coded *want = exact.n < lossy.n ? &exact : &lossy;
                assert_int_equal(least.n, want->n);
                assert_memory_equal(least.bytes, want->bytes, want->n);
                exact_ones += want == &exact;
                lossy_ones += want == &lossy;
                free(exact.bytes);
                free(least.bytes);
            }
            struct coded frame = encode_least(colors, 1, true, W, p, N);
            assert_true(frame.n <= lossy.n);
            free(frame.bytes);
            free(lossy.bytes);
        }
    }
    assert_true(exact_ones > 0 && lossy_ones > 0);
    free(colors);
    free(p);
}

/* As in test_lzw_encode.c: bytes that must not become more unseen. */
static void test_exact_sizes(void **state)
{
    (void)state;
    enum { W = 500, H = 400 };
    static const size_t expected[3][4] = {{278874, 203315, 141965, 86443},
                                          {115855, 32433, 12809, 6432},
                                          {15586, 14977, 14251, 13421}};
    static const unsigned strength[4] = {1, 10, 30, 100};
    uint8_t *p = malloc(W * H);
    struct palette pal = make_palette(256, true);
    size_t changed;
    bool same = true;
    for (int i = 0; i < 3; i++) {
        if (i == 0)
            draw_noise(p, W * H, 256, 1);
        else if (i == 1)
            draw_sky(p, W, H, 256);
        else
            draw_screen(p, W, H, 256);
        for (int k = 0; k < 4; k++) {
            size_t bytes = check_lossy(&pal, strength[k], W, H, p, &changed);
            if (bytes != expected[i][k])
                print_error("picture %d, strength %u: %zu bytes\n", i, strength[k], bytes);
            same &= bytes == expected[i][k];
        }
    }
    assert_true(same);
    free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_errors),       cmocka_unit_test(test_strengths),
        cmocka_unit_test(test_nothing_near), cmocka_unit_test(test_flat),
        cmocka_unit_test(test_chunks),       cmocka_unit_test(test_least),
        cmocka_unit_test(test_exact_sizes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
