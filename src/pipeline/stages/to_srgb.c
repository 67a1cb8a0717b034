/* SPDX-License-Identifier: MIT */
/* Values that a profile gives a meaning to become sRGB where the profile cannot go along. */
#include <string.h>

#include "base/mem.h"
#include "formats/colorants.h"
#include "pipeline/stages/stages.h"

struct profiled {
    struct rows rows;
    struct icc *icc;
    bool lent; /* icc is another's */
};

static enum status profiled_next(struct rows *r, uint8_t *out)
{
    enum status st = rows_next(r->up, out);
    if (st == ST_OK)
        icc_convert(((struct profiled *)r)->icc, out, r->pic.width);
    return st;
}

static void profiled_close(struct rows *r)
{
    struct profiled *s = (struct profiled *)r;
    if (!s->lent)
        icc_close(s->icc);
    mem_free(r->cx, s);
}

static void say(struct context *cx, enum icc_verdict verdict, struct outcome *outcome)
{
    if (verdict == ICC_NO_LIBRARY)
        outcome->warning = "liblcms2 is not installed: colors stay as they are, not sRGB";
    else if (verdict == ICC_UNUSABLE)
        note(cx, NOTE_DETAIL, "the color profile is of no use for these pixels");
    else if (verdict == ICC_CONVERTS)
        note(cx, NOTE_DETAIL, "colors converted to sRGB");
}

enum status srgb_rows_open(struct icc *icc, bool lent, struct rows **rows)
{
    struct context *cx = (*rows)->cx;
    struct profiled *s = rows_new(cx, "profile", sizeof *s, *rows);
    if (s == NULL) {
        if (!lent)
            icc_close(icc);
        *rows = NULL;
        return cx->status;
    }
    s->icc = icc;
    s->lent = lent;
    s->rows.next = profiled_next;
    s->rows.skip = rows_skip_up;
    s->rows.rewind = rows_rewind_up;
    s->rows.close = profiled_close;
    *rows = &s->rows;
    return ST_OK;
}

bool profile_stays(const struct job *job, const char *in_format, const struct metadata *m)
{
    bool profile = metadata_find(m, METADATA_ICC) != NULL;
    bool holds = profile ? job->format->holds_profile : job->format->holds_color;
    return !job->strip[METADATA_ICC] && (holds || strcmp(in_format, job->format->name) == 0);
}

void lose_color(struct context *cx, struct metadata *m)
{
    metadata_remove(cx, m, METADATA_ICC);
    metadata_remove(cx, m, METADATA_COLOR);
}

enum status srgb_open(struct context *cx, const struct metadata *metadata, enum layout layout,
                      struct outcome *outcome, struct icc **out)
{
    const struct metadata_item *item =
        colorants_outrank_profile(metadata) ? NULL : metadata_find(metadata, METADATA_ICC);
    struct colorants colorants;
    enum icc_verdict verdict = ICC_IS_SRGB;
    enum status st = ST_OK;
    *out = NULL;
    if (item != NULL)
        st = icc_open(cx, item->data, item->bytes, layout, &verdict, out);
    else if (colorants_differ(metadata, &colorants))
        st = icc_open_colorants(cx, &colorants, layout, &verdict, out);
    if (st == ST_OK)
        say(cx, verdict, outcome);
    return st;
}

enum status make_srgb(struct context *cx, const struct metadata *metadata, struct outcome *outcome,
                      bool *done, struct rows **rows)
{
    struct palette *p = &(*rows)->pic.palette;
    bool indices = (*rows)->pic.layout == LAYOUT_INDEX8;
    struct icc *icc;
    *done = false;
    enum status st =
        srgb_open(cx, metadata, indices ? LAYOUT_RGBA8 : (*rows)->pic.layout, outcome, &icc);
    if (st != ST_OK) {
        rows_close(*rows);
        *rows = NULL;
        return st;
    }
    if (icc == NULL)
        return ST_OK;
    if (indices) {
        icc_convert(icc, (uint8_t *)p->entry, p->count); /* r, g, b, a: as LAYOUT_RGBA8 */
        icc_close(icc);
    } else {
        st = srgb_rows_open(icc, false, rows);
    }
    *done = st == ST_OK;
    return st;
}
