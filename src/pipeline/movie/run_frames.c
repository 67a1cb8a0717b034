/* SPDX-License-Identifier: MIT */
/* Frame by frame, each as it is or with its own pixels turned, mirrored, cut or only coded anew. */
#include "pipeline/movie/movie.h"

#include "pipeline/costs.h"

/*
 * GIF has no frame of no pixels, and a frame that has none left still takes its time: a
 * transparent pixel stands for it. Nothing of it is to be disposed of.
 */
static enum status append_nothing(struct movie *m, const struct frame *in)
{
    struct frame f = {.pic = {1, 1, LAYOUT_INDEX8, {0}}, .delay_cs = in->delay_cs};
    if (in->disposal != DISPOSAL_NONE)
        f.disposal = DISPOSAL_KEEP;
    f.local = m->global.count == 0;
    f.pic.palette.count = f.local ? 2 : m->global.count;
    if (!f.local)
        f.pic.palette = m->global;
    f.pic.palette.entry[0].a = 0;
    sink_reset(m->coded);
    enum status st = encoder_code(m->encoder, &f, m->coded);
    f.order = m->encoder->order;
    if (st == ST_OK)
        st = encoder_write(m->encoder, (const uint8_t[]){0});
    if (st == ST_OK)
        st = encoder_coded(m->encoder);
    if (st == ST_OK)
        st = sink_flush(m->coded);
    return st == ST_OK ? movie_append_coded(m, &f, m->coded) : st;
}

/* Whether the frame may be written with the coded bytes that it has. */
static bool may_copy(const struct movie *m, const struct frame *f)
{
    return m->decoder->format == m->job->format && m->steps.count == 0 &&
           (f->order != &interlace_none || !m->job->encode.interlace);
}

/*
 * The frame as it will be written: f is what comes in and what goes out, its pixels stand in
 * m->coded. This is the place for everything that makes a frame smaller than its own pixels, in
 * their own rectangle and palette, are.
 */
static enum status make_frame(struct movie *m, struct frame *f, bool *empty)
{
    struct rows *rows = NULL;
    enum status st = movie_rows(m, f, &rows);
    if (st == ST_OK)
        st = frame_steps_apply(&m->steps, f, empty, &rows);
    if (st == ST_OK)
        st = *empty ? rows_drain(rows) : movie_code(m, f, rows);
    retire_one(m->out, rows);
    return st;
}

static enum status run_frame(struct movie *m, const struct frame *in)
{
    struct frame f = *in;
    uint64_t at = m->decoder->coded_at, bytes = SIZE_UNLIMITED;
    bool copy = may_copy(m, in), make = !copy || m->job->encode.optimize > 0, empty = false;
    enum status st = make ? make_frame(m, &f, &empty) : movie_read(m, in, NULL);
    if (st == ST_OK && copy) {
        st = decoder_skip(m->decoder);
        bytes = source_offset(m->src) - at;
    }
    if (st != ST_OK)
        return st;
    if (copy && (!make || bytes <= sink_offset(m->coded)))
        return movie_append_copy(m, in, at, bytes);
    return empty ? append_nothing(m, in) : movie_append_coded(m, &f, m->coded);
}

enum status movie_run_frames(struct movie *m)
{
    struct frame f;
    enum status st = movie_begin(m, m->steps.width, m->steps.height, &m->global);
    while (st == ST_OK) {
        st = movie_frame(m, &f);
        if (st != ST_OK)
            break;
        movie_set_delay(m, &f);
        st = run_frame(m, &f);
    }
    return st == ST_END ? ST_OK : st;
}
