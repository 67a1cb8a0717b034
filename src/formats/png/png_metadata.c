/* SPDX-License-Identifier: MIT */
/* Metadata as PNG chunks: each where the specification lets it stand, and only what fits in. */
#include "formats/png/png_metadata.h"

#include <string.h>

#include "base/mem.h"
#include "base/zlib_stream.h"

/* Deflated whole, since a chunk begins with its length. */
static enum status write_profile(png_structp png, struct context *cx,
                                 const struct metadata_item *item, size_t bytes, uint8_t **held)
{
    static const uint8_t head[5] = {'i', 'c', 'c', 0, 0}; /* name, method */
    z_stream z = zlib_stream(cx);
    if (deflateInit(&z, 9) != Z_OK)
        return zlib_no_start(cx);
    uLong room = deflateBound(&z, (uLong)bytes);
    *held = mem_alloc(cx, sizeof head + room);
    int end = Z_MEM_ERROR;
    if (*held != NULL) {
        memcpy(*held, head, sizeof head);
        z.next_in = item->data;
        z.avail_in = (uInt)bytes;
        z.next_out = *held + sizeof head;
        z.avail_out = (uInt)room;
        end = deflate(&z, Z_FINISH);
    }
    deflateEnd(&z);
    if (*held == NULL)
        return cx->status;
    if (end != Z_STREAM_END)
        return fail(cx, ST_BUG, "zlib cannot deflate a profile");
    png_write_chunk(png, (png_const_bytep) "iCCP", *held, sizeof head + z.total_out);
    return ST_OK;
}

static void write_color(png_structp png, const struct metadata *m, const char *type)
{
    const struct metadata_item *item = metadata_find_key(m, METADATA_COLOR, type);
    if (item != NULL)
        png_write_chunk(png, (png_const_bytep)type, item->data, item->bytes);
}

static uint8_t most(const uint8_t *p, int n)
{
    uint8_t v = 0;
    for (int i = 0; i < n; i++)
        v = p[i] > v ? p[i] : v;
    return v;
}

/*
 * How many bits of samples meant something, by a chunk of 1 to 4 numbers: gray, gray and alpha,
 * colors, colors and alpha. The file may now have another of these kinds, and fewer bits.
 */
static void write_significant(png_structp png, const struct metadata *m, int type, int depth)
{
    const struct metadata_item *item = metadata_find_key(m, METADATA_COLOR, "sBIT");
    if (item == NULL || item->bytes > 4)
        return;
    const uint8_t *in = item->data;
    size_t n = item->bytes, colors = n > 2 ? 3 : 1, count = 0;
    uint8_t body[4];
    if (type == PNG_COLOR_TYPE_PALETTE)
        depth = 8;
    if ((type & PNG_COLOR_MASK_COLOR) == 0)
        body[count++] = most(in, (int)colors);
    else
        for (; count < 3; count++)
            body[count] = in[colors == 3 ? count : 0];
    if ((type & PNG_COLOR_MASK_ALPHA) != 0)
        body[count++] = n > colors ? in[colors] : (uint8_t)depth;
    for (size_t i = 0; i < count; i++) {
        if (body[i] == 0)
            return;
        body[i] = (uint8_t)(body[i] < depth ? body[i] : depth);
    }
    png_write_chunk(png, (png_const_bytep) "sBIT", body, count);
}

enum status png_metadata_write_first(png_structp png, struct context *cx, const struct metadata *m,
                                     int type, int depth, uint8_t **held)
{
    const char *space = (type & PNG_COLOR_MASK_COLOR) != 0 ? "RGB " : "GRAY";
    const struct metadata_item *icc = metadata_find(m, METADATA_ICC);
    size_t bytes = metadata_icc_bytes(icc, space);
    write_color(png, m, "cICP");
    write_color(png, m, "cHRM");
    write_color(png, m, "gAMA");
    if (bytes == 0) /* a file has sRGB or iCCP, not both */
        write_color(png, m, "sRGB");
    write_significant(png, m, type, depth);
    return bytes != 0 ? write_profile(png, cx, icc, bytes, held) : ST_OK;
}

/* True where text is UTF-8 with at least one character beyond ASCII. RFC 3629, section 4. */
static bool is_utf8(const uint8_t *p, size_t bytes)
{
    bool wide = false;
    for (size_t i = 0; i < bytes;) {
        unsigned more = p[i] < 0x80                    ? 0
                        : p[i] >= 0xc2 && p[i] <= 0xdf ? 1
                        : (p[i] & 0xf0) == 0xe0        ? 2
                        : p[i] >= 0xf0 && p[i] <= 0xf4 ? 3
                                                       : 4;
        if (more > 3 || more >= bytes - i)
            return false;
        uint8_t low = p[i] == 0xe0 ? 0xa0 : p[i] == 0xf0 ? 0x90 : 0x80;
        uint8_t high = p[i] == 0xed ? 0x9f : p[i] == 0xf4 ? 0x8f : 0xbf;
        for (unsigned k = 1; k <= more; k++, low = 0x80, high = 0xbf)
            if (p[i + k] < low || p[i + k] > high)
                return false;
        wide |= more > 0;
        i += more + 1;
    }
    return wide;
}

static void write_text(png_structp png, const char *key, bool utf8, const uint8_t *text,
                       size_t bytes)
{
    size_t key_bytes = strlen(key) + 1,
           gap = utf8 ? 4 : 0; /* flag, method, language, translation */
    png_write_chunk_start(png, (png_const_bytep)(utf8 ? "iTXt" : "tEXt"),
                          (png_uint_32)(key_bytes + gap + bytes));
    png_write_chunk_data(png, (png_const_bytep)key, key_bytes);
    png_write_chunk_data(png, (png_const_bytep) "\0\0\0", gap);
    png_write_chunk_data(png, text, bytes);
    png_write_chunk_end(png);
}

/* tEXt is Latin-1, so bytes that are not UTF-8 go there; NUL would end the text. */
static void write_comment(png_structp png, const struct metadata_item *item)
{
    const char *key = item->key[0] != '\0' ? item->key : "Comment";
    size_t bytes = strnlen((const char *)item->data, item->bytes);
    if (bytes != 0)
        write_text(png, key, is_utf8(item->data, bytes), item->data, bytes);
}

static void write_density(png_structp png, const struct metadata *m)
{
    struct density d;
    bool meter = density_as(m->density, DENSITY_METER, INT32_MAX, &d);
    if (!meter && !density_as(m->density, DENSITY_ASPECT, INT32_MAX, &d))
        return;
    uint8_t body[9] = {0};
    png_save_uint_32(body, d.x);
    png_save_uint_32(body + 4, d.y);
    body[8] = meter;
    png_write_chunk(png, (png_const_bytep) "pHYs", body, sizeof body);
}

static void write_exif(png_structp png, struct context *cx, const struct metadata_item *item)
{
    if (item->bytes >= 8 &&
        (memcmp(item->data, "II*", 4) == 0 || memcmp(item->data, "MM\0*", 4) == 0))
        png_write_chunk(png, (png_const_bytep) "eXIf", item->data, item->bytes);
    else
        note(cx, NOTE_DETAIL, "EXIF without a TIFF header is left out");
}

static void write_xmp(png_structp png, const struct metadata_item *item)
{
    if (memchr(item->data, 0, item->bytes) == NULL)
        write_text(png, "XML:com.adobe.xmp", true, item->data, item->bytes);
}

static void write_item(png_structp png, struct context *cx, const struct metadata *m,
                       const struct metadata_item *item)
{
    if (item->kind == METADATA_COMMENT)
        write_comment(png, item);
    else if (item->kind == METADATA_EXIF && item == metadata_find(m, METADATA_EXIF))
        write_exif(png, cx, item);
    else if (item->kind == METADATA_XMP && item == metadata_find_key(m, METADATA_XMP, ""))
        write_xmp(png, item);
}

void png_metadata_write(png_structp png, struct context *cx, const struct metadata *m,
                        const struct metadata_item **written)
{
    write_density(png, m);
    for (const struct metadata_item *item = m->first; item != NULL; item = item->next) {
        write_item(png, cx, m, item);
        *written = item;
    }
}

void png_metadata_write_late(png_structp png, struct context *cx, const struct metadata *m,
                             const struct metadata_item *written)
{
    for (const struct metadata_item *item = written == NULL ? m->first : written->next;
         item != NULL; item = item->next)
        write_item(png, cx, m, item);
}
