/* SPDX-License-Identifier: MIT */
/* A walk over directories of a TIFF structure that trusts no number in it. */
#include "formats/exif.h"

#include <string.h>

#include "base/size.h"

/* TIFF 6.0, section 2 and page 36; EXIF 2.32, sections 4.6.3, 4.6.4 and 4.6.5. */
enum { ORIENTATION = 0x0112, EXIF_DIRECTORY = 0x8769, PIXEL_WIDTH = 0xa002, PIXEL_HEIGHT = 0xa003 };
enum { TYPE_SHORT = 3, TYPE_LONG = 4 };
#define ENTRY_BYTES 12 /* tag, type, count, and the value or where it stands */

struct tiff {
    uint8_t *data;
    size_t bytes;
    bool big_endian;
};

static bool open_tiff(struct tiff *t, uint8_t *data, size_t bytes)
{
    *t = (struct tiff){data, bytes, false};
    if (bytes < 8 || (memcmp(data, "II*", 4) != 0 && memcmp(data, "MM\0*", 4) != 0))
        return false;
    t->big_endian = data[0] == 'M';
    return true;
}

static uint32_t load(const struct tiff *t, size_t at, unsigned bytes)
{
    uint32_t v = 0;
    for (unsigned i = 0; i < bytes; i++)
        v = v << 8 | t->data[at + (t->big_endian ? i : bytes - 1 - i)];
    return v;
}

static void store(const struct tiff *t, size_t at, unsigned bytes, uint32_t v)
{
    for (unsigned i = 0; i < bytes; i++)
        t->data[at + (t->big_endian ? bytes - 1 - i : i)] = (uint8_t)(v >> 8 * i);
}

/* The place of an entry after another one of a directory, or, after 0, of its first; 0: none. */
static size_t next_entry(const struct tiff *t, size_t directory, size_t after, uint32_t tag)
{
    if (directory < 8 || directory > t->bytes - 2)
        return 0;
    size_t first = directory + 2, count = load(t, directory, 2);
    size_t at = after == 0 ? first : after + ENTRY_BYTES;
    for (; (at - first) / ENTRY_BYTES < count && at <= t->bytes && t->bytes - at >= ENTRY_BYTES;
         at += ENTRY_BYTES)
        if (load(t, at, 2) == tag)
            return at;
    return 0;
}

/* The entry of the orientation, and the bytes of its value; 0: there is none that makes sense. */
static size_t find_orientation(const struct tiff *t, unsigned *size)
{
    size_t directory = load(t, 4, 4), at = 0;
    while ((at = next_entry(t, directory, at, ORIENTATION)) != 0) {
        uint32_t type = load(t, at + 2, 2);
        *size = type == TYPE_SHORT ? 2 : 4; /* some programs write a long one */
        if (load(t, at + 4, 4) == 1 && (type == TYPE_SHORT || type == TYPE_LONG))
            return at;
    }
    return 0;
}

unsigned exif_orientation(const struct metadata_item *exif)
{
    struct tiff t;
    unsigned size;
    if (exif == NULL || !open_tiff(&t, exif->data, exif->bytes))
        return 1;
    size_t at = find_orientation(&t, &size);
    uint32_t value = at == 0 ? 1 : load(&t, at + 8, size);
    return value >= 1 && value <= 8 ? value : 1;
}

/* XMP has it as an attribute or as an element: tiff:Orientation="6", <tiff:Orientation>6< */
static void set_xmp_upright(struct metadata_item *xmp)
{
    static const char name[] = "tiff:Orientation";
    const size_t length = sizeof name - 1;
    uint8_t *p = xmp->data, *end = xmp->data + xmp->bytes;
    while ((p = memmem(p, (size_t)(end - p), name, length)) != NULL) {
        p += length;
        while (p < end && memchr(" \t\r\n=>\"'", *p, 8) != NULL)
            p++;
        if (p < end && *p >= '2' && *p <= '8')
            *p = '1';
    }
}

void exif_set_upright(struct metadata *m)
{
    struct metadata_item *exif = metadata_find(m, METADATA_EXIF);
    struct metadata_item *xmp = metadata_find_key(m, METADATA_XMP, "");
    struct tiff t;
    unsigned size;
    if (exif != NULL && open_tiff(&t, exif->data, exif->bytes)) {
        size_t at = find_orientation(&t, &size);
        if (at != 0)
            store(&t, at + 8, size, 1);
    }
    if (xmp != NULL)
        set_xmp_upright(xmp);
}

static void set_long(const struct tiff *t, size_t directory, uint32_t tag, uint32_t value)
{
    size_t at = next_entry(t, directory, 0, tag);
    if (at == 0)
        return;
    store(t, at + 2, 2, TYPE_LONG);
    store(t, at + 4, 4, 1);
    store(t, at + 8, 4, value);
}

void exif_set_size(uint8_t *tiff, size_t bytes, uint32_t width, uint32_t height)
{
    struct tiff t;
    if (!open_tiff(&t, tiff, bytes))
        return;
    size_t entry = next_entry(&t, load(&t, 4, 4), 0, EXIF_DIRECTORY);
    if (entry == 0)
        return;
    size_t directory = load(&t, entry + 8, 4);
    set_long(&t, directory, PIXEL_WIDTH, width);
    set_long(&t, directory, PIXEL_HEIGHT, height);
}
