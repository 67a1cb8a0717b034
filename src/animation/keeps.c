/* SPDX-License-Identifier: MIT */
/* Each picture held against the one before and against what that leaves behind. */
#include "animation/keeps.h"

#include "base/mem.h"
#include "base/size.h"

/* Of a frame: the part that goes. Of no width: there is none; of no height: all goes. */
struct part {
    uint16_t x, y, width, height; /* as GIF has them */
};

struct keeps {
    struct context *cx;
    struct canvas *seen; /* the picture before, but for stale; NULL until a frame is taken away */
    struct rect stale;   /* of no width while the frame before is taken away: seen is up to date */
    bool away;           /* the frame before is taken away */
    struct rect drawn;   /* and this is where it stood */
    uint64_t as_is, better; /* pixels changed in all, by the input and if frames stay */
    struct part part[KEEPS_FRAMES];
};

enum status keeps_open(struct context *cx, struct keeps **out)
{
    struct keeps *k = mem_zalloc(cx, sizeof *k);
    if (k == NULL)
        return cx->status;
    k->cx = cx;
    *out = k;
    return ST_OK;
}

void keeps_end(struct keeps *k)
{
    canvas_close(k->seen);
    k->seen = NULL;
    k->away = false;
    k->stale = k->drawn = (struct rect){0, 0, 0, 0};
}

void keeps_close(struct keeps *k)
{
    if (k == NULL)
        return;
    keeps_end(k);
    mem_free(k->cx, k);
}

/* Where opaque pixels become transparent. */
static struct rect leaving_part(const struct canvas *from, const struct canvas *to, struct rect r)
{
    uint32_t left = r.x + r.width, right = r.x, top = r.y + r.height, bottom = r.y;
    for (uint32_t y = r.y; y < r.y + r.height; y++) {
        const void *before = canvas_row(from, y), *after = canvas_row(to, y);
        for (uint32_t x = r.x; x < r.x + r.width; x++) {
            if (row_value(to->pool, after, x) != POOL_CLEAR ||
                row_value(to->pool, before, x) == POOL_CLEAR)
                continue;
            left = min_u32(left, x);
            right = max_u32(right, x + 1);
            top = min_u32(top, y);
            bottom = y + 1;
        }
    }
    return bottom == r.y ? (struct rect){0, 0, 0, 0}
                         : (struct rect){left, top, right - left, bottom - top};
}

/* If the frame before had stayed: what this one would change then, where that is less. */
static enum status try_keeping(struct keeps *k, const struct player *p, struct delta *d)
{
    const struct rect r = rect_union(k->drawn, p->drawn);
    uint64_t as_is = d->changes, before = p->frames - 2;
    struct rect part = {0, 0, 0, 0};
    enum status st = delta_look(d, k->seen, p->target, r);
    if (st == ST_OK && d->cleared)
        part = leaving_part(k->seen, p->target, r);
    if (st != ST_OK)
        return st;
    /* what goes may have to be drawn again */
    if (d->changes + (uint64_t)part.width * part.height < as_is && before < KEEPS_FRAMES)
        k->part[before] = (struct part){(uint16_t)part.x, (uint16_t)part.y, (uint16_t)part.width,
                                        part.width == 0 ? 1 : (uint16_t)part.height};
    else
        st = delta_look(d, p->base, p->target, p->drawn);
    return st;
}

/* Keeps the picture if its frame is taken away. */
static enum status remember(struct keeps *k, const struct player *p)
{
    k->stale = rect_union(k->stale, rect_union(k->drawn, p->drawn));
    k->away = p->frame.disposal == DISPOSAL_BACKGROUND || p->frame.disposal == DISPOSAL_PREVIOUS;
    if (k->away && k->seen == NULL) {
        enum status st = canvas_open(p->pool, p->target->width, p->target->height, &k->seen);
        if (st != ST_OK)
            return st;
    }
    if (k->away) {
        canvas_copy(k->seen, p->target, k->stale);
        k->stale = (struct rect){0, 0, 0, 0};
    }
    k->drawn = p->drawn;
    return k->cx->status;
}

enum status keeps_frame(struct keeps *k, const struct player *player, struct delta *d)
{
    enum status st = delta_look(d, player->base, player->target, player->drawn);
    k->as_is += d->changes;
    if (st == ST_OK && k->away)
        st = try_keeping(k, player, d);
    k->better += d->changes;
    return st == ST_OK ? remember(k, player) : st;
}

bool keeps_pay(const struct keeps *k)
{
    return k->better < k->as_is - k->as_is / 8;
}

bool keeps_has(const struct keeps *k, uint64_t frame, struct rect *part)
{
    if (frame >= KEEPS_FRAMES || k->part[frame].height == 0)
        return false;
    const struct part *p = &k->part[frame];
    *part =
        p->width == 0 ? (struct rect){0, 0, 0, 0} : (struct rect){p->x, p->y, p->width, p->height};
    return true;
}
