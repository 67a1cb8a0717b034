/* SPDX-License-Identifier: MIT */
/* Codes in bytes and bytes of codes, beside counting them one by one. */
#include "support.h"

#include "animation/code_count.h"

/*
 * A greedy encoder that writes one code after another; the clear comes before the code behind it.
 */
struct count {
    unsigned clear, next, width;
    uint64_t bits;
};

static void begin_table(struct count *c, unsigned size)
{
    c->clear = 1u << size;
    c->next = c->clear + 1; /* the first code makes no entry */
    c->width = size + 1;
}

/* Bits of one more code. */
static void add_code(struct count *c, unsigned size)
{
    if (c->next == 4093) { /* the last codes are left alone */
        c->bits += 12;
        begin_table(c, size);
    }
    c->bits += c->width;
    c->next++;
    if (c->next == 1u << c->width && c->width < 12)
        c->width++;
}

#define CODES 30000u /* some tables full */

static void test_bytes_of_codes(void **state)
{
    (void)state;
    for (unsigned size = 2; size <= 8; size++) {
        struct count c = {.bits = 0};
        begin_table(&c, size);
        for (unsigned n = 0; n < CODES; n++) {
            uint64_t bits = c.bits + (n > 0 && c.next == 4093 ? 12 : 0); /* a full one is cleared */
            assert_int_equal(bytes_of_codes(n, size), bits / 8 * 256 / 255);
            add_code(&c, size);
        }
    }
}

/* As many as there is room for, but for the bytes that tell how long a sub-block is. */
static void test_codes_in_bytes(void **state)
{
    (void)state;
    for (unsigned size = 2; size <= 8; size++) {
        struct count c = {.bits = 0}, more;
        begin_table(&c, size);
        for (uint64_t bytes = 0, codes = 0; codes < CODES; bytes++) {
            for (more = c; add_code(&more, size), more.bits <= bytes * 8 * 255 / 256; codes++)
                c = more;
            assert_int_equal(codes_in_bytes(bytes, size), codes);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bytes_of_codes),
        cmocka_unit_test(test_codes_in_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
