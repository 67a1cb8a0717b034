/* SPDX-License-Identifier: MIT */
/* The best plans for a frame coded in full; what comes to least is kept. */
#include "animation/frame_coder.h"

#include "animation/frame_again.h"
#include "animation/frame_lossy.h"
#include "animation/frame_plans.h"
#include "base/mem.h"
#include "base/size.h"
#include "formats/gif/lzw_remap.h"

#define CODED_IN_MEMORY (32u * 1024)

/*
 * At -O2 files of so many bytes are searched for clears, in frames of so many pixels: some lose 1
 * to 3 % by that. It takes half as long as all the rest, and smaller frames have hardly a place for
 * one.
 */
#define SEARCHED_INPUT (48u * 1024)
#define SEARCHED_PIXELS 4096u

/* At -O3 so many bytes get LZW level 3, further ones level 2, in a twentieth of the time. */
#define SEARCH_FAR (32u * 1024)

/* How pixels are coded: a place among the coders, that of a level is the level. */
enum { SEARCHED, LEVEL_1, LEVEL_2, LEVEL_3, CODERS };

struct frame_coder {
    unsigned effort;
    struct frame_source source;
    struct frame_plans plans;
    struct lzw_encoder *coder[CODERS]; /* made when first needed */
    struct frame_again again;
    struct sink *coded, *other, *third;
    struct frame_lossy lossy;
    struct lzw_remap remap;
    bool searches;
    uint64_t searched_far; /* bytes, at -O3 */
};

enum status frame_coder_open(struct context *cx, uint32_t width, const struct palette *shared,
                             const struct frame_effort *effort, struct frame_coder **out)
{
    struct frame_coder *k = mem_zalloc(cx, sizeof *k);
    if (k == NULL)
        return cx->status;
    k->source.cx = cx;
    k->effort = effort->level;
    k->lossy.strength = effort->lossy;
    k->searches = effort->level == 2 && effort->input <= SEARCHED_INPUT;
    indexing_share(&k->source.indexing, shared);
    enum status st = frame_lines_open(cx, width, &k->source.lines);
    if (st == ST_OK)
        st = frame_plans_open(cx, k->effort, &k->plans);
    if (st == ST_OK)
        st = sink_open_growing(cx, CODED_IN_MEMORY, &k->coded);
    if (st == ST_OK)
        st = sink_open_growing(cx, CODED_IN_MEMORY, &k->other);
    if (st == ST_OK && k->effort > 1)
        st = sink_open_growing(cx, CODED_IN_MEMORY, &k->third);
    if (st == ST_OK)
        st = frame_again_open(cx, k->effort, &k->again);
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
    frame_plans_close(&k->plans);
    for (int i = 0; i < CODERS; i++)
        lzw_encoder_close(k->coder[i]);
    frame_lossy_close(k->source.cx, &k->lossy);
    sink_close(k->coded);
    sink_close(k->other);
    sink_close(k->third);
    frame_again_close(&k->again);
    frame_lines_close(k->source.cx, &k->source.lines);
    delta_close(&k->source.delta);
    mem_free(k->source.cx, k);
}

enum status frame_coder_look(struct frame_coder *k, const struct canvas *base,
                             const struct canvas *target, struct rect r, bool controlled)
{
    k->source.controlled = controlled;
    enum status st = delta_look(&k->source.delta, base, target, r);
    frame_plans_forget(&k->plans);
    if (st == ST_OK)
        indexing_look(&k->source.indexing, &k->source.delta);
    return st;
}

/* Codes the pixels as the way says, with an encoder that is started. *top: the largest index. */
static enum status encode_rows(struct frame_coder *k, const struct way *w, struct lzw_encoder *z,
                               struct sink *to, unsigned *top)
{
    const struct rect r = k->source.delta.r;
    struct frame_pixels pixels;
    enum status st = ST_OK;
    frame_pixels_begin(&pixels, &k->source.delta, w, z);
    for (uint32_t y = r.y; y < r.y + r.height && st == ST_OK; y++)
        st = frame_pixels_row(&pixels, &k->source.lines, y);
    if (st == ST_OK)
        st = frame_pixels_end(&pixels);
    *top = pixels.top;
    return st == ST_OK ? sink_flush(to) : st;
}

static enum status start(struct frame_coder *k, unsigned coder, unsigned size, struct sink *to)
{
    struct lzw_encoder **z = &k->coder[coder];
    uint32_t width = k->source.delta.r.width;
    if (coder != SEARCHED || *z != NULL)
        return frame_pixels_encoder(k->source.cx, z, coder, size, width, to);
    sink_reset(to);
    return lzw_encoder_open_searched(k->source.cx, to, size, width, z);
}

static enum status encode(struct frame_coder *k, const struct way *w, unsigned coder, unsigned size,
                          struct sink *to, unsigned *top)
{
    enum status st = start(k, coder, size, to);
    return st == ST_OK ? encode_rows(k, w, k->coder[coder], to, top) : st;
}

enum status frame_coder_estimate(struct frame_coder *k, uint64_t *bytes)
{
    enum status st = frame_plans_make(&k->plans, &k->source, false);
    *bytes = k->plans.count == 0 ? SIZE_UNLIMITED : k->plans.plan[0].bytes;
    return st;
}

/*
 * The way of a plan. Where a transparent entry is wanted and the shared palette is full, the frame
 * has one of its own.
 */
static void find_way(const struct frame_coder *k, const struct frame_plan *p, bool flag,
                     struct way *w)
{
    const struct indexing *s = &k->source.indexing;
    struct way own;
    indexing_way(s, p->choice, p->local, flag, w);
    if (flag && w->transparent < 0 && indexing_way(s, p->choice, true, flag, &own) &&
        own.transparent >= 0)
        *w = own;
}

/* As encode, with the code size that the indices turn out to need. */
static enum status encode_full(struct frame_coder *k, const struct frame_plan *p, bool flag,
                               unsigned coder, struct way *w, struct sink *to)
{
    find_way(k, p, flag, w);
    unsigned top, size = p->size != 0 && !flag ? p->size : w->size;
    enum status st = encode(k, w, coder, size, to, &top);
    if (st == ST_OK && indexing_size(top) != size)
        st = encode(k, w, coder, indexing_size(top), to, &top);
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
                      uint64_t *least)
{
    uint64_t bytes = sink_offset(*pixels) + way_extra_bytes(w, k->source.controlled);
    if (bytes >= *least)
        return false;
    struct sink *less = *pixels;
    *pixels = k->coded;
    k->coded = less;
    *least = bytes;
    return true;
}

/* Codes a plan. True in *best: there was no better one. */
static enum status code_plan(struct frame_coder *k, const struct frame_plan *p, bool flag,
                             unsigned coder, uint64_t *least, struct frame *f, bool *best)
{
    struct way w;
    enum status st = encode_full(k, p, flag, coder, &w, k->other);
    bool again = false;
    if (st == ST_OK)
        st = frame_again_code(&k->again, &k->source.delta, k->other, k->third, &again);
    if (st != ST_OK)
        return st;
    *best = keep_less(k, &w, &k->other, least);
    if (again)
        *best |= keep_less(k, &w, &k->third, least);
    if (*best)
        fill_in(&k->source.delta, &w, f);
    return ST_OK;
}

/* The best so far once more, with its free pixels as it suits the parse. */
static enum status code_freely(struct frame_coder *k, bool flag, uint64_t *least, struct frame *f)
{
    struct way w;
    bool done;
    enum status st =
        frame_again_freely(&k->again, &k->source, f, flag, k->coded, k->third, &w, &done);
    if (st == ST_OK && done && keep_less(k, &w, &k->third, least))
        fill_in(&k->source.delta, &w, f);
    return st;
}

/*
 * Codes a plan with changes to its pixels. They do not add up from frame to frame: what a later one
 * leaves as it is on the canvas is as far from what was meant as this one has made it.
 */
static enum status code_lossy(struct frame_coder *k, const struct frame_plan *p, bool flag,
                              uint64_t *least, struct frame *f)
{
    struct frame_lossy *l = &k->lossy;
    struct way w;
    unsigned top;
    find_way(k, p, flag, &w);
    uint32_t colors = w.local ? w.palette.count : k->source.indexing.shared.count;
    sink_reset(k->other);
    enum status st = frame_lossy_start(k->source.cx, l, &w, colors, k->other);
    if (st == ST_OK)
        st = encode_rows(k, &w, l->encoder, k->other, &top);
    if (st == ST_OK && keep_less(k, &w, &k->other, least))
        fill_in(&k->source.delta, &w, f);
    return st;
}

/*
 * Whether to code a plan in full: the first, and those that are expected to take hardly more,
 * unless that takes long.
 */
static bool is_worth_it(const struct frame_coder *k, const struct frame_plan *p, unsigned coder)
{
    const struct frame_plan *first = k->plans.plan;
    return p == first ||
           (k->effort > 1 && coder != SEARCHED && p->bytes <= first->bytes + first->bytes / 256);
}

/* The plans that are worth it, all by the same coder; *best: the least of them. */
static enum status code_plans(struct frame_coder *k, bool flag, uint64_t *least, struct frame *f,
                              const struct frame_plan **best)
{
    const struct rect r = k->source.delta.r;
    bool large = (uint64_t)r.width * r.height >= SEARCHED_PIXELS;
    unsigned coder = large && k->searches ? SEARCHED : LEVEL_1;
    enum status st = ST_OK;
    bool better = false;
    for (unsigned i = 0; i < k->plans.count && st == ST_OK; i++) {
        const struct frame_plan *p = &k->plans.plan[i];
        if (!is_worth_it(k, p, coder))
            break;
        st = code_plan(k, p, flag, coder, least, f, &better);
        if (better)
            *best = p;
    }
    return st;
}

/* The best plan once more, which takes long. */
static enum status code_far(struct frame_coder *k, const struct frame_plan *best, bool flag,
                            uint64_t *least, struct frame *f)
{
    bool better;
    unsigned coder = k->searched_far + *least <= SEARCH_FAR ? LEVEL_3 : LEVEL_2;
    k->searched_far += *least;
    if (coder == LEVEL_2) { /* from now on: two would be 8 MiB */
        lzw_encoder_close(k->coder[LEVEL_3]);
        k->coder[LEVEL_3] = NULL;
    }
    return code_plan(k, best, flag, coder, least, f, &better);
}

enum status frame_coder_code(struct frame_coder *k, bool flag, struct frame *f, struct sink **coded,
                             uint64_t *bytes)
{
    const struct frame_plan *best = k->plans.plan;
    enum status st = frame_plans_make(&k->plans, &k->source, true);
    bool plans = k->plans.count > 0;
    *bytes = SIZE_UNLIMITED;
    if (st == ST_OK)
        st = code_plans(k, flag, bytes, f, &best);
    if (st == ST_OK && k->effort > 2 && plans)
        st = code_far(k, best, flag, bytes, f);
    if (st == ST_OK && plans && !k->plans.busy)
        st = code_freely(k, flag, bytes, f);
    if (st == ST_OK && k->lossy.strength > 0 && plans)
        st = code_lossy(k, best, flag, bytes, f);
    *coded = k->coded;
    return st;
}

enum status frame_coder_reuse(struct frame_coder *k, const struct coded_pixels *pixels,
                              const struct frame *theirs, bool flag, struct frame *f,
                              struct sink **coded, uint64_t *bytes)
{
    const struct picture *pic = &theirs->pic;
    struct way w;
    bool used[256], good = false;
    uint8_t map[256] = {0};
    if (pixels->bytes >= *bytes)
        return ST_OK;
    enum status st = lzw_remap_look(&k->remap, pixels->source, pixels->at,
                                    (uint64_t)pic->width * pic->height, used, &good);
    if (st != ST_OK || !good ||
        !indexing_map(&k->source.indexing, &pic->palette, used, flag, map, &w))
        return st;
    if (flag && w.transparent < 0 && palette_transparent(&f->pic.palette) >= 0)
        return st; /* which the frame has that came out so far */
    sink_reset(k->other);
    st = lzw_remap_write(&k->remap, map, w.size, k->other, &good);
    bool again = false;
    if (st == ST_OK && good)
        st = frame_again_code(&k->again, &k->source.delta, k->other, k->third, &again);
    if (st != ST_OK || !good)
        return st;
    bool less = keep_less(k, &w, &k->other, bytes);
    if (again)
        less |= keep_less(k, &w, &k->third, bytes);
    *coded = k->coded;
    if (less) {
        f->pic = (struct picture){pic->width, pic->height, LAYOUT_INDEX8, w.palette};
        f->palette_size = 0;
        f->x = theirs->x;
        f->y = theirs->y;
        f->order = theirs->order;
        f->local = f->replaces = false;
    }
    return ST_OK;
}
