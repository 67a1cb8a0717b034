/* SPDX-License-Identifier: MIT */
/* Scanners over a cursor; a value is good when its scanner ends where the text does. */
#include "cli/values.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* isdigit and its like ask the locale. */
static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool scan_count(const char **at, uint64_t *out)
{
    const char *p = *at;
    uint64_t n = 0;
    if (!is_digit(*p))
        return false;
    for (; is_digit(*p); p++)
        if (__builtin_mul_overflow(n, 10, &n) || __builtin_add_overflow(n, *p - '0', &n))
            return false;
    *at = p;
    *out = n;
    return true;
}

bool parse_count(const char *text, uint64_t min, uint64_t max, uint64_t *out)
{
    uint64_t n;
    if (!scan_count(&text, &n) || *text != '\0' || n < min || n > max)
        return false;
    *out = n;
    return true;
}

bool parse_bytes(const char *text, uint64_t *out)
{
    static const char units[] = "KMGT";
    uint64_t n, factor = 1;
    if (!scan_count(&text, &n))
        return false;
    char unit = *text >= 'a' && *text <= 'z' ? (char)(*text - 'a' + 'A') : *text;
    const char *found = unit == '\0' ? NULL : strchr(units, unit);
    if (found != NULL) {
        bool decimal = strcmp(text + 1, "B") == 0;
        if (!decimal && text[1] != '\0' && strcmp(text + 1, "iB") != 0)
            return false;
        for (const char *u = units; u <= found; u++)
            factor *= decimal ? 1000 : 1024;
    } else if (*text != '\0' && strcmp(text, "B") != 0) {
        return false;
    }
    if (__builtin_mul_overflow(n, factor, &n))
        return false;
    *out = n;
    return true;
}

bool parse_decimal(const char *text, double *out)
{
    const char *p = text + (*text == '-' || *text == '+');
    size_t digits = 0;
    for (; is_digit(*p); p++)
        digits++;
    if (*p == '.')
        for (p++; is_digit(*p); p++)
            digits++;
    if (digits == 0)
        return false;
    if (*p == 'e' || *p == 'E') {
        p += 1 + (p[1] == '-' || p[1] == '+');
        if (!is_digit(*p))
            return false;
        while (is_digit(*p))
            p++;
    }
    if (*p != '\0')
        return false;
    /* strtod asks the locale for the decimal point; this program never leaves the "C" locale */
    double value = strtod(text, NULL);
    if (!isfinite(value))
        return false;
    *out = value;
    return true;
}

/* W x H, each 1 .. 2^32 - 1. */
static bool scan_size(const char **at, uint32_t *width, uint32_t *height)
{
    uint64_t w, h;
    if (!scan_count(at, &w) || (**at != 'x' && **at != 'X'))
        return false;
    ++*at;
    if (!scan_count(at, &h) || w == 0 || h == 0 || w > UINT32_MAX || h > UINT32_MAX)
        return false;
    *width = (uint32_t)w;
    *height = (uint32_t)h;
    return true;
}

/* Digits that may follow a sign; the bound keeps sums with any size far from wrapping. */
static bool scan_place(const char **at, bool sign_needed, int64_t *out)
{
    uint64_t n;
    bool negative = **at == '-', sign = negative || **at == '+';
    if (sign)
        ++*at;
    else if (sign_needed)
        return false;
    if (!scan_count(at, &n) || n > UINT32_MAX)
        return false;
    *out = negative ? -(int64_t)n : (int64_t)n;
    return true;
}

bool parse_crop(const char *text, struct op *out)
{
    struct op op = {.kind = OP_CROP};
    const char *p = text;
    if (strchr(text, ',') == NULL) {
        if (!scan_size(&p, &op.crop.width, &op.crop.height) || !scan_place(&p, true, &op.crop.x) ||
            !scan_place(&p, true, &op.crop.y))
            return false;
    } else {
        if (!scan_place(&p, false, &op.crop.x) || *p++ != ',' ||
            !scan_place(&p, false, &op.crop.y) || *p++ != '+' ||
            !scan_size(&p, &op.crop.width, &op.crop.height))
            return false;
    }
    if (*p != '\0')
        return false;
    *out = op;
    return true;
}

bool parse_canvas(const char *text, struct op *out)
{
    struct op op = {.kind = OP_CANVAS};
    const char *p = text;
    if (!scan_size(&p, &op.canvas.width, &op.canvas.height))
        return false;
    op.canvas.placed = *p != '\0';
    if (op.canvas.placed &&
        (!scan_place(&p, true, &op.canvas.x) || !scan_place(&p, true, &op.canvas.y) || *p != '\0'))
        return false;
    *out = op;
    return true;
}

bool parse_delay(const char *text, uint32_t *out_cs)
{
    static const struct {
        const char *unit;
        double cs;
    } units[] = {{"ms", 0.1}, {"cs", 1}, {"s", 100}, {"", 1}};
    char number[32];
    double value;
    size_t n = strspn(text, "0123456789."), i = 0;
    if (n == 0 || n >= sizeof number)
        return false;
    memcpy(number, text, n);
    number[n] = '\0';
    while (strcmp(units[i].unit, text + n) != 0)
        if (++i == sizeof units / sizeof *units)
            return false;
    if (!parse_decimal(number, &value) || value * units[i].cs >= 65535.5)
        return false;
    *out_cs = (uint32_t)(value * units[i].cs + 0.5);
    return true;
}

bool parse_loop(const char *text, int *out)
{
    uint64_t n;
    if (strcmp(text, "forever") == 0)
        *out = LOOP_FOREVER;
    else if (strcmp(text, "once") == 0)
        *out = LOOP_ABSENT;
    else if (parse_count(text, 1, 65535, &n))
        *out = (int)n;
    else
        return false;
    return true;
}

/* A frame's number, from the end where it has a sign. */
static bool scan_frame(const char **at, int64_t *out)
{
    uint64_t n;
    bool negative = **at == '-';
    *at += negative;
    if (!scan_count(at, &n) || n > INT32_MAX || (negative && n == 0))
        return false;
    *out = negative ? -(int64_t)n : (int64_t)n;
    return true;
}

bool parse_frames(const char *text, struct frame_range *out, size_t room, size_t *count)
{
    struct frame_range r;
    *count = 0;
    for (const char *p = text;; p++) {
        if (!scan_frame(&p, &r.first))
            return false;
        r.last = r.first;
        if (*p == '-') {
            p++;
            if (!scan_frame(&p, &r.last))
                return false;
        }
        if (*count < room)
            out[*count] = r;
        ++*count;
        if (*p != ',')
            return *p == '\0';
    }
}

/* A length in pixels; what is left out is 0. */
static bool scan_length(const char **at, uint32_t *out)
{
    uint64_t n = 0;
    if (is_digit(**at) && (!scan_count(at, &n) || n == 0 || n > UINT32_MAX))
        return false;
    *out = (uint32_t)n;
    return true;
}

/* Digits and a decimal point: no sign, no exponent. */
static bool scan_percent(const char **at, double *out)
{
    char number[32];
    size_t n = strspn(*at, "0123456789.");
    if (n == 0 || n >= sizeof number)
        return false;
    memcpy(number, *at, n);
    number[n] = '\0';
    *at += n;
    return parse_decimal(number, out) && *out > 0;
}

bool parse_resize(const char *text, struct resize_to *out)
{
    struct resize_to to = {0};
    const char *p = text;
    if (strchr(text, '%') != NULL) {
        if (!scan_percent(&p, &to.percent) || *p++ != '%')
            return false;
    } else {
        if (!scan_length(&p, &to.width) || (*p != 'x' && *p != 'X'))
            return false;
        p++;
        if (!scan_length(&p, &to.height) || (to.width == 0 && to.height == 0))
            return false;
    }
    to.exact = *p == '!';
    to.shrink_only = *p == '>';
    to.enlarge_only = *p == '<';
    p += to.exact || to.shrink_only || to.enlarge_only;
    if (*p != '\0')
        return false;
    *out = to;
    return true;
}

static int hex_digit(char c)
{
    if (is_digit(c))
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool parse_hex_color(const char *digits, struct rgba8 *out)
{
    size_t n = strlen(digits);
    if (n != 3 && n != 4 && n != 6 && n != 8)
        return false;
    size_t each = n < 6 ? 1 : 2;
    uint8_t channel[4] = {0, 0, 0, 255};
    for (size_t i = 0; i < n; i += each) {
        int high = hex_digit(digits[i]), low = hex_digit(digits[i + each - 1]);
        if (high < 0 || low < 0)
            return false;
        channel[i / each] = (uint8_t)(high << 4 | low);
    }
    *out = (struct rgba8){channel[0], channel[1], channel[2], channel[3]};
    return true;
}

bool parse_color(const char *text, struct rgba8 *out)
{
    return *text == '#' ? parse_hex_color(text + 1, out) : color_by_name(text, out);
}
