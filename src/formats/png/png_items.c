/* SPDX-License-Identifier: MIT */
/* Text, profile, EXIF, density and color chunks: their fields, inflated where they are deflated. */
#include "formats/png/png_items.h"

#include <string.h>

#include "base/size.h"
#include "base/zlib_stream.h"

/*
 * fields: what stands before the text. k: keyword up to NUL, m: compression method, f: compression
 * flag, s: a string up to NUL that is passed over. Source: PNG specification, third edition, 11.3
 */
struct png_item_kind {
    char type[5];
    const char *fields;
    bool compressed;
    uint32_t bytes; /* of the body where that is fixed; else 0 */
};

static const struct png_item_kind kinds[] = {
    {"tEXt", "k", false, 0}, {"zTXt", "km", true, 0}, {"iTXt", "kfmss", false, 0},
    {"iCCP", "km", true, 0}, {"eXIf", "", false, 0},  {"pHYs", "", false, 9},
    {"cHRM", "", false, 32}, {"gAMA", "", false, 4},  {"sRGB", "", false, 1},
    {"cICP", "", false, 4},  {"sBIT", "", false, 0},
};

static bool is(const struct png_items *t, const char *type)
{
    return memcmp(t->kind->type, type, 4) == 0;
}

static void take_density(struct metadata *m, const struct metadata_item *item)
{
    const uint8_t *p = item->data;
    if (p[8] <= 1)
        metadata_set_density(m, (struct density){load_be32(p), load_be32(p + 4),
                                                 p[8] == 1 ? DENSITY_METER : DENSITY_ASPECT});
}

/* What may stand in a keyword, by PNG specification, third edition, 11.3.3.1. */
static bool is_keyword(const char *key)
{
    size_t n = strlen(key);
    for (size_t i = 0; i < n; i++) {
        uint8_t c = (uint8_t)key[i];
        if (c < 32 || (c > 126 && c < 161) || (c == 32 && (i == 0 || key[i + 1] == 32)))
            return false;
    }
    return n > 0 && key[n - 1] != 32;
}

/* "Comment" is what other formats have too; hex dumps of profiles are none of our business. */
static enum status begin_item(struct png_items *t)
{
    bool text = t->kind->fields[0] == 'k' && !is(t, "iCCP");
    bool xmp = text && strcmp(t->key, "XML:com.adobe.xmp") == 0;
    if (text && (!is_keyword(t->key) || strncmp(t->key, "Raw profile type", 16) == 0)) {
        t->bad = true;
        return ST_OK;
    }
    enum status st = metadata_begin(t->cx, t->metadata,
                                    xmp             ? METADATA_XMP
                                    : text          ? METADATA_COMMENT
                                    : is(t, "iCCP") ? METADATA_ICC
                                    : is(t, "eXIf") ? METADATA_EXIF
                                                    : METADATA_COLOR);
    if (st != ST_OK)
        return st;
    t->begun = true;
    if (text && !xmp && strcmp(t->key, "Comment") != 0)
        memcpy(t->metadata->last->key, t->key, sizeof t->key);
    if (t->metadata->last->kind == METADATA_COLOR) {
        memcpy(t->metadata->last->key, t->kind->type, sizeof t->kind->type);
        if (is(t, "pHYs")) /* the item is but a place to put it, whatever is stripped */
            t->metadata->cut = t->metadata->items > METADATA_ITEMS;
    }
    return ST_OK;
}

static bool is_wanted(const struct png_items *t)
{
    return !t->metadata->skip[t->metadata->last->kind];
}

/*
 * All texts and profiles of a file together, inflated, are no more than what is ever kept, so that
 * no chain of bombs costs time.
 */
static enum status take_data(struct png_items *t, const uint8_t *data, size_t bytes)
{
    if (!is_wanted(t))
        return ST_OK;
    t->seen += bytes;
    t->bad |= t->seen > METADATA_BYTES;
    if (t->bad && !t->cx->lenient)
        return fail(t->cx, ST_LIMIT, "more than %u MiB of metadata (--strip leaves them out)",
                    METADATA_BYTES >> 20);
    return metadata_append(t->cx, t->metadata, data, bytes); /* which tells once, and drops it */
}

static enum status begin_inflate(struct png_items *t)
{
    t->inflate = zlib_stream(t->cx);
    if (inflateInit(&t->inflate) != Z_OK)
        return zlib_no_start(t->cx);
    t->phase = PNG_ITEM_INFLATING;
    return ST_OK;
}

static enum status inflate_text(struct png_items *t, const uint8_t *data, size_t bytes)
{
    uint8_t out[2048];
    enum status st = t->phase == PNG_ITEM_PLAIN ? begin_inflate(t) : ST_OK;
    t->inflate.next_in = (z_const Bytef *)(uintptr_t)data;
    t->inflate.avail_in = (uInt)bytes; /* of a chunk, so below 2^31 */
    t->bad |= !is_wanted(t);           /* so that it is not inflated */
    while (st == ST_OK && t->phase == PNG_ITEM_INFLATING && !t->bad) {
        t->inflate.next_out = out;
        t->inflate.avail_out = sizeof out;
        int z = inflate(&t->inflate, Z_NO_FLUSH);
        size_t got = sizeof out - t->inflate.avail_out;
        if (z == Z_MEM_ERROR)
            return t->cx->status;
        st = take_data(t, out, got);
        if (z == Z_STREAM_END)
            t->phase = PNG_ITEM_INFLATED;
        else if (z != Z_OK && z != Z_BUF_ERROR)
            t->bad = true;
        if (t->inflate.avail_in == 0 && t->inflate.avail_out != 0)
            break;
    }
    return st;
}

/* One of the bytes before the text. */
static void take_field(struct png_items *t, uint8_t byte)
{
    bool ends = byte == 0;
    switch (*t->field) {
    case 'k':
        if (t->key_bytes < sizeof t->key)
            t->key[t->key_bytes++] = (char)byte;
        else
            t->bad = true;
        break;
    case 'm':
        t->bad |= t->compressed && byte != 0; /* else it means nothing */
        ends = true;
        break;
    case 'f':
        t->bad |= byte > 1;
        t->compressed = byte == 1;
        ends = true;
        break;
    default:
        break;
    }
    t->field += ends;
}

enum status png_items_body(struct png_items *t, const uint8_t *data, size_t bytes)
{
    enum status st = ST_OK;
    for (; bytes > 0 && *t->field != '\0' && !t->bad; bytes--)
        take_field(t, *data++);
    if (*t->field == '\0' && !t->begun && !t->bad)
        st = begin_item(t);
    if (st != ST_OK || bytes == 0 || t->bad)
        return st;
    return t->compressed ? inflate_text(t, data, bytes) : take_data(t, data, bytes);
}

static void end_inflate(struct png_items *t)
{
    if (t->phase != PNG_ITEM_PLAIN)
        inflateEnd(&t->inflate);
    t->bad |= t->phase == PNG_ITEM_INFLATING;
    t->phase = PNG_ITEM_PLAIN;
}

/* Some writers put JPEG's mark before the TIFF header. */
static void trim_exif(struct metadata *m, struct metadata_item *item)
{
    if (item->bytes < 6 || memcmp(item->data, "Exif\0", 6) != 0)
        return;
    item->bytes -= 6;
    m->bytes -= 6;
    memmove(item->data, item->data + 6, item->bytes);
}

/*
 * Whether numbers can mean anything. PNG specification, third edition, 7.1, 11.3.2.2 and 11.3.2.5
 */
static bool makes_sense(const struct png_items *t, const struct metadata_item *item)
{
    uint32_t gamma = is(t, "gAMA") ? load_be32(item->data) : 1;
    return gamma != 0 && gamma <= INT32_MAX && (!is(t, "sRGB") || item->data[0] <= 3);
}

bool png_items_begin(struct png_items *t, const uint8_t type[static 4], uint32_t bytes)
{
    t->kind = NULL;
    for (size_t i = 0; t->metadata != NULL && i < sizeof kinds / sizeof *kinds; i++)
        if (memcmp(type, kinds[i].type, 4) == 0)
            t->kind = &kinds[i];
    if (t->kind == NULL)
        return false;
    t->field = t->kind->fields;
    t->compressed = t->kind->compressed;
    t->bad = (t->kind->bytes != 0 && bytes != t->kind->bytes) || (is(t, "sBIT") && bytes > 4);
    t->key_bytes = 0;
    memset(t->key, 0, sizeof t->key);
    return true;
}

void png_items_end(struct png_items *t, bool sound)
{
    struct metadata *m = t->metadata;
    end_inflate(t);
    t->bad |= !sound;
    if (!t->begun)
        return;
    t->begun = false;
    struct metadata_item *item = m->last;
    bool whole =
        !t->bad && (t->kind->bytes == 0 || item->bytes == t->kind->bytes) && makes_sense(t, item);
    if (whole && is(t, "pHYs"))
        take_density(m, item);
    if (whole && is(t, "eXIf"))
        trim_exif(m, item);
    if (!whole || is(t, "pHYs"))
        metadata_drop(t->cx, m);
    else
        metadata_end(t->cx, m);
}

void png_items_close(struct png_items *t)
{
    if (t->phase != PNG_ITEM_PLAIN)
        inflateEnd(&t->inflate);
    if (t->begun)
        metadata_drop(t->cx, t->metadata);
    *t = (struct png_items){0};
}
