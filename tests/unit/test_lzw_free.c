/* SPDX-License-Identifier: MIT */
/* Pixels of two indices coded again: each has one of its two, and mostly there are fewer bytes. */
#include "lzw_check.h"
#include "lzw_decode_reference.h"

#include "formats/gif/lzw_recode.h"

#define MEMORY (1u << 20) /* of a sink before it takes to the disk */
#define TRANSPARENT 3

/* A picture, and which of its pixels may be transparent. */
struct free_picture {
    uint32_t width, height;
    unsigned min_code_size;
    uint8_t *own, *may_hide, *coded; /* coded: as it comes in */
    size_t at;                       /* read so far */
    enum status status;              /* of reading */
};

static void open_picture(struct free_picture *f, uint32_t width, uint32_t height,
                         unsigned min_code_size)
{
    size_t n = (size_t)width * height;
    *f = (struct free_picture){width, height, min_code_size, NULL, NULL, NULL, 0, ST_OK};
    f->own = calloc(n, 1);
    f->may_hide = calloc(n, 1);
    f->coded = calloc(n, 1);
    assert_true(f->own != NULL && f->may_hide != NULL && f->coded != NULL);
}

static void close_picture(struct free_picture *f)
{
    free(f->own);
    free(f->may_hide);
    free(f->coded);
}

/* Hides stretches of up to so many pixels; of these every other one is coded as transparent. */
static void hide(struct free_picture *f, uint32_t stretch, uint32_t seed)
{
    size_t n = (size_t)f->width * f->height;
    memcpy(f->coded, f->own, n);
    for (size_t i = 0; i < n;) {
        uint32_t more = 1 + next_random(&seed) % stretch;
        bool free = next_random(&seed) % 2 != 0, hidden = next_random(&seed) % 2 != 0;
        for (; more > 0 && i < n; more--, i++) {
            f->may_hide[i] = free;
            if (free && hidden)
                f->coded[i] = TRANSPARENT;
        }
    }
}

static enum status read_free(void *user, uint8_t *pixels, uint8_t *other, size_t n)
{
    struct free_picture *f = user;
    for (size_t i = 0; i < n; i++, f->at++) {
        assert_true(f->at < (size_t)f->width * f->height);
        assert_int_equal(pixels[i], f->coded[f->at]);
        other[i] = !f->may_hide[f->at]        ? pixels[i]
                   : pixels[i] == TRANSPARENT ? f->own[f->at]
                                              : TRANSPARENT;
    }
    return f->status;
}

/* What an encoder of a level makes of the picture. */
static struct sink *code(struct context *cx, unsigned level, const struct free_picture *f)
{
    struct sink *sink;
    struct lzw_encoder *z;
    assert_int_equal(sink_open_growing(cx, MEMORY, &sink), ST_OK);
    assert_int_equal(lzw_encoder_open_frames(cx, sink, f->min_code_size, f->width, level, &z),
                     ST_OK);
    assert_int_equal(lzw_encoder_write(z, f->coded, (size_t)f->width * f->height), ST_OK);
    assert_int_equal(lzw_encoder_finish(z), ST_OK);
    assert_int_equal(sink_flush(sink), ST_OK);
    lzw_encoder_close(z);
    return sink;
}

static void check_picture(struct sink *sink, unsigned min_code_size, const struct free_picture *f)
{
    size_t n = (size_t)f->width * f->height, bits = 0;
    struct coded c = {.n = (size_t)sink_offset(sink)};
    uint8_t *out = malloc(n), *data;
    c.bytes = malloc(c.n);
    data = malloc(c.n);
    assert_int_equal(sink_read(sink, 0, c.bytes, c.n), ST_OK);
    assert_int_equal(c.bytes[0], min_code_size);
    for (size_t at = 1; c.bytes[at] != 0; at += c.bytes[at] + (size_t)1) {
        memcpy(data + bits, c.bytes + at + 1, c.bytes[at]);
        bits += c.bytes[at];
    }
    assert_int_equal(plain_decode(min_code_size, data, bits, out, n), n);
    for (size_t i = 0; i < n; i++)
        assert_true(out[i] == f->own[i] || (f->may_hide[i] && out[i] == TRANSPARENT));
    check_decoded(&c, min_code_size, f->width, f->height, out);
    free(c.bytes);
    free(data);
    free(out);
}

/* Codes it, and again, with so many bits more for indices. Bytes of a thousand that it takes then,
 * of what it takes if pixels stay as they were coded. */
static size_t share(struct free_picture *f, unsigned level, unsigned more)
{
    struct context cx;
    struct lzw_recoder *r;
    struct sink *plain, *to;
    const struct lzw_outlook o = {8, 4, 4, false};
    const struct lzw_outlooks one = {&o, 1, LZW_RECODE_ALL};
    const struct lzw_freedom freedom = {(uint8_t)(f->min_code_size + more), read_free, f};
    context_init(&cx);
    struct sink *from = code(&cx, level, f);
    assert_int_equal(sink_open_growing(&cx, MEMORY, &plain), ST_OK);
    assert_int_equal(sink_open_growing(&cx, MEMORY, &to), ST_OK);
    assert_int_equal(lzw_recoder_open(&cx, &r), ST_OK);
    for (int i = 0; i < 2; i++) { /* what was coded before leaves no trace */
        sink_reset(plain);
        sink_reset(to);
        f->at = 0;
        size_t before = cx.mem.in_use;
        assert_int_equal(lzw_recode_freely(r, from, &o, &freedom, to), ST_OK);
        assert_int_equal(sink_flush(to), ST_OK);
        assert_in_range(cx.mem.in_use - before, 0, i == 0 ? (168 << 10) + 2 * sink_offset(to) : 0);
        assert_int_equal(f->at, (size_t)f->width * f->height);
        check_picture(to, freedom.min_code_size, f);
        assert_int_equal(lzw_recode(r, from, f->width, &one, plain), ST_OK);
    }
    size_t result = (size_t)(sink_offset(to) * 1000 / sink_offset(plain));
    lzw_recoder_close(r);
    sink_close(from);
    sink_close(plain);
    sink_close(to);
    assert_int_equal(cx.mem.in_use, 0);
    return result;
}

static void test_every_code_size(void **state)
{
    (void)state;
    for (unsigned m = 2; m <= 8; m++)
        for (uint32_t stretch = 1; stretch < 300; stretch = stretch * 5 + 1) {
            struct free_picture f;
            open_picture(&f, 300, 170, m);
            draw_screen(f.own, f.width, f.height, 1u << m);
            hide(&f, stretch, m);
            assert_in_range(share(&f, m % 2, 0), 250, 1000);
            draw_noise(f.own, (size_t)f.width * f.height, 1u << m, m);
            hide(&f, stretch, m);
            assert_in_range(share(&f, 1, m == 8 ? 0 : 1), 500, 1150);
            close_picture(&f);
        }
}

/* A color that is transparent here and there by chance takes as few phrases as if it never were. */
static void test_flat(void **state)
{
    (void)state;
    struct free_picture f, flat;
    open_picture(&f, 250, 100, 4);
    open_picture(&flat, 250, 100, 4);
    memset(f.own, 7, 25000);
    memset(flat.coded, 7, 25000);
    hide(&f, 40, 1);
    memset(f.may_hide, 1, 25000);
    struct context cx;
    struct lzw_recoder *r;
    struct sink *to;
    const struct lzw_outlook o = {8, 4, 4, false};
    const struct lzw_freedom freedom = {4, read_free, &f};
    context_init(&cx);
    struct sink *from = code(&cx, 1, &f), *least = code(&cx, 1, &flat);
    assert_int_equal(sink_open_growing(&cx, MEMORY, &to), ST_OK);
    assert_int_equal(lzw_recoder_open(&cx, &r), ST_OK);
    assert_int_equal(lzw_recode_freely(r, from, &o, &freedom, to), ST_OK);
    assert_in_range(sink_offset(to), sink_offset(least), sink_offset(least) * 2);
    memcpy(f.coded, f.own, 25000); /* and no more at all where the suggestion is good */
    f.at = 0;
    sink_close(from);
    from = code(&cx, 1, &f);
    sink_reset(to);
    assert_int_equal(lzw_recode_freely(r, from, &o, &freedom, to), ST_OK);
    assert_int_equal(sink_offset(to), sink_offset(least));
    lzw_recoder_close(r);
    sink_close(from);
    sink_close(to);
    sink_close(least);
    close_picture(&f);
    close_picture(&flat);
}

static void test_short(void **state)
{
    (void)state;
    for (uint32_t n = 1; n < 200; n += n < 40 ? 1 : 9) {
        struct free_picture f;
        open_picture(&f, n, 1, 2);
        draw_noise(f.own, n, 3, n);
        hide(&f, 5, n);
        share(&f, 0, n % 2);
        close_picture(&f);
    }
}

/* More than the buffer holds, in strings as long as they get. */
static void test_long(void **state)
{
    (void)state;
    struct free_picture f;
    open_picture(&f, 2500, 900, 2);
    for (uint32_t y = 0; y < f.height; y += 9)
        memset(f.own + y * f.width + y % 700, 1 + (int)y % 2, 400);
    hide(&f, 30000, 4);
    share(&f, 1, 0);
    close_picture(&f);
}

static void test_failures(void **state)
{
    (void)state;
    struct context cx;
    struct lzw_recoder *r;
    struct free_picture f;
    struct sink *to;
    const struct lzw_outlook o = {8, 4, 4, false};
    const struct lzw_freedom freedom = {2, read_free, &f};
    open_picture(&f, 20, 20, 2);
    hide(&f, 20, 5);
    context_init(&cx);
    struct sink *from = code(&cx, 1, &f);
    assert_int_equal(sink_open_growing(&cx, MEMORY, &to), ST_OK);
    assert_int_equal(lzw_recoder_open(&cx, &r), ST_OK);
    f.status = ST_IO;
    assert_int_equal(lzw_recode_freely(r, from, &o, &freedom, to), ST_IO);
    lzw_recoder_close(r);

    assert_int_equal(lzw_recoder_open(&cx, &r), ST_OK);
    cx.faults.alloc = 1;
    assert_int_equal(lzw_recode_freely(r, from, &o, &freedom, to), ST_NOMEM);
    lzw_recoder_close(r);
    sink_close(from);
    sink_close(to);
    assert_int_equal(cx.mem.in_use, 0);
    close_picture(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_code_size), cmocka_unit_test(test_flat),
        cmocka_unit_test(test_short),           cmocka_unit_test(test_long),
        cmocka_unit_test(test_failures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
