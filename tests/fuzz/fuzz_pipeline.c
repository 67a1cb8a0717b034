/* SPDX-License-Identifier: MIT */
/*
 * Whole jobs: the first bytes choose steps and output, the others are the file. It is converted or
 * refused, nothing leaks, and what is written reads back as a picture of the size that was told.
 */
#include "target.h"

#include <string.h>

#include "base/mem.h"
#include "pipeline/job.h"

#define HEAD 16

static size_t choose_ops(const uint8_t *head, struct op ops[5])
{
    size_t n = 0;
    if (head[1] & 1)
        ops[n++] = (struct op){
            .kind = OP_CROP, .crop = {1 + head[2], 1 + head[3], (int8_t)head[4], (int8_t)head[5]}};
    if (head[1] & 2)
        ops[n++] = (struct op){.kind = OP_FLIP_HORIZONTAL};
    if (head[1] & 4)
        ops[n++] = (struct op){.kind = OP_FLIP_VERTICAL};
    if (head[1] & 8)
        ops[n++] = (struct op){.kind = OP_ROTATE, .degrees = (int8_t)head[6] * 22.5};
    if (head[12] & 8)
        ops[n++] = (struct op){.kind = OP_RESIZE,
                               .resize = {head[13] % 64u, head[13] / 64u * 30, head[5] * 1.5,
                                          head[12] & 16, head[12] & 32, head[12] & 64}};
    return n;
}

static struct job choose_job(const uint8_t *head, const struct op *ops, size_t op_count)
{
    static const struct format *const formats[] = {&format_gif,  &format_png, &format_gif,
                                                   &format_jpeg, &format_pam, &format_ppm,
                                                   &format_pgm,  &format_gif};
    return (struct job){
        .ops = ops,
        .op_count = op_count,
        .expand = head[1] & 16,
        .resample = head[12] % 5u,
        .has_background = head[1] & 32,
        .background = {head[7], head[8], head[9], head[10]},
        .colors = 2 + head[11] % 255u,
        .format = formats[head[0] % 8],
        .encode = {.interlace = head[1] & 64,
                   .quality = head[15] & 2 ? 0 : 75,
                   .sampling = head[15] / 4 % 4,
                   .compression = 1,
                   .optimize = head[0] / 8 % 4},
        .may_keep = head[12] & 128,
        .lossless = head[14] % 4u,
        .dither = head[14] & 4     ? DITHER_FS
                  : head[13] & 128 ? DITHER_BLUE
                                   : DITHER_NONE,
        .alpha_dither = head[13] & 64,
        .compare = head[13] & 32,
        .dither_strength = head[15] / 255.0,
        .auto_orient = head[14] & 8,
        .keep_icc = head[14] & 16,
        .strip = {head[14] & 32, head[14] & 64, head[14] & 128, head[15] & 1},
    };
}

static void read_rows(struct decoder *d, const struct frame *f)
{
    uint8_t *row = malloc(picture_stride(&f->pic));
    check(row != NULL);
    for (unsigned i = 0; i < f->order->count; i++)
        if (pass_width(&f->order->pass[i], f->pic.width) > 0)
            for (uint32_t y = pass_height(&f->order->pass[i], f->pic.height); y > 0; y--)
                check(decoder_row(d, row) == ST_OK);
    free(row);
}

/* Ours to the last byte: a still of the canvas, or all frames of a moving picture. */
static void check_readable(const struct sink *sink, const struct outcome *outcome)
{
    struct context cx;
    struct source *src;
    struct decoder *d;
    struct frame f;
    size_t bytes;
    uint64_t frames = 0;
    context_init(&cx);
    const uint8_t *data = sink_data(sink, &bytes);
    check(source_open_memory(&cx, data, bytes, &src) == ST_OK);
    check(decoder_open(&cx, src, NULL, &d) == ST_OK);
    check(d->info.width == outcome->out.width && d->info.height == outcome->out.height);
    enum status st;
    while ((st = decoder_frame(d, &f)) == ST_OK) {
        frames++;
        check(outcome->frames > 0 || frame_covers(&f, &d->info));
        read_rows(d, &f);
    }
    check(st == ST_END && source_offset(src) == bytes);
    check(frames == (outcome->frames > 0 ? outcome->frames : 1) || outcome->kept);
    decoder_close(d);
    source_close(src);
    check(cx.mem.in_use == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct context cx;
    struct op ops[5];
    struct outcome outcome;
    struct source *src;
    struct sink *sink;
    if (size < HEAD)
        return 0;
    struct job job = choose_job(data, ops, choose_ops(data, ops));
    context_init(&cx);
    cx.limits.max_pixels = 1 << 16;
    cx.mem.limit = 64 << 20;
    cx.lenient = data[0] & 64;
    cx.timed = data[0] & 32;
    if (data[0] & 128)
        cx.temp.limit = 0;
    if (data[1] & 128)
        cx.simd = SIMD_NONE;
    check(source_open_memory(&cx, data + HEAD, size - HEAD, &src) == ST_OK);
    check(sink_open_memory(&cx, &sink) == ST_OK);
    enum status st = job_run(&cx, &job, src, sink, &outcome);
    if (st != cx.status || (st == ST_OK) != (cx.text[0] == '\0'))
        fprintf(stderr, "%s, %s: %s\n", status_text(st), status_text(cx.status), cx.text);
    check(st == cx.status && st != ST_BUG && (st == ST_OK) == (cx.text[0] == '\0'));
    if (st == ST_OK || (st == ST_DAMAGED && outcome.damaged))
        check_readable(sink, &outcome);
    sink_close(sink);
    source_close(src);
    check(cx.mem.in_use == 0 && cx.temp.in_use == 0);
    return 0;
}
