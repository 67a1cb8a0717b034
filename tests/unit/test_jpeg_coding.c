/* SPDX-License-Identifier: MIT */
/* Quality and chroma sampling of JPEGs written: asked for, or those of a JPEG that was read. */
#include "jpeg_reference.h"

#include "pipeline/job.h"

/* What a file says of itself. */
struct shape {
    int components, h[4], v[4];
    UINT16 table[4][DCTSIZE2]; /* of each component */
};

static struct shape shape_of(const struct blob *b)
{
    struct shape s = {0};
    struct jpeg_decompress_struct jpeg;
    struct jpeg_error_mgr mgr;
    jpeg.err = jpeg_std_error(&mgr);
    jpeg_create_decompress(&jpeg);
    jpeg_mem_src(&jpeg, b->data, b->bytes);
    jpeg_read_header(&jpeg, TRUE);
    s.components = jpeg.num_components;
    for (int c = 0; c < s.components; c++) {
        s.h[c] = jpeg.comp_info[c].h_samp_factor;
        s.v[c] = jpeg.comp_info[c].v_samp_factor;
        memcpy(s.table[c], jpeg.quant_tbl_ptrs[jpeg.comp_info[c].quant_tbl_no]->quantval,
               sizeof s.table[c]);
    }
    jpeg_destroy_decompress(&jpeg);
    return s;
}

static struct blob convert(const struct blob *in, const struct op *ops, size_t count,
                           const struct encode_options *options)
{
    struct job job = {.ops = ops,
                      .op_count = count,
                      .expand = true,
                      .resample = RESAMPLE_AUTO,
                      .colors = 256,
                      .format = &format_jpeg,
                      .encode = *options,
                      .lossless = LOSSLESS_OFF,
                      .auto_orient = true};
    struct context cx;
    struct source *src;
    struct sink *sink;
    struct outcome outcome;
    context_init(&cx);
    assert_int_equal(source_open_memory(&cx, in->data, in->bytes, &src), ST_OK);
    assert_int_equal(sink_open_memory(&cx, &sink), ST_OK);
    assert_int_equal(job_run(&cx, &job, src, sink, &outcome), ST_OK);
    struct blob out = blob_of_sink(sink);
    sink_close(sink);
    source_close(src);
    assert_nothing_held(&cx);
    return out;
}

static void assert_sampling(const struct blob *b, const char *factors)
{
    struct shape s = shape_of(b);
    char text[16] = "";
    for (int c = 0; c < s.components; c++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "%s%d%d", c > 0 ? " " : "",
                 s.h[c], s.v[c]);
    assert_string_equal(text, factors);
}

static void test_sampling(void **state)
{
    (void)state;
    static const struct {
        const char *in; /* NULL: no JPEG */
        unsigned quality, sampling;
        const char *out;
    } cases[] = {
        {NULL, 0, SAMPLING_AUTO, "11 11 11"},
        {NULL, 90, SAMPLING_AUTO, "11 11 11"},
        {NULL, 89, SAMPLING_AUTO, "22 11 11"},
        {NULL, 100, SAMPLING_420, "22 11 11"},
        {NULL, 1, SAMPLING_444, "11 11 11"},
        {NULL, 50, SAMPLING_422, "21 11 11"},
        /* of a JPEG: with its tables, or no finer */
        {"22 11 11", 0, SAMPLING_AUTO, "22 11 11"},
        {"21 11 11", 0, SAMPLING_AUTO, "21 11 11"},
        {"12 11 12", 0, SAMPLING_AUTO, "12 11 12"},
        {"11 11 11", 0, SAMPLING_AUTO, "11 11 11"},
        {"22 11 11", 95, SAMPLING_AUTO, "22 11 11"},
        {"11 11 11", 95, SAMPLING_AUTO, "11 11 11"},
        {"11 11 11", 80, SAMPLING_AUTO, "22 11 11"},
        {"41 11 11", 0, SAMPLING_AUTO, "41 11 11"},
        {"22 11 11", 0, SAMPLING_444, "11 11 11"},
        {"42 21 12", 0, SAMPLING_AUTO, "11 11 11"}, /* too many blocks for a scan */
    };
    uint8_t *pixels = jpeg_pixels(50, 40, 3);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct blob in;
        if (cases[i].in != NULL) {
            struct jpeg_recipe r = {
                .components = 3, .factors = cases[i].in, .scans = jpeg_apart, .scan_count = 3};
            in = jpeg_make(&r, 50, 40, pixels);
        } else {
            in = blob_of("P6 50 40 255\n", 13);
            blob_add(&in, pixels, 50 * 40 * 3);
        }
        struct encode_options o = {.quality = cases[i].quality, .sampling = cases[i].sampling};
        struct blob out = convert(&in, NULL, 0, &o);
        assert_sampling(&out, cases[i].out);
        blob_free(&out);
        blob_free(&in);
    }
    free(pixels);
}

/* Without a quality: the input's own, turned as the picture is. */
static void test_tables(void **state)
{
    (void)state;
    static const struct op turn = {.kind = OP_ROTATE, .degrees = -90};
    static const struct op tilt = {.kind = OP_ROTATE, .degrees = 30};
    static const struct op crop = {.kind = OP_CROP, .crop = {20, 20, 3, 3}};
    static const struct op both[] = {{.kind = OP_ROTATE, .degrees = 90},
                                     {.kind = OP_FLIP_VERTICAL},
                                     {.kind = OP_ROTATE, .degrees = 270}};
    static const struct {
        const struct op *ops;
        size_t count;
        bool transposed;
    } cases[] = {
        {NULL, 0, false}, {&turn, 1, true}, {&tilt, 1, false}, {&crop, 1, false}, {both, 3, false}};
    static const struct encode_options own = {0};
    struct jpeg_recipe recipe = {.components = 3, .quality = 63, .factors = "21 11 11"};
    struct blob in = jpeg_make_slopes(&recipe, 50, 40);
    struct shape was = shape_of(&in);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct blob out = convert(&in, cases[i].ops, cases[i].count, &own);
        struct shape is = shape_of(&out);
        for (int c = 0; c < 3; c++)
            for (int k = 0; k < DCTSIZE2; k++)
                assert_int_equal(is.table[c][k],
                                 was.table[c][cases[i].transposed ? k % 8 * 8 + k / 8 : k]);
        assert_sampling(&out, cases[i].transposed ? "12 11 11" : "21 11 11");
        blob_free(&out);
    }
    blob_free(&in);

    recipe = (struct jpeg_recipe){.components = 1, .quality = 30, .factors = "22"};
    in = jpeg_make_slopes(&recipe, 50, 40);
    struct blob out = convert(&in, NULL, 0, &own);
    was = shape_of(&in);
    struct shape is = shape_of(&out);
    assert_memory_equal(is.table[0], was.table[0], sizeof is.table[0]);
    assert_sampling(&out, "11");
    blob_free(&out);
    blob_free(&in);
}

/* Tables that would divide by 0, or of inks: quality 90. */
static void test_tables_of_no_use(void **state)
{
    (void)state;
    static const struct encode_options own = {0}, usual = {.quality = 90};
    struct jpeg_recipe recipe = {.components = 3, .quality = 40};
    struct blob b = jpeg_make_slopes(&recipe, 50, 40);
    for (size_t i = 0; i + 70 < b.bytes; i++)
        if (b.data[i] == 0xff && b.data[i + 1] == 0xdb) {
            b.data[i + 5 + 7] = 0;
            break;
        }
    struct blob out = convert(&b, NULL, 0, &own), want = convert(&b, NULL, 0, &usual);
    assert_int_equal(out.bytes, want.bytes);
    assert_memory_equal(out.data, want.data, want.bytes);
    assert_sampling(&out, "11 11 11");
    blob_free(&out);
    blob_free(&want);
    blob_free(&b);
    recipe = (struct jpeg_recipe){.components = 4, .quality = 40};
    b = jpeg_make_slopes(&recipe, 50, 40);
    out = convert(&b, NULL, 0, &own);
    want = convert(&b, NULL, 0, &usual);
    assert_int_equal(out.bytes, want.bytes);
    assert_memory_equal(out.data, want.data, want.bytes);
    blob_free(&out);
    blob_free(&want);
    blob_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sampling),
        cmocka_unit_test(test_tables),
        cmocka_unit_test(test_tables_of_no_use),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
