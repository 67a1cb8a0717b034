/* SPDX-License-Identifier: MIT */
/* A still from file to file: input, steps, colors or layout, encoder; and what it all cost. */
#include <string.h>

#include "base/clock.h"
#include "base/size.h"
#include "formats/exif.h"
#include "pipeline/costs.h"
#include "pipeline/stages/input.h"
#include "pipeline/runs.h"
#include "pipeline/stages/stages.h"

/* Whether a step may come to values that are between those of pixels. */
static bool makes_values(const struct job *job)
{
    for (size_t i = 0; i < job->op_count; i++)
        if (job->ops[i].kind == OP_RESIZE || slants(&job->ops[i]))
            return job->resample != RESAMPLE_NEAREST;
    return false;
}

static bool strips_all(const struct job *job)
{
    bool all = true;
    for (unsigned kind = 0; kind < METADATA_KINDS; kind++)
        all &= job->strip[kind];
    return all;
}

/* What goes along with the pixels, after all that was done to them. orientation: 0 or EXIF's. */
static void update_metadata(struct context *cx, const struct job *job, unsigned orientation,
                            bool lose_profile, struct metadata *m)
{
    if (orientation != 0) /* not before: a stream that rewinds reads the EXIF again */
        exif_set_upright(m);
    if (lose_profile) /* the same */
        lose_color(cx, m);
    if (makes_values(job)) /* more bits of a sample count now than of the source's */
        metadata_remove_key(cx, m, METADATA_COLOR, "sBIT");
    turn_coding(job, max_u32(orientation, 1), &m->coding);
    m->density = turned_density(job, max_u32(orientation, 1), m->density);
    if (strips_all(job))
        m->density = (struct density){0};
}

/*
 * How many entries of its palette a still that is copied has in its file, 0 for all. A decoder adds
 * those that codes can name and the file does not have; such a copy would be larger than its
 * source.
 */
static uint32_t table_as_it_came(const struct job *job, const struct input_report *report,
                                 const struct palette *came, const struct picture *pic)
{
    bool same = job->op_count == 0 && job->encode.optimize == 0 && job->encode.lossy == 0 &&
                pic->layout == LAYOUT_INDEX8 && pic->palette.count == came->count &&
                memcmp(pic->palette.entry, came->entry, came->count * sizeof *came->entry) == 0;
    return same ? report->palette_size : 0;
}

/* What there is to say of a picture that has been written; an error where it is not all. */
static enum status tell(struct context *cx, const struct job *job,
                        const struct input_report *report, struct outcome *out)
{
    if (out->warning != NULL)
        note(cx, NOTE_WARNING, "%s", out->warning);
    if (report->more_frames && job->format->begin != NULL)
        return cx->temp.limit == 0
                   ? fail(cx, ST_LIMIT, "the frames of a pipe take temporary space, the limit is 0")
                   : fail(cx, ST_UNSUPPORTED,
                          "more pictures follow: in a pipe they need --fps or --delay");
    if (report->more_frames)
        note(cx, NOTE_WARNING, "the input moves: only its first frame is written");
    out->damaged = report->damaged;
    return out->damaged ? fail(cx, ST_DAMAGED, "%s; what could be read is written", report->text)
                        : ST_OK;
}

enum status run_still(struct context *cx, const struct job *job, struct source *src,
                      struct sink *sink, struct outcome *out)
{
    struct input_report report = {0};
    struct progress progress = {.cx = cx};
    struct rows *rows = NULL;
    struct job mine = *job;
    uint64_t start = cx->timed ? cpu_time_ns() : 0;
    memset(out, 0, sizeof *out);
    bool lose_profile = false;
    if (job->palette != NULL && !takes_palette(job))
        return fail(cx, ST_USAGE, "--palette: %s holds no palette", job->format->name);
    enum status st = open_still(cx, job, src, &report, &progress, out, &lose_profile, &rows);
    if (st == ST_OK)
        st = apply_ops(cx, &mine, &rows);
    if (st == ST_OK)
        st = make_writable(cx, &mine, &report.metadata, &progress, out, &rows);
    if (st == ST_OK) {
        out->out = rows->pic;
        mine.encode.table = table_as_it_came(job, &report, &out->in.palette, &rows->pic);
        if (mine.encode.table != 0)
            out->out.palette.count = mine.encode.table;
        if (report.palette_size != 0)
            out->in.palette.count = min_u32(report.palette_size, out->in.palette.count);
        update_metadata(cx, &mine, out->orientation, lose_profile, &report.metadata);
        st = write_rows(cx, &mine, &report.metadata, &progress, rows, sink);
    }
    if (st == ST_OK)
        out->out_bytes = sink_offset(sink);
    retire(out, rows);
    metadata_clear(cx, &report.metadata);
    if (cx->timed) {
        uint64_t all = cpu_time_ns() - start, noted = noted_costs(out);
        note_cost(out, "encode", all > noted ? all - noted : 0);
    }
    if (out->warning == NULL)
        out->warning = report.warning;
    out->frames_left_out = report.more_frames;
    return st == ST_OK ? tell(cx, job, &report, out) : st;
}
