/* SPDX-License-Identifier: MIT */
/* A moving picture from file to file: frames as they are, in other ones, or made anew. */
#include "pipeline/movie/movie.h"
#include "pipeline/runs.h"

#define CODED_IN_MEMORY (64u * 1024)

/* Whether each frame of the input becomes a frame of the output. */
static bool keeps_frames(const struct movie *m)
{
    const struct job *job = m->job;
    return format_stays(m->decoder->format, job->format) && m->steps.exact && job->colors == 256 &&
           job->palette == NULL && job->range_count == 0 && !job->merge_duplicates &&
           job->max_change == 0;
}

/* Whether the frames may be others as long as they show the same. */
static bool optimizes(const struct job *job)
{
    return job->format == &format_gif && job->encode.optimize > 0 && !job->encode.interlace;
}

static enum status run_all(struct movie *m)
{
    if (!keeps_frames(m))
        return movie_run_pictures(m);
    if (format_moves_colors(m->job->format))
        return movie_run_colors(m);
    return optimizes(m->job) ? movie_run_optimized(m) : movie_run_frames(m);
}

enum status run_movie(struct context *cx, const struct job *job, struct source *src,
                      struct sink *sink, struct outcome *out)
{
    struct movie m;
    enum status st = movie_open(&m, cx, job, src, out);
    m.sink = sink;
    if (st == ST_OK)
        st = sink_open_growing(cx, CODED_IN_MEMORY, &m.coded);
    if (st == ST_OK)
        st = frame_steps_open(cx, job, out->in.width, out->in.height, &m.steps);
    if (st == ST_OK)
        st = movie_finish(&m, run_all(&m));
    movie_note_rest(&m);
    return movie_close(&m, st);
}
