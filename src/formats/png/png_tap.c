/* SPDX-License-Identifier: MIT */
/* A file cut into its chunks as its bytes pass by, in pieces of any size. */
#include "formats/png/png_tap.h"

#include <string.h>

#include "base/size.h"

void png_tap_init(struct png_tap *t, struct context *cx, struct metadata *metadata)
{
    t->items.cx = cx;
    t->items.metadata = metadata;
}

static void begin_chunk(struct png_tap *t)
{
    const uint8_t *type = t->head + 4;
    t->left = load_be32(t->head);
    t->crc = (uint32_t)crc32(0, type, 4);
    t->watch = NULL;
    t->watched = 0;
    if (memcmp(type, "acTL", 4) == 0 && t->left == sizeof t->animation)
        t->watch = t->animation;
    else if (memcmp(type, "fcTL", 4) == 0 && t->left == sizeof t->control)
        t->watch = t->control;
    t->has_items = t->watch == NULL && png_items_begin(&t->items, type, t->left);
}

static enum status take_body(struct png_tap *t, const uint8_t *data, size_t bytes)
{
    if (t->watch == NULL && !t->has_items)
        return ST_OK;
    t->crc = (uint32_t)crc32(t->crc, data, (uInt)bytes);
    if (t->has_items)
        return png_items_body(&t->items, data, bytes);
    memcpy(t->watch + t->watched, data, bytes);
    t->watched += (uint32_t)bytes;
    return ST_OK;
}

static void end_chunk(struct png_tap *t)
{
    bool sound = load_be32(t->head) == t->crc;
    t->has_animation |= sound && t->watch == t->animation;
    t->has_control |= sound && t->watch == t->control;
    if (t->has_items)
        png_items_end(&t->items, sound);
}

/* Gathers what has a fixed size; true once all of it is there. */
static bool gather(struct png_tap *t, uint32_t size, const uint8_t **data, size_t *bytes)
{
    size_t n = min_size(size - t->have, *bytes);
    memcpy(t->head + t->have, *data, n);
    t->have += (uint32_t)n;
    *data += n;
    *bytes -= n;
    if (t->have < size)
        return false;
    t->have = 0;
    return true;
}

uint64_t png_tap_left(const struct png_tap *t)
{
    if (t->state == PNG_TAP_BODY)
        return (uint64_t)t->left + 4;
    return t->state == PNG_TAP_CRC ? 4 - t->have : t->have > 0 ? 8 - t->have : 0;
}

enum status png_tap_feed(struct png_tap *t, const uint8_t *data, size_t bytes)
{
    enum status st = ST_OK;
    while (st == ST_OK && bytes > 0) {
        size_t n;
        switch (t->state) {
        case PNG_TAP_SIGNATURE:
            if (gather(t, 8, &data, &bytes))
                t->state = PNG_TAP_HEADER;
            break;
        case PNG_TAP_HEADER:
            if (gather(t, 8, &data, &bytes)) {
                begin_chunk(t);
                t->state = t->left > 0 ? PNG_TAP_BODY : PNG_TAP_CRC;
            }
            break;
        case PNG_TAP_BODY:
            n = min_size(t->left, bytes);
            st = take_body(t, data, n);
            data += n;
            bytes -= n;
            t->left -= (uint32_t)n;
            if (t->left == 0)
                t->state = PNG_TAP_CRC;
            break;
        case PNG_TAP_CRC:
            if (gather(t, 4, &data, &bytes)) {
                end_chunk(t);
                t->state = PNG_TAP_HEADER;
            }
            break;
        }
    }
    return st;
}

void png_tap_close(struct png_tap *t)
{
    png_items_close(&t->items);
    *t = (struct png_tap){0};
}
