/* SPDX-License-Identifier: MIT */
/* Lists of colors: three forms, and what is none. */
#include <stdio.h>

#include "support.h"

#include "base/source.h"
#include "color/palette_text.h"

static enum status read_text(struct context *cx, const char *text, struct palette *p)
{
    struct source *src;
    context_init(cx);
    assert_int_equal(source_open_memory(cx, (const uint8_t *)text, strlen(text), &src), ST_OK);
    enum status st = palette_read_text(cx, src, p);
    source_close(src);
    assert_nothing_held(cx);
    return st;
}

static void assert_colors(const char *text, uint32_t count, const uint32_t *rgb)
{
    struct context cx;
    struct palette p;
    assert_int_equal(read_text(&cx, text, &p), ST_OK);
    assert_int_equal(p.count, count);
    for (uint32_t i = 0; i < count; i++) {
        const struct rgba8 *e = &p.entry[i];
        assert_int_equal((uint32_t)e->r << 16 | (uint32_t)e->g << 8 | e->b, rgb[i]);
        assert_int_equal(e->a, 255);
    }
}

static void assert_refused(const char *text, const char *why)
{
    struct context cx;
    struct palette p;
    assert_int_equal(read_text(&cx, text, &p), ST_DAMAGED);
    assert_string_equal(cx.text, why);
}

static void test_hex(void **state)
{
    (void)state;
    const uint32_t colors[] = {0x123456, 0xabcdef, 0x00ff77, 0x123456};
    assert_colors("#123456\n; a comment\n\n  ABCDEF\t\r\n#0f7\n#123456", 4, colors);
    assert_colors("\xef\xbb\xbf#123456\r\n#abcdef\r\n", 2, colors);
    assert_refused("#123456\n#12345\n", "no color: #12345 (line 2)");
    assert_refused("#1234567\n", "no color: #1234567 (line 1)");
    assert_refused("0f7\n", "no color: 0f7 (line 1)");
    assert_refused("#12345g\n", "no color: #12345g (line 1)");
    assert_refused("#123456 red\n", "no color: #123456 red (line 1)");
    assert_refused("", "no colors in it");
    assert_refused("\n\n;\n", "no colors in it");
    assert_refused("#\n", "no color: # (line 1)");
}

static void test_gimp(void **state)
{
    (void)state;
    const uint32_t colors[] = {0xff0000, 0x000a64, 0x010203};
    assert_colors("GIMP Palette\nName: Few\nColumns: 4\n#\n255   0   0 Red\n  0 10 100\n\n"
                  "1\t2\t3\tUntitled 7\n",
                  3, colors);
    assert_refused("GIMP Palette\n256 0 0 too much\n", "no color: 256 0 0 too much (line 2)");
    assert_refused("GIMP Palette\n1 2\n", "no color: 1 2 (line 2)");
    assert_refused("GIMP Palette\n1 2 3x\n", "no color: 1 2 3x (line 2)");
    assert_refused("GIMP Palette\n1 2 -3\n", "no color: 1 2 -3 (line 2)");
}

static void test_jasc(void **state)
{
    (void)state;
    const uint32_t colors[] = {0, 0xffffff};
    assert_colors("JASC-PAL\r\n0100\r\n2\r\n0 0 0\r\n255 255 255\r\n", 2, colors);
    assert_refused("JASC-PAL\n0100\n1\n1 2 3 4\n", "no color: 1 2 3 4 (line 4)");
}

static void test_limits(void **state)
{
    (void)state;
    char text[257 * 8 + 1], *p = text;
    uint32_t colors[256];
    for (uint32_t i = 0; i < 256; i++) {
        colors[i] = i * 3;
        p += sprintf(p, "%06x\n", i * 3);
    }
    assert_colors(text, 256, colors);
    sprintf(p, "ffffff\n");
    assert_refused(text, "more than 256 colors (line 257)");
    memset(text, 'a', 300);
    text[300] = '\0';
    assert_refused(text, "neither a picture nor a list of colors (line 1)");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hex),
        cmocka_unit_test(test_gimp),
        cmocka_unit_test(test_jasc),
        cmocka_unit_test(test_limits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
