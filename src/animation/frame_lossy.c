/* SPDX-License-Identifier: MIT */
/* Costs are found again only where the palette is another one: they take long. */
#include "animation/frame_lossy.h"

#include <string.h>

#include "base/mem.h"
#include "base/size.h"
#include "formats/gif/lzw_colors.h"

static enum status find_costs(struct context *cx, struct frame_lossy *l, const struct palette *p)
{
    if (l->colors != NULL && l->palette.count == p->count &&
        memcmp(l->palette.entry, p->entry, p->count * sizeof *p->entry) == 0)
        return ST_OK;
    if (l->colors == NULL)
        l->colors = mem_alloc(cx, sizeof *l->colors);
    if (l->colors == NULL)
        return cx->status;
    l->palette = *p;
    lzw_colors_init(l->colors, p, l->strength);
    return ST_OK;
}

enum status frame_lossy_start(struct context *cx, struct frame_lossy *l, const struct way *w,
                              uint32_t colors, struct sink *to)
{
    struct palette p = w->palette;
    p.count = min_u32(colors, 1u << w->size);
    enum status st = find_costs(cx, l, &p);
    if (st != ST_OK)
        return st;
    if (l->encoder == NULL)
        return lzw_encoder_open_lossy(cx, to, w->size, l->colors, &l->encoder);
    return lzw_encoder_restart(l->encoder, to, w->size, 0);
}

void frame_lossy_close(struct context *cx, struct frame_lossy *l)
{
    lzw_encoder_close(l->encoder);
    mem_free(cx, l->colors);
}
