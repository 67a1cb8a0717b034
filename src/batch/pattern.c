/* SPDX-License-Identifier: MIT */
/* Names that are numbered. */
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "batch/naming.h"

#define DIGITS_MOST 20u

/* The digits asked for at a %, and where it ends; false: something else follows the %. */
static bool scan_number(const char *at, unsigned *digits, const char **end)
{
    *digits = 0;
    at++;
    if (*at == '0')
        at++;
    for (; *at >= '0' && *at <= '9' && *digits <= DIGITS_MOST; at++)
        *digits = *digits * 10 + (unsigned)(*at - '0');
    *end = at + 1;
    return *at == 'd' && *digits <= DIGITS_MOST;
}

bool is_pattern(const char *name)
{
    unsigned digits, numbers = 0;
    for (const char *p = strchr(name, '%'); p != NULL; p = strchr(p, '%')) {
        if (p[1] == '%') {
            p += 2;
            continue;
        }
        if (!scan_number(p, &digits, &p))
            return false;
        numbers++;
    }
    return numbers == 1;
}

enum status pattern_name(struct context *cx, const char *pattern, uint64_t number, char **out)
{
    char *name = mem_alloc(cx, strlen(pattern) + DIGITS_MOST + 2), *to = name;
    unsigned digits;
    if (name == NULL)
        return cx->status;
    for (const char *p = pattern; *p != '\0';) {
        if (*p != '%') {
            *to++ = *p++;
        } else if (p[1] == '%') {
            *to++ = '%';
            p += 2;
        } else if (scan_number(p, &digits, &p)) {
            to += snprintf(to, DIGITS_MOST + 2, "%0*llu", (int)digits, (unsigned long long)number);
        }
    }
    *to = '\0';
    *out = name;
    return ST_OK;
}
