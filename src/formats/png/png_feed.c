/* SPDX-License-Identifier: MIT */
/* fdAT made IDAT: a signature, IHDR and palette of ours, then the file's own pixels, then IEND. */
#include "formats/png/png_feed.h"

#include <string.h>

#include "base/size.h"
#include "formats/png/png_plugin.h"

#define PIECE_BYTES 4096u

enum status png_chunk_pass(struct decoder *d, uint64_t bytes)
{
    struct png_reader *r = d->state;
    uint8_t piece[PIECE_BYTES];
    enum status st = ST_OK;
    while (st == ST_OK && bytes > 0) {
        size_t n = bytes < sizeof piece ? (size_t)bytes : sizeof piece, got;
        st = source_read(d->src, piece, n, &got);
        if (st == ST_OK)
            st = png_tap_feed(&r->tap, piece, got);
        if (st == ST_OK && got < n)
            st = png_guard_fail(&r->guard, ST_DAMAGED, "the file ends early");
        bytes -= n;
    }
    return st;
}

enum status png_chunk_peek(struct decoder *d, const uint8_t **head)
{
    struct png_reader *r = d->state;
    size_t got;
    enum status st = source_peek(d->src, 12, head, &got);
    if (st == ST_OK && (got < 12 || load_be32(*head) > INT32_MAX))
        st = png_guard_fail(&r->guard, ST_DAMAGED, "the file ends early");
    return st;
}

bool png_chunk_is_data(const uint8_t *head)
{
    return memcmp(head + 4, "fdAT", 4) == 0 && load_be32(head) >= 4;
}

void png_feed_like(struct decoder *d, const png_color_16 *key)
{
    struct png_reader *r = d->state;
    struct png_feed *f = &r->feed;
    unsigned type = png_get_color_type(r->png, r->info);
    f->shape[0] = png_get_bit_depth(r->png, r->info);
    f->shape[1] = (uint8_t)type;
    f->shape[4] = png_get_interlace_type(r->png, r->info);
    if (type == PNG_COLOR_TYPE_PALETTE || key == NULL)
        return;
    bool color = (type & PNG_COLOR_MASK_COLOR) != 0;
    const uint16_t sample[3] = {color ? key->red : key->gray, key->green, key->blue};
    f->key_bytes = color ? 6 : 2;
    for (size_t i = 0; i < f->key_bytes; i += 2) {
        f->key[i] = (uint8_t)(sample[i / 2] >> 8);
        f->key[i + 1] = (uint8_t)sample[i / 2];
    }
}

/* A chunk of ours goes to the head. */
static void add_chunk(struct png_feed *f, const char *type, const uint8_t *data, uint32_t bytes)
{
    uint8_t *p = f->head + f->head_bytes;
    png_save_uint_32(p, bytes);
    memcpy(p + 4, type, 4);
    memcpy(p + 8, data, bytes);
    png_save_uint_32(p + 8 + bytes, (uint32_t)crc32(0, p + 4, bytes + 4));
    f->head_bytes += bytes + 12;
}

static void add_palette(struct png_feed *f)
{
    uint8_t color[768] = {0}, alpha[256] = {0};
    const struct palette *p = &f->palette;
    uint32_t alphas = 0;
    for (uint32_t i = 0; i < p->count; i++) {
        const struct rgba8 *c = &p->entry[i];
        memcpy(color + 3 * (size_t)i, (uint8_t[]){c->r, c->g, c->b}, 3);
        alpha[i] = c->a;
        if (c->a < 255)
            alphas = i + 1;
    }
    add_chunk(f, "PLTE", color, 3 * p->count);
    if (alphas > 0)
        add_chunk(f, "tRNS", alpha, alphas);
}

void png_feed_begin(struct decoder *d, uint32_t width, uint32_t height)
{
    struct png_reader *r = d->state;
    struct png_feed *f = &r->feed;
    uint8_t header[13];
    png_save_uint_32(header, width);
    png_save_uint_32(header + 4, height);
    memcpy(header + 8, f->shape, sizeof f->shape);
    memcpy(f->head, "\x89PNG\r\n\x1a\n", 8);
    f->head_bytes = 8;
    f->head_at = 0;
    add_chunk(f, "IHDR", header, sizeof header);
    if (f->shape[1] == PNG_COLOR_TYPE_PALETTE)
        add_palette(f);
    else if (f->key_bytes > 0)
        add_chunk(f, "tRNS", f->key, (uint32_t)f->key_bytes);
    f->has_data = false;
    f->next = PNG_FEED_HEAD;
    f->left = 0;
    f->active = true;
}

/* Behind the head, or the chunk before, comes another chunk of pixels, or the end. */
static enum status next_data(struct decoder *d)
{
    struct png_reader *r = d->state;
    struct png_feed *f = &r->feed;
    const uint8_t *head;
    enum status st = png_chunk_peek(d, &head);
    if (st != ST_OK)
        return st;
    f->head_bytes = f->head_at = 0;
    if (!png_chunk_is_data(head) && !f->has_data)
        return png_guard_fail(&r->guard, ST_DAMAGED, "a frame without pixels");
    if (!png_chunk_is_data(head)) {
        add_chunk(f, "IEND", head, 0);
        f->next = PNG_FEED_END;
        return ST_OK;
    }
    if (load_be32(head + 8) != r->frames.sequence++)
        return png_guard_fail(&r->guard, ST_DAMAGED, "fdAT out of order");
    f->has_data = true;
    f->left = load_be32(head) - 4;
    f->crc = (uint32_t)crc32(0, head + 4, 8);
    png_save_uint_32(f->head, f->left);
    memcpy(f->head + 4, "IDAT", 4);
    f->head_bytes = 8;
    f->next = PNG_FEED_BODY;
    return png_chunk_pass(d, 12);
}

/* Bytes of the file, at most as many as are left of what is fed. */
static enum status read_some(struct decoder *d, uint8_t *out, size_t bytes, size_t *n)
{
    struct png_reader *r = d->state;
    size_t got;
    *n = min_size(bytes, r->feed.left);
    enum status st = source_read(d->src, out, *n, &got);
    if (st == ST_OK)
        st = png_tap_feed(&r->tap, out, got);
    if (st == ST_OK && got < *n)
        st = png_guard_fail(&r->guard, ST_DAMAGED, "the file ends early");
    r->feed.left -= (uint32_t)*n;
    return st;
}

/* The CRC is over what fdAT holds, so that libpng cannot check it. */
static enum status check_crc(struct decoder *d)
{
    struct png_reader *r = d->state;
    uint8_t *crc = r->feed.head;
    size_t n;
    r->feed.left = 4;
    enum status st = read_some(d, crc, 4, &n);
    if (st == ST_OK && load_be32(crc) != r->feed.crc)
        st = png_guard_damage(&r->guard, "fdAT: CRC error");
    r->feed.head_at = 0;
    r->feed.head_bytes = 4;
    r->feed.next = PNG_FEED_HEAD;
    return st;
}

enum status png_feed_read(struct decoder *d, uint8_t *out, size_t bytes)
{
    struct png_reader *r = d->state;
    struct png_feed *f = &r->feed;
    enum status st = ST_OK;
    while (st == ST_OK && bytes > 0) {
        size_t n = min_size(bytes, f->head_bytes - f->head_at);
        if (n > 0) {
            memcpy(out, f->head + f->head_at, n);
            f->head_at += n;
        } else if (f->next == PNG_FEED_BODY && f->left > 0) {
            st = read_some(d, out, bytes, &n);
            if (st == ST_OK)
                f->crc = (uint32_t)crc32(f->crc, out, (uInt)n);
        } else if (f->next == PNG_FEED_BODY) {
            st = check_crc(d);
        } else if (f->next == PNG_FEED_HEAD) {
            st = next_data(d);
        } else {
            st = png_guard_fail(&r->guard, ST_DAMAGED, "a frame has too few pixels");
        }
        out += n;
        bytes -= n;
    }
    return st;
}
