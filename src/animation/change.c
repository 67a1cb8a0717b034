/* SPDX-License-Identifier: MIT */
/* The colors that a frame has to put. */
#include "animation/change.h"

#include <string.h>

void change_row(const struct change *c, uint32_t row, uint8_t *out)
{
    const struct rect *r = &c->rect;
    const struct change_line line = change_line(c, r->y + row);
    uint32_t value;
    for (uint32_t x = r->x; x < r->x + r->width; x++, out += 4) {
        struct rgba8 color = {0, 0, 0, 0};
        if (line_draws(&line, x, &value))
            color = color_pool_color(line.pool, value);
        memcpy(out, &color, 4); /* r, g, b, a */
    }
}
