/* SPDX-License-Identifier: MIT */
/* LZW decoding beside a plain decoder: sound streams, odd ones, damaged ones, in all pieces. */
#include "lzw_stream.h"

#include <gif_lib.h>

#include "formats/gif/lzw_decode.h"
#include "lzw_decode_reference.h"

/* --- decoding in pieces --- */

/* Sub-blocks of some size, 0: of changing sizes; an error instead of the terminator, if any. */
struct feed {
    struct context *cx;
    const uint8_t *data;
    size_t bytes, at, size;
    uint64_t seed;
    enum status error;
    bool over; /* asked for more after the end */
    uint8_t block[255];
};

static enum status feed_block(void *user, const uint8_t **data, size_t *bytes)
{
    struct feed *f = user;
    assert_false(f->over);
    size_t n = f->size != 0 ? f->size : 1 + noise(&f->seed) % 255;
    if (n > f->bytes - f->at)
        n = f->bytes - f->at;
    f->over = n == 0;
    if (n == 0 && f->error != ST_OK)
        return fail(f->cx, f->error, "no more");
    /* its own place, filled anew each time: as giflib's */
    memset(f->block, 0xa5, sizeof f->block);
    memcpy(f->block, f->data + f->at, n);
    f->at += n;
    *data = f->block;
    *bytes = n;
    return ST_OK;
}

struct result {
    enum status st;
    size_t got;
    const char *why;
};

/* piece: pixels asked for at once, 0: of changing number */
static struct result decode(unsigned m, struct feed *f, uint8_t *out, size_t want, size_t piece)
{
    struct context cx;
    struct lzw_decoder *z;
    struct result r = {ST_OK, 0, NULL};
    uint64_t seed = want + 1;
    context_init(&cx);
    assert_int_equal(lzw_decoder_open(&cx, &z), ST_OK);
    assert_true(cx.mem.in_use <= 90 * 1024);
    f->cx = &cx;
    lzw_decoder_start(z, m, want, feed_block, f);
    while (r.st == ST_OK && r.got < want) {
        size_t n = piece != 0 ? piece : 1 + noise(&seed) % 3000, came;
        if (n > want - r.got)
            n = want - r.got;
        memset(out + r.got, 0xee, n);
        r.st = lzw_decode(z, out + r.got, n, &came, &r.why);
        assert_true(came <= n && (r.st != ST_OK || came == n));
        for (size_t i = came; i < n; i++)
            assert_int_equal(out[r.got + i], 0xee);
        r.got += came;
    }
    for (int i = 0; r.st != ST_OK && i < 2; i++) {
        size_t came = 1;
        uint8_t one = 0xee;
        assert_int_equal(lzw_decode(z, &one, 1, &came, &r.why), r.st);
        assert_int_equal(came, 0);
        assert_int_equal(one, 0xee);
    }
    lzw_decoder_close(z);
    assert_int_equal(cx.mem.in_use, 0);
    return r;
}

static struct feed feed_of(const struct stream *s, size_t size)
{
    return (struct feed){.data = s->data, .bytes = stream_bytes(s), .size = size, .seed = 77};
}

/*
 * As far as the plain decoder comes, and the same pixels, however the data comes and whatever is
 * asked for at once. Returns how far.
 */
static size_t check_stream(const struct stream *s, size_t want)
{
    static const size_t sizes[] = {255, 0, 1, 7}, pieces[] = {0, 1, 65535, 33};
    uint8_t *ours = make_bytes(want), *plain = make_bytes(want);
    size_t expected = plain_decode(s->m, s->data, stream_bytes(s), plain, want);
    for (int i = 0; i < 4; i++) {
        struct feed f = feed_of(s, sizes[i]);
        struct result r = decode(s->m, &f, ours, want, pieces[i]);
        assert_int_equal(r.got, expected);
        assert_memory_equal(ours, plain, expected);
        assert_int_equal(r.st, expected == want ? ST_OK : ST_DAMAGED);
        assert_int_equal(r.why != NULL, r.st != ST_OK);
    }
    free(ours);
    free(plain);
    return expected;
}

/* --- sound streams --- */

enum habit {
    ANY,      /* any code that there is */
    RECENT,   /* mostly young ones: strings grow long */
    YOUNGEST, /* always the one being made: they grow by one each time */
    HABITS
};

static unsigned choose(const struct stream *s, enum habit habit, uint64_t *seed)
{
    unsigned entries = s->next - s->clear - 2; /* without the one being made */
    if (s->first)
        return noise(seed) % s->clear;
    bool full = s->next == 4096;
    if (habit == YOUNGEST)
        return full ? s->next - 1 : s->next;
    if (habit == RECENT && noise(seed) % 8 != 0)
        return s->next - (full ? 1 : 0) - noise(seed) % (entries + (full ? 0 : 1) < 4 ? 1 : 4);
    unsigned code = noise(seed) % (s->clear + entries + (full ? 0 : 1));
    return code < s->clear ? code : code + 2;
}

/* Codes with a clear after every so many, 0: none after the first. */
static struct stream draw(unsigned m, enum habit habit, size_t codes, size_t clear_after,
                          uint64_t seed)
{
    struct stream s = stream_new(m);
    put(&s, s.clear);
    for (size_t i = 1; i <= codes; i++) {
        put(&s, choose(&s, habit, &seed));
        if (clear_after != 0 && i % clear_after == 0)
            put(&s, s.clear);
    }
    return s;
}

/* All pixels of the stream and no more, by the plain decoder; at most most. */
static size_t count_pixels(const struct stream *s, size_t most)
{
    uint8_t *out = make_bytes(most);
    size_t n = plain_decode(s->m, s->data, stream_bytes(s), out, most);
    free(out);
    return n;
}

#define MOST 1500000

static void check_whole(struct stream *s)
{
    size_t n = count_pixels(s, MOST);
    assert_true(n > 0);
    assert_int_equal(check_stream(s, n), n);
    if (n > 1)
        assert_int_equal(check_stream(s, n - 1), n - 1); /* in the middle of a string */
    free(s->data);
}

/* The table is full after 4094 codes at most: one stream never clears it, one just before that. */
static void test_every_code_size(void **state)
{
    (void)state;
    for (unsigned m = 1; m <= 8; m++)
        for (enum habit habit = 0; habit < HABITS; habit++) {
            size_t full = 4096 - (1u << m) - 2 + 1;
            size_t after[] = {0, full, full - 1, full + 1, 1, 2, 700};
            for (size_t i = 0; i < sizeof after / sizeof *after; i++) {
                struct stream s = draw(m, habit, 6000, after[i], m * 100 + i);
                check_whole(&s);
            }
        }
}

/* Long after the table is full, by place and by tail, with the history going round many times. */
static void test_long(void **state)
{
    (void)state;
    for (enum habit habit = 0; habit < HABITS; habit++)
        for (size_t after = 0; after < 30000; after += 9500) {
            struct stream s = draw(5, habit, 60000, after, after + habit);
            check_whole(&s);
        }
}

/* A dictionary that outgrows the history at different points, and then one that does not. */
static void test_change_of_form(void **state)
{
    (void)state;
    for (size_t codes = 240; codes < 420; codes += 3) {
        uint64_t seed = codes;
        struct stream s = stream_new(3);
        for (int round = 0; round < 4; round++) {
            put(&s, s.clear);
            for (size_t i = 0; i < codes; i++)
                put(&s, choose(&s, round < 2 ? YOUNGEST : RECENT, &seed));
            for (size_t i = 0; i < 300; i++)
                put(&s, choose(&s, ANY, &seed));
        }
        check_whole(&s);
    }
}

/*
 * Full tables whose strings take 21 to 170 KiB, from far below to far above what the decoder can
 * keep, and much that follows without a clear.
 */
static void test_history(void **state)
{
    (void)state;
    uint64_t seed = 5;
    for (unsigned recent = 0; recent < 100; recent += 3) {
        struct stream s = stream_new(4);
        put(&s, s.clear);
        while (s.next < 4096)
            put(&s, choose(&s, noise(&seed) % 100 < recent ? RECENT : ANY, &seed));
        for (int i = 0; i < 25000; i++)
            put(&s, choose(&s, ANY, &seed));
        check_whole(&s);
    }
}

/* Images of as many pixels as the decoder's history has, more or less, and a clear on the way. */
static void test_sizes(void **state)
{
    (void)state;
    uint64_t seed = 6;
    for (size_t want = 60000; want < 84000; want += 977)
        for (size_t after = 700; after < 30000; after += 9000) {
            struct stream s = draw(6, RECENT, 20000, after, ++seed);
            assert_int_equal(check_stream(&s, want), want);
            free(s.data);
        }
}

static void test_clears(void **state)
{
    (void)state;
    for (unsigned m = 1; m <= 8; m++) {
        struct stream s = stream_new(m);
        put(&s, 1); /* no clear code at the beginning */
        put(&s, 0);
        put(&s, s.next - 1);
        for (int i = 0; i < 9; i++)
            put(&s, s.clear);
        put(&s, 1);
        put(&s, s.clear);
        put(&s, 0);
        put(&s, s.next); /* KwKwK at once */
        put(&s, s.next);
        put(&s, s.clear + 1);
        assert_int_equal(count_pixels(&s, 100), 4 + 1 + 1 + 2 + 3);
        check_whole(&s);
    }
    struct stream s = stream_new(4); /* nothing but clears */
    for (int i = 0; i < 5000; i++)
        put(&s, s.clear);
    assert_int_equal(check_stream(&s, 1), 0);
    put(&s, 9);
    check_whole(&s);
}

/* --- giflib's encoder --- */

struct growing {
    uint8_t *data;
    size_t bytes;
};

static int grow(GifFileType *gif, const GifByteType *data, int n)
{
    struct growing *g = gif->UserData;
    g->data = realloc(g->data, g->bytes + (size_t)n);
    assert_non_null(g->data);
    memcpy(g->data + g->bytes, data, (size_t)n);
    g->bytes += (size_t)n;
    return n;
}

/* The file's sub-blocks put together. */
static struct stream by_giflib(unsigned m, const uint8_t *pixels, int width, int height)
{
    struct growing g = {NULL, 0};
    struct stream s = stream_new(m);
    int error;
    GifFileType *gif = EGifOpen(&g, grow, &error);
    ColorMapObject *map = GifMakeMapObject(1 << m, NULL);
    assert_non_null(gif);
    assert_int_equal(EGifPutScreenDesc(gif, width, height, 8, 0, map), GIF_OK);
    assert_int_equal(EGifPutImageDesc(gif, 0, 0, width, height, false, NULL), GIF_OK);
    uint8_t *line = make_bytes((size_t)width);
    for (int y = 0; y < height; y++) {
        memcpy(line, pixels + (size_t)y * (size_t)width, (size_t)width);
        assert_int_equal(EGifPutLine(gif, line, width), GIF_OK);
    }
    free(line);
    GifFreeMapObject(map);
    assert_int_equal(EGifCloseFile(gif, &error), GIF_OK);
    size_t at = 13 + ((size_t)3 << m) + 10;
    assert_int_equal(g.data[at++], m);
    for (size_t n; (n = g.data[at++]) != 0; at += n)
        for (size_t i = 0; i < n; i++)
            put_bits(&s, g.data[at + i], 8);
    free(g.data);
    return s;
}

static void test_giflib_encoder(void **state)
{
    (void)state;
    for (unsigned m = 2; m <= 8; m++)
        for (int kind = 0; kind < 3; kind++) {
            int width = kind == 2 ? 65535 : 211, height = kind == 2 ? 3 : 97;
            size_t n = (size_t)width * (size_t)height;
            uint8_t *pixels = make_bytes(n), *out = make_bytes(n);
            uint64_t seed = m;
            for (size_t i = 0; i < n; i++) {
                unsigned slope = (unsigned)(i % (size_t)width) * ((1u << m) - 1) / (unsigned)width;
                pixels[i] = kind == 0   ? (uint8_t)(noise(&seed) % (1u << m))
                            : kind == 1 ? (uint8_t)(slope + (noise(&seed) & 1))
                                        : (uint8_t)((1u << m) - 1);
            }
            struct stream s = by_giflib(m, pixels, width, height);
            struct feed f = feed_of(&s, 255);
            struct result r = decode(m, &f, out, n, (size_t)width);
            assert_int_equal(r.st, ST_OK);
            assert_memory_equal(out, pixels, n);
            assert_int_equal(check_stream(&s, n), n);
            free(s.data);
            free(pixels);
            free(out);
        }
}

/* --- damage --- */

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

/* One decoder for image after image, whole or left in the middle: each begins afresh. */
static void test_again(void **state)
{
    (void)state;
    struct context cx;
    struct lzw_decoder *z;
    context_init(&cx);
    assert_int_equal(lzw_decoder_open(&cx, &z), ST_OK);
    uint8_t *ours = make_bytes(MOST), *plain = make_bytes(MOST);
    for (unsigned i = 0; i < 60; i++) {
        struct stream s = draw(1 + i % 8, i % HABITS, 100 + 150 * (i % 7), 0, i + 1);
        size_t n = plain_decode(s.m, s.data, stream_bytes(&s), plain, MOST), got;
        size_t want = i % 4 == 0 ? n / 2 + 1 : n;
        const char *why;
        struct feed f = feed_of(&s, i % 5 * 50);
        lzw_decoder_start(z, s.m, n + (i % 3 == 0 ? 5 : 0), feed_block, &f);
        assert_int_equal(lzw_decode(z, ours, want, &got, &why), ST_OK);
        assert_int_equal(got, want);
        assert_memory_equal(ours, plain, want);
        free(s.data);
    }
    free(ours);
    free(plain);
    lzw_decoder_close(z);
    lzw_decoder_close(NULL);
    assert_nothing_held(&cx);
    cx.faults.alloc = 1;
    assert_int_equal(lzw_decoder_open(&cx, &z), ST_NOMEM);
    assert_nothing_held(&cx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_code_size), cmocka_unit_test(test_long),
        cmocka_unit_test(test_change_of_form),  cmocka_unit_test(test_history),
        cmocka_unit_test(test_sizes),           cmocka_unit_test(test_clears),
        cmocka_unit_test(test_giflib_encoder),  cmocka_unit_test(test_damage),
        cmocka_unit_test(test_after_the_end),   cmocka_unit_test(test_block_error),
        cmocka_unit_test(test_random_damage),   cmocka_unit_test(test_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
