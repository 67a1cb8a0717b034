/* SPDX-License-Identifier: MIT */
/* --format=auto: which blocks are of continuous tone, which format each kind of file becomes. */
#include "job_check.h"
#include "png_file.h"

#include "pipeline/pick.h"
#include "pipeline/tone.h"

/* Share of toned blocks of pixels that value() gives, in a layout. */
typedef unsigned value_fn(uint32_t x, uint32_t y);

static unsigned percent_of(enum layout layout, uint32_t width, uint32_t height, value_fn *value)
{
    struct context cx;
    struct tone t;
    struct picture pic = make_picture(width, height, layout);
    const struct layout_info *info = layout_info(layout);
    uint8_t *row = make_bytes(picture_stride(&pic));
    context_init(&cx);
    assert_int_equal(tone_open(&cx, &pic, &t), ST_OK);
    for (uint32_t y = 0; y < height; y++) {
        for (uint32_t x = 0; x < width; x++) {
            uint8_t *p = row + x * info->bytes;
            memset(p, 0, info->bytes); /* of several samples one differs: the largest counts */
            unsigned c = info->color ? x % 3 : 0;
            uint16_t wide = (uint16_t)(value(x, y) << 8 | 0x5a);
            if (info->bits == 16)
                memcpy(p + 2 * c, &wide, 2);
            else
                p[c] = (uint8_t)value(x, y);
            if (info->color && value(0, 0) == 7) /* all samples the same */
                for (c = 0; c < 3 * info->bits / 8u; c++)
                    p[c] = 7;
        }
        tone_row(&t, &pic, row);
    }
    unsigned percent = tone_percent(&t);
    tone_close(&t);
    assert_nothing_held(&cx);
    free(row);
    return percent;
}

static unsigned flat(uint32_t x, uint32_t y)
{
    (void)x;
    (void)y;
    return 7;
}
static unsigned slope(uint32_t x, uint32_t y)
{
    return x + 2 * y;
}
static unsigned steep(uint32_t x, uint32_t y) /* down: 31, the last that is small */
{
    return y % 8 * 31 + 0 * x;
}
static unsigned too_steep(uint32_t x, uint32_t y)
{
    return y % 8 * 32 + 0 * x;
}
static unsigned left_half(uint32_t x, uint32_t y)
{
    return x < 32 ? x + y : 0;
}
/* Dots inside of blocks, 4 differences each: 28 of 112, and from x = 32 on 2 more by a corner. */
static unsigned dots(uint32_t x, uint32_t y)
{
    uint32_t bx = x % 8, by = y % 8;
    bool dot = bx % 2 != 0 && by % 2 != 0 && bx < 7 && by < 7 && bx + by <= 8;
    return (dot && bx != 5) || (bx == 5 && by == 1) || (bx == 7 && by == 7 && x >= 32) ? 20 : 0;
}
static unsigned quadrant(uint32_t x, uint32_t y)
{
    return x < 45 && y < 45 ? x + 2 * y : 0;
}

static void test_blocks(void **state)
{
    (void)state;
    static const enum layout layouts[] = {LAYOUT_GRAY8, LAYOUT_GRAY16, LAYOUT_GRAYA8,
                                          LAYOUT_GRAYA16};
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(percent_of(layouts[i], 64, 64, flat), 0);
        assert_int_equal(percent_of(layouts[i], 64, 64, slope), 100);
        assert_int_equal(percent_of(layouts[i], 64, 64, steep), 100);
        assert_int_equal(percent_of(layouts[i], 64, 64, too_steep), 0);
        assert_int_equal(percent_of(layouts[i], 64, 64, left_half), 50);
        assert_int_equal(percent_of(layouts[i], 64, 64, dots), 50);
        assert_int_equal(percent_of(layouts[i], 7, 64, slope), 0); /* no whole block */
        assert_int_equal(percent_of(layouts[i], 64, 7, slope), 0);
        assert_int_equal(percent_of(layouts[i], 15, 15, slope), 100); /* one */
        assert_int_equal(percent_of(layouts[i], 1, 1, slope), 0);
    }
    for (enum layout layout = LAYOUT_RGB8; layout < LAYOUT_COUNT; layout++) {
        assert_int_equal(percent_of(layout, 64, 64, flat), 0);
        assert_int_equal(percent_of(layout, 40, 8, slope), 100); /* values below 32 */
    }
}

struct picking {
    struct blob in;
    struct job job;
    const struct format *format;
    char note[300];
};

static void keep_reason(void *user, enum note_level level, const char *text)
{
    struct picking *p = user;
    assert_int_equal(level, NOTE_DETAIL);
    assert_string_equal(p->note, "");
    snprintf(p->note, sizeof p->note, "%s", text);
}

static enum status pick_job(struct context *cx, void *user)
{
    struct picking *p = user;
    struct source *src = NULL;
    int fd = temp_fd(p->in.data, p->in.bytes);
    p->note[0] = '\0';
    enum status st = source_open_fd(cx, fd, &src);
    if (st == ST_OK)
        st = pick_format(cx, &p->job, src, &p->format);
    if (st == ST_OK)
        assert_int_equal(source_offset(src), 0);
    source_close(src);
    close(fd);
    return st;
}

/* Takes the file over. */
static void assert_picks(struct blob in, const struct format *format, const char *reason)
{
    struct context cx;
    struct picking p = {.in = in};
    context_init(&cx);
    cx.on_note = keep_reason;
    cx.user = &p;
    assert_int_equal(pick_job(&cx, &p), ST_OK);
    assert_string_equal(p.format->name, format->name);
    if (strstr(p.note, reason) == NULL)
        print_error("%s\n", p.note);
    assert_non_null(strstr(p.note, reason));
    assert_nothing_held(&cx);
    blob_free(&p.in);
}

static struct blob make_file(const struct format *format, enum layout layout, uint32_t side,
                             value_fn *value)
{
    static const struct encode_options plain = {.compression = 6, .quality = 90};
    struct picture pic = make_picture(side, side, layout);
    const struct layout_info *info = layout_info(layout);
    uint8_t *pixels = make_bytes(picture_size(&pic));
    for (size_t i = 0; i < picture_size(&pic); i++) {
        uint32_t x = (uint32_t)(i % picture_stride(&pic) / info->bytes);
        uint32_t y = (uint32_t)(i / picture_stride(&pic));
        unsigned wide = info->bits / 8u, c = (unsigned)(i % info->bytes) / wide;
        bool alpha = info->alpha && c == info->channels - 1u;
        pixels[i] = alpha ? 255 : (uint8_t)((c == 1 ? value(y, x) : value(x, y)) + i % wide);
    }
    struct blob b = encode(format, &pic, &plain, pixels);
    free(pixels);
    return b;
}

static void test_kinds(void **state)
{
    (void)state;
    assert_picks(make_file(&format_png, LAYOUT_RGB8, 64, slope), &format_jpeg,
                 "to jpeg: 100 % of it is continuous tone");
    assert_picks(make_file(&format_ppm, LAYOUT_RGB8, 90, slope), &format_jpeg, "continuous tone");
    assert_picks(make_file(&format_png, LAYOUT_GRAY8, 90, slope), &format_jpeg, "continuous tone");
    assert_picks(make_file(&format_png, LAYOUT_RGBA8, 90, slope), &format_jpeg, "continuous tone");
    assert_picks(make_file(&format_png, LAYOUT_RGB8, 90, quadrant), &format_png,
                 "% of it is continuous tone");
    assert_picks(make_file(&format_png, LAYOUT_RGB8, 63, slope), &format_png, "it is small");
    assert_picks(make_file(&format_png, LAYOUT_RGB8, 15, slope), &format_png, "few colors");
    assert_picks(make_file(&format_png, LAYOUT_RGB16, 90, slope), &format_png, "more than 8 bits");
    assert_picks(make_file(&format_png, LAYOUT_GRAY8, 90, flat), &format_png, "to png: ");
    assert_picks(make_file(&format_png, LAYOUT_INDEX8, 90, slope), &format_png, "a palette");
    assert_picks(make_file(&format_gif, LAYOUT_INDEX8, 90, slope), &format_png, "a palette");
    assert_picks(make_file(&format_jpeg, LAYOUT_RGB8, 90, flat), &format_jpeg, "loss already");

    struct picture pic = make_picture(80, 80, LAYOUT_RGBA8);
    static const struct encode_options plain = {.compression = 6};
    uint8_t *pixels = noise_pixels(&pic, 1);
    for (size_t i = 3; i < picture_size(&pic); i += 4)
        pixels[i] = 255;
    pixels[picture_size(&pic) - 1] = 254; /* the very last one */
    assert_picks(encode(&format_png, &pic, &plain, pixels), &format_png, "transparent pixels");
    pixels[picture_size(&pic) - 1] = 255;
    assert_picks(encode(&format_png, &pic, &plain, pixels), &format_png, "to png: ");
    free(pixels);

    struct blob moves = make_file(&format_ppm, LAYOUT_RGB8, 80, slope);
    struct blob again = blob_of(moves.data, moves.bytes);
    blob_add(&moves, again.data, again.bytes);
    blob_free(&again);
    assert_picks(moves, &format_gif, "it moves");

    struct picture wide = make_picture(65501, 8, LAYOUT_GRAY8);
    pixels = noise_pixels(&wide, 1);
    assert_picks(encode(&format_png, &wide, &plain, pixels), &format_png, "too large for a JPEG");
    free(pixels);
}

/* Corners that are to be transparent need a format with alpha. */
static void test_backgrounds(void **state)
{
    (void)state;
    struct op op = {.kind = OP_ROTATE, .degrees = 5};
    struct context cx;
    struct picking p = {.in = make_file(&format_png, LAYOUT_RGB8, 64, slope),
                        .job = {.ops = &op, .op_count = 1}};
    for (int asked = 0; asked < 2; asked++) {
        context_init(&cx);
        p.job.has_background = asked;
        assert_int_equal(pick_job(&cx, &p), ST_OK);
        assert_ptr_equal(p.format, asked ? &format_png : &format_jpeg);
    }
    blob_free(&p.in);
}

/* Damage is the run's to tell where it is to be forgiven. */
static void test_damage(void **state)
{
    (void)state;
    struct context cx;
    struct picking p = {.in = make_file(&format_png, LAYOUT_RGB8, 64, slope)};
    p.in.bytes -= 40;
    context_init(&cx);
    assert_int_equal(pick_job(&cx, &p), ST_DAMAGED);
    assert_nothing_held(&cx);
    context_init(&cx);
    cx.lenient = true;
    assert_int_equal(pick_job(&cx, &p), ST_OK);
    assert_int_equal(cx.status, ST_OK);
    assert_nothing_held(&cx);
    blob_free(&p.in);
}

static void test_pipes(void **state)
{
    (void)state;
    struct context cx;
    struct source *src;
    const struct format *format;
    struct job job = {0};
    struct blob in = make_file(&format_png, LAYOUT_RGB8, 64, slope);
    const uint8_t *head;
    size_t got;
    int fd = pipe_fd(&in);
    context_init(&cx);
    assert_int_equal(source_open_fd(&cx, fd, &src), ST_OK);
    assert_int_equal(pick_format(&cx, &job, src, &format), ST_OK);
    assert_ptr_equal(format, &format_jpeg);
    assert_int_equal(source_peek(src, 8, &head, &got), ST_OK);
    assert_memory_equal(head, in.data, 8); /* all of it can be had again */
    source_close(src);
    close(fd);
    assert_nothing_held(&cx);
    blob_free(&in);
}

static void test_faults(void **state)
{
    (void)state;
    struct picking p = {.in = make_file(&format_png, LAYOUT_RGB8, 64, slope)};
    sweep_kind(FAULT_ALLOC, ST_NOMEM, pick_job, &p);
    sweep_kind(FAULT_READ, ST_IO, pick_job, &p);
    blob_free(&p.in);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_blocks),      cmocka_unit_test(test_kinds),
        cmocka_unit_test(test_backgrounds), cmocka_unit_test(test_damage),
        cmocka_unit_test(test_pipes),       cmocka_unit_test(test_faults),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
