/* SPDX-License-Identifier: MIT */
/* A run's beginning and end: what is opened and closed, damage that is forgiven, what is told. */
#include "pipeline/movie/movie.h"

#include <string.h>

#include "base/clock.h"
#include "pipeline/costs.h"

void movie_note_rest(struct movie *m)
{
    if (!m->cx->timed)
        return;
    uint64_t all = cpu_time_ns() - m->start_ns, noted = noted_costs(m->out);
    add_cost(m->out, "encode", all > noted ? all - noted : 0);
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
    return movie_open_input(m);
}

enum status movie_forgive(struct movie *m, enum status st)
{
    if (st != ST_DAMAGED || !m->cx->lenient)
        return st;
    if (!m->out->damaged)
        memcpy(m->damage, m->cx->text, sizeof m->damage);
    m->out->damaged = true;
    take_back(m->cx);
    return ST_OK;
}

enum status movie_finish(struct movie *m, enum status st)
{
    st = movie_forgive(m, st);
    if (st == ST_OK && m->out->damaged && m->out->frames == 0) {
        m->out->damaged = false; /* no frame came whole */
        st = fail(m->cx, ST_DAMAGED, "%s", m->damage);
    }
    if (st == ST_OK)
        st = m->cx->status; /* of canvases, see plane.h */
    if (st != ST_OK)
        return st;
    if (m->decoder != NULL) /* as the whole file tells it */
        m->loop = m->decoder->loop;
    m->encoder->loop = movie_loop(m);
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
    if (out->frames != 0)
        st = movie_forgive(m, st);
    if (st == ST_OK && out->warning != NULL)
        note(m->cx, NOTE_WARNING, "%s", out->warning);
    if (st == ST_OK && out->damaged)
        st = fail(m->cx, ST_DAMAGED, "%s; the frames before it are written: %llu", m->damage,
                  (unsigned long long)out->frames);
    return st;
}
