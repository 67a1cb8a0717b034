/* SPDX-License-Identifier: MIT */
/* Frame by frame, of any layout: each in its place and for its time, turned, mirrored or cut. */
#include "pipeline/movie/movie.h"

#include "pipeline/costs.h"

/* What all frames are written as, and whether the file has its first picture. */
struct film {
    struct movie *m;
    struct picture canvas;
    bool begun;
};

static bool has_window(const struct frame_steps *s)
{
    bool any = false;
    for (size_t i = 0; i < s->count; i++)
        any |= s->step[i].kind == STEP_WINDOW;
    return any;
}

/*
 * Frames keep their layout. Only where a window may leave a part of the canvas free, or nothing of
 * a frame, something has to be transparent.
 */
static void choose_canvas(const struct movie *m, const struct picture *first, struct picture *out)
{
    const struct layout_info *info = layout_info(first->layout);
    struct palette *p = &out->palette;
    *out = *first;
    out->width = m->steps.width;
    out->height = m->steps.height;
    if (!has_window(&m->steps))
        return;
    if (out->layout != LAYOUT_INDEX8)
        out->layout = layout_of(info->color, true, info->bits);
    else if (palette_transparent(p) < 0 && p->count < 256)
        p->entry[p->count++] = (struct rgba8){0, 0, 0, 0};
    else if (palette_transparent(p) < 0)
        out->layout = LAYOUT_RGBA8;
}

/* A pixel of the canvas without color. */
static struct pixel clear_pixel(const struct picture *canvas)
{
    int clear = palette_transparent(&canvas->palette);
    struct pixel pixel = {{0}};
    if (canvas->layout == LAYOUT_INDEX8 && clear > 0)
        pixel.bytes[0] = (uint8_t)clear;
    return pixel;
}

/* There is no frame of no pixels: a transparent one takes its time. */
static enum status code_nothing(struct film *film, struct frame *f, struct rows *rows)
{
    struct movie *m = film->m;
    const struct pixel pixel = clear_pixel(&film->canvas);
    f->x = f->y = 0;
    f->pic.width = f->pic.height = 1;
    f->replaces = false;
    f->disposal = DISPOSAL_KEEP;
    sink_reset(m->coded);
    enum status st = rows_drain(rows);
    if (st == ST_OK)
        st = encoder_code(m->encoder, f, m->coded);
    if (st == ST_OK)
        st = encoder_write(m->encoder, pixel.bytes);
    if (st == ST_OK)
        st = encoder_coded(m->encoder);
    return st == ST_OK ? sink_flush(m->coded) : st;
}

/* Rows, of the frame, in the layout of the canvas; of the first one as the whole canvas. */
static enum status fit(struct film *film, struct frame *f, bool empty, struct rows **rows)
{
    const struct picture *canvas = &film->canvas;
    enum status st = ST_OK;
    if ((*rows)->pic.layout != canvas->layout)
        st = convert_open(*rows, canvas->layout, (struct rgba8){0}, rows);
    f->pic.layout = canvas->layout;
    bool whole = f->pic.width == canvas->width && f->pic.height == canvas->height;
    if (st == ST_OK && !film->begun && (empty || !whole)) {
        int64_t x = empty ? (*rows)->pic.width : -f->x, y = empty ? 0 : -f->y;
        st = whole_window_open(*rows, x, y, canvas->width, canvas->height, clear_pixel(canvas),
                               rows);
        f->x = f->y = 0;
        f->pic.width = canvas->width;
        f->pic.height = canvas->height;
    }
    return made(st, rows);
}

static enum status run_frame(struct film *film, struct frame *f)
{
    struct movie *m = film->m;
    struct rows *rows = NULL;
    bool empty = false;
    enum status st = movie_rows(m, f, &rows);
    if (st == ST_OK)
        st = frame_steps_apply(&m->steps, f, &empty, &rows);
    if (st == ST_OK)
        st = fit(film, f, empty, &rows);
    if (st == ST_OK)
        st = empty && film->begun ? code_nothing(film, f, rows) : movie_code(m, f, rows);
    retire_one(m->out, rows);
    film->begun = true;
    return st == ST_OK ? movie_append_coded(m, f, m->coded) : st;
}

enum status movie_run_colors(struct movie *m)
{
    struct film film = {.m = m};
    struct frame f;
    m->hidden_too = true;
    enum status st = movie_frame(m, &f);
    if (st == ST_OK) {
        struct encode_options options = m->job->encode;
        options.whole_bytes = true; /* as some readers ask for: see true_frames.c */
        choose_canvas(m, &f.pic, &film.canvas);
        st = movie_begin_as(m, &film.canvas, &options);
    }
    while (st == ST_OK) {
        movie_set_delay(m, &f);
        st = run_frame(&film, &f);
        if (st == ST_OK)
            st = movie_frame(m, &f);
    }
    return st == ST_END ? ST_OK : st;
}
