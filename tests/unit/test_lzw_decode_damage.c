/* SPDX-License-Identifier: MIT */
/* LZW decoding of streams that are damaged or go on: what was decoded before, and what is said. */
#include "lzw_decode_check.h"

static void check_damage(struct stream *s, size_t came, const char *why)
{
    uint8_t out[1000];
    for (size_t size = 1; size <= 255; size += 254) {
        struct feed f = feed_of(s, size);
        struct result r = decode(s->m, &f, out, sizeof out, 13);
        assert_int_equal(r.st, ST_DAMAGED);
        assert_int_equal(r.got, came);
        assert_string_equal(r.why, why);
    }
    assert_int_equal(check_stream(s, 1000), came);
    free(s->data);
}

static void test_damage(void **state)
{
    (void)state;
    static const char ends[] = "the data ends before the last pixel";
    for (unsigned m = 2; m <= 8; m++) {
        struct stream s = stream_new(m);
        check_damage(&s, 0, ends); /* no data at all */

        for (size_t bytes = 1; bytes < 20; bytes++) { /* cut off within a code, or after one */
            s = stream_new(m);
            size_t whole = 0;
            for (int i = 0; i < 160; i++) {
                put(&s, 1);
                whole += s.bits <= bytes * 8;
            }
            s.bits = bytes * 8;
            check_damage(&s, whole, ends);
        }

        s = stream_new(m);
        put(&s, s.clear);
        put(&s, 1);
        put(&s, s.clear + 1);
        put(&s, 1); /* never seen */
        check_damage(&s, 1, "the end code comes before the last pixel");

        s = stream_new(m);
        put(&s, s.clear + 1);
        check_damage(&s, 0, "the end code comes before the last pixel");

        s = stream_new(m);
        put(&s, s.clear + 2);
        check_damage(&s, 0, "the first code after a clear code is not a color");

        s = stream_new(m);
        put(&s, 0);
        put(&s, s.next + 1);
        check_damage(&s, 1, "a code beyond the table");

        s = stream_new(m); /* beyond it for having been cleared */
        put(&s, 0);
        for (int i = 0; i < 5; i++)
            put(&s, 1);
        put(&s, s.clear);
        put(&s, 1);
        put(&s, s.next + 1);
        check_damage(&s, 7, "a code beyond the table");
    }
}

/* What comes after the last pixel does not matter. */
static void test_after_the_end(void **state)
{
    (void)state;
    uint8_t out[8];
    struct stream s = stream_new(2);
    put(&s, 1);
    put(&s, s.next);
    put(&s, 7);
    struct feed f = feed_of(&s, 255);
    assert_int_equal(decode(2, &f, out, 3, 1).st, ST_OK);
    f = feed_of(&s, 255);
    assert_int_equal(decode(2, &f, out, 2, 2).st, ST_OK);
    free(s.data);
}

/* The source's own error comes when all before it has been handed out. */
static void test_block_error(void **state)
{
    (void)state;
    uint8_t out[16];
    struct stream s = stream_new(2);
    put(&s, 1);
    put(&s, s.next);
    struct feed f = feed_of(&s, 1);
    f.error = ST_IO;
    struct result r = decode(2, &f, out, sizeof out, 1);
    assert_int_equal(r.st, ST_IO);
    assert_int_equal(r.got, 3);
    assert_null(r.why);
    f = feed_of(&s, 1);
    r = decode(2, &f, out, sizeof out, 0);
    assert_int_equal(r.st, ST_DAMAGED);
    free(s.data);
}

/* Bits changed and bytes cut off at random. */
static void test_random_damage(void **state)
{
    (void)state;
    uint64_t seed = 4;
    for (int i = 0; i < 1500; i++) {
        struct stream s = draw(1 + noise(&seed) % 8, noise(&seed) % HABITS, noise(&seed) % 5000,
                               noise(&seed) % 3 == 0 ? 0 : noise(&seed) % 3000, noise(&seed) + 1);
        size_t n = count_pixels(&s, 200000);
        for (unsigned k = noise(&seed) % 4; k > 0; k--)
            s.data[noise(&seed) % stream_bytes(&s)] ^= (uint8_t)(1u << noise(&seed) % 8);
        if (noise(&seed) % 2 == 0)
            s.bits = noise(&seed) % (s.bits + 1);
        check_stream(&s, n + noise(&seed) % 2);
        free(s.data);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_damage),
        cmocka_unit_test(test_after_the_end),
        cmocka_unit_test(test_block_error),
        cmocka_unit_test(test_random_damage),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
