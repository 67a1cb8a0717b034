/* SPDX-License-Identifier: MIT */
/* From the steps of a job to transforms, with the background that each may need. */
#include "pipeline/stages.h"

#include <math.h>
#include <string.h>

#include "base/size.h"
#include "transforms/indexed.h"
#include "transforms/transform.h"

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

/* Indices cannot be filtered, colors can. */
static enum status make_true_color(const struct job *job, struct rows **rows)
{
    const struct picture *pic = &(*rows)->pic;
    if (pic->layout != LAYOUT_INDEX8)
        return ST_OK;
    bool alpha = palette_has_alpha(&pic->palette);
    return convert_open(*rows, alpha ? LAYOUT_RGBA8 : LAYOUT_RGB8, job_matte(job), rows);
}

/* What a step that leaves places uncovered fills them with. */
struct fill {
    struct rgba8 color;
    struct pixel pixel;
    bool late; /* to be settled once the source has been read */
    struct palette_use use;
};

/* Before the step: makes the color a pixel of the stream. */
static enum status prepare_fill(const struct job *job, struct fill *f, struct rows **rows)
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

/*
 * After the step has read its source: a palette that was full may have entries that no pixel
 * uses. Where it has none, the nearest color serves; no color of the picture changes for it.
 */
static void settle_fill(struct context *cx, struct fill *f, struct rows *rows)
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

static enum status rotate_by(struct context *cx, const struct job *job, double degrees,
                             struct rows **rows)
{
    struct fill f;
    enum resample method = job->resample;
    if (method == RESAMPLE_AUTO) /* the colors of a palette stay exact */
        method = (*rows)->pic.layout == LAYOUT_INDEX8 ? RESAMPLE_NEAREST : RESAMPLE_BICUBIC;
    if (method == RESAMPLE_LANCZOS3) /* too wide to be worth it between two grids of one pitch */
        method = RESAMPLE_BICUBIC;
    enum status st = method == RESAMPLE_NEAREST ? ST_OK : make_true_color(job, rows);
    if (st == ST_OK)
        st = prepare_fill(job, &f, rows);
    if (st == ST_OK)
        st = rotate_open(*rows, degrees, job->expand, method, f.pixel, rows);
    if (st == ST_OK) {
        settle_fill(cx, &f, *rows);
        rotate_set_fill(*rows, f.pixel);
    }
    return st;
}

/*
 * Quarter turns are exact. On a canvas that keeps its size the turned picture stands in the
 * middle, half a pixel to the left or up where the middle is none.
 */
static enum status turn_by(struct context *cx, const struct job *job, unsigned quarters,
                           struct rows **rows)
{
    uint32_t width = (*rows)->pic.width, height = (*rows)->pic.height;
    if (job->expand || quarters % 2 == 0 || width == height)
        return turn_open(*rows, quarters, rows);
    struct fill f;
    enum status st = prepare_fill(job, &f, rows);
    if (st == ST_OK)
        st = turn_open(*rows, quarters, rows);
    if (st != ST_OK)
        return st;
    settle_fill(cx, &f, *rows);
    int64_t x = ((int64_t)height - width) / 2, y = ((int64_t)width - height) / 2;
    return window_open(*rows, x, y, width, height, f.pixel, rows);
}

static enum status rotate(struct context *cx, const struct job *job, double degrees,
                          struct rows **rows)
{
    double quarters = degrees / 90.0;
    if (quarters != floor(quarters))
        return rotate_by(cx, job, degrees, rows);
    int turns = ((int)fmod(quarters, 4.0) + 4) % 4;
    return turns == 0 ? ST_OK : turn_by(cx, job, (unsigned)turns, rows);
}

/* The part of [from, from + length) that lies in [0, whole); false: none does. */
static bool overlap(int64_t from, uint32_t length, uint32_t whole, uint32_t *start, uint32_t *cut)
{
    if (from >= (int64_t)whole || from <= -(int64_t)length)
        return false;
    *start = from < 0 ? 0 : (uint32_t)from;
    *cut = min_u32(from < 0 ? length - (uint32_t)-from : length, whole - *start);
    return true;
}

enum status clip_crop(struct context *cx, const struct op *op, uint32_t picture_width,
                      uint32_t picture_height, uint32_t *x, uint32_t *y, uint32_t *width,
                      uint32_t *height)
{
    if (overlap(op->crop.x, op->crop.width, picture_width, x, width) &&
        overlap(op->crop.y, op->crop.height, picture_height, y, height))
        return ST_OK;
    return fail(cx, ST_UNSUPPORTED, "crop %ux%u%+lld%+lld lies outside the %u x %u picture",
                op->crop.width, op->crop.height, (long long)op->crop.x, (long long)op->crop.y,
                picture_width, picture_height);
}

static enum status crop(struct context *cx, const struct op *op, struct rows **rows)
{
    const struct picture *pic = &(*rows)->pic;
    uint32_t x, y, width, height;
    enum status st = clip_crop(cx, op, pic->width, pic->height, &x, &y, &width, &height);
    if (st != ST_OK) {
        rows_close(*rows);
        return st;
    }
    return whole_window_open(*rows, x, y, width, height, (struct pixel){{0}}, rows);
}

/* Where a picture stands on a canvas of its own size or another. */
void canvas_place(const struct op *op, uint32_t width, uint32_t height, int64_t *x, int64_t *y)
{
    *x = op->canvas.placed ? op->canvas.x : ((int64_t)op->canvas.width - width) / 2;
    *y = op->canvas.placed ? op->canvas.y : ((int64_t)op->canvas.height - height) / 2;
}

static enum status put_on_canvas(struct context *cx, const struct job *job, const struct op *op,
                                 struct rows **rows)
{
    const struct palette *palette = &(*rows)->pic.palette;
    struct fill f;
    int64_t x, y;
    canvas_place(op, (*rows)->pic.width, (*rows)->pic.height, &x, &y);
    enum status st = picture_check(cx, op->canvas.width, op->canvas.height);
    if (st != ST_OK) {
        rows_close(*rows);
        return st;
    }
    /* rows flow: what entries are free is not known in time, so colors must do */
    if ((*rows)->pic.layout == LAYOUT_INDEX8 && palette->count == 256 &&
        find_color(palette, background(job)) < 0)
        st = convert_open(*rows, LAYOUT_RGBA8, (struct rgba8){0}, rows);
    if (st == ST_OK)
        st = prepare_fill(job, &f, rows);
    return st == ST_OK ? whole_window_open(*rows, -x, -y, op->canvas.width, op->canvas.height,
                                           f.pixel, rows)
                       : st;
}

/*
 * A palette picture is filtered in true color, and gets no more colors back than it had: a drawing
 * of 16 colors is to stay one.
 */
static enum status resize(struct context *cx, struct job *job, const struct resize_to *to,
                          struct rows **rows)
{
    const struct picture *pic = &(*rows)->pic;
    enum resample method = job->resample == RESAMPLE_AUTO ? RESAMPLE_LANCZOS3 : job->resample;
    uint32_t width, height;
    if (!resize_size(to, pic->width, pic->height, &width, &height)) {
        rows_close(*rows);
        return fail(cx, ST_UNSUPPORTED, "the picture would be larger than can be addressed");
    }
    if (width == pic->width && height == pic->height)
        return ST_OK;
    enum status st = picture_check(cx, width, height);
    if (st != ST_OK) {
        rows_close(*rows);
        return st;
    }
    if (method != RESAMPLE_NEAREST) {
        if (pic->layout == LAYOUT_INDEX8 && pic->palette.count < job->colors)
            job->colors = max_u32(pic->palette.count, 2);
        st = make_true_color(job, rows);
    }
    return st == ST_OK ? resize_open(*rows, width, height, method, rows) : st;
}

static enum status apply(struct context *cx, struct job *job, const struct op *op,
                         struct rows **rows)
{
    switch (op->kind) {
    case OP_CROP:
        return crop(cx, op, rows);
    case OP_FLIP_HORIZONTAL:
        return flip_horizontal_open(*rows, rows);
    case OP_FLIP_VERTICAL:
        return flip_vertical_open(*rows, rows);
    case OP_ROTATE:
        return rotate(cx, job, op->degrees, rows);
    case OP_RESIZE:
        return resize(cx, job, &op->resize, rows);
    case OP_CANVAS:
        return put_on_canvas(cx, job, op, rows);
    }
    rows_close(*rows);
    return fail(cx, ST_BUG, "a step of unknown kind %d", (int)op->kind);
}

enum status apply_ops(struct context *cx, struct job *job, struct rows **rows)
{
    enum status st = ST_OK;
    for (size_t i = 0; st == ST_OK && i < job->op_count; i++)
        st = apply(cx, job, &job->ops[i], rows);
    if (st != ST_OK)
        *rows = NULL; /* a constructor that fails has closed it */
    return st;
}
