/* SPDX-License-Identifier: MIT */
/* LZW decoding: sound streams and odd ones, of every code size and length, and giflib's. */
#include "lzw_decode_check.h"

#include <gif_lib.h>

#define MOST 1500000

static void check_whole(struct stream *s)
{
    size_t n = count_pixels(s, MOST);
    assert_true(n > 0);
    assert_int_equal(check_stream(s, n), n);
    if (n > 1)
        assert_int_equal(check_stream(s, n - 1), n - 1); /* in the middle of a string */
    free(s->data);
}

/* The table is full after 4094 codes at most: one stream never clears it, one just before that. */
static void test_every_code_size(void **state)
{
    (void)state;
    for (unsigned m = 1; m <= 8; m++)
        for (enum habit habit = 0; habit < HABITS; habit++) {
            size_t full = 4096 - (1u << m) - 2 + 1;
            size_t after[] = {0, full, full - 1, full + 1, 1, 2, 700};
            for (size_t i = 0; i < sizeof after / sizeof *after; i++) {
                struct stream s = draw(m, habit, 6000, after[i], m * 100 + i);
                check_whole(&s);
            }
        }
}

/* Long after the table is full, by place and by tail, with the history going round many times. */
static void test_long(void **state)
{
    (void)state;
    for (enum habit habit = 0; habit < HABITS; habit++)
        for (size_t after = 0; after < 30000; after += 9500) {
            struct stream s = draw(5, habit, 60000, after, after + habit);
            check_whole(&s);
        }
}

/* A dictionary that outgrows the history at different points, and then one that does not. */
static void test_change_of_form(void **state)
{
    (void)state;
    for (size_t codes = 240; codes < 420; codes += 3) {
        uint64_t seed = codes;
        struct stream s = stream_new(3);
        for (int round = 0; round < 4; round++) {
            put(&s, s.clear);
            for (size_t i = 0; i < codes; i++)
                put(&s, choose(&s, round < 2 ? YOUNGEST : RECENT, &seed));
            for (size_t i = 0; i < 300; i++)
                put(&s, choose(&s, ANY, &seed));
        }
        check_whole(&s);
    }
}

/*
 * Full tables whose strings take 21 to 170 KiB, from far below to far above what the decoder can
 * keep, and much that follows without a clear.
 */
static void test_history(void **state)
{
    (void)state;
    uint64_t seed = 5;
    for (unsigned recent = 0; recent < 100; recent += 3) {
        struct stream s = stream_new(4);
        put(&s, s.clear);
        while (s.next < 4096)
            put(&s, choose(&s, noise(&seed) % 100 < recent ? RECENT : ANY, &seed));
        for (int i = 0; i < 25000; i++)
            put(&s, choose(&s, ANY, &seed));
        check_whole(&s);
    }
}

/* Images of as many pixels as the decoder's history has, more or less, and a clear on the way. */
static void test_sizes(void **state)
{
    (void)state;
    uint64_t seed = 6;
    for (size_t want = 60000; want < 84000; want += 977)
        for (size_t after = 700; after < 30000; after += 9000) {
            struct stream s = draw(6, RECENT, 20000, after, ++seed);
            assert_int_equal(check_stream(&s, want), want);
            free(s.data);
        }
}

static void test_clears(void **state)
{
    (void)state;
    for (unsigned m = 1; m <= 8; m++) {
        struct stream s = stream_new(m);
        put(&s, 1); /* no clear code at the beginning */
        put(&s, 0);
        put(&s, s.next - 1);
        for (int i = 0; i < 9; i++)
            put(&s, s.clear);
        put(&s, 1);
        put(&s, s.clear);
        put(&s, 0);
        put(&s, s.next); /* KwKwK at once */
        put(&s, s.next);
        put(&s, s.clear + 1);
        assert_int_equal(count_pixels(&s, 100), 4 + 1 + 1 + 2 + 3);
        check_whole(&s);
    }
    struct stream s = stream_new(4); /* nothing but clears */
    for (int i = 0; i < 5000; i++)
        put(&s, s.clear);
    assert_int_equal(check_stream(&s, 1), 0);
    put(&s, 9);
    check_whole(&s);
}

/*
 * Colors and clear codes, as of encoders that avoid the dictionary, with and without a code that is
 * none of them now and then; whole and cut off.
 */
static void test_colors(void **state)
{
    (void)state;
    uint64_t seed = 7;
    for (unsigned m = 1; m <= 8; m++) {
        const size_t colors = (size_t)1 << m;
        const size_t spans[] = {1, 2, 3, colors - 1, colors, colors + 1, 2 * colors};
        for (size_t i = 0; i < 2 * sizeof spans / sizeof *spans; i++) {
            struct stream s = stream_new(m);
            for (size_t k = 0; k < 3000; k++) {
                if (k % spans[i / 2] == 0)
                    put(&s, s.clear);
                put(&s, noise(&seed) % s.clear);
                if (i % 2 == 1 && noise(&seed) % 64 == 0)
                    put(&s, choose(&s, ANY, &seed));
            }
            size_t n = count_pixels(&s, MOST);
            for (unsigned cut = 0; cut < 80; cut++) {
                check_stream(&s, n + 1);
                s.bits--;
            }
            check_whole(&s);
        }
    }
}

/* One decoder for image after image, whole or left in the middle: each begins afresh. */
static void test_again(void **state)
{
    (void)state;
    struct context cx;
    struct lzw_decoder *z;
    context_init(&cx);
    assert_int_equal(lzw_decoder_open(&cx, &z), ST_OK);
    uint8_t *ours = make_bytes(MOST), *plain = make_bytes(MOST);
    for (unsigned i = 0; i < 60; i++) {
        struct stream s = draw(1 + i % 8, i % HABITS, 100 + 150 * (i % 7), 0, i + 1);
        size_t n = plain_decode(s.m, s.data, stream_bytes(&s), plain, MOST), got;
        size_t want = i % 4 == 0 ? n / 2 + 1 : n;
        const char *why;
        struct feed f = feed_of(&s, i % 5 * 50);
        lzw_decoder_start(z, s.m, n + (i % 3 == 0 ? 5 : 0), feed_block, &f);
        assert_int_equal(lzw_decode(z, ours, want, &got, &why), ST_OK);
        assert_int_equal(got, want);
        assert_memory_equal(ours, plain, want);
        free(s.data);
    }
    free(ours);
    free(plain);
    lzw_decoder_close(z);
    lzw_decoder_close(NULL);
    assert_nothing_held(&cx);
    cx.faults.alloc = 1;
    assert_int_equal(lzw_decoder_open(&cx, &z), ST_NOMEM);
    assert_nothing_held(&cx);
}

/* --- giflib's encoder --- */

struct growing {
    uint8_t *data;
    size_t bytes;
};

static int grow(GifFileType *gif, const GifByteType *data, int n)
{
    struct growing *g = gif->UserData;
    g->data = realloc(g->data, g->bytes + (size_t)n);
    assert_non_null(g->data);
    memcpy(g->data + g->bytes, data, (size_t)n);
    g->bytes += (size_t)n;
    return n;
}

/* The file's sub-blocks put together. */
static struct stream by_giflib(unsigned m, const uint8_t *pixels, int width, int height)
{
    struct growing g = {NULL, 0};
    struct stream s = stream_new(m);
    int error;
    GifFileType *gif = EGifOpen(&g, grow, &error);
    ColorMapObject *map = GifMakeMapObject(1 << m, NULL);
    assert_non_null(gif);
    assert_int_equal(EGifPutScreenDesc(gif, width, height, 8, 0, map), GIF_OK);
    assert_int_equal(EGifPutImageDesc(gif, 0, 0, width, height, false, NULL), GIF_OK);
    uint8_t *line = make_bytes((size_t)width);
    for (int y = 0; y < height; y++) {
        memcpy(line, pixels + (size_t)y * (size_t)width, (size_t)width);
        assert_int_equal(EGifPutLine(gif, line, width), GIF_OK);
    }
    free(line);
    GifFreeMapObject(map);
    assert_int_equal(EGifCloseFile(gif, &error), GIF_OK);
    size_t at = 13 + ((size_t)3 << m) + 10;
    assert_int_equal(g.data[at++], m);
    for (size_t n; (n = g.data[at++]) != 0; at += n)
        for (size_t i = 0; i < n; i++)
            put_bits(&s, g.data[at + i], 8);
    free(g.data);
    return s;
}

static void test_giflib_encoder(void **state)
{
    (void)state;
    for (unsigned m = 2; m <= 8; m++)
        for (int kind = 0; kind < 3; kind++) {
            int width = kind == 2 ? 65535 : 211, height = kind == 2 ? 3 : 97;
            size_t n = (size_t)width * (size_t)height;
            uint8_t *pixels = make_bytes(n), *out = make_bytes(n);
            uint64_t seed = m;
            for (size_t i = 0; i < n; i++) {
                unsigned slope = (unsigned)(i % (size_t)width) * ((1u << m) - 1) / (unsigned)width;
                pixels[i] = kind == 0   ? (uint8_t)(noise(&seed) % (1u << m))
                            : kind == 1 ? (uint8_t)(slope + (noise(&seed) & 1))
                                        : (uint8_t)((1u << m) - 1);
            }
            struct stream s = by_giflib(m, pixels, width, height);
            struct feed f = feed_of(&s, 255);
            struct result r = decode(m, &f, out, n, (size_t)width);
            assert_int_equal(r.st, ST_OK);
            assert_memory_equal(out, pixels, n);
            assert_int_equal(check_stream(&s, n), n);
            free(s.data);
            free(pixels);
            free(out);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_code_size), cmocka_unit_test(test_long),
        cmocka_unit_test(test_change_of_form),  cmocka_unit_test(test_history),
        cmocka_unit_test(test_sizes),           cmocka_unit_test(test_clears),
        cmocka_unit_test(test_colors),          cmocka_unit_test(test_giflib_encoder),
        cmocka_unit_test(test_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
