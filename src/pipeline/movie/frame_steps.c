/* SPDX-License-Identifier: MIT */
/* Rectangles of frames through turns, flips and cuts of the canvas that they stand on. */
#include "pipeline/movie/frame_steps.h"

#include "animation/canvas.h"
#include "base/mem.h"
#include "pipeline/stages/stages.h"
#include "transforms/angle.h"

static struct frame_step *add_step(struct frame_steps *s, enum frame_step_kind kind)
{
    struct frame_step *step = &s->step[s->count++];
    *step = (struct frame_step){.kind = kind,
                                .width = s->width,
                                .height = s->height,
                                .width_before = s->width,
                                .height_before = s->height};
    return step;
}

static void add_window(struct frame_steps *s, int64_t x, int64_t y, uint32_t width, uint32_t height)
{
    struct frame_step *step = add_step(s, STEP_WINDOW);
    step->x = x;
    step->y = y;
    s->width = step->width = width;
    s->height = step->height = height;
}

static void add_turn(struct frame_steps *s, unsigned quarters)
{
    struct frame_step *step = add_step(s, STEP_TURN);
    step->quarters = quarters;
    if (quarters % 2 == 0)
        return;
    s->width = step->width = step->height_before;
    s->height = step->height = step->width_before;
}

/* Whether the canvas is to show a color where no frame is: no frame's own pixels do. */
static bool shows_background(const struct job *job)
{
    return job->has_background && job->background.a >= 128;
}

/* False: not in this way. */
static bool add_rotation(const struct job *job, double degrees, struct frame_steps *s)
{
    unsigned turns;
    if (!quarter_turns(degrees, &turns))
        return false;
    uint32_t width = s->width, height = s->height;
    bool keeps_size = !job->expand && turns % 2 != 0 && width != height;
    if (keeps_size && shows_background(job))
        return false;
    if (turns != 0)
        add_turn(s, turns);
    if (keeps_size)
        add_window(s, ((int64_t)height - width) / 2, ((int64_t)width - height) / 2, width, height);
    return true;
}

static enum status add_op(struct context *cx, const struct job *job, const struct op *op,
                          struct frame_steps *s)
{
    uint32_t x, y, width, height;
    int64_t left, top;
    enum status st;
    switch (op->kind) {
    case OP_FLIP_HORIZONTAL:
        add_step(s, STEP_FLIP_HORIZONTAL);
        return ST_OK;
    case OP_FLIP_VERTICAL:
        add_step(s, STEP_FLIP_VERTICAL);
        return ST_OK;
    case OP_CROP:
        st = clip_crop(cx, op, s->width, s->height, &x, &y, &width, &height);
        if (st == ST_OK)
            add_window(s, x, y, width, height);
        return st;
    case OP_ROTATE:
        s->exact = add_rotation(job, op->degrees, s);
        return ST_OK;
    case OP_CANVAS:
        s->exact = !shows_background(job);
        canvas_place(op, s->width, s->height, &left, &top);
        st = picture_check(cx, op->canvas.width, op->canvas.height);
        if (st == ST_OK && s->exact)
            add_window(s, -left, -top, op->canvas.width, op->canvas.height);
        return st;
    default:
        s->exact = false;
        return ST_OK;
    }
}

enum status frame_steps_open(struct context *cx, const struct job *job, uint32_t width,
                             uint32_t height, struct frame_steps *out)
{
    enum status st = ST_OK;
    *out = (struct frame_steps){.width = width, .height = height, .exact = true};
    out->step = mem_array(cx, 2 * job->op_count + 1, sizeof *out->step); /* a turn makes two */
    if (out->step == NULL)
        return cx->status;
    for (size_t i = 0; st == ST_OK && out->exact && i < job->op_count; i++)
        st = add_op(cx, job, &job->ops[i], out);
    if (st != ST_OK)
        frame_steps_close(cx, out);
    return st;
}

void frame_steps_close(struct context *cx, struct frame_steps *s)
{
    mem_free(cx, s->step);
    s->step = NULL;
}

/* The part of the frame in the window becomes the frame. */
static enum status cut(const struct frame_step *step, struct frame *f, bool *empty,
                       struct rows **rows)
{
    const struct canvas window = {.width = step->width, .height = step->height};
    struct rect r =
        canvas_clip(&window, f->x - step->x, f->y - step->y, f->pic.width, f->pic.height);
    if (r.width == 0) {
        *empty = true;
        return ST_OK;
    }
    int64_t x = r.x + step->x - f->x, y = r.y + step->y - f->y; /* in the frame */
    f->x = r.x;
    f->y = r.y;
    if (r.width == f->pic.width && r.height == f->pic.height)
        return ST_OK;
    f->pic.width = r.width;
    f->pic.height = r.height;
    return whole_window_open(*rows, x, y, r.width, r.height, (struct pixel){{0}}, rows);
}

static enum status turn(const struct frame_step *step, struct frame *f, struct rows **rows)
{
    int64_t x = f->x, y = f->y;
    uint32_t width = f->pic.width, height = f->pic.height;
    int64_t right = (int64_t)step->width_before - x - width;
    int64_t below = (int64_t)step->height_before - y - height;
    f->x = step->quarters == 1 ? below : step->quarters == 2 ? right : y;
    f->y = step->quarters == 1 ? x : step->quarters == 2 ? below : right;
    if (step->quarters % 2 != 0) {
        f->pic.width = height;
        f->pic.height = width;
    }
    return turn_open(*rows, step->quarters, rows);
}

static enum status apply(const struct frame_step *step, struct frame *f, bool *empty,
                         struct rows **rows)
{
    switch (step->kind) {
    case STEP_FLIP_HORIZONTAL:
        f->x = (int64_t)step->width - f->x - f->pic.width;
        return flip_horizontal_open(*rows, rows);
    case STEP_FLIP_VERTICAL:
        f->y = (int64_t)step->height - f->y - f->pic.height;
        return flip_vertical_open(*rows, rows);
    case STEP_TURN:
        return turn(step, f, rows);
    default:
        return cut(step, f, empty, rows);
    }
}

enum status frame_steps_apply(const struct frame_steps *s, struct frame *f, bool *empty,
                              struct rows **rows)
{
    enum status st = ST_OK;
    *empty = false;
    if (s->count == 0)
        return ST_OK;
    /* what reaches over the canvas could come to stand before its corner */
    const struct frame_step whole = {
        .kind = STEP_WINDOW, .width = s->step[0].width_before, .height = s->step[0].height_before};
    st = apply(&whole, f, empty, rows);
    for (size_t i = 0; st == ST_OK && !*empty && i < s->count; i++)
        st = apply(&s->step[i], f, empty, rows);
    return made(st, rows);
}
