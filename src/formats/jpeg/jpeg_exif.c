/* SPDX-License-Identifier: MIT */
/* TIFF 6.0, section 2, and Exif 2.3, section 4.6: directories of 12-byte entries. */
#include "formats/jpeg/jpeg_exif.h"

#include <stdbool.h>
#include <string.h>

enum { EXIF_DIRECTORY = 0x8769, PIXEL_WIDTH = 0xa002, PIXEL_HEIGHT = 0xa003 };
enum { TYPE_LONG = 4, ENTRY_BYTES = 12 };

struct tiff {
    uint8_t *data;
    size_t bytes;
    bool big; /* endian */
};

static uint32_t load(const struct tiff *t, size_t at, unsigned bytes)
{
    uint32_t v = 0;
    for (unsigned i = 0; i < bytes; i++)
        v = v << 8 | t->data[at + (t->big ? i : bytes - 1 - i)];
    return v;
}

static void store(const struct tiff *t, size_t at, unsigned bytes, uint32_t v)
{
    for (unsigned i = 0; i < bytes; i++)
        t->data[at + (t->big ? bytes - 1 - i : i)] = (uint8_t)(v >> 8 * i);
}

static bool open_tiff(struct tiff *t, uint8_t *data, size_t bytes)
{
    *t = (struct tiff){data, bytes, false};
    if (bytes < 8)
        return false;
    t->big = data[0] == 'M';
    return (memcmp(data, "II", 2) == 0 || memcmp(data, "MM", 2) == 0) && load(t, 2, 2) == 42;
}

/* The place of an entry of the directory at a place; 0: none. */
static size_t find(const struct tiff *t, size_t directory, unsigned tag)
{
    if (directory < 8 || directory > t->bytes - 2)
        return 0;
    size_t count = load(t, directory, 2), at = directory + 2;
    for (; count > 0 && at <= t->bytes && t->bytes - at >= ENTRY_BYTES; count--, at += ENTRY_BYTES)
        if (load(t, at, 2) == tag)
            return at;
    return 0;
}

static void set(const struct tiff *t, size_t at, uint32_t value)
{
    if (at == 0)
        return;
    store(t, at + 2, 2, TYPE_LONG);
    store(t, at + 4, 4, 1);
    store(t, at + 8, 4, value);
}

void jpeg_exif_set_size(uint8_t *tiff, size_t bytes, uint32_t width, uint32_t height)
{
    struct tiff t;
    if (!open_tiff(&t, tiff, bytes))
        return;
    size_t entry = find(&t, load(&t, 4, 4), EXIF_DIRECTORY);
    if (entry == 0)
        return;
    size_t directory = load(&t, entry + 8, 4);
    set(&t, find(&t, directory, PIXEL_WIDTH), width);
    set(&t, find(&t, directory, PIXEL_HEIGHT), height);
}
