/* SPDX-License-Identifier: MIT */
/* Frames played onto canvases, against a model that keeps every pixel as its color. */
#include "support.h"

#include "animation/delta.h"
#include "animation/player.h"
#include "canvas_pixel.h"

/* The screen as colors, and what it is restored to. */
struct model {
    uint32_t width, height;
    struct rgba8 *now, *before;
};

static struct model model_new(uint32_t width, uint32_t height)
{
    size_t n = (size_t)width * height;
    struct model m = {width, height, calloc(n, sizeof *m.now), calloc(n, sizeof *m.before)};
    assert_true(m.now != NULL && m.before != NULL);
    return m;
}

static void model_free(struct model *m)
{
    free(m->now);
    free(m->before);
}

static size_t model_bytes(const struct model *m)
{
    return (size_t)m->width * m->height * sizeof *m->now;
}

static bool on_canvas(const struct model *m, int64_t x, int64_t y)
{
    return x >= 0 && y >= 0 && x < m->width && y < m->height;
}

static void model_draw(struct model *m, const struct frame *f, const uint8_t *pixels)
{
    memcpy(m->before, m->now, model_bytes(m));
    for (uint32_t j = 0; j < f->pic.height; j++)
        for (uint32_t i = 0; i < f->pic.width; i++) {
            int64_t x = f->x + i, y = f->y + j;
            struct rgba8 c = f->pic.palette.entry[pixels[(size_t)j * f->pic.width + i]];
            if (on_canvas(m, x, y) && c.a != 0)
                m->now[y * m->width + x] = c;
        }
}

static void model_dispose(struct model *m, const struct frame *f)
{
    if (f->disposal == DISPOSAL_PREVIOUS)
        memcpy(m->now, m->before, model_bytes(m));
    for (uint32_t j = 0; f->disposal == DISPOSAL_BACKGROUND && j < f->pic.height; j++)
        for (uint32_t i = 0; i < f->pic.width; i++)
            if (on_canvas(m, f->x + i, f->y + j))
                m->now[(f->y + j) * m->width + f->x + i] = (struct rgba8){0, 0, 0, 0};
}

static void expect_canvas(const struct canvas *c, const struct rgba8 *want)
{
    for (uint32_t y = 0; y < c->height; y++)
        for (uint32_t x = 0; x < c->width; x++) {
            struct rgba8 got = color_pool_color(c->pool, canvas_at(c, x, y));
            assert_memory_equal(&got, &want[(size_t)y * c->width + x], sizeof got);
        }
}

static struct frame some_frame(uint64_t *seed, uint32_t width, uint32_t height)
{
    struct frame f = {.order = &interlace_none};
    f.pic =
        make_picture(1 + noise(seed) % (width * 2), 1 + noise(seed) % (height * 2), LAYOUT_INDEX8);
    f.x = (int64_t)(noise(seed) % (2 * width)) - width / 2;
    f.y = (int64_t)(noise(seed) % (2 * height)) - height / 2;
    f.disposal = (enum disposal)(noise(seed) % 4);
    f.order = noise(seed) % 3 == 0 ? &interlace_gif : &interlace_none;
    for (unsigned i = 0; i < 256; i++)
        f.pic.palette.entry[i] =
            (struct rgba8){(uint8_t)noise(seed), (uint8_t)noise(seed), (uint8_t)noise(seed), 255};
    if (noise(seed) % 2 == 0)
        f.pic.palette.entry[noise(seed) % 256] = (struct rgba8){1, 2, 3, 0};
    return f;
}

/* Runs of indices, most of them of what may be transparent. */
static void make_runs(const struct picture *pic, uint8_t *pixels, uint64_t *seed)
{
    size_t n = picture_size(pic);
    int transparent = palette_transparent(&pic->palette);
    for (size_t i = 0; i < n;) {
        size_t end = i + 1 + noise(seed) % 30;
        bool hidden = transparent >= 0 && noise(seed) % 3 != 0;
        uint8_t index = (uint8_t)(hidden ? (uint64_t)transparent : noise(seed));
        for (; i < end && i < n; i++)
            pixels[i] = index;
    }
}

static enum status draw(struct player *p, const struct frame *f, const uint8_t *pixels)
{
    enum status st = player_begin(p, f);
    size_t stride = picture_stride(&f->pic);
    for (unsigned i = 0; i < f->order->count; i++) {
        const struct pass *pass = &f->order->pass[i];
        for (uint32_t row = 0; st == ST_OK && row < pass_height(pass, f->pic.height); row++)
            st = player_row(p, pass, row,
                            pixels + ((size_t)pass->y0 + (size_t)row * pass->dy) * stride);
    }
    return st;
}

/* Many frames: with a palette each, 65536 values do not suffice for their colors. */
static void test_frames(void **state)
{
    (void)state;
    struct context cx;
    struct player *p;
    struct model m = model_new(37, 23);
    uint64_t seed = 5;
    context_init(&cx);
    assert_int_equal(player_open(&cx, m.width, m.height, &p), ST_OK);
    for (int k = 0; k < 700; k++) {
        struct frame f = some_frame(&seed, m.width, m.height);
        uint8_t *pixels = make_noise(&f.pic, (uint64_t)k);
        if (k % 3 == 0)
            make_runs(&f.pic, pixels, &seed);
        assert_int_equal(draw(p, &f, pixels), ST_OK);
        expect_canvas(p->base, m.now);
        model_draw(&m, &f, pixels);
        expect_canvas(p->target, m.now);
        model_dispose(&m, &f);
        free(pixels);
    }
    assert_true(p->pool->generation > 0 && !p->pool->wide);
    player_close(p);
    model_free(&m);
    assert_nothing_held(&cx);
}

/* The canvas as rows shows what it holds. */
static void expect_rows(const struct canvas *c, const struct rgba8 *want)
{
    struct rows *rows;
    assert_int_equal(canvas_rows(c, &rows), ST_OK);
    assert_int_equal(rows->pic.layout, LAYOUT_INDEX8);
    uint8_t *pixels = make_bytes(picture_size(&rows->pic));
    assert_int_equal(read_rows(rows, pixels), ST_OK);
    for (size_t i = 0; i < (size_t)c->width * c->height; i++)
        assert_memory_equal(&rows->pic.palette.entry[pixels[i]], &want[i], sizeof *want);
    free(pixels);
    rows_close(rows);
}

/* 255 colors and transparency take a byte a pixel, for a color more canvases grow. */
static void test_slim(void **state)
{
    (void)state;
    struct context cx;
    struct player *p;
    struct model m = model_new(37, 23);
    uint64_t seed = 5;
    context_init(&cx);
    assert_int_equal(player_open_slim(&cx, m.width, m.height, &p), ST_OK);
    for (int k = 0; k < 60; k++) {
        struct frame f = some_frame(&seed, m.width, m.height);
        for (unsigned i = 0; i < 256; i++)
            f.pic.palette.entry[i] = (struct rgba8){(uint8_t)i, (uint8_t)(i * i), 7, 255};
        f.pic.palette.entry[255] = (struct rgba8){1, 2, 3, k < 50 ? 0 : 255};
        uint8_t *pixels = make_noise(&f.pic, (uint64_t)k);
        if (k % 3 == 0)
            make_runs(&f.pic, pixels, &seed);
        assert_int_equal(draw(p, &f, pixels), ST_OK);
        assert_int_equal(p->pool->slim, k < 50);
        expect_canvas(p->base, m.now);
        model_draw(&m, &f, pixels);
        expect_canvas(p->target, m.now);
        if (k < 50)
            expect_rows(p->target, m.now);
        model_dispose(&m, &f);
        free(pixels);
    }
    player_close(p);
    model_free(&m);
    assert_nothing_held(&cx);
}

static struct rgba8 pixel_color(const uint8_t *p)
{
    return (struct rgba8){p[0], p[1], p[2], 255};
}

/* More colors at once than there are values: the canvases grow wide and nothing changes. */
static void test_wide(void **state)
{
    (void)state;
    struct context cx;
    struct player *p;
    struct rows *rows;
    struct frame f = {.pic = make_picture(300, 300, LAYOUT_RGB8), .order = &interlace_none};
    uint8_t *pixels = make_noise(&f.pic, 9), *again = make_bytes(picture_size(&f.pic));
    struct rgba8 *want = calloc(300 * 300, sizeof *want);
    assert_non_null(want);
    for (size_t i = 0; i < 300 * 300; i++)
        want[i] = pixel_color(pixels + 3 * i);
    context_init(&cx);
    assert_int_equal(player_open(&cx, 300, 300, &p), ST_OK);
    assert_int_equal(draw(p, &f, pixels), ST_OK);
    assert_true(p->pool->wide);
    expect_canvas(p->target, want);

    struct frame dot = {.pic = make_picture(1, 1, LAYOUT_INDEX8), .x = 7, .y = 9};
    dot.order = &interlace_none;
    assert_int_equal(draw(p, &dot, (const uint8_t[]){3}), ST_OK);
    expect_canvas(p->base, want);
    want[9 * 300 + 7] = dot.pic.palette.entry[3];
    expect_canvas(p->target, want);
    struct rect r = rect_difference(p->base, p->target, canvas_whole(p->base));
    assert_true(r.x == 7 && r.y == 9 && r.width == 1 && r.height == 1);

    assert_int_equal(canvas_rows(p->base, &rows), ST_OK);
    assert_int_equal(rows->pic.layout, LAYOUT_RGB8);
    assert_int_equal(read_rows(rows, again), ST_OK);
    assert_memory_equal(again, pixels, picture_size(&f.pic));
    rows_close(rows);
    player_close(p);
    free(want);
    free(again);
    free(pixels);
    assert_nothing_held(&cx);
}

/* Rows of a canvas: indices while colors are few, and the same pixels either way. */
static void test_rows(void **state)
{
    (void)state;
    static const uint32_t colors[] = {1, 255, 256, 257};
    for (size_t k = 0; k < sizeof colors / sizeof *colors; k++) {
        struct context cx;
        struct color_pool *pool;
        struct canvas *c;
        struct rows *rows;
        context_init(&cx);
        assert_int_equal(color_pool_open(&cx, &pool), ST_OK);
        assert_int_equal(canvas_open(pool, 20, 20, &c), ST_OK);
        assert_int_equal(color_pool_reserve(pool, 256), ST_OK);
        for (uint32_t i = 0; i + 1 < colors[k]; i++)
            canvas_put(
                c, (i + 1) % 20, (i + 1) / 20,
                color_pool_value(pool, (struct rgba8){(uint8_t)i, 1, (uint8_t)(i >> 8), 255}));
        assert_int_equal(canvas_rows(c, &rows), ST_OK);
        bool few = colors[k] <= 256;
        assert_int_equal(rows->pic.layout, few ? LAYOUT_INDEX8 : LAYOUT_RGBA8);
        assert_int_equal(rows->pic.palette.count, few ? colors[k] : 256);
        uint8_t *pixels = make_bytes(picture_size(&rows->pic));
        for (int twice = 0; twice < 2; twice++) {
            assert_int_equal(read_rows(rows, pixels), ST_OK);
            for (uint32_t i = 0; i < 400; i++) {
                struct rgba8 want = color_pool_color(pool, canvas_at(c, i % 20, i / 20)), got;
                if (few)
                    got = rows->pic.palette.entry[pixels[i]];
                else
                    memcpy(&got, pixels + 4 * i, 4);
                assert_memory_equal(&got, &want, sizeof got);
            }
            assert_int_equal(rows_rewind(rows), ST_OK);
        }
        free(pixels);
        rows_close(rows);
        canvas_close(c);
        color_pool_close(pool);
        assert_nothing_held(&cx);
    }
}

/* Rectangles at every edge of a small canvas, by counting. */
static void test_rectangles(void **state)
{
    (void)state;
    struct context cx;
    struct color_pool *pool;
    struct canvas *a, *b;
    context_init(&cx);
    assert_int_equal(color_pool_open(&cx, &pool), ST_OK);
    assert_int_equal(canvas_open(pool, 3, 2, &a), ST_OK);
    assert_int_equal(canvas_open(pool, 3, 2, &b), ST_OK);
    for (int x = -3; x <= 4; x++)
        for (int y = -3; y <= 3; y++)
            for (uint32_t w = 1; w <= 4; w++)
                for (uint32_t h = 1; h <= 4; h++) {
                    struct rect r = canvas_clip(a, x, y, w, h);
                    uint32_t inside = 0;
                    for (int j = y; j < y + (int)h; j++)
                        for (int i = x; i < x + (int)w; i++)
                            inside += i >= 0 && j >= 0 && i < 3 && j < 2;
                    assert_int_equal(r.width * r.height, inside);
                    canvas_clear(a, (struct rect){0, 0, 3, 2});
                    for (uint32_t j = r.y; j < r.y + r.height; j++)
                        for (uint32_t i = r.x; i < r.x + r.width; i++)
                            canvas_put(a, i, j, 0x100); /* differs in its high byte */
                    struct rect d = rect_difference(a, b, canvas_whole(a));
                    if (inside != 0)
                        assert_memory_equal(&d, &r, sizeof d);
                    assert_int_equal(d.width * d.height, inside);
                    canvas_copy(b, a, r);
                    assert_int_equal(rect_difference(a, b, canvas_whole(a)).width, 0);
                    canvas_clear(b, r);
                }
    canvas_close(b);
    canvas_close(a);
    color_pool_close(pool);
    assert_nothing_held(&cx);
}

/* Colors blended: over what is there, or in its place. */
static void test_blend(void **state)
{
    (void)state;
    struct context cx;
    struct player *p;
    context_init(&cx);
    assert_int_equal(player_open(&cx, 2, 1, &p), ST_OK);
    struct frame f = {.pic = make_picture(2, 1, LAYOUT_RGBA8), .order = &interlace_none};
    assert_int_equal(draw(p, &f, (const uint8_t[]){10, 20, 30, 255, 0, 0, 0, 0}), ST_OK);
    assert_int_equal(draw(p, &f, (const uint8_t[]){110, 20, 30, 51, 9, 9, 9, 128}), ST_OK);
    expect_canvas(p->target, (const struct rgba8[]){{30, 20, 30, 255}, {9, 9, 9, 128}});
    f.replaces = true;
    assert_int_equal(draw(p, &f, (const uint8_t[]){1, 2, 3, 0, 4, 5, 6, 7}), ST_OK);
    expect_canvas(p->target, (const struct rgba8[]){{0, 0, 0, 0}, {4, 5, 6, 7}});
    player_close(p);
    assert_nothing_held(&cx);
}

/* user: NULL, or not for a slim pool */
static enum status play(struct context *cx, void *user)
{
    struct player *p;
    struct rows *rows = NULL;
    uint64_t seed = 8;
    enum status st = (user == NULL ? player_open : player_open_slim)(cx, 31, 17, &p);
    if (st != ST_OK)
        return st;
    for (int k = 0; st == ST_OK && k < 300; k++) {
        struct frame f = some_frame(&seed, 31, 17);
        uint8_t *pixels = make_noise(&f.pic, (uint64_t)k);
        st = draw(p, &f, pixels);
        free(pixels);
    }
    struct frame wide = {.pic = make_picture(31, 17, LAYOUT_RGB8), .order = &interlace_none};
    uint8_t *pixels = make_noise(&wide.pic, 2);
    if (st == ST_OK)
        st = draw(p, &wide, pixels);
    free(pixels);
    if (st == ST_OK)
        st = canvas_rows(p->target, &rows);
    rows_close(rows);
    player_close(p);
    return st;
}

static void test_faults(void **state)
{
    assert_true(sweep_kind(FAULT_ALLOC, ST_NOMEM, play, NULL) > 5);
    assert_true(sweep_kind(FAULT_ALLOC, ST_NOMEM, play, state) > 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_frames),     cmocka_unit_test(test_slim),
        cmocka_unit_test(test_wide),       cmocka_unit_test(test_rows),
        cmocka_unit_test(test_rectangles), cmocka_unit_test(test_blend),
        cmocka_unit_test(test_faults),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
