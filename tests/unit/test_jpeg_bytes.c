/* SPDX-License-Identifier: MIT */
/* What JPEGs of several scans stand on: sources read at any place, spools that grow. */
#include "jpeg_reference.h"

#include "base/source.h"
#include "base/spool.h"

static void test_reading_at_a_place(void **state)
{
    (void)state;
    enum { BYTES = 40000 };
    uint8_t data[BYTES], out[100];
    uint64_t seed = 5;
    for (int i = 0; i < BYTES; i++)
        data[i] = (uint8_t)noise(&seed);
    for (int memory = 0; memory < 2; memory++) {
        struct context cx;
        struct source *src;
        size_t got;
        context_init(&cx);
        int fd = temp_fd(data, BYTES);
        assert_int_equal(lseek(fd, 1000, SEEK_SET), 1000); /* offsets count from here */
        assert_int_equal(memory ? source_open_memory(&cx, data + 1000, BYTES - 1000, &src)
                                : source_open_fd(&cx, fd, &src),
                         ST_OK);
        assert_true(source_can_pread(src));
        uint64_t skipped;
        assert_int_equal(source_skip(src, 20000, &skipped), ST_OK);
        static const uint64_t places[] = {0, 12345, 38900, 38999, 39000, 1 << 30};
        for (int i = 0; i < 6; i++) {
            size_t want = places[i] >= 39000        ? 0
                          : 39000 - places[i] < 100 ? 39000 - places[i]
                                                    : 100;
            assert_int_equal(source_pread(src, places[i], out, 100, &got), ST_OK);
            assert_int_equal(got, want);
            assert_memory_equal(out, data + 1000 + (want != 0 ? places[i] : 0), want);
        }
        assert_int_equal(source_offset(src), 20000);
        assert_int_equal(source_read(src, out, 10, &got), ST_OK);
        assert_memory_equal(out, data + 21000, 10);
        if (!memory) {
            cx.faults.read = 1;
            assert_int_equal(source_pread(src, 0, out, 1, &got), ST_IO);
        }
        source_close(src);
        close(fd);
    }
    struct context cx;
    struct source *src;
    struct blob b = {10, data};
    context_init(&cx);
    int fd = jpeg_pipe(&b);
    size_t got;
    assert_int_equal(source_open_fd(&cx, fd, &src), ST_OK);
    assert_false(source_can_pread(src));
    assert_int_equal(source_pread(src, 0, out, 1, &got), ST_BUG);
    source_close(src);
    close(fd);
}

static void test_a_spool_that_grows(void **state)
{
    (void)state;
    struct context cx;
    struct spool *s;
    uint8_t piece[5000], out[5000];
    context_init(&cx);
    assert_int_equal(spool_open_growing(&cx, SPOOL_MEMORY_BYTES, &s), ST_OK);
    uint64_t at = 0;
    for (unsigned i = 0; i < 80; i++, at += sizeof piece) {
        memset(piece, (int)i, sizeof piece);
        assert_int_equal(spool_write(s, at, piece, sizeof piece), ST_OK);
        assert_int_equal(cx.temp.in_use, at + 5000 > SPOOL_MEMORY_BYTES ? at + 5000 : 0);
    }
    assert_true(cx.mem.in_use < 1000);
    memset(piece, 0xaa, sizeof piece);
    assert_int_equal(spool_write(s, 7500, piece, sizeof piece), ST_OK); /* over what is there */
    assert_int_equal(cx.temp.in_use, at);
    for (unsigned i = 0; i < 80; i++) {
        assert_int_equal(spool_read(s, i * 5000u, out, 5000), ST_OK);
        assert_int_equal(out[100], i == 2 ? 0xaa : i);
        assert_int_equal(out[4900], i == 1 ? 0xaa : i);
    }
    assert_int_equal(spool_read(s, at - 1, out, 2), ST_BUG);
    spool_close(s);
    assert_nothing_held(&cx);

    context_init(&cx);
    assert_int_equal(spool_open_growing(&cx, SPOOL_MEMORY_BYTES, &s), ST_OK);
    assert_int_equal(spool_write(s, 1, piece, 1), ST_BUG); /* a gap */
    spool_close(s);

    context_init(&cx);
    assert_int_equal(spool_open_growing(&cx, 0, &s), ST_OK);
    assert_int_equal(spool_write(s, 0, piece, 1), ST_OK); /* in a file at once */
    assert_int_equal(cx.temp.in_use, 1);
    assert_int_equal(spool_read(s, 0, out, 1), ST_OK);
    assert_int_equal(out[0], piece[0]);
    spool_close(s);
    assert_nothing_held(&cx);

    context_init(&cx);
    cx.temp.limit = 300000;
    assert_int_equal(spool_open_growing(&cx, SPOOL_MEMORY_BYTES, &s), ST_OK);
    for (at = 0; at < 300000; at += 5000)
        assert_int_equal(spool_write(s, at, piece, 5000), ST_OK);
    assert_int_equal(spool_write(s, at, piece, 1), ST_LIMIT);
    spool_close(s);
    assert_nothing_held(&cx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reading_at_a_place),
        cmocka_unit_test(test_a_spool_that_grows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
