/* SPDX-License-Identifier: MIT */
/* GIF out, a moving picture: frames whose pixels have been coded before, here or elsewhere. */
#include "formats/gif/gif_plugin.h"

#include "formats/gif/gif_blocks.h"

enum status gif_begin(struct encoder *e)
{
    struct gif_writer *g = e->state;
    enum status st = gif_check_size(e);
    g->moves = true;
    g->loop_written = LOOP_ABSENT;
    return st;
}

enum status gif_write_canvas(struct encoder *e)
{
    struct gif_writer *g = e->state;
    if (g->begun)
        return ST_OK;
    g->begun = true;
    return gif_write_header(e->sink, &e->pic, e->background, true);
}

enum status gif_code(struct encoder *e, const struct frame *f, struct sink *to)
{
    struct gif_writer *g = e->state;
    e->order = e->options.interlace ? &interlace_gif : &interlace_none;
    g->width = f->pic.width;
    return gif_start_pixels(e, to, &f->pic.palette);
}

enum status gif_coded(struct encoder *e)
{
    struct gif_writer *g = e->state;
    return lzw_encoder_finish(g->lzw);
}

enum status gif_append(struct encoder *e, const struct frame *f)
{
    if (f->x < 0 || f->y < 0 || f->x > GIF_MAX_SIDE || f->y > GIF_MAX_SIDE ||
        f->pic.width > GIF_MAX_SIDE || f->pic.height > GIF_MAX_SIDE)
        return fail(e->cx, ST_BUG, "GIF: a frame of %u x %u at %lld, %lld", f->pic.width,
                    f->pic.height, (long long)f->x, (long long)f->y);
    enum status st = gif_write_canvas(e);
    if (st == ST_OK)
        st = gif_write_news(e);
    if (st == ST_OK)
        st = gif_write_control(e->sink, f);
    return st == ST_OK ? gif_write_image(e->sink, f) : st;
}

enum status gif_put(struct encoder *e, const uint8_t *data, size_t bytes)
{
    return sink_write(e->sink, data, bytes);
}
