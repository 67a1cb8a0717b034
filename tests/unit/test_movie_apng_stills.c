/* SPDX-License-Identifier: MIT */
/* Stills to APNG: the layout that all frames share, delays as fractions, frames in pieces. */
#include "movie_job.h"
#include "png_file.h"

#include "base/size.h"

/* Stills of a layout, the first one of another if that is not the same. */
static struct blob join_stills(enum layout first, enum layout layout, uint8_t mask, bool opaque)
{
    struct encode_options options = {.compression = 1};
    struct job job = job_to(&format_apng);
    struct blob in[3];
    struct pixels want[3];
    for (unsigned i = 0; i < 3; i++) {
        struct picture pic = make_picture(19, 13, i == 0 ? first : layout);
        const struct layout_info *info = layout_info(pic.layout);
        uint8_t *pixels = make_noise(&pic, i / 2 + 5); /* two equal ones */
        for (size_t k = 0; k < picture_size(&pic); k++) {
            bool alpha = info->alpha && k % info->bytes >= info->bytes - info->bits / 8u;
            pixels[k] = (uint8_t)(alpha && opaque ? 255 : pixels[k] & mask);
        }
        in[i] = encode(&format_png, &pic, &options, pixels);
        want[i] = expand(&pic, pixels);
        free(pixels);
    }
    struct blob out = join_movie(&job, in, 3);
    struct context cx;
    struct source *src;
    struct decoder *d;
    struct frame f;
    context_init(&cx);
    assert_int_equal(source_open_memory(&cx, out.data, out.bytes, &src), ST_OK);
    assert_int_equal(decoder_open(&cx, src, NULL, &d), ST_OK);
    struct pixels canvas = pixels_new(19, 13);
    for (unsigned i = 0; i < 3; i++) {
        assert_int_equal(decoder_frame(d, &f), ST_OK);
        assert_int_equal(f.delay_cs, 10);
        uint8_t *row = make_bytes(picture_stride(&f.pic));
        size_t each = layout_info(f.pic.layout)->bytes;
        for (uint32_t y = 0; y < f.pic.height; y++) {
            assert_int_equal(decoder_row(d, row), ST_OK);
            for (uint32_t x = 0; x < f.pic.width; x++) {
                uint16_t pixel[4];
                expand_pixel(&f.pic, row + x * each, pixel);
                if (f.replaces || pixel[3] != 0)
                    memcpy(canvas.at[((size_t)f.y + y) * 19 + (size_t)f.x + x], pixel, 8);
            }
        }
        free(row);
        assert_same_pixels(&canvas, &want[i]);
        pixels_free(&want[i]);
        blob_free(&in[i]);
    }
    pixels_free(&canvas);
    decoder_close(d);
    source_close(src);
    assert_nothing_held(&cx);
    return out;
}

/* Each pixel as it was, in no more bits than all of them need. */
static void test_layouts(void **state)
{
    (void)state;
    static const struct {
        enum layout first, layout;
        uint8_t mask;
        bool opaque;
        uint8_t depth, type; /* of IHDR */
    } cases[] = {
        {LAYOUT_RGB8, LAYOUT_RGB8, 255, true, 8, 2},
        {LAYOUT_RGBA8, LAYOUT_RGBA8, 255, false, 8, 6},
        {LAYOUT_RGBA8, LAYOUT_RGBA8, 255, true, 8, 2},
        {LAYOUT_GRAY8, LAYOUT_GRAY8, 255, true, 8, 0},
        {LAYOUT_GRAYA8, LAYOUT_GRAYA8, 255, false, 8, 4},
        {LAYOUT_GRAY8, LAYOUT_RGB8, 255, true, 8, 2},
        {LAYOUT_RGB16, LAYOUT_RGB16, 255, true, 16, 2},
        {LAYOUT_RGBA16, LAYOUT_RGBA16, 255, false, 16, 6},
        {LAYOUT_GRAY16, LAYOUT_GRAY16, 255, true, 16, 0},
        {LAYOUT_RGB8, LAYOUT_RGBA16, 255, false, 16, 6},
        {LAYOUT_RGB16, LAYOUT_RGB8, 255, true, 16, 2},
        {LAYOUT_RGB8, LAYOUT_RGB8, 0x80, true, 4, 3},
        {LAYOUT_GRAY8, LAYOUT_GRAY8, 0x11, true, 2, 3},
        {LAYOUT_RGBA8, LAYOUT_RGBA8, 0xc0, false, 8, 3},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct blob b =
            join_stills(cases[i].first, cases[i].layout, cases[i].mask, cases[i].opaque);
        if (b.data[24] != cases[i].depth || b.data[25] != cases[i].type)
            print_error("case %zu: depth %u, type %u\n", i, b.data[24], b.data[25]);
        assert_int_equal(b.data[24], cases[i].depth);
        assert_int_equal(b.data[25], cases[i].type);
        blob_free(&b);
    }
}

/* Delays are the fractions that they were, in an APNG and at a rate; speed is exact as well. */
static void test_fractions(void **state)
{
    (void)state;
    struct picture pic = make_picture(3, 2, LAYOUT_RGB8);
    struct encode_options options = {.compression = 1};
    uint8_t *pixels = make_noise(&pic, 1);
    struct blob still = encode(&format_ppm, &pic, &options, pixels);
    const struct {
        double rate, speed;
        unsigned number, parts;
    } cases[] = {{30, 0, 1, 30}, {29.97, 0, 100, 2997}, {50, 0, 1, 50},  {0.01, 0, 100, 1},
                 {7, 3, 1, 21},  {40, 100, 1, 50},      {12.5, 0, 2, 25}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct job job = job_to(&format_apng);
        job.has_delay = true;
        job.delay_cs = 100 / cases[i].rate;
        job.speed = cases[i].speed;
        struct blob b = join_movie(&job, (struct blob[]){still, still}, 2);
        job = job_to(&format_apng);
        job.encode.optimize = 0;
        struct blob again = convert_movie(&job, &b, FROM_MEMORY, NULL);
        for (int k = 0; k < 2; k++) {
            const struct blob *of = k == 0 ? &b : &again;
            const uint8_t *control = of->data + find_chunk(of, "fcTL", 0) + 8;
            assert_int_equal(control[20] << 8 | control[21], cases[i].number);
            assert_int_equal(control[22] << 8 | control[23], cases[i].parts);
        }
        blob_free(&b);
        blob_free(&again);
    }
    free(pixels);
    blob_free(&still);
}

/* Frames that take more than one chunk each. */
static void test_pieces(void **state)
{
    (void)state;
    struct picture pic = make_picture(300, 150, LAYOUT_RGB8);
    struct encode_options options = {.compression = 1};
    struct job job = job_to(&format_apng);
    struct blob in[2];
    uint8_t *pixels[2];
    for (unsigned i = 0; i < 2; i++) {
        pixels[i] = make_noise(&pic, i);
        in[i] = encode(&format_png, &pic, &options, pixels[i]);
    }
    struct blob out = join_movie(&job, in, 2);
    size_t first = find_chunk(&out, "fdAT", 0);
    assert_int_equal(load_be32(out.data + first), 4 + 32768);
    assert_int_not_equal(find_chunk(&out, "fdAT", first + 1), 0);
    struct shown got = play(&out);
    assert_int_equal(got.count, 2);
    for (unsigned i = 0; i < 2; i++) {
        for (size_t k = 0; k < 45000; k++)
            assert_memory_equal(&got.pixels[i * 45000 + k], pixels[i] + 3 * k, 3);
        free(pixels[i]);
        blob_free(&in[i]);
    }
    shown_free(&got);
    blob_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_layouts),
        cmocka_unit_test(test_fractions),
        cmocka_unit_test(test_pieces),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
