/* SPDX-License-Identifier: MIT */
/* Palettes out of pictures. */
#include "pipeline/palette_file.h"

#include <string.h>

#include "base/mem.h"
#include "color/palette_fit.h"
#include "color/palette_text.h"
#include "formats/format.h"
#include "pipeline/stages/input.h"
#include "pipeline/stages/stages.h"
#include "transforms/transform.h"

/* false: one color more than a palette holds */
static bool add(struct palette *p, struct rgba8 c)
{
    c = c.a < 128 ? (struct rgba8){0, 0, 0, 0} : (struct rgba8){c.r, c.g, c.b, 255};
    for (uint32_t i = p->count; i-- > 0;) /* the last ones come most often */
        if (memcmp(&p->entry[i], &c, sizeof c) == 0)
            return true;
    if (p->count == 256)
        return false;
    p->entry[p->count++] = c;
    return true;
}

static enum status add_pixels(struct rows *rows, struct palette *out)
{
    struct context *cx = rows->cx;
    uint8_t *row = mem_rows(cx, 1, picture_stride(&rows->pic));
    enum status st = row != NULL ? ST_OK : cx->status;
    struct rgba8 last = {0, 0, 0, 1}; /* no color that is added */
    for (uint32_t y = 0; st == ST_OK && y < rows->pic.height; y++) {
        st = rows_next(rows, row);
        for (uint32_t x = 0; st == ST_OK && x < rows->pic.width; x++) {
            struct rgba8 c;
            memcpy(&c, row + 4 * (size_t)x, sizeof c);
            if (memcmp(&c, &last, sizeof c) == 0)
                continue;
            last = c;
            if (!add(out, c))
                st = fail(cx, ST_UNSUPPORTED, "more than 256 colors (row %u)", y);
        }
    }
    mem_free(cx, row);
    return st;
}

static enum status read_picture(struct context *cx, struct source *src, struct palette *out)
{
    struct input_report report = {0};
    struct progress progress = {.cx = cx};
    struct rows *rows = NULL;
    void (*on_progress)(void *, uint64_t, uint64_t) = cx->on_progress;
    cx->on_progress = NULL; /* this is not the work */
    memset(report.metadata.skip, true, sizeof report.metadata.skip);
    enum status st = input_open(cx, src, &report, &progress, &rows);
    if (st == ST_OK && rows->pic.layout == LAYOUT_INDEX8) {
        for (uint32_t i = 0; i < rows->pic.palette.count; i++)
            add(out, rows->pic.palette.entry[i]);
    } else if (st == ST_OK) {
        st = made(convert_open(rows, LAYOUT_RGBA8, (struct rgba8){0, 0, 0, 255}, &rows), &rows);
        if (st == ST_OK)
            st = add_pixels(rows, out);
    }
    rows_close(rows);
    metadata_clear(cx, &report.metadata);
    cx->on_progress = on_progress;
    return st;
}

enum status palette_read(struct context *cx, struct source *src, struct palette *out)
{
    const uint8_t *head;
    size_t bytes;
    out->count = 0;
    enum status st = source_peek(src, SNIFF_BYTES, &head, &bytes);
    if (st != ST_OK)
        return st;
    if (format_by_content(head, bytes) != NULL)
        return read_picture(cx, src, out);
    struct palette text;
    st = palette_read_text(cx, src, &text);
    for (uint32_t i = 0; st == ST_OK && i < text.count; i++)
        add(out, text.entry[i]);
    return st;
}
