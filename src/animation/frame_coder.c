/* SPDX-License-Identifier: MIT */
/* Ways to write a frame: which pixels are transparent, which palette; tried and compared. */
#include "animation/frame_coder.h"

#include "animation/code_count.h"
#include "animation/frame_lossy.h"
#include "animation/frame_pixels.h"
#include "base/mem.h"
#include "base/size.h"
#include "formats/gif/lzw_recode.h"

#define CODED_IN_MEMORY (32u * 1024)
#define CONTROL_BYTES 8u /* of the block that a transparent entry needs */

/* Shortenings of a phrase that are tried when a frame's pixels are coded again. */
#define LOOK 4
#define LOOK_FAR 16

/*
 * At -O2 so many bytes of an animation are coded again in any case, and further ones as long as one
 * of AGAIN_PAYS has been saved: drawings lose 1 to 5 % by that, films often nothing.
 */
#define AGAIN_FIRST (48u * 1024)
#define AGAIN_PAYS 32
#define AGAIN_FLAT 128u /* pixels a byte from which on there is nothing to gain */

/* At -O3 so many bytes get LZW level 3, further ones level 2, in a twentieth of the time. */
#define SEARCH_FAR (32u * 1024)

/*
 * Trials see all rows of frames of so many pixels, and of larger ones bands of rows, high enough
 * for a row to meet those that are like it.
 */
#define TRIAL_PIXELS_FAST (3u * 1024)
#define TRIAL_PIXELS (6u * 1024)
#define TRIAL_SHARE 12u /* at least one row of so many */
#define BAND_ROWS 16u

/* A way, and what is expected of it. */
struct plan {
    enum choice choice;
    bool local;
    unsigned size;  /* code size that will do; 0: not known */
    uint64_t bytes; /* pixels, palette, control block */
};

struct trial {
    struct way way;
    struct frame_pixels pixels;
    struct lzw_encoder *encoder;
    struct sink *count; /* keeps nothing */
    bool on;
    uint64_t bytes; /* that it came to, for all rows */
};

struct frame_coder {
    struct context *cx;
    unsigned effort;
    struct trial trial[CHOICES];
    struct lzw_sets *sets;
    struct lzw_encoder *coder[4]; /* by level, made when first needed */
    struct lzw_recoder *recoder;
    struct sink *coded, *other, *again;
    struct frame_lossy lossy;
    uint64_t searched; /* bytes */
    uint64_t again_bytes,
        again_saved; /* bytes that were coded again, and how many fewer they are */
    struct frame_lines lines;
    struct indexing indexing;
    struct delta delta;
    struct plan plan[2 * CHOICES]; /* the cheapest first */
    unsigned plans;
    bool busy; /* nearly all pixels change */
};

static enum status open_trials(struct frame_coder *k)
{
    enum status st = ST_OK;
    for (int i = 0; i < CHOICES && st == ST_OK; i++)
        if (i != CHOOSE_SETS || k->effort > 1)
            st = sink_open_spool(k->cx, 0, &k->trial[i].count);
    return st;
}

enum status frame_coder_open(struct context *cx, uint32_t width, const struct palette *shared,
                             unsigned effort, unsigned lossy, struct frame_coder **out)
{
    struct frame_coder *k = mem_zalloc(cx, sizeof *k);
    if (k == NULL)
        return cx->status;
    k->cx = cx;
    k->effort = effort;
    k->lossy.strength = lossy;
    indexing_share(&k->indexing, shared);
    enum status st = frame_lines_open(cx, width, &k->lines);
    if (st == ST_OK)
        st = open_trials(k);
    if (st == ST_OK)
        st = sink_open_growing(cx, CODED_IN_MEMORY, &k->coded);
    if (st == ST_OK)
        st = sink_open_growing(cx, CODED_IN_MEMORY, &k->other);
    if (st == ST_OK && effort > 1)
        st = sink_open_growing(cx, CODED_IN_MEMORY, &k->again);
    if (st == ST_OK && effort > 1)
        st = lzw_sets_open(cx, &k->sets);
    if (st == ST_OK && effort > 1)
        st = lzw_recoder_open(cx, &k->recoder);
    if (st != ST_OK) {
        frame_coder_close(k);
        return st;
    }
    *out = k;
    return ST_OK;
}

void frame_coder_close(struct frame_coder *k)
{
    if (k == NULL)
        return;
    for (int i = 0; i < CHOICES; i++) {
        lzw_encoder_close(k->trial[i].encoder);
        sink_close(k->trial[i].count);
    }
    for (int i = 0; i < 4; i++)
        lzw_encoder_close(k->coder[i]);
    frame_lossy_close(k->cx, &k->lossy);
    lzw_sets_close(k->sets);
    sink_close(k->coded);
    sink_close(k->other);
    sink_close(k->again);
    lzw_recoder_close(k->recoder);
    frame_lines_close(k->cx, &k->lines);
    delta_close(&k->delta);
    mem_free(k->cx, k);
}

enum status frame_coder_look(struct frame_coder *k, const struct canvas *base,
                             const struct canvas *target, struct rect r)
{
    enum status st = delta_look(&k->delta, base, target, r);
    k->plans = 0;
    if (st == ST_OK)
        indexing_look(&k->indexing, &k->delta);
    return st;
}

static enum status start(struct frame_coder *k, struct lzw_encoder **z, unsigned level,
                         unsigned size, struct sink *to)
{
    sink_reset(to);
    if (*z == NULL)
        return lzw_encoder_open(k->cx, to, size, k->delta.r.width, level, z);
    return lzw_encoder_restart(*z, to, size, k->delta.r.width);
}

/* Codes the pixels as the way says, with an encoder that is started. *top: the largest index. */
static enum status encode_rows(struct frame_coder *k, const struct way *w, struct lzw_encoder *z,
                               struct sink *to, unsigned *top)
{
    const struct rect r = k->delta.r;
    struct frame_pixels pixels;
    enum status st = ST_OK;
    frame_pixels_begin(&pixels, w, z, k->sets);
    for (uint32_t y = r.y; y < r.y + r.height && st == ST_OK; y++) {
        delta_row(&k->delta, y, k->lines.place, k->lines.same);
        st = frame_pixels_row(&pixels, &k->lines, r.width);
    }
    if (st == ST_OK)
        st = frame_pixels_end(&pixels);
    *top = pixels.top;
    return st == ST_OK ? sink_flush(to) : st;
}

static enum status encode(struct frame_coder *k, const struct way *w, unsigned level, unsigned size,
                          struct sink *to, unsigned *top)
{
    enum status st = start(k, &k->coder[level], level, size, to);
    return st == ST_OK ? encode_rows(k, w, k->coder[level], to, top) : st;
}

static void add_plan(struct frame_coder *k, struct plan p)
{
    unsigned at = k->plans++;
    for (; at > 0 && k->plan[at - 1].bytes > p.bytes; at--)
        k->plan[at] = k->plan[at - 1];
    k->plan[at] = p;
}

static bool find_way(const struct frame_coder *k, enum choice choice, bool local, struct way *out)
{
    return indexing_way(&k->indexing, choice, local, false, out);
}

/* Where seven of eight pixels change, to hide the others gains nothing that is worth a trial. */
static bool is_busy(const struct frame_coder *k)
{
    const struct delta *d = &k->delta;
    uint64_t area = (uint64_t)d->r.width * d->r.height;
    struct way w;
    return d->changes >= area - area / 8 &&
           (find_way(k, CHOOSE_NEVER, false, &w) || find_way(k, CHOOSE_NEVER, true, &w));
}

/* Which choices can make a difference. */
static bool worth_a_trial(const struct frame_coder *k, enum choice choice)
{
    const struct delta *d = &k->delta;
    switch (choice) {
    case CHOOSE_ALWAYS:
        return (d->kept || d->blank) && !k->busy;
    case CHOOSE_RUNS:
        return d->kept && !k->busy;
    default:
        return true;
    }
}

/* True where there is one plan only, *out, so that nothing need be tried. */
static bool sole_plan(const struct frame_coder *k, struct plan *out)
{
    unsigned found = 0;
    for (int i = CHOOSE_NEVER; i <= CHOOSE_RUNS; i++) {
        enum choice choice = (enum choice)i;
        struct way shared, local;
        if (!worth_a_trial(k, choice))
            continue;
        bool share = find_way(k, choice, false, &shared), own = find_way(k, choice, true, &local);
        if (share && own && local.size < shared.size)
            return false;
        found += share || own;
        if (share || own)
            *out = (struct plan){.choice = choice, .local = !share};
    }
    return found == 1;
}

static enum status begin_trial(struct frame_coder *k, enum choice choice)
{
    struct trial *t = &k->trial[choice];
    t->on = worth_a_trial(k, choice) &&
            (find_way(k, choice, false, &t->way) || find_way(k, choice, true, &t->way));
    if (!t->on)
        return ST_OK;
    enum status st = start(k, &t->encoder, 0, t->way.size, t->count);
    if (st == ST_OK)
        frame_pixels_begin(&t->pixels, &t->way, t->encoder, k->sets);
    return st;
}

/* What a trial tells that came to so many bytes, with the shared palette and one of its own. */
static void make_plans_of(struct frame_coder *k, const struct trial *t, uint64_t bytes, bool all)
{
    const struct way *w = &t->way;
    struct way local;
    uint64_t codes = codes_in_bytes(bytes, w->size),
             control = w->transparent >= 0 ? CONTROL_BYTES : 0;
    unsigned size = indexing_size(t->pixels.top);
    bool can_local = w->local || find_way(k, w->choice, true, &local);
    if (!w->local) {
        uint64_t expected = all && size < w->size ? bytes_of_codes(codes, size) : bytes;
        add_plan(k, (struct plan){w->choice, false, all ? size : 0, expected + control});
    } else {
        local = *w;
    }
    if (can_local) {
        uint64_t expected = bytes_of_codes(codes, local.size) + way_palette_bytes(&local);
        add_plan(k, (struct plan){w->choice, true, 0, expected + control});
    }
}

/* Tries choices from first to last side by side, on about so many pixels. *all: on all rows. */
static enum status try_choices(struct frame_coder *k, int first, int last, uint32_t pixels,
                               bool *all)
{
    const struct rect r = k->delta.r;
    uint64_t every = (uint64_t)r.width * r.height / pixels + 1;
    uint32_t rows = 0;
    if (every > TRIAL_SHARE)
        every = TRIAL_SHARE;
    enum status st = ST_OK;
    for (int i = first; i <= last && st == ST_OK; i++)
        st = begin_trial(k, (enum choice)i);
    for (uint32_t y = 0; y < r.height && st == ST_OK; y++) {
        if (y / BAND_ROWS % every != 0)
            continue;
        rows++;
        delta_row(&k->delta, r.y + y, k->lines.place, k->lines.same);
        for (int i = first; i <= last && st == ST_OK; i++)
            if (k->trial[i].on)
                st = frame_pixels_row(&k->trial[i].pixels, &k->lines, r.width);
    }
    for (int i = first; i <= last && st == ST_OK; i++)
        if (k->trial[i].on) {
            st = frame_pixels_end(&k->trial[i].pixels);
            k->trial[i].bytes = sink_offset(k->trial[i].count) * r.height / rows;
        }
    *all = rows == r.height;
    return st;
}

/* Sets take long, so they are held against runs on a few pixels. */
static enum status try_sets(struct frame_coder *k)
{
    const struct trial *runs = &k->trial[CHOOSE_RUNS], *sets = &k->trial[CHOOSE_SETS];
    uint64_t expected = runs->bytes;
    bool all;
    enum status st = try_choices(k, CHOOSE_RUNS, CHOOSE_SETS, TRIAL_PIXELS_FAST, &all);
    if (st == ST_OK && sets->on && sets->bytes < runs->bytes - runs->bytes / 64)
        make_plans_of(k, &k->trial[CHOOSE_SETS], expected * sets->bytes / runs->bytes, all);
    return st;
}

/* final: no estimate, but what is coded then */
static enum status make_plans(struct frame_coder *k, bool final)
{
    uint64_t least = UINT64_MAX;
    bool all;
    if (k->plans != 0)
        return ST_OK;
    k->busy = is_busy(k);
    if (final && sole_plan(k, &k->plan[0])) {
        k->plans = 1;
        return ST_OK;
    }
    enum status st = try_choices(k, CHOOSE_NEVER, CHOOSE_RUNS,
                                 k->effort > 1 ? TRIAL_PIXELS : TRIAL_PIXELS_FAST, &all);
    for (int i = CHOOSE_NEVER; i <= CHOOSE_RUNS && st == ST_OK; i++)
        if (k->trial[i].on) {
            make_plans_of(k, &k->trial[i], k->trial[i].bytes, all);
            least = k->trial[i].bytes < least ? k->trial[i].bytes : least;
        }
    /* what runs are of no use for, sets are not either */
    const struct trial *runs = &k->trial[CHOOSE_RUNS];
    if (st == ST_OK && final && k->effort > 1 && runs->on && runs->bytes <= least + least / 128)
        st = try_sets(k);
    return st;
}

enum status frame_coder_estimate(struct frame_coder *k, uint64_t *bytes)
{
    enum status st = make_plans(k, false);
    *bytes = k->plans == 0 ? SIZE_UNLIMITED : k->plan[0].bytes;
    return st;
}

/* As encode, with the code size that the indices turn out to need. */
static enum status encode_full(struct frame_coder *k, const struct plan *p, bool flag,
                               unsigned level, struct way *w, struct sink *to)
{
    indexing_way(&k->indexing, p->choice, p->local, flag, w);
    unsigned top, size = p->size != 0 && !flag ? p->size : w->size;
    enum status st = encode(k, w, level, size, to, &top);
    if (st == ST_OK && indexing_size(top) != size)
        st = encode(k, w, level, indexing_size(top), to, &top);
    return st;
}

static void fill_in(const struct delta *d, const struct way *w, struct frame *f)
{
    f->pic = (struct picture){d->r.width, d->r.height, LAYOUT_INDEX8, w->palette};
    f->palette_size = 0;
    f->x = d->r.x;
    f->y = d->r.y;
    f->order = &interlace_none;
    f->local = w->local;
    f->replaces = false;
}

/* What is in *pixels is kept where it came to less than the best so far, whose place it gets. */
static bool keep_less(struct frame_coder *k, const struct way *w, struct sink **pixels,
                      uint64_t *least, struct frame *f)
{
    uint64_t bytes = sink_offset(*pixels) + (w->local ? way_palette_bytes(w) : 0);
    if (bytes >= *least)
        return false;
    struct sink *less = *pixels;
    *pixels = k->coded;
    k->coded = less;
    *least = bytes;
    fill_in(&k->delta, w, f);
    return true;
}

/* Whether to code pixels again that took so many bytes: at first always, later while it pays. */
static bool goes_again(const struct frame_coder *k, uint64_t bytes)
{
    const struct rect r = k->delta.r;
    if (k->effort < 2 || (uint64_t)r.width * r.height > bytes * AGAIN_FLAT)
        return false;
    return k->effort > 2 || k->again_bytes + bytes <= AGAIN_FIRST ||
           k->again_saved * AGAIN_PAYS >= k->again_bytes;
}

/* What is in *pixels, coded again in fewer phrases. */
static enum status code_again(struct frame_coder *k, struct sink *pixels)
{
    uint64_t before = sink_offset(pixels);
    sink_reset(k->again);
    enum status st = lzw_recode(k->recoder, pixels, k->effort > 2 ? LOOK_FAR : LOOK, k->again);
    uint64_t after = sink_offset(k->again);
    k->again_bytes += before;
    k->again_saved += after < before ? before - after : 0;
    return st;
}

/* Codes a plan. True in *best: there was no better one. */
static enum status code_plan(struct frame_coder *k, const struct plan *p, bool flag, unsigned level,
                             uint64_t *least, struct frame *f, bool *best)
{
    struct way w;
    enum status st = encode_full(k, p, flag, level, &w, k->other);
    bool again = st == ST_OK && goes_again(k, sink_offset(k->other));
    if (again)
        st = code_again(k, k->other);
    if (st != ST_OK)
        return st;
    *best = keep_less(k, &w, &k->other, least, f);
    if (again)
        *best |= keep_less(k, &w, &k->again, least, f);
    return ST_OK;
}

/*
 * Codes a plan with changes to its pixels. They do not add up from frame to frame: what a later one
 * leaves as it is on the canvas is as far from what was meant as this one has made it.
 */
static enum status code_lossy(struct frame_coder *k, const struct plan *p, bool flag,
                              uint64_t *least, struct frame *f)
{
    struct frame_lossy *l = &k->lossy;
    struct way w;
    unsigned top;
    indexing_way(&k->indexing, p->choice, p->local, flag, &w);
    uint32_t colors = w.local ? w.palette.count : k->indexing.shared.count;
    sink_reset(k->other);
    enum status st = frame_lossy_start(k->cx, l, &w, colors, k->other);
    if (st == ST_OK)
        st = encode_rows(k, &w, l->encoder, k->other, &top);
    if (st == ST_OK)
        keep_less(k, &w, &k->other, least, f);
    return st;
}

enum status frame_coder_code(struct frame_coder *k, bool flag, struct frame *f, struct sink **coded,
                             uint64_t *bytes)
{
    const struct plan *best = &k->plan[0];
    bool better = false;
    enum status st = make_plans(k, true);
    *bytes = SIZE_UNLIMITED;
    for (unsigned i = 0; i < k->plans && st == ST_OK; i++) {
        if (i > 0 &&
            (k->effort == 1 || k->plan[i].bytes > k->plan[0].bytes + k->plan[0].bytes / 256))
            break;
        st = code_plan(k, &k->plan[i], flag, 1, bytes, f, &better);
        if (better)
            best = &k->plan[i];
    }
    if (st == ST_OK && k->effort > 2 && k->plans > 0) { /* only for the best, as it takes long */
        unsigned level = k->searched + *bytes <= SEARCH_FAR ? 3 : 2;
        k->searched += *bytes;
        if (level == 2) { /* from now on: two would be 8 MiB */
            lzw_encoder_close(k->coder[3]);
            k->coder[3] = NULL;
        }
        st = code_plan(k, best, flag, level, bytes, f, &better);
    }
    if (st == ST_OK && k->lossy.strength > 0 && k->plans > 0)
        st = code_lossy(k, best, flag, bytes, f);
    *coded = k->coded;
    return st;
}
