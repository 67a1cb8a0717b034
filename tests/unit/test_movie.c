/* SPDX-License-Identifier: MIT */
/* Moving pictures from file to file: every picture that is seen, every delay, the loop. */
#include "movie_check.h"

static const struct movie_recipe recipes[] = {
    {23, 17, 30, 16, false, true, false, 1}, {23, 17, 30, 16, false, false, true, 2},
    {40, 5, 20, 256, false, true, false, 3}, {9, 9, 12, 4, true, false, false, 4},
    {1, 1, 5, 2, false, true, false, 5},     {30, 30, 12, 256, true, true, true, 6},
};
#define RECIPES (sizeof recipes / sizeof *recipes)

/* Where the pixel at (x, y) of a result comes from; false: from nowhere. */
typedef bool origin_fn(const struct shown *in, int64_t *x, int64_t *y);

static struct shown expected(const struct shown *in, uint32_t width, uint32_t height,
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

static bool as_is(const struct shown *in, int64_t *x, int64_t *y)
{
    (void)in, (void)x, (void)y;
    return true;
}

static bool flipped(const struct shown *in, int64_t *x, int64_t *y)
{
    (void)y;
    *x = in->width - 1 - *x;
    return true;
}

static bool quarter(const struct shown *in, int64_t *x, int64_t *y)
{
    int64_t from_x = *y, from_y = in->height - 1 - *x;
    *x = from_x;
    *y = from_y;
    return true;
}

static bool half(const struct shown *in, int64_t *x, int64_t *y)
{
    *x = in->width - 1 - *x;
    *y = in->height - 1 - *y;
    return true;
}

static bool upended(const struct shown *in, int64_t *x, int64_t *y)
{
    (void)x;
    *y = in->height - 1 - *y;
    return true;
}

/* Turned three times, on a canvas of the old size. */
static bool squeezed(const struct shown *in, int64_t *x, int64_t *y)
{
    int64_t turned_x = *x + ((int64_t)in->height - in->width) / 2,
            turned_y = *y + ((int64_t)in->width - in->height) / 2;
    *x = in->width - 1 - turned_y;
    *y = turned_x;
    return turned_x >= 0 && turned_y >= 0 && turned_x < in->height && turned_y < in->width;
}

static bool doubled(const struct shown *in, int64_t *x, int64_t *y)
{
    (void)in;
    *x /= 2;
    *y /= 2;
    return true;
}

static struct blob convert_movie(const struct job *job, const struct blob *in, enum from from,
                                 struct outcome *outcome)
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

static void check(const struct job *job, const struct blob *in, const struct shown *want)
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

static void check_step(struct op op, bool expand, origin_fn *origin, bool swaps, uint32_t scale)
{
    for (size_t i = 0; i < RECIPES; i++) {
        struct blob in = make_movie(&recipes[i]);
        struct shown before = play(&in);
        uint32_t width = swaps ? before.height : before.width;
        uint32_t height = swaps ? before.width : before.height;
        struct shown want = expected(&before, width * scale, height * scale, origin);
        for (unsigned level = 0; level < 4; level++) {
            struct job job = job_to(&format_gif);
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

/* Untouched: and no frame larger than it was, whatever the level. */
static void test_as_they_are(void **state)
{
    (void)state;
    for (size_t i = 0; i < RECIPES; i++) {
        struct blob in = make_movie(&recipes[i]);
        struct shown want = play(&in);
        for (unsigned level = 0; level < 4; level++) {
            struct job job = job_to(&format_gif);
            struct outcome outcome;
            job.encode.optimize = level;
            check(&job, &in, &want);
            struct blob out = convert_movie(&job, &in, FROM_MEMORY, &outcome);
            assert_int_equal(outcome.frames, want.count);
            assert_true(out.bytes <= in.bytes);
            if (level == 0) {
                assert_int_equal(outcome.frames_copied, want.count);
                assert_int_equal(out.bytes, in.bytes);
                assert_memory_equal(out.data, in.data, in.bytes);
            }
            blob_free(&out);
        }
        shown_free(&want);
        blob_free(&in);
    }
}

static void test_flips(void **state)
{
    (void)state;
    check_step((struct op){.kind = OP_FLIP_HORIZONTAL}, true, flipped, false, 1);
    check_step((struct op){.kind = OP_FLIP_VERTICAL}, true, upended, false, 1);
}

static void test_turns(void **state)
{
    (void)state;
    check_step((struct op){.kind = OP_ROTATE, .degrees = 90}, true, quarter, true, 1);
    check_step((struct op){.kind = OP_ROTATE, .degrees = -540}, false, half, false, 1);
    check_step((struct op){.kind = OP_ROTATE, .degrees = 270}, false, squeezed, false, 1);
    check_step((struct op){.kind = OP_ROTATE, .degrees = 360}, false, as_is, false, 1);
}

static void test_resized(void **state)
{
    (void)state;
    check_step((struct op){.kind = OP_RESIZE, .resize = {.percent = 200}}, true, doubled, false, 2);
}

static bool cropped(const struct shown *in, int64_t *x, int64_t *y)
{
    (void)in;
    *x += 4;
    *y += 2;
    return true;
}

/* A crop after a flip that is undone: the rectangles go along. */
static void test_crop(void **state)
{
    (void)state;
    const struct op ops[] = {{.kind = OP_FLIP_HORIZONTAL},
                             {.kind = OP_ROTATE, .degrees = 180},
                             {.kind = OP_FLIP_VERTICAL},
                             {.kind = OP_CROP, .crop = {5, 2, 4, 2}}};
    for (size_t i = 0; i < 4; i++) {
        struct blob in = make_movie(&recipes[i]);
        struct shown before = play(&in), want = expected(&before, 5, 2, cropped);
        struct job job = job_to(&format_gif);
        job.ops = ops;
        job.op_count = 4;
        check(&job, &in, &want);
        job.encode.optimize = 0;
        check(&job, &in, &want);
        shown_free(&before);
        shown_free(&want);
        blob_free(&in);
    }
    struct blob in = make_movie(&recipes[0]);
    struct job job = job_to(&format_gif);
    job.ops = &(struct op){.kind = OP_CROP, .crop = {5, 2, 40, 2}};
    job.op_count = 1;
    assert_refuses(&job, &in, &(struct setting){.from = FROM_MEMORY}, ST_UNSUPPORTED, "outside");
    blob_free(&in);
}

/* Turned by any angle: each picture as if it were a still. */
static void test_any_angle(void **state)
{
    (void)state;
    const struct op op = {.kind = OP_ROTATE, .degrees = 33};
    struct job job = job_to(&format_gif), still = job_to(&format_png);
    job.ops = still.ops = &op;
    job.op_count = still.op_count = 1;
    still.resample = RESAMPLE_NEAREST;
    for (size_t i = 0; i < RECIPES; i++) {
        struct blob in = make_movie(&recipes[i]);
        struct blob out = convert_movie(&job, &in, FROM_FILE, NULL);
        struct shown before = play(&in), after = play(&out);
        assert_int_equal(after.count, before.count);
        for (size_t k = 0; k < before.count; k++) {
            struct picture pic = {before.width, before.height, LAYOUT_RGBA8, {0}};
            struct encode_options options = {.compression = 1};
            struct blob png = encode(&format_png, &pic, &options,
                                     (uint8_t *)(before.pixels + k * shown_size(&before)));
            struct result want = run_well(&still, &png);
            assert_int_equal(want.pixels.width, after.width);
            for (size_t p = 0; p < shown_size(&after); p++) {
                const struct rgba8 *got = &after.pixels[k * shown_size(&after) + p];
                assert_int_equal(want.pixels.at[p][0], got->r * 257);
                assert_int_equal(want.pixels.at[p][1], got->g * 257);
                assert_int_equal(want.pixels.at[p][2], got->b * 257);
                assert_int_equal(want.pixels.at[p][3], got->a * 257);
            }
            result_free(&want);
            blob_free(&png);
        }
        shown_free(&before);
        shown_free(&after);
        blob_free(&in);
        blob_free(&out);
    }
}

/* Filtered, of few colors: a pixel that does not change is drawn once. */
static void test_steady(void **state)
{
    (void)state;
    const struct op op = {.kind = OP_RESIZE, .resize = {.percent = 150}};
    struct movie_recipe recipe = {24, 24, 10, 200, true, true, false, 8};
    struct blob in = make_movie(&recipe);
    struct job job = job_to(&format_gif);
    struct outcome outcome;
    job.ops = &op;
    job.op_count = 1;
    job.colors = 20;
    struct blob out = convert_movie(&job, &in, FROM_FILE, &outcome);
    struct shown got = play(&out);
    assert_true(outcome.quantized);
    assert_int_equal(got.count, 10);
    assert_int_equal(got.width, 36);
    assert_int_equal(got.loop, 5);
    bool seen[1 << 24 >> 3] = {false};
    unsigned colors = 0;
    for (size_t i = 0; i < got.count * shown_size(&got); i++) {
        struct rgba8 c = got.pixels[i];
        uint32_t key = ((uint32_t)c.r * 65793u + (uint32_t)c.g * 257u + c.b) % (1u << 21);
        colors += c.a != 0 && !seen[key];
        seen[key] |= c.a != 0;
    }
    assert_true(colors <= 20);
    shown_free(&got);
    blob_free(&in);
    blob_free(&out);
}

static size_t peak_of(uint32_t frames, const struct op *ops, size_t op_count, unsigned level)
{
    struct movie_recipe recipe = {90, 70, frames, 200, true, true, false, 3};
    struct blob in = make_movie(&recipe);
    struct context cx;
    struct source *src;
    struct sink *sink;
    struct outcome outcome;
    struct job job = job_to(&format_gif);
    job.ops = ops;
    job.op_count = op_count;
    job.encode.optimize = level;
    context_init(&cx);
    int fd = temp_fd("", 0);
    assert_int_equal(source_open_memory(&cx, in.data, in.bytes, &src), ST_OK);
    assert_int_equal(sink_open_fd(&cx, fd, &sink), ST_OK);
    assert_int_equal(job_run(&cx, &job, src, sink, &outcome), ST_OK);
    assert_int_equal(outcome.frames, frames);
    sink_close(sink);
    source_close(src);
    close(fd);
    blob_free(&in);
    assert_nothing_held(&cx);
    return cx.mem.peak;
}

/* Memory does not know how many frames there are. */
static void test_memory(void **state)
{
    (void)state;
    const struct op turn = {.kind = OP_ROTATE, .degrees = 90},
                    angle = {.kind = OP_ROTATE, .degrees = 45};
    /* from -O1 on the colors of all frames have a pool, of bounded size, and frames are compared */
    const size_t more = 24 << 10;
    for (unsigned level = 0; level < 2; level++) {
        assert_in_range(peak_of(1000, NULL, 0, level), 1,
                        peak_of(10, NULL, 0, level) + level * more);
        assert_in_range(peak_of(1000, &turn, 1, level), 1,
                        peak_of(10, &turn, 1, level) + level * more);
        assert_int_equal(peak_of(1000, &angle, 1, level), peak_of(10, &angle, 1, level));
    }
}

/* Frames picked, doubled and turned round: each is the picture that it was. */
static void test_list(void **state)
{
    (void)state;
    static const struct frame_range lists[][3] = {
        {{-1, 0}, {2, 2}, {0, 3}}, {{0, 1}, {1, 1}, {3, -1}}, {{4, 4}, {4, 3}, {0, 0}}};
    for (size_t i = 0; i < RECIPES * 3; i++) {
        const struct frame_range *list = lists[i % 3];
        struct blob in = make_movie(&recipes[i / 3]);
        struct shown all = play(&in);
        struct shown want = {all.width, all.height, 0, all.loop, NULL, NULL};
        want.pixels = malloc(3 * all.count * shown_size(&all) * sizeof *want.pixels);
        want.delay = malloc(3 * all.count * sizeof *want.delay);
        assert_true(want.pixels != NULL && want.delay != NULL);
        for (int k = 0; k < 3; k++) {
            int64_t n = (int64_t)all.count, from = (list[k].first + n) % n,
                    to = (list[k].last + n) % n;
            for (int64_t at = from;; at += from <= to ? 1 : -1) {
                memcpy(want.pixels + want.count * shown_size(&all),
                       all.pixels + (size_t)at * shown_size(&all),
                       shown_size(&all) * sizeof *want.pixels);
                want.delay[want.count++] = all.delay[at];
                if (at == to)
                    break;
            }
        }
        struct job job = job_to(&format_gif);
        job.ranges = list;
        job.range_count = 3;
        check(&job, &in, &want);
        shown_free(&all);
        shown_free(&want);
        blob_free(&in);
    }
}

/* Equal pictures in a row become one that lasts as long. */
static void test_merged(void **state)
{
    (void)state;
    static const struct frame_range list[] = {{0, 0}, {0, 1}, {1, 1}, {2, 2}};
    struct blob in = make_movie(&recipes[3]);
    struct shown all = play(&in);
    struct job job = job_to(&format_gif);
    struct outcome outcome;
    job.ranges = list;
    job.range_count = 4;
    job.merge_duplicates = true;
    struct blob out = convert_movie(&job, &in, FROM_MEMORY, &outcome);
    struct shown got = play(&out);
    assert_int_equal(outcome.frames_merged, 2);
    assert_int_equal(got.count, 3);
    assert_memory_equal(got.pixels, all.pixels, 3 * shown_size(&all) * sizeof *all.pixels);
    assert_int_equal(got.delay[0], 2 * all.delay[0]);
    assert_int_equal(got.delay[1], 2 * all.delay[1]);
    assert_int_equal(got.delay[2], all.delay[2]);
    shown_free(&all);
    shown_free(&got);
    blob_free(&in);
    blob_free(&out);
}

/* Truncated in the middle of a frame: those before it are whole. */
static void test_truncated(void **state)
{
    (void)state;
    struct blob in = make_movie(&recipes[3]);
    struct shown whole = play(&in);
    const struct op angle = {.kind = OP_ROTATE, .degrees = 45},
                    small = {.kind = OP_RESIZE, .resize = {.percent = 50}};
    in.bytes = in.bytes * 2 / 3;
    for (int k = 0; k < 4; k++) {
        struct job job = job_to(&format_gif);
        job.ops = k == 3 ? &small : &angle;
        job.op_count = k >= 2;
        job.encode.optimize = k == 0 ? 0 : 1;
        assert_refuses(&job, &in, &(struct setting){.from = FROM_FILE}, ST_DAMAGED, "frame ");
        struct result r = run_set(&job, &in, &(struct setting){.from = FROM_PIPE, .lenient = true});
        assert_int_equal(r.st, ST_DAMAGED);
        assert_non_null(strstr(r.text, "frames before it are written"));
        struct shown got = play(&r.file);
        assert_true(got.count > 2 && got.count < whole.count);
        for (size_t i = 0; k < 2 && i < got.count * shown_size(&got); i++)
            assert_memory_equal(&got.pixels[i], &whole.pixels[i], 4);
        shown_free(&got);
        result_free(&r);
    }
    shown_free(&whole);
    blob_free(&in);
}

/* A pipe whose frames cannot be kept: a still is written as ever, frames are never dropped. */
static void test_no_temporary_space(void **state)
{
    (void)state;
    struct blob in = make_movie(&recipes[3]);
    struct job job = job_to(&format_gif);
    const struct setting set = {.from = FROM_PIPE, .no_temp = true};
    job.encode.optimize = 0;
    assert_refuses(&job, &in, &set, ST_LIMIT, "temporary space");
    job.format = &format_png;
    struct result r = run_set(&job, &in, &set);
    assert_int_equal(r.st, ST_OK);
    assert_true(r.outcome.frames_left_out);
    result_free(&r);
    blob_free(&in);
}

static enum status run_faulty(struct context *cx, void *user)
{
    const struct job *job = user;
    static const struct movie_recipe recipe = {11, 9, 4, 256, false, true, true, 7};
    struct blob in = make_movie(&recipe);
    struct outcome outcome;
    struct source *src = NULL;
    struct sink *sink = NULL;
    int fd = temp_fd(in.data, in.bytes), to = temp_fd("", 0);
    enum status st = source_open_fd(cx, fd, &src);
    if (st == ST_OK)
        st = sink_open_fd(cx, to, &sink);
    if (st == ST_OK)
        st = job_run(cx, job, src, sink, &outcome);
    sink_close(sink);
    source_close(src);
    close(fd);
    close(to);
    blob_free(&in);
    return st;
}

static void test_faults(void **state)
{
    (void)state;
    const struct op ops[][2] = {
        {{.kind = OP_ROTATE, .degrees = 90}, {.kind = OP_CROP, .crop = {4, 4, 2, 2}}},
        {{.kind = OP_ROTATE, .degrees = 30}, {.kind = OP_FLIP_VERTICAL}},
        {{.kind = OP_RESIZE, .resize = {.percent = 50}}}};
    struct job job = job_to(&format_gif);
    sweep_faults(run_faulty, &job);
    job.may_keep = true;
    sweep_faults(run_faulty, &job);
    job.may_keep = false;
    job.encode.interlace = true;
    for (int k = 0; k < 3; k++) {
        job.ops = ops[k];
        job.op_count = k == 2 ? 1 : 2;
        sweep_faults(run_faulty, &job);
    }
    job.ranges = (const struct frame_range[]){{-1, 0}};
    job.range_count = 1;
    sweep_faults(run_faulty, &job);
}

/* Inputs that are joined: a list of files. */
struct queue {
    struct context *cx;
    const struct blob *blob;
    size_t count, next;
};

static enum status open_queued(void *user, struct source **out)
{
    struct queue *q = user;
    if (q->next == q->count)
        return ST_END;
    const struct blob *b = &q->blob[q->next++];
    return source_open_memory(q->cx, b->data, b->bytes, out);
}

static void close_queued(void *user, struct source *src)
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

static enum status run_join(struct context *cx, void *user)
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
    if (st == ST_OK && j->out != NULL) {
        size_t bytes;
        const uint8_t *data = sink_data(sink, &bytes);
        *j->out = blob_of(data, bytes);
    }
    sink_close(sink);
    return st;
}

/* A still, a moving picture and a stream of three: each picture is a frame. */
static void test_joined(void **state)
{
    (void)state;
    static const struct movie_recipe recipe = {9, 7, 3, 16, false, true, false, 4};
    struct encode_options options = {.compression = 1};
    struct picture rgba = make_picture(9, 7, LAYOUT_RGBA8), rgb = make_picture(9, 7, LAYOUT_RGB8);
    uint8_t *still = make_noise(&rgba, 1), *stream[3];
    for (size_t i = 0; i < 63; i++)
        still[4 * i + 3] = still[4 * i + 3] < 128 ? 0 : 255;
    struct blob in[3] = {encode(&format_png, &rgba, &options, still), make_movie(&recipe),
                         blob_of("", 0)};
    for (int i = 0; i < 3; i++) {
        stream[i] = make_noise(&rgb, (uint64_t)i + 7);
        struct blob b = encode(&format_ppm, &rgb, &options, stream[i]);
        blob_add(&in[2], b.data, b.bytes);
        blob_free(&b);
    }
    struct blob out;
    struct joined j = {job_to(&format_gif), in, 3, &out};
    struct context cx;
    context_init(&cx);
    assert_int_equal(run_join(&cx, &j), ST_OK);
    assert_nothing_held(&cx);
    struct shown got = play(&out), moving = play(&in[1]);
    assert_int_equal(got.count, 7);
    assert_int_equal(got.loop, LOOP_FOREVER);
    for (size_t i = 0; i < 63; i++) {
        if (still[4 * i + 3] == 0)
            memset(still + 4 * i, 0, 4);
        assert_memory_equal(&got.pixels[i], still + 4 * i, 4);
        for (size_t k = 0; k < 3; k++) {
            assert_memory_equal(&got.pixels[63 * (k + 1) + i], &moving.pixels[63 * k + i], 4);
            assert_memory_equal(&got.pixels[63 * (k + 4) + i], stream[k] + 3 * i, 3);
        }
    }
    assert_int_equal(got.delay[0], 10);
    assert_int_equal(got.delay[2], moving.delay[1]);
    j.out = NULL;
    assert_true(sweep_kind(FAULT_ALLOC, ST_NOMEM, run_join, &j) > 10);
    j.job.colors = 8;
    assert_true(sweep_kind(FAULT_ALLOC, ST_NOMEM, run_join, &j) > 10);
    for (int i = 0; i < 3; i++) {
        blob_free(&in[i]);
        free(stream[i]);
    }
    free(still);
    shown_free(&got);
    shown_free(&moving);
    blob_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_as_they_are),
        cmocka_unit_test(test_flips),
        cmocka_unit_test(test_turns),
        cmocka_unit_test(test_resized),
        cmocka_unit_test(test_crop),
        cmocka_unit_test(test_any_angle),
        cmocka_unit_test(test_steady),
        cmocka_unit_test(test_memory),
        cmocka_unit_test(test_no_temporary_space),
        cmocka_unit_test(test_list),
        cmocka_unit_test(test_joined),
        cmocka_unit_test(test_merged),
        cmocka_unit_test(test_truncated),
        cmocka_unit_test(test_faults),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
