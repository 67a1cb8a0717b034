/* SPDX-License-Identifier: MIT */
/* The input's pixels beside ours, and control blocks only where they are needed. */
#include "animation/frame_output.h"

#include "animation/indexing.h"
#include "base/size.h"

/*
 * Whether the input's pixels can be those of a frame of the output, their indices aside. Its
 * rectangle is its own, so what is disposed of must be that, too.
 */
static bool pixels_fit(const struct input_frame *in, enum disposal disposal, struct rect cleared)
{
    const struct frame *f = &in->frame;
    if (in->pixels.bytes == 0 || !in->same_base || f->x < 0 || f->y < 0 ||
        in->drawn.width != f->pic.width || in->drawn.height != f->pic.height)
        return false;
    return disposal != DISPOSAL_BACKGROUND ||
           (rect_holds(in->drawn, cleared) && rect_holds(cleared, in->drawn));
}

/* Whether a frame needs a control block, transparency aside. */
static bool needs_control(const struct frame *f, enum disposal disposal)
{
    return f->delay_cs != 0 || disposal == DISPOSAL_BACKGROUND || disposal == DISPOSAL_PREVIOUS;
}

bool frame_is_controlled(const struct frame_output *o, const struct frame *f,
                         enum disposal disposal)
{
    return o->controlled || needs_control(f, disposal);
}

/* What a frame takes with its pixels as they are; beyond all others where indices do not fit. */
static uint64_t copy_bytes(const struct frame_output *o, const struct input_frame *in,
                           enum disposal disposal)
{
    const struct frame *f = &in->frame;
    const struct way as_is = {.local = f->local,
                              .transparent = palette_transparent(&f->pic.palette),
                              .palette.count = f->palette_size};
    if (!f->local && !o->given_fits)
        return SIZE_UNLIMITED;
    return in->pixels.bytes + way_extra_bytes(&as_is, frame_is_controlled(o, f, disposal));
}

/*
 * Viewers that heed the background color do so where a frame without transparency is disposed of
 * or leaves parts of the first canvas free.
 */
static bool wants_flag(const struct frame_output *o, const struct input_frame *in,
                       enum disposal disposal)
{
    bool covers = in->drawn.width == o->width && in->drawn.height == o->height;
    bool had = palette_transparent(&in->frame.pic.palette) >= 0;
    bool goes = disposal == DISPOSAL_BACKGROUND ||
                (disposal == DISPOSAL_PREVIOUS && o->written == 0); /* nothing was before it */
    if (goes)
        return had || o->own_base;
    return o->written == 0 && !covers && had;
}

/*
 * A frame that needs no control block has none, but only as long as there has been none: some
 * viewers go on with what the last one said.
 */
static void settle_control(struct frame_output *o, struct frame *f)
{
    bool needed = needs_control(f, f->disposal) || palette_transparent(&f->pic.palette) >= 0;
    o->controlled |= needed;
    if (!needed)
        f->disposal = o->controlled ? DISPOSAL_KEEP : DISPOSAL_NONE;
}

enum status frame_output_write(struct frame_output *o, const struct input_frame *in,
                               enum disposal disposal, struct rect cleared)
{
    struct frame ours = {.delay_cs = in->frame.delay_cs, .disposal = disposal}, theirs = in->frame;
    bool flag = wants_flag(o, in, disposal), fit = pixels_fit(in, disposal, cleared);
    struct sink *pixels;
    uint64_t bytes;
    enum status st = frame_coder_code(o->coder, flag, &ours, &pixels, &bytes);
    if (st == ST_OK && fit)
        st = frame_coder_reuse(o->coder, &in->pixels, &theirs, flag, &ours, &pixels, &bytes);
    if (st != ST_OK)
        return st;
    uint64_t as_is = fit ? copy_bytes(o, in, disposal) : SIZE_UNLIMITED;
    if (as_is == SIZE_UNLIMITED && bytes == SIZE_UNLIMITED)
        return fail(o->cx, ST_UNSUPPORTED, "a frame of more than 256 colors (frame %llu)",
                    (unsigned long long)o->written + 1);
    bool copy = as_is <= bytes;
    theirs.disposal = disposal;
    settle_control(o, copy ? &theirs : &ours);
    o->written++;
    return copy ? o->writer.copy(o->writer.user, &theirs, in->pixels)
                : o->writer.coded(o->writer.user, &ours, pixels);
}
