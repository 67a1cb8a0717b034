/* SPDX-License-Identifier: MIT */
/* What frames change of the canvas, and which rows of the pictures that steps make of it. */
#include "pipeline/movie/pictures.h"

#include <math.h>

#include "animation/delta.h"
#include "base/size.h"
#include "transforms/angle.h"

/* Lanczos's radius is the widest, in pixels of the smaller size; and what rounding may add. */
#define FILTER_RADIUS 3
#define MARGIN 2

/* Where the frame before is about to be taken away. */
void pictures_before_frame(struct pictures *p)
{
    const struct player *player = p->player;
    enum disposal disposal = player->frame.disposal;
    if (player->frames > 0 && (disposal == DISPOSAL_BACKGROUND || disposal == DISPOSAL_PREVIOUS))
        p->change = rect_union(p->change, player->drawn);
}

void pictures_after_frame(struct pictures *p)
{
    const struct player *player = p->player;
    struct rect drawn = rect_difference(player->base, player->target, player->drawn);
    p->change = rect_union(p->change, drawn);
}

static struct span clip_rows(double top, double bottom, uint32_t height)
{
    struct span s = {0, height};
    if (top > MARGIN)
        s.top = (uint32_t)(top - MARGIN);
    if (bottom + MARGIN < height)
        s.bottom = (uint32_t)(bottom + MARGIN);
    if (s.top >= s.bottom)
        s.top = s.bottom = 0;
    return s;
}

/* Rows of another height that pixels of the rectangle have a share in. */
static struct span resized(struct rect r, uint32_t from, uint32_t height)
{
    double scale = (double)height / from, radius = FILTER_RADIUS * (scale < 1 ? 1 / scale : 1);
    return clip_rows((r.y - radius) * scale, (r.y + r.height + radius) * scale, height);
}

/* Rows of the turned canvas on which the corners of the rectangle lie, and what is between. */
static struct span turned(struct rect r, const struct canvas *c, double degrees, uint32_t height)
{
    double sine, cosine, top = height, bottom = 0;
    sine_cosine(degrees, &sine, &cosine);
    for (int corner = 0; corner < 4; corner++) {
        double x = r.x + (corner % 2 != 0 ? (double)r.width : 0) - c->width * 0.5;
        double y = r.y + (corner / 2 != 0 ? (double)r.height : 0) - c->height * 0.5;
        double at = sine * x + cosine * y + height * 0.5;
        top = fmin(top, at);
        bottom = fmax(bottom, at);
    }
    return clip_rows(top - FILTER_RADIUS, bottom + FILTER_RADIUS, height);
}

struct span pictures_news(const struct pictures *p, uint32_t height)
{
    const struct job *job = p->m->job;
    const struct canvas *canvas = p->player->target;
    const struct rect r = p->change;
    if (!p->begun)
        return (struct span){0, height};
    if (r.width == 0)
        return (struct span){0, 0};
    if (job->op_count == 0)
        return (struct span){r.y, r.y + r.height};
    if (job->op_count == 1 && job->ops[0].kind == OP_RESIZE)
        return resized(r, canvas->height, height);
    if (job->op_count == 1 && job->ops[0].kind == OP_ROTATE)
        return turned(r, canvas, job->ops[0].degrees, height);
    return (struct span){0, height};
}
