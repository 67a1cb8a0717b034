/* SPDX-License-Identifier: MIT */
/* PNM and PAM headers. */
#include <string.h>

#include "formats/pnm/pnm_plugin.h"

/* Comments can be of any length; an endless one must not keep us. */
#define HEADER_BYTES_MAX (1u << 20)
#define LINE_BYTES_MAX 255 /* of a PAM header, as in Netpbm */

struct header_text {
    struct decoder *d;
    uint32_t left;
    enum status status; /* ST_OK until something fails */
};

static void damaged(struct header_text *t, const char *text)
{
    t->status = pnm_fail(t->d, ST_DAMAGED, text);
}

/* The next byte, or -1 with the status set. */
static int next(struct header_text *t)
{
    const uint8_t *data;
    size_t got;
    if (t->status != ST_OK)
        return -1;
    t->status = source_peek(t->d->src, 1, &data, &got);
    if (t->status != ST_OK)
        return -1;
    if (got == 0)
        damaged(t, "the file ends early");
    else if (t->left-- == 0)
        damaged(t, "more than 1 MiB of header");
    if (t->status != ST_OK)
        return -1;
    int c = data[0];
    source_consume(t->d->src, 1);
    return c;
}

/* The same, a comment being the end of line that ends it. */
static int next_of_pnm(struct header_text *t)
{
    int c = next(t);
    if (c == '#')
        do
            c = next(t);
        while (c != '\n' && c != '\r' && c != -1);
    return c;
}

static bool is_digit(int c)
{
    return c >= '0' && c <= '9';
}

/* A number and the one byte of white space behind it. */
static uint32_t number(struct header_text *t, const char *what)
{
    int c;
    do
        c = next_of_pnm(t);
    while (pnm_is_space(c));
    uint64_t value = 0;
    bool any = false;
    for (; is_digit(c); c = next_of_pnm(t), any = true)
        if (value <= UINT32_MAX)
            value = value * 10 + (uint64_t)(c - '0');
    if (c != -1 && (!any || !pnm_is_space(c) || value > UINT32_MAX))
        damaged(t, what);
    return t->status == ST_OK ? (uint32_t)value : 0;
}

static void read_pnm(struct header_text *t, struct pnm_header *h)
{
    h->width = number(t, "bad width");
    h->height = number(t, "bad height");
    bool bits = h->kind == '1' || h->kind == '4';
    h->maxval = bits ? 1 : number(t, "bad maxval");
    h->depth = h->kind == '3' || h->kind == '6' ? 3 : 1;
}

/* A line without its end and the white space before that. */
static bool line(struct header_text *t, char *out)
{
    size_t n = 0;
    for (int c = next(t); c != '\n'; c = next(t)) {
        if (c == -1)
            return false;
        if (n == LINE_BYTES_MAX) {
            damaged(t, "a line of the header is too long");
            return false;
        }
        out[n++] = (char)c;
    }
    while (n > 0 && pnm_is_space(out[n - 1]))
        n--;
    out[n] = '\0';
    return true;
}

/* If text starts with word: what stands behind it and the white space, else NULL. */
static const char *after(const char *text, const char *word)
{
    size_t n = strlen(word);
    if (strncmp(text, word, n) != 0 || (text[n] != '\0' && !pnm_is_space(text[n])))
        return NULL;
    for (text += n; pnm_is_space(*text); text++)
        ;
    return text;
}

static uint32_t whole_number(struct header_text *t, const char *text, const char *what)
{
    uint64_t value = 0;
    bool good = is_digit(*text);
    for (; is_digit(*text) && value <= UINT32_MAX; text++)
        value = value * 10 + (uint64_t)(*text - '0');
    if (!good || *text != '\0' || value > UINT32_MAX) {
        damaged(t, what);
        return 0;
    }
    return (uint32_t)value;
}

/* Several lines of a type stand for one, joined by blanks. */
static void add_type(struct header_text *t, char *type, const char *value)
{
    size_t used = strlen(type), n = strlen(value);
    if (used + 1 + n > LINE_BYTES_MAX) {
        damaged(t, "the tuple type is too long");
        return;
    }
    if (used > 0)
        type[used++] = ' ';
    memcpy(type + used, value, n + 1);
}

static void check_type(struct header_text *t, struct pnm_header *h, const char *type)
{
    static const struct {
        const char *name;
        uint32_t depth;
    } types[] = {{"BLACKANDWHITE", 1},   {"GRAYSCALE", 1}, {"RGB", 3}, {"BLACKANDWHITE_ALPHA", 2},
                 {"GRAYSCALE_ALPHA", 2}, {"RGB_ALPHA", 4}, {"CMYK", 4}};
    if (type[0] == '\0') {
        if (h->depth < 1 || h->depth > 4)
            t->status = pnm_fail(t->d, ST_UNSUPPORTED, "a PAM without type of this depth");
        return;
    }
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (strcmp(types[i].name, type) != 0)
            continue;
        if (types[i].depth != h->depth)
            damaged(t, "the depth is not that of the tuple type");
        h->inks = strcmp(type, "CMYK") == 0;
        return;
    }
    t->status = pnm_fail(t->d, ST_UNSUPPORTED, "a PAM of an unknown tuple type");
}

static void read_pam(struct header_text *t, struct pnm_header *h)
{
    static const char *const names[4] = {"WIDTH", "HEIGHT", "DEPTH", "MAXVAL"};
    static const char *const bad[4] = {"bad WIDTH", "bad HEIGHT", "bad DEPTH", "bad MAXVAL"};
    uint32_t *const fields[4] = {&h->width, &h->height, &h->depth, &h->maxval};
    bool seen[4] = {false};
    char text[LINE_BYTES_MAX + 1], type[LINE_BYTES_MAX + 1] = "";
    if (line(t, text) && text[0] != '\0')
        damaged(t, "text behind the P7");
    while (line(t, text) && t->status == ST_OK) {
        const char *value;
        if (text[0] == '\0' || text[0] == '#')
            continue;
        if (after(text, "ENDHDR") != NULL)
            break;
        if ((value = after(text, "TUPLTYPE")) != NULL) {
            add_type(t, type, value);
            continue;
        }
        size_t i = 0;
        while (i < 4 && (value = after(text, names[i])) == NULL)
            i++;
        if (i == 4) {
            damaged(t, "an unknown line");
            break;
        }
        *fields[i] = whole_number(t, value, bad[i]);
        seen[i] = true;
    }
    if (t->status == ST_OK && !(seen[0] && seen[1] && seen[2] && seen[3]))
        damaged(t, "WIDTH, HEIGHT, DEPTH or MAXVAL is missing");
    if (t->status == ST_OK)
        check_type(t, h, type);
}

enum status pnm_header_read(struct decoder *d, struct pnm_header *h)
{
    struct header_text t = {.d = d, .left = HEADER_BYTES_MAX};
    *h = (struct pnm_header){0};
    int p = next(&t);
    int kind = p == 'P' ? next(&t) : 0;
    if (t.status != ST_OK)
        return t.status;
    if (kind < '1' || kind > '7')
        return pnm_fail(d, ST_DAMAGED, "neither the end of the file nor another picture");
    h->kind = (char)kind;
    if (kind == '7')
        read_pam(&t, h);
    else
        read_pnm(&t, h);
    if (t.status == ST_OK && (h->width == 0 || h->height == 0))
        damaged(&t, "a picture without pixels");
    if (t.status == ST_OK && (h->maxval == 0 || h->maxval > 65535))
        damaged(&t, "maxval is not in 1 .. 65535");
    if (t.status != ST_OK)
        return t.status;
    bool color = h->depth >= 3, alpha = h->depth == 2 || (h->depth == 4 && !h->inks);
    h->layout = layout_of(color, alpha, h->maxval > 255 ? 16 : 8);
    return ST_OK;
}
