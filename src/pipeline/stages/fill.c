/* SPDX-License-Identifier: MIT */
/* The background's color as a pixel: an entry of the palette, new or free, or samples. */
#include "pipeline/stages/fill.h"

#include <string.h>

#include "pipeline/stages/stages.h"
#include "transforms/indexed.h"

static const struct rgba8 white = {255, 255, 255, 255};

struct rgba8 job_matte(const struct job *job)
{
    return job->has_background && job->background.a == 255 ? job->background : white;
}

/* Such a format has alpha of one bit. */
static bool palette_only(const struct format *format)
{
    return format->choose(LAYOUT_RGBA8, true) == LAYOUT_INDEX8;
}

/* What covers places that the picture does not. */
static struct rgba8 background(const struct job *job)
{
    if (job->has_background && (job->background.a == 255 || job->format->holds_alpha)) {
        struct rgba8 c = job->background;
        if (palette_only(job->format))
            c.a = c.a < 128 ? 0 : 255;
        return c;
    }
    return job->format->holds_alpha ? (struct rgba8){0, 0, 0, 0} : job_matte(job);
}

static void put_sample(struct pixel *p, unsigned i, unsigned bits, uint8_t value)
{
    uint16_t wide = (uint16_t)(value * 257);
    if (bits == 16)
        memcpy(p->bytes + 2 * i, &wide, 2);
    else
        p->bytes[i] = value;
}

/* A color in a layout that is no palette. Gray layouts get gray colors only. */
static struct pixel pixel_of(enum layout layout, struct rgba8 c)
{
    const struct layout_info *info = layout_info(layout);
    struct pixel p = {{0}};
    unsigned i = 0;
    put_sample(&p, i++, info->bits, c.r);
    if (info->color) {
        put_sample(&p, i++, info->bits, c.g);
        put_sample(&p, i++, info->bits, c.b);
    }
    if (info->alpha)
        put_sample(&p, i, info->bits, c.a);
    return p;
}

static bool same_color(struct rgba8 a, struct rgba8 b)
{
    return (a.a == 0 && b.a == 0) || memcmp(&a, &b, sizeof a) == 0;
}

static int find_color(const struct palette *p, struct rgba8 c)
{
    for (uint32_t i = 0; i < p->count; i++)
        if (same_color(p->entry[i], c))
            return (int)i;
    return -1;
}

/* An entry that costs no color: a new one, or -1 in a full palette. */
static int append_color(struct palette *p, struct rgba8 c)
{
    if (p->count == 256)
        return -1;
    p->entry[p->count] = c;
    return (int)p->count++;
}

/* Palette rows stay palette rows where the background finds an entry or may find one later. */
static bool may_stay_palette(const struct job *job, const struct picture *pic, struct rgba8 c)
{
    return job->format->choose(LAYOUT_INDEX8, true) == LAYOUT_INDEX8 &&
           (pic->palette.count < 256 || find_color(&pic->palette, c) >= 0 ||
            palette_only(job->format));
}

/* Gives the stream a layout that can hold the color c. */
static enum status make_room_for(const struct job *job, struct rgba8 c, struct rows **rows)
{
    const struct picture *pic = &(*rows)->pic;
    const struct layout_info *info = layout_info(pic->layout);
    bool alpha = c.a < 255, color = c.a != 0 && !(c.r == c.g && c.g == c.b);
    if (pic->layout == LAYOUT_INDEX8) {
        if (may_stay_palette(job, pic, c))
            return ST_OK;
        alpha |= palette_has_alpha(&pic->palette);
        return convert_open(*rows, layout_of(true, alpha, 8), job_matte(job), rows);
    }
    return convert_open(*rows, layout_of(info->color || color, info->alpha || alpha, info->bits),
                        job_matte(job), rows);
}

bool fill_fits(const struct job *job, const struct palette *p)
{
    return p->count < 256 || find_color(p, background(job)) >= 0;
}

enum status fill_prepare(const struct job *job, struct fill *f, struct rows **rows)
{
    memset(f, 0, sizeof *f);
    f->color = background(job);
    enum status st = make_room_for(job, f->color, rows);
    if (st != ST_OK)
        return st;
    if ((*rows)->pic.layout != LAYOUT_INDEX8) {
        f->pixel = pixel_of((*rows)->pic.layout, f->color);
        return ST_OK;
    }
    if (palette_only(job->format)) /* what becomes transparent in the end may be it now */
        palette_threshold(&(*rows)->pic.palette);
    struct palette palette = (*rows)->pic.palette, merged;
    struct palette_map map;
    int entry = find_color(&palette, f->color);
    if (entry < 0 && palette.count == 256 && palette_compact(&palette, NULL, &merged, &map)) {
        palette = merged;
        st = remap_open(*rows, &palette, &map, rows);
        if (st != ST_OK)
            return st;
    }
    if (entry < 0)
        entry = append_color(&(*rows)->pic.palette, f->color);
    f->late = entry < 0;
    f->pixel.bytes[0] = (uint8_t)(f->late ? 0 : entry);
    return f->late ? watch_open(*rows, &f->use, rows) : ST_OK;
}

void fill_settle(struct context *cx, struct fill *f, struct rows *rows)
{
    if (!f->late)
        return;
    struct palette *p = &rows->pic.palette;
    for (uint32_t i = 0; i < p->count; i++) {
        if (!f->use.used[i]) {
            p->entry[i] = f->color;
            f->pixel.bytes[0] = (uint8_t)i;
            return;
        }
    }
    int nearest = palette_nearest(p, f->color.a == 0 ? white : f->color);
    f->pixel.bytes[0] = (uint8_t)nearest;
    struct rgba8 got = p->entry[nearest];
    note(cx, NOTE_WARNING, "all 256 colors are in use: the corners are #%02x%02x%02x instead of %s",
         got.r, got.g, got.b, f->color.a == 0 ? "transparent" : "the background");
}
