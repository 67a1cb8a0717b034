/* SPDX-License-Identifier: MIT */
/* The line of tagged fields that a stream begins with. */
#include <stdio.h>
#include <string.h>

#include "formats/y4m/y4m.h"

#define LINE_MOST 1024

static enum status refuse(struct decoder *d, enum status st, const char *what)
{
    return fail(d->cx, st, "%s (header)", what);
}

static enum status read_line(struct decoder *d, char line[static LINE_MOST])
{
    size_t got;
    for (size_t n = 0; n < LINE_MOST; n++) {
        enum status st = source_read(d->src, line + n, 1, &got);
        if (st != ST_OK)
            return st;
        if (got == 0)
            return refuse(d, ST_DAMAGED, "the file ends too soon");
        if (line[n] == '\n') {
            line[n] = '\0';
            return ST_OK;
        }
    }
    return refuse(d, ST_DAMAGED, "a line that does not end");
}

static bool read_number(const char **at, uint64_t most, uint64_t *out)
{
    uint64_t n = 0;
    const char *p = *at;
    for (; *p >= '0' && *p <= '9' && n <= most; p++)
        n = n * 10 + (uint64_t)(*p - '0');
    if (p == *at || n > most)
        return false;
    *at = p;
    *out = n;
    return true;
}

/* Chroma: 4:2:0 in its places, 4:2:2, 4:4:4 and none; of 8 bits. */
static bool read_chroma(const char *name, struct y4m_stream *s)
{
    static const struct {
        const char *name;
        unsigned across, down;
        bool centered;
    } kinds[] = {
        {"420jpeg", 2, 2, true}, {"420mpeg2", 2, 2, false}, {"420paldv", 2, 2, false},
        {"420", 2, 2, true},     {"422", 2, 1, false},      {"444", 1, 1, false},
        {"mono", 0, 0, false},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (strcmp(name, kinds[i].name) != 0)
            continue;
        s->across = kinds[i].across;
        s->down = kinds[i].down;
        s->centered = kinds[i].centered;
        return true;
    }
    return false;
}

/* A tag and its value; false: the value makes no sense. Tags that say nothing here are passed. */
static bool read_field(const char *field, struct y4m_stream *s, bool *known)
{
    const char *p = field + 1;
    uint64_t n = 0;
    *known = true;
    switch (field[0]) {
    case 'W':
    case 'H':
        if (!read_number(&p, INT32_MAX, &n) || n == 0 || *p != '\0')
            return false;
        *(field[0] == 'W' ? &s->width : &s->height) = (uint32_t)n;
        return true;
    case 'F':
        return read_number(&p, INT32_MAX, &s->rate) && *p++ == ':' &&
               read_number(&p, INT32_MAX, &s->per) && *p == '\0';
    case 'I': /* both fields of interlaced video are a picture here, as they stand */
        return true;
    case 'C':
        *known = read_chroma(p, s);
        return true;
    case 'X':
        if (strcmp(p, "COLORRANGE=FULL") == 0)
            s->full = true;
        return true;
    default:
        return true;
    }
}

enum status y4m_header_read(struct decoder *d, struct y4m_stream *out)
{
    char line[LINE_MOST];
    struct y4m_stream s = {.across = 2, .down = 2, .centered = true};
    enum status st = read_line(d, line);
    if (st != ST_OK)
        return st;
    char *at = line, *field;
    strsep(&at, " "); /* the signature */
    while ((field = strsep(&at, " ")) != NULL) {
        bool known;
        if (*field != '\0' && !read_field(field, &s, &known))
            return refuse(d, ST_DAMAGED, "a field that makes no sense");
        if (*field != '\0' && !known)
            return refuse(d, ST_UNSUPPORTED, "chroma that is not 420, 422, 444 or mono of 8 bits");
    }
    if (s.width == 0 || s.height == 0)
        return refuse(d, ST_DAMAGED, "no size");
    *out = s;
    return ST_OK;
}
