/* SPDX-License-Identifier: MIT */
/* JPEG decoding by libjpeg: gray or RGB rows, the same pixels as djpeg makes. */
#include <string.h>

#include "base/mem.h"
#include "color/icc.h"
#include "formats/jpeg/jpeg_plugin.h"

/*
 * Most bytes of coefficients, times scans that walk over them: beyond this a picture whose scans
 * are decoded one after another takes too long.
 */
#define SPOOLED_WORK_MAX (UINT64_C(1) << 34)

/* Between the steps of taking in a picture of several scans, which may take long. */
static void watch(j_common_ptr common)
{
    j_decompress_ptr jpeg = (j_decompress_ptr)common;
    struct jpeg_reader *r = (struct jpeg_reader *)jpeg_guard_of(jpeg);
    enum status st = check_stop(r->guard.cx);
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
        jpeg_input_init(&r->input, &r->jpeg, d->src);
        jpeg_metadata_watch(&r->metadata, &r->jpeg, d->cx, d->metadata);
        jpeg_read_header(&r->jpeg, TRUE);
        d->info.width = r->jpeg.image_width;
        d->info.height = r->jpeg.image_height;
        d->info.progressive = r->jpeg.progressive_mode;
        r->guard.status = jpeg_metadata_take(&r->metadata, &r->jpeg);
    }
    return r->guard.status;
}

/*
 * By the file's profile, which then has done what it was for; without one, or one that makes sense,
 * by convert_cmyk. r->cmyk is a row.
 */
static enum status choose_inks(struct decoder *d)
{
    struct jpeg_reader *r = d->state;
    const struct metadata_item *item = d->metadata == NULL || d->metadata->values
                                           ? NULL
                                           : metadata_find(d->metadata, METADATA_ICC);
    enum icc_verdict verdict;
    if (item == NULL)
        return ST_OK;
    enum status st = icc_open_inks(d->cx, item->data, item->bytes, &verdict, &r->inks);
    if (st != ST_OK)
        return st;
    if (verdict == ICC_NO_LIBRARY)
        d->warning = "liblcms2 is not installed: inks become colors without their profile";
    else if (verdict == ICC_UNUSABLE)
        note(d->cx, NOTE_DETAIL, "the color profile is of no use for these inks");
    else
        note(d->cx, NOTE_DETAIL, "inks converted to sRGB");
    if (verdict == ICC_CONVERTS)
        metadata_remove(d->cx, d->metadata, METADATA_ICC);
    return ST_OK;
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
        return r->cmyk == NULL ? d->cx->status : choose_inks(d);
    default:
        return fail(d->cx, ST_UNSUPPORTED, "a JPEG of %d components", r->jpeg.num_components);
    }
}

/* All scans are taken in before the first row, their coefficients into temporary files. */
static enum status read_in_turn(struct jpeg_reader *r)
{
    r->all = mem_alloc(r->guard.cx, sizeof *r->all);
    if (r->all == NULL)
        return r->guard.cx->status;
    jpeg_scan_input_init_all(r->all, &r->jpeg, &r->scans);
    jpeg_spooled_use(&r->spooled, &r->jpeg);
    r->progress.progress_monitor = watch;
    r->jpeg.progress = &r->progress;
    snprintf(r->scan, sizeof r->scan, "scan 1");
    r->guard.where = r->scan;
    jpeg_start_decompress(&r->jpeg);
    return ST_OK;
}

enum status jpeg_reader_find_scans(struct jpeg_reader *r)
{
    struct context *cx = r->guard.cx;
    if (r->scans.cx != NULL) /* recode has been here */
        return ST_OK;
    jpeg_input_settle(&r->input);
    enum status st = jpeg_scans_find(&r->scans, cx, &r->jpeg, r->input.src);
    if (st == ST_OK && !r->scans.complete && !cx->lenient)
        st = fail(cx, ST_DAMAGED, "Premature end of JPEG file (scan %u)", r->scans.count);
    return st;
}

/*
 * Where coefficients are missing libjpeg makes some up from the blocks around (block smoothing),
 * which takes the whole array; there is no need of it in a file that has all of them.
 */
static enum status start_scans(struct jpeg_reader *r)
{
    struct context *cx = r->guard.cx;
    enum status st = jpeg_reader_find_scans(r);
    if (st != ST_OK)
        return st;
    const struct jpeg_scans *s = &r->scans;
    uint64_t bytes = jpeg_spooled_bytes(&r->jpeg);
    bool affordable = bytes <= SPOOLED_WORK_MAX / (s->count + 1);
    bool must = jpeg_scans_need_turns(s);
    if (must && !affordable)
        return fail(cx, ST_LIMIT, "a JPEG of this size in %u scans", s->count);
    if (must || ((!s->complete || !s->refined) && affordable && spool_allowed(cx, bytes)))
        return read_in_turn(r);
    r->guard.where = NULL;
    st = jpeg_lockstep_open(&r->lockstep, &r->jpeg, &r->scans);
    if (st == ST_OK)
        jpeg_start_output(&r->jpeg, 1);
    return st;
}

static enum status first_frame(struct decoder *d, struct frame *out)
{
    struct jpeg_reader *r = d->state;
    *out = (struct frame){.order = &interlace_none};
    out->pic.width = d->info.width;
    out->pic.height = d->info.height;
    enum status st = choose_colors(d, &out->pic.layout);
    if (st != ST_OK)
        return st;
    if (jpeg_has_multiple_scans(&r->jpeg)) {
        st = start_scans(r);
        if (st != ST_OK)
            return st;
    } else {
        jpeg_start_decompress(&r->jpeg);
    }
    r->guard.where = NULL;
    r->phase = JPEG_READER_ROWS;
    return ST_OK;
}

/* The second call ends the still; what stands behind the pixels is read, if they were. */
static enum status last_frame(struct jpeg_reader *r)
{
    if (r->phase == JPEG_READER_ROWS && r->jpeg.output_scanline == r->jpeg.output_height) {
        r->guard.where = "after the last row";
        if (r->jpeg.buffered_image) {
            jpeg_finish_output(&r->jpeg);
            jpeg_lockstep_finish(&r->lockstep);
        }
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
    enum status st = r->phase == JPEG_READER_HEADER ? first_frame(d, out) : last_frame(r);
    if (st != ST_OK)
        r->phase = JPEG_READER_DONE;
    return st;
}

/*
 * Files hold the inks inverted, 255 for none, as Adobe's programs have always written them; so
 * read djpeg and the browsers, whether or not the file has Adobe's marker.
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
    if (r->inks != NULL)
        icc_convert_inks(r->inks, r->cmyk, out, width);
    else if (r->cmyk != NULL)
        convert_cmyk(r->cmyk, width, out);
    return ST_OK;
}

void jpeg_reader_close(struct decoder *d)
{
    struct jpeg_reader *r = d->state;
    jpeg_destroy_decompress(&r->jpeg);
    jpeg_lockstep_close(&r->lockstep);
    jpeg_spooled_close(&r->spooled);
    jpeg_scans_close(&r->scans);
    jpeg_metadata_close(&r->metadata);
    mem_free(d->cx, r->all);
    mem_free(d->cx, r->cmyk);
    icc_close(r->inks);
}
