/* SPDX-License-Identifier: MIT */
/* Mirroring needs whole units on the side that it moves to the left or to the top. */
#include "formats/jpeg/jpeg_geometry.h"

#include "base/size.h"

/* An element of the symmetries of the square: transpose first, then mirror. */
struct symmetry {
    bool transpose, mirror_x, mirror_y;
};

static void swap_bool(bool *a, bool *b)
{
    bool c = *a;
    *a = *b;
    *b = c;
}

static void swap_u32(uint32_t *a, uint32_t *b)
{
    uint32_t c = *a;
    *a = *b;
    *b = c;
}

/* Adds a step that is no crop. */
static void compose(struct symmetry *s, const struct recode_step *step)
{
    unsigned quarters = step->quarters & 3;
    bool odd = step->kind == RECODE_TURN && quarters % 2 == 1;
    if (step->kind == RECODE_TRANSPOSE || odd) {
        s->transpose = !s->transpose;
        swap_bool(&s->mirror_x, &s->mirror_y);
    }
    if (step->kind == RECODE_FLIP_HORIZONTAL ||
        (step->kind == RECODE_TURN && (quarters == 1 || quarters == 2)))
        s->mirror_x = !s->mirror_x;
    if (step->kind == RECODE_FLIP_VERTICAL ||
        (step->kind == RECODE_TURN && (quarters == 2 || quarters == 3)))
        s->mirror_y = !s->mirror_y;
}

static void worsen(struct jpeg_geometry *g, enum recode_verdict verdict, const char *reason)
{
    if (verdict <= g->verdict)
        return;
    g->verdict = verdict;
    g->reason = reason;
}

/* Keeps units [from, to) of those between *low and *high, from the other end if mirrored. */
static void keep(uint32_t *low, uint32_t *high, bool mirrored, uint32_t from, uint32_t to)
{
    uint32_t start = *low, end = *high;
    *low = mirrored ? end - to : start + from;
    *high = mirrored ? end - from : start + to;
}

static void keep_columns(struct jpeg_geometry *g, uint32_t from, uint32_t to)
{
    if (g->transpose)
        keep(&g->top, &g->bottom, g->mirror_x, from, to);
    else
        keep(&g->left, &g->right, g->mirror_x, from, to);
}

static void keep_rows(struct jpeg_geometry *g, uint32_t from, uint32_t to)
{
    if (g->transpose)
        keep(&g->left, &g->right, g->mirror_y, from, to);
    else
        keep(&g->top, &g->bottom, g->mirror_y, from, to);
}

static uint32_t column_width(const struct jpeg_geometry *g)
{
    return g->transpose ? g->unit_height : g->unit_width;
}

static uint32_t row_height(const struct jpeg_geometry *g)
{
    return g->transpose ? g->unit_width : g->unit_height;
}

uint32_t jpeg_geometry_columns(const struct jpeg_geometry *g)
{
    return g->transpose ? g->bottom - g->top : g->right - g->left;
}

/* Cuts a length down to whole units; false where there is none. */
static bool trim(struct jpeg_geometry *g, uint32_t *length, uint32_t unit)
{
    uint32_t part = *length % unit;
    if (part == 0)
        return true;
    if (*length < unit) {
        worsen(g, RECODE_IMPOSSIBLE, "the picture is smaller than a block");
        return false;
    }
    *length -= part;
    worsen(g, RECODE_TRIMMED, "the size is not a multiple of the blocks'");
    return true;
}

static void turn(struct jpeg_geometry *g, const struct symmetry *s)
{
    if (s->transpose) {
        g->transpose = !g->transpose;
        swap_bool(&g->mirror_x, &g->mirror_y);
        swap_u32(&g->width, &g->height);
    }
    if (s->mirror_x && trim(g, &g->width, column_width(g))) {
        keep_columns(g, 0, g->width / column_width(g));
        g->mirror_x = !g->mirror_x;
    }
    if (s->mirror_y && trim(g, &g->height, row_height(g))) {
        keep_rows(g, 0, g->height / row_height(g));
        g->mirror_y = !g->mirror_y;
    }
}

/* [at, at + *length) of whole, with what stands before it in its first unit: units [*from, *to). */
static void cut(struct jpeg_geometry *g, uint32_t whole, uint32_t at, uint32_t unit,
                uint32_t *length, uint32_t *from, uint32_t *to)
{
    uint32_t aside = at % unit;
    if (aside != 0)
        worsen(g, RECODE_TRIMMED, "the corner of the crop is not at the corner of a block");
    *length = min_u32(*length, whole - at) + aside;
    *from = at / unit;
    *to = *from + (*length - 1) / unit + 1;
}

static void crop(struct jpeg_geometry *g, const struct recode_step *step)
{
    uint32_t width = step->width, height = step->height, from, to;
    if (step->x >= g->width || step->y >= g->height || width == 0 || height == 0) {
        worsen(g, RECODE_IMPOSSIBLE, "the crop is outside of the picture");
        return;
    }
    cut(g, g->width, step->x, column_width(g), &width, &from, &to);
    keep_columns(g, from, to);
    g->width = width;
    cut(g, g->height, step->y, row_height(g), &height, &from, &to);
    keep_rows(g, from, to);
    g->height = height;
}

void jpeg_geometry_plan(struct jpeg_geometry *g, uint32_t width, uint32_t height,
                        uint32_t unit_width, uint32_t unit_height, const struct recode_step *steps,
                        size_t count)
{
    struct symmetry pending = {false, false, false};
    *g = (struct jpeg_geometry){
        .unit_width = unit_width,
        .unit_height = unit_height,
        .right = (width - 1) / unit_width + 1,
        .bottom = (height - 1) / unit_height + 1,
        .width = width,
        .height = height,
        .verdict = RECODE_EXACT,
        .reason = "",
    };
    for (size_t i = 0; i < count && g->verdict != RECODE_IMPOSSIBLE; i++) {
        if (steps[i].kind != RECODE_CROP) {
            compose(&pending, &steps[i]);
            continue;
        }
        turn(g, &pending);
        pending = (struct symmetry){false, false, false};
        if (g->verdict != RECODE_IMPOSSIBLE)
            crop(g, &steps[i]);
    }
    if (g->verdict != RECODE_IMPOSSIBLE)
        turn(g, &pending);
}
