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
        "",   "K",   "1KK", "1m",    "1 K", "1.5M",      "1Ki",
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
        cmocka_unit_test(test_counts),  cmocka_unit_test(test_sizes),
        cmocka_unit_test(test_degrees), cmocka_unit_test(test_crops),
        cmocka_unit_test(test_resizes), cmocka_unit_test(test_colors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
