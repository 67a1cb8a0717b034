/* SPDX-License-Identifier: MIT */
/* A walk over the first directory of a TIFF structure that trusts no number in it. */
#include "formats/exif.h"

#include <string.h>

#include "base/size.h"

/* TIFF 6.0, section 2 and page 36; EXIF 2.32, section 4.6.4. */
#define TAG_ORIENTATION 0x0112
#define TYPE_SHORT 3
#define TYPE_LONG 4 /* some programs write that */
#define ENTRY_BYTES 12

struct tiff {
    const uint8_t *data;
    size_t bytes;
    bool big_endian;
};

static uint32_t load(const struct tiff *t, size_t at, unsigned bytes)
{
    uint32_t v = 0;
    for (unsigned i = 0; i < bytes; i++)
        v = v << 8 | t->data[at + (t->big_endian ? i : bytes - 1 - i)];
    return v;
}

/* Where the number stands, and its size; 0: nowhere. */
static size_t find(struct tiff *t, unsigned *size)
{
    if (t->bytes < 8 || (memcmp(t->data, "II*", 4) != 0 && memcmp(t->data, "MM\0*", 4) != 0))
        return 0;
    t->big_endian = t->data[0] == 'M';
    size_t at = load(t, 4, 4);
    if (at > t->bytes - 2)
        return 0;
    uint32_t entries = load(t, at, 2);
    for (at += 2; entries > 0 && t->bytes - at >= ENTRY_BYTES; entries--, at += ENTRY_BYTES) {
        uint32_t type = load(t, at + 2, 2);
        if (load(t, at, 2) != TAG_ORIENTATION || load(t, at + 4, 4) != 1 ||
            (type != TYPE_SHORT && type != TYPE_LONG))
            continue;
        *size = type == TYPE_SHORT ? 2 : 4;
        return at + 8;
    }
    return 0;
}

unsigned exif_orientation(const struct metadata_item *exif)
{
    if (exif == NULL)
        return 1;
    struct tiff t = {exif->data, exif->bytes, false};
    unsigned size;
    size_t at = find(&t, &size);
    uint32_t value = at == 0 ? 1 : load(&t, at, size);
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
    if (exif != NULL) {
        struct tiff t = {exif->data, exif->bytes, false};
        unsigned size;
        size_t at = find(&t, &size);
        if (at != 0) {
            memset(exif->data + at, 0, size);
            exif->data[at + (t.big_endian ? size - 1 : 0)] = 1;
        }
    }
    if (xmp != NULL)
        set_xmp_upright(xmp);
}
