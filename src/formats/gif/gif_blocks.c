/* SPDX-License-Identifier: MIT */
/* Blocks are put together in a buffer and written at once. */
#include "formats/gif/gif_blocks.h"

#include <string.h>

#define PALETTE_BYTES (3 * 256)

/* Of an index into a palette of so many colors: 1 .. 8. */
static unsigned index_bits(uint32_t colors)
{
    unsigned bits = 1;
    while (1u << bits < colors)
        bits++;
    return bits;
}

unsigned gif_code_size(uint32_t colors)
{
    unsigned bits = index_bits(colors);
    return bits < 2 ? 2 : bits;
}

static uint8_t *put_le16(uint8_t *p, uint32_t value)
{
    p[0] = (uint8_t)value;
    p[1] = (uint8_t)(value >> 8);
    return p + 2;
}

/* count colors, and black up to the power of two that a palette has. */
static uint8_t *put_palette(uint8_t *p, const struct palette *palette, uint32_t count)
{
    size_t bytes = (size_t)3 << index_bits(count);
    memset(p, 0, bytes);
    for (uint32_t i = 0; i < count; i++) {
        p[3 * i] = palette->entry[i].r;
        p[3 * i + 1] = palette->entry[i].g;
        p[3 * i + 2] = palette->entry[i].b;
    }
    return p + bytes;
}

enum status gif_write_header(struct sink *sink, const struct picture *canvas, uint8_t background,
                             bool extensions)
{
    uint8_t block[13 + PALETTE_BYTES], *p = block;
    unsigned bits = index_bits(canvas->palette.count);
    bool global = canvas->palette.count != 0;
    memcpy(p, extensions ? "GIF89a" : "GIF87a", 6);
    p = put_le16(p + 6, canvas->width);
    p = put_le16(p, canvas->height);
    *p++ = (uint8_t)(global ? 0x80 | (bits - 1) << 4 | (bits - 1) : 0);
    *p++ = background;
    *p++ = 0; /* pixel aspect ratio: none given */
    if (global)
        p = put_palette(p, &canvas->palette, canvas->palette.count);
    return sink_write(sink, block, (size_t)(p - block));
}

enum status gif_write_loop(struct sink *sink, int loop)
{
    uint8_t block[19] = "\x21\xff\x0bNETSCAPE2.0\x03\x01";
    put_le16(block + 16, (uint32_t)loop);
    block[18] = 0;
    return sink_write(sink, block, sizeof block);
}

enum status gif_write_control(struct sink *sink, const struct frame *f)
{
    int transparent = palette_transparent(&f->pic.palette);
    if (transparent < 0 && f->delay_cs == 0 && f->disposal == DISPOSAL_NONE)
        return ST_OK;
    uint8_t block[8] = {0x21, 0xf9, 4};
    block[3] = (uint8_t)((unsigned)f->disposal << 2 | (transparent >= 0));
    put_le16(block + 4, f->delay_cs);
    block[6] = (uint8_t)(transparent < 0 ? 0 : transparent);
    return sink_write(sink, block, sizeof block);
}

enum status gif_write_image(struct sink *sink, const struct frame *f)
{
    uint8_t block[10 + PALETTE_BYTES], *p = block;
    uint32_t colors = f->palette_size != 0 ? f->palette_size : f->pic.palette.count;
    *p++ = 0x2c;
    p = put_le16(p, (uint32_t)f->x);
    p = put_le16(p, (uint32_t)f->y);
    p = put_le16(p, f->pic.width);
    p = put_le16(p, f->pic.height);
    *p++ = (uint8_t)((f->order == &interlace_gif ? 0x40 : 0) |
                     (f->local ? 0x80 | (index_bits(colors) - 1) : 0));
    if (f->local)
        p = put_palette(p, &f->pic.palette, colors);
    return sink_write(sink, block, (size_t)(p - block));
}
