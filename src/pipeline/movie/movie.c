/* SPDX-License-Identifier: MIT */
/* A moving picture from file to file: what the kinds of a run share. */
#include "pipeline/movie/movie.h"

#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "formats/delay.h"
#include "pipeline/costs.h"

#define COPY_BYTES 4096u

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

/* Browsers take delays of 0 and 1 for 10, so that a frame does not get there by being faster. */
struct delay movie_delay(struct movie *m, struct delay in)
{
    const struct job *job = m->job;
    double delay = job->has_delay ? job->delay_cs : in.exact;
    double exact = job->speed == 0 ? delay : delay / job->speed;
    if (exact < 2 && delay >= 2)
        exact = 2;
    return (struct delay){delay_round(exact, &m->owed_cs), exact};
}

void movie_set_delay(struct movie *m, struct frame *f)
{
    struct delay delay = movie_delay(m, delay_of(f));
    f->delay_cs = delay.cs;
    f->exact_cs = delay.exact;
}

static int loop_of(const struct movie *m)
{
    if (m->job->has_loop)
        return m->job->loop;
    return m->decoder != NULL ? m->decoder->loop : LOOP_FOREVER;
}

enum status movie_frame(struct movie *m, struct frame *out)
{
    struct progress *p = &m->progress;
    enum status st;
    do
        st = decoder_frame(m->decoder, out);
    while (st == ST_OK && out->hidden && !m->hidden_too);
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

static enum status play_rows(struct movie *m, const struct frame *f, struct player *player)
{
    struct rows *rows = NULL;
    uint8_t *row = mem_rows(m->cx, 1, picture_stride(&f->pic));
    enum status st = row == NULL ? m->cx->status : movie_rows(m, f, &rows);
    for (uint32_t y = 0; st == ST_OK && y < f->pic.height; y++) {
        st = rows_next(rows, row);
        if (st == ST_OK)
            st = player_row(player, &interlace_none.pass[0], y, row);
    }
    rows_close(rows);
    mem_free(m->cx, row);
    return st;
}

enum status movie_read(struct movie *m, const struct frame *f, struct player *player)
{
    uint64_t start = m->cx->timed ? cpu_time_ns() : 0;
    enum status st = player != NULL && converts_rows(m, f) ? play_rows(m, f, player)
                                                           : frame_read(m->decoder, f, player);
    if (m->cx->timed)
        add_cost(m->out, "decode", cpu_time_ns() - start);
    return st;
}

void movie_note_rest(struct movie *m)
{
    if (!m->cx->timed)
        return;
    uint64_t all = cpu_time_ns() - m->start_ns, noted = noted_costs(m->out);
    add_cost(m->out, "encode", all > noted ? all - noted : 0);
}

enum status movie_begin(struct movie *m, uint32_t width, uint32_t height,
                        const struct palette *global)
{
    struct picture canvas = {.width = width, .height = height, .layout = LAYOUT_INDEX8};
    if (global != NULL)
        canvas.palette = *global;
    return movie_begin_as(m, &canvas, &m->job->encode);
}

enum status movie_begin_as(struct movie *m, const struct picture *canvas,
                           const struct encode_options *options)
{
    m->out->out = *canvas;
    uint8_t background = m->decoder != NULL ? m->decoder->info.background : 0;
    return encoder_begin(m->cx, m->job->format, m->sink, canvas, background, loop_of(m), options,
                         &m->metadata, &m->encoder);
}

enum status movie_code(struct movie *m, struct frame *f, struct rows *rows)
{
    sink_reset(m->coded);
    enum status st = encoder_code(m->encoder, f, m->coded);
    f->order = m->encoder->order;
    if (st == ST_OK)
        st = write_pixels(m->encoder, NULL, rows);
    if (st == ST_OK)
        st = encoder_coded(m->encoder);
    return st == ST_OK ? sink_flush(m->coded) : st;
}

/*
 * A file may tell its loop more than once. Browsers, having read it all, heed the last one; others
 * the first, or what comes before the first frame. These stay in their places; those between go.
 */
static void tell_loop(struct movie *m)
{
    int loop = loop_of(m);
    if (!m->loop_known || m->encoder->loop == LOOP_ABSENT || loop == m->last_loop)
        m->encoder->loop = loop;
}

/* One of both: coded bytes, or src's from at on. */
static enum status append(struct movie *m, const struct frame *f, struct sink *coded, uint64_t at,
                          uint64_t bytes)
{
    uint8_t piece[COPY_BYTES];
    tell_loop(m);
    enum status st = encoder_append(m->encoder, f);
    for (uint64_t done = 0; st == ST_OK && done < bytes;) {
        size_t n = bytes - done < sizeof piece ? (size_t)(bytes - done) : sizeof piece, got = n;
        st = coded != NULL ? sink_read(coded, at + done, piece, n)
                           : source_pread(m->src, at + done, piece, n, &got);
        if (st == ST_OK && got < n)
            st = fail(m->cx, ST_IO, "the file has become shorter (byte %llu)",
                      (unsigned long long)(at + done + got));
        if (st == ST_OK)
            st = encoder_put(m->encoder, piece, n);
        done += n;
    }
    m->out->frames += st == ST_OK && !f->hidden;
    return st;
}

enum status movie_append_coded(struct movie *m, const struct frame *f, struct sink *coded)
{
    return append(m, f, coded, 0, sink_offset(coded));
}

enum status movie_append_copy(struct movie *m, const struct frame *f, uint64_t at, uint64_t bytes)
{
    enum status st = append(m, f, NULL, at, bytes);
    m->out->frames_copied += st == ST_OK;
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

static enum status open_decoder(struct movie *m)
{
    struct outcome *out = m->out;
    memcpy(m->metadata.skip, m->job->strip, sizeof m->metadata.skip);
    m->metadata.skip[METADATA_ICC] = m->metadata.skip[METADATA_COLOR] = false;
    enum status st = decoder_open(m->cx, m->src, &m->metadata, &m->decoder);
    if (st != ST_OK)
        return st;
    const struct image_info *info = &m->decoder->info;
    out->in_format = m->decoder->format->name;
    out->in = (struct picture){.width = info->width, .height = info->height};
    out->in_palette = m->decoder->format == &format_gif;
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
    return st == ST_OK ? decoder_open(m->cx, m->src, &m->metadata, &m->decoder) : st;
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

enum status movie_open(struct movie *m, struct context *cx, const struct job *job,
                       struct source *src, struct outcome *out)
{
    memset(m, 0, sizeof *m);
    memset(out, 0, sizeof *out);
    m->cx = m->progress.cx = cx;
    m->job = job;
    m->src = src;
    m->out = out;
    m->start_ns = cx->timed ? cpu_time_ns() : 0;
    return open_decoder(m);
}

/* Under --lenient the frames that came whole are the picture. */
static enum status forgive(struct movie *m, enum status st)
{
    if (st != ST_DAMAGED || !m->cx->lenient || m->out->frames == 0)
        return st;
    memcpy(m->damage, m->cx->text, sizeof m->damage);
    m->out->damaged = true;
    take_back(m->cx);
    return ST_OK;
}

enum status movie_finish(struct movie *m, enum status st)
{
    st = forgive(m, st);
    if (st == ST_OK)
        st = m->cx->status; /* of canvases, see plane.h */
    if (st != ST_OK)
        return st;
    m->encoder->loop = loop_of(m);
    st = encoder_finish(m->encoder);
    if (st == ST_OK)
        m->out->out_bytes = sink_offset(m->sink);
    return st;
}

enum status movie_close(struct movie *m, enum status st)
{
    struct outcome *out = m->out;
    encoder_close(m->encoder);
    decoder_close(m->decoder);
    sink_close(m->coded);
    frame_steps_close(m->cx, &m->steps);
    icc_close(m->icc);
    metadata_clear(m->cx, &m->meaning);
    metadata_clear(m->cx, &m->metadata);
    st = forgive(m, st);
    if (st == ST_OK && out->warning != NULL)
        note(m->cx, NOTE_WARNING, "%s", out->warning);
    if (st == ST_OK && out->damaged)
        st = fail(m->cx, ST_DAMAGED, "%s; the frames before it are written: %llu", m->damage,
                  (unsigned long long)out->frames);
    return st;
}
