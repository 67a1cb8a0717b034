/* SPDX-License-Identifier: MIT */
/* Values of options: what is taken, what it means, and above all what is refused. */
#include "support.h"

#include "cli/values.h"

static void assert_refused(const char *text, bool taken)
{
    if (taken)
        print_error("'%s' was taken\n", text);
    assert_false(taken);
}

static void test_counts(void **state)
{
    (void)state;
    uint64_t n = 7;
    assert_true(parse_count("0", 0, 9, &n) && n == 0);
    assert_true(parse_count("007", 0, 9, &n) && n == 7);
    assert_true(parse_count("18446744073709551615", 0, UINT64_MAX, &n) && n == UINT64_MAX);
    n = 7;
    static const char *const bad[] = {"",
                                      " 1",
                                      "1 ",
                                      "+1",
                                      "-1",
                                      "1.0",
                                      "0x1",
                                      "1a",
                                      "a",
                                      "10",
                                      "1",
                                      "1e0",
                                      "18446744073709551616",
                                      "99999999999999999999999",
                                      "\xd9\xa1"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_refused(bad[i], parse_count(bad[i], 2, 9, &n));
    assert_int_equal(n, 7);
}

static void test_sizes(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint64_t bytes;
    } good[] = {
        {"0", 0},
        {"1", 1},
        {"5B", 5},
        {"1K", 1024},
        {"1k", 1024},
        {"2KiB", 2048},
        {"2kB", 2000},
        {"3M", 3 << 20},
        {"3m", 3 << 20},
        {"2gB", 2000000000},
        {"1MB", 1000000},
        {"1G", 1 << 30},
        {"1GiB", 1 << 30},
        {"1TB", UINT64_C(1000000000000)},
        {"1T", UINT64_C(1) << 40},
        {"16777215T", UINT64_C(16777215) << 40},
    };
    uint64_t n = 7;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        assert_true(parse_bytes(good[i].text, &n));
        assert_int_equal(n, good[i].bytes);
    }
    n = 7;
    static const char *const bad[] = {
        "",   "K",   "1KK", "1e",    "1 K", "1.5M",      "1Ki",
        "-1", "1iB", "1BB", "1KiBx", "1E",  "16777216T", "18446744073709551615K"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_refused(bad[i], parse_bytes(bad[i], &n));
    assert_int_equal(n, 7);
}

static void test_degrees(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        double degrees;
    } good[] = {
        {"45", 45}, {"-90", -90}, {"+.5", .5},  {"22.5", 22.5}, {"7.", 7},
        {"0", 0},   {"1e2", 100}, {"1E-1", .1}, {"-0", 0},      {"1e-999", 0},
    };
    double d = 7;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        assert_true(parse_decimal(good[i].text, &d));
        assert_true(d == good[i].degrees);
    }
    d = 7;
    static const char *const bad[] = {"",    ".",    "-",        "1e999", "-1e999", "nan", "inf",
                                      "0x1", "1,5",  "1e",       "1e+",   "e5",     " 1",  "1 ",
                                      "45d", "--45", "infinity", "1.2.3", "\u22121"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_refused(bad[i], parse_decimal(bad[i], &d));
    assert_true(d == 7);
}

static void test_crops(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint32_t width, height;
        int64_t x, y;
    } good[] = {
        {"10x20+30+40", 10, 20, 30, 40},
        {"10X20-30+40", 10, 20, -30, 40},
        {"1x1-0-0", 1, 1, 0, 0},
        {"30,40+10x20", 10, 20, 30, 40},
        {"-30,-40+10x20", 10, 20, -30, -40},
        {"+30,+40+10x20", 10, 20, 30, 40},
        {"4294967295x4294967295+4294967295-4294967295", UINT32_MAX, UINT32_MAX, UINT32_MAX,
         -(int64_t)UINT32_MAX},
    };
    struct op op;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        assert_true(parse_crop(good[i].text, &op));
        assert_int_equal(op.kind, OP_CROP);
        assert_int_equal(op.crop.width, good[i].width);
        assert_int_equal(op.crop.height, good[i].height);
        assert_true(op.crop.x == good[i].x && op.crop.y == good[i].y);
    }
    static const char *const bad[] = {
        "",
        "10x20",
        "10x20+1",
        "10x20+1+2+3",
        "0x5+0+0",
        "5x0+0+0",
        "10x20+1+2 ",
        "10x20 +1+2",
        "x20+1+2",
        "10x+1+2",
        "10,20",
        "10,20+0x5",
        "1,2-3x4",
        "1,2+3x4+5",
        "10x20+-1+2",
        "10x20+1,2",
        "4294967296x1+0+0",
        "1x1+4294967296+0",
        "1x1+0+99999999999999999999",
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_refused(bad[i], parse_crop(bad[i], &op));
}

static void test_canvases(void **state)
{
    (void)state;
    struct op op;
    assert_true(parse_canvas("10x20", &op));
    assert_int_equal(op.kind, OP_CANVAS);
    assert_true(op.canvas.width == 10 && op.canvas.height == 20 && !op.canvas.placed);
    assert_true(parse_canvas("4294967295X1-4294967295+0", &op));
    assert_true(op.canvas.width == UINT32_MAX && op.canvas.height == 1 && op.canvas.placed);
    assert_true(op.canvas.x == -(int64_t)UINT32_MAX && op.canvas.y == 0);
    static const char *const bad[] = {"",          "10",          "10x",         "x20",
                                      "0x20",      "10x0",        "10x20 ",      "10x20+1",
                                      "10x20x",    "10x20+1+2+3", "10x20+1",     "10x20+1+x",
                                      "1,2+10x20", "-1x2",        "4294967296x1"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_refused(bad[i], parse_canvas(bad[i], &op));
}

/* Rounded to hundredths, which have two bytes in a GIF. */
static void test_delays(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint32_t cs;
    } good[] = {
        {"0", 0},           {"7", 7},           {"7cs", 7},   {"1s", 100},   {".5s", 50},
        {"40ms", 4},        {"4ms", 0},         {"5ms", 1},   {"0.4", 0},    {"0.5", 1},
        {"65535.4", 65535}, {"655.35s", 65535}, {"1.s", 100}, {"33.3ms", 3}, {"655354ms", 65535},
    };
    uint32_t cs = 7;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_true(parse_delay(good[i].text, &cs));
        assert_int_equal(cs, good[i].cs);
    }
    cs = 7;
    static const char *const bad[] = {
        "",    "s",       ".",       "-1",       "+1",
        "1 s", "1S",      "1m",      "1css",     "1e2",
        "nan", "65535.5", "655.36s", "1.2.3",    "1,5",
        " 1",  "1 ",      "0x1",     "655355ms", "00000000000000000000000000000001"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_refused(bad[i], parse_delay(bad[i], &cs));
    assert_int_equal(cs, 7);
}

static void test_loops(void **state)
{
    (void)state;
    int loop = 7;
    assert_true(parse_loop("forever", &loop) && loop == LOOP_FOREVER);
    assert_true(parse_loop("once", &loop) && loop == LOOP_ABSENT);
    assert_true(parse_loop("1", &loop) && loop == 1);
    assert_true(parse_loop("65535", &loop) && loop == 65535);
    static const char *const bad[] = {"", "0", "65536", "-1", "1x", "Once", "once ", "forever2"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_refused(bad[i], parse_loop(bad[i], &loop));
    assert_int_equal(loop, 65535);
}

/* Backwards too, and from the end; more than there is room for are counted all the same. */
static void test_frame_lists(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t count;
        struct frame_range range[3];
    } good[] = {
        {"0", 1, {{0, 0}}},
        {"0-9,-1,5-0", 3, {{0, 9}, {-1, -1}, {5, 0}}},
        {"-3--1", 1, {{-3, -1}}},
        {"7--2147483647", 1, {{7, -INT32_MAX}}},
        {"2147483647,00", 2, {{INT32_MAX, INT32_MAX}, {0, 0}}},
    };
    struct frame_range r[3];
    size_t count;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        for (size_t room = 0; room <= 3; room++) {
            memset(r, 0x5a, sizeof r);
            struct frame_range untouched = r[0];
            assert_true(parse_frames(good[i].text, room > 0 ? r : NULL, room, &count));
            assert_int_equal(count, good[i].count);
            for (size_t k = 0; k < 3; k++) {
                struct frame_range want = k < count && k < room ? good[i].range[k] : untouched;
                assert_memory_equal(&r[k], &want, sizeof want);
            }
        }
    static const char *const bad[] = {
        "",      ",",    "1,",         ",1",          "-",  "1-",   "-0",
        "--1",   "1,,2", "a",          "1-a",         "1 ", " 1",   "1--",
        "1-2-3", "1-2a", "2147483648", "-2147483648", "+1", "0--0", "99999999999999999999"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_refused(bad[i], parse_frames(bad[i], r, 3, &count));
}

static bool resize_is(const char *text, uint32_t width, uint32_t height, double percent, char how)
{
    struct resize_to to;
    return parse_resize(text, &to) && to.width == width && to.height == height &&
           to.percent == percent && to.exact == (how == '!') && to.shrink_only == (how == '>') &&
           to.enlarge_only == (how == '<');
}

static void test_resizes(void **state)
{
    (void)state;
    assert_true(resize_is("200x100", 200, 100, 0, 0));
    assert_true(resize_is("200X", 200, 0, 0, 0));
    assert_true(resize_is("x7", 0, 7, 0, 0));
    assert_true(resize_is("1x1!", 1, 1, 0, '!'));
    assert_true(resize_is("65535x>", 65535, 0, 0, '>'));
    assert_true(resize_is("x4294967295<", 0, UINT32_MAX, 0, '<'));
    assert_true(resize_is("50%", 0, 0, 50, 0));
    assert_true(resize_is("12.5%>", 0, 0, 12.5, '>'));
    const char *const bad[] = {"",     "x",    "200",   "0x1", "1x0", "4294967296x1", "1x1!!",
                               "1x1 ", "-1x1", "1x1+0", "%",   "0%",  "-5%",          ".%",
                               "5%x",  "1e3%", "nan%",  "5",   "!",   "1,5%",         "1x%"};
    struct resize_to to;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_refused(bad[i], parse_resize(bad[i], &to));
}

static void test_colors(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        struct rgba8 color;
    } good[] = {
        {"#000", {0, 0, 0, 255}},
        {"#1aF", {0x11, 0xaa, 0xff, 255}},
        {"#1aF8", {0x11, 0xaa, 0xff, 0x88}},
        {"#0180fe", {1, 0x80, 0xfe, 255}},
        {"#0180FE07", {1, 0x80, 0xfe, 7}},
        {"transparent", {0, 0, 0, 0}},
        {"None", {0, 0, 0, 0}},
        {"aliceblue", {240, 248, 255, 255}},
        {"YellowGreen", {154, 205, 50, 255}},
        {"rebeccapurple", {102, 51, 153, 255}},
        {"green", {0, 128, 0, 255}},
        {"grey", {128, 128, 128, 255}},
        {"lightgoldenrodyellow", {250, 250, 210, 255}},
    };
    struct rgba8 c;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        assert_true(parse_color(good[i].text, &c));
        assert_memory_equal(&c, &good[i].color, sizeof c);
    }
    static const char *const bad[] = {"",     "#",        "#1",         "#12",    "#12345",
                                      "#ggg", "#1234567", "#123456789", "123456", "#-12",
                                      "reds", " red",     "red ",       "re",     "rgb(1,2,3)"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_refused(bad[i], parse_color(bad[i], &c));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_counts),   cmocka_unit_test(test_sizes),
        cmocka_unit_test(test_degrees),  cmocka_unit_test(test_crops),
        cmocka_unit_test(test_canvases), cmocka_unit_test(test_delays),
        cmocka_unit_test(test_loops),    cmocka_unit_test(test_frame_lists),
        cmocka_unit_test(test_resizes),  cmocka_unit_test(test_colors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
