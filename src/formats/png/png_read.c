/* SPDX-License-Identifier: MIT */
/* PNG decoding by libpng: rows as the file has them, Adam7 pass by pass. */
#include <string.h>

#include "base/mem.h"
#include "formats/png/png_plugin.h"

/*
 * Chunks that we use are small: PLTE and tRNS. The others are passed over unread, so this is only a
 * second line of defense for what libpng keeps.
 */
#define CHUNK_BYTES_MAX (8u * 1024 * 1024)
#define CHUNKS_MAX 256

/* What libpng reads at a time is lost where the file ends within it. */
#define LENIENT_READ_BYTES 128

static void read_bytes(png_structp png, png_bytep out, size_t bytes)
{
    struct decoder *d = png_get_io_ptr(png);
    struct png_reader *r = d->state;
    size_t got = bytes;
    enum status st =
        r->feed.active ? png_feed_read(d, out, bytes) : source_read(d->src, out, bytes, &got);
    if (st == ST_OK && !r->feed.active)
        st = png_tap_feed(&r->tap, out, got);
    if (st == ST_OK && got < bytes)
        st = png_guard_fail(&r->guard, ST_DAMAGED, "the file ends early");
    if (st != ST_OK) {
        r->guard.status = st;
        png_error(png, "read");
    }
}

/* libpng would take an IHDR that stands later, and Apple's variant fails there as mere damage. */
static enum status check_first_chunk(struct decoder *d)
{
    struct png_reader *r = d->state;
    const uint8_t *head;
    size_t got;
    enum status st = source_peek(d->src, 16, &head, &got);
    if (st != ST_OK)
        return st;
    if (got < 16)
        return png_guard_fail(&r->guard, ST_DAMAGED, "the file ends early");
    if (memcmp(head + 12, "CgBI", 4) == 0)
        return png_guard_fail(&r->guard, ST_UNSUPPORTED, "Apple's CgBI variant of PNG");
    if (memcmp(head + 12, "IHDR", 4) != 0)
        return png_guard_fail(&r->guard, ST_DAMAGED, "the first chunk is not IHDR");
    return ST_OK;
}

static void read_info(struct decoder *d, struct png_reader *r)
{
    r->png =
        png_create_read_struct_2(PNG_LIBPNG_VER_STRING, &r->guard, png_guard_error,
                                 png_guard_warning, &r->guard, png_guard_malloc, png_guard_free);
    r->info = r->png == NULL ? NULL : png_create_info_struct(r->png);
    if (r->info == NULL) {
        if (r->guard.status == ST_OK)
            png_guard_fail(&r->guard, ST_BUG, "libpng cannot start");
        return;
    }
    png_set_read_fn(r->png, d, read_bytes);
    png_set_user_limits(r->png, PNG_UINT_31_MAX, PNG_UINT_31_MAX); /* picture_check is the limit */
    png_set_chunk_malloc_max(r->png, CHUNK_BYTES_MAX);
    png_set_chunk_cache_max(r->png, CHUNKS_MAX);
    /* pass over all chunks but IHDR, PLTE, tRNS, IDAT, IEND: the tap has what we want of them */
    png_set_keep_unknown_chunks(r->png, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
    png_set_check_for_invalid_index(r->png, -1); /* it looks at the end only; we do at each row */
    if (d->cx->lenient) {
        png_set_crc_action(r->png, PNG_CRC_WARN_USE, PNG_CRC_DEFAULT);
        png_set_compression_buffer_size(r->png, LENIENT_READ_BYTES);
    }
    if (r->feed.active) /* these are ours */
        png_set_crc_action(r->png, PNG_CRC_QUIET_USE, PNG_CRC_QUIET_USE);
    png_read_info(r->png, r->info);
}

/*
 * A tRNS before a PLTE that suggests colors is taken back by libpng: no entries, but still there.
 */
static const png_color_16 *transparent_key(const struct png_reader *r)
{
    png_color_16p key = NULL;
    int entries = 0;
    png_get_tRNS(r->png, r->info, NULL, &entries, &key);
    return entries != 0 ? key : NULL;
}

static void read_header(struct decoder *d, struct png_reader *r)
{
    read_info(d, r);
    if (r->guard.status != ST_OK)
        return;
    d->info.width = png_get_image_width(r->png, r->info);
    d->info.height = png_get_image_height(r->png, r->info);
    png_frames_open(d, transparent_key(r));
}

enum status png_reader_open(struct decoder *d)
{
    struct png_reader *r = d->state;
    r->guard.cx = d->cx;
    r->guard.blame = ST_DAMAGED;
    r->guard.where = "header";
    enum status st = check_first_chunk(d);
    if (st != ST_OK)
        return st;
    png_tap_init(&r->tap, d->cx, d->metadata);
    if (setjmp(r->guard.jump) == 0)
        read_header(d, r);
    return r->guard.status;
}

static void take_palette(struct png_reader *r)
{
    png_colorp color = NULL;
    png_bytep alpha = NULL;
    int colors = 0, alphas = 0;
    png_get_PLTE(r->png, r->info, &color, &colors); /* without one libpng has refused the file */
    png_get_tRNS(r->png, r->info, &alpha, &alphas, NULL);
    struct palette *p = &r->pic.palette;
    p->count = (uint32_t)colors;
    for (int i = 0; i < colors; i++)
        p->entry[i] = (struct rgba8){color[i].red, color[i].green, color[i].blue,
                                     alpha != NULL && i < alphas ? alpha[i] : 255};
}

/* Names the layout and asks libpng for it. */
static void choose_layout(struct png_reader *r)
{
    unsigned type = png_get_color_type(r->png, r->info);
    unsigned bits = png_get_bit_depth(r->png, r->info);
    if (type == PNG_COLOR_TYPE_PALETTE) {
        r->pic.layout = LAYOUT_INDEX8;
        take_palette(r);
        if (bits < 8)
            png_set_packing(r->png);
        return;
    }
    bool alpha = (type & PNG_COLOR_MASK_ALPHA) != 0;
    if (bits < 8)
        png_set_expand_gray_1_2_4_to_8(r->png);
    if (transparent_key(r) != NULL) {
        png_set_tRNS_to_alpha(r->png);
        alpha = true;
    }
    if (bits == 16 && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__)
        png_set_swap(r->png);
    r->pic.layout = layout_of((type & PNG_COLOR_MASK_COLOR) != 0, alpha, bits == 16 ? 16 : 8);
}

/* The pixels of the picture whose header libpng has read. */
static enum status begin_pixels(struct decoder *d)
{
    struct png_reader *r = d->state;
    r->pic.width = png_get_image_width(r->png, r->info);
    r->pic.height = png_get_image_height(r->png, r->info);
    choose_layout(r);
    bool adam7 = png_get_interlace_type(r->png, r->info) != PNG_INTERLACE_NONE;
    r->guard.cursor = (struct png_cursor){adam7 ? &interlace_adam7 : &interlace_none, r->pic.width,
                                          r->pic.height, 0, 0};
    png_read_update_info(r->png, r->info);
    size_t stride = png_get_rowbytes(r->png, r->info);
    if (stride != picture_stride(&r->pic))
        return png_guard_fail(&r->guard, ST_BUG, "libpng makes rows of another size");
    mem_free(d->cx, r->wide);
    r->wide = NULL;
    if (adam7) {
        r->wide = mem_alloc(d->cx, stride);
        if (r->wide == NULL)
            return r->guard.status = d->cx->status;
    }
    r->phase = PNG_READER_ROWS;
    r->guard.where = NULL;
    return r->guard.status;
}

/* Another reader of libpng's for a frame that is a file of its own to it. */
static enum status next_frame(struct decoder *d, struct frame *out)
{
    struct png_reader *r = d->state;
    enum status st = png_frames_next(d, out);
    if (st != ST_OK)
        return st;
    png_destroy_read_struct(&r->png, &r->info, NULL);
    png_feed_begin(d, out->pic.width, out->pic.height);
    r->guard.where = "header of a frame";
    read_info(d, r);
    return r->guard.status == ST_OK ? begin_pixels(d) : r->guard.status;
}

/* The second call ends the still; what stands behind the pixels is read, if they were. */
static enum status last_frame(struct png_reader *r)
{
    if (r->phase == PNG_READER_ROWS && png_cursor_done(&r->guard.cursor)) {
        r->guard.where = "after the last row";
        png_read_end(r->png, NULL);
        if (r->guard.status != ST_OK)
            return r->guard.status;
    }
    r->phase = PNG_READER_DONE;
    if (r->guard.damage[0] != '\0')
        return fail(r->guard.cx, ST_DAMAGED, "%s", r->guard.damage);
    return ST_END;
}

enum status png_reader_frame(struct decoder *d, struct frame *out)
{
    struct png_reader *r = d->state;
    r->guard.status = ST_OK;
    if (setjmp(r->guard.jump) != 0) {
        r->phase = PNG_READER_DONE;
        return r->guard.status;
    }
    if (r->phase == PNG_READER_DONE || (r->phase == PNG_READER_ROWS && r->frames.announced == 0))
        return last_frame(r);
    bool first = r->phase == PNG_READER_HEADER;
    enum status st = first ? begin_pixels(d) : next_frame(d, out);
    if (st == ST_END) {
        r->phase = PNG_READER_DONE;
        return last_frame(r);
    }
    if (st != ST_OK)
        return st;
    if (first)
        png_frames_first(d, out);
    out->pic = r->pic;
    out->order = r->guard.cursor.order;
    return ST_OK;
}

/* Browsers show black where the palette has no entry: the nearest to it stands in. */
static void mend_indices(const struct png_reader *r, uint8_t *row, uint32_t width)
{
    const struct palette *p = &r->pic.palette;
    int black = palette_nearest(p, (struct rgba8){0, 0, 0, 255});
    for (uint32_t i = 0; i < width; i++)
        if (row[i] >= p->count)
            row[i] = (uint8_t)(black < 0 ? 0 : black);
}

enum status png_reader_row(struct decoder *d, uint8_t *out)
{
    struct png_reader *r = d->state;
    if (r->phase != PNG_READER_ROWS || png_cursor_done(&r->guard.cursor))
        return fail(d->cx, ST_BUG, "png: asked for a row too many");
    uint32_t width = png_cursor_width(&r->guard.cursor);
    size_t bytes = (size_t)width * layout_info(r->pic.layout)->bytes;
    r->guard.status = ST_OK;
    if (setjmp(r->guard.jump) == 0)
        png_read_row(r->png, r->wide != NULL ? r->wide : out, NULL);
    if (r->guard.status != ST_OK) {
        memset(out, 0, bytes); /* libpng gives a row whole or not at all */
        r->phase = PNG_READER_DONE;
        return r->guard.status;
    }
    if (r->wide != NULL)
        memcpy(out, r->wide, bytes);
    if (r->pic.layout == LAYOUT_INDEX8 && !png_indices_below(out, width, r->pic.palette.count)) {
        enum status st = png_guard_damage(&r->guard, "an index beyond the palette");
        mend_indices(r, out, width);
        if (st != ST_OK) {
            r->phase = PNG_READER_DONE;
            return st;
        }
    }
    png_cursor_next(&r->guard.cursor);
    return ST_OK;
}

void png_reader_close(struct decoder *d)
{
    struct png_reader *r = d->state;
    mem_free(d->cx, r->wide);
    png_tap_close(&r->tap);
    png_destroy_read_struct(&r->png, &r->info, NULL);
}
