/* SPDX-License-Identifier: MIT */
/* The end of a chain: rows made what the format takes, and written, pass by pass if interlaced. */
#include "base/mem.h"
#include "pipeline/stages/stages.h"
#include "raster/pixels.h"
#include "raster/row_store.h"
#include "transforms/transform.h"

enum status make_layout(const struct job *job, struct rows **rows)
{
    const struct picture *pic = &(*rows)->pic;
    enum layout target = job->format->choose(pic->layout, picture_has_alpha(pic));
    return made(convert_open(*rows, target, job_matte(job), rows), rows);
}

bool takes_palette(const struct job *job)
{
    return job->format->choose(LAYOUT_RGB8, false) == LAYOUT_INDEX8 ||
           (job->reduce && job->format->choose(LAYOUT_INDEX8, false) == LAYOUT_INDEX8);
}

/* PNG: palettes, grays and colors. */
static bool holds_all(const struct format *format)
{
    return format->choose(LAYOUT_INDEX8, true) == LAYOUT_INDEX8 &&
           format->choose(LAYOUT_RGBA16, true) == LAYOUT_RGBA16;
}

enum status make_writable(struct context *cx, struct job *job, const struct metadata *metadata,
                          struct progress *progress, struct outcome *out, struct rows **rows)
{
    enum status st =
        takes_palette(job) ? make_palette(cx, job, progress, out, rows) : make_layout(job, rows);
    if (st == ST_OK && job->encode.optimize > 0 && holds_all(job->format))
        st = make_smallest(cx, job, metadata, rows);
    return st;
}

static void tell(struct progress *progress)
{
    if (progress != NULL)
        progress_row(progress);
}

static enum status write_in_order(struct encoder *e, struct progress *progress, struct rows *rows,
                                  uint8_t *row)
{
    enum status st = ST_OK;
    for (uint32_t y = 0; st == ST_OK && y < rows->pic.height; y++) {
        st = rows_next(rows, row);
        if (st == ST_OK)
            st = encoder_write(e, row);
        tell(progress);
    }
    return st;
}

static enum status write_passes(struct context *cx, struct encoder *e, struct progress *progress,
                                struct rows *rows, uint8_t *row)
{
    const struct picture *pic = &rows->pic;
    unsigned bytes = layout_info(pic->layout)->bytes;
    struct row_store *store;
    enum status st = row_store_open(cx, pic, &interlace_none, &store);
    if (st != ST_OK)
        return st;
    for (uint32_t y = 0; st == ST_OK && y < pic->height; y++) {
        st = rows_next(rows, row);
        if (st == ST_OK)
            st = row_store_put(store, row);
    }
    for (unsigned i = 0; i < e->order->count; i++) {
        const struct pass *pass = &e->order->pass[i];
        if (pass_width(pass, pic->width) == 0)
            continue;
        for (uint64_t y = pass->y0; st == ST_OK && y < pic->height; y += pass->dy) {
            st = check_stop(cx);
            if (st == ST_OK)
                st = row_store_get(store, (uint32_t)y, row);
            if (st == ST_OK) {
                pixels_thin(row, pass->x0, pass->dx, pass_width(pass, pic->width), bytes);
                st = encoder_write(e, row);
            }
            tell(progress);
        }
    }
    row_store_close(store);
    return st;
}

enum status write_pixels(struct encoder *e, struct progress *progress, struct rows *rows)
{
    uint8_t *row = mem_rows(e->cx, 1, picture_stride(&rows->pic));
    if (row == NULL)
        return e->cx->status;
    enum status st = e->order->count == 1 ? write_in_order(e, progress, rows, row)
                                          : write_passes(e->cx, e, progress, rows, row);
    mem_free(e->cx, row);
    return st;
}

enum status write_rows(struct context *cx, const struct job *job, const struct metadata *metadata,
                       struct progress *progress, struct rows *rows, struct sink *sink)
{
    struct encoder *e = NULL;
    progress->total += rows->pic.height;
    enum status st = encoder_open(cx, job->format, sink, &rows->pic, &job->encode, metadata, &e);
    if (st == ST_OK)
        st = write_pixels(e, progress, rows);
    if (st == ST_OK)
        st = encoder_finish(e);
    encoder_close(e);
    return st;
}
