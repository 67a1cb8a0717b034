/* SPDX-License-Identifier: MIT */
/* What is kept and what is changed is as with jpegtran -copy all, unless something is skipped. */
#include "formats/jpeg/jpeg_markers.h"

#include <string.h>

#include "formats/exif.h"

#define EXIF_NAME_BYTES 6
#define XMP_NAME "http://ns.adobe.com/xap/1.0/"

/* A source that gives a marker's length and then what was kept of it. */
struct replay {
    struct jpeg_source_mgr mgr; /* first: libjpeg hands it back */
    jpeg_saved_marker_ptr marker;
    uint8_t length[2];
};

static boolean fill(j_decompress_ptr jpeg)
{
    struct replay *r = (struct replay *)jpeg->src;
    r->mgr.next_input_byte = r->marker->data;
    r->mgr.bytes_in_buffer = r->marker->data_length;
    return TRUE;
}

static void skip(j_decompress_ptr jpeg, long bytes)
{
    (void)jpeg, (void)bytes; /* nothing comes after it */
}

void jpeg_markers_tell(j_decompress_ptr jpeg, jpeg_marker_parser_method processor)
{
    struct jpeg_source_mgr *src = jpeg->src;
    struct replay r = {.mgr = {.fill_input_buffer = fill, .skip_input_data = skip}};
    int unread = jpeg->unread_marker;
    for (jpeg_saved_marker_ptr m = jpeg->marker_list; m != NULL; m = m->next) {
        if (m->marker != JPEG_COM && m->marker != JPEG_APP0 + 1 && m->marker != JPEG_APP0 + 2 &&
            m->marker != JPEG_APP0 + 13)
            continue;
        unsigned length = m->data_length + 2; /* all of it was kept */
        r.marker = m;
        r.length[0] = (uint8_t)(length >> 8);
        r.length[1] = (uint8_t)length;
        r.mgr.next_input_byte = r.length;
        r.mgr.bytes_in_buffer = sizeof r.length;
        jpeg->src = &r.mgr;
        jpeg->unread_marker = m->marker;
        processor(jpeg);
    }
    jpeg->src = src;
    jpeg->unread_marker = unread;
}

static bool is_named(jpeg_saved_marker_ptr m, unsigned app, const char *name, size_t bytes)
{
    return m->marker == JPEG_APP0 + app && m->data_length >= bytes &&
           memcmp(m->data, name, bytes) == 0;
}

static bool is_exif(jpeg_saved_marker_ptr m)
{
    return is_named(m, 1, "Exif\0", EXIF_NAME_BYTES);
}

/* A string without its final zero. */
#define NAMED(m, app, name) is_named(m, app, name, sizeof(name) - 1)

static bool is_xmp(jpeg_saved_marker_ptr m)
{
    return NAMED(m, 1, XMP_NAME);
}

static bool is_skipped(const struct recode *r, jpeg_saved_marker_ptr m)
{
    if (m->marker == JPEG_COM)
        return r->skip[METADATA_COMMENT];
    if (is_exif(m))
        return r->skip[METADATA_EXIF];
    if (NAMED(m, 2, "ICC_PROFILE"))
        return r->skip[METADATA_ICC];
    if (is_xmp(m) || NAMED(m, 1, "http://ns.adobe.com/xmp/extension/"))
        return r->skip[METADATA_XMP];
    if (NAMED(m, 13, "Photoshop 3.0"))
        return r->skip[METADATA_IPTC];
    for (int kind = 0; kind < METADATA_KINDS; kind++)
        if (r->skip[kind])
            return true;
    return false;
}

bool jpeg_markers_begin_with_exif(const struct recode *r, jpeg_saved_marker_ptr list)
{
    while (list != NULL && is_skipped(r, list) && !NAMED(list, 0, "JFIF"))
        list = list->next;
    return list != NULL && is_exif(list);
}

/* data: of the marker, behind the name */
static void set_upright(enum metadata_kind kind, uint8_t *data, size_t bytes)
{
    struct metadata_item item = {.kind = kind, .data = data, .bytes = bytes};
    struct metadata m = {.first = &item, .last = &item};
    exif_set_upright(&m);
}

void jpeg_markers_copy(const struct recode *r, jpeg_saved_marker_ptr list, j_compress_ptr to,
                       uint32_t source_width, uint32_t source_height)
{
    bool resized = r->width != source_width || r->height != source_height;
    bool first = jpeg_markers_begin_with_exif(r, list);
    for (jpeg_saved_marker_ptr m = list; m != NULL; m = m->next) {
        if (is_skipped(r, m) || (to->write_JFIF_header && is_named(m, 0, "JFIF", 5)) ||
            (to->write_Adobe_marker && NAMED(m, 14, "Adobe")))
            continue;
        if (is_exif(m)) {
            uint8_t *tiff = m->data + EXIF_NAME_BYTES;
            size_t bytes = m->data_length - EXIF_NAME_BYTES;
            /* jpegtran looks at the file's very first marker only */
            if (resized && (first || r->upright))
                exif_set_size(tiff, bytes, r->width, r->height);
            if (r->upright)
                set_upright(METADATA_EXIF, tiff, bytes);
            first = false;
        }
        if (r->upright && is_xmp(m))
            set_upright(METADATA_XMP, m->data, m->data_length);
        jpeg_write_marker(to, m->marker, m->data, m->data_length);
    }
}
