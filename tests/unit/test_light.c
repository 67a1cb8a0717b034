/* SPDX-License-Identifier: MIT */
/* Code values to linear light and back. */
#include "support.h"

#include "light_reference.h"
#include "transforms/light_run.h"

/* Every code value comes back, also a little off, and boundaries lie where the curve has them. */
static void test_light_comes_back(void **state)
{
    (void)state;
    for (unsigned bits = 8; bits <= 16; bits += 8) {
        struct context cx;
        context_init(&cx);
        struct light *l;
        assert_int_equal(light_open(&cx, bits, &l), ST_OK);
        int most = (1 << bits) - 1;
        for (int code = 0; code <= most; code++) {
            double exact = to_linear((double)code / most);
            assert_true(fabs(l->linear[code] - exact) <= exact * 6e-8);
            for (int i = -2; i <= 2; i++) {
                float v = l->linear[code] * (1.0f + (float)i * 1e-6f);
                assert_int_equal(bits == 8 ? light_encode8(l, v) : light_encode16(l, v), code);
            }
            float edge = (float)to_linear((code + 0.5) / most);
            for (int i = -1; i <= 1; i += 2) {
                float v = edge * (1.0f + (float)i * 2e-6f) + (bits == 8 ? (float)i * 4e-9f : 0);
                int want = code + (i > 0 && code < most);
                assert_int_equal(bits == 8 ? light_encode8(l, v) : light_encode16(l, v), want);
            }
        }
        static const float beyond[] = {-1e30f, -0.0f, 1.0f, 1.1f, 1e30f, INFINITY};
        for (size_t i = 0; i < sizeof beyond / sizeof *beyond; i++) {
            int want = beyond[i] > 0 ? most : 0;
            assert_int_equal(bits == 8 ? light_encode8(l, beyond[i]) : light_encode16(l, beyond[i]),
                             want);
        }
        light_close(&cx, l);
        assert_nothing_held(&cx);
    }
}

/* All ways to encode 8-bit samples are one. */
static void test_encoders_agree(void **state)
{
    (void)state;
    struct context cx;
    context_init(&cx);
    struct light *l;
    assert_int_equal(light_open(&cx, 8, &l), ST_OK);
    float v[4 * 131];
    uint8_t a[4 * 131 + 1], b[4 * 131 + 1], c[4 * 131 + 1];
    uint64_t seed = 5;
    for (uint32_t count = 0; count <= 131; count++) {
        for (size_t i = 0; i < sizeof v / sizeof *v; i++)
            v[i] = (float)noise(&seed) / 2.5e9f - 0.2f;
        memset(a, 1, sizeof a);
        memset(b, 1, sizeof b);
        memset(c, 1, sizeof c);
        light_encode_run(l, LAYOUT_RGB8, v, 4, a, count);
        light_encode_run(l, LAYOUT_GRAY8, v, 1, b, count * 4);
        l->simd = SIMD_NONE;
        light_encode_run(l, LAYOUT_GRAY8, v, 1, c, count * 4);
        l->simd = cx.simd;
        assert_memory_equal(b, c, sizeof b);
        for (uint32_t i = 0; i < count; i++)
            for (int k = 0; k < 4; k++) {
                assert_int_equal(b[i * 4 + k], light_encode8(l, v[i * 4 + k]));
                if (k < 3)
                    assert_int_equal(a[i * 3 + k], b[i * 4 + k]);
            }
        assert_int_equal(a[count * 3], 1);
        assert_int_equal(b[count * 4], 1);
    }
    light_close(&cx, l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_light_comes_back),
        cmocka_unit_test(test_encoders_agree),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
