/* SPDX-License-Identifier: MIT */
/* LZW encoding at every level: round trips, edges of the code space, faults, memory, sizes. */
#include "lzw_check.h"
#include "lzw_reference.h"

#include <fcntl.h>
#include <unistd.h>

#define LEVELS 4

static const size_t memory_bound[] = {80 << 10, 512 << 10, 4 << 20, 4 << 20};

/*
 * Every level reads back right and is no larger than the one below; level 0 is the reference's,
 * byte for byte.
 */
static void check_levels(unsigned levels, unsigned min_code_size, uint32_t width, uint32_t height,
                         const uint8_t *p)
{
    size_t n = (size_t)width * height, below = SIZE_MAX;
    for (unsigned level = 0; level < levels; level++) {
        struct coded c = encode(level, min_code_size, width, p, n, 0);
        assert_true(c.n <= below);
        below = c.n;
        check_decoded(&c, min_code_size, width, height, p);
        check_ours(&c, min_code_size, p, n);
        assert_true(c.peak <= memory_bound[level]);
        if (level == 0) {
            uint8_t *expected = malloc(2 * n + 1024);
            size_t bytes = reference_encode(min_code_size, p, n, expected);
            assert_int_equal(c.n, bytes);
            assert_memory_equal(c.bytes, expected, bytes);
            free(expected);
        }
        free(c.bytes);
    }
}

static void check_picture(unsigned min_code_size, uint32_t width, uint32_t height, const uint8_t *p)
{
    check_levels(LEVELS, min_code_size, width, height, p);
}

static void test_every_code_size(void **state)
{
    (void)state;
    enum { W = 300, H = 200 };
    uint8_t *p = malloc(W * H);
    for (unsigned m = 2; m <= 8; m++) {
        unsigned colors = 1u << m;
        draw_noise(p, W * H, colors, m);
        check_picture(m, W, H, p);
        draw_noise(p, W * H, 2, m);
        check_picture(m, W, H, p);
        draw_sky(p, W, H, colors);
        check_picture(m, W, H, p);
        draw_screen(p, W, H, colors);
        check_picture(m, W, H, p);
        memset(p, (int)colors - 1, W * H);
        check_picture(m, W, H, p);
    }
    free(p);
}

/* How many pixels make so many codes before the first clear, the last one unfinished. */
static size_t pixels_of_codes(unsigned min_code_size, const uint8_t *p, unsigned codes)
{
    uint16_t(*child)[256] = calloc(4096, sizeof *child);
    unsigned next = (1u << min_code_size) + 2, string = p[0], made = 1;
    size_t n = 1;
    for (; made < codes; n++) {
        unsigned known = child[string][p[n]];
        if (known == 0) {
            child[string][p[n]] = (uint16_t)next++;
            made++;
            known = p[n];
        }
        string = known;
    }
    free(child);
    return n;
}

/* Pictures that end on both sides of every change of width, and of the clear. */
static void test_width_edges(void **state)
{
    (void)state;
    enum { N = 60000 };
    uint8_t *p = malloc(N);
    for (unsigned m = 2; m <= 8; m++) {
        draw_noise(p, N, 1u << m, m);
        for (unsigned width = m + 1; width <= 12; width++) {
            unsigned codes =
                (1u << width) - (1u << m) - 2; /* with these the next free is 2^width */
            for (unsigned k = codes > 3 ? codes - 3 : 1; k <= codes + 3; k++) {
                if (k > 4094 - (1u << m) - 2) /* the clear has come: count on from there */
                    break;
                check_picture(m, (uint32_t)pixels_of_codes(m, p, k), 1, p);
            }
        }
        size_t full = pixels_of_codes(m, p, 4094 - (1u << m) - 2);
        for (size_t n = full - 3; n <= full + 12; n += 1 + n % 2)
            check_picture(m, (uint32_t)n, 1, p);
    }
    free(p);
}

/* One pixel, two, ...: the first codes after a clear, and the last bits of a sub-block. */
static void test_short(void **state)
{
    (void)state;
    uint8_t p[600];
    for (unsigned m = 2; m <= 8; m += 3) {
        draw_noise(p, sizeof p, 1u << m, 5);
        for (uint32_t n = 1; n <= sizeof p; n += n < 40 ? 1 : 3)
            check_picture(m, n, 1, p);
    }
}

/* The data end with a sub-block of exactly 255 bytes: the terminator follows and no empty block. */
static void test_full_last_block(void **state)
{
    (void)state;
    enum { N = 4000 };
    uint8_t p[N];
    draw_noise(p, N, 256, 11);
    unsigned seen = 0;
    for (unsigned level = 0; level < LEVELS; level++)
        for (uint32_t n = 150, end = n + (level < 2 ? 1500 : 300); n < end; n++) {
            struct coded c = encode(level, 8, n, p, n, 0);
            if ((c.n - 2) % 256 == 0) {
                check_decoded(&c, 8, n, 1, p);
                assert_int_equal(c.bytes[c.n - 257], 255);
                assert_int_equal(c.bytes[c.n - 1], 0);
                seen++;
            }
            free(c.bytes);
        }
    assert_true(seen >= LEVELS);
}

static void test_one_color(void **state)
{
    (void)state;
    enum { N = 65535 * 130 }; /* 8.5 million: past the end of a table of runs */
    uint8_t *p = malloc(N);
    memset(p, 3, N);
    check_picture(2, 65535, 130, p);
    check_picture(8, 1, 65535, p);
    check_picture(2, 1, 1, p);
    free(p);
}

/* Rows of runs whose lengths change, which is where the jump along a run may go wrong. */
static void test_runs(void **state)
{
    (void)state;
    enum { W = 1000, H = 400 };
    uint8_t *p = malloc(W * H);
    for (unsigned longest = 2; longest <= 20000; longest *= 3) {
        uint32_t seed = longest;
        for (size_t i = 0; i < W * H;) {
            unsigned length = 1 + next_random(&seed) % longest;
            uint8_t color = (uint8_t)(next_random(&seed) % 5);
            for (; length > 0 && i < W * H; length--)
                p[i++] = color;
        }
        check_levels(longest == 18 || longest == 1458 ? LEVELS : 2, 3, W, H, p);
        struct coded whole = encode(0, 3, W, p, W * H, 0);
        for (size_t chunk = 1; chunk < 5000; chunk = chunk * 3 + 1) {
            struct coded c = encode(0, 3, W, p, W * H, chunk);
            assert_int_equal(c.n, whole.n);
            assert_memory_equal(c.bytes, whole.bytes, c.n);
            free(c.bytes);
        }
        free(whole.bytes);
    }
    free(p);
}

/* How the pixels are cut into calls changes nothing. */
static void test_chunks(void **state)
{
    (void)state;
    enum { W = 257, H = 150 };
    uint8_t *p = malloc(W * H);
    for (unsigned kind = 0; kind < 3; kind++) {
        if (kind == 0)
            draw_noise(p, W * H, 200, 1);
        else if (kind == 1)
            draw_sky(p, W, H, 200);
        else
            draw_screen(p, W, H, 200);
        for (unsigned level = 0; level < LEVELS; level++) {
            struct coded whole = encode(level, 8, W, p, W * H, 0);
            /* the levels that search are slow */
            for (size_t chunk = level < 2 ? 1 : 341; chunk < 3000; chunk = chunk * 4 + 1) {
                struct coded c = encode(level, 8, W, p, W * H, chunk);
                assert_int_equal(c.n, whole.n);
                assert_memory_equal(c.bytes, whole.bytes, c.n);
                free(c.bytes);
            }
            free(whole.bytes);
        }
    }
    free(p);
}

/*
 * Pictures of several windows, in which no level needs more than the one below. Of the words,
 * windows alone would take 504 bytes more than the race.
 */
static void test_several_windows(void **state)
{
    (void)state;
    enum { W = 600, H = 300 };
    uint8_t *p = malloc(W * H);
    draw_words(p, W * H);
    check_picture(8, W, H, p);
    draw_words(p, W * H / 2);
    draw_sky(p + W * H / 2, W, H / 2, 256);
    check_picture(8, W, H, p);
    draw_noise(p, W * H, 256, 1);
    memcpy(p + W * H / 2, p, W * H / 2);
    check_picture(8, W, H, p);
    free(p);
}

/* Where there may be no temporary file, long pictures are coded without, as well as they can. */
static void test_no_temporary_files(void **state)
{
    (void)state;
    enum { W = 600, H = 300 };
    uint8_t *p = malloc(W * H);
    draw_words(p, W * H);
    for (unsigned level = 2; level < LEVELS; level++)
        for (uint32_t h = 30; h <= H; h += 270) { /* 18 KiB and 190 KiB of codes */
            struct coded c = encode_within(0, level, 8, W, p, W * h, 5000);
            struct coded files = encode(level, 8, W, p, W * h, 0);
            check_decoded(&c, 8, W, h, p);
            assert_true(c.peak <= memory_bound[level]);
            assert_true(c.n >= files.n && c.n < files.n + files.n / 100);
            if (h == 30)
                assert_memory_equal(c.bytes, files.bytes, files.n);
            free(c.bytes);
            free(files.bytes);
        }
    free(p);
}

/* One byte more than here is a regression; fewer is a reason to write the new number down. */
static void test_exact_sizes(void **state)
{
    (void)state;
    enum { W = 500, H = 400 };
    static const struct {
        const char *name;
        size_t bytes[4];
    } expected[] = {
        {"noise of 256 colors", {278883, 278883, 250840, 226364}},
        {"noise of 4 colors", {48275, 39647, 28434, 27850}},
        {"sky", {120496, 114520, 114129, 114129}},
        {"screen", {15594, 15594, 15130, 14709}},
        {"sky, then screen", {75348, 71555, 70930, 70336}},
        {"one color", {766, 766, 766, 766}},
    };
    uint8_t *p = malloc(W * H);
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        unsigned m = i == 1 ? 2 : 8;
        switch (i) {
        case 0:
            draw_noise(p, W * H, 256, 1);
            break;
        case 1:
            draw_noise(p, W * H, 4, 1);
            break;
        case 2:
            draw_sky(p, W, H, 256);
            break;
        case 3:
            draw_screen(p, W, H, 256);
            break;
        case 4:
            draw_sky(p, W, H / 2, 256);
            draw_screen(p + W * H / 2, W, H / 2, 256);
            break;
        case 5:
            memset(p, 9, W * H);
            break;
        }
        for (unsigned level = 0; level < LEVELS; level++) {
            struct coded c = encode(level, m, W, p, W * H, 0);
            if (c.n != expected[i].bytes[level])
                print_error("%s, level %u: %zu bytes\n", expected[i].name, level, c.n);
            assert_int_equal(c.n, expected[i].bytes[level]);
            check_decoded(&c, m, W, H, p);
            free(c.bytes);
        }
    }
    free(p);
}

static enum status encode_faulty(struct context *cx, int fd, unsigned level, const uint8_t *p,
                                 uint32_t width, size_t n)
{
    struct sink *sink = NULL;
    struct lzw_encoder *z = NULL;
    enum status st = sink_open_fd(cx, fd, &sink);
    if (st == ST_OK)
        st = lzw_encoder_open(cx, sink, 8, width, level, &z);
    for (size_t at = 0; st == ST_OK && at < n; at += width)
        st = lzw_encoder_write(z, p + at, width);
    if (st == ST_OK)
        st = lzw_encoder_finish(z);
    if (st == ST_OK)
        st = sink_flush(sink);
    lzw_encoder_close(z);
    sink_close(sink);
    return st;
}

/* Every allocation and every write fails once; nothing leaks, and the status says it. */
static void test_faults(void **state)
{
    (void)state;
    enum { W = 400, H = 300 };
    uint8_t *p = malloc(W * H);
    draw_noise(p, W * H, 256, 2);
    int fd = open("/dev/null", O_WRONLY);
    assert_true(fd >= 0);
    for (unsigned level = 0; level < LEVELS; level++)
        for (int what = 0; what < 2; what++) {
            size_t n = level < 2 ? W * H : W * H / 3;
            enum status st;
            uint64_t i = 0;
            do {
                struct context cx;
                context_init(&cx);
                *(what == 0 ? &cx.faults.alloc : &cx.faults.write) = ++i;
                st = encode_faulty(&cx, fd, level, p, W, n);
                assert_int_equal(cx.mem.in_use, 0);
                if (st != ST_OK)
                    assert_int_equal(st, what == 0 ? ST_NOMEM : ST_IO);
            } while (st != ST_OK);
            assert_true(i > (what == 0 ? 2 : 1)); /* so many did fail */
        }
    close(fd);
    free(p);
}

static void test_bad_code_size(void **state)
{
    (void)state;
    for (unsigned m = 0; m < 12; m++) {
        struct context cx;
        context_init(&cx);
        struct sink *sink;
        struct lzw_encoder *z = NULL;
        assert_int_equal(sink_open_memory(&cx, &sink), ST_OK);
        assert_int_equal(lzw_encoder_open(&cx, sink, m, 1, 0, &z),
                         m >= 2 && m <= 8 ? ST_OK : ST_BUG);
        lzw_encoder_close(z);
        sink_close(sink);
        assert_int_equal(cx.mem.in_use, 0);
    }
}

static struct coded encode_frame(bool searched, uint32_t width, const uint8_t *p, size_t n)
{
    struct context cx;
    context_init(&cx);
    struct sink *sink;
    struct lzw_encoder *z;
    assert_int_equal(sink_open_memory(&cx, &sink), ST_OK);
    enum status st = searched ? lzw_encoder_open_searched(&cx, sink, 8, width, &z)
                              : lzw_encoder_open_frames(&cx, sink, 8, width, 1, &z);
    assert_int_equal(st, ST_OK);
    struct coded c = encode_all(z, sink, p, n, 3000);
    assert_int_equal(cx.mem.in_use, 0);
    return c;
}

/* Frames that are searched: the same pixels in fewer bytes than level 1 has, or as many. */
static void test_searched(void **state)
{
    (void)state;
    enum { W = 230, H = 170 };
    uint8_t *p = malloc(W * H);
    size_t fewer = 0;
    for (int i = 0; i < 3; i++) {
        if (i == 0)
            draw_noise(p, W * H, 256, 1);
        else if (i == 1)
            draw_sky(p, W, H, 256);
        else
            draw_screen(p, W, H, 256);
        struct coded level_1 = encode_frame(false, W, p, W * H);
        struct coded searched = encode_frame(true, W, p, W * H);
        check_decoded(&searched, 8, W, H, p);
        assert_true(searched.n <= level_1.n);
        fewer += searched.n < level_1.n;
        free(level_1.bytes);
        free(searched.bytes);
    }
    assert_true(fewer > 0);
    free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_code_size),
        cmocka_unit_test(test_width_edges),
        cmocka_unit_test(test_short),
        cmocka_unit_test(test_full_last_block),
        cmocka_unit_test(test_one_color),
        cmocka_unit_test(test_runs),
        cmocka_unit_test(test_chunks),
        cmocka_unit_test(test_several_windows),
        cmocka_unit_test(test_no_temporary_files),
        cmocka_unit_test(test_searched),
        cmocka_unit_test(test_exact_sizes),
        cmocka_unit_test(test_faults),
        cmocka_unit_test(test_bad_code_size),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
