/* SPDX-License-Identifier: MIT */
/* Row by row: what was coded, and what could have been. */
#include "animation/frame_free.h"

#include "base/size.h"

/* A row's own indices, and which of its pixels are on the screen already. */
static void make_row(const struct frame_free *f)
{
    const struct delta *d = &f->source->delta;
    delta_row(d, CHOOSE_RUNS, d->r.y + f->y, f->source->lines.own);
    delta_same(d, d->r.y + f->y, f->source->lines.same);
}

/* The next n pixels, of one row. */
static void read_part(const struct frame_free *f, uint8_t *pixels, uint8_t *other, uint32_t n)
{
    const struct frame_lines *l = &f->source->lines;
    const uint8_t *own = l->own + f->x, *same = l->same + f->x;
    const uint8_t transparent = (uint8_t)f->way.transparent;
    for (uint32_t i = 0; i < n; i++) {
        bool must = own[i] >> f->freedom.min_code_size != 0; /* there is no code for its own */
        bool hid = must || pixels[i] == f->coded_transparent;
        uint8_t first = same[i] != 0 && hid ? transparent : own[i];
        uint8_t second = same[i] != 0 && (must || !hid) ? transparent : own[i];
        pixels[i] = first;
        other[i] = second;
    }
}

static enum status read_pixels(void *user, uint8_t *pixels, uint8_t *other, size_t n)
{
    struct frame_free *f = user;
    const uint32_t width = f->source->delta.r.width;
    while (n > 0) {
        if (f->x == 0)
            make_row(f);
        uint32_t part = (uint32_t)min_size(n, width - f->x);
        read_part(f, pixels, other, part);
        pixels += part;
        other += part;
        n -= part;
        f->x = (f->x + part) % width;
        f->y += f->x == 0;
    }
    return ST_OK;
}

bool frame_free_begin(struct frame_free *f, const struct frame_source *s, bool local, bool flag,
                      int coded_transparent, unsigned coded_size)
{
    if (!s->delta.kept || !indexing_way(&s->indexing, CHOOSE_RUNS, local, flag, &f->way))
        return false;
    uint32_t top = (uint32_t)f->way.transparent;
    for (uint32_t i = 0; i < s->delta.changed; i++)
        top = max_u32(top, f->way.index[i + 1]);
    delta_index(&s->delta, CHOOSE_RUNS, f->way.index);
    f->source = s;
    f->coded_transparent = coded_transparent;
    f->x = f->y = 0;
    f->freedom.min_code_size = (uint8_t)max_u32(coded_size, indexing_size(top));
    f->freedom.read = read_pixels;
    f->freedom.user = f;
    return true;
}
