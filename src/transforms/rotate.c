/* SPDX-License-Identifier: MIT */
/*
 * Turning by any angle: the canvas, its blocks, and nearest pixels. Output is made in bands of 32
 * rows, a band in blocks of 64 x 32 pixels; what a block needs of the source fits a small window,
 * which is copied together from the tiles first. Inside a block addresses go on in steps of fixed
 * point; each block starts anew from floating point, so nothing drifts however large the picture.
 *
 * All fixed-point values are rounded up. A point that lies exactly on the edge between two pixels
 * (whole diagonals do, at 45 degrees) therefore always counts to the one right of or below it, as
 * exact arithmetic would have it, instead of to either as rounding falls. The error is below
 * 2^-17 of a pixel.
 */
#include "transforms/transform.h"

#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "base/size.h"
#include "raster/pixels.h"
#include "raster/store_fill.h"
#include "transforms/angle.h"
#include "transforms/rotate_block.h"

#define BAND 32
/* A band of more bytes has half the rows: tiles are read half as often again, memory is halved. */
#define BAND_BYTES (4u * 1024 * 1024)
#define BLOCK 64

struct rotate {
    struct rows r;
    struct tile_store *tiles;
    struct picture from;
    double c, s; /* cosine and sine */
    unsigned pixel;
    struct pixel fill;
    struct smooth *smooth; /* NULL: nearest pixels */
    rotate_kernel *kernel;
    unsigned margin;        /* source pixels beyond those that hold the places of a block */
    struct slant step;      /* dx, dy of neighbors in an output row; x, y unused */
    int64_t down_x, down_y; /* from an output row to the next */
    uint8_t *band;
    uint32_t band_rows;
    uint8_t *window;
};

/* For values that fit, which all are here; without SSE4.1 the library's are calls. */
static int64_t floor_of(double value)
{
    int64_t whole = (int64_t)value;
    return whole - (value < (double)whole);
}

static int64_t ceil_of(double value)
{
    return -floor_of(-value);
}

static double lower(double a, double b)
{
    return a < b ? a : b;
}

static double higher(double a, double b)
{
    return a > b ? a : b;
}

/*
 * The least whole size that holds all of it but a millionth of a pixel: the rounding of sine and
 * cosine must not add a row or a column to a size that is whole.
 */
static uint32_t whole_size(double size)
{
    return (uint32_t)ceil_of(size - 1e-6);
}

void rotate_size(uint32_t width, uint32_t height, double degrees, bool expand, uint32_t *out_width,
                 uint32_t *out_height)
{
    *out_width = width;
    *out_height = height;
    if (!expand)
        return;
    double s, c;
    sine_cosine(degrees, &s, &c);
    *out_width = whole_size(width * fabs(c) + height * fabs(s));
    *out_height = whole_size(width * fabs(s) + height * fabs(c));
}

static int64_t fixed_up(double value, int bits)
{
    return ceil_of(value * (double)(INT64_C(1) << bits));
}

static int64_t floor_div(int64_t a, int64_t b) /* b > 0 */
{
    return a >= 0 ? a / b : -((b - 1 - a) / b);
}

/* Narrows [*first, *end) to the i for which start + i * step lies in [low, high). */
static void narrow(int64_t start, int64_t step, int64_t low, int64_t high, int64_t *first,
                   int64_t *end)
{
    int64_t from = *first, to = *end;
    if (step > 0) {
        from = -floor_div(start - low, step);
        to = -floor_div(start - high, step);
    } else if (step < 0) {
        from = floor_div(start - high, -step) + 1;
        to = floor_div(start - low, -step) + 1;
    } else if (start < low || start >= high) {
        to = from;
    }
    if (from > *first)
        *first = from;
    if (to < *end)
        *end = to;
}

/* One output row of a block, some of whose pixels may lie outside the picture. */
static void edge_row(const struct rotate *t, struct slant line, const struct cover *in,
                     uint8_t *out, uint32_t wide)
{
    int64_t first = 0, end = wide;
    narrow(line.x, line.dx, in->left << SLANT_BITS, in->right << SLANT_BITS, &first, &end);
    narrow(line.y, line.dy, in->top << SLANT_BITS, in->bottom << SLANT_BITS, &first, &end);
    if (end <= first)
        first = end = 0;
    line.x += (uint32_t)first * (uint32_t)line.dx;
    line.y += (uint32_t)first * (uint32_t)line.dy;
    pixels_fill(out, (uint32_t)first, t->fill.bytes, t->pixel);
    t->kernel(out + (size_t)first * t->pixel, t->window, line, (uint32_t)(end - first));
    pixels_fill(out + (size_t)end * t->pixel, wide - (uint32_t)end, t->fill.bytes, t->pixel);
}

static void nearest_block(const struct rotate *t, const struct block *b, uint8_t *out)
{
    size_t stride = picture_stride(&t->r.pic);
    int64_t place_x = b->place_x, place_y = b->place_y;
    for (uint32_t j = 0; j < b->high; j++, out += stride) {
        struct slant line = b->step;
        line.x = place_up(place_x);
        line.y = place_up(place_y);
        if (b->inside)
            t->kernel(out, b->window, line, b->wide);
        else
            edge_row(t, line, &b->in, out, b->wide);
        place_x += b->down_x;
        place_y += b->down_y;
    }
}

/*
 * Cuts the window that starts at *origin of the source, has room for all that lies within [low,
 * high] with a margin on either side, and names the part of it that the picture has.
 */
static bool cut_window(double low, double high, unsigned margin, uint32_t whole, int64_t *origin,
                       int64_t *first, int64_t *end)
{
    *origin = floor_of(low) - margin;
    int64_t after = floor_of(high) + 1 + margin;
    *first = *origin < 0 ? -*origin : 0;
    *end = (after < whole ? after : whole) - *origin;
    return *first < *end;
}

static enum status make_block(struct rotate *t, uint32_t x, uint32_t y, uint32_t wide,
                              uint32_t high, uint8_t *out)
{
    size_t stride = picture_stride(&t->r.pic);
    /* the center of the block's first pixel, from the canvas's center, turned back */
    double u = x + 0.5 - t->r.pic.width * 0.5, v = y + 0.5 - t->r.pic.height * 0.5;
    double at_x = t->c * u + t->s * v + t->from.width * 0.5;
    double at_y = t->c * v - t->s * u + t->from.height * 0.5;
    double along_x = t->c * (wide - 1), along_y = -t->s * (wide - 1);
    double down_x = t->s * (high - 1), down_y = t->c * (high - 1);

    int64_t left, top;
    struct cover in;
    bool any = cut_window(at_x + lower(along_x, 0) + lower(down_x, 0),
                          at_x + higher(along_x, 0) + higher(down_x, 0), t->margin, t->from.width,
                          &left, &in.left, &in.right) &&
               cut_window(at_y + lower(along_y, 0) + lower(down_y, 0),
                          at_y + higher(along_y, 0) + higher(down_y, 0), t->margin, t->from.height,
                          &top, &in.top, &in.bottom);
    if (!any) {
        for (uint32_t j = 0; j < high; j++)
            pixels_fill(out + j * stride, wide, t->fill.bytes, t->pixel);
        return ST_OK;
    }
    enum status st = tile_store_copy(
        t->tiles, (uint32_t)(left + in.left), (uint32_t)(top + in.top),
        (uint32_t)(in.right - in.left), (uint32_t)(in.bottom - in.top),
        t->window + (size_t)(in.top * WINDOW_EDGE + in.left) * t->pixel, WINDOW_EDGE * t->pixel);
    if (st != ST_OK)
        return st;
    struct block b = {
        .wide = wide,
        .high = high,
        .window = t->window,
        .in = in,
        /* the window reaches a pixel beyond what is read, so cut at the picture only */
        .inside = in.left == 0 && in.top == 0 && left + in.right < t->from.width &&
                  top + in.bottom < t->from.height,
        .place_x = fixed_up(at_x - (double)left, PLACE_BITS),
        .place_y = fixed_up(at_y - (double)top, PLACE_BITS),
        .step = t->step,
        .down_x = t->down_x,
        .down_y = t->down_y,
    };
    if (t->smooth != NULL)
        smooth_block(t->smooth, &b, &t->fill, out, stride);
    else
        nearest_block(t, &b, out);
    return ST_OK;
}

/* Goes right in one band and left in the next, so that tiles stay in the cache at the turn. */
static enum status make_band(struct rotate *t, uint32_t y)
{
    uint32_t width = t->r.pic.width, high = min_u32(t->band_rows, t->r.pic.height - y);
    uint32_t blocks = (width - 1) / BLOCK + 1;
    bool leftwards = y / t->band_rows % 2 != 0;
    enum status st = ST_OK;
    for (uint32_t i = 0; i < blocks && st == ST_OK; i++) {
        uint32_t x = (leftwards ? blocks - 1 - i : i) * BLOCK;
        st = make_block(t, x, y, min_u32(BLOCK, width - x), high, t->band + (size_t)x * t->pixel);
    }
    return st;
}

static enum status rotate_next(struct rows *r, uint8_t *out)
{
    struct rotate *t = (struct rotate *)r;
    if (r->y % t->band_rows == 0) {
        enum status st = make_band(t, r->y);
        if (st != ST_OK)
            return st;
    }
    size_t stride = picture_stride(&r->pic);
    memcpy(out, t->band + r->y % t->band_rows * stride, stride);
    return ST_OK;
}

/* Into the middle of a band, it has to be made. */
static enum status rotate_skip(struct rows *r, uint32_t n)
{
    struct rotate *t = (struct rotate *)r;
    uint32_t y = r->y + n, band = y / t->band_rows;
    bool made = r->y % t->band_rows != 0 && r->y / t->band_rows == band;
    return y % t->band_rows == 0 || made ? ST_OK : make_band(t, band * t->band_rows);
}

static void rotate_close(struct rows *r)
{
    struct rotate *t = (struct rotate *)r;
    tile_store_close(t->tiles);
    smooth_close(r->cx, t->smooth);
    mem_free(r->cx, t->band);
    mem_free(r->cx, t->window);
    mem_free(r->cx, t);
}

static enum status rotate_start(struct rotate *t, double degrees, bool expand, enum resample method)
{
    struct context *cx = t->r.cx;
    struct picture *pic = &t->r.pic;
    if (!isfinite(degrees))
        return fail(cx, ST_BUG, "rotate: no finite angle");
    rotate_size(t->from.width, t->from.height, degrees, expand, &pic->width, &pic->height);
    enum status st = picture_check(cx, pic->width, pic->height);
    if (st == ST_OK && method != RESAMPLE_NEAREST)
        st = smooth_open(cx, pic->layout, method, &t->smooth);
    if (st == ST_OK) /* before the band and the window are made: its own band is gone then */
        st = tile_store_fill(t->r.up, &t->tiles, &t->r.cpu_ns);
    if (st != ST_OK)
        return st;
    sine_cosine(degrees, &t->s, &t->c);
    t->step.dx = (int32_t)fixed_up(t->c, SLANT_BITS);
    t->step.dy = (int32_t)fixed_up(-t->s, SLANT_BITS);
    t->down_x = fixed_up(t->s, PLACE_BITS);
    t->down_y = fixed_up(t->c, PLACE_BITS);
    t->kernel = rotate_kernel_for(t->pixel, cx->simd);
    t->margin = t->smooth != NULL ? SMOOTH_MARGIN : 1;
    t->band_rows = picture_stride(pic) * BAND > BAND_BYTES ? BAND / 2 : BAND;
    t->band = mem_array(cx, min_u32(t->band_rows, pic->height), picture_stride(pic));
    if (t->band == NULL)
        return cx->status;
    t->window = mem_alloc(cx, WINDOW_EDGE * WINDOW_EDGE * t->pixel + WINDOW_SLACK);
    return t->window == NULL ? cx->status : ST_OK;
}

enum status rotate_open(struct rows *up, double degrees, bool expand, enum resample method,
                        struct pixel fill, struct rows **out)
{
    struct context *cx = up->cx;
    struct rotate *t = rows_new(cx, "rotate", sizeof *t, up);
    if (t == NULL)
        return cx->status;
    t->r.next = rotate_next;
    t->r.skip = rotate_skip;
    t->r.rewind = rows_rewind_none;
    t->r.close = rotate_close;
    t->r.kept = true;
    t->from = up->pic;
    t->pixel = layout_info(up->pic.layout)->bytes;
    t->fill = fill;
    enum status st = rotate_start(t, degrees, expand, method);
    if (st != ST_OK) {
        rows_close(&t->r);
        return st;
    }
    *out = &t->r;
    return ST_OK;
}

void rotate_set_fill(struct rows *rotate, struct pixel fill)
{
    ((struct rotate *)rotate)->fill = fill;
}
