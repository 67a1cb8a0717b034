/* SPDX-License-Identifier: MIT */
/* Profiles made here, of which it is known what they must do; and ones that make no sense. */
#include "color_library.h"

#include "base/mem.h"
#include "color/icc_tags.h"
#include "ink_profile.h"

static size_t put(uint8_t *p, uint32_t v)
{
    for (int i = 0; i < 4; i++)
        p[i] = (uint8_t)(v >> (24 - 8 * i));
    return 4;
}

#define PROFILE_ROOM 700

struct tag {
    const char *name;
    double xyz[3]; /* all 0: a curve that is a straight line */
};

static size_t add_tag(uint8_t *out, size_t at, size_t i, const struct tag *t)
{
    bool curve = t->xyz[1] == 0;
    size_t start = at;
    memcpy(out + at, curve ? "curv" : "XYZ ", 4);
    at += 8;
    if (curve)
        at += put(out + at, 0);
    for (int k = 0; !curve && k < 3; k++)
        at += put(out + at, (uint32_t)(t->xyz[k] * 65536 + 0.5));
    memcpy(out + 132 + i * 12, t->name, 4);
    put(out + 136 + i * 12, (uint32_t)start);
    put(out + 140 + i * 12, (uint32_t)(at - start));
    return at;
}

/* Linear light with the primaries of sRGB, or linear gray. ICC.1:2022, sections 7 and 10 */
static size_t make_profile(bool color, const char *description, uint8_t out[static PROFILE_ROOM])
{
    static const struct tag gray[] = {{"wtpt", {0.9642, 1, 0.8249}}, {"kTRC", {0}}};
    static const struct tag rgb[] = {{"wtpt", {0.9642, 1, 0.8249}},
                                     {"rXYZ", {0.43607, 0.22249, 0.01392}},
                                     {"gXYZ", {0.38515, 0.71687, 0.09708}},
                                     {"bXYZ", {0.14307, 0.06061, 0.7141}},
                                     {"rTRC", {0}},
                                     {"gTRC", {0}},
                                     {"bTRC", {0}}};
    size_t tags = color ? 7 : 2, at = 132 + (tags + 1) * 12, length = strlen(description);
    memset(out, 0, PROFILE_ROOM);
    put(out + 8, 0x02100000);
    memcpy(out + 12, color ? "mntrRGB XYZ " : "mntrGRAYXYZ ", 12);
    memcpy(out + 36, "acsp", 4);
    put(out + 68, 0xf6d6);
    put(out + 72, 0x10000);
    put(out + 76, 0xd32d);
    put(out + 128, (uint32_t)tags + 1);
    for (size_t i = 0; i < tags; i++)
        at = add_tag(out, at, i, color ? &rgb[i] : &gray[i]);
    memcpy(out + 132 + tags * 12, "desc", 4);
    put(out + 136 + tags * 12, (uint32_t)at);
    put(out + 140 + tags * 12, (uint32_t)(90 + length + 1));
    memcpy(out + at, "desc", 4);
    put(out + at + 8, (uint32_t)length + 1);
    memcpy(out + at + 12, description, length);
    at += 90 + length + 1;
    put(out, (uint32_t)at);
    return at;
}

/* Opens one and closes it; the profile in memory of just its size. */
static enum icc_verdict verdict_of(const uint8_t *profile, size_t bytes, enum layout layout)
{
    struct context cx;
    struct icc *icc;
    enum icc_verdict verdict;
    context_init(&cx);
    uint8_t *copy = malloc(bytes);
    memcpy(copy, profile, bytes);
    assert_int_equal(icc_open(&cx, copy, bytes, layout, &verdict, &icc), ST_OK);
    assert_true((verdict == ICC_CONVERTS) == (icc != NULL));
    icc_close(icc);
    assert_nothing_held(&cx);
    free(copy);
    return verdict;
}

/* A tag's data become others, behind all else. */
static size_t replace_tag(uint8_t *profile, size_t bytes, const char *tag, const void *data,
                          size_t size)
{
    uint8_t *entry = profile + 132;
    while (memcmp(entry, tag, 4) != 0)
        entry += 12;
    put(entry + 4, (uint32_t)bytes);
    put(entry + 8, (uint32_t)size);
    memcpy(profile + bytes, data, size);
    put(profile, (uint32_t)(bytes + size));
    return bytes + size;
}

static void test_verdicts(void **state)
{
    (void)state;
    uint8_t gray[PROFILE_ROOM], color[PROFILE_ROOM], named[PROFILE_ROOM];
    size_t gray_bytes = make_profile(false, "linear", gray);
    size_t color_bytes = make_profile(true, "linear", color);
    size_t named_bytes = make_profile(true, "sRGB built-in", named);
    named_bytes = replace_tag(named, named_bytes, "rTRC", "curv\0\0\0\0\0\0\0\1\2\x33", 14);
    enum icc_verdict good = have_library() ? ICC_CONVERTS : ICC_NO_LIBRARY;
    for (enum layout layout = LAYOUT_GRAY8; layout < LAYOUT_COUNT; layout++) {
        bool is_color = layout_info(layout)->color;
        assert_int_equal(verdict_of(gray, gray_bytes, layout), is_color ? ICC_UNUSABLE : good);
        assert_int_equal(verdict_of(color, color_bytes, layout), is_color ? good : ICC_UNUSABLE);
        if (is_color)
            assert_int_equal(verdict_of(named, named_bytes, layout), ICC_IS_SRGB);
    }
    assert_int_equal(verdict_of(color, color_bytes, LAYOUT_INDEX8), ICC_UNUSABLE);
    assert_int_equal(verdict_of(color, 143, LAYOUT_RGB8), ICC_UNUSABLE);
    memset(color + 132, 0, sizeof color - 132); /* a header alone */
    assert_int_not_equal(verdict_of(color, color_bytes, LAYOUT_RGB8), ICC_CONVERTS);
}

/* A profile that names sRGB is it unless its curve or its red are another's. */
static void test_names(void **state)
{
    (void)state;
    static const struct {
        const char *tag;
        size_t size;
        const char *data;
        bool is_srgb;
    } cases[] = {
        {"rTRC", 12, "curv\0\0\0\0\0\0\0\0", false},
        {"rTRC", 14, "curv\0\0\0\0\0\0\0\1\1\xcd", false}, /* 1.8 */
        {"rTRC", 14, "curv\0\0\0\0\0\0\0\1\2\x33", true},  /* 2.2 */
        {"rTRC", 13, "curv\0\0\0\0\0\0\0\1\2", false},
        {"rTRC", 11, "curv\0\0\0\0\0\0\0", false},
        {"rTRC", 18, "curv\0\0\0\0\0\0\0\3\0\0\x36\xcb\xff\xff", true},
        {"rTRC", 20, "curv\0\0\0\0\0\0\0\4\0\0\x20\0\x4d\x96\xff\xff", true},
        {"rTRC", 20, "curv\0\0\0\0\0\0\0\4\0\0\x55\x55\xaa\xaa\xff\xff", false},
        {"rTRC", 16, "para\0\0\0\0\0\0\0\0\0\2\x33\x33", true},
        {"rTRC", 15, "para\0\0\0\0\0\0\0\0\0\2\x33", false},
        {"rTRC", 24, "para\0\0\0\0\0\1\0\0\0\1\0\0\0\1\0\0\xff\xff\xb6\xc9", true},
        {"rTRC", 28, "para\0\0\0\0\0\2\0\0\0\1\0\0\0\1\0\0\xff\xff\x80\0\0\0\x36\xc9", true},
        {"rTRC", 32, /* sRGB as Little CMS writes it */
         "para\0\0\0\0\0\3\0\0\0\2\x66\x66\0\0\xf2\xa7\0\0\x0d\x59\0\0\x13\xd0\0\0\x0a\x5b", true},
        {"rTRC", 32, /* linear up to 0.625 */
         "para\0\0\0\0\0\3\0\0\0\2\x66\x66\0\0\xf2\xa7\0\0\x0d\x59\0\1\0\0\0\0\xa0\0", false},
        {"rTRC", 40,
         "para\0\0\0\0\0\4\0\0\0\1\0\0\0\1\0\0\0\0\0\0\0\0\0\0\0\0\0\0\xff\xff\xb6\xc9\0\0\0\0",
         true},
        {"rTRC", 16, "para\0\0\0\0\0\5\0\0\0\2\x33\x33", false},
        {"rTRC", 16, "what\0\0\0\0\0\0\0\0\0\2\x33\x33", false},
        {"rXYZ", 20, "XYZ \0\0\0\0\0\0\x69\x94\0\0\x36\x72\0\0\4\xf3", true}, /* not adapted */
        {"rXYZ", 20, "XYZ \0\0\0\0\0\0\x83\xde\0\0\x3d\xbe\xff\xff\xff\xbb", false}, /* P3 */
        {"rXYZ", 19, "XYZ \0\0\0\0\0\0\x6f\xa2\0\0\x38\xf5\0\0\3", false},
    };
    uint8_t profile[PROFILE_ROOM];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t bytes = make_profile(true, "Some sRGB", profile);
        bytes = replace_tag(profile, bytes, "rTRC", "curv\0\0\0\0\0\0\0\1\2\x33", 14);
        bytes = replace_tag(profile, bytes, cases[i].tag, cases[i].data, cases[i].size);
        assert_true(icc_says_srgb(profile, bytes) == cases[i].is_srgb);
    }
    /* a table beside no curve: the name is all there is */
    size_t bytes = make_profile(true, "sRGB v4", profile);
    for (uint8_t *tag = profile + 132; tag < profile + 132 + 8 * 12; tag += 12)
        if (tag[1] == 'T' || tag[1] == 'X')
            tag[0] = 'x';
    assert_true(icc_says_srgb(profile, bytes));
}

/* Linear 128 / 255 is 188 in sRGB (IEC 61966-2-1); all of that within what lcms rounds to. */
static void test_linear_light(void **state)
{
    (void)state;
    static const uint8_t in[] = {0, 1, 55, 128, 255}, want[] = {0, 13, 128, 188, 255};
    uint8_t profile[2][PROFILE_ROOM];
    size_t bytes[2];
    if (!have_library())
        skip();
    for (int color = 0; color < 2; color++)
        bytes[color] = make_profile(color, "linear", profile[color]);
    for (enum layout layout = LAYOUT_GRAY8; layout < LAYOUT_COUNT; layout++) {
        const struct layout_info *info = layout_info(layout);
        const uint32_t width = 2500;
        struct context cx;
        struct icc *icc;
        enum icc_verdict verdict;
        context_init(&cx);
        assert_int_equal(
            icc_open(&cx, profile[info->color], bytes[info->color], layout, &verdict, &icc), ST_OK);
        assert_int_equal(verdict, ICC_CONVERTS);
        size_t wide = info->bits / 8;
        uint8_t *row = make_bytes(width * info->bytes);
        for (uint32_t x = 0; x < width; x++)
            for (unsigned c = 0; c < info->channels; c++)
                memset(row + x * info->bytes + c * wide,
                       info->alpha && c + 1u == info->channels ? (int)(x % 251) : in[x % 5], wide);
        icc_convert(icc, row, width);
        for (uint32_t x = 0; x < width; x++)
            for (unsigned c = 0; c < info->channels; c++) {
                const uint8_t *p = row + x * info->bytes + c * wide;
                uint16_t v = (uint16_t)(*p * 257);
                if (wide == 2)
                    memcpy(&v, p, 2);
                if (info->alpha && c + 1u == info->channels)
                    assert_int_equal(v, x % 251 * 257);
                else
                    assert_true(abs((int)v - want[x % 5] * 257) <= 257 + 64);
            }
        free(row);
        icc_close(icc);
        assert_nothing_held(&cx);
    }
}

/* Links and lists are of no use; tags of floating-point stages, maybe bombs, are not read. */
static void test_parts_that_are_not_for_us(void **state)
{
    (void)state;
    uint8_t profile[PROFILE_ROOM];
    size_t bytes = make_profile(true, "linear", profile);
    enum icc_verdict good = have_library() ? ICC_CONVERTS : ICC_NO_LIBRARY;
    assert_int_equal(verdict_of(profile, bytes, LAYOUT_RGB8), good);
    memcpy(profile + 132, "D2B0", 4); /* was wtpt: no stages at all */
    assert_int_equal(verdict_of(profile, bytes, LAYOUT_RGB8), good);
    memcpy(profile + 132, "B2D3", 4);
    assert_int_equal(verdict_of(profile, bytes, LAYOUT_RGB8), good);
    memcpy(profile + 12, "nmcl", 4);
    assert_int_not_equal(verdict_of(profile, bytes, LAYOUT_RGB8), ICC_CONVERTS);
    memcpy(profile + 12, "link", 4);
    assert_int_not_equal(verdict_of(profile, bytes, LAYOUT_RGB8), ICC_CONVERTS);
}

/*
 * A table that says it has 255 x 255 x 255 points, or so many as to have none when counted in 32
 * bits, in a tag of a few bytes. Little CMS's memory is not ours to count, but the profile says
 * what it saw: without the table its primaries and curves are what is left.
 */
static void test_tables_that_are_not_there(void **state)
{
    (void)state;
    static const uint8_t heads[][12] = {"mft1\0\0\0\0\3\3\377", "mft2\0\0\0\0\3\3\377",
                                        "mft2\0\0\0\0\10\1\20", "mAB \0\0\0\0\3\3"};
    enum icc_verdict good = have_library() ? ICC_CONVERTS : ICC_NO_LIBRARY;
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        uint8_t profile[PROFILE_ROOM], *clean;
        size_t bytes = make_profile(true, "linear light and no more than that", profile);
        struct context cx;
        context_init(&cx);
        memcpy(profile + 132, "A2B0", 4); /* was wtpt */
        put(profile + 136, (uint32_t)bytes - 52);
        put(profile + 140, 52);
        memset(profile + bytes - 52, 0, 52);
        assert_int_equal(icc_without_bombs(&cx, profile, bytes, &clean), ST_OK);
        assert_null(clean);
        memcpy(profile + bytes - 52, heads[i], sizeof heads[i]);
        profile[bytes - 52 + 27] = 32; /* where the points of the later types are */
        memset(profile + bytes - 20, 255, 3);
        assert_int_equal(icc_without_bombs(&cx, profile, bytes, &clean), ST_OK);
        assert_non_null(clean);
        assert_memory_equal(clean + 132, "x2B0", 4);
        mem_free(&cx, clean);
        assert_nothing_held(&cx);
        assert_int_equal(verdict_of(profile, bytes, LAYOUT_RGB8), good);
    }
}

/* L of 195 / 255 is 189 in sRGB, of 135 / 255 it is 126. */
static void test_inks(void **state)
{
    (void)state;
    static const struct {
        uint8_t ink[4]; /* 255: none */
        int gray;
    } cases[] = {{{255, 255, 255, 255}, 255}, {{255, 255, 255, 0}, 0}, {{0, 255, 255, 255}, 189},
                 {{255, 0, 255, 255}, 189},   {{0, 255, 0, 255}, 126}, {{0, 0, 0, 0}, 0},
                 {{255, 255, 0, 255}, 189},   {{255, 0, 0, 255}, 126}};
    enum { COUNT = sizeof cases / sizeof *cases };
    uint8_t profile[INK_PROFILE_BYTES], row[COUNT * 4], rgb[COUNT * 3];
    struct context cx;
    struct icc *icc;
    enum icc_verdict verdict;
    ink_profile_make(profile);
    context_init(&cx);
    assert_int_equal(icc_open_inks(&cx, profile, sizeof profile, &verdict, &icc), ST_OK);
    if (verdict == ICC_NO_LIBRARY)
        skip();
    assert_int_equal(verdict, ICC_CONVERTS);
    for (int i = 0; i < COUNT; i++)
        memcpy(row + 4 * i, cases[i].ink, 4);
    icc_convert_inks(icc, row, rgb, COUNT);
    for (int i = 0; i < COUNT * 3; i++)
        assert_in_range(rgb[i] + 3, cases[i / 3].gray + 1, cases[i / 3].gray + 5);
    icc_close(icc);
    memcpy(profile + 16, "RGB ", 4);
    assert_int_equal(icc_open_inks(&cx, profile, sizeof profile, &verdict, &icc), ST_OK);
    assert_int_equal(verdict, ICC_UNUSABLE);
    assert_null(icc);
    assert_int_equal(icc_open_inks(&cx, profile, 143, &verdict, &icc), ST_OK);
    assert_int_equal(verdict, ICC_UNUSABLE);
    assert_nothing_held(&cx);
}

static void test_scrambled(void **state)
{
    (void)state;
    uint8_t profile[PROFILE_ROOM];
    uint64_t seed = 11;
    for (int i = 0; i < 3000; i++) {
        size_t bytes = make_profile(i % 2 != 0, "linear", profile);
        for (uint32_t n = 1 + noise(&seed) % 4; n > 0; n--)
            profile[noise(&seed) % bytes] = (uint8_t)noise(&seed);
        if (i % 5 == 0)
            bytes = 128 + noise(&seed) % (bytes - 128);
        verdict_of(profile, bytes, i % 2 != 0 ? LAYOUT_RGBA16 : LAYOUT_GRAY8);
    }
    for (int i = 0; i < 300; i++) {
        uint8_t table[INK_PROFILE_BYTES];
        struct context cx;
        struct icc *icc;
        enum icc_verdict verdict;
        ink_profile_make(table);
        for (uint32_t n = 1 + noise(&seed) % 4; n > 0; n--)
            table[noise(&seed) % 200] = (uint8_t)noise(&seed);
        context_init(&cx);
        assert_int_equal(icc_open_inks(&cx, table, sizeof table, &verdict, &icc), ST_OK);
        icc_close(icc);
        assert_nothing_held(&cx);
    }
}

static enum status open_job(struct context *cx, void *user)
{
    uint8_t profile[PROFILE_ROOM];
    size_t bytes = make_profile(true, "linear", profile);
    struct icc *icc;
    enum icc_verdict verdict;
    (void)user;
    memcpy(profile + 132, "D2B0", 4); /* so that there is a copy */
    enum status st = icc_open(cx, profile, bytes, LAYOUT_RGB8, &verdict, &icc);
    icc_close(icc);
    return st;
}

static void test_faults(void **state)
{
    (void)state;
    sweep_kind(FAULT_ALLOC, ST_NOMEM, open_job, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_verdicts),
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_linear_light),
        cmocka_unit_test(test_parts_that_are_not_for_us),
        cmocka_unit_test(test_tables_that_are_not_there),
        cmocka_unit_test(test_inks),
        cmocka_unit_test(test_scrambled),
        cmocka_unit_test(test_faults),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
