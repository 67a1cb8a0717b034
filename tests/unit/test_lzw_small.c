/* SPDX-License-Identifier: MIT */
/* Level 1 of small pictures: parsed again where that pays, up to a size, within the memory. */
#include "lzw_check.h"

#define SMALL (128u * 1024)
#define MEMORY (512u << 10)

/* Lines of text in a font of random letters, on a ground with a frame. */
static void draw_text(uint8_t *p, uint32_t width, uint32_t height)
{
    enum { LETTERS = 12, HIGH = 9, WIDE = 6, LINE = HIGH + 3 };
    uint8_t letter[LETTERS][HIGH][WIDE];
    uint32_t seed = 1;
    for (size_t i = 0; i < sizeof letter; i++) {
        uint32_t ink = next_random(&seed) % 4;
        (&letter[0][0][0])[i] = (uint8_t)(ink < 2 ? 0 : ink);
    }
    for (uint32_t y = 0; y < height; y++)
        for (uint32_t x = 0; x < width; x++) {
            uint32_t place = y / LINE * 1000 + x / WIDE, which = place;
            next_random(&which);
            uint32_t down = y % LINE;
            uint8_t ink = down < HIGH ? letter[(which >> 8) % LETTERS][down][x % WIDE] : 0;
            p[(size_t)y * width + x] = x < 3 || y < 3 ? 5 : ink;
        }
}

/* The pictures one after another by one encoder; the caller frees what comes out. */
static void encode_pictures(bool frames, uint32_t width, const uint8_t *const *p, const size_t *n,
                            size_t pictures, size_t chunk, struct coded *out)
{
    struct context cx, other; /* the encoder's memory apart from that of what it writes */
    context_init(&cx);
    context_init(&other);
    struct lzw_encoder *z = NULL;
    for (size_t i = 0; i < pictures; i++) {
        struct sink *sink;
        assert_int_equal(sink_open_memory(&other, &sink), ST_OK);
        enum status st = z != NULL ? lzw_encoder_restart(z, sink, 8, width)
                         : frames  ? lzw_encoder_open_frames(&cx, sink, 8, width, 1, &z)
                                   : lzw_encoder_open(&cx, sink, 8, width, 1, &z);
        assert_int_equal(st, ST_OK);
        for (size_t at = 0; at < n[i]; at += chunk)
            assert_int_equal(lzw_encoder_write(z, p[i] + at, chunk < n[i] - at ? chunk : n[i] - at),
                             ST_OK);
        assert_int_equal(lzw_encoder_finish(z), ST_OK);
        const uint8_t *data = sink_data(sink, &out[i].n);
        out[i].bytes = malloc(out[i].n);
        memcpy(out[i].bytes, data, out[i].n);
        sink_close(sink);
    }
    lzw_encoder_close(z);
    assert_int_equal(cx.mem.in_use, 0);
    assert_int_equal(other.mem.in_use, 0);
    for (size_t i = 0; i < pictures; i++)
        out[i].peak = cx.mem.peak;
}

static struct coded encode_one(bool frames, uint32_t width, const uint8_t *p, size_t n,
                               size_t chunk)
{
    struct coded c;
    encode_pictures(frames, width, &p, &n, 1, chunk, &c);
    return c;
}

static void assert_same(const struct coded *a, const struct coded *b)
{
    assert_int_equal(a->n, b->n);
    assert_memory_equal(a->bytes, b->bytes, a->n);
}

/* The last pixel that makes a picture large, and those around it. */
static void test_edge(void **state)
{
    (void)state;
    enum { W = 256, H = 520 };
    uint8_t *p = malloc(W * H);
    draw_text(p, W, H / 2);
    memset(p + W * H / 2, 0, W * H / 2);
    for (size_t n = SMALL - 1; n <= SMALL + 1; n++) {
        struct coded c = encode_one(false, W, p, n, 1000), frame = encode_one(true, W, p, n, 1000);
        struct coded whole = encode_one(false, W, p, n, n);
        check_ours(&c, 8, p, n);
        assert_same(&c, &whole);
        if (n <= SMALL)
            assert_true(c.n < frame.n);
        else
            assert_same(&c, &frame);
        free(c.bytes);
        free(frame.bytes);
        free(whole.bytes);
    }
    free(p);
}

/* Text of all sizes gets smaller; the exact bytes, so that one more is seen. */
static void test_sizes(void **state)
{
    (void)state;
    static const struct {
        uint32_t side;
        size_t frame, bytes;
    } expected[] = {{16, 104, 102},    {32, 297, 289},    {64, 904, 897},
                    {100, 1928, 1873}, {180, 5117, 4546}, {256, 9141, 8212}};
    uint8_t *p = malloc(SMALL);
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        uint32_t side = expected[i].side;
        size_t n = (size_t)side * side;
        draw_text(p, side, side);
        struct coded c = encode_one(false, side, p, n, side);
        struct coded frame = encode_one(true, side, p, n, side);
        check_decoded(&c, 8, side, side, p);
        check_ours(&c, 8, p, n);
        if (c.n != expected[i].bytes || frame.n != expected[i].frame)
            print_error("%u x %u: %zu bytes, of a frame %zu\n", side, side, c.n, frame.n);
        assert_int_equal(c.n, expected[i].bytes);
        assert_int_equal(frame.n, expected[i].frame);
        free(c.bytes);
        free(frame.bytes);
    }
    free(p);
}

/* Noise, of which the race keeps much unwritten, has the most bytes: it is not parsed again. */
static void test_noise(void **state)
{
    (void)state;
    uint8_t *p = malloc(SMALL);
    for (unsigned colors = 4; colors <= 256; colors *= 4)
        for (size_t n = 1024; n <= SMALL; n *= 2) {
            draw_noise(p, n, colors, 5);
            struct coded c = encode_one(false, 64, p, n, n);
            check_ours(&c, 8, p, n);
            assert_true(c.peak <= MEMORY);
            free(c.bytes);
        }
    free(p);
}

/* Pictures that an encoder has coded before leave no trace, and nothing is a picture, too. */
static void test_restart(void **state)
{
    (void)state;
    enum { W = 300, H = 300, PICTURES = 5 };
    uint8_t *text = malloc(W * H), *noise = malloc(W * H);
    draw_text(text, W, H);
    draw_noise(noise, W * H, 256, 5);
    const uint8_t *p[PICTURES] = {text, text, noise, text, noise};
    const size_t n[PICTURES] = {W * 50, W * H, W * 200, 0, W * 3};
    struct coded all[PICTURES];
    encode_pictures(false, W, p, n, PICTURES, W, all);
    for (size_t i = 0; i < PICTURES; i++) {
        struct coded c = encode_one(false, W, p[i], n[i], W);
        assert_same(&c, &all[i]);
        free(c.bytes);
        free(all[i].bytes);
    }
    free(text);
    free(noise);
}

/* What the picture before took is given back by an encoder that gets no pixel of the next one. */
static void test_given_up(void **state)
{
    (void)state;
    enum { W = 100, H = 100 };
    uint8_t *p = malloc(W * H);
    draw_text(p, W, H);
    for (unsigned level = 0; level <= 3; level++) {
        struct context cx;
        context_init(&cx);
        struct sink *sink;
        struct lzw_encoder *z = NULL;
        assert_int_equal(sink_open_memory(&cx, &sink), ST_OK);
        assert_int_equal(lzw_encoder_open(&cx, sink, 8, W, level, &z), ST_OK);
        assert_int_equal(lzw_encoder_write(z, p, W * H), ST_OK);
        assert_int_equal(lzw_encoder_finish(z), ST_OK);
        assert_int_equal(lzw_encoder_restart(z, sink, 8, W), ST_OK);
        lzw_encoder_close(z);
        sink_close(sink);
        assert_int_equal(cx.mem.in_use, 0);
    }
    free(p);
}

/* Each allocation fails once. */
static void test_faults(void **state)
{
    (void)state;
    enum { W = 100, H = 100 };
    uint8_t *p = malloc(W * H);
    draw_text(p, W, H);
    unsigned failed = 0;
    for (enum status st = ST_NOMEM; st != ST_OK; failed++) {
        struct context cx, other;
        context_init(&cx);
        context_init(&other);
        struct sink *sink;
        struct lzw_encoder *z = NULL;
        assert_int_equal(sink_open_memory(&other, &sink), ST_OK);
        cx.faults.alloc = failed + 1;
        st = lzw_encoder_open(&cx, sink, 8, W, 1, &z);
        if (st == ST_OK)
            st = lzw_encoder_write(z, p, W * H);
        if (st == ST_OK)
            st = lzw_encoder_finish(z);
        if (st != ST_OK)
            assert_int_equal(st, ST_NOMEM);
        lzw_encoder_close(z);
        sink_close(sink);
        assert_int_equal(cx.mem.in_use, 0);
    }
    assert_true(failed > 5); /* its state, and two sinks of several allocations each */
    free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_edge),     cmocka_unit_test(test_sizes),
        cmocka_unit_test(test_noise),    cmocka_unit_test(test_restart),
        cmocka_unit_test(test_given_up), cmocka_unit_test(test_faults),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
