/* SPDX-License-Identifier: MIT */
/* Plain PNM rasters: samples as text. */
#include <string.h>

#include "formats/pnm/pnm_plugin.h"

/* The bytes of a plain raster, right from the source's window. */
struct window {
    struct source *src;
    const uint8_t *start, *at, *end;
    enum status status;
};

static void window_close(struct window *w)
{
    source_consume(w->src, (size_t)(w->at - w->start));
}

static int window_more(struct window *w)
{
    size_t got;
    window_close(w);
    w->status = source_peek(w->src, 1, &w->start, &got);
    w->at = w->start;
    w->end = w->start + (w->status == ST_OK ? got : 0);
    return w->at == w->end ? -1 : *w->at++;
}

/* The next byte, or -1 at the end of the file or with the status set. */
static inline int next(struct window *w)
{
    return w->at < w->end ? *w->at++ : window_more(w);
}

static void pass_comment(struct window *w)
{
    int c;
    do
        c = next(w);
    while (c != '\n' && c != '\r' && c != -1);
}

/* The first byte that is neither white space nor in a comment. */
static inline int next_dark(struct window *w)
{
    for (;;) {
        int c = next(w);
        if (pnm_is_space(c))
            continue;
        if (c != '#')
            return c;
        pass_comment(w);
    }
}

/*
 * A sample and the byte behind it, which must be white space: at the end of the file nobody knows
 * whether a last digit is missing. *out is then good all the same.
 */
static inline enum pnm_end plain_sample(struct window *w, bool bits, uint32_t *out)
{
    int c = next_dark(w);
    if (c < '0' || c > (bits ? '1' : '9'))
        return c == -1 ? PNM_END : PNM_JUNK;
    uint32_t value = (uint32_t)(c - '0');
    if (!bits) {
        while ((c = next(w)) >= '0' && c <= '9') {
            if (value > 65535)
                return PNM_JUNK;
            value = value * 10 + (uint32_t)(c - '0');
        }
        if (c == '#')
            pass_comment(w);
        else if (c != -1 && !pnm_is_space(c))
            return PNM_JUNK;
    }
    *out = value;
    return c == -1 ? PNM_OPEN : PNM_GOOD;
}

enum status pnm_plain_samples(struct decoder *d, uint8_t *out, size_t samples, bool *over,
                              enum pnm_end *end)
{
    const struct pnm_reader *r = d->state;
    uint32_t maxval = r->header.maxval;
    bool bits = r->header.kind == '1';
    struct window w = {.src = d->src};
    *end = PNM_GOOD;
    for (size_t i = 0; i < samples && *end == PNM_GOOD; i++) {
        uint32_t v = bits; /* what does not come is zero: black */
        *end = plain_sample(&w, bits, &v);
        if (v > maxval) {
            *over = true;
            v = maxval;
        }
        if (out == NULL)
            continue;
        if (maxval > 255) {
            uint16_t native = (uint16_t)(maxval == 65535 ? v : pnm_scaled(v, maxval, 65535));
            memcpy(out + 2 * i, &native, 2);
        } else {
            out[i] = bits ? (uint8_t)(v - 1) : maxval == 255 ? (uint8_t)v : r->scale[v];
        }
    }
    window_close(&w);
    return w.status;
}
