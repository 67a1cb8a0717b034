/* SPDX-License-Identifier: MIT */
/* acTL and fcTL found and checked: how many frames there are, where they stand, for how long. */
#include "formats/png/png_frames.h"

#include <string.h>
#include <zlib.h>

#include "base/size.h"
#include "formats/delay.h"
#include "formats/png/png_plugin.h"

void png_frames_open(struct decoder *d, const png_color_16 *key)
{
    struct png_reader *r = d->state;
    const struct png_tap *t = &r->tap;
    struct png_frames *f = &r->frames;
    if (!t->has_animation)
        return;
    uint32_t plays = load_be32(t->animation + 4);
    f->announced = load_be32(t->animation);
    if (f->announced == 0 || f->announced > INT32_MAX || plays > INT32_MAX) {
        f->announced = 0;
        return;
    }
    d->info.may_move = true;
    png_feed_like(d, key);
    /* PNG counts plays, others what comes after the first one */
    d->loop = plays == 0 ? LOOP_FOREVER : plays == 1 ? LOOP_ABSENT : (int)min_u32(plays - 1, 65535);
}

static void end_animation(struct decoder *d)
{
    struct png_reader *r = d->state;
    r->frames.over = true;
    d->warning = "the animation breaks PNG's rules and ends early";
}

/* Of fcTL's two numbers. */
static double exact_cs(const uint8_t *control)
{
    unsigned number = (unsigned)control[20] << 8 | control[21];
    unsigned per_second = (unsigned)control[22] << 8 | control[23];
    return number * 100.0 / (per_second == 0 ? 100 : per_second);
}

/* Takes the fcTL that the tap has seen. false: it makes no sense. */
static bool take_control(struct decoder *d, struct frame *out)
{
    struct png_reader *r = d->state;
    const uint8_t *c = r->tap.control;
    uint32_t x = load_be32(c + 12), y = load_be32(c + 16);
    r->tap.has_control = false;
    out->pic.width = load_be32(c + 4);
    out->pic.height = load_be32(c + 8);
    out->x = x;
    out->y = y;
    out->exact_cs = exact_cs(c);
    out->delay_cs = delay_round(out->exact_cs, &r->frames.owed);
    out->disposal = c[24] == 0   ? DISPOSAL_KEEP
                    : c[24] == 1 ? DISPOSAL_BACKGROUND
                                 : DISPOSAL_PREVIOUS;
    if (r->frames.shown == 0 && out->disposal == DISPOSAL_PREVIOUS)
        out->disposal = DISPOSAL_BACKGROUND;
    out->replaces = c[25] == 0;
    return load_be32(c) == r->frames.sequence++ && out->pic.width != 0 && out->pic.height != 0 &&
           (uint64_t)x + out->pic.width <= d->info.width &&
           (uint64_t)y + out->pic.height <= d->info.height && c[24] <= 2 && c[25] <= 1;
}

void png_frames_first(struct decoder *d, struct frame *out)
{
    struct png_reader *r = d->state;
    struct frame f = {.order = NULL};
    if (r->frames.announced == 0)
        return;
    r->feed.palette = r->pic.palette;
    if (!r->tap.has_control) {
        out->hidden = true;
        return;
    }
    if (!take_control(d, &f) || f.pic.width != d->info.width || f.pic.height != d->info.height) {
        end_animation(d);
        return;
    }
    r->frames.shown++;
    out->delay_cs = f.delay_cs;
    out->exact_cs = f.exact_cs;
    out->disposal = f.disposal;
    out->replaces = f.replaces;
}

/* To the end of the chunk that libpng was in. */
static enum status finish_chunk(struct decoder *d)
{
    struct png_reader *r = d->state;
    enum status st = ST_OK;
    while (st == ST_OK && png_tap_left(&r->tap) > 0)
        st = png_chunk_pass(d, png_tap_left(&r->tap));
    return st;
}

enum status png_frames_next(struct decoder *d, struct frame *out)
{
    struct png_reader *r = d->state;
    struct png_frames *f = &r->frames;
    const uint8_t *head;
    r->feed.active = false;
    r->guard.where = "after the pixels";
    enum status st = finish_chunk(d);
    while (st == ST_OK) {
        if (r->tap.has_control && !f->over) {
            if (f->shown == f->announced)
                f->over = true;
            else if (!take_control(d, out))
                end_animation(d);
            else
                break;
        }
        r->tap.has_control = false;
        st = png_chunk_peek(d, &head);
        if (st != ST_OK)
            break;
        if (png_chunk_is_data(head) && load_be32(head + 8) != f->sequence++ && !f->over)
            end_animation(d);
        bool end = memcmp(head + 4, "IEND", 4) == 0;
        st = png_chunk_pass(d, (uint64_t)load_be32(head) + 12);
        if (st == ST_OK && end)
            return ST_END;
    }
    if (st != ST_OK)
        return st;
    f->shown++;
    return ST_OK;
}
