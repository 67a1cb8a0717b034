/* SPDX-License-Identifier: MIT */
/* COM, EXIF and XMP in APP1, ICC in APP2, IPTC in APP13: read as kept, written after JFIF. */
#include "formats/jpeg/jpeg_metadata.h"

#include <string.h>

#include "base/mem.h"
#include "base/size.h"
#include "formats/jpeg/jpeg_coding.h"
#include "formats/jpeg/jpeg_markers.h"
#include "formats/jpeg/jpeg_plugin.h"

#define APP1 (JPEG_APP0 + 1)
#define APP2 (JPEG_APP0 + 2)
#define APP13 (JPEG_APP0 + 13)

/* Bytes of a marker's body, which its length counts itself into. */
#define BODY_MAX 65533

/* EXIF 2.32, section 4.7.2; XMP specification, part 3, section 1.1.3; ICC.1:2022, annex B.4 */
static const char exif_name[] = "Exif\0"; /* and a NUL or any other byte */
static const char xmp_name[] = "http://ns.adobe.com/xap/1.0/";
static const char more_xmp_name[] = "http://ns.adobe.com/xmp/extension/";
static const char icc_name[] = "ICC_PROFILE";
static const char iptc_name[] = "Photoshop 3.0"; /* the resources may go on in the next marker */
#define EXIF_HEAD 6
#define ICC_HEAD (sizeof icc_name + 2) /* the number of the piece, and how many there are */

/* Not by client_data: the decoder of many scans has that. */
static struct jpeg_metadata *of(j_decompress_ptr jpeg)
{
    return &((struct jpeg_reader *)jpeg_guard_of(jpeg))->metadata;
}

/* Up to bytes of the file that stand in libjpeg's window, which is filled if it is empty. */
static const uint8_t *window(j_decompress_ptr jpeg, size_t *bytes)
{
    struct jpeg_source_mgr *src = jpeg->src;
    if (src->bytes_in_buffer == 0)
        src->fill_input_buffer(jpeg); /* ours never suspends */
    const uint8_t *data = src->next_input_byte;
    *bytes = min_size(*bytes, src->bytes_in_buffer);
    src->next_input_byte += *bytes;
    src->bytes_in_buffer -= *bytes;
    return data;
}

static void copy(j_decompress_ptr jpeg, uint8_t *out, size_t bytes)
{
    while (bytes > 0) {
        size_t n = bytes;
        const uint8_t *data = window(jpeg, &n);
        memcpy(out, data, n);
        out += n;
        bytes -= n;
    }
}

/* Takes all that is left of the marker. key: of the item, "" for most */
static enum status take_item(j_decompress_ptr jpeg, enum metadata_kind kind, const char *key,
                             size_t *left)
{
    struct jpeg_metadata *jm = of(jpeg);
    enum status st = metadata_begin(jm->cx, jm->metadata, kind);
    if (st == ST_OK)
        memcpy(jm->metadata->last->key, key, strlen(key) + 1);
    while (st == ST_OK && *left > 0) {
        size_t n = *left;
        const uint8_t *data = window(jpeg, &n);
        st = metadata_append(jm->cx, jm->metadata, data, n);
        *left -= n;
    }
    struct metadata_item *item = jm->metadata->last; /* NULL where there is no memory for it */
    while (st == ST_OK && kind == METADATA_COMMENT && item->bytes > 0 &&
           item->data[item->bytes - 1] == 0) { /* C strings, as some programs write them */
        item->bytes--;
        jm->metadata->bytes--;
    }
    if (st == ST_OK)
        metadata_end(jm->cx, jm->metadata);
    return st;
}

static enum status make_room(struct context *cx, struct jpeg_profile *p, size_t bytes)
{
    if (bytes <= p->room - p->bytes)
        return ST_OK;
    size_t room = (p->bytes + bytes) / 2 * 3 + 2; /* METADATA_BYTES keeps it far from wrapping */
    uint8_t *grown = mem_alloc(cx, room);
    if (grown == NULL)
        return cx->status;
    if (p->bytes != 0)
        memcpy(grown, p->data, p->bytes);
    mem_free(cx, p->data);
    p->data = grown;
    p->room = room;
    return ST_OK;
}

/* number: from 1 on. *left: what is not taken. */
static enum status take_piece(j_decompress_ptr jpeg, unsigned number, unsigned count, size_t *left)
{
    struct jpeg_metadata *jm = of(jpeg);
    if (jm->profile == NULL)
        jm->profile = mem_zalloc(jm->cx, sizeof *jm->profile);
    struct jpeg_profile *p = jm->profile;
    if (p == NULL)
        return jm->cx->status;
    if (p->count == 0)
        p->count = count;
    p->bad |= number == 0 || number > count || count != p->count || p->piece[number].bytes != 0 ||
              *left == 0 || *left > METADATA_BYTES - p->bytes;
    if (p->bad)
        return ST_OK;
    enum status st = make_room(jm->cx, p, *left);
    if (st != ST_OK)
        return st;
    copy(jpeg, p->data + p->bytes, *left);
    p->piece[number].at = p->bytes;
    p->piece[number].bytes = *left;
    p->bytes += *left;
    p->seen++;
    *left = 0;
    return ST_OK;
}

static bool begins(const uint8_t *head, size_t bytes, const void *name, size_t name_bytes)
{
    return bytes >= name_bytes && memcmp(head, name, name_bytes) == 0;
}

static size_t take_head(j_decompress_ptr jpeg, uint8_t *out, size_t bytes, size_t *left)
{
    bytes = min_size(bytes, *left);
    copy(jpeg, out, bytes);
    *left -= bytes;
    return bytes;
}

static enum status take_app1(j_decompress_ptr jpeg, size_t *left)
{
    uint8_t head[sizeof more_xmp_name];
    size_t n = take_head(jpeg, head, EXIF_HEAD, left);
    if (n == EXIF_HEAD && begins(head, n, exif_name, EXIF_HEAD - 1))
        return take_item(jpeg, METADATA_EXIF, "", left);
    n += take_head(jpeg, head + n, sizeof xmp_name - n, left);
    if (begins(head, n, xmp_name, sizeof xmp_name))
        return take_item(jpeg, METADATA_XMP, "", left);
    n += take_head(jpeg, head + n, sizeof more_xmp_name - n, left);
    return begins(head, n, more_xmp_name, sizeof more_xmp_name)
               ? take_item(jpeg, METADATA_XMP, METADATA_XMP_MORE, left)
               : ST_OK;
}

static enum status take_app2(j_decompress_ptr jpeg, size_t *left)
{
    uint8_t head[ICC_HEAD];
    size_t n = min_size(*left, sizeof head);
    copy(jpeg, head, n);
    *left -= n;
    if (n < sizeof head || !begins(head, n, icc_name, sizeof icc_name) ||
        of(jpeg)->metadata->skip[METADATA_ICC])
        return ST_OK;
    return take_piece(jpeg, head[ICC_HEAD - 2], head[ICC_HEAD - 1], left);
}

static enum status take_app13(j_decompress_ptr jpeg, size_t *left)
{
    uint8_t head[sizeof iptc_name];
    size_t n = take_head(jpeg, head, sizeof head, left);
    return begins(head, n, iptc_name, sizeof iptc_name) ? take_item(jpeg, METADATA_IPTC, "", left)
                                                        : ST_OK;
}

/* A marker processor of libjpeg's: a comment or an APPn behind its code; jumps on errors. */
static boolean take_marker(j_decompress_ptr jpeg)
{
    uint8_t length[2];
    copy(jpeg, length, 2);
    size_t left = (size_t)length[0] << 8 | length[1];
    left = left < 2 ? 0 : left - 2; /* as libjpeg takes it */
    enum status st = jpeg->unread_marker == APP1    ? take_app1(jpeg, &left)
                     : jpeg->unread_marker == APP2  ? take_app2(jpeg, &left)
                     : jpeg->unread_marker == APP13 ? take_app13(jpeg, &left)
                                                    : take_item(jpeg, METADATA_COMMENT, "", &left);
    if (st != ST_OK)
        jpeg_guard_jump(jpeg_guard_of(jpeg), st);
    if (left > 0)
        jpeg->src->skip_input_data(jpeg, (long)left);
    return TRUE;
}

void jpeg_metadata_watch(struct jpeg_metadata *jm, j_decompress_ptr jpeg, struct context *cx,
                         struct metadata *metadata)
{
    *jm = (struct jpeg_metadata){.cx = cx, .metadata = metadata};
    if (metadata == NULL)
        return;
    jpeg_guard_keep_markers(jpeg_guard_of(jpeg), jpeg);
}

static void close_profile(struct jpeg_metadata *jm)
{
    if (jm->profile != NULL)
        mem_free(jm->cx, jm->profile->data);
    mem_free(jm->cx, jm->profile);
    jm->profile = NULL;
}

static enum status take_profile(struct jpeg_metadata *jm)
{
    const struct jpeg_profile *p = jm->profile;
    if (p->bad || p->seen != p->count) {
        note(jm->cx, NOTE_DETAIL, "an ICC profile whose pieces do not fit is left out");
        return ST_OK;
    }
    enum status st = metadata_begin(jm->cx, jm->metadata, METADATA_ICC);
    for (unsigned i = 1; st == ST_OK && i <= p->count; i++)
        st = metadata_append(jm->cx, jm->metadata, p->data + p->piece[i].at, p->piece[i].bytes);
    if (st == ST_OK)
        metadata_end(jm->cx, jm->metadata);
    return st;
}

enum status jpeg_metadata_take(struct jpeg_metadata *jm, j_decompress_ptr jpeg)
{
    static const enum density_unit units[] = {DENSITY_ASPECT, DENSITY_INCH, DENSITY_CENTIMETER};
    if (jm->metadata == NULL)
        return ST_OK;
    jpeg_markers_tell(jpeg, take_marker);
    jpeg_coding_take(jpeg, &jm->metadata->coding);
    bool square = jpeg->density_unit == 0 && jpeg->X_density == jpeg->Y_density; /* says nothing */
    if (jpeg->saw_JFIF_marker && jpeg->density_unit < 3 && !square) {
        struct density d = {jpeg->X_density, jpeg->Y_density, units[jpeg->density_unit]};
        metadata_set_density(jm->metadata, d);
    }
    enum status st = jm->profile != NULL ? take_profile(jm) : ST_OK;
    close_profile(jm);
    return st;
}

void jpeg_metadata_close(struct jpeg_metadata *jm)
{
    close_profile(jm);
}

void jpeg_metadata_set_density(j_compress_ptr jpeg, const struct metadata *m)
{
    struct density d;
    enum density_unit unit = m->density.unit == DENSITY_METER ? DENSITY_INCH : m->density.unit;
    if (!density_as(m->density, unit, UINT16_MAX, &d))
        return;
    jpeg->density_unit = unit == DENSITY_INCH ? 1 : unit == DENSITY_CENTIMETER ? 2 : 0;
    jpeg->X_density = (UINT16)d.x;
    jpeg->Y_density = (UINT16)d.y;
}

/* sizes that BODY_MAX keeps in range */
static void write_body(j_compress_ptr jpeg, int marker, const void *head, size_t head_bytes,
                       const uint8_t *data, size_t bytes)
{
    const uint8_t *p = head;
    jpeg_write_m_header(jpeg, marker, (unsigned)(head_bytes + bytes));
    for (size_t i = 0; i < head_bytes; i++)
        jpeg_write_m_byte(jpeg, p[i]);
    for (size_t i = 0; i < bytes; i++)
        jpeg_write_m_byte(jpeg, data[i]);
}

/* In one marker or not at all. */
static void write_whole(j_compress_ptr jpeg, struct context *cx, const char *what, const void *head,
                        size_t head_bytes, const struct metadata_item *item)
{
    int marker = item->kind == METADATA_IPTC ? APP13 : APP1;
    if (item->bytes <= BODY_MAX - head_bytes)
        write_body(jpeg, marker, head, head_bytes, item->data, item->bytes);
    else
        note(cx, NOTE_WARNING, "%s of %zu bytes is more than a JPEG can hold: it is left out", what,
             item->bytes);
}

static void write_comment(j_compress_ptr jpeg, const struct metadata_item *item)
{
    for (size_t at = 0, n; at < item->bytes; at += n) {
        n = min_size(item->bytes - at, BODY_MAX);
        write_body(jpeg, JPEG_COM, "", 0, item->data + at, n);
    }
}

static void write_profile(j_compress_ptr jpeg, const struct metadata_item *item, size_t bytes)
{
    const size_t most = BODY_MAX - ICC_HEAD;
    size_t count = (bytes + most - 1) / most; /* METADATA_BYTES are less than 255 of them */
    uint8_t head[ICC_HEAD] = {0};
    memcpy(head, icc_name, sizeof icc_name);
    head[ICC_HEAD - 1] = (uint8_t)count;
    for (size_t i = 0; i < count; i++) {
        head[ICC_HEAD - 2] = (uint8_t)(i + 1);
        write_body(jpeg, APP2, head, sizeof head, item->data + i * most,
                   min_size(bytes - i * most, most));
    }
}

void jpeg_metadata_write(j_compress_ptr jpeg, struct context *cx, const struct metadata *m)
{
    const struct metadata_item *exif = metadata_find(m, METADATA_EXIF);
    const struct metadata_item *xmp = metadata_find_key(m, METADATA_XMP, "");
    const struct metadata_item *icc = metadata_find(m, METADATA_ICC);
    const char *space = jpeg->jpeg_color_space == JCS_GRAYSCALE ? "GRAY"
                        : jpeg->num_components == 4             ? "CMYK"
                                                                : "RGB ";
    size_t icc_bytes = metadata_icc_bytes(icc, space);
    if (exif != NULL)
        write_whole(jpeg, cx, "EXIF", exif_name, EXIF_HEAD, exif);
    if (xmp != NULL)
        write_whole(jpeg, cx, "XMP", xmp_name, sizeof xmp_name, xmp);
    for (const struct metadata_item *more = m->first; more != NULL; more = more->next) {
        if (xmp != NULL && more->kind == METADATA_XMP && strcmp(more->key, METADATA_XMP_MORE) == 0)
            write_whole(jpeg, cx, "XMP", more_xmp_name, sizeof more_xmp_name, more);
        else if (more->kind == METADATA_IPTC)
            write_whole(jpeg, cx, "IPTC", iptc_name, sizeof iptc_name, more);
    }
    if (icc_bytes != 0)
        write_profile(jpeg, icc, icc_bytes);
    for (const struct metadata_item *item = m->first; item != NULL; item = item->next)
        if (item->kind == METADATA_COMMENT && item->key[0] == '\0')
            write_comment(jpeg, item);
}
