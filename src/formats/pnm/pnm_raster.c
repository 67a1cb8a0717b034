/* SPDX-License-Identifier: MIT */
/* PNM rasters: rows of either kind, and raw samples of any maxval scaled to all of 8 or 16 bits. */
#include <endian.h>
#include <string.h>

#include "base/size.h"
#include "formats/pnm/pnm_plugin.h"

void pnm_raster_begin(struct pnm_reader *r)
{
    uint32_t maxval = r->header.maxval;
    if (maxval < 255)
        for (uint32_t i = 0; i < 256; i++)
            r->scale[i] = (uint8_t)pnm_scaled(min_u32(i, maxval), maxval, 255);
}

static size_t samples_of_row(const struct pnm_header *h)
{
    return (size_t)h->width * h->depth;
}

/* Bytes of a raw row. */
static size_t raw_bytes(const struct pnm_header *h)
{
    if (h->kind == '4')
        return ((size_t)h->width + 7) / 8;
    return samples_of_row(h) * (h->maxval > 255 ? 2 : 1);
}

/*
 * Raw samples become ours in place. Returns true where one was above maxval; it is then taken for
 * maxval.
 */
static bool scale_raw(const struct pnm_reader *r, uint8_t *p, size_t samples)
{
    uint32_t maxval = r->header.maxval;
    bool over = false;
    if (maxval == 255)
        return false;
    if (maxval < 255) {
        for (size_t i = 0; i < samples; i++) {
            over |= p[i] > maxval;
            p[i] = r->scale[p[i]];
        }
        return over;
    }
    for (size_t i = 0; i < samples; i++) {
        uint32_t v = (uint32_t)p[2 * i] << 8 | p[2 * i + 1];
        if (maxval < 65535) {
            over |= v > maxval;
            v = pnm_scaled(min_u32(v, maxval), maxval, 65535);
        }
        uint16_t native = (uint16_t)v;
        memcpy(p + 2 * i, &native, 2);
    }
    return over;
}

/* Eight pixels from a byte, the first in the highest bit; 1 is black. */
static void expand_byte(unsigned bits, uint8_t out[8])
{
    /* each byte of a word keeps one bit, then becomes 1 for black, then 0 for black and 255 else */
    uint64_t x = bits * UINT64_C(0x0101010101010101) & UINT64_C(0x0102040810204080);
    uint64_t black = (x + UINT64_C(0x7f7f7f7f7f7f7f7f)) >> 7 & UINT64_C(0x0101010101010101);
    x = htole64((black ^ UINT64_C(0x0101010101010101)) * 255);
    memcpy(out, &x, 8);
}

/* Packed bits at the beginning of the row become pixels in place: from the end, so none is lost. */
static void expand_bits(uint8_t *row, size_t width)
{
    size_t i = (width + 7) / 8;
    if (width % 8 != 0) {
        uint8_t last[8];
        expand_byte(row[--i], last);
        memcpy(row + 8 * i, last, width % 8);
    }
    while (i-- > 0)
        expand_byte(row[i], row + 8 * i);
}

/* Samples are amounts of ink. The products need 32 bits: full is at most 65535. */
static void inks_to_rgb(const uint8_t *in, size_t pixels, bool wide, uint8_t *out)
{
    for (size_t i = 0; i < pixels; i++)
        for (size_t j = 0; j < 3; j++) {
            if (wide) {
                uint16_t ink, black, light;
                memcpy(&ink, in + 8 * i + 2 * j, 2);
                memcpy(&black, in + 8 * i + 6, 2);
                light = (uint16_t)(((65535u - ink) * (65535u - black) + 32767) / 65535);
                memcpy(out + 6 * i + 2 * j, &light, 2);
            } else {
                uint32_t light = (255u - in[4 * i + j]) * (255u - in[4 * i + 3]);
                out[3 * i + j] = (uint8_t)((light + 127) / 255);
            }
        }
}

/* As a PAM of inks is wider than its RGB, it comes through a buffer, a piece at a time. */
static enum status inks_row(struct decoder *d, uint8_t *out, bool *over, bool *ended)
{
    const struct pnm_reader *r = d->state;
    uint8_t piece[4096];
    bool wide = r->header.maxval > 255;
    size_t size = wide ? 8 : 4;
    for (size_t x = 0; x < r->header.width && !*ended;) {
        size_t got, n = min_size(r->header.width - x, sizeof piece / size);
        enum status st = source_read(d->src, piece, n * size, &got);
        if (st != ST_OK)
            return st;
        *ended = got < n * size;
        n = got / size;
        *over |= scale_raw(r, piece, n * 4);
        inks_to_rgb(piece, n, wide, out + x * (size - (wide ? 2 : 1)));
        x += n;
    }
    return ST_OK;
}

/* out starts as zeroes where the row may end early. */
static enum status raw_row(struct decoder *d, uint8_t *out, bool *over, bool *ended)
{
    const struct pnm_reader *r = d->state;
    const struct pnm_header *h = &r->header;
    size_t got, bytes = raw_bytes(h);
    enum status st = source_read(d->src, out, bytes, &got);
    if (st != ST_OK)
        return st;
    *ended = got < bytes;
    if (*ended) /* whole pixels stay */
        got -= h->kind == '4' ? 0 : got % layout_info(h->layout)->bytes;
    if (h->kind == '4') {
        size_t pixels = *ended ? got * 8 : h->width;
        expand_bits(out, pixels);
        memset(out + pixels, 0, h->width - pixels);
        return ST_OK;
    }
    memset(out + got, 0, bytes - got);
    *over = scale_raw(r, out, h->maxval > 255 ? got / 2 : got);
    return ST_OK;
}

static bool is_plain(const struct pnm_header *h)
{
    return h->kind <= '3';
}

static enum status judge(struct decoder *d, bool over, enum pnm_end end)
{
    if (end == PNM_JUNK)
        return pnm_fail(d, ST_DAMAGED, "junk where a sample should be");
    if (end == PNM_END)
        return pnm_fail(d, ST_DAMAGED, "the file ends early");
    if (end == PNM_OPEN)
        return pnm_fail(d, ST_DAMAGED,
                        "the file ends right behind a digit, another may be missing");
    return over ? pnm_damage(d, "a sample above maxval") : ST_OK;
}

enum status pnm_raster_row(struct decoder *d, uint8_t *out)
{
    const struct pnm_reader *r = d->state;
    const struct pnm_header *h = &r->header;
    size_t stride = (size_t)h->width * layout_info(h->layout)->bytes;
    bool over = false, ended = false;
    enum pnm_end end = PNM_GOOD;
    enum status st;
    if (is_plain(h)) {
        memset(out, 0, stride);
        st = pnm_plain_samples(d, out, samples_of_row(h), &over, &end);
    } else if (h->inks) {
        memset(out, 0, stride);
        st = inks_row(d, out, &over, &ended);
    } else {
        st = raw_row(d, out, &over, &ended);
    }
    return st != ST_OK ? st : judge(d, over, ended ? PNM_END : end);
}

enum status pnm_raster_skip(struct decoder *d, uint32_t rows)
{
    const struct pnm_reader *r = d->state;
    const struct pnm_header *h = &r->header;
    for (; rows > 0; rows--) {
        bool over = false;
        enum pnm_end end = PNM_GOOD;
        enum status st;
        if (is_plain(h)) {
            st = pnm_plain_samples(d, NULL, samples_of_row(h), &over, &end);
        } else {
            uint64_t got, bytes = raw_bytes(h);
            st = source_skip(d->src, bytes, &got);
            end = got < bytes ? PNM_END : PNM_GOOD;
        }
        if (st == ST_OK)
            st = judge(d, over, end);
        if (st != ST_OK)
            return st;
    }
    return ST_OK;
}
