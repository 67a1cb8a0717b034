/* SPDX-License-Identifier: MIT */
/* Names made safe: masked for people, quoted for programs. */
#include "support.h"

#include "cli/text.h"

static void test_masks(void **state)
{
    (void)state;
    static const struct {
        const char *text, *masked;
    } cases[] = {
        {"", ""},
        {"plain name.gif", "plain name.gif"},
        {"a\033[31mb\nc\td\x7f", "a?[31mb?c?d?"},
        {"\xc3\xa9\xe4\xb8\xad\xf0\x9f\x98\x80", "\xc3\xa9\xe4\xb8\xad\xf0\x9f\x98\x80"},
        {"\xc2\x9b"
         "31m\xc2\xa0",
         "?31m\xc2\xa0"},                  /* C1, then no-break space */
        {"\xff\xfe\x80", "???"},           /* never in UTF-8 */
        {"\xc0\xaf\xe0\x80\xaf", "?????"}, /* overlong */
        {"\xed\xa0\x80", "???"},           /* a surrogate */
        {"\xf4\x90\x80\x80", "????"},      /* above U+10FFFF */
        {"\xf5\x80\x80\x80", "????"},      /* the same */
        {"\xe0\x9f\xbf\xf0\x8f\xbf\xbf", "???????"},
        /* what is next to all these: U+07FF, 0800, D7FF, E000, FFFF, 10000 and 10FFFF */
        {"\xdf\xbf\xe0\xa0\x80\xed\x9f\xbf", "\xdf\xbf\xe0\xa0\x80\xed\x9f\xbf"},
        {"\xee\x80\x80\xef\xbf\xbf", "\xee\x80\x80\xef\xbf\xbf"},
        {"\xf0\x90\x80\x80\xf4\x8f\xbf\xbf", "\xf0\x90\x80\x80\xf4\x8f\xbf\xbf"},
        {"\xe4\xb8", "??"}, /* cut short by the end */
        {"\xc3(", "?("},
    };
    char out[64];
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(mask_text(cases[i].text, out, sizeof out), strlen(cases[i].masked));
        assert_string_equal(out, cases[i].masked);
    }
}

static void test_masks_cut_between_characters(void **state)
{
    (void)state;
    char out[8];
    assert_int_equal(mask_text("ab\xc3\xa9", out, 4), 2);
    assert_string_equal(out, "ab");
    assert_int_equal(mask_text("ab\xc3\xa9", out, 5), 4);
    assert_string_equal(out, "ab\xc3\xa9");
    assert_int_equal(mask_text("abc", out, 1), 0);
    assert_string_equal(out, "");
}

static void test_quotes(void **state)
{
    (void)state;
    static const struct {
        const char *text, *quoted;
    } cases[] = {
        {"", "\"\""},
        {"a/b c", "\"a/b c\""},
        {"say \"hi\\\"", "\"say \\\"hi\\\\\\\"\""},
        {"\n\x01\x1f\x7f", "\"\\u000a\\u0001\\u001f\\u007f\""},
        {"\xc2\x85\xc3\xa9", "\"\\u0085\xc3\xa9\""},
        {"\xff-\xe4\xb8", "\"\\ufffd-\\ufffd\\ufffd\""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct context cx;
        struct sink *sink;
        size_t bytes;
        context_init(&cx);
        assert_int_equal(sink_open_memory(&cx, &sink), ST_OK);
        assert_int_equal(print_json_string(sink, cases[i].text), ST_OK);
        const uint8_t *data = sink_data(sink, &bytes);
        assert_int_equal(bytes, strlen(cases[i].quoted));
        assert_memory_equal(data, cases[i].quoted, bytes);
        sink_close(sink);
        assert_nothing_held(&cx);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_masks),
        cmocka_unit_test(test_masks_cut_between_characters),
        cmocka_unit_test(test_quotes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
