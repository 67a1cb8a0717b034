/* SPDX-License-Identifier: MIT */
/* GIF out, a still: as small as the specification lets it be. */
#include "formats/gif/gif_plugin.h"

#include "base/mem.h"
#include "color/palette_fit.h"
#include "formats/gif/gif_blocks.h"
#include "formats/gif/gif_metadata.h"
#include "formats/gif/lzw_colors.h"

enum layout gif_choose(enum layout layout, bool alpha)
{
    (void)layout;
    (void)alpha;
    return LAYOUT_INDEX8;
}

enum status gif_write_news(struct encoder *e)
{
    struct gif_writer *g = e->state;
    if (g->moves && e->loop != LOOP_ABSENT && e->loop != g->loop_written) {
        enum status st = gif_write_loop(e->sink, e->loop);
        if (st != ST_OK)
            return st;
        g->loop_written = e->loop;
    }
    const struct metadata_item *item = g->written == NULL ? e->metadata->first : g->written->next;
    for (; item != NULL; item = item->next) {
        enum status st = gif_metadata_write(e->sink, item);
        if (st != ST_OK)
            return st;
        g->written = item;
    }
    return ST_OK;
}

enum status gif_start_pixels(struct encoder *e, struct sink *to, const struct palette *p)
{
    struct gif_writer *g = e->state;
    unsigned size = gif_code_size(p->count), lossy = e->options.lossy;
    if (lossy > 0 && g->colors == NULL) {
        g->colors = mem_alloc(e->cx, sizeof *g->colors);
        if (g->colors == NULL)
            return e->cx->status;
    }
    if (lossy > 0)
        lzw_colors_init(g->colors, p, lossy);
    if (g->lzw != NULL)
        return lzw_encoder_restart(g->lzw, to, size, g->width);
    if (lossy > 0)
        return lzw_encoder_open_lossy_least(e->cx, to, size, g->width, e->options.optimize,
                                            g->moves, g->colors, &g->lzw);
    if (g->moves)
        return lzw_encoder_open_frames(e->cx, to, size, g->width, e->options.optimize, &g->lzw);
    return lzw_encoder_open(e->cx, to, size, g->width, e->options.optimize, &g->lzw);
}

/*
 * The picture as its table tells of it. A transparent pixel shows no entry, so that its index may
 * stand behind the table: where that halves the table, -O2 leaves the entry out, as gifsicle does.
 * -O1 does not, as netpbm refuses such files.
 */
static struct picture told_picture(const struct encoder *e)
{
    struct picture pic = e->pic;
    if (e->options.table != 0)
        pic.palette.count = e->options.table;
    else if (e->options.optimize >= 2 && palette_transparent_doubles(&pic.palette) &&
             palette_transparent(&pic.palette) == (int)pic.palette.count - 1)
        pic.palette.count--;
    return pic;
}

enum status gif_check_size(const struct encoder *e)
{
    const struct picture *pic = &e->pic;
    if (pic->width > GIF_MAX_SIDE || pic->height > GIF_MAX_SIDE)
        return fail(e->cx, ST_UNSUPPORTED, "GIF holds at most 65535 x 65535 pixels, not %u x %u",
                    pic->width, pic->height);
    return ST_OK;
}

/* The palette is the global one. */
enum status gif_start(struct encoder *e)
{
    struct gif_writer *g = e->state;
    const struct picture *pic = &e->pic;
    enum status st = gif_check_size(e);
    if (st != ST_OK)
        return st;
    if (pic->palette.count == 0)
        return fail(e->cx, ST_BUG, "GIF: an empty palette");
    if (e->options.interlace)
        e->order = &interlace_gif;
    const struct frame frame = {.pic = *pic, .order = e->order};
    const struct picture told = told_picture(e);

    /* only extensions need the newer version */
    bool extensions = palette_transparent(&pic->palette) >= 0 || e->metadata->first != NULL;
    st = gif_write_header(e->sink, &told, 0, extensions);
    if (st == ST_OK)
        st = gif_write_news(e);
    if (st == ST_OK)
        st = gif_write_control(e->sink, &frame);
    if (st == ST_OK)
        st = gif_write_image(e->sink, &frame);
    g->width = pic->width;
    return st == ST_OK ? gif_start_pixels(e, e->sink, &pic->palette) : st;
}

enum status gif_write(struct encoder *e, const uint8_t *row)
{
    struct gif_writer *g = e->state;
    return lzw_encoder_write(g->lzw, row, g->width);
}

enum status gif_finish(struct encoder *e)
{
    struct gif_writer *g = e->state;
    enum status st = g->moves ? gif_write_canvas(e) : lzw_encoder_finish(g->lzw);
    if (st == ST_OK)
        st = gif_write_news(e); /* what stood behind the pixels */
    return st == ST_OK ? sink_write(e->sink, ";", 1) : st;
}

void gif_discard(struct encoder *e)
{
    struct gif_writer *g = e->state;
    lzw_encoder_close(g->lzw);
    mem_free(e->cx, g->colors);
}
