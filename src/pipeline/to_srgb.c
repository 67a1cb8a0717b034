/* SPDX-License-Identifier: MIT */
/* Values that a profile gives a meaning to become sRGB where the profile cannot go along. */
#include <string.h>

#include "base/mem.h"
#include "formats/colorants.h"
#include "pipeline/stages.h"

struct profiled {
    struct rows rows;
    struct icc *icc;
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
    icc_close(((struct profiled *)r)->icc);
    mem_free(r->cx, r);
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

static enum status convert_stream(struct icc *icc, struct rows **rows)
{
    if ((*rows)->pic.layout == LAYOUT_INDEX8) {
        struct palette *p = &(*rows)->pic.palette;
        icc_convert(icc, (uint8_t *)p->entry, p->count); /* r, g, b, a: as LAYOUT_RGBA8 */
        icc_close(icc);
        return ST_OK;
    }
    struct profiled *s = rows_new((*rows)->cx, "profile", sizeof *s, *rows);
    if (s == NULL) {
        icc_close(icc);
        return (*rows)->cx->status;
    }
    s->icc = icc;
    s->rows.next = profiled_next;
    s->rows.rewind = rows_rewind_up;
    s->rows.close = profiled_close;
    *rows = &s->rows;
    return ST_OK;
}

enum status make_srgb(struct context *cx, const struct metadata *metadata, struct outcome *outcome,
                      bool *done, struct rows **rows)
{
    const struct metadata_item *item =
        colorants_outrank_profile(metadata) ? NULL : metadata_find(metadata, METADATA_ICC);
    enum layout layout = (*rows)->pic.layout == LAYOUT_INDEX8 ? LAYOUT_RGBA8 : (*rows)->pic.layout;
    struct colorants colorants;
    enum icc_verdict verdict = ICC_IS_SRGB;
    struct icc *icc = NULL;
    *done = false;
    if (item == NULL && !colorants_differ(metadata, &colorants))
        return ST_OK;
    enum status st = item != NULL ? icc_open(cx, item->data, item->bytes, layout, &verdict, &icc)
                                  : icc_open_colorants(cx, &colorants, layout, &verdict, &icc);
    if (st != ST_OK) {
        rows_close(*rows);
        *rows = NULL;
        return st;
    }
    say(cx, verdict, outcome);
    if (icc == NULL)
        return ST_OK;
    st = convert_stream(icc, rows);
    *done = st == ST_OK;
    if (st != ST_OK)
        *rows = NULL;
    return st;
}
