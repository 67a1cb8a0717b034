/* SPDX-License-Identifier: MIT */
/* The beginning of a chain: the input's first picture, upright, of values that can be written. */
#include "pipeline/stages/stages.h"

#include <string.h>

#include "formats/exif.h"

static enum status orient(const struct job *job, const struct metadata *m, struct outcome *out,
                          struct rows **rows)
{
    unsigned orientation = exif_orientation(metadata_find(m, METADATA_EXIF));
    if (!job->auto_orient || orientation == 1)
        return ST_OK;
    out->orientation = orientation;
    return make_upright(orientation, rows);
}

/* sRGB where the profile, or primaries and gamma, cannot go along. */
static enum status use_profile(struct context *cx, const struct job *job,
                               struct input_report *report, struct outcome *out, bool *lose,
                               struct rows **rows)
{
    bool strip = job->strip[METADATA_ICC];
    *lose = strip;
    if (strip && job->keep_icc)
        lose_color(cx, &report->metadata);
    if (job->keep_icc || profile_stays(job, report->format, &report->metadata))
        return ST_OK;
    enum status st = make_srgb(cx, &report->metadata, out, lose, rows);
    *lose |= strip;
    if (*lose)
        lose_color(cx, &report->metadata);
    return st;
}

enum status open_still(struct context *cx, const struct job *job, struct source *src,
                       struct input_report *report, struct progress *progress, struct outcome *out,
                       bool *lose_profile, struct rows **rows)
{
    memcpy(report->metadata.skip, job->strip, sizeof report->metadata.skip);
    report->metadata.skip[METADATA_ICC] = false; /* what is stripped is used before */
    report->metadata.values = job->keep_icc;
    report->metadata.skip[METADATA_COLOR] = false;
    enum status st = input_open(cx, src, report, progress, rows);
    out->in_format = report->format;
    if (st != ST_OK)
        return st;
    out->in = (*rows)->pic;
    out->in_palette = report->palette;
    st = orient(job, &report->metadata, out, rows);
    return st == ST_OK ? use_profile(cx, job, report, out, lose_profile, rows) : st;
}
