/* SPDX-License-Identifier: MIT */
/* YCbCr of ITU-R BT.601 to RGB, its chroma interpolated between the places of its samples. */
#include "formats/y4m/y4m.h"

/* Scaled by 2^16, but for the offset. Source: ITU-R BT.601-7, section 2.5 */
struct matrix {
    int32_t offset, y, red_v, green_u, green_v, blue_u;
};

static const struct matrix limited = {16, 76309, 104597, -25675, -53279, 132201};
static const struct matrix full = {0, 65536, 91881, -22554, -46802, 116130};

static uint8_t clamp(int32_t v)
{
    v = (v + 32768) >> 16;
    return v < 0 ? 0 : v > 255 ? 255 : (uint8_t)v;
}

/* The two samples nearest to a pixel, and the weight of the first in quarters. */
struct between {
    size_t a, b;
    int weight;
};

/* step 1: every pixel has its sample; else centered or beside the first of two pixels. */
static struct between place(uint32_t at, unsigned step, bool centered, size_t count)
{
    size_t a = at / step, b = a;
    int weight = 4;
    if (step == 2 && centered) {
        b = at % 2 == 0 ? (a > 0 ? a - 1 : a) : (a + 1 < count ? a + 1 : a);
        weight = 3;
    } else if (step == 2 && at % 2 == 1) {
        b = a + 1 < count ? a + 1 : a;
        weight = 2;
    }
    return (struct between){a, b, weight};
}

/* In sixteenths. */
static int32_t sample(const uint8_t *plane, size_t stride, struct between x, struct between y)
{
    const uint8_t *p = plane + y.a * stride, *q = plane + y.b * stride;
    int32_t first = p[x.a] * x.weight + p[x.b] * (4 - x.weight);
    int32_t second = q[x.a] * x.weight + q[x.b] * (4 - x.weight);
    return first * y.weight + second * (4 - y.weight);
}

void y4m_row(const struct y4m_reader *r, uint32_t y, uint8_t *out)
{
    const struct y4m_stream *s = &r->stream;
    const struct matrix *m = s->full ? &full : &limited;
    size_t luma = (size_t)s->width * s->height, chroma = r->chroma_width * r->chroma_height;
    const uint8_t *bright = r->planes + (size_t)y * s->width, *u = r->planes + luma,
                  *v = u + chroma;
    struct between down = {0, 0, 4};
    if (s->down != 0) /* of two rows chroma stands in the middle, wherever it stands along them */
        down = place(y, s->down, true, r->chroma_height);
    for (uint32_t x = 0; x < s->width; x++, out += 3) {
        int32_t light = (bright[x] - m->offset) * m->y, cb = 0, cr = 0;
        if (s->across != 0) {
            struct between across = place(x, s->across, s->centered, r->chroma_width);
            cb = sample(u, r->chroma_width, across, down) - 128 * 16;
            cr = sample(v, r->chroma_width, across, down) - 128 * 16;
        }
        out[0] = clamp(light + m->red_v * cr / 16);
        out[1] = clamp(light + (m->green_u * cb + m->green_v * cr) / 16);
        out[2] = clamp(light + m->blue_u * cb / 16);
    }
}
