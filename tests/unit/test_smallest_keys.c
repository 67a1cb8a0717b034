/* SPDX-License-Identifier: MIT */
/* PNG out: a color that stands for transparency in place of an alpha channel. */
#include "smallest_run.h"

/* The same color as that of another pixel, but for its alpha. */
static void copy_color(const struct picture *pic, uint8_t *pixels, size_t from, size_t to)
{
    const struct layout_info *info = layout_info(pic->layout);
    memcpy(pixels + to * info->bytes, pixels + from * info->bytes,
           (info->channels - 1u) * info->bits / 8);
}

/* One color of which all pixels are transparent, and no others, takes no channel for it. */
static void test_color_keys(void **state)
{
    (void)state;
    static const enum layout layouts[] = {LAYOUT_GRAYA8, LAYOUT_GRAYA16, LAYOUT_RGBA8,
                                          LAYOUT_RGBA16};
    for (size_t i = 0; i < 4; i++) {
        const struct layout_info *info = layout_info(layouts[i]);
        struct picture pic =
            make_picture(info->bits == 8 && !info->color ? 15 : 47, 11, layouts[i]);
        size_t n = (size_t)pic.width * pic.height, each = info->bytes;
        unsigned plain = info->color ? PNG_COLOR_TYPE_RGB : PNG_COLOR_TYPE_GRAY;
        unsigned alpha = plain | PNG_COLOR_MASK_ALPHA;
        for (size_t key = 0; key < n; key += n / 2) {
            size_t other = key == n / 2 ? 0 : n / 2;
            uint8_t *pixels = noise_pixels(&pic, 3 + i);
            if (each == 2) /* all different */
                for (size_t k = 0; k < n; k++)
                    pixels[2 * k] = (uint8_t)k;
            for (size_t k = 0; k < n; k++)
                set_alpha(&pic, pixels, k, 65535);
            set_alpha(&pic, pixels, key, 0);
            assert_shrinks(&pic, pixels, info->bits, plain);
            copy_color(&pic, pixels, key, other); /* a second one of it */
            set_alpha(&pic, pixels, other, 0);
            assert_shrinks(&pic, pixels, info->bits, plain);
            set_alpha(&pic, pixels, other, 65535); /* an opaque one of it */
            if (each != 2)
                assert_shrinks(&pic, pixels, info->bits, alpha);
            copy_color(&pic, pixels, 1, other); /* another transparent color */
            set_alpha(&pic, pixels, other, 0);
            if (each != 2)
                assert_shrinks(&pic, pixels, info->bits, alpha);
            copy_color(&pic, pixels, key, other); /* not quite transparent */
            set_alpha(&pic, pixels, other, 0x0101);
            if (each != 2)
                assert_shrinks(&pic, pixels, info->bits, alpha);
            free(pixels);
        }
    }
}

/* The key is one of a few grays, from gray samples and from a palette. */
static void test_gray_keys(void **state)
{
    (void)state;
    for (unsigned bits = 1; bits <= 8; bits *= 2)
        for (int indices = 0; indices < 2; indices++) {
            uint32_t count = 1u << bits;
            struct picture pic = make_picture(41, 33, indices ? LAYOUT_INDEX8 : LAYOUT_GRAYA8);
            uint8_t *pixels = make_bytes(picture_size(&pic));
            uint64_t seed = bits;
            for (size_t i = 0; i < (size_t)41 * 33; i++) {
                uint32_t k = i < count ? (uint32_t)i : noise(&seed) % count;
                if (indices) {
                    pixels[i] = (uint8_t)k;
                } else {
                    pixels[2 * i] = (uint8_t)(k * 255 / (count - 1));
                    pixels[2 * i + 1] = k == count / 2 ? 0 : 255;
                }
            }
            for (uint32_t k = 0; k < count; k++) {
                uint8_t v = (uint8_t)(k * 255 / (count - 1));
                pic.palette.entry[k] = (struct rgba8){v, v, v, k == count / 2 ? 0 : 255};
            }
            pic.palette.count = count;
            assert_shrinks(&pic, pixels, bits, PNG_COLOR_TYPE_GRAY);
            free(pixels);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_color_keys),
        cmocka_unit_test(test_gray_keys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
