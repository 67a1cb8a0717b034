/* SPDX-License-Identifier: MIT */
/* JPEG encoding by libjpeg: gray or RGB rows, 4:2:0, baseline or progressive. */
#include "formats/jpeg/jpeg_plugin.h"

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
    jpeg_output_init(&w->output, jpeg, e->sink);
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
    jpeg_metadata_set_density(jpeg, e->metadata);
    jpeg_start_compress(jpeg, TRUE);
    jpeg_metadata_write(jpeg, e->cx, e->metadata);
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
