/* SPDX-License-Identifier: MIT */
/* From the steps of a job to transforms, with the background that each may need. */
#include "base/size.h"
#include "pipeline/stages/fill.h"
#include "pipeline/stages/stages.h"
#include "transforms/angle.h"
#include "transforms/transform.h"

/* Indices cannot be filtered, colors can. */
static enum status make_true_color(const struct job *job, struct rows **rows)
{
    const struct picture *pic = &(*rows)->pic;
    if (pic->layout != LAYOUT_INDEX8)
        return ST_OK;
    bool alpha = palette_has_alpha(&pic->palette);
    return convert_open(*rows, alpha ? LAYOUT_RGBA8 : LAYOUT_RGB8, job_matte(job), rows);
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
        st = fill_prepare(job, &f, rows);
    if (st == ST_OK)
        st = rotate_open(*rows, degrees, job->expand, method, f.pixel, rows);
    if (st == ST_OK) {
        fill_settle(cx, &f, *rows);
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
    enum status st = fill_prepare(job, &f, rows);
    if (st == ST_OK)
        st = turn_open(*rows, quarters, rows);
    if (st != ST_OK)
        return st;
    fill_settle(cx, &f, *rows);
    int64_t x = ((int64_t)height - width) / 2, y = ((int64_t)width - height) / 2;
    return window_open(*rows, x, y, width, height, f.pixel, rows);
}

static enum status rotate(struct context *cx, const struct job *job, double degrees,
                          struct rows **rows)
{
    unsigned quarters;
    if (!quarter_turns(degrees, &quarters))
        return rotate_by(cx, job, degrees, rows);
    return quarters == 0 ? ST_OK : turn_by(cx, job, quarters, rows);
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

void canvas_place(const struct op *op, uint32_t width, uint32_t height, int64_t *x, int64_t *y)
{
    *x = op->canvas.placed ? op->canvas.x : ((int64_t)op->canvas.width - width) / 2;
    *y = op->canvas.placed ? op->canvas.y : ((int64_t)op->canvas.height - height) / 2;
}

static enum status put_on_canvas(struct context *cx, const struct job *job, const struct op *op,
                                 struct rows **rows)
{
    struct fill f;
    int64_t x, y;
    canvas_place(op, (*rows)->pic.width, (*rows)->pic.height, &x, &y);
    enum status st = picture_check(cx, op->canvas.width, op->canvas.height);
    if (st != ST_OK) {
        rows_close(*rows);
        return st;
    }
    /* rows flow: what entries are free is not known in time, so colors must do */
    if ((*rows)->pic.layout == LAYOUT_INDEX8 && !fill_fits(job, &(*rows)->pic.palette))
        st = convert_open(*rows, LAYOUT_RGBA8, (struct rgba8){0}, rows);
    if (st == ST_OK)
        st = fill_prepare(job, &f, rows);
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
    return made(st, rows);
}
