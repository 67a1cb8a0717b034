/* SPDX-License-Identifier: MIT */
/* Phrases by an outlook beside the plainest way to choose them. */
#include "lzw_check.h"
#include "lzw_stream.h"

#include "formats/gif/lzw_recode.h"

enum { M = 3, COLORS = 1 << M, FIRST = COLORS + 2, W = 96, H = 300, N = W * H };

struct plain {
    const uint8_t *p;
    bool rows;
    unsigned next;
    size_t codes;
    uint16_t child[4096][COLORS], prefix[4096];
    uint16_t code[N];
};

static size_t longest(const struct plain *s, size_t q, unsigned *code)
{
    size_t end = s->rows ? (q / W + 1) * W : N, from = q;
    *code = s->p[q++];
    while (q < end && s->child[*code][s->p[q]] != 0)
        *code = s->child[*code][s->p[q++]];
    return q - from;
}

static size_t reach(const struct plain *s, size_t q)
{
    unsigned code;
    return q < N ? q + longest(s, q, &code) : N;
}

/* What is gained over the next phrases if the longest one, up to `end`, ends at q instead. */
static int gain(const struct plain *s, const struct lzw_outlook *o, size_t end, size_t q)
{
    int sum = 0;
    for (unsigned i = 0; i < o->chain && (i == 0 || q != end); i++) {
        end = reach(s, end);
        q = reach(s, q);
        if (i == 0 && q <= end)
            return 0;
        sum += (int)q - (int)end;
    }
    return sum;
}

static size_t choose(const struct plain *s, const struct lzw_outlook *o, size_t at, size_t length)
{
    bool full = s->next == 4096;
    size_t look = full ? 2 : o->look, take = length, least = full ? 1 : o->gain;
    const struct lzw_outlook one = {2, 1, 1, false};
    if (at + length >= N || memcmp(s->p + at, s->p + at + 1, length) == 0)
        return length;
    for (size_t l = length - 1; l > 0 && l + look >= length; l--) {
        int sum = gain(s, full ? &one : o, at + length, at + l);
        if (sum >= (int)least) {
            least = (size_t)sum + 1;
            take = l;
        }
    }
    return take;
}

/* By an outlook; NULL: greedily. */
static void parse(struct plain *s, const uint8_t *p, const struct lzw_outlook *o)
{
    *s = (struct plain){.p = p, .rows = o != NULL && o->rows, .next = FIRST};
    for (size_t at = 0; at < N;) {
        unsigned code;
        size_t length = longest(s, at, &code), take = o == NULL ? length : choose(s, o, at, length);
        for (size_t l = length; l > take; l--)
            code = s->prefix[code];
        s->code[s->codes++] = (uint16_t)code;
        at += take;
        if (at == N || s->next == 4096)
            continue;
        if (s->child[code][p[at]] == 0) {
            s->child[code][p[at]] = (uint16_t)s->next;
            s->prefix[s->next] = (uint16_t)code;
        }
        s->next++;
    }
}

/* A whole image of these codes. */
static void write_codes(struct sink *to, const struct plain *s)
{
    struct stream stream = stream_new(M);
    const uint8_t size = M, none = 0;
    put(&stream, stream.clear);
    for (size_t i = 0; i < s->codes; i++)
        put(&stream, s->code[i]);
    put(&stream, stream.clear + 1);
    assert_int_equal(sink_write(to, &size, 1), ST_OK);
    for (size_t at = 0, n = stream_bytes(&stream); at < n; at += 255) {
        uint8_t block = (uint8_t)(n - at < 255 ? n - at : 255);
        assert_int_equal(sink_write(to, &block, 1), ST_OK);
        assert_int_equal(sink_write(to, stream.data + at, block), ST_OK);
    }
    assert_int_equal(sink_write(to, &none, 1), ST_OK);
    assert_int_equal(sink_flush(to), ST_OK);
    free(stream.data);
}

static void draw(uint8_t *p, uint32_t seed)
{
    uint32_t random = seed;
    if (seed % 3 == 0) {
        draw_screen(p, W, H, COLORS);
        return;
    }
    draw_noise(p, N, seed % 3 == 1 ? 2 : COLORS, seed);
    for (uint32_t y = 20; y < H; y++) /* parts of other rows */
        memcpy(p + y * W + seed % 7, p + next_random(&random) % 20 * W, W - seed % 9);
}

/* The very codes, until the table is full and after that; equal bytes whatever came before. */
static void test_plain(void **state)
{
    (void)state;
    static const struct lzw_outlook o[] = {
        {8, 4, 4, false}, {24, 4, 12, false}, {8, 4, 8, true}, {8, 1, 3, false}, {2, 3, 1, false},
    };
    uint8_t *p = malloc(N);
    struct plain *s = malloc(sizeof *s);
    struct context cx;
    struct sink *from, *to, *expected;
    struct lzw_recoder *r;
    size_t better = 0, full = 0;
    context_init(&cx);
    assert_int_equal(sink_open_growing(&cx, 1 << 20, &from), ST_OK);
    assert_int_equal(sink_open_growing(&cx, 1 << 20, &to), ST_OK);
    assert_int_equal(sink_open_growing(&cx, 1 << 20, &expected), ST_OK);
    assert_int_equal(lzw_recoder_open(&cx, &r), ST_OK);
    for (uint32_t seed = 1; seed <= 6; seed++)
        for (size_t i = 0; i < sizeof o / sizeof *o; i++) {
            const struct lzw_outlooks one = {&o[i], 1, LZW_RECODE_ALL};
            sink_reset(from);
            sink_reset(to);
            sink_reset(expected);
            draw(p, seed);
            parse(s, p, NULL);
            size_t greedy = s->codes;
            write_codes(from, s);
            full += s->next == 4096;
            parse(s, p, &o[i]);
            better += s->codes < greedy;
            if (s->codes >= greedy)
                parse(s, p, NULL);
            write_codes(expected, s);
            assert_int_equal(lzw_recode(r, from, W, &one, to), ST_OK);
            assert_int_equal(sink_flush(to), ST_OK);
            size_t n = (size_t)sink_offset(to);
            assert_int_equal(n, sink_offset(expected));
            uint8_t *a = malloc(n), *b = malloc(n);
            assert_int_equal(sink_read(to, 0, a, n), ST_OK);
            assert_int_equal(sink_read(expected, 0, b, n), ST_OK);
            assert_memory_equal(a, b, n);
            free(a);
            free(b);
        }
    assert_true(better > 12 && full > 4);
    lzw_recoder_close(r);
    sink_close(from);
    sink_close(to);
    sink_close(expected);
    assert_int_equal(cx.mem.in_use, 0);
    free(p);
    free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_plain)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
