/* SPDX-License-Identifier: MIT */
/* Jobs over moving pictures for tests: what goes in, and what must be seen of what comes out. */
#ifndef GIFLOW_TESTS_MOVIE_JOB_H
#define GIFLOW_TESTS_MOVIE_JOB_H

#include "movie_check.h"

static const struct movie_recipe recipes[] = {
    {23, 17, 30, 16, false, true, false, 1}, {23, 17, 30, 16, false, false, true, 2},
    {40, 5, 20, 256, false, true, false, 3}, {9, 9, 12, 4, true, false, false, 4},
    {1, 1, 5, 2, false, true, false, 5},     {30, 30, 12, 256, true, true, true, 6},
};
#define RECIPES (sizeof recipes / sizeof *recipes)

/* Where the pixel at (x, y) of a result comes from; false: from nowhere. */
typedef bool origin_fn(const struct shown *in, int64_t *x, int64_t *y);

static inline struct shown expected(const struct shown *in, uint32_t width, uint32_t height,
                                    origin_fn *origin)
{
    struct shown s = {width, height, in->count, in->loop, NULL, NULL};
    s.pixels = calloc(s.count * shown_size(&s) + 1, sizeof *s.pixels);
    s.delay = malloc(s.count * sizeof *s.delay);
    assert_true(s.pixels != NULL && s.delay != NULL);
    memcpy(s.delay, in->delay, s.count * sizeof *s.delay);
    for (size_t i = 0; i < s.count; i++)
        for (uint32_t y = 0; y < height; y++)
            for (uint32_t x = 0; x < width; x++) {
                int64_t from_x = x, from_y = y;
                if (origin(in, &from_x, &from_y))
                    s.pixels[(i * height + y) * width + x] =
                        in->pixels[((int64_t)i * in->height + from_y) * in->width + from_x];
            }
    return s;
}

static inline bool as_is(const struct shown *in, int64_t *x, int64_t *y)
{
    (void)in, (void)x, (void)y;
    return true;
}

static inline bool flipped(const struct shown *in, int64_t *x, int64_t *y)
{
    (void)y;
    *x = in->width - 1 - *x;
    return true;
}

static inline bool quarter(const struct shown *in, int64_t *x, int64_t *y)
{
    int64_t from_x = *y, from_y = in->height - 1 - *x;
    *x = from_x;
    *y = from_y;
    return true;
}

static inline bool half(const struct shown *in, int64_t *x, int64_t *y)
{
    *x = in->width - 1 - *x;
    *y = in->height - 1 - *y;
    return true;
}

static inline bool upended(const struct shown *in, int64_t *x, int64_t *y)
{
    (void)x;
    *y = in->height - 1 - *y;
    return true;
}

/* Turned three times, on a canvas of the old size. */
static inline bool squeezed(const struct shown *in, int64_t *x, int64_t *y)
{
    int64_t turned_x = *x + ((int64_t)in->height - in->width) / 2,
            turned_y = *y + ((int64_t)in->width - in->height) / 2;
    *x = in->width - 1 - turned_y;
    *y = turned_x;
    return turned_x >= 0 && turned_y >= 0 && turned_x < in->height && turned_y < in->width;
}

static inline bool doubled(const struct shown *in, int64_t *x, int64_t *y)
{
    (void)in;
    *x /= 2;
    *y /= 2;
    return true;
}

static inline struct blob convert_movie(const struct job *job, const struct blob *in,
                                        enum from from, struct outcome *outcome)
{
    struct result r = run_set(job, in, &(struct setting){.from = from});
    assert_string_equal(r.text, "");
    assert_int_equal(r.st, ST_OK);
    struct blob b = blob_of(r.file.data, r.file.bytes);
    if (outcome != NULL)
        *outcome = r.outcome;
    result_free(&r);
    return b;
}

static inline void check(const struct job *job, const struct blob *in, const struct shown *want)
{
    struct blob first = convert_movie(job, in, FROM_MEMORY, NULL);
    struct shown got = play(&first);
    assert_same_shown(&got, want);
    shown_free(&got);
    struct blob piped = convert_movie(job, in, FROM_PIPE, NULL);
    assert_int_equal(first.bytes, piped.bytes);
    assert_memory_equal(first.data, piped.data, first.bytes);
    blob_free(&first);
    blob_free(&piped);
}

/* A step over all recipes, to format; through: what a recipe is made into before, NULL: a GIF. */
static inline void check_step(const struct format *through, const struct format *format,
                              struct op op, bool expand, origin_fn *origin, bool swaps,
                              uint32_t scale)
{
    for (size_t i = 0; i < RECIPES; i++) {
        struct blob in = make_movie(&recipes[i]);
        if (through != NULL) {
            struct job first = job_to(through);
            struct blob gif = in;
            in = convert_movie(&first, &gif, FROM_MEMORY, NULL);
            blob_free(&gif);
        }
        struct shown before = play(&in);
        uint32_t width = swaps ? before.height : before.width;
        uint32_t height = swaps ? before.width : before.height;
        struct shown want = expected(&before, width * scale, height * scale, origin);
        for (unsigned level = 0; level < 4; level++) {
            struct job job = job_to(format);
            job.ops = &op;
            job.op_count = 1;
            job.expand = expand;
            job.resample = op.kind == OP_RESIZE ? RESAMPLE_NEAREST : RESAMPLE_AUTO;
            job.encode.optimize = level;
            job.encode.interlace = level == 1;
            check(&job, &in, &want);
        }
        shown_free(&want);
        shown_free(&before);
        blob_free(&in);
    }
}

/* The most memory that a job takes. in_files: planes are files, however small */
static inline size_t peak_of(const struct job *job, const struct blob *in, bool in_files)
{
    struct context cx;
    struct source *src;
    struct sink *sink;
    struct outcome outcome;
    context_init(&cx);
    if (in_files)
        cx.limits.plane_memory = 0;
    int fd = temp_fd("", 0);
    assert_int_equal(source_open_memory(&cx, in->data, in->bytes, &src), ST_OK);
    assert_int_equal(sink_open_fd(&cx, fd, &sink), ST_OK);
    assert_int_equal(job_run(&cx, job, src, sink, &outcome), ST_OK);
    sink_close(sink);
    source_close(src);
    close(fd);
    assert_nothing_held(&cx);
    return cx.mem.peak;
}

/* Of a GIF of so many frames. */
static inline size_t peak_to(const struct format *format, uint32_t frames, const struct op *ops,
                             size_t op_count, unsigned level)
{
    struct movie_recipe recipe = {90, 70, frames, 200, true, true, false, 3};
    struct blob in = make_movie(&recipe);
    struct job job = job_to(format);
    job.ops = ops;
    job.op_count = op_count;
    job.encode.optimize = level;
    size_t peak = peak_of(&job, &in, false);
    blob_free(&in);
    return peak;
}

/* A job over a file, for sweeps of faults. */
struct file_job {
    struct job job;
    const struct blob *in;
};

static inline enum status run_file(struct context *cx, void *user)
{
    const struct file_job *f = user;
    struct outcome outcome;
    struct source *src = NULL;
    struct sink *sink = NULL;
    int fd = temp_fd(f->in->data, f->in->bytes), to = temp_fd("", 0);
    enum status st = source_open_fd(cx, fd, &src);
    if (st == ST_OK)
        st = sink_open_fd(cx, to, &sink);
    if (st == ST_OK)
        st = job_run(cx, &f->job, src, sink, &outcome);
    sink_close(sink);
    source_close(src);
    close(fd);
    close(to);
    return st;
}

/* user: a job, over a small GIF */
static inline enum status run_faulty(struct context *cx, void *user)
{
    static const struct movie_recipe recipe = {11, 9, 4, 256, false, true, true, 7};
    struct blob in = make_movie(&recipe);
    enum status st = run_file(cx, &(struct file_job){*(const struct job *)user, &in});
    blob_free(&in);
    return st;
}

/* Inputs that are joined: a list of files. */
struct queue {
    struct context *cx;
    const struct blob *blob;
    size_t count, next;
};

static inline enum status open_queued(void *user, struct source **out)
{
    struct queue *q = user;
    if (q->next == q->count)
        return ST_END;
    const struct blob *b = &q->blob[q->next++];
    return source_open_memory(q->cx, b->data, b->bytes, out);
}

static inline void close_queued(void *user, struct source *src)
{
    (void)user;
    source_close(src);
}

struct joined {
    struct job job;
    const struct blob *blob;
    size_t count;
    struct blob *out;
};

static inline enum status run_join(struct context *cx, void *user)
{
    struct joined *j = user;
    struct queue q = {cx, j->blob, j->count, 0};
    const struct picture_inputs inputs = {open_queued, close_queued, &q};
    struct outcome outcome;
    struct sink *sink;
    enum status st = sink_open_memory(cx, &sink);
    if (st != ST_OK)
        return st;
    st = job_join(cx, &j->job, &inputs, sink, &outcome);
    if (st == ST_OK && j->out != NULL)
        *j->out = blob_of_sink(sink);
    sink_close(sink);
    return st;
}

/* The moving picture that a job makes of all these. */
static inline struct blob join_movie(const struct job *job, const struct blob *in, size_t count)
{
    struct blob out = {0};
    struct joined j = {*job, in, count, &out};
    struct context cx;
    context_init(&cx);
    enum status st = run_join(&cx, &j);
    assert_string_equal(cx.text, "");
    assert_int_equal(st, ST_OK);
    assert_nothing_held(&cx);
    return out;
}

/* Each picture of one movie is what the job makes of that of another as a PNG. */
static inline void assert_as_stills(const struct blob *got, const struct blob *of,
                                    const struct job *job)
{
    struct shown before = play(of), after = play(got);
    assert_int_equal(after.count, before.count);
    for (size_t i = 0; i < before.count; i++) {
        struct picture pic = {before.width, before.height, LAYOUT_RGBA8, {0}};
        struct encode_options options = {.compression = 1};
        struct blob still = encode(&format_png, &pic, &options,
                                   (uint8_t *)(before.pixels + i * shown_size(&before)));
        struct result want = run_well(job, &still);
        assert_int_equal(want.pixels.width, after.width);
        assert_int_equal(want.pixels.height, after.height);
        for (size_t p = 0; p < shown_size(&after); p++) {
            const struct rgba8 *c = &after.pixels[i * shown_size(&after) + p];
            const uint16_t wide[4] = {(uint16_t)(c->r * 257), (uint16_t)(c->g * 257),
                                      (uint16_t)(c->b * 257), (uint16_t)(c->a * 257)};
            assert_memory_equal(want.pixels.at[p], wide, sizeof wide);
        }
        result_free(&want);
        blob_free(&still);
    }
    shown_free(&before);
    shown_free(&after);
}

#endif
