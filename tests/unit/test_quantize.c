/* SPDX-License-Identifier: MIT */
/* Palettes: exact where they can be, within bounds, the same everywhere, good where not exact. */
#include "support.h"

#include "color/cluster.h"
#include "color/diffuse.h"
#include "color/quantize.h"

struct request {
    enum layout layout;
    const uint8_t *pixels;
    uint32_t width, height;
    uint32_t max_colors;
    unsigned effort;
    struct palette palette;
    bool exact;
    double strength; /* of dithering; 0: none */
};

static enum status run(struct context *cx, void *user)
{
    struct request *q = user;
    struct histogram *h;
    enum status st = histogram_open(cx, &h);
    if (st != ST_OK)
        return st;
    for (uint32_t y = 0; y < q->height; y++)
        histogram_add(h, q->layout,
                      q->pixels + (size_t)y * q->width * layout_info(q->layout)->bytes, q->width);
    if (q->strength > 0)
        st = quantize_to_dither(cx, h, q->max_colors, q->effort, q->strength, &q->palette,
                                &q->exact);
    else
        st = quantize(cx, h, q->max_colors, q->effort, &q->palette, &q->exact);
    histogram_close(h);
    return st;
}

static void assert_sorted(const struct palette *p)
{
    for (uint32_t i = 1; i < p->count; i++) {
        const struct rgba8 *a = &p->entry[i - 1], *b = &p->entry[i];
        assert_int_equal(b->a, 255);
        if (a->a == 0)
            assert_int_equal(i, 1);
        else
            assert_true((a->r << 16 | a->g << 8 | a->b) < (b->r << 16 | b->g << 8 | b->b));
    }
}

static void choose(struct request *q)
{
    struct context cx;
    context_init(&cx);
    assert_int_equal(run(&cx, q), ST_OK);
    assert_nothing_held(&cx);
    assert_true(q->palette.count <= q->max_colors);
    assert_sorted(&q->palette);
}

static bool holds(const struct palette *p, uint8_t r, uint8_t g, uint8_t b)
{
    for (uint32_t i = 0; i < p->count; i++)
        if (p->entry[i].r == r && p->entry[i].g == g && p->entry[i].b == b && p->entry[i].a == 255)
            return true;
    return false;
}

/* count different colors of RGBA, some pixels of each. */
static uint8_t *make_colors(uint32_t count)
{
    uint8_t *p = make_bytes((size_t)count * 3 * 4);
    for (uint32_t i = 0; i < count * 3; i++) {
        uint32_t c = (i % count) * UINT32_C(0x9e3779b1) & 0xffffff;
        p[4 * i] = (uint8_t)(c >> 16);
        p[4 * i + 1] = (uint8_t)(c >> 8);
        p[4 * i + 2] = (uint8_t)c;
        p[4 * i + 3] = 255;
    }
    return p;
}

static void test_few_colors_are_exact(void **state)
{
    (void)state;
    static const uint32_t counts[] = {1, 2, 3, 16, 255, 256};
    for (size_t k = 0; k < sizeof counts / sizeof *counts; k++) {
        uint32_t n = counts[k];
        uint8_t *p = make_colors(n);
        struct request q = {LAYOUT_RGBA8, p, n, 3, 256, 1, {0}, false, 0};
        choose(&q);
        assert_true(q.exact);
        assert_int_equal(q.palette.count, n);
        for (uint32_t i = 0; i < n; i++)
            assert_true(holds(&q.palette, p[4 * i], p[4 * i + 1], p[4 * i + 2]));
        if (n >= 2) {
            q.max_colors = n;
            choose(&q);
            assert_true(q.exact);
            assert_int_equal(q.palette.count, n);
        }
        if (n >= 3) {
            q.max_colors = n - 1;
            choose(&q);
            assert_false(q.exact);
            assert_true(q.palette.count > 0);
        }
        free(p);
    }
}

static void test_one_too_many(void **state)
{
    (void)state;
    uint8_t *p = make_colors(257);
    struct request q = {LAYOUT_RGBA8, p, 257, 3, 256, 1, {0}, false, 0};
    choose(&q);
    assert_false(q.exact);
    assert_int_equal(q.palette.count, 256);
    uint32_t kept = 0;
    for (uint32_t i = 0; i < 257; i++)
        kept += holds(&q.palette, p[4 * i], p[4 * i + 1], p[4 * i + 2]);
    assert_true(kept >= 255); /* two merged, the rest are as they were */
    free(p);
}

static void test_transparent(void **state)
{
    (void)state;
    for (uint32_t n = 254; n <= 256; n++) {
        uint8_t *p = make_colors(n);
        p[4 * (2 * n) + 3] = 127; /* also in another row */
        p[4 * (2 * n)] = 1;
        struct request q = {LAYOUT_RGBA8, p, n, 3, 256, 1, {0}, false, 0};
        choose(&q);
        assert_int_equal(q.exact, n <= 255);
        assert_int_equal(q.palette.count, n <= 255 ? n + 1 : 256);
        assert_memory_equal(&q.palette.entry[0], (&(struct rgba8){0, 0, 0, 0}),
                            sizeof(struct rgba8));
        q.max_colors = 2;
        choose(&q);
        assert_int_equal(q.palette.count, 2);
        assert_int_equal(q.palette.entry[0].a, 0);
        free(p);
    }
    uint8_t clear[4 * 9] = {9, 8, 7, 0};
    struct request q = {LAYOUT_RGBA8, clear, 3, 3, 2, 1, {0}, false, 0};
    choose(&q);
    assert_true(q.exact);
    assert_int_equal(q.palette.count, 1);
    assert_int_equal(q.palette.entry[0].a, 0);
    assert_int_equal(q.palette.entry[0].r, 0);
}

/* Black is not taken for the transparent entry, nor the other way round. */
static void test_transparent_and_black(void **state)
{
    (void)state;
    uint8_t p[] = {0, 0, 0, 255, 0, 0, 0, 0};
    struct request q = {LAYOUT_RGBA8, p, 2, 1, 2, 1, {0}, false, 0};
    choose(&q);
    assert_true(q.exact);
    assert_int_equal(q.palette.count, 2);
    assert_int_equal(q.palette.entry[0].a, 0);
    assert_true(holds(&q.palette, 0, 0, 0));
}

/* Smooth, with noise; share of 256 pixels flat. */
static uint8_t *make_photo(uint32_t width, uint32_t height, uint32_t share)
{
    uint8_t *photo = make_bytes((size_t)width * height * 3), *p = photo;
    uint64_t seed = 99;
    for (uint32_t y = 0; y < height; y++)
        for (uint32_t x = 0; x < width; x++, p += 3) {
            uint32_t n = noise(&seed);
            bool flat = (x / 8 * 97 + y / 8 * 31) % 256 < share;
            p[0] = (uint8_t)(flat ? 17 : x * 223 / width + (n & 31));
            p[1] = (uint8_t)(flat ? 34 : y * 223 / height + (n >> 8 & 31));
            p[2] = (uint8_t)(flat ? 51 : (x + y) * 223 / (width + height) + (n >> 16 & 31));
        }
    return photo;
}

static void test_every_size_of_palette(void **state)
{
    (void)state;
    uint8_t *p = make_photo(40, 40, 0);
    struct request q = {LAYOUT_RGB8, p, 40, 40, 0, 0, {0}, false, 0};
    for (q.max_colors = 2; q.max_colors <= 256; q.max_colors++) {
        choose(&q);
        assert_false(q.exact);
        assert_int_equal(q.palette.count, q.max_colors);
    }
    free(p);
    struct context cx;
    context_init(&cx);
    q.max_colors = 1;
    q.height = 0;
    assert_int_equal(run(&cx, &q), ST_BUG);
    assert_nothing_held(&cx);
}

/* In few cells and in many; far from other colors of its cluster or not. */
static void test_dominant_color_survives(void **state)
{
    (void)state;
    static const uint32_t max_colors[] = {2, 3, 16, 64, 256};
    for (uint32_t share = 32; share <= 192; share += 80)
        for (size_t k = 0; k < sizeof max_colors / sizeof *max_colors; k++)
            for (uint32_t side = 64; side <= 256; side *= 4) {
                uint8_t *p = make_photo(side, side, share);
                struct request q = {LAYOUT_RGB8, p, side, side, max_colors[k], 1, {0}, false, 0};
                for (; q.strength < 1; q.strength += 0.5) {
                    choose(&q);
                    assert_false(q.exact);
                    if (share >= 160 || max_colors[k] >= 16)
                        assert_true(holds(&q.palette, 17, 34, 51));
                }
                free(p);
            }
}

/* Mean squared error in OKLab. */
static double error_of(const struct request *q)
{
    double sum = 0;
    uint32_t pixels = q->width * q->height;
    for (uint32_t i = 0; i < pixels; i++) {
        const uint8_t *p = q->pixels + 3 * i;
        struct oklab at = oklab_from_rgb(p[0], p[1], p[2]);
        uint32_t least = UINT32_MAX;
        for (uint32_t k = 0; k < q->palette.count; k++) {
            const struct rgba8 *e = &q->palette.entry[k];
            uint32_t d = oklab_distance(at, oklab_from_rgb(e->r, e->g, e->b));
            least = d < least ? d : least;
        }
        sum += least;
    }
    return sum / pixels;
}

/*
 * A plane of colors with noise: twice the colors make the squared error smaller by half or so,
 * and effort does not make it larger by more than chance.
 */
static void test_error(void **state)
{
    (void)state;
    uint8_t *p = make_photo(200, 200, 0);
    double last = 1e9;
    for (uint32_t max_colors = 4; max_colors <= 256; max_colors *= 2) {
        struct request q = {LAYOUT_RGB8, p, 200, 200, max_colors, 0, {0}, false, 0};
        choose(&q);
        double fast = error_of(&q);
        q.effort = 3;
        choose(&q);
        double slow = error_of(&q);
        assert_true(slow < fast * 1.002);
        assert_true(slow < last * 0.75);
        last = slow;
    }
    /* a palette that was not made for the picture */
    struct request cube = {LAYOUT_RGB8, p, 200, 200, 216, 0, {.count = 216}, false, 0};
    for (uint32_t i = 0; i < 216; i++)
        cube.palette.entry[i] = (struct rgba8){(uint8_t)(i / 36 * 51), (uint8_t)(i / 6 % 6 * 51),
                                               (uint8_t)(i % 6 * 51), 255};
    assert_true(last * 5 < error_of(&cube));
    free(p);
}

/* A pixel of each gray: the smallest weights there are must not keep clusters from being cut. */
static void test_one_pixel_a_color(void **state)
{
    (void)state;
    uint8_t p[256 * 3];
    for (unsigned i = 0; i < sizeof p; i++)
        p[i] = (uint8_t)(i / 3);
    struct request q = {LAYOUT_RGB8, p, 16, 16, 0, 1, {0}, false, 0};
    for (q.max_colors = 2; q.max_colors < 256; q.max_colors += 31) {
        choose(&q);
        assert_int_equal(q.palette.count, q.max_colors);
    }
}

/* All that there are: the histogram has to become coarse, the palette has to span the cube. */
static void test_every_color(void **state)
{
    (void)state;
    struct context cx;
    struct histogram *h;
    static uint8_t row[3 * 65536];
    context_init(&cx);
    for (unsigned dither = 0; dither < 2; dither++) {
        struct palette palette;
        bool exact = true;
        assert_int_equal(histogram_open(&cx, &h), ST_OK);
        for (uint32_t r = 0; r < 256; r++) {
            for (uint32_t i = 0; i < 65536; i++) {
                row[3 * i] = (uint8_t)r;
                row[3 * i + 1] = (uint8_t)(i >> 8);
                row[3 * i + 2] = (uint8_t)i;
            }
            histogram_add(h, LAYOUT_RGB8, row, 65536);
        }
        assert_int_equal(dither ? quantize_to_dither(&cx, h, 256, 0, 0.7, &palette, &exact)
                                : quantize(&cx, h, 256, 0, &palette, &exact),
                         ST_OK);
        histogram_close(h);
        assert_false(exact);
        assert_int_equal(palette.count, 256);
        for (uint32_t i = 0; i < 8; i++) { /* no corner is far from an entry */
            uint32_t nearest = UINT32_MAX;
            for (uint32_t k = 0; k < 256; k++) {
                const struct rgba8 *e = &palette.entry[k];
                uint32_t d = oklab_distance(
                    oklab_from_rgb(i & 1 ? 255 : 0, i & 2 ? 255 : 0, i & 4 ? 255 : 0),
                    oklab_from_rgb(e->r, e->g, e->b));
                nearest = d < nearest ? d : nearest;
            }
            assert_true(square_root(nearest) < OKLAB_ONE / 4);
        }
    }
    assert_true(cx.mem.peak < 1536 * 1024);
    assert_nothing_held(&cx);
}

static uint32_t checksum(const struct palette *p)
{
    uint32_t sum = 2166136261u; /* FNV-1a */
    for (uint32_t i = 0; i < p->count; i++) {
        const uint8_t bytes[4] = {p->entry[i].r, p->entry[i].g, p->entry[i].b, p->entry[i].a};
        for (unsigned k = 0; k < 4; k++)
            sum = (sum ^ bytes[k]) * 16777619u;
    }
    return sum;
}

/* These palettes are the same on every machine, with every compiler and every option. */
static void test_same_everywhere(void **state)
{
    (void)state;
    static const struct {
        uint32_t max_colors, effort;
        double strength;
        uint32_t sum;
    } want[] = {{256, 0, 0, UINT32_C(0x0c504ee7)},   {256, 1, 0, UINT32_C(0x51492edb)},
                {256, 3, 0, UINT32_C(0xb44ad117)},   {64, 1, 0, UINT32_C(0x1e1cf12d)},
                {16, 1, 0, UINT32_C(0x4cf539b0)},    {2, 1, 0, UINT32_C(0x63a5353d)},
                {256, 1, 0.7, UINT32_C(0xd67a9dd2)}, {16, 1, 0.7, UINT32_C(0x92f37bd5)},
                {2, 3, 1, UINT32_C(0x7e426e2b)}};
    uint8_t *p = make_photo(300, 200, 20);
    for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
        struct request q = {
            LAYOUT_RGB8,     p, 300, 200, want[i].max_colors, want[i].effort, {0}, false,
            want[i].strength};
        choose(&q);
        assert_int_equal(checksum(&q.palette), want[i].sum);
        q.width = 60000; /* other rows, same pixels */
        q.height = 1;
        choose(&q);
        assert_int_equal(checksum(&q.palette), want[i].sum);
    }
    free(p);
}

static void test_no_memory(void **state)
{
    (void)state;
    uint8_t *p = make_photo(60, 60, 0);
    struct request q = {LAYOUT_RGB8, p, 60, 60, 256, 1, {0}, false, 0};
    assert_true(sweep_kind(FAULT_ALLOC, ST_NOMEM, run, &q) > 6);
    q.strength = 1;
    assert_true(sweep_kind(FAULT_ALLOC, ST_NOMEM, run, &q) > 7);
    q.width = q.height = 3;
    sweep_kind(FAULT_ALLOC, ST_NOMEM, run, &q);
    free(p);
}

/* At any one time: what the histogram says it takes, and what comes after it is less. */
static void test_memory(void **state)
{
    (void)state;
    uint8_t *p = make_photo(512, 512, 0);
    struct context cx;
    context_init(&cx);
    struct request q = {LAYOUT_RGB8, p, 512, 512, 256, 1, {0}, false, 0};
    assert_int_equal(run(&cx, &q), ST_OK);
    assert_true(cx.mem.peak < 1024 * 1024);
    free(p);
}

static void test_axis(void **state)
{
    (void)state;
    static const int16_t along[][3] = {{3, 4, 0}, {-100, 7, 3000}, {1, 1, 1}, {32767, -9000, 10000},
                                       {0, 0, 1}, {0, -8, 0}};
    for (size_t k = 0; k < sizeof along / sizeof *along; k++)
        for (unsigned shift = 0; shift <= 28; shift += 7) {
            const uint32_t weight = 1u << shift;
            struct moments m = {{0}};
            const struct oklab zero = {0, 0, 0};
            struct oklab at = {along[k][0], along[k][1], along[k][2]};
            moments_add(&m, at, zero, weight);
            int32_t axis[3];
            double length2 = oklab_distance(at, zero), scatter = (double)principal_axis(&m, axis);
            double dot =
                ((double)axis[0] * at.l + (double)axis[1] * at.a + (double)axis[2] * at.b) /
                AXIS_ONE;
            assert_true(dot * dot > length2 * 0.998 && dot * dot < length2 * 1.002);
            assert_true(scatter > length2 * weight * 0.99 - 1 && scatter < length2 * weight * 1.01);
        }
    struct moments none = {{0}};
    int32_t axis[3];
    assert_int_equal(principal_axis(&none, axis), 0);
}

/* Mean squared error in code values of the means of blocks of 4 x 4, dithered. */
static double mixed_error_of(const struct request *q)
{
    struct context cx;
    struct diffuser *d;
    context_init(&cx);
    uint8_t *index = make_bytes((size_t)q->width * q->height);
    uint8_t *row = make_bytes((size_t)q->width * 3 + 1);
    assert_int_equal(diffuser_open(&cx, &q->palette, q->width, 0.7, &d), ST_OK);
    for (uint32_t y = 0; y < q->height; y++) {
        memcpy(row, q->pixels + (size_t)y * q->width * 3, (size_t)q->width * 3);
        diffuser_row(d, LAYOUT_RGB8, row, index + (size_t)y * q->width);
    }
    diffuser_close(d);
    double sum = 0;
    for (uint32_t y = 0; y + 4 <= q->height; y += 4)
        for (uint32_t x = 0; x + 4 <= q->width; x += 4) {
            int off[3] = {0};
            for (uint32_t i = 0; i < 16; i++) {
                size_t at = (size_t)(y + i / 4) * q->width + x + i % 4;
                const struct rgba8 *e = &q->palette.entry[index[at]];
                off[0] += e->r - q->pixels[3 * at];
                off[1] += e->g - q->pixels[3 * at + 1];
                off[2] += e->b - q->pixels[3 * at + 2];
            }
            sum += off[0] * off[0] + off[1] * off[1] + off[2] * off[2];
        }
    free(row);
    free(index);
    return sum;
}

/* What is mixed from colors chosen for it comes nearer than what is mixed from others. */
static void test_mixes(void **state)
{
    (void)state;
    uint8_t *p = make_photo(200, 200, 0);
    for (uint32_t max_colors = 4; max_colors <= 256; max_colors *= 4) {
        struct request q = {LAYOUT_RGB8, p, 200, 200, max_colors, 1, {0}, false, 0};
        choose(&q);
        double plain = mixed_error_of(&q);
        q.strength = 0.7;
        choose(&q);
        assert_true(mixed_error_of(&q) < plain * 0.8);
    }
    free(p);
}

/*
 * Grays from 1/4 to 3/4: two centers move apart from where the error of single pixels is least, so
 * that more can be mixed. One that is fixed does not move, one that is alone stays in the middle.
 */
static void test_spread(void **state)
{
    (void)state;
    struct color_point points[65];
    struct context cx;
    context_init(&cx);
    for (unsigned fix = 0; fix < 3; fix++) {
        struct oklab center[2] = {{OKLAB_ONE * 3 / 8, 0, 0}, {OKLAB_ONE * 5 / 8, 0, 0}};
        const bool fixed[2] = {fix == 1, false};
        for (int i = 0; i <= 64; i++) {
            struct oklab at = {(int16_t)(OKLAB_ONE / 4 + OKLAB_ONE / 128 * i), 0, 0};
            points[i] = (struct color_point){at, fix < 2 && i >= 32, 1000, 1000};
        }
        const uint32_t count = fix < 2 ? 2 : 1;
        assert_int_equal(cluster_spread(&cx, points, 65, 20, 0.7, fixed, center, count), ST_OK);
        if (fix == 1)
            assert_int_equal(center[0].l, OKLAB_ONE * 3 / 8);
        else if (fix == 0)
            assert_in_range(center[0].l, OKLAB_ONE / 5, OKLAB_ONE * 7 / 20);
        if (count == 1)
            assert_in_range(center[0].l, OKLAB_ONE * 2 / 5, OKLAB_ONE * 3 / 5);
        else
            assert_in_range(center[1].l, OKLAB_ONE * 13 / 20, OKLAB_ONE * 4 / 5);
        for (uint32_t i = 0; i < 65; i++)
            assert_true(points[i].cluster < count);
    }
    assert_nothing_held(&cx);
}

static struct color_point *make_points(uint32_t n, uint64_t seed)
{
    struct color_point *points = (struct color_point *)(void *)make_bytes(n * sizeof *points);
    for (uint32_t i = 0; i < n; i++) {
        uint32_t a = noise(&seed), b = noise(&seed);
        points[i].at = oklab_from_rgb(a & 255, (a >> 8 & 127) + (a & 127), a >> 24);
        points[i].weight = 1 + b % 1000 * (b >> 31) * 10;
        points[i].cluster = 0;
    }
    return points;
}

static double cluster_error(const struct color_point *points, uint32_t n,
                            const struct oklab *center, uint32_t count)
{
    double sum = 0;
    for (uint32_t i = 0; i < n; i++) {
        assert_true(points[i].cluster < count);
        sum += (double)oklab_distance(points[i].at, center[points[i].cluster]) * points[i].weight;
    }
    return sum;
}

/* In the end no center is nearer than the point's own; the error has not grown. */
static void test_clusters(void **state)
{
    (void)state;
    static const uint32_t sizes[] = {1, 2, 3, 10, 257, 1000, 5000};
    for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++)
        for (uint32_t want = 1; want <= 256; want += want < 8 ? 1 : 62) {
            uint32_t n = sizes[k], count;
            struct context cx;
            context_init(&cx);
            struct color_point *points = make_points(n, n + want);
            struct oklab center[CLUSTERS_MAX];
            assert_int_equal(cluster_cut(&cx, points, n, want, center, &count), ST_OK);
            assert_in_range(count, 1, want);
            assert_true(count <= n);
            double before = cluster_error(points, n, center, count);
            assert_int_equal(cluster_refine(&cx, points, n, 20, center, count), ST_OK);
            assert_true(cluster_error(points, n, center, count) <= before);
            for (uint32_t i = 0; i < n; i++) {
                uint32_t own = oklab_distance(points[i].at, center[points[i].cluster]);
                for (uint32_t c = 0; c < count; c++)
                    assert_true(oklab_distance(points[i].at, center[c]) >= own);
            }
            assert_nothing_held(&cx);
            free(points);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_few_colors_are_exact),
        cmocka_unit_test(test_one_too_many),
        cmocka_unit_test(test_transparent),
        cmocka_unit_test(test_transparent_and_black),
        cmocka_unit_test(test_every_size_of_palette),
        cmocka_unit_test(test_one_pixel_a_color),
        cmocka_unit_test(test_every_color),
        cmocka_unit_test(test_dominant_color_survives),
        cmocka_unit_test(test_error),
        cmocka_unit_test(test_same_everywhere),
        cmocka_unit_test(test_no_memory),
        cmocka_unit_test(test_memory),
        cmocka_unit_test(test_axis),
        cmocka_unit_test(test_clusters),
        cmocka_unit_test(test_mixes),
        cmocka_unit_test(test_spread),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
