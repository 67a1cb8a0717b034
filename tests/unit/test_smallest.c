/* SPDX-License-Identifier: MIT */
/* PNG out: the smallest kind there is for the pixels, none of which changes. */
#include "smallest_run.h"

/* A picture of so many colors of noise. mask: which bits of the noise show. */
static uint8_t *few_colors(const struct picture *pic, uint32_t colors, bool gray, bool alpha,
                           uint32_t step)
{
    const struct layout_info *info = layout_info(pic->layout);
    size_t n = (size_t)pic->width * pic->height, wide = info->bits / 8;
    uint8_t *out = make_bytes(n * info->bytes);
    uint64_t seed = colors + 1;
    for (size_t i = 0; i < n; i++) {
        uint32_t k = i < colors ? (uint32_t)i : noise(&seed) % colors;
        uint8_t c[4] = {(uint8_t)(k * step), (uint8_t)(gray ? k * step : 255 - k), 0, 255};
        c[2] = gray ? c[0] : 77;
        if (alpha && k % 3 == 0)
            c[3] = (uint8_t)(k * 5);
        for (unsigned ch = 0; ch < info->channels; ch++) {
            uint8_t v = info->alpha && ch == info->channels - 1u ? c[3] : c[ch];
            memset(out + i * info->bytes + ch * wide, v, wide);
        }
    }
    return out;
}

static void test_kinds(void **state)
{
    (void)state;
    static const struct {
        enum layout layout;
        uint32_t colors;
        bool gray, alpha;
        uint32_t step;
        unsigned bits, type;
    } cases[] = {
        {LAYOUT_RGBA16, 2, false, false, 100, 1, PNG_COLOR_TYPE_PALETTE},
        {LAYOUT_RGB16, 3, false, false, 50, 2, PNG_COLOR_TYPE_PALETTE},
        {LAYOUT_RGBA8, 16, false, true, 9, 4, PNG_COLOR_TYPE_PALETTE},
        {LAYOUT_RGB8, 17, false, false, 9, 8, PNG_COLOR_TYPE_PALETTE},
        {LAYOUT_RGBA8, 256, false, true, 1, 8, PNG_COLOR_TYPE_PALETTE},
        {LAYOUT_RGBA8, 2, true, false, 255, 1, PNG_COLOR_TYPE_GRAY},
        {LAYOUT_RGB8, 4, true, false, 85, 2, PNG_COLOR_TYPE_GRAY},
        {LAYOUT_GRAYA16, 16, true, false, 17, 4, PNG_COLOR_TYPE_GRAY},
        {LAYOUT_GRAY8, 3, true, false, 100, 2, PNG_COLOR_TYPE_PALETTE},
        {LAYOUT_GRAY16, 256, true, false, 1, 8, PNG_COLOR_TYPE_GRAY},
        {LAYOUT_RGBA16, 200, true, false, 1, 8, PNG_COLOR_TYPE_GRAY},
        {LAYOUT_GRAYA8, 40, true, true, 3, 8, PNG_COLOR_TYPE_PALETTE},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct picture pic = make_picture(61, 53, cases[i].layout);
        uint8_t *pixels =
            few_colors(&pic, cases[i].colors, cases[i].gray, cases[i].alpha, cases[i].step);
        assert_shrinks(&pic, pixels, cases[i].bits, cases[i].type);
        free(pixels);
    }
}

/* Noise of every layout stays what it is; one pixel at the very end decides about the others. */
static void test_last_pixel_counts(void **state)
{
    (void)state;
    static const unsigned types[LAYOUT_COUNT] = {3, 0, 0, 4, 4, 2, 2, 6, 6};
    for (enum layout layout = LAYOUT_GRAY8; layout < LAYOUT_COUNT; layout++) {
        const struct layout_info *info = layout_info(layout);
        struct picture pic = make_picture(67, 41, layout);
        uint8_t *pixels = noise_pixels(&pic, layout);
        assert_shrinks(&pic, pixels, info->bits, types[layout]);
        free(pixels);
        /* black but for one sample of the last pixel */
        for (unsigned ch = 0; ch < info->channels; ch++) {
            size_t size = picture_size(&pic);
            bool alpha = info->alpha && ch + 1 == info->channels;
            uint8_t *one = make_bytes(size);
            memset(one, 0, size);
            if (info->alpha)
                for (size_t at = 0; at < size; at += info->bytes)
                    memset(one + at + (info->channels - 1) * info->bits / 8, 255, info->bits / 8);
            uint8_t *last = one + size - info->bytes + ch * info->bits / 8;
            last[0] ^= 1;
            bool color = info->color && !alpha;
            unsigned type = (color ? PNG_COLOR_MASK_COLOR : 0) | (alpha ? PNG_COLOR_MASK_ALPHA : 0);
            if (info->bits == 8) /* two colors */
                assert_shrinks(&pic, one, 1, PNG_COLOR_TYPE_PALETTE);
            else
                assert_shrinks(&pic, one, 16, type);
            free(one);
        }
    }
}

/* Transparent pixels keep colors that nobody sees. */
static void test_hidden_colors(void **state)
{
    (void)state;
    struct picture pic = make_picture(40, 30, LAYOUT_RGBA8);
    uint8_t *pixels = few_colors(&pic, 5, false, false, 40);
    for (size_t i = 0; i < picture_size(&pic); i += 8)
        pixels[i + 3] = 0;
    assert_shrinks(&pic, pixels, 4, PNG_COLOR_TYPE_PALETTE);
    memset(pixels, 0, picture_size(&pic)); /* the value that a table may take for none */
    assert_shrinks(&pic, pixels, 1, PNG_COLOR_TYPE_GRAY);
    free(pixels);
}

static void test_palettes(void **state)
{
    (void)state;
    struct picture pic = make_picture(50, 40, LAYOUT_INDEX8);
    uint8_t *pixels = noise_pixels(&pic, 8);
    assert_shrinks(&pic, pixels, 8, PNG_COLOR_TYPE_PALETTE);
    for (size_t i = 0; i < picture_size(&pic); i++)
        pixels[i] = (uint8_t)(pixels[i] % 4 * 20);
    assert_shrinks(&pic, pixels, 2, PNG_COLOR_TYPE_PALETTE);
    for (unsigned i = 0; i < 256; i++) /* one color in many entries */
        pic.palette.entry[i] = (struct rgba8){(uint8_t)(i / 128), 3, 3, 255};
    for (size_t i = 0; i < picture_size(&pic); i++)
        pixels[i] = (uint8_t)(pixels[i] * 4);
    assert_shrinks(&pic, pixels, 1, PNG_COLOR_TYPE_PALETTE);
    pic.palette.count = 100;
    for (unsigned i = 0; i < 100; i++)
        pic.palette.entry[i] =
            (struct rgba8){(uint8_t)(i * 2), (uint8_t)(i * 2), (uint8_t)(i * 2), 255};
    uint64_t seed = 4;
    for (size_t i = 0; i < picture_size(&pic); i++)
        pixels[i] = (uint8_t)(noise(&seed) % 100);
    assert_shrinks(&pic, pixels, 8, PNG_COLOR_TYPE_GRAY);
    pic.palette.count = 2;
    pic.palette.entry[0] = (struct rgba8){255, 255, 255, 255};
    pic.palette.entry[1] = (struct rgba8){0, 0, 0, 255};
    for (size_t i = 0; i < picture_size(&pic); i++)
        pixels[i] = (uint8_t)(noise(&seed) % 2);
    assert_shrinks(&pic, pixels, 1, PNG_COLOR_TYPE_GRAY);
    free(pixels);
}

/* Whether any scanline of a file without interlace is filtered. */
static bool is_filtered(const struct blob *b, size_t line, size_t height)
{
    struct blob packed = {0};
    bool any = false;
    for (size_t at = 8; at + 12 <= b->bytes;) {
        const uint8_t *p = b->data + at;
        size_t n = (size_t)p[0] << 24 | (size_t)p[1] << 16 | (size_t)p[2] << 8 | p[3];
        if (memcmp(p + 4, "IDAT", 4) == 0)
            blob_add(&packed, p + 8, n);
        at += n + 12;
    }
    uLongf size = (line + 1) * height;
    uint8_t *lines = make_bytes(size);
    assert_int_equal(uncompress(lines, &size, packed.data, packed.bytes), Z_OK);
    for (size_t y = 0; y < height; y++)
        any |= lines[y * (line + 1)] != 0;
    free(lines);
    blob_free(&packed);
    return any;
}

/* Colors at random compress as they are; slopes only where neighbors are subtracted. */
static void test_filters(void **state)
{
    (void)state;
    static const struct encode_options plain = {.compression = 6};
    static const uint32_t sides[] = {100, 600}; /* the larger one is judged by bands */
    for (int side = 0; side < 2; side++)
        for (int slope = 0; slope < 2; slope++)
            for (unsigned bits = 8; bits <= 16; bits += 8) {
                uint32_t n = sides[side];
                struct picture pic = make_picture(n, n, bits == 8 ? LAYOUT_RGB8 : LAYOUT_RGB16);
                uint8_t *pixels = make_bytes(picture_size(&pic)), *p = pixels;
                uint64_t seed = 9;
                for (uint32_t i = 0; i < n * n; i++) {
                    uint32_t x = i % n, y = i / n, k = noise(&seed) % 300;
                    uint16_t v[3] = {(uint16_t)(k * 77), (uint16_t)(k / 256 * 99),
                                     (uint16_t)(k * 7)};
                    if (slope)
                        memcpy(v,
                               (uint16_t[]){(uint16_t)(x * 3 + y), (uint16_t)(y * 5 + 3 * x),
                                            (uint16_t)(x + y)},
                               sizeof v);
                    for (int c = 0; c < 3; c++, p += bits / 8)
                        memcpy(p, &v[c], bits / 8);
                }
                struct blob in = encode(&format_png, &pic, &plain, pixels);
                struct blob out = shrink_blob(&in, false, SIZE_UNLIMITED, false);
                assert_int_equal(out.data[25], PNG_COLOR_TYPE_RGB);
                assert_int_equal(is_filtered(&out, (size_t)n * 3 * bits / 8, n), slope);
                assert_true(out.bytes <= in.bytes);
                blob_free(&in);
                blob_free(&out);
                free(pixels);
            }
}

static void test_edges(void **state)
{
    (void)state;
    static const uint32_t sizes[][2] = {{1, 1}, {1, 65535}, {65535, 1}, {3, 2}};
    size_t size, got_size;
    for (size_t i = 0; i < 4; i++)
        for (enum layout layout = 0; layout < LAYOUT_COUNT; layout++)
            for (int noisy = 0; noisy < 2; noisy++) {
                static const struct encode_options plain = {.compression = 1};
                struct picture pic = make_picture(sizes[i][0], sizes[i][1], layout);
                uint8_t *pixels = noise_pixels(&pic, 3);
                if (!noisy)
                    memset(pixels, 255, picture_size(&pic));
                struct blob in = encode(&format_png, &pic, &plain, pixels);
                uint8_t *want = expand(in.data, in.bytes, &size);
                struct blob out = shrink_blob(&in, false, SIZE_UNLIMITED, false);
                uint8_t *got = expand(out.data, out.bytes, &got_size);
                assert_int_equal(got_size, size);
                assert_memory_equal(got, want, size);
                free(got);
                free(want);
                free(pixels);
                blob_free(&in);
                blob_free(&out);
            }
}

/* With a profile for colors gray pixels stay colors; with one for grays they stay gray. */
static void test_profiles_stay(void **state)
{
    (void)state;
    for (int gray = 0; gray < 2; gray++) {
        uint8_t profile[200] = {0};
        struct blob in = begin(4, 2, 8, gray ? 0 : 2, false), packed = blob_of("icc\0\0", 5);
        put32(profile, sizeof profile);
        memcpy(profile + 16, gray ? "GRAY" : "RGB ", 4);
        memcpy(profile + 36, "acsp", 4);
        uLongf room = compressBound(sizeof profile);
        uint8_t *z = make_bytes(room);
        assert_int_equal(compress2(z, &room, profile, sizeof profile, 9), Z_OK);
        blob_add(&packed, z, room);
        add_chunk(&in, "iCCP", packed.data, packed.bytes);
        uint8_t lines[26] = {0};
        memset(lines + 1, 100, gray ? 2 : 6);
        end(&in, lines, gray ? 10 : 26);
        struct blob out = shrink_blob(&in, false, SIZE_UNLIMITED, false);
        assert_non_null(memmem(out.data, out.bytes, "iCCP", 4));
        assert_true(gray ? out.data[25] == 0 : (out.data[25] & 2) != 0);
        blob_free(&in);
        blob_free(&out);
        blob_free(&packed);
        free(z);
    }
}

static void test_faults(void **state)
{
    (void)state;
    static const struct encode_options plain = {.compression = 6};
    static const struct {
        enum layout layout;
        uint32_t colors;
    } cases[] = {{LAYOUT_RGBA16, 30}, {LAYOUT_RGB8, 2}, {LAYOUT_INDEX8, 2}, {LAYOUT_RGBA8, 0}};
    for (size_t i = 0; i < 4; i++) {
        struct picture pic = make_picture(9, 8, cases[i].layout);
        uint8_t *pixels = pic.layout == LAYOUT_INDEX8
                              ? calloc(1, picture_size(&pic))
                              : few_colors(&pic, max_u32(cases[i].colors, 1), false, false, 9);
        for (size_t k = 0; cases[i].colors == 0 && k < 72; k++) /* a key that comes last */
            set_alpha(&pic, memset(pixels + 4 * k, (int)k, 4), 0, k == 71 ? 0 : 65535);
        struct blob in = encode(&format_png, &pic, &plain, pixels);
        struct shrinking s = {.in = &in,
                              .temp = SIZE_UNLIMITED,
                              .job = {.format = &format_png,
                                      .colors = 256,
                                      .encode = {.compression = 6, .optimize = 1}}};
        sweep_kind(FAULT_ALLOC, ST_NOMEM, shrink, &s);
        sweep_kind(FAULT_READ, ST_IO, shrink, &s);
        blob_free(&s.out);
        blob_free(&in);
        free(pixels);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_kinds),         cmocka_unit_test(test_last_pixel_counts),
        cmocka_unit_test(test_hidden_colors), cmocka_unit_test(test_palettes),
        cmocka_unit_test(test_filters),       cmocka_unit_test(test_edges),
        cmocka_unit_test(test_profiles_stay), cmocka_unit_test(test_faults),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
