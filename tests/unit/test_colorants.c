/* SPDX-License-Identifier: MIT */
/* gAMA, cHRM and their kin: what they say, what becomes of them, and sBIT beside them. */
#include "color_library.h"
#include "job_check.h"
#include "png_file.h"

#include <math.h>

#include "formats/colorants.h"

/* Display P3: white, red, green, blue. */
static const uint32_t p3[8] = {31270, 32900, 68000, 32000, 26500, 69000, 15000, 6000};
static const uint32_t srgb[8] = {31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000};

struct says {
    uint32_t gamma;     /* 0: no gAMA */
    const uint32_t *xy; /* NULL: no cHRM */
    const char *also;   /* another chunk's type; NULL: none */
    const char *points; /* of cICP; NULL: of sRGB */
};

static void add_says(struct blob *b, const struct says *s)
{
    uint8_t body[32];
    if (s->also != NULL)
        add_chunk(b, s->also, s->points != NULL ? s->points : "\1\15\0\1",
                  strcmp(s->also, "sRGB") == 0 ? 1 : 4);
    for (size_t i = 0; s->xy != NULL && i < 8; i++)
        put32(body + 4 * i, s->xy[i]);
    if (s->xy != NULL)
        add_chunk(b, "cHRM", body, 32);
    put32(body, s->gamma);
    if (s->gamma != 0)
        add_chunk(b, "gAMA", body, 4);
}

/* One row of three pixels: RGB where color, else gray; the scanline begins with its filter. */
static struct blob make_file(const struct says *s, bool color, const uint8_t *line)
{
    struct blob b = begin(3, 1, 8, color ? 2 : 0, false);
    add_says(&b, s);
    end(&b, line, color ? 10 : 4);
    return b;
}

static bool differs(const struct says *s, struct colorants *c)
{
    struct context cx;
    struct metadata m = {0};
    struct source *src;
    struct decoder *d;
    context_init(&cx);
    struct blob b = make_file(s, false, (const uint8_t *)"\0\0\0\0");
    assert_int_equal(source_open_memory(&cx, b.data, b.bytes, &src), ST_OK);
    assert_int_equal(decoder_open(&cx, src, &m, &d), ST_OK);
    bool differ = colorants_differ(&m, c);
    decoder_close(d);
    source_close(src);
    metadata_clear(&cx, &m);
    assert_nothing_held(&cx);
    blob_free(&b);
    return differ;
}

static void test_what_chunks_say(void **state)
{
    (void)state;
    static const uint32_t gammas[][2] = {{45455, false},   {43182, false}, {43181, true},
                                         {47727, false},   {47728, true},  {100000, true},
                                         {2000, true},     {1999, false},  {2000000, true},
                                         {2000001, false}, {1, false},     {UINT32_MAX, false}};
    struct colorants c;
    for (size_t i = 0; i < sizeof gammas / sizeof *gammas; i++) {
        struct says s = {.gamma = gammas[i][0]};
        assert_int_equal(differs(&s, &c), gammas[i][1]);
        assert_true(fabs(c.exponent - (gammas[i][1] ? 1e5 / gammas[i][0] : 0)) < 1e-9);
        assert_true(c.x[1] == 0.64 && c.y[2] == 0.6 && c.x[0] == 0.3127);
        s.also = "sRGB";
        assert_false(differs(&s, &c));
        s.also = "cICP";
        assert_false(differs(&s, &c));
    }
    assert_false(differs(&(struct says){.gamma = 0}, &c));
    assert_true(differs(&(struct says){.xy = p3}, &c));
    assert_true(c.exponent == 0 && c.x[2] == 0.265 && c.y[0] == 0.329);
    assert_true(differs(&(struct says){.xy = p3, .gamma = 45455}, &c));
    assert_true(c.exponent == 0);
    for (int i = 0; i < 8; i++) {
        uint32_t xy[8];
        memcpy(xy, srgb, sizeof xy);
        xy[i] += 1000;
        assert_false(differs(&(struct says){.xy = xy}, &c));
        xy[i]++;
        assert_true(differs(&(struct says){.xy = xy}, &c));
        xy[i] = srgb[i] - 1000;
        assert_false(differs(&(struct says){.xy = xy}, &c));
        xy[i]--;
        assert_true(differs(&(struct says){.xy = xy}, &c));
        xy[i] = UINT32_MAX;
        assert_false(differs(&(struct says){.xy = xy}, &c));
    }
    static const uint32_t senseless[][8] = {
        {0},
        {31270, 0, 64000, 33000, 30000, 60000, 15000, 6000},     /* white without light */
        {31270, 32900, 64000, 33000, 64000, 33000, 15000, 6000}, /* two primaries are one */
        {90000, 10000, 64000, 33000, 30000, 60000, 15000, 6000}, /* white beyond them */
    };
    for (size_t i = 0; i < 4; i++)
        assert_false(differs(&(struct says){.xy = senseless[i]}, &c));
}

/* Code points win over all others, where they are known; else nobody's word counts. */
static void test_what_code_points_say(void **state)
{
    (void)state;
    static const struct {
        const char *points;
        bool differ;
        double exponent, green; /* x of it */
    } cases[] = {
        {"\1\15\0\1", false, 0, 0.3},   {"\1\1\0\1", false, 0, 0.3},
        {"\1\10\0\1", true, 1, 0.3},    {"\1\4\0\1", true, 2.2, 0.3},
        {"\14\15\0\1", true, 0, 0.265}, {"\13\5\0\1", true, 2.8, 0.265},
        {"\11\16\0\1", true, 0, 0.17},  {"\11\20\0\1", false, 0, 0.3}, /* PQ */
        {"\14\22\0\1", false, 0, 0.3},                                 /* HLG */
        {"\14\15\1\1", false, 0, 0.3},                                 /* not RGB */
        {"\14\15\0\0", false, 0, 0.3},                                 /* not the full range */
        {"\2\15\0\1", false, 0, 0.3},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct colorants c;
        struct says s = {.gamma = 100000, .xy = p3, .also = "cICP", .points = cases[i].points};
        assert_int_equal(differs(&s, &c), cases[i].differ);
        assert_true(c.exponent == cases[i].exponent && c.x[2] == cases[i].green);
    }
}

static bool has(const struct blob *b, const char *type)
{
    return memmem(b->data, b->bytes, type, 4) != NULL;
}

/* Half of the light is 188 in sRGB (IEC 61966-2-1). */
static void test_conversions(void **state)
{
    (void)state;
    if (!have_library())
        skip();
    static const uint8_t line[] = {0, 0, 128, 255};
    static const struct says linear = {.gamma = 100000};
    struct blob in = make_file(&linear, false, line);
    static const struct format *const formats[] = {&format_ppm, &format_pam, &format_gif,
                                                   &format_jpeg, &format_png};
    for (size_t i = 0; i < 5; i++)
        for (int way = 0; way < 4; way++) {
            bool png = formats[i] == &format_png, strip = way % 2 != 0, keep = way >= 2;
            struct job job = job_to(formats[i]);
            job.encode.quality = 100;
            job.keep_icc = keep;
            job.strip[METADATA_ICC] = job.strip[METADATA_COLOR] = strip;
            struct result r = run_well(&job, &in);
            int want = keep || (png && !strip) ? 128 : 188, got = r.pixels.at[1][1] / 257;
            assert_true(abs(got - want) <= (formats[i] == &format_jpeg ? 2 : 1));
            assert_int_equal(has(&r.file, "gAMA"), png && !strip);
            result_free(&r);
        }
    blob_free(&in);

    static const struct says named = {.gamma = 100000, .also = "sRGB"};
    in = make_file(&named, false, line);
    struct job job = job_to(&format_pgm);
    struct result r = run_well(&job, &in);
    assert_int_equal(r.pixels.at[1][0], 128 * 257);
    result_free(&r);
    blob_free(&in);
}

/* Display P3 by its own definition, in linear light: to XYZ and from there to sRGB. */
static const double p3_to_srgb[3][3] = {{1.2249401763, -0.2249401763, 0},
                                        {-0.0420569547, 1.0420569547, 0},
                                        {-0.0196375546, -0.0786360456, 1.0982736001}};

/* The value of a component, 0 to 1, for the light of Display P3. */
static double srgb_of_p3(const double light[static 3], int component)
{
    const double *m = p3_to_srgb[component];
    double v = m[0] * light[0] + m[1] * light[1] + m[2] * light[2];
    v = v <= 0 ? 0 : v <= 0.0031308 ? v * 12.92 : 1.055 * pow(v, 1 / 2.4) - 0.055;
    return v < 1 ? v : 1;
}

static void test_primaries(void **state)
{
    (void)state;
    static const uint8_t line[] = {0, 200, 100, 100, 60, 128, 40, 90, 90, 90};
    if (!have_library())
        skip();
    static const struct says ways[4] = {{.xy = p3},
                                        {.xy = p3, .gamma = 100000},
                                        {.also = "cICP", .points = "\14\15\0\1", .gamma = 70000},
                                        {.also = "cICP", .points = "\14\10\0\1", .xy = srgb}};
    for (int way = 0; way < 4; way++) {
        bool linear = way % 2 != 0;
        struct blob in = make_file(&ways[way], true, line);
        struct job job = job_to(&format_png);
        struct result same = run_well(&job, &in);
        assert_int_equal(has(&same.file, "cICP"), way >= 2);
        result_free(&same);
        job = job_to(&format_ppm);
        struct result r = run_well(&job, &in);
        for (int i = 0; i < 3; i++) {
            double light[3];
            for (int c = 0; c < 3; c++) {
                double v = line[1 + 3 * i + c] / 255.0;
                light[c] = linear ? v : v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4);
            }
            for (int c = 0; c < 3; c++) {
                double v = srgb_of_p3(light, c);
                assert_true(fabs(r.pixels.at[i][c] / 257.0 - 255 * v) < 1.2);
            }
        }
        result_free(&r);
        blob_free(&in);
    }
}

/* Samples of 16 bits are as exact as that, also where the gamut of sRGB ends. */
static void test_primaries_of_16_bits(void **state)
{
    (void)state;
    enum { STEPS = 9 };
    struct context cx;
    struct colorants c;
    struct icc *icc;
    enum icc_verdict verdict;
    context_init(&cx);
    assert_true(differs(&(struct says){.xy = p3, .gamma = 50000}, &c));
    assert_int_equal(icc_open_colorants(&cx, &c, LAYOUT_RGB16, &verdict, &icc), ST_OK);
    if (icc == NULL)
        skip();
    for (int i = 0; i < STEPS * STEPS * STEPS; i++) {
        uint16_t row[3] = {(uint16_t)(i % STEPS * 7777), (uint16_t)(i / STEPS % STEPS * 8111),
                           (uint16_t)(i / STEPS / STEPS * 7919)};
        double light[3];
        for (int k = 0; k < 3; k++)
            light[k] = pow(row[k] / 65535.0, 2);
        icc_convert(icc, (uint8_t *)row, 1);
        for (int k = 0; k < 3; k++)
            assert_true(fabs(row[k] - 65535 * srgb_of_p3(light, k)) < 40);
    }
    icc_close(icc);
    assert_nothing_held(&cx);
}

/* sBIT as it was, for each kind of file that its pixels may become. */
static void test_significant_bits(void **state)
{
    (void)state;
    static const struct {
        const char *in, *want;
        size_t in_bytes, want_bytes; /* 0: there must be none */
        enum layout layout;
    } cases[] = {
        {"\5", "\5", 1, 1, LAYOUT_GRAY8},
        {"\5", "\5\5\5", 1, 3, LAYOUT_RGB8},
        {"\5\7", "\5\5\5\7", 2, 4, LAYOUT_RGBA8},
        {"\3\4\5", "\5", 3, 1, LAYOUT_GRAY8},
        {"\3\4\5", "\3\4\5\10", 3, 4, LAYOUT_RGBA8},
        {"\3\4\5\6", "\3\4\5", 4, 3, LAYOUT_INDEX8},
        {"\3\4\5\6", "\5\6", 4, 2, LAYOUT_GRAYA8},
        {"\14\15\16", "\10\10\10", 3, 3, LAYOUT_RGB8},
        {"\14\15\16", "\14\15\16", 3, 3, LAYOUT_RGB16},
        {"\0\1\1", "", 3, 0, LAYOUT_RGB8},
        {"\5\5\5\5\5", "", 5, 0, LAYOUT_RGB8},
        {"\3", "\3\3\3\20", 1, 4, LAYOUT_RGBA16},
    };
    static const struct encode_options plain = {.compression = 6};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct context cx;
        struct metadata m = {0};
        struct sink *sink;
        struct encoder *e;
        struct picture pic = make_picture(1, 1, cases[i].layout);
        uint8_t row[8] = {0};
        size_t bytes;
        context_init(&cx);
        assert_int_equal(metadata_begin(&cx, &m, METADATA_COLOR), ST_OK);
        assert_int_equal(metadata_append(&cx, &m, cases[i].in, cases[i].in_bytes), ST_OK);
        strcpy(m.last->key, "sBIT");
        assert_int_equal(sink_open_memory(&cx, &sink), ST_OK);
        assert_int_equal(encoder_open(&cx, &format_png, sink, &pic, &plain, &m, &e), ST_OK);
        assert_int_equal(encoder_write(e, row), ST_OK);
        assert_int_equal(encoder_finish(e), ST_OK);
        encoder_close(e);
        const uint8_t *data = sink_data(sink, &bytes);
        const uint8_t *at = memmem(data, bytes, "sBIT", 4);
        assert_true((at != NULL) == (cases[i].want_bytes != 0));
        if (at != NULL) {
            assert_int_equal(at[-1], cases[i].want_bytes);
            assert_memory_equal(at + 4, cases[i].want, cases[i].want_bytes);
        }
        sink_close(sink);
        metadata_clear(&cx, &m);
        assert_nothing_held(&cx);
    }
}

/* What a step makes of pixels has more bits than they had. */
static void test_steps_end_significance(void **state)
{
    (void)state;
    static const uint8_t line[] = {0, 0, 85, 255};
    struct blob in = begin(3, 1, 8, 0, false);
    add_chunk(&in, "sBIT", "\2", 1);
    end(&in, line, 4);
    struct op op = {.kind = OP_FLIP_HORIZONTAL};
    struct job job = job_to(&format_png);
    job.ops = &op;
    for (int i = 0; i < 3; i++) {
        job.op_count = i > 0;
        if (i == 2)
            op = (struct op){.kind = OP_RESIZE, .resize = {.width = 5, .height = 1, .exact = true}};
        struct result r = run_well(&job, &in);
        assert_int_equal(has(&r.file, "sBIT"), i < 2);
        result_free(&r);
    }
    blob_free(&in);
}

static enum status open_job(struct context *cx, void *user)
{
    struct colorants c = {.exponent = 2, .x = {0.3127}, .y = {0.329}};
    struct icc *icc;
    enum icc_verdict verdict;
    (void)user;
    enum status st = icc_open_colorants(cx, &c, LAYOUT_GRAYA8, &verdict, &icc);
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
        cmocka_unit_test(test_what_chunks_say),
        cmocka_unit_test(test_what_code_points_say),
        cmocka_unit_test(test_conversions),
        cmocka_unit_test(test_primaries),
        cmocka_unit_test(test_primaries_of_16_bits),
        cmocka_unit_test(test_significant_bits),
        cmocka_unit_test(test_steps_end_significance),
        cmocka_unit_test(test_faults),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
