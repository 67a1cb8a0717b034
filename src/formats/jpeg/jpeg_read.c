/* SPDX-License-Identifier: MIT */
/* JPEG decoding by libjpeg: gray or RGB rows, the same pixels as djpeg makes. */
#include <string.h>

#include "base/mem.h"
#include "formats/jpeg/jpeg_plugin.h"

/*
 * Encoders use some ten scans; the standard's script that sends every bit of every coefficient by
 * itself has a few hundred. Each scan costs a walk over the whole picture though it may be a few
 * bytes long.
 */
#define SCANS_MAX 500

/* Between the steps of taking in a picture of several scans, which may take long. */
static void watch(j_common_ptr common)
{
    j_decompress_ptr jpeg = (j_decompress_ptr)common;
    struct decoder *d = jpeg->client_data;
    struct jpeg_reader *r = d->state;
    if (jpeg->input_scan_number > SCANS_MAX)
        jpeg_guard_jump(&r->guard, fail(d->cx, ST_LIMIT, "more than %d scans", SCANS_MAX));
    enum status st = check_stop(d->cx);
    if (st != ST_OK)
        jpeg_guard_jump(&r->guard, st);
    snprintf(r->scan, sizeof r->scan, "scan %d", jpeg->input_scan_number);
}

enum status jpeg_reader_open(struct decoder *d)
{
    struct jpeg_reader *r = d->state;
    jpeg_guard_init(&r->guard, d->cx, ST_DAMAGED);
    r->guard.scanline = &r->jpeg.output_scanline;
    r->jpeg.err = &r->guard.mgr;
    if (setjmp(r->guard.jump) == 0) {
        jpeg_create_decompress(&r->jpeg);
        jpeg_source_init(d);
        jpeg_read_header(&r->jpeg, TRUE);
        d->info.width = r->jpeg.image_width;
        d->info.height = r->jpeg.image_height;
    }
    return r->guard.status;
}

static enum status choose_colors(struct decoder *d, enum layout *layout)
{
    struct jpeg_reader *r = d->state;
    *layout = LAYOUT_RGB8;
    switch (r->jpeg.jpeg_color_space) {
    case JCS_GRAYSCALE:
        *layout = LAYOUT_GRAY8;
        r->jpeg.out_color_space = JCS_GRAYSCALE;
        return ST_OK;
    case JCS_RGB:
    case JCS_YCbCr:
        r->jpeg.out_color_space = JCS_RGB;
        return ST_OK;
    case JCS_CMYK:
    case JCS_YCCK:
        r->jpeg.out_color_space = JCS_CMYK;
        r->cmyk = mem_array(d->cx, r->jpeg.image_width, 4);
        return r->cmyk == NULL ? d->cx->status : ST_OK;
    default:
        return fail(d->cx, ST_UNSUPPORTED, "a JPEG of %d components", r->jpeg.num_components);
    }
}

/* What libjpeg keeps where the scans must all have come before the first row can go. */
static uint64_t coefficient_bytes(const struct jpeg_decompress_struct *jpeg)
{
    uint64_t blocks = 0;
    for (int i = 0; i < jpeg->num_components; i++)
        blocks +=
            (uint64_t)jpeg->comp_info[i].width_in_blocks * jpeg->comp_info[i].height_in_blocks;
    return blocks * sizeof(JBLOCK);
}

static enum status first_frame(struct decoder *d, struct frame *out)
{
    struct jpeg_reader *r = d->state;
    *out = (struct frame){.order = &interlace_none};
    out->pic.width = d->info.width;
    out->pic.height = d->info.height;
    enum status st = choose_colors(d, &out->pic.layout);
    if (st == ST_OK && jpeg_has_multiple_scans(&r->jpeg)) {
        st = jpeg_guard_afford(&r->guard, coefficient_bytes(&r->jpeg));
        r->progress.progress_monitor = watch;
        r->jpeg.progress = &r->progress;
        snprintf(r->scan, sizeof r->scan, "scan 1");
        r->guard.where = r->scan;
    }
    if (st != ST_OK)
        return st;
    jpeg_start_decompress(&r->jpeg);
    r->guard.where = NULL;
    r->phase = JPEG_READER_ROWS;
    return ST_OK;
}

/* The second call ends the still; what stands behind the pixels is read, if they were. */
static enum status last_frame(struct jpeg_reader *r)
{
    if (r->phase == JPEG_READER_ROWS && r->jpeg.output_scanline == r->jpeg.output_height) {
        r->guard.where = "after the last row";
        jpeg_finish_decompress(&r->jpeg);
    }
    r->phase = JPEG_READER_DONE;
    if (r->guard.damage[0] != '\0')
        return fail(r->guard.cx, ST_DAMAGED, "%s", r->guard.damage);
    return ST_END;
}

enum status jpeg_reader_frame(struct decoder *d, struct frame *out)
{
    struct jpeg_reader *r = d->state;
    r->guard.status = ST_OK;
    if (setjmp(r->guard.jump) != 0) {
        r->phase = JPEG_READER_DONE;
        return r->guard.status;
    }
    return r->phase == JPEG_READER_HEADER ? first_frame(d, out) : last_frame(r);
}

/*
 * Files hold the inks inverted, 255 for none, as Adobe's programs have always written them; so
 * read djpeg and the browsers, whether or not the file has Adobe's marker. No profile is applied.
 */
static void convert_cmyk(const uint8_t *in, uint32_t width, uint8_t *out)
{
    for (; width > 0; width--, in += 4, out += 3)
        for (int i = 0; i < 3; i++)
            out[i] = (uint8_t)((in[i] * in[3] + 127) / 255);
}

static enum status pull(struct jpeg_reader *r, JSAMPROW row)
{
    r->guard.status = ST_OK;
    if (setjmp(r->guard.jump) == 0)
        jpeg_read_scanlines(&r->jpeg, &row, 1); /* our source never suspends: the row comes */
    return r->guard.status;
}

enum status jpeg_reader_row(struct decoder *d, uint8_t *out)
{
    struct jpeg_reader *r = d->state;
    uint32_t width = r->jpeg.output_width;
    if (r->phase != JPEG_READER_ROWS || r->jpeg.output_scanline == r->jpeg.output_height)
        return fail(d->cx, ST_BUG, "jpeg: asked for a row too many");
    enum status st = pull(r, r->cmyk != NULL ? r->cmyk : out);
    if (st != ST_OK) {
        memset(out, 0, (size_t)width * (r->jpeg.out_color_space == JCS_GRAYSCALE ? 1 : 3));
        r->phase = JPEG_READER_DONE;
        return st;
    }
    if (r->cmyk != NULL)
        convert_cmyk(r->cmyk, width, out);
    return ST_OK;
}

void jpeg_reader_close(struct decoder *d)
{
    struct jpeg_reader *r = d->state;
    jpeg_destroy_decompress(&r->jpeg);
    mem_free(d->cx, r->cmyk);
}
