/* SPDX-License-Identifier: MIT */
/* Ways to write a frame held against each other: which pixels are transparent, which palette. */
#include "animation/frame_plans.h"

#include "animation/code_count.h"

/*
 * Trials see all rows of frames of so many pixels, and of larger ones bands of rows, high enough
 * for a row to meet those that are like it.
 */
#define TRIAL_PIXELS_FAST (3u * 1024)
#define TRIAL_PIXELS (6u * 1024)
#define TRIAL_SHARE_FAST 20u /* at least one row of so many */
#define TRIAL_SHARE 12u
#define BAND_ROWS 16u

enum status frame_plans_open(struct context *cx, unsigned effort, struct frame_plans *p)
{
    enum status st = ST_OK;
    p->effort = effort;
    for (int i = 0; i < CHOICES && st == ST_OK; i++)
        st = sink_open_spool(cx, 0, &p->trial[i].count);
    return st;
}

void frame_plans_close(struct frame_plans *p)
{
    for (int i = 0; i < CHOICES; i++) {
        lzw_encoder_close(p->trial[i].encoder);
        sink_close(p->trial[i].count);
    }
}

void frame_plans_forget(struct frame_plans *p)
{
    p->count = 0;
}

static void add_plan(struct frame_plans *p, struct frame_plan plan)
{
    unsigned at = p->count++;
    for (; at > 0 && p->plan[at - 1].bytes > plan.bytes; at--)
        p->plan[at] = p->plan[at - 1];
    p->plan[at] = plan;
}

static bool find_way(const struct frame_source *s, enum choice choice, bool local, struct way *out)
{
    return indexing_way(&s->indexing, choice, local, false, out);
}

/* Where seven of eight pixels change, to hide the others gains nothing that is worth a trial. */
static bool is_busy(const struct frame_source *s)
{
    const struct delta *d = &s->delta;
    uint64_t area = (uint64_t)d->r.width * d->r.height;
    struct way w;
    return d->changes >= area - area / 8 &&
           (find_way(s, CHOOSE_NEVER, false, &w) || find_way(s, CHOOSE_NEVER, true, &w));
}

/* Which choices can make a difference. */
static bool worth_a_trial(const struct frame_plans *p, const struct frame_source *s,
                          enum choice choice)
{
    const struct delta *d = &s->delta;
    switch (choice) {
    case CHOOSE_ALWAYS:
        return (d->kept || d->blank) && !p->busy;
    case CHOOSE_RUNS:
        return d->kept && !p->busy;
    default:
        return true;
    }
}

/* True where there is one plan only, *out, so that nothing need be tried. */
static bool sole_plan(const struct frame_plans *p, const struct frame_source *s,
                      struct frame_plan *out)
{
    unsigned found = 0;
    for (int i = 0; i < CHOICES; i++) {
        enum choice choice = (enum choice)i;
        struct way shared, local;
        if (!worth_a_trial(p, s, choice))
            continue;
        bool share = find_way(s, choice, false, &shared), own = find_way(s, choice, true, &local);
        if (share && own && local.size < shared.size)
            return false;
        found += share || own;
        if (share || own)
            *out = (struct frame_plan){.choice = choice, .local = !share};
    }
    return found == 1;
}

static enum status begin_trial(struct frame_plans *p, const struct frame_source *s,
                               enum choice choice)
{
    struct frame_trial *t = &p->trial[choice];
    t->on = worth_a_trial(p, s, choice) &&
            (find_way(s, choice, false, &t->way) || find_way(s, choice, true, &t->way));
    if (!t->on)
        return ST_OK;
    enum status st =
        frame_pixels_encoder(s->cx, &t->encoder, 0, t->way.size, s->delta.r.width, t->count);
    if (st == ST_OK)
        frame_pixels_begin(&t->pixels, &s->delta, &t->way, t->encoder);
    return st;
}

/* What a trial tells that came to so many bytes, with the shared palette and one of its own. */
static void make_plans_of(struct frame_plans *p, const struct frame_source *s,
                          const struct frame_trial *t, uint64_t bytes, bool all)
{
    const struct way *w = &t->way;
    struct way local;
    uint64_t codes = codes_in_bytes(bytes, w->size), extra = way_extra_bytes(w, s->controlled);
    unsigned size = indexing_size(t->pixels.top);
    bool can_local = w->local || find_way(s, w->choice, true, &local);
    if (!w->local) {
        uint64_t expected = all && size < w->size ? bytes_of_codes(codes, size) : bytes;
        add_plan(p, (struct frame_plan){w->choice, false, all ? size : 0, expected + extra});
    } else {
        local = *w;
    }
    if (can_local) {
        uint64_t expected = bytes_of_codes(codes, local.size);
        extra = way_extra_bytes(&local, s->controlled);
        add_plan(p, (struct frame_plan){w->choice, true, 0, expected + extra});
    }
}

/* Tries all choices side by side. *all: on all rows. */
static enum status try_choices(struct frame_plans *p, const struct frame_source *s, bool *all)
{
    const struct rect r = s->delta.r;
    const uint32_t pixels = p->effort > 1 ? TRIAL_PIXELS : TRIAL_PIXELS_FAST;
    uint64_t every = (uint64_t)r.width * r.height / pixels + 1;
    uint32_t rows = 0, share = p->effort > 1 ? TRIAL_SHARE : TRIAL_SHARE_FAST;
    if (every > share)
        every = share;
    enum status st = ST_OK;
    for (int i = 0; i < CHOICES && st == ST_OK; i++)
        st = begin_trial(p, s, (enum choice)i);
    for (uint32_t y = 0; y < r.height && st == ST_OK; y++) {
        if (y / BAND_ROWS % every != 0)
            continue;
        rows++;
        for (int i = 0; i < CHOICES && st == ST_OK; i++)
            if (p->trial[i].on)
                st = frame_pixels_row(&p->trial[i].pixels, &s->lines, r.y + y);
    }
    for (int i = 0; i < CHOICES && st == ST_OK; i++)
        if (p->trial[i].on) {
            st = frame_pixels_end(&p->trial[i].pixels);
            p->trial[i].bytes = sink_offset(p->trial[i].count) * r.height / rows;
        }
    *all = rows == r.height;
    return st;
}

enum status frame_plans_make(struct frame_plans *p, const struct frame_source *s, bool final)
{
    bool all;
    if (p->count != 0)
        return ST_OK;
    p->busy = is_busy(s);
    if (final && sole_plan(p, s, &p->plan[0])) {
        p->count = 1;
        return ST_OK;
    }
    enum status st = try_choices(p, s, &all);
    for (int i = 0; i < CHOICES && st == ST_OK; i++)
        if (p->trial[i].on)
            make_plans_of(p, s, &p->trial[i], p->trial[i].bytes, all);
    return st;
}
