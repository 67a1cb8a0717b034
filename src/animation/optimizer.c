/* SPDX-License-Identifier: MIT */
/* A frame's rectangle and disposal. */
#include "animation/optimizer.h"

#include "animation/outlook.h"
#include "base/mem.h"
#include "base/size.h"

struct optimizer {
    struct context *cx;
    struct player *player;
    struct frame_coder *coder;
    struct frame_output output;
    unsigned effort;
    bool waits; /* a frame does, until the next one is known: */
    struct input_frame waiting;
    struct rect touched; /* by the frame that waits and the one that the player has */
    const struct keeps *keeps;
    struct canvas *base; /* of the output; NULL: that of the player. Of the frame that waits: */
    struct canvas *shown;
    struct canvas *after; /* for trials; NULL until needed */
    struct rect apart;    /* where base and that of the player may differ; of no width: nowhere */
    struct rect stale;    /* where after, once it is there, may differ from shown */
};

/* Whether indices of one palette mean the same in another. */
static bool palette_fits(const struct palette *from, const struct palette *to)
{
    for (uint32_t i = 0; i < from->count; i++)
        if (i >= to->count || from->entry[i].r != to->entry[i].r ||
            from->entry[i].g != to->entry[i].g || from->entry[i].b != to->entry[i].b)
            return false;
    return true;
}

enum status optimizer_open(struct context *cx, struct player *player, const struct palette *shared,
                           const struct palette *given, const struct frame_effort *effort,
                           const struct keeps *keeps, const struct frame_writer *writer,
                           struct optimizer **out)
{
    struct optimizer *o = mem_zalloc(cx, sizeof *o);
    if (o == NULL)
        return cx->status;
    uint32_t width = player->target->width, height = player->target->height;
    o->cx = cx;
    o->player = player;
    o->effort = effort->level;
    o->keeps = keeps;
    enum status st = frame_coder_open(cx, width, shared, effort, &o->coder);
    if (st == ST_OK && (o->effort > 1 || keeps != NULL))
        st = canvas_open(player->pool, width, height, &o->base);
    if (st == ST_OK && o->effort > 1)
        st = canvas_open(player->pool, width, height, &o->shown);
    if (st != ST_OK) {
        optimizer_close(o);
        return st;
    }
    o->output = (struct frame_output){.cx = cx,
                                      .coder = o->coder,
                                      .writer = *writer,
                                      .width = width,
                                      .height = height,
                                      .given_fits = given != NULL && palette_fits(given, shared),
                                      .own_base = o->base != NULL};
    *out = o;
    return ST_OK;
}

void optimizer_close(struct optimizer *o)
{
    if (o == NULL)
        return;
    frame_coder_close(o->coder);
    canvas_close(o->base);
    canvas_close(o->shown);
    canvas_close(o->after);
    mem_free(o->cx, o);
}

/* A rectangle for a frame that changes nothing: a pixel, opaque if there is one at the corner. */
static struct rect not_empty(struct rect r)
{
    return r.width == 0 ? (struct rect){0, 0, 1, 1} : r;
}

/* The frame's change, from one canvas to another, is what the coder looks at. */
static enum status look(struct optimizer *o, const struct frame *f, enum disposal disposal,
                        const struct canvas *from, const struct canvas *to, struct rect r)
{
    return frame_coder_look(o->coder, from, to, r, frame_is_controlled(&o->output, f, disposal));
}

/* The first frame stays as large as it was: what it leaves free some viewers fill. */
static struct rect least_rect(const struct optimizer *o, const struct input_frame *w)
{
    return not_empty(o->output.written == 0 ? rect_union(w->change, w->drawn) : w->change);
}

/* Opaque pixels of a part of the canvas: what "background" takes away from it. */
static struct rect opaque_part(const struct canvas *c, struct rect r)
{
    uint32_t left = r.x + r.width, right = r.x, top = r.y + r.height, bottom = r.y;
    for (uint32_t y = r.y; y < r.y + r.height; y++) {
        const void *row = canvas_row(c, y);
        uint32_t x = r.x, end = r.x + r.width;
        while (x < end && row_value(c->pool, row, x) == POOL_CLEAR)
            x++;
        if (x == end)
            continue;
        while (row_value(c->pool, row, end - 1) == POOL_CLEAR)
            end--;
        top = min_u32(top, y);
        bottom = y + 1;
        left = min_u32(left, x);
        right = max_u32(right, end);
    }
    return bottom == r.y ? (struct rect){0, 0, 0, 0}
                         : (struct rect){left, top, right - left, bottom - top};
}

/* A canvas as it is after a frame that was shown so, and a disposal, in place of the base. */
static void leave_behind(struct optimizer *o, const struct canvas *shown, struct rect change,
                         enum disposal disposal, struct rect cleared)
{
    if (disposal == DISPOSAL_PREVIOUS)
        return;
    canvas_copy(o->base, shown, change);
    if (disposal == DISPOSAL_BACKGROUND)
        canvas_clear(o->base, cleared);
}

/*
 * Effort 1: a frame is disposed of as it was, or stays but for a part. *r, the least rectangle of
 * the frame, grows to what is cleared. The input's base is not that of the output where frames have
 * stayed, so that "previous" would go back to another picture; the frame is cleared instead.
 */
static enum disposal disposal_at_once(const struct optimizer *o, bool same_base, struct rect *r)
{
    const struct player *p = o->player;
    struct rect part;
    if (o->keeps != NULL && keeps_has(o->keeps, p->frames - 1, &part)) {
        *r = rect_union(*r, part);
        return part.width == 0 ? DISPOSAL_KEEP : DISPOSAL_BACKGROUND;
    }
    if (p->frame.disposal != DISPOSAL_BACKGROUND &&
        (p->frame.disposal != DISPOSAL_PREVIOUS || same_base))
        return p->frame.disposal;
    part = opaque_part(p->target, p->drawn);
    if (part.width == 0)
        return DISPOSAL_KEEP;
    *r = rect_union(*r, part);
    if (same_base && !rect_holds(p->drawn, *r)) /* the pixel of an empty change lies outside */
        *r = p->drawn;
    return DISPOSAL_BACKGROUND;
}

static enum status write_at_once(struct optimizer *o, struct coded_pixels pixels)
{
    const struct player *p = o->player;
    const struct canvas *base = o->base == NULL ? p->base : o->base;
    struct input_frame w = {.frame = p->frame, .drawn = p->drawn, .pixels = pixels};
    if (o->base != NULL)
        o->apart = rect_difference(o->base, p->base, o->apart);
    w.same_base = o->apart.width == 0;
    w.change = rect_difference(base, p->target, rect_union(o->apart, p->drawn));
    struct rect r = least_rect(o, &w);
    enum disposal disposal = disposal_at_once(o, w.same_base, &r);
    enum status st = look(o, &p->frame, disposal, base, p->target, r);
    if (st == ST_OK)
        st = frame_output_write(&o->output, &w, disposal, r);
    if (st != ST_OK || o->base == NULL)
        return st;
    leave_behind(o, p->target, w.change, disposal, r);
    o->apart = rect_union(o->apart, rect_union(rect_union(w.change, r), p->drawn));
    return st;
}

static bool same_rect(struct rect a, struct rect b)
{
    return a.width == b.width && a.height == b.height && a.x == b.x && a.y == b.y;
}

/* About what this frame and the next one take. */
static enum status cost_of(struct optimizer *o, const struct outlook *l, enum disposal disposal,
                           uint64_t *bytes)
{
    const struct canvas *after = disposal == DISPOSAL_KEEP       ? o->shown
                                 : disposal == DISPOSAL_PREVIOUS ? o->base
                                                                 : o->after;
    struct rect least = least_rect(o, &o->waiting);
    uint64_t this_frame = 0, next_frame = SIZE_UNLIMITED;
    enum status st = ST_OK;
    if (!same_rect(l->cleared, least)) { /* else this one takes the same in all ways */
        struct rect r = disposal == DISPOSAL_BACKGROUND ? l->cleared : least;
        st = look(o, &o->waiting.frame, disposal, o->base, o->shown, r);
        if (st == ST_OK)
            st = frame_coder_estimate(o->coder, &this_frame);
    }
    struct rect part = rect_union(rect_union(l->next, l->cleared), o->waiting.change);
    struct rect next = rect_difference(after, o->player->target, part);
    if (st == ST_OK && this_frame != SIZE_UNLIMITED)
        st = look(o, &o->player->frame, DISPOSAL_KEEP, after, o->player->target, not_empty(next));
    if (st == ST_OK && this_frame != SIZE_UNLIMITED)
        st = frame_coder_estimate(o->coder, &next_frame);
    *bytes = next_frame == SIZE_UNLIMITED ? next_frame : this_frame + next_frame;
    return st;
}

/* The canvas as it is after "background". */
static enum status make_after(struct optimizer *o, const struct outlook *l)
{
    enum status st = ST_OK;
    if (o->after == NULL) {
        o->stale = (struct rect){0, 0, o->base->width, o->base->height};
        st = canvas_open(o->player->pool, o->stale.width, o->stale.height, &o->after);
    }
    if (st == ST_OK) {
        canvas_copy(o->after, o->shown, o->stale);
        canvas_clear(o->after, l->cleared);
        o->stale = l->cleared;
    }
    return st;
}

/* Another way than to keep is looked at only where it leaves an eighth less to be done. */
static bool promises(uint64_t pixels, uint64_t kept)
{
    return pixels < kept - kept / 8;
}

static enum status choose_disposal(struct optimizer *o, const struct outlook *l, enum disposal *out)
{
    const enum disposal way[] = {DISPOSAL_KEEP, DISPOSAL_BACKGROUND, DISPOSAL_PREVIOUS};
    const bool can[] = {l->can_keep, !l->can_keep || promises(l->background, l->kept),
                        l->can_restore && (!l->can_keep || promises(l->restored, l->kept))};
    uint64_t least = SIZE_UNLIMITED, bytes;
    enum status st = ST_OK;
    *out = can[0] ? DISPOSAL_KEEP : DISPOSAL_BACKGROUND;
    if (can[0] + can[1] + can[2] == 1)
        return ST_OK;
    if (can[1])
        st = make_after(o, l);
    for (unsigned i = 0; i < 3 && st == ST_OK; i++) {
        if (!can[i])
            continue;
        st = cost_of(o, l, way[i], &bytes);
        if (st == ST_OK && bytes < least) {
            least = bytes;
            *out = way[i];
        }
    }
    return st;
}

/* The next frame is on the player's canvas. *dirty: where it may differ from its base. */
static enum status write_waiting(struct optimizer *o, struct rect *dirty)
{
    struct input_frame *w = &o->waiting;
    struct outlook l;
    enum disposal disposal;
    look_out(&l, o->base, o->shown, o->player->target, w->change, o->touched, least_rect(o, w));
    enum status st = choose_disposal(o, &l, &disposal);
    if (st != ST_OK)
        return st;
    struct rect r = disposal == DISPOSAL_BACKGROUND ? l.cleared : least_rect(o, w);
    st = look(o, &w->frame, disposal, o->base, o->shown, r);
    if (st == ST_OK)
        st = frame_output_write(&o->output, w, disposal, l.cleared);
    if (st != ST_OK)
        return st;
    leave_behind(o, o->shown, w->change, disposal, l.cleared);
    canvas_copy(o->shown, o->player->target, l.next);
    o->stale = rect_union(o->stale, l.next);
    *dirty = rect_union(rect_union(l.next, l.cleared), w->change);
    return st;
}

enum status optimizer_frame(struct optimizer *o, struct coded_pixels pixels)
{
    const struct player *p = o->player;
    struct rect dirty = p->drawn;
    enum status st = ST_OK;
    if (o->effort < 2) {
        st = write_at_once(o, pixels);
        return st == ST_OK ? o->cx->status : st;
    }
    o->touched = rect_union(p->drawn, o->waiting.drawn);
    if (o->waits)
        st = write_waiting(o, &dirty);
    else
        canvas_copy(o->shown, p->target, p->drawn);
    o->waits = true;
    o->waiting = (struct input_frame){.frame = p->frame,
                                      .drawn = p->drawn,
                                      .change = rect_difference(o->base, o->shown, dirty),
                                      .pixels = pixels};
    dirty = rect_union(rect_union(dirty, o->touched), o->apart);
    o->apart = rect_difference(o->base, p->base, dirty);
    o->waiting.same_base = o->apart.width == 0;
    return st == ST_OK ? o->cx->status : st;
}

enum status optimizer_finish(struct optimizer *o)
{
    if (!o->waits)
        return ST_OK;
    o->waits = false;
    const struct input_frame *w = &o->waiting;
    enum status st = look(o, &w->frame, DISPOSAL_KEEP, o->base, o->shown, least_rect(o, w));
    if (st == ST_OK)
        st = frame_output_write(&o->output, w, DISPOSAL_KEEP, (struct rect){0, 0, 0, 0});
    return st == ST_OK ? o->cx->status : st;
}
