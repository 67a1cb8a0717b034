/* SPDX-License-Identifier: MIT */
/* What size a resizing makes. */
#include "transforms/transform.h"

#include "base/size.h"

#define MOST INT32_MAX

/* length * to / from to the nearest, halves up, at least 1; false where it is over MOST */
static bool in_proportion(uint32_t length, uint32_t to, uint32_t from, uint32_t *out)
{
    uint64_t whole = (uint64_t)length * to, rounded = whole / from;
    rounded += whole % from >= from - from / 2;
    *out = (uint32_t)(rounded < 1 ? 1 : rounded);
    return rounded <= MOST;
}

static bool in_percent(uint32_t length, double percent, uint32_t *out)
{
    double scaled = length * percent / 100.0 + 0.5;
    if (!(scaled < MOST + 1.0))
        return false;
    *out = scaled < 1.0 ? 1 : (uint32_t)scaled;
    return true;
}

static uint32_t keep(const struct resize_to *to, uint32_t length, uint32_t wanted)
{
    if ((to->shrink_only && wanted > length) || (to->enlarge_only && wanted < length))
        return length;
    return wanted;
}

bool resize_size(const struct resize_to *to, uint32_t width, uint32_t height, uint32_t *out_width,
                 uint32_t *out_height)
{
    uint32_t w = to->width, h = to->height;
    bool fits = w <= MOST && h <= MOST;
    if (w == 0 && h == 0)
        fits = in_percent(width, to->percent, &w) && in_percent(height, to->percent, &h);
    else if (h == 0)
        fits = fits && in_proportion(height, w, width, &h);
    else if (w == 0)
        fits = fits && in_proportion(width, h, height, &w);
    else if (!to->exact && (uint64_t)w * height <= (uint64_t)h * width)
        fits = fits && in_proportion(height, w, width, &h);
    else if (!to->exact)
        fits = fits && in_proportion(width, h, height, &w);
    if (!fits)
        return false;
    if (to->exact) {
        w = keep(to, width, w);
        h = keep(to, height, h);
    } else if (keep(to, width, w) != w || keep(to, height, h) != h) {
        w = width;
        h = height;
    }
    *out_width = w;
    *out_height = h;
    return true;
}
