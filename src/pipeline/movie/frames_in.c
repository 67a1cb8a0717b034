/* SPDX-License-Identifier: MIT */
/* The frames that come, their values as they will be written; and how far the input is read. */
#include "pipeline/movie/movie.h"

#include <string.h>

#include "animation/frame_rows.h"
#include "base/clock.h"
#include "base/mem.h"
#include "pipeline/costs.h"

/* m->icc for values of a layout. All frames of a file have the same, so that it is opened once. */
static enum status open_icc(struct movie *m, enum layout layout)
{
    if (m->meaning.first == NULL || (m->icc != NULL && m->icc_layout == layout))
        return ST_OK;
    icc_close(m->icc);
    m->icc_layout = layout;
    enum status st = srgb_open(m->cx, &m->meaning, layout, m->out, &m->icc);
    if (m->icc == NULL) /* nor would it be the next time */
        metadata_clear(m->cx, &m->meaning);
    return st;
}

static enum status convert_palette(struct movie *m, struct palette *p)
{
    enum status st = open_icc(m, LAYOUT_RGBA8);
    if (st == ST_OK && m->icc != NULL)
        icc_convert(m->icc, (uint8_t *)p->entry, p->count); /* r, g, b, a: as LAYOUT_RGBA8 */
    return st;
}

static void tell_rows(struct movie *m, uint32_t rows)
{
    m->rows_untold -= rows;
    while (rows-- > 0)
        progress_row(&m->progress);
}

/* How many rows there will be: as many a byte as so far, in every pass. */
static void guess_total(struct movie *m)
{
    struct progress *p = &m->progress;
    uint64_t size = source_size(m->src), offset = source_offset(m->src);
    double rows = (double)(p->done + m->rows_untold - m->rows_before);
    if (size != SIZE_UNLIMITED && offset < size)
        rows *= (double)size / (double)offset;
    p->total = m->rows_before + (uint64_t)(rows * (m->passes + 1));
    if (p->total < p->done + m->rows_untold)
        p->total = p->done + m->rows_untold;
}

enum status movie_frame(struct movie *m, struct frame *out)
{
    struct progress *p = &m->progress;
    enum status st;
    do
        st = decoder_frame(m->decoder, out);
    while (st == ST_OK && out->hidden && !m->hidden_too);
    m->loop = m->decoder->loop;
    if (st == ST_END) /* now it is known */
        p->total = m->rows_before + (p->done + m->rows_untold - m->rows_before) * (m->passes + 1);
    tell_rows(m, m->rows_untold);
    if (st != ST_OK)
        return st;
    st = out->pic.layout == LAYOUT_INDEX8 ? convert_palette(m, &out->pic.palette)
                                          : open_icc(m, out->pic.layout);
    if (st != ST_OK)
        return st;
    m->rows_untold = out->pic.height;
    guess_total(m);
    if (p->done == 0)
        tell_rows(m, 1); /* rows are about to flow */
    return ST_OK;
}

/* Indices have the values of their palette, which has been converted. */
static bool converts_rows(const struct movie *m, const struct frame *f)
{
    return m->icc != NULL && f->pic.layout != LAYOUT_INDEX8;
}

enum status movie_rows(struct movie *m, const struct frame *f, struct rows **out)
{
    enum status st = frame_rows_open(m->decoder, f, NULL, out);
    return st == ST_OK && converts_rows(m, f) ? srgb_rows_open(m->icc, true, out) : st;
}

enum status movie_play(struct player *player, struct rows *rows)
{
    uint8_t *row = mem_rows(rows->cx, 1, picture_stride(&rows->pic));
    enum status st = row == NULL ? rows->cx->status : ST_OK;
    for (uint32_t y = 0; st == ST_OK && y < rows->pic.height; y++) {
        st = rows_next(rows, row);
        if (st == ST_OK)
            st = player_row(player, &interlace_none.pass[0], y, row);
    }
    mem_free(rows->cx, row);
    return st;
}

/* Straight from the decoder to the player, unless values are converted on the way. */
static enum status read_rows(struct movie *m, const struct frame *f, struct player *player)
{
    struct rows *rows;
    if (player == NULL || !converts_rows(m, f))
        return frame_read(m->decoder, f, player);
    enum status st = movie_rows(m, f, &rows);
    if (st != ST_OK)
        return st;
    st = movie_play(player, rows);
    rows_close(rows);
    return st;
}

enum status movie_read(struct movie *m, const struct frame *f, struct player *player)
{
    uint64_t start = m->cx->timed ? cpu_time_ns() : 0;
    enum status st = read_rows(m, f, player);
    if (m->cx->timed)
        add_cost(m->out, "decode", cpu_time_ns() - start);
    return st;
}

/* Keeps apart what values mean, where it cannot go along with them. */
static void part_from_profile(struct movie *m)
{
    struct metadata *all = &m->metadata;
    if (m->job->keep_icc && m->job->strip[METADATA_ICC])
        lose_color(m->cx, all);
    else if (m->job->keep_icc || profile_stays(m->job, m->decoder->format->name, all))
        return;
    metadata_move(all, METADATA_ICC, &m->meaning);
    metadata_move(all, METADATA_COLOR, &m->meaning);
    all->skip[METADATA_ICC] = all->skip[METADATA_COLOR] = true; /* when they come again */
}

/* The decoder, before the first frame. */
static enum status open_decoder(struct movie *m)
{
    enum status st = decoder_open(m->cx, m->src, &m->metadata, &m->decoder);
    if (st == ST_OK)
        m->loop = m->decoder->loop;
    return st;
}

enum status movie_open_input(struct movie *m)
{
    struct outcome *out = m->out;
    memcpy(m->metadata.skip, m->job->strip, sizeof m->metadata.skip);
    m->metadata.skip[METADATA_ICC] = m->metadata.skip[METADATA_COLOR] = false;
    enum status st = open_decoder(m);
    if (st != ST_OK)
        return st;
    const struct image_info *info = &m->decoder->info;
    out->in_format = m->decoder->format->name;
    out->in = (struct picture){.width = info->width, .height = info->height};
    out->in_palette = m->decoder->format == &format_gif;
    m->background = info->background;
    part_from_profile(m);
    if (m->decoder->global == NULL)
        return ST_OK;
    m->global = out->in.palette = *m->decoder->global;
    return convert_palette(m, &m->global);
}

enum status movie_rewind(struct movie *m)
{
    decoder_close(m->decoder);
    m->decoder = NULL;
    metadata_clear(m->cx, &m->metadata); /* the same will come again */
    m->owed_cs = 0;
    m->rows_before = m->progress.done;
    m->passes--;
    enum status st = source_rewind(m->src);
    return st == ST_OK ? open_decoder(m) : st;
}

enum status movie_count(struct movie *m, uint64_t *frames)
{
    struct decoder *d;
    struct frame f;
    enum status st = source_rewind(m->src);
    if (st == ST_OK)
        st = decoder_open(m->cx, m->src, NULL, &d);
    if (st != ST_OK)
        return st;
    do
        st = decoder_frame(d, &f);
    while (st == ST_OK);
    *frames = d->frames;
    decoder_close(d);
    if (st == ST_DAMAGED && m->cx->lenient) {
        take_back(m->cx);
        st = ST_END;
    }
    m->passes++; /* this was none */
    return st == ST_END ? movie_rewind(m) : st;
}
