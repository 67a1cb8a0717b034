/* SPDX-License-Identifier: MIT */
/* APNG's chunks found and checked; each frame's fdAT made IDAT of a file that never exists. */
#include "formats/png/png_frames.h"

#include <string.h>
#include <zlib.h>

#include "base/size.h"
#include "formats/delay.h"
#include "formats/png/png_plugin.h"

#define PIECE_BYTES 4096u

/* Before libpng is told to transform anything. */
static void save_shape(struct decoder *d, const png_color_16 *key)
{
    struct png_reader *r = d->state;
    struct png_frames *f = &r->frames;
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

void png_frames_open(struct decoder *d, const png_color_16 *key)
{
    struct png_reader *r = d->state;
    const struct png_tap *t = &r->tap;
    struct png_frames *f = &r->frames;
    if (!t->has_animation)
        return;
    uint32_t plays = load_be32(t->animation + 4);
    f->announced = load_be32(t->animation);
    if (f->announced == 0 || f->announced > INT32_MAX || plays > INT32_MAX) {
        f->announced = 0;
        return;
    }
    d->info.may_move = true;
    save_shape(d, key);
    /* PNG counts plays, others what comes after the first one */
    d->loop = plays == 0 ? LOOP_FOREVER : plays == 1 ? LOOP_ABSENT : (int)min_u32(plays - 1, 65535);
}

static void end_animation(struct decoder *d)
{
    struct png_reader *r = d->state;
    r->frames.over = true;
    d->warning = "the animation breaks PNG's rules and ends early";
}

/* Of fcTL's two numbers. */
static double exact_cs(const uint8_t *control)
{
    unsigned number = (unsigned)control[20] << 8 | control[21];
    unsigned per_second = (unsigned)control[22] << 8 | control[23];
    return number * 100.0 / (per_second == 0 ? 100 : per_second);
}

/* Takes the fcTL that the tap has seen. false: it makes no sense. */
static bool take_control(struct decoder *d, struct frame *out)
{
    struct png_reader *r = d->state;
    const uint8_t *c = r->tap.control;
    uint32_t x = load_be32(c + 12), y = load_be32(c + 16);
    r->tap.has_control = false;
    out->pic.width = load_be32(c + 4);
    out->pic.height = load_be32(c + 8);
    out->x = x;
    out->y = y;
    out->exact_cs = exact_cs(c);
    out->delay_cs = delay_round(out->exact_cs, &r->frames.owed);
    out->disposal = c[24] == 0   ? DISPOSAL_KEEP
                    : c[24] == 1 ? DISPOSAL_BACKGROUND
                                 : DISPOSAL_PREVIOUS;
    if (r->frames.shown == 0 && out->disposal == DISPOSAL_PREVIOUS)
        out->disposal = DISPOSAL_BACKGROUND;
    out->replaces = c[25] == 0;
    return load_be32(c) == r->frames.sequence++ && out->pic.width != 0 && out->pic.height != 0 &&
           (uint64_t)x + out->pic.width <= d->info.width &&
           (uint64_t)y + out->pic.height <= d->info.height && c[24] <= 2 && c[25] <= 1;
}

void png_frames_first(struct decoder *d, struct frame *out)
{
    struct png_reader *r = d->state;
    struct frame f = {.order = NULL};
    if (r->frames.announced == 0)
        return;
    r->frames.palette = r->pic.palette;
    if (!r->tap.has_control) {
        out->hidden = true;
        return;
    }
    if (!take_control(d, &f) || f.pic.width != d->info.width || f.pic.height != d->info.height) {
        end_animation(d);
        return;
    }
    r->frames.shown++;
    out->delay_cs = f.delay_cs;
    out->exact_cs = f.exact_cs;
    out->disposal = f.disposal;
    out->replaces = f.replaces;
}

/* Passes bytes of the file by. */
static enum status pull(struct decoder *d, uint64_t bytes)
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

/* To the end of the chunk that libpng was in. */
static enum status finish_chunk(struct decoder *d)
{
    struct png_reader *r = d->state;
    enum status st = ST_OK;
    while (st == ST_OK && png_tap_left(&r->tap) > 0)
        st = pull(d, png_tap_left(&r->tap));
    return st;
}

/* The next chunk's type and length, not consumed; of fdAT its sequence number too. */
static enum status peek_chunk(struct decoder *d, const uint8_t **head)
{
    struct png_reader *r = d->state;
    size_t got;
    enum status st = source_peek(d->src, 12, head, &got);
    if (st == ST_OK && (got < 12 || load_be32(*head) > INT32_MAX))
        st = png_guard_fail(&r->guard, ST_DAMAGED, "the file ends early");
    return st;
}

static bool is_data(const uint8_t *head)
{
    return memcmp(head + 4, "fdAT", 4) == 0 && load_be32(head) >= 4;
}

enum status png_frames_next(struct decoder *d, struct frame *out)
{
    struct png_reader *r = d->state;
    struct png_frames *f = &r->frames;
    const uint8_t *head;
    f->feeding = false;
    r->guard.where = "after the pixels";
    enum status st = finish_chunk(d);
    while (st == ST_OK) {
        if (r->tap.has_control && !f->over) {
            if (f->shown == f->announced)
                f->over = true;
            else if (!take_control(d, out))
                end_animation(d);
            else
                break;
        }
        r->tap.has_control = false;
        st = peek_chunk(d, &head);
        if (st != ST_OK)
            break;
        if (is_data(head) && load_be32(head + 8) != f->sequence++ && !f->over)
            end_animation(d);
        bool end = memcmp(head + 4, "IEND", 4) == 0;
        st = pull(d, (uint64_t)load_be32(head) + 12);
        if (st == ST_OK && end)
            return ST_END;
    }
    if (st != ST_OK)
        return st;
    f->shown++;
    return ST_OK;
}

/* A chunk of ours goes to the head. */
static void add_chunk(struct png_frames *f, const char *type, const uint8_t *data, uint32_t bytes)
{
    uint8_t *p = f->head + f->head_bytes;
    png_save_uint_32(p, bytes);
    memcpy(p + 4, type, 4);
    memcpy(p + 8, data, bytes);
    png_save_uint_32(p + 8 + bytes, (uint32_t)crc32(0, p + 4, bytes + 4));
    f->head_bytes += bytes + 12;
}

static void add_palette(struct png_frames *f)
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

void png_frames_begin(struct decoder *d, uint32_t width, uint32_t height)
{
    struct png_reader *r = d->state;
    struct png_frames *f = &r->frames;
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
    f->feed = PNG_FEED_HEAD;
    f->left = 0;
    f->feeding = true;
}

/* Behind the head, or the chunk before, comes another chunk of pixels, or the end. */
static enum status next_data(struct decoder *d)
{
    struct png_reader *r = d->state;
    struct png_frames *f = &r->frames;
    const uint8_t *head;
    enum status st = peek_chunk(d, &head);
    if (st != ST_OK)
        return st;
    f->head_bytes = f->head_at = 0;
    if (!is_data(head) && !f->has_data)
        return png_guard_fail(&r->guard, ST_DAMAGED, "a frame without pixels");
    if (!is_data(head)) {
        add_chunk(f, "IEND", head, 0);
        f->feed = PNG_FEED_END;
        return ST_OK;
    }
    if (load_be32(head + 8) != f->sequence++)
        return png_guard_fail(&r->guard, ST_DAMAGED, "fdAT out of order");
    f->has_data = true;
    f->left = load_be32(head) - 4;
    f->crc = (uint32_t)crc32(0, head + 4, 8);
    png_save_uint_32(f->head, f->left);
    memcpy(f->head + 4, "IDAT", 4);
    f->head_bytes = 8;
    f->feed = PNG_FEED_BODY;
    return pull(d, 12);
}

/* Bytes of the file, at most as many as are left of what is fed. */
static enum status read_some(struct decoder *d, uint8_t *out, size_t bytes, size_t *n)
{
    struct png_reader *r = d->state;
    size_t got;
    *n = min_size(bytes, r->frames.left);
    enum status st = source_read(d->src, out, *n, &got);
    if (st == ST_OK)
        st = png_tap_feed(&r->tap, out, got);
    if (st == ST_OK && got < *n)
        st = png_guard_fail(&r->guard, ST_DAMAGED, "the file ends early");
    r->frames.left -= (uint32_t)*n;
    return st;
}

/* The CRC is over what fdAT holds, so that libpng cannot check it. */
static enum status check_crc(struct decoder *d)
{
    struct png_reader *r = d->state;
    uint8_t *crc = r->frames.head;
    size_t n;
    r->frames.left = 4;
    enum status st = read_some(d, crc, 4, &n);
    if (st == ST_OK && load_be32(crc) != r->frames.crc)
        st = png_guard_damage(&r->guard, "fdAT: CRC error");
    r->frames.head_at = 0;
    r->frames.head_bytes = 4;
    r->frames.feed = PNG_FEED_HEAD;
    return st;
}

enum status png_frames_read(struct decoder *d, uint8_t *out, size_t bytes)
{
    struct png_reader *r = d->state;
    struct png_frames *f = &r->frames;
    enum status st = ST_OK;
    while (st == ST_OK && bytes > 0) {
        size_t n = min_size(bytes, f->head_bytes - f->head_at);
        if (n > 0) {
            memcpy(out, f->head + f->head_at, n);
            f->head_at += n;
        } else if (f->feed == PNG_FEED_BODY && f->left > 0) {
            st = read_some(d, out, bytes, &n);
            if (st == ST_OK)
                f->crc = (uint32_t)crc32(f->crc, out, (uInt)n);
        } else if (f->feed == PNG_FEED_BODY) {
            st = check_crc(d);
        } else if (f->feed == PNG_FEED_HEAD) {
            st = next_data(d);
        } else {
            st = png_guard_fail(&r->guard, ST_DAMAGED, "a frame has too few pixels");
        }
        out += n;
        bytes -= n;
    }
    return st;
}
