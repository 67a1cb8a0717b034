/* SPDX-License-Identifier: MIT */
/* Picks the method of a level. */
#include "formats/gif/lzw_encode.h"

#include "base/mem.h"
#include "base/size.h"
#include "base/spool.h"
#include "formats/gif/lzw_method.h"

/* by level */
static const struct lzw_method *const methods[] = {&lzw_greedy, &lzw_small, &lzw_least, &lzw_least};

#define LEVELS (sizeof methods / sizeof *methods)

const struct lzw_method *lzw_method(unsigned level, bool frames)
{
    return frames && level == 1 ? &lzw_race : methods[level < LEVELS ? level : LEVELS - 1];
}

/* NULL with the context's error. */
static struct lzw_encoder *make(struct context *cx, const struct lzw_method *method)
{
    struct lzw_encoder *z = mem_zalloc(cx, method->bytes);
    if (z != NULL) {
        z->method = method;
        z->cx = cx;
    }
    return z;
}

static enum status begin(struct lzw_encoder *z, struct sink *sink, unsigned min_code_size,
                         uint32_t row_width, struct lzw_encoder **out)
{
    enum status st = lzw_encoder_restart(z, sink, min_code_size, row_width);
    if (st == ST_OK)
        *out = z;
    else
        lzw_encoder_close(z);
    return st;
}

static enum status open_method(struct context *cx, struct sink *sink,
                               const struct lzw_method *method, unsigned min_code_size,
                               uint32_t row_width, unsigned level, bool frames,
                               struct lzw_encoder **out)
{
    struct lzw_encoder *z = make(cx, method);
    if (z == NULL)
        return cx->status;
    z->level = level;
    z->frames = frames;
    return begin(z, sink, min_code_size, row_width, out);
}

enum status lzw_encoder_open(struct context *cx, struct sink *sink, unsigned min_code_size,
                             uint32_t row_width, unsigned level, struct lzw_encoder **out)
{
    return open_method(cx, sink, lzw_method(level, false), min_code_size, row_width, level, false,
                       out);
}

enum status lzw_encoder_open_frames(struct context *cx, struct sink *sink, unsigned min_code_size,
                                    uint32_t row_width, unsigned level, struct lzw_encoder **out)
{
    return open_method(cx, sink, lzw_method(level, true), min_code_size, row_width, level, true,
                       out);
}

enum status lzw_encoder_open_searched(struct context *cx, struct sink *sink, unsigned min_code_size,
                                      uint32_t row_width, struct lzw_encoder **out)
{
    return open_method(cx, sink, &lzw_least, min_code_size, row_width, 1, true, out);
}

enum status lzw_encoder_open_lossy(struct context *cx, struct sink *sink, unsigned min_code_size,
                                   const struct lzw_colors *colors, struct lzw_encoder **out)
{
    struct lzw_encoder *z = make(cx, &lzw_lossy);
    if (z == NULL)
        return cx->status;
    z->colors = colors;
    return begin(z, sink, min_code_size, 0, out);
}

enum status lzw_encoder_open_lossy_least(struct context *cx, struct sink *sink,
                                         unsigned min_code_size, uint32_t row_width, unsigned level,
                                         bool frames, const struct lzw_colors *colors,
                                         struct lzw_encoder **out)
{
    struct lzw_encoder *z = make(cx, &lzw_least);
    if (z == NULL)
        return cx->status;
    z->level = level;
    z->frames = frames;
    z->colors = colors;
    return begin(z, sink, min_code_size, row_width, out);
}

enum status lzw_encoder_restart(struct lzw_encoder *z, struct sink *sink, unsigned min_code_size,
                                uint32_t row_width)
{
    if (min_code_size < 2 || min_code_size > 8)
        return fail(z->cx, ST_BUG, "no LZW code size %u", min_code_size);
    z->row_width = row_width;
    lzw_bits_init(&z->bits, sink, min_code_size);
    z->method->start(z);
    if (z->method->whole)
        return ST_OK;
    uint8_t byte = (uint8_t)min_code_size;
    enum status st = sink_write(sink, &byte, 1);
    return st == ST_OK ? lzw_bits_clear(&z->bits) : st; /* some decoders need it to begin */
}

enum status lzw_keep(struct context *cx, struct sink **kept)
{
    if (*kept == NULL)
        return sink_open_growing(cx, SPOOL_MEMORY_BYTES, kept);
    sink_reset(*kept);
    return ST_OK;
}

enum status lzw_encoder_begin_part(const struct lzw_encoder *whole, const struct lzw_method *method,
                                   struct lzw_encoder *part, struct sink **kept)
{
    part->method = method;
    part->cx = whole->cx;
    part->level = whole->level;
    part->frames = whole->frames;
    enum status st = lzw_keep(whole->cx, kept);
    return st == ST_OK
               ? lzw_encoder_restart(part, *kept, whole->bits.codes.min_code_size, whole->row_width)
               : st;
}

void lzw_encoder_close(struct lzw_encoder *z)
{
    if (z == NULL)
        return;
    if (z->method->close != NULL)
        z->method->close(z);
    mem_free(z->cx, z);
}

enum status lzw_encoder_write(struct lzw_encoder *z, const uint8_t *indices, size_t n)
{
    size_t most = z->method->piece != 0 ? z->method->piece : SIZE_MAX;
    enum status st = ST_OK;
    while (n > 0 && st == ST_OK) {
        size_t piece = min_size(n, most);
        st = z->method->write(z, indices, piece);
        indices += piece;
        n -= piece;
    }
    return st;
}

enum status lzw_encoder_finish(struct lzw_encoder *z)
{
    enum status st = z->method->finish(z);
    return st == ST_OK && !z->method->whole ? lzw_bits_end(&z->bits) : st;
}
