/* SPDX-License-Identifier: MIT */
/* GIF out: the blocks around the LZW data, as small as the specification lets them be. */
#include "formats/gif/gif_plugin.h"

#include <string.h>

#include "formats/gif/gif_metadata.h"

#define MAX_SIDE 65535u

enum layout gif_choose(enum layout layout, bool alpha)
{
    (void)layout;
    (void)alpha;
    return LAYOUT_INDEX8;
}

/* Bits of an index: 1 .. 8. */
static unsigned index_bits(uint32_t colors)
{
    unsigned bits = 1;
    while (1u << bits < colors)
        bits++;
    return bits;
}

static uint8_t *put_le16(uint8_t *p, uint32_t value)
{
    p[0] = (uint8_t)value;
    p[1] = (uint8_t)(value >> 8);
    return p + 2;
}

/* What has been added to the metadata since this was last called. */
static enum status write_metadata(struct encoder *e)
{
    struct gif_writer *g = e->state;
    const struct metadata_item *item = g->written == NULL ? e->metadata->first : g->written->next;
    for (; item != NULL; item = item->next) {
        enum status st = gif_metadata_write(e->sink, item);
        if (st != ST_OK)
            return st;
        g->written = item;
    }
    return ST_OK;
}

/* GIF89a specification, sections 17 to 20 and 23. A still's palette is the global one. */
enum status gif_start(struct encoder *e)
{
    struct gif_writer *g = e->state;
    const struct picture *pic = &e->pic;
    if (pic->width > MAX_SIDE || pic->height > MAX_SIDE)
        return fail(e->cx, ST_UNSUPPORTED, "GIF holds at most 65535 x 65535 pixels, not %u x %u",
                    pic->width, pic->height);
    if (pic->palette.count == 0)
        return fail(e->cx, ST_BUG, "GIF: an empty palette");

    unsigned bits = index_bits(pic->palette.count);
    int transparent = palette_transparent(&pic->palette);
    uint8_t block[13 + 3 * 256 + 8 + 10], *p = block;

    /* only extensions need the newer version */
    bool extensions = transparent >= 0 || e->metadata->first != NULL;
    memcpy(p, extensions ? "GIF89a" : "GIF87a", 6);
    p = put_le16(p + 6, pic->width);
    p = put_le16(p, pic->height);
    *p++ = (uint8_t)(0x80 | (bits - 1) << 4 | (bits - 1));
    *p++ = 0; /* background color index */
    *p++ = 0; /* pixel aspect ratio: none given */

    memset(p, 0, (size_t)3 << bits);
    for (uint32_t i = 0; i < pic->palette.count; i++) {
        p[3 * i] = pic->palette.entry[i].r;
        p[3 * i + 1] = pic->palette.entry[i].g;
        p[3 * i + 2] = pic->palette.entry[i].b;
    }
    p += (size_t)3 << bits;
    enum status st = sink_write(e->sink, block, (size_t)(p - block));
    if (st == ST_OK)
        st = write_metadata(e);
    if (st != ST_OK)
        return st;
    p = block;

    if (transparent >= 0) {
        const uint8_t control[8] = {0x21, 0xf9, 4, 1, 0, 0, (uint8_t)transparent, 0};
        memcpy(p, control, sizeof control);
        p += sizeof control;
    }

    *p++ = 0x2c;
    p = put_le16(p, 0);
    p = put_le16(p, 0);
    p = put_le16(p, pic->width);
    p = put_le16(p, pic->height);
    *p++ = e->options.interlace ? 0x40 : 0;

    if (e->options.interlace)
        e->order = &interlace_gif;
    st = sink_write(e->sink, block, (size_t)(p - block));
    if (st == ST_OK)
        st = lzw_encoder_open(e->cx, e->sink, bits < 2 ? 2 : bits, pic->width, e->options.optimize,
                              &g->lzw);
    return st;
}

enum status gif_write(struct encoder *e, const uint8_t *row)
{
    struct gif_writer *g = e->state;
    return lzw_encoder_write(g->lzw, row, e->pic.width);
}

enum status gif_finish(struct encoder *e)
{
    struct gif_writer *g = e->state;
    enum status st = lzw_encoder_finish(g->lzw);
    if (st == ST_OK)
        st = write_metadata(e); /* what stood behind the pixels */
    return st == ST_OK ? sink_write(e->sink, ";", 1) : st;
}

void gif_discard(struct encoder *e)
{
    struct gif_writer *g = e->state;
    lzw_encoder_close(g->lzw);
}
