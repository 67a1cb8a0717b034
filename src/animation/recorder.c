/* SPDX-License-Identifier: MIT */
/* Changes between pictures become rectangles, palettes and coded pixels. */
#include "animation/recorder.h"

#include <string.h>

#include "animation/delta.h"
#include "base/mem.h"

#define CODED_IN_MEMORY (64u * 1024)
#define LONGEST_DELAY 65535u

enum status recorder_open(struct context *cx, uint32_t width, uint32_t height,
                          struct recorder **out)
{
    struct recorder *r = mem_zalloc(cx, sizeof *r);
    if (r == NULL)
        return cx->status;
    r->cx = cx;
    r->shared.transparent = -1;
    enum status st = player_open_slim(cx, width, height, &r->screen);
    if (st == ST_OK)
        st = sink_open_growing(cx, CODED_IN_MEMORY, &r->coded);
    if (st != ST_OK) {
        recorder_close(r);
        return st;
    }
    *out = r;
    return ST_OK;
}

void recorder_close(struct recorder *r)
{
    if (r == NULL)
        return;
    player_close(r->screen);
    sink_close(r->coded);
    painter_close(r->painter);
    mem_free(r->cx, r);
}

/* GIF has alpha of one bit. */
static void threshold(const struct picture *pic, uint8_t *row)
{
    if (pic->layout != LAYOUT_RGBA8)
        return;
    for (uint32_t x = 0; x < pic->width; x++)
        row[4 * (size_t)x + 3] = row[4 * (size_t)x + 3] < 128 ? 0 : 255;
}

/* The picture before becomes the screen's base, this one its target. */
static enum status draw_picture(struct recorder *r, struct rows *rows, struct span news)
{
    struct frame part = {
        .pic = rows->pic, .y = news.top, .order = &interlace_none, .replaces = true};
    part.pic.height = news.bottom - news.top;
    for (uint32_t i = 0; i < part.pic.palette.count; i++)
        part.pic.palette.entry[i].a = part.pic.palette.entry[i].a < 128 ? 0 : 255;
    uint8_t *row = mem_rows(r->cx, 1, picture_stride(&rows->pic));
    enum status st = row == NULL ? r->cx->status : player_begin(r->screen, &part);
    if (st == ST_OK)
        st = rows_skip(rows, news.top);
    for (uint32_t y = 0; st == ST_OK && y < part.pic.height; y++) {
        st = rows_next(rows, row);
        threshold(&rows->pic, row);
        if (st == ST_OK)
            st = player_row(r->screen, &interlace_none.pass[0], y, row);
    }
    mem_free(r->cx, row);
    return st;
}

/* Whether a pixel of before is transparent in after: no frame can draw that. */
static bool clears(const struct canvas *before, const struct canvas *after, struct rect r)
{
    const struct color_pool *pool = after->pool;
    for (uint32_t y = r.y; y < r.y + r.height; y++) {
        const void *then = canvas_row(before, y), *now = canvas_row(after, y);
        for (uint32_t x = r.x; x < r.x + r.width; x++)
            if (row_value(pool, now, x) == POOL_CLEAR && row_value(pool, then, x) != POOL_CLEAR)
                return true;
    }
    return false;
}

/* Rows of either, in the encoder's order, to r->coded. */
static enum status code_rows(struct recorder *r, struct frame_colors *colors, struct frame *f)
{
    uint8_t *row = mem_alloc(r->cx, f->pic.width);
    enum status st = row == NULL ? r->cx->status : encoder_code(r->encoder, f, r->coded);
    f->order = r->encoder->order;
    for (unsigned i = 0; st == ST_OK && i < f->order->count; i++) {
        const struct pass *p = &f->order->pass[i];
        for (uint32_t y = p->y0; st == ST_OK && y < f->pic.height; y += p->dy) {
            const uint8_t *painted = NULL;
            if (colors != NULL)
                frame_colors_row(colors, y, row);
            else
                painted = painter_row(r->painter, (uint32_t)f->y + y) + f->x;
            st = check_stop(r->cx);
            if (st == ST_OK)
                st = encoder_write(r->encoder, colors != NULL ? row : painted);
        }
    }
    mem_free(r->cx, row);
    if (st == ST_OK)
        st = encoder_coded(r->encoder);
    return st == ST_OK ? sink_flush(r->coded) : st;
}

/* Codes pixels as the frame that is held back; of the delay that it has. */
static enum status code_held(struct recorder *r, struct frame_colors *colors, struct rect rect,
                             const struct palette *palette, bool local)
{
    struct frame f = {.x = rect.x, .y = rect.y, .delay_cs = r->held.delay_cs};
    f.pic.width = rect.width;
    f.pic.height = rect.height;
    f.pic.layout = LAYOUT_INDEX8;
    f.pic.palette = *palette;
    f.local = local;
    f.disposal = DISPOSAL_KEEP;
    enum status st = code_rows(r, colors, &f);
    r->held = f;
    return st;
}

/* All pictures so far are shown as they are. */
static enum status open_painter(struct recorder *r)
{
    const struct canvas *base = r->screen->base;
    enum status st = painter_open(r->cx, base->width, base->height, &r->painter);
    if (st != ST_OK)
        return st;
    painter_note(r->painter,
                 &(struct change){NULL, base, {0, 0, base->width, base->height}, false});
    if (r->shared.nearest != NULL)
        painter_give(r->painter, &r->shared.palette, r->shared.nearest);
    return ST_OK;
}

static bool is_shared(const struct recorder *r, const struct palette *p)
{
    const struct palette *shared = &r->shared.palette;
    return p->count == shared->count &&
           memcmp(p->entry, shared->entry, p->count * sizeof *p->entry) == 0;
}

static enum status code_painted(struct recorder *r, const struct change *change)
{
    struct painting painting;
    enum status st = r->painter == NULL ? open_painter(r) : ST_OK;
    if (st == ST_OK)
        st = painter_paint(r->painter, change, r->shared.most == 0 ? 256 : r->shared.most,
                           &painting);
    r->inexact |= r->shared.nearest == NULL;
    if (st != ST_OK)
        return st;
    return code_held(r, NULL, painting.rect, painting.palette, !is_shared(r, painting.palette));
}

static enum status code(struct recorder *r, const struct change *change)
{
    struct frame_colors colors;
    bool fits;
    sink_reset(r->coded);
    if (r->shared.nearest != NULL)
        return code_painted(r, change);
    /* a painter goes by what the canvas shows, which a color that became another is not */
    enum status st =
        frame_colors_open(r->cx, change, &r->shared, r->painter == NULL, &colors, &fits);
    if (st != ST_OK)
        return st;
    r->inexact |= colors.inexact;
    if (fits && r->painter != NULL)
        painter_note(r->painter, &colors.change);
    if (fits)
        st = code_held(r, &colors, change->rect, &colors.palette, colors.local);
    frame_colors_close(&colors);
    return fits ? st : code_painted(r, change);
}

/* The smallest rectangle that holds all that is not transparent. */
static struct rect content(const struct canvas *c)
{
    struct rect r = {c->width, c->height, 0, 0};
    uint32_t right = 0, bottom = 0;
    for (uint32_t y = 0; y < c->height; y++) {
        const void *row = canvas_row(c, y);
        for (uint32_t x = 0; x < c->width; x++) {
            if (row_value(c->pool, row, x) == POOL_CLEAR)
                continue;
            r.x = x < r.x ? x : r.x;
            r.y = y < r.y ? y : r.y;
            right = x >= right ? x + 1 : right;
            bottom = y + 1;
        }
    }
    if (right == 0)
        return (struct rect){0, 0, 0, 0};
    r.width = right - r.x;
    r.height = bottom - r.y;
    return r;
}

/* The palette of the first frame, where there is none yet, is there for all. */
static void share_held(struct recorder *r)
{
    if (r->shared.palette.count != 0 || !r->held.local)
        return;
    r->shared.palette = r->encoder->pic.palette = r->held.pic.palette;
    r->held.local = false;
}

static enum status hand_out(struct recorder *r)
{
    if (r->held.pic.width == 0)
        return ST_OK;
    share_held(r);
    enum status st = r->record(r->user, &r->held, r->coded);
    r->held.pic.width = 0;
    return st;
}

/* The frame that is held back draws all of its picture and then takes it away. */
static enum status clear_after_held(struct recorder *r)
{
    const struct canvas *picture = r->screen->base;
    enum status st = code(r, &(struct change){NULL, picture, content(picture), true});
    r->held.disposal = DISPOSAL_BACKGROUND;
    return st;
}

enum status recorder_take(struct recorder *r, struct rows *rows, struct span news,
                          uint32_t delay_cs)
{
    struct player *s = r->screen;
    enum status st = draw_picture(r, rows, news);
    if (st != ST_OK)
        return st;
    bool first = r->held.pic.width == 0;
    struct change change = {
        first ? NULL : s->base, s->target, {0, 0, s->target->width, s->target->height}, false};
    if (!first) { /* the first one is whole: it is what viewers of stills show */
        change.rect = rect_difference(s->base, s->target, s->drawn);
        if (r->merge && change.rect.width == 0 && r->held.delay_cs + delay_cs <= LONGEST_DELAY) {
            r->held.delay_cs += delay_cs;
            r->merged++;
            return r->cx->status;
        }
        if (clears(s->base, s->target, change.rect)) {
            st = clear_after_held(r);
            change = (struct change){NULL, s->target, content(s->target), false};
        }
    }
    if (st == ST_OK)
        st = hand_out(r);
    if (change.rect.width == 0) /* there is no frame of no pixels: one that stays */
        change.rect = (struct rect){0, 0, 1, 1};
    r->held.delay_cs = delay_cs;
    if (st == ST_OK)
        st = code(r, &change);
    return st == ST_OK ? r->cx->status : st;
}

enum status recorder_end(struct recorder *r)
{
    return hand_out(r);
}
