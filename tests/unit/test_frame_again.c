/* SPDX-License-Identifier: MIT */
/* Pixels coded again: how often, by the effort and by what it has saved so far. */
#include "lzw_check.h"

#include "animation/frame_again.h"

#define MEMORY (1u << 20) /* of a sink before it takes to the disk */
#define W 200
#define H 60

static struct sink *code(struct context *cx, unsigned min_code_size, const uint8_t *p,
                         uint32_t height)
{
    struct sink *sink;
    struct lzw_encoder *z;
    assert_int_equal(sink_open_growing(cx, MEMORY, &sink), ST_OK);
    assert_int_equal(lzw_encoder_open_frames(cx, sink, min_code_size, W, 1, &z), ST_OK);
    assert_int_equal(lzw_encoder_write(z, p, (size_t)W * height), ST_OK);
    assert_int_equal(lzw_encoder_finish(z), ST_OK);
    assert_int_equal(sink_flush(sink), ST_OK);
    lzw_encoder_close(z);
    return sink;
}

/* What pixels are coded to again, after so many frames of them; 0: they are not. */
static uint64_t bytes_again(unsigned effort, unsigned min_code_size, const uint8_t *p,
                            uint32_t height, unsigned frames, uint64_t *once)
{
    struct context cx;
    struct frame_again again = {0};
    struct sink *to;
    const struct delta d = {.r = {0, 0, W, height}};
    bool done = false;
    context_init(&cx);
    struct sink *from = code(&cx, min_code_size, p, height);
    assert_int_equal(sink_open_growing(&cx, MEMORY, &to), ST_OK);
    assert_int_equal(frame_again_open(&cx, effort, &again), ST_OK);
    for (unsigned i = 0; i <= frames; i++)
        assert_int_equal(frame_again_code(&again, &d, from, to, &done), ST_OK);
    uint64_t bytes = done ? sink_offset(to) : 0;
    *once = sink_offset(from);
    frame_again_close(&again);
    sink_close(from);
    sink_close(to);
    assert_int_equal(cx.mem.in_use, 0);
    return bytes;
}

/* Noise gains nothing: at -O2 that is soon found out. Text does. */
static void test_as_it_pays(void **state)
{
    (void)state;
    static uint8_t noise[W * H], text[W * H];
    uint8_t letters[4][10 * 6];
    uint32_t random = 2;
    uint64_t once;
    draw_noise(noise, W * H, 256, 1);
    for (unsigned i = 0; i < 4; i++)
        draw_noise(letters[i], 60, 2, i + 1);
    for (uint32_t y = 0; y < H; y += 10)
        for (uint32_t x = 0; x + 6 <= W; x += 6) {
            const uint8_t *letter = letters[next_random(&random) % 4];
            for (uint32_t k = 0; k < 10; k++)
                memcpy(text + (y + k) * W + x, letter + k * 6, 6);
        }
    assert_int_equal(bytes_again(1, 8, noise, H, 0, &once), 0);
    assert_int_not_equal(bytes_again(2, 8, noise, H, 0, &once), 0);
    assert_in_range(once, 10 << 10, 20 << 10);
    assert_int_equal(bytes_again(2, 8, noise, H, 6, &once), 0);
    assert_int_not_equal(bytes_again(3, 8, noise, H, 6, &once), 0);

    /* the first ones by more outlooks than those that come when little is left for that */
    uint64_t first = bytes_again(2, 2, text, H, 0, &once);
    assert_in_range(first, 1, once - 1);
    unsigned frames = (48u << 10) / (unsigned)once - 2;
    assert_in_range(bytes_again(2, 2, text, H, frames, &once), first + 1, once - 1);
    assert_in_range(bytes_again(3, 2, text, H, frames, &once), 1, first);
}

/* A plain surface is not worth it. */
static void test_flat(void **state)
{
    (void)state;
    static uint8_t flat[W * H * 10];
    uint64_t once;
    for (unsigned effort = 1; effort <= 3; effort++)
        assert_int_equal(bytes_again(effort, 2, flat, H * 10, 0, &once), 0);
}

static void test_memory(void **state)
{
    (void)state;
    struct context cx;
    struct frame_again again = {0};
    context_init(&cx);
    cx.faults.alloc = 1;
    assert_int_equal(frame_again_open(&cx, 2, &again), ST_NOMEM);
    frame_again_close(&again);
    assert_int_equal(cx.mem.in_use, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_as_it_pays),
        cmocka_unit_test(test_flat),
        cmocka_unit_test(test_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
