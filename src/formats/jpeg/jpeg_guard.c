/* SPDX-License-Identifier: MIT */
/* libjpeg's callbacks for errors and warnings: which of them mean damage. */
#include "formats/jpeg/jpeg_guard.h"

#include <jerror.h>

#include "formats/metadata.h"

#define MARKER_LENGTH_MAX 0xffff

/* text with its place. */
static void say_where(const struct jpeg_guard *g, const char *text, char *out, size_t bytes)
{
    unsigned long row = g->scanline != NULL ? *g->scanline : 0;
    if (g->where != NULL)
        snprintf(out, bytes, "%.100s (%s)", text, g->where);
    else if (g->scan != 0)
        snprintf(out, bytes, "%.100s (row %lu, scan %u)", text, row, g->scan);
    else
        snprintf(out, bytes, "%.100s (row %lu)", text, row);
}

enum status jpeg_guard_fail(struct jpeg_guard *g, enum status st, const char *text)
{
    char placed[sizeof g->damage];
    say_where(g, text, placed, sizeof placed);
    return g->status = fail(g->cx, st, "%s", placed);
}

void jpeg_guard_jump(struct jpeg_guard *g, enum status st)
{
    g->status = st;
    longjmp(g->jump, 1);
}

/* What libjpeg or this build of it cannot read though the file may be sound. */
static bool is_unsupported(int code)
{
    switch (code) {
    case JERR_ARITH_NOTIMPL:
    case JERR_BAD_PRECISION: /* 12 bits a sample */
    case JERR_CCIR601_NOTIMPL:
    case JERR_COMPONENT_COUNT:
    case JERR_CONVERSION_NOTIMPL:
    case JERR_FRACT_SAMPLE_NOTIMPL:
    case JERR_IMAGE_TOO_BIG:
    case JERR_NOT_COMPILED:
    case JERR_NOTIMPL:
    case JERR_SOF_UNSUPPORTED: /* lossless, hierarchical */
    case JERR_WIDTH_OVERFLOW:
        return true;
    default:
        return false;
    }
}

/*
 * libjpeg warns both of lost data and of mere oddities: an unknown JFIF version or Adobe
 * transform, scan parameters that do not matter, scans in an order that the standard forbids. Only
 * the former make a picture other than what was stored.
 */
static bool is_damage(int code)
{
    switch (code) {
    case JWRN_ARITH_BAD_CODE:
    case JWRN_EXTRANEOUS_DATA:
    case JWRN_HIT_MARKER:
    case JWRN_HUFF_BAD_CODE:
    case JWRN_JPEG_EOF:
    case JWRN_MUST_RESYNC:
        return true;
    default:
        return false;
    }
}

static void on_error(j_common_ptr cinfo)
{
    struct jpeg_guard *g = (struct jpeg_guard *)cinfo->err;
    int code = g->mgr.msg_code;
    char text[JMSG_LENGTH_MAX];
    g->mgr.format_message(cinfo, text);
    jpeg_guard_fail(g,
                    code == JERR_OUT_OF_MEMORY                       ? ST_NOMEM
                    : g->blame == ST_DAMAGED && is_unsupported(code) ? ST_UNSUPPORTED
                                                                     : g->blame,
                    text);
    longjmp(g->jump, 1);
}

static void on_message(j_common_ptr cinfo, int level)
{
    struct jpeg_guard *g = (struct jpeg_guard *)cinfo->err;
    if (level >= 0) /* a trace */
        return;
    g->mgr.num_warnings++;
    char text[JMSG_LENGTH_MAX];
    g->mgr.format_message(cinfo, text);
    if (!is_damage(g->mgr.msg_code)) {
        if (!g->warned)
            note(g->cx, NOTE_DETAIL, "libjpeg: %s", text);
        g->warned = true;
        return;
    }
    if (!g->cx->lenient) {
        jpeg_guard_fail(g, ST_DAMAGED, text);
        longjmp(g->jump, 1);
    }
    if (g->damage[0] != '\0')
        return;
    say_where(g, text, g->damage, sizeof g->damage);
    note(g->cx, NOTE_WARNING, "%s", g->damage);
}

static void print_nothing(j_common_ptr cinfo)
{
    (void)cinfo;
}

void jpeg_guard_init(struct jpeg_guard *g, struct context *cx, enum status blame)
{
    jpeg_std_error(&g->mgr);
    g->mgr.error_exit = on_error;
    g->mgr.emit_message = on_message;
    g->mgr.output_message = print_nothing;
    g->cx = cx;
    g->blame = blame;
    g->where = "header";
}

static void keep_markers(j_decompress_ptr jpeg, unsigned length)
{
    jpeg_save_markers(jpeg, JPEG_COM, length);
    for (int i = 0; i < 16; i++)
        jpeg_save_markers(jpeg, JPEG_APP0 + i, length);
}

/*
 * What an object that has only read markers takes here are the markers that it keeps. Each of them
 * costs something besides its bytes: libjpeg walks over all that it has to put one more behind.
 */
static void *count_large(j_common_ptr common, int pool, size_t bytes)
{
    struct jpeg_guard *g = (struct jpeg_guard *)common->err;
    size_t cost = bytes + METADATA_BYTES / METADATA_ITEMS;
    if (g->marker_bytes <= METADATA_BYTES && g->marker_bytes + cost > METADATA_BYTES) {
        note(g->cx, NOTE_WARNING, "more than %u bytes or %u pieces of metadata: some are left out",
             METADATA_BYTES, METADATA_ITEMS);
        keep_markers((j_decompress_ptr)common, 0);
    }
    g->marker_bytes += cost;
    return g->alloc_large(common, pool, bytes);
}

void jpeg_guard_keep_markers(struct jpeg_guard *g, j_decompress_ptr jpeg)
{
    if (jpeg->mem->alloc_large != count_large)
        g->alloc_large = jpeg->mem->alloc_large;
    jpeg->mem->alloc_large = count_large;
    keep_markers(jpeg, MARKER_LENGTH_MAX);
}
