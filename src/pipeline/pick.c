/* SPDX-License-Identifier: MIT */
/* Still or moving, coded with loss or not, and then what the pixels are like. */
#include "pipeline/pick.h"

#include "base/mem.h"
#include "base/size.h"
#include "pipeline/runs.h"
#include "pipeline/stages/input.h"
#include "pipeline/stages/pixel_facts.h"
#include "pipeline/tone.h"

const struct format *const pick_choices[PICK_CHOICES] = {&format_gif, &format_jpeg, &format_png};

/*
 * Of 100 blocks so many or more make a JPEG. Photographs have 60 to 100, but for some with large
 * overexposed or out-of-focus parts; icons, screenshots, charts and logos, with shading or not,
 * have 0 to 55. A drawing as JPEG looks bad, a photograph as PNG is but large: the bar is high.
 */
#define TONED_PERCENT 60

/* Fewer blocks than those of 64 x 64 pixels tell little; a JPEG's tables alone take 600 bytes. */
#define BLOCKS_MIN 64

/* Up to so many colors a PNG's palette is small and exact. Grays are no colors here: */
#define FEW_GRAYS 16

/* JPEG counts rows and columns in 16 bits; libjpeg takes up to 65500. */
#define JPEG_SIDE_MAX 65500u

struct verdict {
    const struct format *format;
    const char *reason; /* NULL: none so far */
    unsigned toned;     /* of 100 blocks, where reason is that */
};

/* Whether more than one picture is in the file, and what the first one is like. */
static enum status look_for_frames(struct context *cx, struct source *src, bool *moves,
                                   bool *indices)
{
    struct decoder *d = NULL;
    struct frame first;
    enum status st = decoder_open(cx, src, NULL, &d);
    if (st == ST_OK)
        st = decoder_moves(d, &first, moves);
    *indices = st == ST_OK && first.pic.layout == LAYOUT_INDEX8;
    decoder_close(d);
    return st == ST_END ? ST_OK : st;
}

static bool too_long(const struct picture *pic)
{
    return pic->width > JPEG_SIDE_MAX || pic->height > JPEG_SIDE_MAX;
}

/* What decides at once, after any row; NULL: nothing so far. */
static const char *decides(const struct pixel_facts *f, const struct picture *pic)
{
    if (!f->opaque)
        return "it has transparent pixels";
    if (layout_info(pic->layout)->bits == 16 && !f->narrow)
        return "its samples have more than 8 bits";
    return too_long(pic) ? "it is too large for a JPEG" : NULL;
}

static enum status read_rows(struct rows *rows, struct pixel_facts *f, struct tone *t,
                             struct verdict *v)
{
    uint8_t *row = mem_rows(rows->cx, 1, picture_stride(&rows->pic));
    enum status st = row == NULL ? rows->cx->status : ST_OK;
    while (st == ST_OK && rows->y < rows->pic.height && v->reason == NULL) {
        st = rows_next(rows, row);
        if (st != ST_OK)
            break;
        look_pixels(f, &rows->pic, row);
        tone_row(t, &rows->pic, row);
        v->reason = decides(f, &rows->pic);
    }
    mem_free(rows->cx, row);
    return st;
}

static void judge(const struct pixel_facts *f, const struct tone *t, struct verdict *v)
{
    bool few = f->narrow && !f->table.full && (!f->gray || f->table.count <= FEW_GRAYS);
    if (v->reason != NULL)
        return;
    if (few) {
        v->reason = "it has few colors";
    } else if (t->blocks < BLOCKS_MIN) {
        v->reason = "it is small";
    } else {
        v->toned = tone_percent(t);
        v->format = v->toned >= TONED_PERCENT ? &format_jpeg : &format_png;
        v->reason = "of it is continuous tone";
    }
}

static enum status look_at_pixels(struct context *cx, struct source *src, struct verdict *v)
{
    struct input_report report = {0};
    struct progress progress = {.cx = cx};
    struct rows *rows = NULL;
    struct tone tone = {0};
    for (unsigned kind = 0; kind < METADATA_KINDS; kind++)
        report.metadata.skip[kind] = true;
    struct pixel_facts *f = mem_zalloc(cx, sizeof *f);
    if (f == NULL)
        return cx->status;
    f->narrow = f->opaque = f->gray = true;
    enum status st = input_open(cx, src, &report, &progress, &rows);
    if (st == ST_OK && rows->pic.layout == LAYOUT_INDEX8) {
        v->reason = "it has a palette";
    } else if (st == ST_OK) {
        st = tone_open(cx, &rows->pic, &tone);
        if (st == ST_OK)
            st = read_rows(rows, f, &tone, v);
        if (st == ST_OK)
            judge(f, &tone, v);
    }
    tone_close(&tone);
    rows_close(rows);
    metadata_clear(cx, &report.metadata);
    mem_free(cx, f);
    return st;
}

static bool wants_alpha(const struct job *job)
{
    bool turns = false;
    for (size_t i = 0; i < job->op_count; i++)
        turns |= job->ops[i].kind == OP_ROTATE;
    return turns && job->has_background && job->background.a < 255;
}

static enum status look(struct context *cx, const struct job *job, struct source *src,
                        struct verdict *v)
{
    const uint8_t *head;
    size_t bytes;
    bool moves = false, indices = false;
    enum status st = source_peek(src, SNIFF_BYTES, &head, &bytes);
    if (st != ST_OK)
        return st;
    const struct format *in = format_by_content(head, bytes);
    v->format = &format_png;
    if (wants_alpha(job)) {
        v->reason = "a transparent background is asked for";
    } else if (in != NULL && in->start != NULL && !in->lossless) {
        v->format = in;
        v->reason = "it is coded with loss already";
        return ST_OK;
    }
    st = look_for_frames(cx, src, &moves, &indices);
    if (st == ST_OK && moves) {
        v->format = &format_gif;
        v->reason = "it moves";
    } else if (st == ST_OK && indices && v->reason == NULL) {
        v->reason = "it has a palette";
    } else if (st == ST_OK && v->reason == NULL) {
        st = source_rewind(src);
        if (st == ST_OK)
            st = look_at_pixels(cx, src, v);
    }
    return st;
}

enum status pick_format(struct context *cx, const struct job *job, struct source *src,
                        const struct format **out)
{
    void (*on_progress)(void *, uint64_t, uint64_t) = cx->on_progress;
    void (*on_note)(void *, enum note_level, const char *) = cx->on_note;
    struct verdict v = {NULL, NULL, UINT32_MAX};
    enum status st = source_keep(src);
    if (st != ST_OK)
        return st;
    cx->on_progress = NULL; /* what is to be done is not known yet, */
    cx->on_note = NULL;     /* and what is odd will be told once more */
    st = look(cx, job, src, &v);
    cx->on_progress = on_progress;
    cx->on_note = on_note;
    if (st == ST_DAMAGED && cx->lenient) { /* the run will tell of it */
        take_back(cx);
        st = ST_OK;
        if (v.reason == NULL)
            v.reason = "it is damaged";
    }
    if (st != ST_OK)
        return st;
    if (v.toned <= 100)
        note(cx, NOTE_DETAIL, "to %s: %u %% %s", v.format->name, v.toned, v.reason);
    else
        note(cx, NOTE_DETAIL, "to %s: %s", v.format->name, v.reason);
    *out = v.format;
    return source_rewind(src);
}
