/* SPDX-License-Identifier: MIT */
/* APNG out: libpng makes a PNG of each frame, whose IDAT become the frame's IDAT or fdAT. */
#include <math.h>
#include <string.h>
#include <zlib.h>

#include "base/size.h"
#include "formats/png/png_plugin.h"

/* In memory, of all that follows acTL. */
#define BODY_IN_MEMORY (64u * 1024)

#define SIGNATURE_BYTES 8u
#define CRC_BYTES 4u
#define IHDR_BYTES 25u

static void write_file(png_structp png, png_bytep data, size_t bytes)
{
    struct encoder *e = png_get_io_ptr(png);
    struct apng_writer *a = e->state;
    uint64_t head = SIGNATURE_BYTES + IHDR_BYTES, at = sink_offset(e->sink);
    size_t direct = a->ends ? bytes : at < head ? min_size(bytes, (size_t)(head - at)) : 0;
    enum status st = sink_write(e->sink, data, direct);
    if (st == ST_OK)
        st = sink_write(a->body, data + direct, bytes - direct);
    if (st != ST_OK) {
        a->file.guard.status = st;
        png_error(png, "write");
    }
}

/* Bytes of the head of a chunk, then of the rest of it; *n: how many. */
static enum status take_some(struct apng_writer *a, const uint8_t *data, size_t bytes, size_t *n)
{
    if (a->left == 0) {
        *n = min_size(bytes, sizeof a->head - a->have);
        memcpy(a->head + a->have, data, *n);
        a->have += (uint32_t)*n;
        if (a->have == sizeof a->head) {
            a->left = load_be32(a->head) + CRC_BYTES;
            a->have = 0;
        }
        return ST_OK;
    }
    *n = min_size(bytes, a->left);
    size_t body = a->left > CRC_BYTES ? min_size(*n, a->left - CRC_BYTES) : 0;
    a->left -= (uint32_t)*n;
    return memcmp(a->head + 4, "IDAT", 4) == 0 ? sink_write(a->to, data, body) : ST_OK;
}

/* Of a frame's PNG only what its IDAT hold goes on. */
static void write_frame(png_structp png, png_bytep data, size_t bytes)
{
    struct encoder *e = png_get_io_ptr(png);
    struct apng_writer *a = e->state;
    enum status st = ST_OK;
    for (size_t n; st == ST_OK && bytes > 0; data += n, bytes -= n)
        st = take_some(a, data, bytes, &n);
    if (st != ST_OK) {
        a->frame.guard.status = st;
        png_error(png, "write");
    }
}

enum status apng_begin(struct encoder *e)
{
    struct apng_writer *a = e->state;
    enum status st = png_writer_check(e, &a->file, &e->pic);
    a->moves = true;
    if (st == ST_OK)
        st = sink_open_growing(e->cx, BODY_IN_MEMORY, &a->body);
    if (st != ST_OK)
        return st;
    if (setjmp(a->file.guard.jump) == 0 && png_writer_begin(e, &a->file, &e->pic, write_file))
        png_writer_info(e, &a->file);
    return a->file.guard.status;
}

/* All frames have one header, but for their size. */
static void begin_frame(struct encoder *e, struct apng_writer *a, const struct picture *pic)
{
    if (!png_writer_begin(e, &a->frame, pic, write_frame))
        return;
    png_write_info(a->frame.png, a->frame.info);
    png_writer_pixels(e, &a->frame);
}

enum status apng_code(struct encoder *e, const struct frame *f, struct sink *to)
{
    struct apng_writer *a = e->state;
    struct picture pic = e->pic;
    pic.width = f->pic.width;
    pic.height = f->pic.height;
    if (f->pic.layout != pic.layout)
        return fail(e->cx, ST_BUG, "apng: a frame of another layout");
    enum status st = png_writer_check(e, &a->frame, &pic);
    if (st != ST_OK)
        return st;
    png_writer_close(e, &a->frame);
    a->to = to;
    a->have = 0;
    a->left = SIGNATURE_BYTES; /* no chunk, and so none of pixels */
    memset(a->head, 0, sizeof a->head);
    if (setjmp(a->frame.guard.jump) == 0)
        begin_frame(e, a, &pic);
    return a->frame.guard.status;
}

enum status apng_write(struct encoder *e, const uint8_t *row)
{
    struct apng_writer *a = e->state;
    return png_writer_row(e, a->moves ? &a->frame : &a->file, row);
}

enum status apng_coded(struct encoder *e)
{
    struct apng_writer *a = e->state;
    if (!png_cursor_done(&a->frame.guard.cursor))
        return fail(e->cx, ST_BUG, "apng: rows are missing");
    a->frame.guard.where = "after the last row of a frame";
    a->frame.guard.status = ST_OK;
    if (setjmp(a->frame.guard.jump) == 0)
        png_write_end(a->frame.png, NULL);
    return a->frame.guard.status;
}

/* A chunk of the body. */
static enum status add_chunk(struct apng_writer *a, const char *type, const uint8_t *data,
                             uint32_t bytes)
{
    uint8_t head[8], tail[CRC_BYTES];
    png_save_uint_32(head, bytes);
    memcpy(head + 4, type, 4);
    uLong crc = crc32(crc32(0, head + 4, 4), data, bytes);
    png_save_uint_32(tail, (uint32_t)crc);
    enum status st = sink_write(a->body, head, sizeof head);
    if (st == ST_OK)
        st = sink_write(a->body, data, bytes);
    return st == ST_OK ? sink_write(a->body, tail, sizeof tail) : st;
}

/* The pixels that have been gathered. */
static enum status end_data(struct apng_writer *a)
{
    uint32_t bytes = (uint32_t)a->used;
    a->used = 0;
    if (bytes == 0)
        return ST_OK;
    if (a->first)
        return add_chunk(a, "IDAT", a->data + 4, bytes);
    png_save_uint_32(a->data, a->sequence++);
    return add_chunk(a, "fdAT", a->data, bytes + 4);
}

/*
 * A time as the fraction of two numbers of 16 bits that it is, or the best one there is: the
 * convergents of its continued fraction are tried. Two such fractions differ by 2e-10 at least.
 */
static void find_fraction(double seconds, uint16_t *number, uint16_t *parts)
{
    double n0 = 0, d0 = 1, n1 = 1, d1 = 0, rest = seconds;
    for (;;) {
        double whole = floor(rest), n = whole * n1 + n0, d = whole * d1 + d0;
        if (n > 65535 || d > 65535)
            break;
        n0 = n1, d0 = d1, n1 = n, d1 = d;
        if (fabs(n1 / d1 - seconds) < 5e-11 || rest == whole)
            break;
        rest = 1 / (rest - whole);
    }
    bool over = d1 == 0; /* more seconds than can be told */
    *number = over ? 65535 : (uint16_t)n1;
    *parts = over ? 1 : (uint16_t)d1;
}

/* Source: PNG specification, third edition, 11.3.5.2 */
static void make_control(const struct frame *f, uint32_t sequence, uint8_t out[static 26])
{
    uint16_t number = (uint16_t)f->delay_cs, parts = 100;
    if (f->exact_cs != 0 || f->delay_cs > 65535)
        find_fraction((f->exact_cs != 0 ? f->exact_cs : f->delay_cs) / 100, &number, &parts);
    png_save_uint_32(out, sequence);
    png_save_uint_32(out + 4, f->pic.width);
    png_save_uint_32(out + 8, f->pic.height);
    png_save_uint_32(out + 12, (uint32_t)f->x);
    png_save_uint_32(out + 16, (uint32_t)f->y);
    png_save_uint_16(out + 20, number);
    png_save_uint_16(out + 22, parts);
    out[24] = f->disposal == DISPOSAL_BACKGROUND ? 1 : f->disposal == DISPOSAL_PREVIOUS ? 2 : 0;
    out[25] = f->replaces ? 0 : 1;
}

enum status apng_append(struct encoder *e, const struct frame *f)
{
    struct apng_writer *a = e->state;
    uint8_t control[26];
    const struct picture *p = &f->pic;
    bool whole = f->x == 0 && f->y == 0 && p->width == e->pic.width && p->height == e->pic.height;
    if (f->x < 0 || f->y < 0 || (uint64_t)f->x + p->width > e->pic.width ||
        (uint64_t)f->y + p->height > e->pic.height || (!whole && !a->begun) ||
        (f->hidden && a->begun))
        return fail(e->cx, ST_BUG, "apng: a frame of %u x %u at %lld, %lld", p->width, p->height,
                    (long long)f->x, (long long)f->y);
    enum status st = end_data(a);
    a->first = !a->begun;
    a->begun = true;
    if (st != ST_OK || f->hidden)
        return st;
    a->frames++;
    make_control(f, a->sequence++, control);
    return add_chunk(a, "fcTL", control, sizeof control);
}

enum status apng_put(struct encoder *e, const uint8_t *data, size_t bytes)
{
    struct apng_writer *a = e->state;
    enum status st = ST_OK;
    while (st == ST_OK && bytes > 0) {
        size_t n = min_size(bytes, sizeof a->data - 4 - a->used);
        memcpy(a->data + 4 + a->used, data, n);
        a->used += n;
        data += n;
        bytes -= n;
        if (a->used == sizeof a->data - 4)
            st = end_data(a);
    }
    return st;
}

/* PNG counts plays, the others what comes after the first one. */
static uint32_t plays(int loop)
{
    return loop == LOOP_FOREVER ? 0 : loop == LOOP_ABSENT ? 1 : (uint32_t)loop + 1;
}

static void write_animation(struct encoder *e, struct apng_writer *a)
{
    uint8_t animation[8];
    a->ends = true;
    png_save_uint_32(animation, a->frames);
    png_save_uint_32(animation + 4, plays(e->loop));
    if (a->frames > 0)
        png_write_chunk(a->file.png, (png_const_bytep) "acTL", animation, sizeof animation);
    a->file.guard.status = sink_copy(a->body, e->sink);
    if (a->file.guard.status != ST_OK)
        return;
    png_metadata_write_late(a->file.png, e->cx, e->metadata, a->file.written);
    png_write_chunk(a->file.png, (png_const_bytep) "IEND", NULL, 0);
}

enum status apng_finish(struct encoder *e)
{
    struct apng_writer *a = e->state;
    if (!a->moves)
        return png_writer_finish(e);
    enum status st = end_data(a);
    if (st != ST_OK)
        return st;
    a->file.guard.where = "after the last frame";
    a->file.guard.status = ST_OK;
    if (setjmp(a->file.guard.jump) == 0)
        write_animation(e, a);
    return a->file.guard.status;
}

void apng_discard(struct encoder *e)
{
    struct apng_writer *a = e->state;
    png_writer_close(e, &a->frame);
    sink_close(a->body);
    png_writer_discard(e);
}
