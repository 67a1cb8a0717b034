/* SPDX-License-Identifier: MIT */
/* Pictures painted over each other: what stays, what is drawn, and how long a palette lasts. */
#include "movie_job.h"

#include "animation/painter.h"
#include "canvas_pixel.h"

#define SIDE 48u
#define PIXELS (SIDE * SIDE)

/* The canvases of a recorder, and what a viewer sees. */
struct scene {
    struct context cx;
    struct color_pool *pool;
    struct canvas *before, *after;
    struct painter *painter;
    struct rgba8 seen[PIXELS];
    struct painting painting;
    uint32_t most;         /* entries of a palette */
    size_t changed, drawn; /* pixels of the last picture */
};

static void scene_open(struct scene *s)
{
    memset(s, 0, sizeof *s);
    s->most = 32; /* far fewer than there are colors in so small a picture */
    context_init(&s->cx);
    assert_int_equal(color_pool_open(&s->cx, &s->pool), ST_OK);
    assert_int_equal(canvas_open(s->pool, SIDE, SIDE, &s->before), ST_OK);
    assert_int_equal(canvas_open(s->pool, SIDE, SIDE, &s->after), ST_OK);
    assert_int_equal(painter_open(&s->cx, SIDE, SIDE, &s->painter), ST_OK);
}

static void scene_close(struct scene *s)
{
    painter_close(s->painter);
    canvas_close(s->before);
    canvas_close(s->after);
    color_pool_close(s->pool);
    assert_nothing_held(&s->cx);
}

static void show(struct scene *s, const struct rgba8 *picture)
{
    canvas_copy(s->before, s->after, (struct rect){0, 0, SIDE, SIDE});
    for (uint32_t i = 0; i < PIXELS; i++) {
        assert_int_equal(color_pool_reserve(s->pool, 1), ST_OK);
        canvas_put(s->after, i % SIDE, i / SIDE, color_pool_value(s->pool, picture[i]));
    }
}

static uint32_t seen_distance(const struct rgba8 *a, const struct rgba8 *b)
{
    return oklab_distance(seen_color(*a), seen_color(*b));
}

/* By a search through all opaque entries. */
static const struct rgba8 *nearest(const struct palette *p, const struct rgba8 *color)
{
    const struct rgba8 *best = NULL;
    uint32_t least = UINT32_MAX;
    struct oklab c = oklab_from_rgb(color->r, color->g, color->b);
    for (uint32_t i = 0; i < p->count; i++) {
        const struct rgba8 *e = &p->entry[i];
        uint32_t d = oklab_distance(c, oklab_from_rgb(e->r, e->g, e->b));
        if (e->a != 0 && d < least) {
            least = d;
            best = e;
        }
    }
    return best;
}

/* Shows a picture, draws what is painted, and holds that against what the header says. */
static void paint(struct scene *s, const struct rgba8 *picture, bool first)
{
    struct change change = {first ? NULL : s->before, s->after, {0, 0, SIDE, SIDE}, false};
    show(s, picture);
    change.before = first ? NULL : s->before;
    assert_int_equal(painter_paint(s->painter, &change, s->most, &s->painting), ST_OK);
    const struct palette *p = s->painting.palette;
    const struct rect r = s->painting.rect;
    uint64_t sum = 0, sampled = 0;
    uint32_t value;
    for (uint32_t y = 0; y < SIDE; y += 4) {
        const struct change_line line = change_line(&change, y);
        for (uint32_t x = 0; x < SIDE; x++)
            if (line_draws(&line, x, &value)) {
                sum += seen_distance(&picture[y * SIDE + x], nearest(p, &picture[y * SIDE + x]));
                sampled++;
            }
    }
    const uint64_t error = sampled == 0 ? 0 : sum / sampled;
    s->changed = s->drawn = 0;
    for (uint32_t y = 0; y < SIDE; y++) {
        const struct change_line line = change_line(&change, y);
        for (uint32_t x = 0; x < SIDE; x++) {
            const uint32_t i = y * SIDE + x;
            bool inside = x >= r.x && x < r.x + r.width && y >= r.y && y < r.y + r.height;
            const struct rgba8 *entry = &p->entry[painter_row(s->painter, y)[x]];
            bool draws = entry->a != 0;
            assert_true(inside || !draws);
            if (!line_draws(&line, x, &value)) {
                assert_false(draws);
                continue;
            }
            const struct rgba8 *best = nearest(p, &picture[i]);
            if (draws) {
                assert_memory_equal(entry, best, 4);
                s->seen[i] = *entry;
            }
            uint64_t off = seen_distance(&picture[i], &s->seen[i]);
            assert_true(off <= seen_distance(&picture[i], best) || off <= HOLD_PIXEL * error);
            s->changed++;
            s->drawn += draws;
        }
    }
}

/* Shades with noise on all but the last rows, which never change. */
static void film(struct rgba8 *out, unsigned number, unsigned noisy, unsigned brighter)
{
    uint64_t seed = number + 1;
    for (uint32_t i = 0; i < PIXELS; i++) {
        uint32_t x = i % SIDE, y = i / SIDE, up = brighter;
        unsigned v[3] = {40 + 3 * x, 60 + 2 * y + x / 2, 90 + x + y};
        for (unsigned c = 0; c < 3; c++)
            v[c] += y >= SIDE - 8 ? 0 : up + (noisy == 0 ? 0 : noise(&seed) % noisy);
        out[i] = (struct rgba8){(uint8_t)v[0], (uint8_t)v[1], (uint8_t)v[2], 255};
    }
}

static void test_noise(void **state)
{
    (void)state;
    struct rgba8 picture[PIXELS];
    struct scene s;
    scene_open(&s);
    film(picture, 0, 9, 0);
    paint(&s, picture, true);
    assert_int_equal(s.drawn, PIXELS);
    struct palette last = *s.painting.palette;
    size_t changed = 0, drawn = 0, palettes = 1;
    for (unsigned i = 1; i < 10; i++) {
        film(picture, i, 9, 0);
        paint(&s, picture, false);
        palettes += memcmp(s.painting.palette, &last, sizeof last) != 0;
        last = *s.painting.palette;
        changed += s.changed;
        drawn += s.drawn;
    }
    assert_true(changed > 9 * (PIXELS - 8 * SIDE) * 9 / 10);
    assert_true(drawn < changed / 2);
    assert_true(palettes <= 2); /* the rows that never change counted for the first one */
    scene_close(&s);
}

/* What gets brighter step by step, each smaller than any bound, does so to the eye. */
static void test_fade(void **state)
{
    (void)state;
    struct rgba8 picture[PIXELS];
    struct scene s;
    scene_open(&s);
    s.most = 256;
    for (unsigned i = 0; i < 40; i++) {
        film(picture, i, 5, i);
        paint(&s, picture, i == 0);
        int64_t off = 0;
        for (uint32_t k = 0; k < PIXELS - 8 * SIDE; k++)
            off += seen_color(picture[k]).l - seen_color(s.seen[k]).l;
        off /= PIXELS - 8 * SIDE;
        assert_true(off < OKLAB_ONE / 200 && off > -OKLAB_ONE / 200);
    }
    scene_close(&s);
}

/* Another scene gets another palette; and so does one that loses little, but could lose nothing. */
static void test_cut(void **state)
{
    (void)state;
    struct rgba8 picture[PIXELS];
    struct scene s;
    scene_open(&s);
    film(picture, 0, 9, 0);
    paint(&s, picture, true);
    const struct palette first = *s.painting.palette;
    for (uint32_t i = 0; i < PIXELS; i++)
        picture[i] = (struct rgba8){picture[i].b, picture[i].r / 2, picture[i].g / 4, 255};
    paint(&s, picture, false);
    assert_memory_not_equal(s.painting.palette, &first, sizeof first);
    const struct palette second = *s.painting.palette;
    for (uint32_t i = 0; i < PIXELS; i++)
        picture[i] = second.entry[1 + i % (second.count / 2)];
    for (uint32_t i = 0; i < PIXELS; i++)
        picture[i].g ^= 3;
    paint(&s, picture, false);
    assert_memory_not_equal(s.painting.palette, &second, sizeof second);
    scene_close(&s);
}

/* A palette that was given stays. */
static void test_given(void **state)
{
    (void)state;
    struct rgba8 picture[PIXELS];
    struct palette given = {.count = 27};
    struct color_map *map;
    struct scene s;
    for (uint32_t i = 1; i < 27; i++)
        given.entry[i] = (struct rgba8){(uint8_t)(i % 3 * 110), (uint8_t)(i / 3 % 3 * 110),
                                        (uint8_t)(i / 9 * 110), 255};
    scene_open(&s);
    assert_int_equal(color_map_open(&s.cx, &given, false, &map), ST_OK);
    painter_give(s.painter, &given, map);
    for (unsigned i = 0; i < 5; i++) {
        film(picture, i, 9, 20 * i);
        paint(&s, picture, i == 0);
        assert_memory_equal(s.painting.palette, &given, sizeof given);
    }
    color_map_close(map);
    scene_close(&s);
}

/* What was drawn without the painter is held like what it drew; what was cleared is gone. */
static void test_note(void **state)
{
    (void)state;
    struct rgba8 picture[PIXELS];
    struct scene s;
    scene_open(&s);
    film(picture, 0, 9, 0);
    show(&s, picture);
    painter_note(s.painter, &(struct change){NULL, s.after, {0, 0, SIDE, SIDE}, false});
    memcpy(s.seen, picture, sizeof picture);
    film(picture, 1, 9, 0);
    paint(&s, picture, false);
    assert_true(s.drawn < s.changed / 2);
    film(picture, 2, 0, 0);
    paint(&s, picture, true);
    assert_int_equal(s.drawn, PIXELS);
    paint(&s, picture, false);
    assert_int_equal(s.changed, 0);
    assert_int_equal(s.painting.rect.width * s.painting.rect.height, 1);
    scene_close(&s);
}

static struct blob film_picture(unsigned number, unsigned brighter)
{
    struct rgba8 picture[PIXELS];
    struct picture pic = {SIDE, SIDE, LAYOUT_RGBA8, {0}};
    struct encode_options options = {.compression = 1};
    film(picture, number, 9, brighter);
    return encode(&format_png, &pic, &options, (uint8_t *)picture);
}

/*
 * Films to GIF: a palette is shared, the rows that never change are the same in all frames, and
 * noise takes few bytes.
 */
static void test_film(void **state)
{
    (void)state;
    struct blob in[12], out[2];
    struct job job = job_to(&format_gif);
    for (unsigned still = 0; still < 2; still++) {
        for (unsigned i = 0; i < 12; i++)
            in[i] = film_picture(i, still != 0 ? 0 : 3 * i);
        out[still] = join_movie(&job, in, 12);
        assert_true(out[still].data[10] & 0x80); /* the first palette is the global one */
        struct shown got = play(&out[still]);
        assert_int_equal(got.count, 12);
        for (size_t i = 1; i < 12; i++)
            assert_memory_equal(got.pixels + (i + 1) * PIXELS - 8 * SIDE,
                                got.pixels + PIXELS - 8 * SIDE, sizeof(struct rgba8) * 8 * SIDE);
        shown_free(&got);
        struct joined few = {job, in, 3, NULL};
        if (still != 0)
            sweep_faults(run_join, &few);
        for (unsigned i = 0; i < 12; i++)
            blob_free(&in[i]);
    }
    assert_true(out[1].bytes < out[0].bytes * 5 / 6);
    blob_free(&out[0]);
    blob_free(&out[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_noise), cmocka_unit_test(test_fade),
                                       cmocka_unit_test(test_cut),   cmocka_unit_test(test_given),
                                       cmocka_unit_test(test_note),  cmocka_unit_test(test_film)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
