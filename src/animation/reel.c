/* SPDX-License-Identifier: MIT */
/* Changes between pictures, packed: where, the pixels, and, once the next is known, how long. */
#include "animation/reel.h"

#include <string.h>

#include "base/mem.h"
#include "base/size.h"
#include "raster/pixels.h"

/* What stands before the pixels of a change. */
struct change_head {
    struct rect rect;
    enum layout layout;
};

static size_t each_of(const struct reel *r)
{
    return layout_info(r->pic.layout)->bytes;
}

static enum status open_canvases(struct reel *r)
{
    const size_t stride = picture_stride(&r->pic);
    r->before = r->now = NULL;
    enum status st = plane_open(r->cx, stride, r->pic.height, false, &r->before);
    return st == ST_OK ? plane_open(r->cx, stride, r->pic.height, false, &r->now) : st;
}

enum status reel_open(struct context *cx, uint32_t width, uint32_t height, struct reel **out)
{
    struct reel *r = mem_zalloc(cx, sizeof *r);
    if (r == NULL)
        return cx->status;
    r->cx = cx;
    r->pic = (struct picture){.width = width, .height = height, .layout = LAYOUT_RGBA8};
    enum status st = open_canvases(r);
    if (st == ST_OK)
        st = packed_open(cx, &r->packed);
    if (st != ST_OK) {
        reel_close(r);
        return st;
    }
    *out = r;
    return ST_OK;
}

void reel_close(struct reel *r)
{
    if (r == NULL)
        return;
    packed_close(r->packed);
    plane_close(r->before);
    plane_close(r->now);
    mem_free(r->cx, r);
}

/* Samples of 8 bits become samples of 16, from the last on, where they stand. */
static void widen(uint8_t *row, size_t samples)
{
    for (size_t i = samples; i-- > 0;) {
        uint16_t wide = (uint16_t)(row[i] * 257);
        memcpy(row + 2 * i, &wide, 2);
    }
}

enum status reel_deepen(struct reel *r, unsigned bits)
{
    if (bits <= layout_info(r->pic.layout)->bits)
        return ST_OK;
    struct plane *old[2] = {r->before, r->now};
    const size_t stride = picture_stride(&r->pic);
    r->pic.layout = LAYOUT_RGBA16;
    enum status st = open_canvases(r);
    struct plane *new[2] = {r->before, r->now};
    for (int i = 0; i < 2; i++) {
        for (uint32_t y = 0; st == ST_OK && y < r->pic.height; y++) {
            uint8_t *row = plane_row_to_change(new[i], y, true);
            memcpy(row, plane_row(old[i], y), stride);
            widen(row, stride);
            st = check_stop(r->cx);
        }
        plane_close(old[i]);
    }
    return st == ST_OK ? r->cx->status : st;
}

/* What is transparent has no color. */
static void clear_hidden(const struct picture *pic, uint8_t *row)
{
    for (uint32_t x = 0; x < pic->width; x++) {
        uint64_t wide;
        uint32_t narrow;
        if (pic->layout == LAYOUT_RGBA8) {
            memcpy(&narrow, row + 4 * (size_t)x, 4);
            if (row[4 * (size_t)x + 3] == 0 && narrow != 0)
                memset(row + 4 * (size_t)x, 0, 4);
        } else {
            memcpy(&wide, row + 8 * (size_t)x, 8);
            if (row[8 * (size_t)x + 6] == 0 && row[8 * (size_t)x + 7] == 0 && wide != 0)
                memset(row + 8 * (size_t)x, 0, 8);
        }
    }
}

/* The pixels of a row that differ: from the first to the last; none: *first is width. */
static void find_change(const uint8_t *a, const uint8_t *b, uint32_t width, size_t each,
                        uint32_t *first, uint32_t *last)
{
    size_t bytes = width * each, i = 0;
    *first = *last = width;
    if (memcmp(a, b, bytes) == 0)
        return;
    while (a[i] == b[i])
        i++;
    while (a[bytes - 1] == b[bytes - 1])
        bytes--;
    *first = (uint32_t)(i / each);
    *last = (uint32_t)((bytes - 1) / each);
}

static uint64_t count_changes(const uint8_t *a, const uint8_t *b, uint32_t pixels, size_t each)
{
    uint64_t n = 0;
    for (uint32_t x = 0; x < pixels; x++, a += each, b += each)
        n += memcmp(a, b, each) != 0;
    return n;
}

/* Rows become now; rect is where that changes before. */
static enum status draw(struct reel *r, struct rows *rows, struct span news)
{
    const size_t each = each_of(r);
    uint32_t left = r->pic.width, right = 0, top = 0, bottom = 0, first, last;
    enum status st = rows_skip(rows, news.top);
    for (uint32_t y = news.top; st == ST_OK && y < news.bottom; y++) {
        uint8_t *row = plane_row_to_change(r->now, y, true);
        const uint8_t *before = plane_row(r->before, y);
        st = rows_next(rows, row);
        clear_hidden(&r->pic, row);
        find_change(row, before, r->pic.width, each, &first, &last);
        if (first == r->pic.width)
            continue;
        if (r->kept > 0)
            r->changed +=
                count_changes(row + first * each, before + first * each, last + 1 - first, each);
        top = bottom == 0 ? y : top;
        bottom = y + 1;
        left = min_u32(left, first);
        right = max_u32(right, last + 1);
    }
    r->rect = (struct rect){left, top, right - left, bottom - top};
    if (bottom == 0)
        r->rect = (struct rect){0, 0, 0, 0};
    return st == ST_OK ? r->cx->status : st;
}

/* A row of the rectangle, from its first pixel on, to be written over. */
static uint8_t *row_to_write(const struct reel *r, struct plane *picture, uint32_t row)
{
    bool whole = r->rect.width == r->pic.width;
    return plane_row_to_change(picture, r->rect.y + row, whole) + r->rect.x * each_of(r);
}

/* Before becomes now. */
static void settle(struct reel *r)
{
    for (uint32_t row = 0; row < r->rect.height; row++)
        memcpy(row_to_write(r, r->before, row), reel_row(r, r->now, row),
               r->rect.width * each_of(r));
}

static enum status keep_change(struct reel *r, reel_look_fn *look, void *user)
{
    struct change_head head = {r->rect, r->pic.layout};
    struct picture part = {r->rect.width, r->rect.height, r->pic.layout, {0}};
    enum status st = packed_write(r->packed, &head, sizeof head);
    for (uint32_t y = 0; st == ST_OK && y < r->rect.height; y++) {
        const uint8_t *row = reel_row(r, r->now, y);
        st = packed_write(r->packed, row, r->rect.width * each_of(r));
        if (look != NULL)
            look(user, &part, row);
    }
    return st;
}

enum status reel_take(struct reel *r, struct rows *rows, struct span news, struct delay delay,
                      reel_look_fn *look, void *user)
{
    enum status st = draw(r, rows, news);
    if (st != ST_OK)
        return st;
    if (r->merge && r->kept > 0 && r->rect.width == 0) {
        r->delay.cs += delay.cs;
        r->delay.exact += delay.exact;
        r->merged++;
        return ST_OK;
    }
    if (r->kept++ > 0)
        st = packed_write(r->packed, &r->delay, sizeof r->delay);
    if (st == ST_OK)
        st = keep_change(r, look, user);
    settle(r);
    r->delay = delay;
    return st == ST_OK ? r->cx->status : st;
}

enum status reel_rewind(struct reel *r)
{
    enum status st = ST_OK;
    if (!r->whole && r->kept > 0)
        st = packed_write(r->packed, &r->delay, sizeof r->delay);
    if (st == ST_OK)
        st = packed_rewind(r->packed);
    r->whole = true;
    r->shown = 0;
    r->rect = (struct rect){0, 0, 0, 0};
    plane_close(r->before);
    plane_close(r->now);
    enum status opened = open_canvases(r);
    return st == ST_OK ? opened : st;
}

enum status reel_next(struct reel *r)
{
    struct change_head head = {.layout = r->pic.layout};
    if (r->shown == r->kept)
        return ST_END;
    settle(r);
    r->shown++;
    enum status st = packed_read(r->packed, &head, sizeof head);
    r->rect = head.rect;
    for (uint32_t y = 0; st == ST_OK && y < r->rect.height; y++) {
        uint8_t *row = row_to_write(r, r->now, y);
        st = packed_read(r->packed, row, r->rect.width * layout_info(head.layout)->bytes);
        if (head.layout != r->pic.layout)
            widen(row, 4 * (size_t)r->rect.width);
    }
    if (st == ST_OK)
        st = packed_read(r->packed, &r->delay, sizeof r->delay);
    return st == ST_OK ? r->cx->status : st;
}
