/* SPDX-License-Identifier: MIT */
/* File names are any bytes but '/' and NUL: only whole UTF-8 characters pass. */
#include "cli/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum status print(struct sink *sink, const char *fmt, ...)
{
    char line[1024];
    va_list args;
    va_start(args, fmt);
    int n = vsnprintf(line, sizeof line, fmt, args);
    va_end(args);
    if (n < 0)
        n = 0;
    return sink_write(sink, line, (size_t)n < sizeof line ? (size_t)n : sizeof line - 1);
}

/*
 * Bytes of the character at s, 0 where none begins there (Unicode Standard, table 3-7: no
 * overlong forms, no surrogates, nothing above U+10FFFF).
 */
static size_t utf8_length(const unsigned char *s)
{
    if (s[0] < 0x80)
        return 1;
    if (s[0] < 0xC2 || s[0] > 0xF4)
        return 0;
    size_t n = s[0] < 0xE0 ? 2 : s[0] < 0xF0 ? 3 : 4;
    unsigned low = s[0] == 0xE0 ? 0xA0 : s[0] == 0xF0 ? 0x90 : 0x80;
    unsigned high = s[0] == 0xED ? 0x9F : s[0] == 0xF4 ? 0x8F : 0xBF;
    if (s[1] < low || s[1] > high)
        return 0;
    for (size_t i = 2; i < n; i++)
        if ((s[i] & 0xC0) != 0x80)
            return 0;
    return n;
}

/* C0, DEL, and C1 as UTF-8 has it. */
static bool is_control(const unsigned char *s)
{
    return s[0] < 0x20 || s[0] == 0x7F || (s[0] == 0xC2 && s[1] < 0xA0);
}

size_t mask_text(const char *text, char *out, size_t room)
{
    const unsigned char *s = (const unsigned char *)text;
    size_t used = 0;
    while (*s != '\0') {
        size_t n = utf8_length(s);
        bool hidden = n == 0 || is_control(s);
        if (n == 0)
            n = 1;
        size_t need = hidden ? 1 : n;
        if (need >= room - used)
            break;
        memcpy(out + used, hidden ? (const unsigned char *)"?" : s, need);
        used += need;
        s += n;
    }
    out[used] = '\0';
    return used;
}

enum status print_json_string(struct sink *sink, const char *text)
{
    enum status st = sink_write(sink, "\"", 1);
    for (const unsigned char *s = (const unsigned char *)text; *s != '\0' && st == ST_OK;) {
        size_t n = utf8_length(s);
        if (n == 0)
            st = print(sink, "\\ufffd");
        else if (is_control(s))
            st = print(sink, "\\u%04x", n == 1 ? s[0] : s[1]);
        else if (*s == '"' || *s == '\\')
            st = print(sink, "\\%c", *s);
        else
            st = sink_write(sink, s, n);
        s += n == 0 ? 1 : n;
    }
    return st == ST_OK ? sink_write(sink, "\"", 1) : st;
}
