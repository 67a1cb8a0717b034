/* SPDX-License-Identifier: MIT */
/*
 * The LZW pair. The first byte chooses: pixels are encoded at some level, and our decoder and
 * giflib's must give them back, or, lossily, pixels that are near enough; or bytes are decoded as
 * they are, in blocks of some size, and a plain decoder must come as far and to the same pixels.
 */
#include "target.h"

#include <gif_lib.h>
#include <string.h>

#include "../unit/lzw_decode_reference.h"
#include "base/mem.h"
#include "formats/gif/lzw_colors.h"
#include "formats/gif/lzw_decode.h"
#include "formats/gif/lzw_encode.h"

#define PIXELS_MAX (1u << 17)
#define PIXELS_MAX_SLOW (1u << 10) /* at levels that look far ahead */

/* Bytes as sub-blocks of at most block bytes, or framed by their own lengths where block is 0. */
struct feed {
    const uint8_t *p, *end;
    size_t block;
};

static enum status feed_block(void *user, const uint8_t **data, size_t *bytes)
{
    struct feed *f = user;
    *bytes = 0;
    if (f->p == f->end)
        return ST_OK;
    if (f->block == 0) {
        *bytes = *f->p++;
    } else {
        *bytes = (size_t)(f->end - f->p);
        if (*bytes > f->block)
            *bytes = f->block;
    }
    *data = f->p;
    f->p += *bytes;
    return ST_OK;
}

/* Pieces of changing size; returns how many pixels came, exactly want of them or to the damage. */
static size_t decode(struct context *cx, unsigned min_code_size, struct feed *f, uint8_t *out,
                     size_t want)
{
    struct lzw_decoder *z;
    check(lzw_decoder_open(cx, &z) == ST_OK);
    lzw_decoder_start(z, min_code_size, want, feed_block, f);
    size_t at = 0, got, piece = 1;
    const char *why = NULL;
    enum status st = ST_OK;
    while (st == ST_OK && at < want) {
        piece = piece * 7 % 1009;
        size_t n = piece < want - at ? piece : want - at;
        st = lzw_decode(z, out + at, n, &got, &why);
        check(got <= n && (st != ST_OK || got == n));
        at += got;
    }
    if (st != ST_OK) {
        check(st == ST_DAMAGED && why != NULL);
        check(lzw_decode(z, out, 1, &got, &why) == st && got == 0); /* again and again */
    }
    lzw_decoder_close(z);
    return at;
}

struct bytes {
    const uint8_t *p, *end;
};

static int read_gif(GifFileType *gif, GifByteType *to, int n)
{
    struct bytes *b = gif->UserData;
    size_t take = (size_t)(b->end - b->p);
    if (take > (size_t)n)
        take = (size_t)n;
    memcpy(to, b->p, take);
    b->p += take;
    return (int)take;
}

/* data: the minimum code size byte and the sub-blocks of width x 1 pixels */
static void check_giflib(const uint8_t *data, size_t bytes, const uint8_t *pixels, size_t n)
{
    /* a canvas of 65535 columns at most: rows of one length, and giflib is asked for n pixels */
    size_t rows = n / 65535 + 1;
    uint8_t head[] = {
        'G', 'I', 'F',  '8', '9', 'a', 255, 255, 255, 255,           0,
        0,   0,   0x2c, 0,   0,   0,   0,   255, 255, (uint8_t)rows, (uint8_t)(rows >> 8),
        0};
    uint8_t *file = malloc(sizeof head + bytes + 1), *out = malloc(n);
    check(file != NULL && out != NULL);
    memcpy(file, head, sizeof head);
    memcpy(file + sizeof head, data, bytes);
    struct bytes b = {file, file + sizeof head + bytes};
    int error;
    GifRecordType record;
    GifFileType *gif = DGifOpen(&b, read_gif, &error);
    check(gif != NULL && DGifGetRecordType(gif, &record) == GIF_OK);
    check(DGifGetImageDesc(gif) == GIF_OK && DGifGetLine(gif, out, (int)n) == GIF_OK);
    check(memcmp(out, pixels, n) == 0);
    DGifCloseFile(gif, &error);
    free(file);
    free(out);
}

/* Runs of pixels from bytes: long ones are what fills the table with long strings. */
static size_t draw(const uint8_t *data, size_t size, unsigned colors, bool runs, size_t most,
                   uint8_t *out)
{
    size_t n = 0;
    for (size_t i = 0; i < size && n < most; i++) {
        size_t length = 1;
        if (runs && i + 1 < size)
            length = (size_t)data[i + 1] * data[i + 1] / 16 + 1, i++;
        while (length-- > 0 && n < most)
            out[n++] = (uint8_t)(data[i] % colors);
    }
    return n;
}

/* Mostly the quick ones. */
static unsigned choose_level(uint8_t byte)
{
    return byte >= 254 ? byte - 252u : byte % 2u;
}

/* Of any colors, one of which may be transparent; NULL: lossless. */
static struct lzw_colors *choose_colors(const uint8_t *data, size_t size, unsigned min_code_size)
{
    unsigned strength = data[1] / 2 % 128;
    if (data[1] % 2 == 0 || strength == 0 || strength > LOSSY_MAX)
        return NULL;
    struct lzw_colors *colors = malloc(sizeof *colors);
    check(colors != NULL);
    struct palette p = {.count = 1u << min_code_size};
    for (uint32_t i = 0; i < p.count; i++)
        p.entry[i] = (struct rgba8){data[i * 3 % size], data[i * 5 % size], (uint8_t)(i * data[2]),
                                    i == data[2] ? 0 : 255};
    lzw_colors_init(colors, &p, strength);
    return colors;
}

static void round_trip(struct context *cx, const uint8_t *data, size_t size)
{
    unsigned min_code_size = 2 + data[0] / 4 % 7, level = choose_level(data[1]);
    uint32_t width = 1 + data[2] * 4u;
    uint8_t *pixels = malloc(PIXELS_MAX), *back = malloc(PIXELS_MAX);
    struct sink *sink;
    struct lzw_encoder *z;
    check(pixels != NULL && back != NULL);
    size_t most = level < 2 ? PIXELS_MAX : PIXELS_MAX_SLOW, bytes;
    size_t n = draw(data + 3, size - 3, 1u << min_code_size, data[0] & 2, most, pixels);
    check(sink_open_memory(cx, &sink) == ST_OK);
    struct lzw_colors *colors = choose_colors(data, size, min_code_size);
    if (colors != NULL)
        check(lzw_encoder_open_lossy(cx, sink, min_code_size, colors, &z) == ST_OK);
    else
        check(lzw_encoder_open(cx, sink, min_code_size, width, level, &z) == ST_OK);
    for (size_t at = 0; at < n; at += width)
        check(lzw_encoder_write(z, pixels + at, width < n - at ? width : n - at) == ST_OK);
    check(lzw_encoder_finish(z) == ST_OK);
    lzw_encoder_close(z);
    const uint8_t *coded = sink_data(sink, &bytes);
    check(bytes >= 3 && coded[0] == min_code_size && coded[bytes - 1] == 0);
    struct feed f = {coded + 1, coded + bytes, 0};
    check(decode(cx, min_code_size, &f, back, n) == n);
    for (size_t i = 0; i < n; i++)
        check(colors == NULL ? back[i] == pixels[i]
                             : colors->error[pixels[i]][back[i]] <= LZW_ERROR_CAP);
    if (n > 0)
        check_giflib(coded, bytes, back, n);
    sink_close(sink);
    free(colors);
    free(pixels);
    free(back);
}

static void decode_raw(struct context *cx, const uint8_t *data, size_t size)
{
    unsigned min_code_size = 1 + data[0] / 2 % 8;
    size_t block = 1 + data[1] % 255u, want = (size_t)(data[2] + 1) * (data[2] + 1) * 2;
    uint8_t *ours = malloc(want), *theirs = malloc(want);
    check(ours != NULL && theirs != NULL);
    struct feed f = {data + 3, data + size, block};
    size_t got = decode(cx, min_code_size, &f, ours, want);
    check(got == plain_decode(min_code_size, data + 3, size - 3, theirs, want));
    check(memcmp(ours, theirs, got) == 0);
    free(ours);
    free(theirs);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct context cx;
    if (size < 3)
        return 0;
    context_init(&cx);
    if (data[0] & 1)
        decode_raw(&cx, data, size);
    else
        round_trip(&cx, data, size);
    check(cx.mem.in_use == 0);
    return 0;
}
