/* SPDX-License-Identifier: MIT */
/* Clusters of colors: their longest axis; how they are cut, refined, spread for dithering. */
#include "support.h"

#include "color/cluster.h"

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_axis),
        cmocka_unit_test(test_clusters),
        cmocka_unit_test(test_spread),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
