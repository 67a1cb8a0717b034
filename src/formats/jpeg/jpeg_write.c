/* SPDX-License-Identifier: MIT */
/* JPEG encoding by libjpeg: gray or RGB rows, 4:2:0, baseline or progressive. */
#include "formats/jpeg/jpeg_plugin.h"

static void begin(j_compress_ptr jpeg)
{
    struct encoder *e = jpeg->client_data;
    struct jpeg_writer *w = e->state;
    w->target.next_output_byte = w->buffer;
    w->target.free_in_buffer = sizeof w->buffer;
}

static void put(j_compress_ptr jpeg, size_t bytes)
{
    struct encoder *e = jpeg->client_data;
    struct jpeg_writer *w = e->state;
    enum status st = sink_write(e->sink, w->buffer, bytes);
    if (st != ST_OK)
        jpeg_guard_jump(&w->guard, st);
}

/* libjpeg calls this when all of the buffer is full, whatever free_in_buffer says. */
static boolean empty(j_compress_ptr jpeg)
{
    put(jpeg, JPEG_SINK_BYTES);
    begin(jpeg);
    return TRUE;
}

static void end_writing(j_compress_ptr jpeg)
{
    put(jpeg, JPEG_SINK_BYTES - jpeg->dest->free_in_buffer);
}

/* Of all components in whole MCUs: 16 x 16 pixels in 6 blocks, gray 8 x 8 in 1; 2 bytes each. */
static uint64_t coefficient_bytes(const struct picture *pic)
{
    if (pic->layout == LAYOUT_GRAY8)
        return ((uint64_t)pic->width + 7) / 8 * (((uint64_t)pic->height + 7) / 8) * 128;
    return ((uint64_t)pic->width + 15) / 16 * (((uint64_t)pic->height + 15) / 16) * (6 * 128);
}

static void write_header(struct encoder *e, struct jpeg_writer *w)
{
    j_compress_ptr jpeg = &w->jpeg;
    jpeg_create_compress(jpeg);
    w->target = (struct jpeg_destination_mgr){
        .init_destination = begin, .empty_output_buffer = empty, .term_destination = end_writing};
    jpeg->dest = &w->target;
    jpeg->client_data = e;
    jpeg->image_width = e->pic.width;
    jpeg->image_height = e->pic.height;
    jpeg->input_components = layout_info(e->pic.layout)->channels;
    jpeg->in_color_space = e->pic.layout == LAYOUT_GRAY8 ? JCS_GRAYSCALE : JCS_RGB;
    jpeg_set_defaults(jpeg);
    jpeg_set_quality(jpeg, (int)e->options.quality, TRUE);
    /*
     * optimize_coding stays off: libjpeg would keep the coefficients of the whole picture until the
     * Huffman tables are known. A progressive file cannot be had without that: each of its scans
     * walks over the whole picture. So asking for one costs 2 to 3 bytes of memory a pixel.
     */
    if (e->options.interlace) {
        if (jpeg_guard_afford(&w->guard, coefficient_bytes(&e->pic)) != ST_OK)
            return;
        jpeg_simple_progression(jpeg);
    }
    jpeg_start_compress(jpeg, TRUE);
}

enum status jpeg_writer_start(struct encoder *e)
{
    struct jpeg_writer *w = e->state;
    jpeg_guard_init(&w->guard, e->cx, ST_BUG);
    w->guard.scanline = &w->jpeg.next_scanline;
    w->jpeg.err = &w->guard.mgr;
    if (e->pic.width > JPEG_MAX_DIMENSION || e->pic.height > JPEG_MAX_DIMENSION)
        return fail(e->cx, ST_UNSUPPORTED, "a JPEG of %u x %u cannot be written: %ld is the most",
                    e->pic.width, e->pic.height, JPEG_MAX_DIMENSION);
    if (setjmp(w->guard.jump) == 0)
        write_header(e, w);
    if (w->guard.status == ST_OK)
        w->guard.where = NULL;
    return w->guard.status;
}

enum status jpeg_writer_write(struct encoder *e, const uint8_t *row)
{
    struct jpeg_writer *w = e->state;
    w->guard.status = ST_OK;
    if (setjmp(w->guard.jump) == 0) {
        JSAMPROW scanline = (JSAMPROW)(uintptr_t)row; /* libjpeg's type lacks the const it keeps */
        if (jpeg_write_scanlines(&w->jpeg, &scanline, 1) != 1)
            jpeg_guard_fail(&w->guard, ST_BUG, "jpeg: a row too many");
    }
    return w->guard.status;
}

enum status jpeg_writer_finish(struct encoder *e)
{
    struct jpeg_writer *w = e->state;
    w->guard.status = ST_OK;
    if (setjmp(w->guard.jump) == 0)
        jpeg_finish_compress(&w->jpeg);
    return w->guard.status;
}

void jpeg_writer_discard(struct encoder *e)
{
    struct jpeg_writer *w = e->state;
    jpeg_destroy_compress(&w->jpeg);
}
