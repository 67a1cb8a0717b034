/* SPDX-License-Identifier: MIT */
/* Bytes packed away and read again, more than once; pictures on a reel, of 8 bits, then of 16. */
#include "support.h"

#include "animation/reel.h"
#include "base/mem.h"

static enum status pack_all(struct context *cx, void *user)
{
    const size_t *bytes = user;
    struct packed *p;
    uint8_t *in = make_bytes(*bytes), *out = make_bytes(*bytes);
    uint64_t seed = *bytes;
    for (size_t i = 0; i < *bytes; i++)
        in[i] = (uint8_t)(noise(&seed) % 64);
    enum status st = packed_open(cx, &p);
    if (st != ST_OK)
        goto end;
    for (size_t at = 0, n; st == ST_OK && at < *bytes; at += n) {
        n = 1 + noise(&seed) % 5000;
        n = n < *bytes - at ? n : *bytes - at;
        st = packed_write(p, in + at, n);
    }
    for (int again = 0; again < 2 && st == ST_OK; again++) {
        st = packed_rewind(p);
        for (size_t at = 0, n; st == ST_OK && at < *bytes; at += n) {
            n = 1 + noise(&seed) % 9000;
            n = n < *bytes - at ? n : *bytes - at;
            st = packed_read(p, out + at, n);
        }
        if (st == ST_OK)
            assert_memory_equal(in, out, *bytes);
    }
    if (st == ST_OK)
        assert_int_equal(packed_read(p, out, 1), ST_BUG);
    packed_close(p);
    if (cx->status == ST_BUG)
        cx->status = ST_OK;
end:
    free(in);
    free(out);
    return st;
}

static void test_packs(void **state)
{
    (void)state;
    static const size_t sizes[] = {0, 1, 8191, 8192, 300000};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct context cx;
        size_t bytes = sizes[i];
        context_init(&cx);
        assert_int_equal(pack_all(&cx, &bytes), ST_OK);
        assert_nothing_held(&cx);
        sweep_faults(pack_all, &bytes);
    }
}

/* Rows of a whole picture in memory. */
struct held {
    struct rows rows;
    const uint8_t *pixels;
};

static enum status held_next(struct rows *r, uint8_t *out)
{
    size_t stride = picture_stride(&r->pic);
    memcpy(out, ((struct held *)r)->pixels + r->y * stride, stride);
    return ST_OK;
}

struct looked {
    uint64_t pixels;
};

static void look(void *user, const struct picture *part, const uint8_t *row)
{
    (void)row;
    ((struct looked *)user)->pixels += part->width;
}

#define W 7
#define H 5

static enum status take(struct reel *r, uint32_t fill, uint32_t x, uint32_t y, struct looked *l)
{
    uint16_t pixels[W * H][4];
    uint8_t narrow[W * H][4];
    bool wide = r->pic.layout == LAYOUT_RGBA16;
    for (unsigned i = 0; i < W * H; i++) {
        bool there = i % W >= x && i / W >= y;
        for (unsigned c = 0; c < 4; c++) {
            narrow[i][c] = (uint8_t)(there ? fill >> 8 * c : c == 3 ? 0 : 77); /* hidden color */
            pixels[i][c] = (uint16_t)(narrow[i][c] * 257);
        }
    }
    struct held h = {.pixels = wide ? (uint8_t *)pixels : (uint8_t *)narrow};
    h.rows.cx = r->cx;
    h.rows.name = "held";
    h.rows.pic = r->pic;
    h.rows.next = held_next;
    return reel_take(r, &h.rows, (struct span){0, H}, (struct delay){fill & 7, fill & 7}, look, l);
}

static const uint8_t *at(const struct reel *r, struct plane *picture, uint32_t x, uint32_t y)
{
    return plane_row(picture, y) + x * layout_info(r->pic.layout)->bytes;
}

static enum status reel_all(struct context *cx, void *user)
{
    struct looked *l = user;
    struct reel *r;
    enum status st = reel_open(cx, W, H, &r);
    if (st != ST_OK)
        return st;
    r->merge = true;
    st = take(r, 0xff010203, 0, 0, l);
    if (st == ST_OK)
        st = take(r, 0xff010203, 0, 0, l);
    if (st == ST_OK)
        st = reel_deepen(r, 16);
    if (st == ST_OK)
        st = take(r, 0xff010203, 2, 1, l); /* the rest becomes transparent */
    if (st == ST_OK)
        st = take(r, 0xff040506, 3, 2, l);
    for (int again = 0; again < 2 && st == ST_OK; again++) {
        static const struct rect rects[3] = {{0, 0, W, H}, {0, 0, W, H}, {2, 1, W - 2, H - 1}};
        static const uint32_t delays[3] = {6, 3, 6};
        st = reel_rewind(r);
        for (unsigned i = 0; st == ST_OK && i < 3; i++) {
            st = reel_next(r);
            if (st != ST_OK)
                break;
            assert_int_equal(r->delay.cs, delays[i]);
            assert_int_equal(r->rect.x, rects[i].x);
            assert_int_equal(r->rect.width, rects[i].width);
            assert_int_equal(r->rect.y, rects[i].y);
            uint16_t pixel[4];
            memcpy(pixel, at(r, r->now, W - 1, H - 1), 8);
            assert_int_equal(pixel[0], 257 * (i < 2 ? 3 : 6));
            memcpy(pixel, at(r, r->now, 0, 1), 8);
            assert_int_equal(pixel[0], i == 0 ? 3 * 257 : 0);
            assert_int_equal(pixel[3], i == 0 ? 65535 : 0);
            memcpy(pixel, at(r, r->before, W - 1, H - 1), 8);
            assert_int_equal(pixel[0], i == 0 ? 0 : 3 * 257);
        }
        if (st == ST_OK)
            assert_int_equal(reel_next(r), ST_END);
    }
    if (st == ST_OK) {
        assert_int_equal(r->kept, 3);
        assert_int_equal(r->merged, 1);
    }
    reel_close(r);
    return st;
}

static void test_pictures(void **state)
{
    (void)state;
    struct context cx;
    struct looked l = {0};
    context_init(&cx);
    assert_int_equal(reel_all(&cx, &l), ST_OK);
    assert_nothing_held(&cx);
    assert_int_equal(l.pixels, 2 * W * H + (W - 2) * (H - 1));
    sweep_faults(reel_all, &l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_packs),
                                       cmocka_unit_test(test_pictures)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
