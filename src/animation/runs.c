/* SPDX-License-Identifier: MIT */
/* Measures both runs where one ends. */
#include "animation/runs.h"

#include "base/equal.h"

/* How many bytes are the same from p[at] on. */
static uint32_t run(const uint8_t *p, uint32_t at, uint32_t n)
{
    return (uint32_t)count_equal(p + at, n - at, p[at]);
}

int choose_by_runs(const uint8_t *own, const uint8_t *may_hide, uint32_t n, uint8_t transparent,
                   int last, uint8_t *out)
{
    for (uint32_t x = 0; x < n;) {
        uint32_t shown = own[x] == transparent ? 0 : run(own, x, n);
        uint32_t hidden = may_hide[x] == 0 ? 0 : run(may_hide, x, n);
        bool hide = hidden > shown;
        if (hidden != 0 && last == transparent)
            hide = true;
        else if (shown != 0 && last == own[x])
            hide = false;
        uint32_t length = hide ? hidden : shown;
        last = hide ? transparent : own[x];
        memset(out + x, last, length);
        x += length;
    }
    return last;
}
