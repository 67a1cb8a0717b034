/* SPDX-License-Identifier: MIT */
/* JPEG encoding by libjpeg: gray or RGB rows, baseline or progressive. */
#include "formats/jpeg/jpeg_coding.h"
#include "formats/jpeg/jpeg_plugin.h"

/*
 * Huffman tables of the picture's own make a file of a photograph some 4 % smaller, one of low
 * quality more than that, for half as much time again: too much where nobody asked for small files.
 * They take a second pass, and so does each scan of a progressive file, which has no use for the
 * standard's tables.
 */
static void choose_passes(struct encoder *e, struct jpeg_writer *w)
{
    j_compress_ptr jpeg = &w->jpeg;
    if (e->options.interlace)
        jpeg_simple_progression(jpeg);
    else
        jpeg->optimize_coding =
            e->options.optimize >= 2 && spool_allowed(e->cx, jpeg_passes_bytes(jpeg));
    if (e->options.interlace || jpeg->optimize_coding)
        jpeg_passes_use(&w->passes, jpeg);
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
    jpeg_coding_choose(jpeg, e->cx, &e->options, &e->metadata->coding);
    choose_passes(e, w);
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
    jpeg_passes_close(&w->passes);
}
