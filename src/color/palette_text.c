/* SPDX-License-Identifier: MIT */
/* Lists of colors, a line at a time. */
#include "color/palette_text.h"

#include <string.h>

/* Longer lines are no palette's. */
#define LINE 256

struct lines {
    struct source *src;
    unsigned number; /* of the line in text */
    char text[LINE];
};

/* The next line, without its end and blanks around it. *more is false after the last. */
static enum status next_line(struct context *cx, struct lines *l, bool *more)
{
    size_t n = 0, got;
    char c = '\0';
    *more = false;
    l->number++;
    for (;;) {
        enum status st = source_read(l->src, &c, 1, &got);
        if (st != ST_OK)
            return st;
        if (got == 0 || c == '\n')
            break;
        if (c == '\0' || n == LINE - 1)
            return fail(cx, ST_DAMAGED, "neither a picture nor a list of colors (line %u)",
                        l->number);
        l->text[n++] = c;
    }
    *more = got != 0 || n != 0;
    while (n > 0 && strchr(" \t\r", l->text[n - 1]) != NULL)
        n--;
    l->text[n] = '\0';
    size_t blank = strspn(l->text, " \t");
    memmove(l->text, l->text + blank, n - blank + 1);
    return ST_OK;
}

static int hex_digit(char c)
{
    const char *digits = "0123456789abcdef", *at = c == '\0' ? NULL : strchr(digits, c | 0x20);
    return at == NULL || (c < '0') ? -1 : (int)(at - digits);
}

/* #rgb, #rrggbb, rrggbb and nothing after */
static bool parse_hex(const char *s, struct rgba8 *out)
{
    uint8_t v[6], *code[3] = {&out->r, &out->g, &out->b};
    bool hash = *s == '#';
    size_t n = strlen(s += hash);
    if (n != 6 && !(hash && n == 3))
        return false;
    for (size_t i = 0; i < n; i++) {
        int digit = hex_digit(s[i]);
        if (digit < 0)
            return false;
        v[i] = (uint8_t)digit;
    }
    for (size_t i = 0; i < 3; i++)
        *code[i] = (uint8_t)(n == 3 ? v[i] * 17 : v[2 * i] * 16 + v[2 * i + 1]);
    out->a = 255;
    return true;
}

/* Three numbers, and with name anything after a blank. */
static bool parse_rgb_line(const char *s, bool name, struct rgba8 *out)
{
    uint8_t *code[3] = {&out->r, &out->g, &out->b};
    for (size_t i = 0; i < 3; i++) {
        s += i == 0 ? 0 : strspn(s, " \t");
        unsigned value = 0, digits = 0;
        for (; *s >= '0' && *s <= '9' && value < 256; s++, digits++)
            value = value * 10 + (unsigned)(*s - '0');
        if (digits == 0 || value > 255)
            return false;
        *code[i] = (uint8_t)value;
    }
    out->a = 255;
    return *s == '\0' || (name && (*s == ' ' || *s == '\t'));
}

enum kind { HEX, GIMP, JASC };

/* Whether a line before the colors, or between them, is none and right so. */
static bool is_other(enum kind kind, const struct lines *l)
{
    const char *s = l->text;
    if (*s == '\0')
        return true;
    if (kind == HEX)
        return *s == ';';
    if (kind == JASC)
        return l->number <= 3;
    return *s == '#' || strncmp(s, "Name:", 5) == 0 || strncmp(s, "Columns:", 8) == 0 ||
           strncmp(s, "Channels:", 9) == 0;
}

/* Some editors begin UTF-8 with it. */
static enum status skip_byte_order_mark(struct source *src)
{
    static const uint8_t mark[] = {0xef, 0xbb, 0xbf};
    const uint8_t *head;
    size_t bytes;
    enum status st = source_peek(src, sizeof mark, &head, &bytes);
    if (st == ST_OK && bytes >= sizeof mark && memcmp(head, mark, sizeof mark) == 0)
        source_consume(src, sizeof mark);
    return st;
}

enum status palette_read_text(struct context *cx, struct source *src, struct palette *out)
{
    struct lines l = {.src = src};
    enum kind kind = HEX;
    bool more;
    out->count = 0;
    enum status started = skip_byte_order_mark(src);
    if (started != ST_OK)
        return started;
    for (;;) {
        struct rgba8 color;
        enum status st = next_line(cx, &l, &more);
        if (st != ST_OK)
            return st;
        if (!more)
            break;
        if (l.number == 1 &&
            (strcmp(l.text, "GIMP Palette") == 0 || strcmp(l.text, "JASC-PAL") == 0)) {
            kind = *l.text == 'G' ? GIMP : JASC;
            continue;
        }
        if (is_other(kind, &l))
            continue;
        if (!(kind == HEX ? parse_hex(l.text, &color)
                          : parse_rgb_line(l.text, kind == GIMP, &color)))
            return fail(cx, ST_DAMAGED, "no color: %.40s (line %u)", l.text, l.number);
        if (out->count == 256)
            return fail(cx, ST_DAMAGED, "more than 256 colors (line %u)", l.number);
        out->entry[out->count++] = color;
    }
    return out->count != 0 ? ST_OK : fail(cx, ST_DAMAGED, "no colors in it");
}
