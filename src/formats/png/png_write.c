/* SPDX-License-Identifier: MIT */
/* PNG encoding by libpng: every layout as it is, palettes at the smallest depth, Adam7 pass by
 * pass. */
#include <string.h>

#include "base/mem.h"
#include "formats/png/png_filter.h"
#include "formats/png/png_plugin.h"

/* Each IDAT costs 12 bytes besides its data. */
#define IDAT_BYTES 32768

/*
 * The most there is: 128 KiB more than zlib's default, for 0.04 to 0.3 % fewer bytes. Not where
 * rows take so much that it counts: libpng keeps five of them.
 */
#define DEFLATE_MEMORY_LEVEL 9
#define DEFLATE_MEMORY_DEFAULT 8
#define WIDE_ROW_BYTES 65536

static void write_bytes(png_structp png, png_bytep data, size_t bytes)
{
    struct encoder *e = png_get_io_ptr(png);
    struct png_writer *w = e->state;
    enum status st = sink_write(e->sink, data, bytes);
    if (st != ST_OK) {
        w->guard.status = st;
        png_error(png, "write");
    }
}

/* The core flushes once, at the end. */
static void flush_nothing(png_structp png)
{
    (void)png;
}

static void set_palette(struct png_writer *w, const struct palette *p)
{
    png_color color[256] = {0};
    png_byte alpha[256] = {0};
    int alphas = 0; /* entries behind the last that is not opaque are left out of tRNS */
    for (uint32_t i = 0; i < p->count; i++) {
        const struct rgba8 *c = &p->entry[i];
        color[i] = (png_color){c->r, c->g, c->b};
        alpha[i] = c->a;
        if (c->a < 255)
            alphas = (int)i + 1;
    }
    png_set_PLTE(w->png, w->info, color, (int)p->count);
    if (alphas > 0)
        png_set_tRNS(w->png, w->info, alpha, alphas, NULL);
}

/*
 * A palette of all grays of its depth is no palette: its indices are the samples. One of them may
 * be transparent. Not with a profile that is made for colors.
 */
static bool is_gray_ramp(const struct encoder *e, struct color_key *key)
{
    const struct palette *p = &e->pic.palette;
    if (e->options.optimize == 0 || (p->count != 2 && p->count != 4 && p->count != 16) ||
        metadata_icc_bytes(metadata_find(e->metadata, METADATA_ICC), "RGB ") != 0)
        return false;
    for (uint32_t i = 0; i < p->count; i++) {
        const struct rgba8 *c = &p->entry[i];
        uint32_t gray = i * 255 / (p->count - 1);
        if (c->r != gray || c->g != gray || c->b != gray ||
            (c->a != 255 && (c->a != 0 || key->used)))
            return false;
        if (c->a == 0)
            *key = (struct color_key){true, {(uint16_t)i, (uint16_t)i, (uint16_t)i}};
    }
    return true;
}

static void set_key(struct png_writer *w, const struct color_key *key)
{
    const uint16_t *s = key->sample;
    png_color_16 color = {.red = s[0], .green = s[1], .blue = s[2], .gray = s[0]};
    png_set_tRNS(w->png, w->info, NULL, 0, &color);
}

static void set_header(const struct encoder *e, const struct picture *pic, struct png_writer *w)
{
    const struct layout_info *layout = layout_info(pic->layout);
    int type =
        (layout->color ? PNG_COLOR_MASK_COLOR : 0) | (layout->alpha ? PNG_COLOR_MASK_ALPHA : 0);
    int bits = layout->bits;
    struct color_key key = e->options.key;
    if (e->pic.layout == LAYOUT_INDEX8) {
        key.used = false;
        type = !e->options.whole_bytes && is_gray_ramp(e, &key) ? PNG_COLOR_TYPE_GRAY
                                                                : PNG_COLOR_TYPE_PALETTE;
        bits = e->options.whole_bytes ? 8 : (int)palette_bits(e->pic.palette.count);
    }
    png_set_IHDR(w->png, w->info, pic->width, pic->height, bits, type,
                 e->options.interlace ? PNG_INTERLACE_ADAM7 : PNG_INTERLACE_NONE,
                 PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    if (type == PNG_COLOR_TYPE_PALETTE)
        set_palette(w, &e->pic.palette);
    else if (key.used && !layout->alpha)
        set_key(w, &key);
}

bool png_writer_begin(struct encoder *e, struct png_writer *w, const struct picture *pic,
                      png_rw_ptr write)
{
    w->png =
        png_create_write_struct_2(PNG_LIBPNG_VER_STRING, &w->guard, png_guard_error,
                                  png_guard_warning, &w->guard, png_guard_malloc, png_guard_free);
    w->info = w->png == NULL ? NULL : png_create_info_struct(w->png);
    if (w->info == NULL) {
        if (w->guard.status == ST_OK)
            png_guard_fail(&w->guard, ST_BUG, "libpng cannot start");
        return false;
    }
    png_set_write_fn(w->png, e, write, flush_nothing);
    png_set_user_limits(w->png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
    png_set_check_for_invalid_index(w->png, -1); /* ours costs less and comes before the row */
    png_set_compression_buffer_size(w->png, IDAT_BYTES);
    png_set_compression_level(w->png, (int)e->options.compression);
    bool wide = picture_stride(pic) > WIDE_ROW_BYTES;
    png_set_compression_mem_level(w->png, wide ? DEFLATE_MEMORY_DEFAULT : DEFLATE_MEMORY_LEVEL);
    set_header(e, pic, w);
    return true;
}

void png_writer_info(struct encoder *e, struct png_writer *w)
{
    png_write_info_before_PLTE(w->png, w->info);
    enum status st =
        png_metadata_write_first(w->png, e->cx, e->metadata, png_get_color_type(w->png, w->info),
                                 png_get_bit_depth(w->png, w->info), &w->profile);
    mem_free(e->cx, w->profile);
    w->profile = NULL;
    if (st != ST_OK) {
        w->guard.status = st;
        return;
    }
    png_write_info(w->png, w->info);
    png_metadata_write(w->png, e->cx, e->metadata, &w->written);
}

/*
 * Samples of 8 and 16 bits are filtered, each row as suits it best. That is what libpng does by
 * itself, in several times the time; so it does with the first row, as one filter alone would
 * settle zlib's strategy and which rows libpng keeps.
 */
static void set_filters(struct encoder *e, struct png_writer *w)
{
    const struct png_cursor *all = &w->guard.cursor;
    if (e->options.compression == 0 || e->options.unfiltered || e->pic.layout == LAYOUT_INDEX8) {
        png_set_filter(w->png, PNG_FILTER_TYPE_BASE, PNG_FILTER_NONE);
        return;
    }
    png_set_filter(w->png, PNG_FILTER_TYPE_BASE, PNG_ALL_FILTERS);
    if (all->width == 1 || all->height == 1) /* libpng leaves filters out there */
        return;
    w->above = mem_array(e->cx, all->width, layout_info(e->pic.layout)->bytes);
    if (w->above == NULL)
        w->guard.status = e->cx->status;
}

void png_writer_pixels(struct encoder *e, struct png_writer *w)
{
    set_filters(e, w);
    if (e->pic.layout == LAYOUT_INDEX8)
        png_set_packing(w->png);
    if (layout_info(e->pic.layout)->bits == 16 && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__)
        png_set_swap(w->png);
}

static void write_header(struct encoder *e, struct png_writer *w)
{
    if (!png_writer_begin(e, w, &e->pic, write_bytes))
        return;
    png_writer_info(e, w);
    if (w->guard.status == ST_OK)
        png_writer_pixels(e, w);
}

enum status png_writer_check(struct encoder *e, struct png_writer *w, const struct picture *pic)
{
    w->guard.cx = e->cx;
    w->guard.blame = ST_BUG;
    w->guard.where = "header";
    w->guard.status = ST_OK;
    e->order = e->options.interlace ? &interlace_adam7 : &interlace_none;
    w->guard.cursor = (struct png_cursor){e->order, pic->width, pic->height, 0, 0};
    if (pic->layout == LAYOUT_INDEX8 && (pic->palette.count == 0 || pic->palette.count > 256))
        return png_guard_fail(&w->guard, ST_BUG, "png: a palette without colors");
    return ST_OK;
}

enum status png_writer_start(struct encoder *e)
{
    struct png_writer *w = e->state;
    enum status st = png_writer_check(e, w, &e->pic);
    if (st != ST_OK)
        return st;
    if (setjmp(w->guard.jump) == 0)
        write_header(e, w);
    return w->guard.status;
}

static void write_row(struct encoder *e, struct png_writer *w, const uint8_t *row)
{
    const struct png_cursor *cursor = &w->guard.cursor;
    size_t pixel = layout_info(e->pic.layout)->bytes, bytes = png_cursor_width(cursor) * pixel;
    if (w->above != NULL) {
        if (cursor->row == 0)
            memset(w->above, 0, bytes);
        if (cursor->row != 0 || cursor->pass != 0)
            png_set_filter(w->png, PNG_FILTER_TYPE_BASE,
                           PNG_FILTER_NONE << png_filter_choose(row, w->above, bytes, pixel));
        memcpy(w->above, row, bytes);
    }
    png_write_row(w->png, row);
}

enum status png_writer_row(struct encoder *e, struct png_writer *w, const uint8_t *row)
{
    struct png_cursor *cursor = &w->guard.cursor;
    if (png_cursor_done(cursor))
        return fail(e->cx, ST_BUG, "png: a row too many");
    w->guard.where = NULL;
    w->guard.status = ST_OK;
    if (e->pic.layout == LAYOUT_INDEX8 &&
        !png_indices_below(row, png_cursor_width(cursor), e->pic.palette.count))
        return png_guard_fail(&w->guard, ST_BUG, "png: an index beyond the palette");
    if (setjmp(w->guard.jump) == 0)
        write_row(e, w, row);
    if (w->guard.status == ST_OK)
        png_cursor_next(cursor);
    return w->guard.status;
}

enum status png_writer_write(struct encoder *e, const uint8_t *row)
{
    return png_writer_row(e, e->state, row);
}

enum status png_writer_finish(struct encoder *e)
{
    struct png_writer *w = e->state;
    if (!png_cursor_done(&w->guard.cursor))
        return fail(e->cx, ST_BUG, "png: rows are missing");
    w->guard.where = "after the last row";
    w->guard.status = ST_OK;
    if (setjmp(w->guard.jump) == 0) {
        png_metadata_write_late(w->png, e->cx, e->metadata, w->written);
        png_write_end(w->png, NULL);
    }
    return w->guard.status;
}

void png_writer_close(struct encoder *e, struct png_writer *w)
{
    png_destroy_write_struct(&w->png, &w->info);
    mem_free(e->cx, w->profile);
    mem_free(e->cx, w->above);
    w->profile = w->above = NULL;
}

void png_writer_discard(struct encoder *e)
{
    png_writer_close(e, e->state);
}
