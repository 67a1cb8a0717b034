/* SPDX-License-Identifier: MIT */
/* The frames that go, for the time and in the loop that the job wants. */
#include "pipeline/movie/movie.h"

#include "formats/delay.h"

#define COPY_BYTES 4096u /* of coded pixels, on their way through the stack */

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

int movie_loop(const struct movie *m)
{
    return m->job->has_loop ? m->job->loop : m->loop;
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
    return encoder_begin(m->cx, m->job->format, m->sink, canvas, m->background, movie_loop(m),
                         options, &m->metadata, &m->encoder);
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
    int loop = movie_loop(m);
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
