/* SPDX-License-Identifier: MIT */
/* JPEGs of several scans: libjpeg's pixels, whole, cut or damaged; memory. */
#include "jpeg_reference.h"

#include "base/spool.h"
#include "formats/jpeg/jpeg_lockstep.h"

/* Sequential, two components in one scan. */
static const jpeg_scan_info pair[] = {{1, {2}, 0, 63, 0, 0}, {2, {0, 1}, 0, 63, 0, 0}};
/* Progressive, bits or coefficients missing: libjpeg smooths. */
static const jpeg_scan_info only_dc[] = {{3, {0, 1, 2}, 0, 0, 0, 0}};
static const jpeg_scan_info unrefined[] = {
    {3, {0, 1, 2}, 0, 0, 0, 1}, {1, {0}, 1, 63, 0, 2}, {1, {1}, 1, 63, 0, 1},
    {1, {2}, 1, 63, 0, 1},      {1, {0}, 1, 63, 2, 1},
};
static const jpeg_scan_info by_bands[] = {
    {1, {1}, 0, 0, 0, 0},  {2, {0, 2}, 0, 0, 0, 1}, {1, {2}, 1, 5, 0, 0},  {1, {0}, 1, 63, 0, 3},
    {1, {2}, 6, 63, 0, 0}, {1, {0}, 1, 63, 3, 2},   {1, {1}, 1, 63, 0, 0}, {2, {0, 2}, 0, 0, 1, 0},
    {1, {0}, 1, 63, 2, 1}, {1, {0}, 1, 63, 1, 0},
};

#define SCANS(a) .scans = (a), .scan_count = sizeof(a) / sizeof *(a)

static const struct jpeg_recipe recipes[] = {
    {.components = 1, .progressive = true},
    {.components = 1, .progressive = true, .factors = "22"},
    {.components = 3, .progressive = true},
    {.components = 3, .progressive = true, .restart = 1},
    {.components = 3, .progressive = true, .restart = 7, .factors = "11 11 11"},
    {.components = 3, .progressive = true, .arithmetic = true},
    {.components = 3, .progressive = true, .arithmetic = true, .restart = 5},
    {.components = 3, .progressive = true, .factors = "12 11 12"},
    {.components = 3, .progressive = true, .factors = "31 11 11"},
    {.components = 3, .progressive = true, .factors = "41 11 21"},
    {.components = 3, .progressive = true, .factors = "14 12 11"},
    {.components = 4, .progressive = true},
    {.components = 3, SCANS(jpeg_apart)},
    {.components = 3, SCANS(jpeg_apart), .optimize = true, .restart = 3},
    {.components = 3, SCANS(jpeg_apart), .factors = "42 21 12"},
    {.components = 3, SCANS(pair), .factors = "21 12 11"},
    {.components = 3, SCANS(pair), .arithmetic = true, .restart = 4},
    {.components = 3, SCANS(only_dc)},
    {.components = 3, SCANS(unrefined)},
    {.components = 3, SCANS(unrefined), .arithmetic = true, .factors = "11 11 11"},
    {.components = 3, SCANS(by_bands)},
    {.components = 3, SCANS(by_bands), .factors = "24 11 12", .restart = 2},
};

#define RECIPES (sizeof recipes / sizeof *recipes)

static void convert_inks(struct jpeg_decoded *want)
{
    size_t pixels = (size_t)want->width * want->height;
    for (size_t i = 0; i < pixels; i++)
        for (size_t k = 0; k < 3; k++)
            want->pixels[3 * i + k] =
                (uint8_t)((want->pixels[4 * i + k] * want->pixels[4 * i + 3] + 127) / 255);
    want->components = 3;
    want->stride = 3 * (size_t)want->width;
}

/*
 * The file must come as libjpeg's own decoding has it, out of memory, a file and a pipe: when
 * strict, up to the first damage; when lenient, all of it.
 */
static void assert_as_libjpeg(const struct blob *b, uint64_t temp_limit)
{
    struct jpeg_decoded want = jpeg_reference(b);
    bool sound = !want.fatal && want.damage == 0;
    if (want.components == 4)
        convert_inks(&want);
    for (int way = 0; way < 6; way++) {
        struct context cx;
        struct source *src;
        context_init(&cx);
        cx.lenient = way >= 3;
        cx.temp.limit = temp_limit;
        int fd = way % 3 == 0 ? -1 : way % 3 == 1 ? temp_fd(b->data, b->bytes) : pipe_fd(b);
        assert_int_equal(fd < 0 ? source_open_memory(&cx, b->data, b->bytes, &src)
                                : source_open_fd(&cx, fd, &src),
                         ST_OK);
        struct decoded d = decode_from(&cx, src);
        if ((d.status == ST_END) != sound)
            print_error("%s\n", d.text);
        assert_int_equal(d.status == ST_END, sound);
        if (!sound)
            assert_true(d.status == ST_DAMAGED || d.status == ST_UNSUPPORTED);
        if (sound) /* and nothing behind the file is taken */
            assert_int_equal(source_offset(src), b->bytes);
        if (!want.fatal && (sound || cx.lenient)) {
            assert_int_equal(d.rows, want.height);
            assert_memory_equal(d.pixels, want.pixels, want.stride * want.height);
        }
        decoded_free(&d);
        source_close(src);
        if (fd >= 0)
            close(fd);
        assert_nothing_held(&cx);
    }
    free(want.pixels);
}

static struct blob make(size_t recipe, uint32_t width, uint32_t height)
{
    return jpeg_make_slopes(&recipes[recipe], width, height);
}

static void test_whole(void **state)
{
    (void)state;
    static const uint32_t sizes[][2] = {{1, 1}, {8, 8}, {33, 17}, {16, 64}, {100, 75}, {7, 300}};
    for (size_t i = 0; i < RECIPES; i++)
        for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
            struct blob b = make(i, sizes[k][0], sizes[k][1]);
            assert_as_libjpeg(&b, SIZE_UNLIMITED);
            blob_free(&b);
        }
}

/*
 * Cut anywhere but in a marker: of one that is not whole libjpeg makes up the rest, and reads a
 * scan or a table that never was, where we end the file before it.
 */
static bool is_in_marker(const struct blob *b, size_t at)
{
    for (size_t i = 2; i + 3 < b->bytes && i < at;) {
        if (b->data[i] != 0xff || b->data[i + 1] == 0 ||
            (b->data[i + 1] >= 0xd0 && b->data[i + 1] <= 0xd9)) {
            i++;
            continue;
        }
        i += 2u + (unsigned)(b->data[i + 2] << 8 | b->data[i + 3]);
        if (i > at)
            return true;
    }
    return false;
}

static void test_cut(void **state)
{
    (void)state;
    for (size_t i = 0; i < RECIPES; i++) {
        struct blob b = make(i, 40, 50);
        size_t step = 1 + b.bytes / 23;
        for (size_t n = 1; n < b.bytes; n += step) {
            struct blob part = blob_of(b.data, n);
            if (is_in_marker(&b, n)) {
                struct decoded d = decode(&part, n % 2 == 0);
                assert_int_equal(d.status, ST_DAMAGED);
                decoded_free(&d);
            } else {
                assert_as_libjpeg(&part, SIZE_UNLIMITED);
            }
            blob_free(&part);
        }
        blob_free(&b);
    }
}

static void test_scrambled(void **state)
{
    (void)state;
    for (size_t i = 0; i < RECIPES; i++) {
        struct blob b = make(i, 40, 50);
        scramble(&b, 60, i + 1);
        blob_free(&b);
    }
}

/* Without temporary space there is no smoothing, but a picture. */
static void test_cut_without_space(void **state)
{
    (void)state;
    struct blob b = make(2, 400, 300);
    b.bytes = b.bytes / 2;
    struct context cx;
    struct source *src;
    context_init(&cx);
    cx.lenient = true;
    cx.temp.limit = 0;
    assert_int_equal(source_open_memory(&cx, b.data, b.bytes, &src), ST_OK);
    struct decoded d = decode_from(&cx, src);
    assert_int_equal(d.status, ST_DAMAGED);
    assert_int_equal(d.rows, 300);
    decoded_free(&d);
    source_close(src);
    assert_nothing_held(&cx);
    blob_free(&b);
}

/* Legal and illegal things between scans and behind them. */
static void test_between_scans(void **state)
{
    (void)state;
    static const struct {
        const char *data;
        size_t bytes;
    } things[] = {
        {"\xff\xff\xff", 3}, /* padding */
        {"\xff\xfe\x00\x05"
         "abc",
         7},                             /* a comment */
        {"\xff\xe2\x00\x02", 4},         /* an empty APP2 */
        {"\xff\xd3", 2},                 /* a restart marker out of place */
        {"\xff\xdd\x00\x04\x00\x02", 6}, /* another restart interval: damage */
        {"junk", 4},                     /* extraneous bytes */
        {"\xff\x00\xff\x00", 4},         /* as if they were data */
        {"\xff\x01", 2},                 /* TEM */
        {"\xff\x02", 2},                 /* no marker of JPEG's */
        {"\xff\xd8", 2},                 /* a second SOI */
        {"\xff\xc4\x00\x03\x00", 5},     /* a table that is none */
        {"\xff\xdc\x00\x04\x00\x32", 6}, /* DNL, which libjpeg ignores */
    };
    struct blob b = make(2, 40, 50);
    size_t places[] = {jpeg_find(&b, 0xda, 1), jpeg_find(&b, 0xda, 4), b.bytes - 2};
    for (size_t i = 0; i < sizeof things / sizeof *things; i++)
        for (size_t k = 0; k < 3; k++) {
            struct blob changed = blob_insert(&b, places[k], things[i].data, things[i].bytes);
            assert_as_libjpeg(&changed, SIZE_UNLIMITED);
            blob_free(&changed);
        }
    blob_free(&b);
}

/* A quantization table that changes once its component's first scan has been. */
static void test_tables_change(void **state)
{
    (void)state;
    uint8_t table[69] = {0xff, 0xdb, 0, 67, 0};
    for (int i = 5; i < 69; i++)
        table[i] = (uint8_t)(i * 3);
    for (size_t recipe = 12; recipe < 17; recipe++) {
        struct blob b = make(recipe, 40, 50);
        struct blob changed = blob_insert(&b, jpeg_find(&b, 0xda, 1), table, sizeof table);
        assert_as_libjpeg(&changed, SIZE_UNLIMITED);
        blob_free(&changed);
        blob_free(&b);
    }
}

/* One scan a coefficient, or all scans but with much between them: one after another. */
static void test_in_turn(void **state)
{
    (void)state;
    static jpeg_scan_info scans[2 + JPEG_SINGLE_SCANS] = {{3, {0, 1, 2}, 0, 0, 0, 1}};
    int n = 1 + jpeg_single_scans(scans + 1);
    scans[n++] = (jpeg_scan_info){3, {0, 1, 2}, 0, 0, 1, 0};
    assert_true(n > JPEG_LOCKSTEP_MAX);
    struct jpeg_recipe recipe = {.components = 3, .scans = scans, .scan_count = n};
    uint8_t *pixels = jpeg_pixels(70, 90, 3);
    struct blob b = jpeg_make(&recipe, 70, 90, pixels);
    assert_as_libjpeg(&b, 0); /* coefficients in memory, as they are few */
    blob_free(&b);

    recipe = (struct jpeg_recipe){.components = 3, .progressive = true};
    b = jpeg_make(&recipe, 70, 90, pixels);
    size_t at = jpeg_find(&b, 0xc4, 2);
    struct blob table = blob_of(b.data + at, 2u + b.data[at + 3] + 256u * b.data[at + 2]);
    struct blob tables = blob_of("", 0);
    while (tables.bytes < 2 * JPEG_LOCKSTEP_TABLES)
        blob_add(&tables, table.data, table.bytes);
    struct blob changed = blob_insert(&b, at, tables.data, tables.bytes);
    assert_as_libjpeg(&changed, SIZE_UNLIMITED);
    blob_free(&changed);
    blob_free(&tables);
    blob_free(&table);
    blob_free(&b);
    free(pixels);
}

/* What one decoding takes at most. */
static size_t peak(size_t recipe, uint32_t width, uint32_t height, uint64_t *temp)
{
    struct blob b = make(recipe, width, height);
    struct context cx;
    struct source *src;
    context_init(&cx);
    assert_int_equal(source_open_memory(&cx, b.data, b.bytes, &src), ST_OK);
    struct decoded d = decode_from(&cx, src);
    assert_int_equal(d.status, ST_END);
    decoded_free(&d);
    source_close(src);
    blob_free(&b);
    *temp = cx.temp.peak;
    return cx.mem.peak;
}

static void test_memory_is_of_the_width(void **state)
{
    (void)state;
    uint64_t temp, more;
    static const size_t recipe[] = {0, 2, 12, 20};
    for (size_t i = 0; i < 4; i++) {
        size_t low = peak(recipe[i], 200, 60, &temp);
        assert_int_equal(peak(recipe[i], 200, 1600, &more), low);
        assert_int_equal(temp, 0);
        assert_int_equal(more, 0);
    }
    /* with smoothing: in a temporary file, 3 bytes a pixel at 4:2:0 */
    size_t low = peak(18, 1024, 544, &temp);
    assert_int_equal(peak(18, 1024, 1088, &more), low);
    assert_int_equal(temp, 1024 * 544 * 3);
    assert_int_equal(more, 1024 * 1088 * 3);
}

static void test_limits(void **state)
{
    (void)state;
    struct blob b = make(2, 40, 50);
    struct context cx;
    struct source *src;
    size_t sof = jpeg_find(&b, 0xc2, 0);
    memcpy(b.data + sof + 5, "\xf0\x00\xf0\x00", 4); /* 61440 x 61440 in some 1 KB */
    for (int limited = 0; limited < 2; limited++) {
        context_init(&cx);
        cx.mem.limit = limited ? 1 << 20 : 0;
        assert_int_equal(source_open_memory(&cx, b.data, b.bytes, &src), ST_OK);
        struct decoder *d;
        struct frame frame;
        assert_int_equal(decoder_open(&cx, src, NULL, &d), ST_OK);
        /* 8 rows of 7680 blocks of 128 bytes and what stands beside them */
        assert_int_equal(decoder_frame(d, &frame), limited ? ST_NOMEM : ST_OK);
        assert_true(cx.mem.peak < 5 << 20);
        decoder_close(d);
        source_close(src);
        assert_nothing_held(&cx);
    }
    /* a scan more than are decoded side by side, and too many for this size */
    struct blob many = blob_of(b.data, b.bytes - 2);
    size_t last = jpeg_find(&b, 0xda, 9);
    for (int i = 0; i < JPEG_LOCKSTEP_MAX; i++)
        blob_add(&many, b.data + last, b.bytes - 2 - last);
    blob_add(&many, "\xff\xd9", 2);
    context_init(&cx);
    assert_int_equal(source_open_memory(&cx, many.data, many.bytes, &src), ST_OK);
    struct decoder *decoder;
    struct frame frame;
    assert_int_equal(decoder_open(&cx, src, NULL, &decoder), ST_OK);
    assert_int_equal(decoder_frame(decoder, &frame), ST_LIMIT);
    assert_string_equal(cx.text, "a JPEG of this size in 110 scans");
    decoder_close(decoder);
    source_close(src);
    assert_nothing_held(&cx);
    blob_free(&many);
    blob_free(&b);
}

static enum status pipe_job(struct context *cx, void *user)
{
    return decode_fd(cx, pipe_fd(user));
}

static void test_failures(void **state)
{
    (void)state;
    static const size_t recipe[] = {2, 12, 18};
    for (size_t i = 0; i < 3; i++) {
        struct blob b = make(recipe[i], 330, 200);
        struct coding c = {.in = &b};
        sweep_faults(decode_job, &c);
        sweep_faults(pipe_job, &b);
        blob_free(&b);
    }
    struct picture pic = make_picture(500, 450, LAYOUT_RGB8);
    uint8_t *pixels = make_noise(&pic, 3);
    struct jpeg_recipe large = {
        .components = 3, .progressive = true, .quality = 95, .factors = "11 11 11"};
    struct blob b = jpeg_make(&large, 500, 450, pixels);
    assert_true(b.bytes > SPOOL_MEMORY_BYTES);
    assert_true(sweep_kind(FAULT_WRITE, ST_IO, pipe_job, &b) > 0);
    assert_as_libjpeg(&b, SIZE_UNLIMITED);
    blob_free(&b);
    free(pixels);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_whole),         cmocka_unit_test(test_cut),
        cmocka_unit_test(test_scrambled),     cmocka_unit_test(test_cut_without_space),
        cmocka_unit_test(test_between_scans), cmocka_unit_test(test_tables_change),
        cmocka_unit_test(test_in_turn),       cmocka_unit_test(test_memory_is_of_the_width),
        cmocka_unit_test(test_limits),        cmocka_unit_test(test_failures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
