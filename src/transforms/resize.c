/* SPDX-License-Identifier: MIT */
/*
 * Resizing as rows flow: batches of source rows are filtered along their length, group after group
 * of output pixels, and go on to the columns while they are in the cache.
 *
 * Where the height shrinks, a batch adds its share to each output row that it has one in; these
 * are few, however strong the shrinking. Else the filtered rows stand in a ring, and each output
 * row is a sum of some of them.
 */
#include "transforms/resize.h"

#include <string.h>

#include "base/mem.h"
#include "base/size.h"
#include "transforms/filter.h"
#include "transforms/light_run.h"
#include "transforms/resize_kernel.h"

/* Rows of a batch, source or filtered, take no more than this, unless one does. */
#define BATCH_BYTES (1024u * 1024)

/* What is filtered at a time: small enough for the first cache. */
#define WINDOW 512
#define GROUP 256

/*
 * What no shrinking stretches reaches 3 rows to each side at most (Lanczos), one more by rounding.
 */
#define UNSTRETCHED_TAPS 7

struct bench {
    lanes window[WINDOW];          /* source pixels, one row a lane */
    lanes filtered[GROUP + LANES]; /* output pixels, likewise */
    struct shares shares;
};

struct resize {
    struct rows r;
    struct axis across, down;
    struct light *light;
    const struct resize_kernel *kernel;
    unsigned channels;
    uint32_t batch;   /* source rows taken at a time, at most LANES */
    uint32_t taken;   /* source rows that have been filtered along */
    bool shrinking;   /* the height */
    uint32_t started; /* shrinking: output rows that have got a share */
    uint32_t slots;   /* rows of the ring: output rows when shrinking, else source rows */
    size_t pitch;     /* floats of one */
    float *ring;
    double scale[MOST_SHARES]; /* shrinking: of the weights of the output row in a slot */
    uint32_t taps;
    float *weights;  /* taps for each output column */
    uint32_t *first; /* the source column of the first of them */
    uint8_t *raw;    /* a batch of source rows */
    float *line;     /* not shrinking: the output row */
    void *block;     /* what bench lies in, aligned */
    struct bench *bench;
};

static float *slot(const struct resize *t, uint32_t row)
{
    return t->ring + row % t->slots * t->pitch;
}

/* Puts source columns from .. from + count - 1 of the batch's rows to window pixels at at on. */
static void load_window(struct resize *t, uint32_t rows, uint32_t at, uint32_t from, uint32_t count)
{
    const struct picture *pic = &t->r.up->pic;
    size_t stride = picture_stride(pic), pixel = layout_info(pic->layout)->bytes;
    for (uint32_t r = 0; r < rows; r++)
        light_decode_run(t->light, pic->layout, t->raw + r * stride + from * pixel,
                         (float *)(t->bench->window + at * t->channels) + r, LIGHT_LANE, count);
}

/* An output pixel of more source pixels than a window holds. */
static void filter_wide(struct resize *t, uint32_t rows, uint32_t x)
{
    uint32_t most = WINDOW / t->channels;
    for (uint32_t k = 0, n; k < t->taps; k += n) {
        n = min_u32(most, t->taps - k);
        uint32_t first = t->first[x] + k;
        load_window(t, rows, 0, first, n);
        struct taps part = {t->weights + (size_t)x * t->taps + k, &first, n, first};
        t->kernel->filter(t->bench->filtered, t->bench->window, &part, 1, t->channels);
    }
}

/* Output pixels from x on, whose source fits the window together. */
static uint32_t group_size(const struct resize *t, uint32_t x)
{
    uint32_t n = 1, most = min_u32(GROUP / t->channels / LANES * LANES, t->r.pic.width - x);
    while (n < most && t->first[x + n] + t->taps - t->first[x] <= WINDOW / t->channels)
        n++;
    return n > LANES && n < most ? n / LANES * LANES : n;
}

static void pass_on(struct resize *t, float *const *ring_rows, uint32_t x, uint32_t count)
{
    size_t samples = (size_t)count * t->channels;
    size_t padded = (samples + LANES - 1) / LANES * LANES, at = (size_t)x * t->channels;
    if (t->shrinking)
        t->kernel->spread(&t->bench->shares, t->bench->filtered, at, padded);
    else
        t->kernel->store(ring_rows, t->bench->filtered, at, padded);
}

/* Filters a batch along its rows; what comes goes to the shares or to the ring. */
static void filter_batch(struct resize *t, uint32_t rows, float *const *ring_rows)
{
    struct bench *b = t->bench;
    uint32_t start = 0, end = 0; /* source columns that the window holds */
    bool wide = t->taps > WINDOW / t->channels;
    for (uint32_t x = 0, n; x < t->r.pic.width; x += n) {
        n = wide ? 1 : group_size(t, x);
        /* zeros beyond the group: what they add, or what is put over them next, is right */
        memset(b->filtered, 0, sizeof *b->filtered * (n * t->channels + LANES));
        if (wide) {
            filter_wide(t, rows, x);
        } else {
            uint32_t from = t->first[x], to = t->first[x + n - 1] + t->taps;
            uint32_t kept = end > from ? end - from : 0;
            memmove(b->window, b->window + (from - start) * t->channels * (kept > 0),
                    sizeof *b->window * kept * t->channels);
            if (to > from + kept)
                load_window(t, rows, kept, from + kept, to - from - kept);
            start = from;
            end = max_u32(to, from + kept);
            struct taps taps = {t->weights + (size_t)x * t->taps, t->first + x, t->taps, from};
            t->kernel->filter(b->filtered, b->window, &taps, n, t->channels);
        }
        pass_on(t, ring_rows, x, n);
    }
}

/* Names the output rows that the next rows of the source have a share in, and the shares. */
static void prepare_shares(struct resize *t, uint32_t rows)
{
    struct shares *s = &t->bench->shares;
    s->count = 0;
    for (uint32_t i = t->r.y; i < t->r.pic.height; i++) {
        uint32_t first, end;
        axis_span(&t->down, i, &first, &end);
        if (first >= t->taken + rows)
            break;
        double *scale = &t->scale[i % t->slots];
        if (i >= t->started) {
            t->started = i + 1;
            memset(slot(t, i), 0, t->pitch * sizeof(float));
            *scale = 1.0 / axis_sum(&t->down, i);
        }
        for (uint32_t r = 0; r < LANES; r++) {
            uint32_t j = t->taken + r;
            bool shared = r < rows && j >= first && j < end;
            float w = shared ? (float)(axis_weight(&t->down, i, j) * *scale) : 0.0f;
            s->weight[s->count][r] = (lanes){w, w, w, w, w, w, w, w};
        }
        s->row[s->count++] = slot(t, i);
    }
}

static enum status take_batch(struct resize *t)
{
    struct rows *up = t->r.up;
    uint32_t rows = min_u32(t->batch, up->pic.height - t->taken);
    size_t stride = picture_stride(&up->pic);
    float *ring_rows[LANES] = {NULL};
    for (uint32_t r = 0; r < rows; r++) {
        enum status st = rows_next(up, t->raw + r * stride);
        if (st != ST_OK)
            return st;
    }
    if (t->shrinking)
        prepare_shares(t, rows);
    else
        for (uint32_t r = 0; r < rows; r++)
            ring_rows[r] = slot(t, t->taken + r);
    filter_batch(t, rows, ring_rows);
    t->taken += rows;
    return ST_OK;
}

static enum status resize_next(struct rows *r, uint8_t *out)
{
    struct resize *t = (struct resize *)r;
    uint32_t first, end;
    axis_span(&t->down, r->y, &first, &end);
    while (t->taken < end) {
        enum status st = take_batch(t);
        if (st != ST_OK)
            return st;
    }
    const float *line = t->line;
    if (t->shrinking) {
        line = slot(t, r->y);
    } else {
        const float *rows[UNSTRETCHED_TAPS];
        float weights[UNSTRETCHED_TAPS];
        for (uint32_t j = first; j < end; j++)
            rows[j - first] = slot(t, j);
        axis_weights(&t->down, r->y, weights);
        t->kernel->gather(t->line, rows, weights, end - first, (size_t)r->pic.width * t->channels);
    }
    light_encode_run(t->light, r->pic.layout, line, t->channels, out, r->pic.width);
    return ST_OK;
}

/*
 * Source rows that no row to come has a share in are passed over, by whole batches: a batch's rows
 * are added up together, so that sums of floats come out as they do without passing over any.
 */
static enum status resize_skip(struct rows *r, uint32_t n)
{
    struct resize *t = (struct resize *)r;
    uint32_t first, end;
    if (r->y + n == r->pic.height)
        return ST_OK;
    axis_span(&t->down, r->y + n, &first, &end);
    first -= first % t->batch;
    if (first <= t->taken)
        return ST_OK;
    enum status st = rows_skip(r->up, first - t->taken);
    t->taken = first;
    t->started = r->y + n;
    return st;
}

static enum status resize_rewind(struct rows *r)
{
    struct resize *t = (struct resize *)r;
    t->taken = 0;
    t->started = 0;
    return rows_rewind(r->up);
}

static void resize_close(struct rows *r)
{
    struct resize *t = (struct resize *)r;
    light_close(r->cx, t->light);
    mem_free(r->cx, t->ring);
    mem_free(r->cx, t->weights);
    mem_free(r->cx, t->first);
    mem_free(r->cx, t->raw);
    mem_free(r->cx, t->line);
    mem_free(r->cx, t->block);
    mem_free(r->cx, t);
}

/* All columns get as many taps; where fewer make a pixel, the others weigh nothing. */
static enum status make_columns(struct resize *t)
{
    struct context *cx = t->r.cx;
    uint32_t width = t->across.out;
    t->taps = axis_taps(&t->across);
    t->first = mem_array(cx, width, sizeof *t->first);
    if (t->first == NULL)
        return cx->status;
    t->weights = mem_array(cx, width, t->taps * sizeof *t->weights);
    if (t->weights == NULL)
        return cx->status;
    memset(t->weights, 0, (size_t)width * t->taps * sizeof *t->weights);
    for (uint32_t x = 0; x < width; x++) {
        uint32_t first, end;
        axis_span(&t->across, x, &first, &end);
        t->first[x] = min_u32(first, t->across.in - t->taps);
        axis_weights(&t->across, x, t->weights + (size_t)x * t->taps + (first - t->first[x]));
    }
    return ST_OK;
}

static enum status make_rows(struct resize *t)
{
    struct context *cx = t->r.cx;
    const struct picture *from = &t->r.up->pic;
    size_t stride = picture_stride(from);
    t->pitch = (size_t)t->r.pic.width * t->channels + LANES;
    size_t widest =
        t->shrinking || stride > t->pitch * sizeof(float) ? stride : t->pitch * sizeof(float);
    t->batch = (uint32_t)min_size(LANES, BATCH_BYTES / widest);
    t->batch = min_u32(max_u32(t->batch, 1), from->height);
    if (t->shrinking)
        t->slots = (uint32_t)((t->batch + 2.0 * t->down.radius + 1.0) / t->down.stretch) + 2;
    else
        t->slots = t->batch + (uint32_t)(2.0 * t->down.radius) + 1;
    t->raw = mem_rows(cx, t->batch, stride);
    if (t->raw == NULL)
        return cx->status;
    t->ring = mem_array(cx, t->slots, t->pitch * sizeof(float));
    if (t->ring == NULL)
        return cx->status;
    if (!t->shrinking) {
        t->line = mem_array(cx, t->pitch, sizeof(float));
        if (t->line == NULL)
            return cx->status;
    }
    t->block = mem_zalloc(cx, sizeof *t->bench + sizeof(lanes));
    if (t->block == NULL)
        return cx->status;
    t->bench = (struct bench *)(((uintptr_t)t->block + sizeof(lanes) - 1) & -sizeof(lanes));
    return ST_OK;
}

enum status resize_open(struct rows *up, uint32_t width, uint32_t height, enum resample method,
                        struct rows **out)
{
    struct context *cx = up->cx;
    enum status st = picture_check(cx, width, height);
    if (st == ST_OK && (method < RESAMPLE_NEAREST || method > RESAMPLE_LANCZOS3))
        st = fail(cx, ST_BUG, "resize: no method %d", (int)method);
    if (st == ST_OK && method != RESAMPLE_NEAREST && up->pic.layout == LAYOUT_INDEX8)
        st = fail(cx, ST_BUG, "resize: palette rows are not to be filtered");
    if (st != ST_OK) {
        rows_close(up);
        return st;
    }
    if (width == up->pic.width && height == up->pic.height) {
        *out = up;
        return ST_OK;
    }
    if (method == RESAMPLE_NEAREST)
        return resize_nearest_open(up, width, height, out);
    struct resize *t = rows_new(cx, "resize", sizeof *t, up);
    if (t == NULL)
        return cx->status;
    t->r.next = resize_next;
    t->r.skip = resize_skip;
    t->r.rewind = rows_can_rewind(up) ? resize_rewind : NULL;
    t->r.close = resize_close;
    t->r.kept = false;
    t->r.pic.width = width;
    t->r.pic.height = height;
    t->channels = layout_info(up->pic.layout)->channels;
    t->kernel = resize_kernel_for(cx->simd);
    axis_init(&t->across, up->pic.width, width, method);
    axis_init(&t->down, up->pic.height, height, method);
    t->shrinking = height < up->pic.height;
    st = light_open(cx, layout_info(up->pic.layout)->bits, &t->light);
    if (st == ST_OK)
        st = make_columns(t);
    if (st == ST_OK)
        st = make_rows(t);
    if (st != ST_OK) {
        rows_close(&t->r);
        return st;
    }
    *out = &t->r;
    return ST_OK;
}
