/* SPDX-License-Identifier: MIT */
/* The GIF reader by the contract of formats: any bytes are read or refused, and nothing leaks. */
#include "target.h"

#include "base/mem.h"
#include "formats/format.h"

#define ROWS_MAX 20000 /* of all frames: enough to come by everything, and soon over */

static uint64_t rows_of(const struct frame *f)
{
    uint64_t rows = 0;
    for (unsigned i = 0; i < f->order->count; i++)
        rows += pass_height(&f->order->pass[i], f->pic.height);
    return rows;
}

/* All pixels are entries of the palette, but for what damage has left. */
static void check_row(const struct picture *pic, const uint8_t *row)
{
    for (uint32_t x = 0; x < pic->width; x++)
        check(row[x] < pic->palette.count);
}

/* Every second row of some frames is left out, to be skipped. */
static enum status read_frame(struct context *cx, struct decoder *d, const struct frame *f,
                              uint64_t *budget)
{
    check(f->pic.layout == LAYOUT_INDEX8 && f->pic.palette.count > 0 &&
          f->pic.palette.count <= 256);
    uint64_t rows = rows_of(f);
    if (d->frames % 3 == 2)
        rows /= 2;
    uint8_t *row = malloc(f->pic.width); /* exactly */
    check(row != NULL);
    enum status st = ST_OK;
    for (; st == ST_OK && rows > 0 && *budget > 0; rows--, --*budget) {
        st = decoder_row(d, row);
        if (st == ST_OK || st == ST_DAMAGED)
            check_row(&f->pic, row);
        if (st != ST_OK)
            check(st == cx->status && cx->text[0] != '\0');
    }
    free(row);
    return st;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct context cx;
    struct source *src;
    struct decoder *d;
    struct frame f;
    uint64_t budget = ROWS_MAX;
    context_init(&cx);
    cx.limits.max_pixels = 1 << 22;
    check(source_open_memory(&cx, data, size, &src) == ST_OK);
    if (size >= 6 && format_gif.sniff(data, size) && decoder_open(&cx, src, NULL, &d) == ST_OK) {
        check(cx.status == ST_OK && d->info.width > 0 && d->info.height > 0);
        enum status st = ST_OK;
        while (st == ST_OK && budget > 0) {
            st = decoder_frame(d, &f);
            if (st == ST_OK)
                st = read_frame(&cx, d, &f, &budget);
            if (st == ST_DAMAGED)
                check(decoder_frame(d, &f) != ST_BUG); /* may be asked */
        }
        check(st != ST_BUG);
        decoder_close(d);
    }
    check(cx.status != ST_BUG);
    source_close(src);
    check(cx.mem.in_use == 0 && cx.temp.in_use == 0);
    return 0;
}
