/* SPDX-License-Identifier: MIT */
/* Frame by frame as they are seen: played onto a canvas, and written as what changes on it. */
#include "pipeline/movie/movie.h"

#include "animation/frame_rows.h"
#include "animation/keeps.h"
#include "animation/optimizer.h"
#include "animation/survey.h"
#include "base/mem.h"
#include "pipeline/costs.h"

/*
 * The palette of a long animation is found in its first frames; colors that only come later are in
 * palettes of their frames.
 */
#define SURVEY_PIXELS (2u * 1024 * 1024)

/* Two passes: one to find the palette that frames share, one to write. */
struct passes {
    struct movie *m;
    struct player *player;
    struct survey *survey;       /* first pass */
    struct keeps *keeps;         /* made in the first pass, for the second at -O1 */
    uint64_t surveyed;           /* pixels */
    uint64_t input;              /* bytes; SIZE_UNLIMITED: more pixels than were surveyed */
    bool copies;                 /* some of them have coded pixels that can be copied */
    bool odd;                    /* viewers do not agree on the picture: nothing may be changed */
    struct delta *delta;         /* its looks */
    struct optimizer *optimizer; /* second pass */
    int loop_next;               /* as it was told before the frame that waits to be written */
};

/* A frame that a crop has left nothing of still takes its time. */
static void make_nothing(const struct movie *m, struct frame *f)
{
    f->x = m->steps.width;
    f->y = m->steps.height;
    f->pic.width = f->pic.height = 1;
    f->disposal = DISPOSAL_KEEP;
}

/* Plays a frame, turned and cut as the steps say. *copy: its coded pixels. */
static enum status play(struct passes *p, struct frame *f, struct coded_pixels *copy)
{
    struct movie *m = p->m;
    struct rows *rows = NULL;
    bool empty = false;
    enum status st;
    *copy = (struct coded_pixels){m->src, m->decoder->coded_at, 0};
    if (m->steps.count == 0) {
        st = player_begin(p->player, f);
        if (st == ST_OK)
            st = movie_read(m, f, p->player);
        if (st == ST_OK)
            st = decoder_skip(m->decoder);
        if (st == ST_OK && (f->order != &interlace_none || !m->job->encode.interlace))
            copy->bytes = source_offset(m->src) - copy->at;
        return st;
    }
    st = frame_rows_open(m->decoder, f, NULL, &rows);
    if (st == ST_OK)
        st = frame_steps_apply(&m->steps, f, &empty, &rows);
    if (st == ST_OK && empty)
        make_nothing(m, f);
    if (st == ST_OK)
        st = player_begin(p->player, f);
    if (st == ST_OK)
        st = movie_play(p->player, rows);
    retire_one(m->out, rows);
    return st;
}

/*
 * What a first frame leaves free is transparent or of the background color, and one that reaches
 * over the canvas is cut or makes it larger, by whom one asks. A frame that is cleared leaves
 * nothing, or the background color if it has no transparent entry.
 */
static bool is_odd(const struct player *player)
{
    const struct frame *f = &player->frame;
    const struct rect r = player->drawn;
    bool whole = r.width == f->pic.width && r.height == f->pic.height;
    bool covers = r.width == player->target->width && r.height == player->target->height;
    bool opaque = palette_transparent(&f->pic.palette) < 0;
    if (opaque && f->disposal == DISPOSAL_BACKGROUND)
        return true;
    return player->frames == 1 && (!whole || (!covers && opaque));
}

/* Whether each frame is looked at, or only the first ones. */
static bool looks_at_all(const struct passes *p)
{
    return p->m->job->encode.optimize == 1 && keeps_pay(p->keeps);
}

static enum status survey_one(struct passes *p, struct coded_pixels copy)
{
    struct player *player = p->player;
    bool over = p->surveyed > SURVEY_PIXELS;
    if (over && !looks_at_all(p))
        return ST_END;
    p->odd |= is_odd(player);
    p->copies |= copy.bytes != 0;
    p->surveyed += (uint64_t)player->drawn.width * player->drawn.height;
    enum status st = keeps_frame(p->keeps, player, p->delta);
    if (st == ST_OK && !over)
        survey_frame(p->survey, p->delta);
    return st;
}

/*
 * A file may tell its loop more than once, and not all viewers heed the last: each stays in its
 * place. From -O2 on the frame that is written is the one before this.
 */
static enum status write_one(struct passes *p, struct coded_pixels copy)
{
    struct movie *m = p->m;
    int loop = m->loop;
    if (m->job->encode.optimize > 1)
        m->loop = p->loop_next;
    enum status st = optimizer_frame(p->optimizer, copy);
    p->loop_next = loop;
    return st;
}

static enum status each_frame(struct passes *p,
                              enum status (*take)(struct passes *p, struct coded_pixels copy))
{
    struct movie *m = p->m;
    struct frame f;
    struct coded_pixels copy;
    enum status st = ST_OK;
    while (st == ST_OK) {
        st = movie_frame(m, &f);
        if (st != ST_OK)
            break;
        movie_set_delay(m, &f);
        st = play(p, &f, &copy);
        if (st == ST_OK)
            st = take(p, copy);
    }
    return st == ST_END ? ST_OK : st;
}

/* First pass. Damage under --lenient comes again in the second. */
static enum status find_palette(struct passes *p, struct palette *shared)
{
    struct movie *m = p->m;
    const struct palette *given = m->global.count == 0 ? NULL : &m->global;
    enum status st = survey_open(m->cx, given, &p->survey);
    if (st != ST_OK)
        return st;
    m->passes = 1;
    p->delta = mem_zalloc(m->cx, sizeof *p->delta);
    st = p->delta == NULL ? m->cx->status : keeps_open(m->cx, &p->keeps);
    if (st == ST_OK)
        st = player_open(m->cx, m->steps.width, m->steps.height, &p->player);
    if (st == ST_OK)
        st = each_frame(p, survey_one);
    if (st == ST_DAMAGED && m->cx->lenient) {
        take_back(m->cx);
        st = ST_OK;
    }
    bool all = p->surveyed <= SURVEY_PIXELS;
    m->loop_known = all || looks_at_all(p);
    m->last_loop = m->decoder->loop;
    p->input = all ? source_offset(m->src) : SIZE_UNLIMITED;
    if (st == ST_OK)
        survey_palette(p->survey, p->copies, all, shared);
    if (p->keeps != NULL)
        keeps_end(p->keeps);
    player_close(p->player);
    p->player = NULL;
    survey_close(p->survey);
    if (p->delta != NULL)
        delta_close(p->delta);
    mem_free(m->cx, p->delta);
    return st == ST_OK ? movie_rewind(m) : st;
}

static enum status append_coded(void *user, const struct frame *f, struct sink *pixels)
{
    return movie_append_coded(((struct passes *)user)->m, f, pixels);
}

static enum status append_copy(void *user, const struct frame *f, struct coded_pixels pixels)
{
    return movie_append_copy(((struct passes *)user)->m, f, pixels.at, pixels.bytes);
}

/*
 * The background's color in the new palette: viewers that heed it are few, but there are some. To
 * them an index that the palette does not have is transparent, so it goes on to be none.
 */
static uint8_t background_in(const struct movie *m, const struct palette *shared)
{
    if (m->background >= m->global.count)
        return m->global.count != 0 && shared->count <= 128 ? 255 : 0;
    int nearest = palette_nearest(shared, m->global.entry[m->background]);
    return (uint8_t)(nearest < 0 ? 0 : nearest);
}

enum status movie_run_optimized(struct movie *m)
{
    struct passes p = {.m = m};
    struct palette shared;
    const struct frame_writer writer = {&p, append_coded, append_copy};
    enum status st = find_palette(&p, &shared);
    const struct frame_effort effort = {m->job->encode.optimize, m->job->encode.lossy, p.input};
    if (st == ST_OK && p.odd) {
        keeps_close(p.keeps);
        return movie_run_frames(m);
    }
    if (st == ST_OK) {
        m->background = background_in(m, &shared);
        st = movie_begin(m, m->steps.width, m->steps.height, &shared);
    }
    if (st == ST_OK)
        st = player_open(m->cx, m->steps.width, m->steps.height, &p.player);
    if (st == ST_OK)
        st = optimizer_open(m->cx, p.player, &shared, m->global.count == 0 ? NULL : &m->global,
                            &effort, looks_at_all(&p) ? p.keeps : NULL, &writer, &p.optimizer);
    if (st == ST_OK)
        st = each_frame(&p, write_one);
    if (p.optimizer != NULL)
        st = movie_forgive(m, st);
    if (p.optimizer != NULL && st == ST_OK) {
        m->loop = p.loop_next;
        st = optimizer_finish(p.optimizer);
    }
    optimizer_close(p.optimizer);
    player_close(p.player);
    keeps_close(p.keeps);
    return st;
}
