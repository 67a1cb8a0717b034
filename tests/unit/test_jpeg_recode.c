/* SPDX-License-Identifier: MIT */
/* JPEG to JPEG: the bytes that moving whole arrays of coefficients gives; what is refused; markers. */
#include "jpeg_reference.h"

#include <math.h>

#include "base/size.h"
#include "formats/jpeg/jpeg_block.h"
#include "formats/jpeg/jpeg_exif.h"
#include "formats/jpeg/jpeg_geometry.h"

/* All coefficients of a component, in memory. */
struct plane {
    uint32_t width, height;           /* in blocks, whole units */
    uint32_t unit_width, unit_height; /* in blocks */
    JCOEF (*block)[DCTSIZE2];
};

struct whole {
    int planes;
    struct plane plane[4];
    uint32_t width, height;           /* in pixels */
    uint32_t unit_width, unit_height; /* in pixels */
    bool transposed;
};

static struct plane plane_like(uint32_t width, uint32_t height, uint32_t unit_width,
                               uint32_t unit_height)
{
    struct plane p = {width, height, unit_width, unit_height, NULL};
    p.block = calloc((size_t)width * height + 1, sizeof *p.block);
    assert_non_null(p.block);
    return p;
}

static JCOEF *block_at(const struct plane *p, uint32_t x, uint32_t y)
{
    return p->block[(size_t)y * p->width + x];
}

static void transpose(struct whole *w)
{
    for (int c = 0; c < w->planes; c++) {
        struct plane *from = &w->plane[c];
        struct plane to =
            plane_like(from->height, from->width, from->unit_height, from->unit_width);
        for (uint32_t y = 0; y < from->height; y++)
            for (uint32_t x = 0; x < from->width; x++)
                for (int i = 0; i < DCTSIZE2; i++)
                    block_at(&to, y, x)[i % 8 * 8 + i / 8] = block_at(from, x, y)[i];
        free(from->block);
        *from = to;
    }
    uint32_t t = w->width;
    w->width = w->height;
    w->height = t;
    t = w->unit_width;
    w->unit_width = w->unit_height;
    w->unit_height = t;
    w->transposed = !w->transposed;
}

/* Keeps whole units from a place on. */
static void keep(struct whole *w, uint32_t x, uint32_t y, uint32_t columns, uint32_t rows)
{
    for (int c = 0; c < w->planes; c++) {
        struct plane *from = &w->plane[c];
        struct plane to = plane_like(columns * from->unit_width, rows * from->unit_height,
                                     from->unit_width, from->unit_height);
        for (uint32_t v = 0; v < to.height; v++)
            for (uint32_t u = 0; u < to.width; u++)
                memcpy(block_at(&to, u, v),
                       block_at(from, u + x * from->unit_width, v + y * from->unit_height),
                       sizeof *to.block);
        free(from->block);
        *from = to;
    }
}

static uint32_t units(uint32_t length, uint32_t unit)
{
    return (length + unit - 1) / unit;
}

static void mirror(struct whole *w)
{
    w->width -= w->width % w->unit_width;
    keep(w, 0, 0, w->width / w->unit_width, units(w->height, w->unit_height));
    for (int c = 0; c < w->planes; c++) {
        struct plane *from = &w->plane[c];
        struct plane to =
            plane_like(from->width, from->height, from->unit_width, from->unit_height);
        for (uint32_t y = 0; y < to.height; y++)
            for (uint32_t x = 0; x < to.width; x++)
                for (int i = 0; i < DCTSIZE2; i++) {
                    JCOEF v = block_at(from, x, y)[i];
                    block_at(&to, to.width - 1 - x, y)[i] = (JCOEF)(i % 2 != 0 ? -v : v);
                }
        free(from->block);
        *from = to;
    }
}

static void mirror_rows(struct whole *w)
{
    transpose(w);
    mirror(w);
    transpose(w);
}

/* Every step by transposing and mirroring. */
static void apply(struct whole *w, const struct recode_step *s)
{
    unsigned quarters = s->kind == RECODE_TURN ? s->quarters : 0;
    if (s->kind == RECODE_TRANSPOSE || quarters % 2 == 1)
        transpose(w);
    if (s->kind == RECODE_FLIP_HORIZONTAL || quarters == 1 || quarters == 2)
        mirror(w);
    if (s->kind == RECODE_FLIP_VERTICAL || quarters == 2 || quarters == 3)
        mirror_rows(w);
    if (s->kind == RECODE_CROP) {
        uint32_t ax = s->x % w->unit_width, ay = s->y % w->unit_height;
        uint32_t right = min_u32(s->x + s->width, w->width);
        uint32_t bottom = min_u32(s->y + s->height, w->height);
        w->width = right - s->x + ax;
        w->height = bottom - s->y + ay;
        keep(w, s->x / w->unit_width, s->y / w->unit_height, units(w->width, w->unit_width),
             units(w->height, w->unit_height));
    }
}

static void take_whole(struct whole *w, j_decompress_ptr jpeg)
{
    jvirt_barray_ptr *arrays = jpeg_read_coefficients(jpeg);
    bool single = jpeg->num_components == 1;
    memset(w, 0, sizeof *w);
    w->planes = jpeg->num_components;
    w->width = jpeg->image_width;
    w->height = jpeg->image_height;
    w->unit_width = 8 * (single ? 1 : (uint32_t)jpeg->max_h_samp_factor);
    w->unit_height = 8 * (single ? 1 : (uint32_t)jpeg->max_v_samp_factor);
    for (int c = 0; c < w->planes; c++) {
        const jpeg_component_info *info = &jpeg->comp_info[c];
        uint32_t h = single ? 1 : (uint32_t)info->h_samp_factor;
        uint32_t v = single ? 1 : (uint32_t)info->v_samp_factor;
        struct plane *p = &w->plane[c];
        *p = plane_like(units(w->width, w->unit_width) * h, units(w->height, w->unit_height) * v, h,
                        v);
        for (uint32_t y = 0; y < p->height; y++) {
            JBLOCKARRAY row =
                jpeg->mem->access_virt_barray((j_common_ptr)jpeg, arrays[c], y, 1, FALSE);
            memcpy(block_at(p, 0, y), row[0], p->width * sizeof *p->block);
        }
    }
}

static void set_frame(j_compress_ptr to, const struct whole *w)
{
    to->image_width = w->width;
    to->image_height = w->height;
#if JPEG_LIB_VERSION >= 80
    to->jpeg_width = w->width;
    to->jpeg_height = w->height;
#endif
    for (int c = 0; c < w->planes; c++) {
        to->comp_info[c].h_samp_factor = (int)w->plane[c].unit_width;
        to->comp_info[c].v_samp_factor = (int)w->plane[c].unit_height;
    }
    for (int i = 0; i < NUM_QUANT_TBLS && w->transposed; i++)
        for (int k = 0; to->quant_tbl_ptrs[i] != NULL && k < DCTSIZE2; k++)
            if (k % 8 < k / 8) {
                UINT16 *q = to->quant_tbl_ptrs[i]->quantval, t = q[k];
                q[k] = q[k % 8 * 8 + k / 8];
                q[k % 8 * 8 + k / 8] = t;
            }
}

static struct blob reference_recode(const struct blob *b, const struct recode *q)
{
    struct jpeg_decompress_struct from;
    struct jpeg_compress_struct to;
    struct jpeg_error_mgr mgr;
    struct whole w;
    jvirt_barray_ptr arrays[4];
    unsigned char *data = NULL;
    unsigned long bytes = 0;
    from.err = to.err = jpeg_std_error(&mgr);
    jpeg_create_decompress(&from);
    jpeg_create_compress(&to);
    jpeg_mem_src(&from, b->data, b->bytes);
    jpeg_read_header(&from, TRUE);
    take_whole(&w, &from);
    for (size_t i = 0; i < q->count; i++)
        apply(&w, &q->steps[i]);
    jpeg_mem_dest(&to, &data, &bytes);
    jpeg_copy_critical_parameters(&from, &to);
    set_frame(&to, &w);
    to.optimize_coding = q->optimize >= 2;
    if (q->interlace)
        jpeg_simple_progression(&to);
    for (int c = 0; c < w.planes; c++)
        arrays[c] =
            to.mem->request_virt_barray((j_common_ptr)&to, JPOOL_IMAGE, TRUE, w.plane[c].width,
                                        w.plane[c].height, w.plane[c].unit_height);
    jpeg_write_coefficients(&to, arrays);
    for (int c = 0; c < w.planes; c++) {
        for (uint32_t y = 0; y < w.plane[c].height; y++)
            memcpy(to.mem->access_virt_barray((j_common_ptr)&to, arrays[c], y, 1, TRUE)[0],
                   block_at(&w.plane[c], 0, y), w.plane[c].width * sizeof(JBLOCK));
        free(w.plane[c].block);
    }
    jpeg_finish_compress(&to);
    jpeg_destroy_compress(&to);
    jpeg_destroy_decompress(&from);
    struct blob out = blob_of(data, bytes);
    free(data);
    return out;
}

/* Runs recode; what was written. fd < 0: from memory. */
static enum status run(struct context *cx, const struct blob *b, int fd, struct recode *q,
                       struct metadata *m, struct blob *out)
{
    struct source *src = NULL;
    struct sink *sink = NULL;
    struct decoder *d = NULL;
    enum status st =
        fd < 0 ? source_open_memory(cx, b->data, b->bytes, &src) : source_open_fd(cx, fd, &src);
    if (st == ST_OK)
        st = sink_open_memory(cx, &sink);
    if (st == ST_OK)
        st = decoder_open(cx, src, m, &d);
    if (st == ST_OK)
        st = d->format->recode(d, q, sink);
    if (sink != NULL) {
        size_t bytes;
        const uint8_t *data = sink_data(sink, &bytes);
        *out = blob_of(data, bytes);
    }
    decoder_close(d);
    sink_close(sink);
    source_close(src);
    if (m != NULL)
        metadata_clear(cx, m);
    return st;
}

static void assert_recodes(const struct blob *b, struct recode *q)
{
    struct blob want = reference_recode(b, q);
    for (int way = 0; way < 3; way++) {
        struct context cx;
        struct blob out = {0};
        context_init(&cx);
        int fd = way == 0 ? -1 : way == 1 ? temp_fd(b->data, b->bytes) : jpeg_pipe(b);
        assert_int_equal(run(&cx, b, fd, q, NULL, &out), ST_OK);
        assert_int_not_equal(q->verdict, RECODE_IMPOSSIBLE);
        assert_false(q->damaged);
        assert_int_equal(out.bytes, want.bytes);
        assert_memory_equal(out.data, want.data, want.bytes);
        if (fd >= 0)
            close(fd);
        blob_free(&out);
        assert_nothing_held(&cx);
    }
    blob_free(&want);
}

#define TURN(n)                              \
    {                                        \
        .kind = RECODE_TURN, .quarters = (n) \
    }
#define FLIP_H                         \
    {                                  \
        .kind = RECODE_FLIP_HORIZONTAL \
    }
#define FLIP_V                       \
    {                                \
        .kind = RECODE_FLIP_VERTICAL \
    }
#define TRANSPOSE                \
    {                            \
        .kind = RECODE_TRANSPOSE \
    }
#define CROP(w, h, x_, y_)                                                     \
    {                                                                          \
        .kind = RECODE_CROP, .width = (w), .height = (h), .x = (x_), .y = (y_) \
    }

static const struct {
    size_t count;
    struct recode_step step[4];
} lists[] = {
    {0, {TURN(0)}},
    {1, {TURN(1)}},
    {1, {TURN(2)}},
    {1, {TURN(3)}},
    {1, {FLIP_H}},
    {1, {FLIP_V}},
    {1, {TRANSPOSE}},
    {2, {TURN(2), TRANSPOSE}},
    {1, {CROP(33, 21, 16, 32)}},
    {1, {CROP(1000, 1000, 16, 16)}},
    {1, {CROP(20, 20, 19, 37)}}, /* not at the corner of a block */
    {3, {CROP(50, 50, 32, 32), TURN(1), CROP(20, 30, 16, 0)}},
    {3, {FLIP_H, CROP(41, 37, 16, 16), TRANSPOSE}},
    {4, {TURN(3), CROP(48, 48, 0, 16), FLIP_V, CROP(17, 19, 16, 16)}},
};

static const jpeg_scan_info apart[] = {
    {1, {0}, 0, 63, 0, 0}, {1, {1}, 0, 63, 0, 0}, {1, {2}, 0, 63, 0, 0}};

static const struct jpeg_recipe recipes[] = {
    {.components = 1},
    {.components = 1, .factors = "22"},
    {.components = 3},
    {.components = 3, .factors = "11 11 11"},
    {.components = 3, .factors = "21 11 11"},
    {.components = 3, .factors = "12 11 12", .restart = 3},
    {.components = 3, .factors = "41 11 21", .arithmetic = true},
    {.components = 3, .progressive = true},
    {.components = 3, .progressive = true, .factors = "21 11 11", .arithmetic = true},
    {.components = 3, .scans = apart, .scan_count = 3},
    {.components = 4},
};

#define COUNT(a) (sizeof(a) / sizeof *(a))

static struct blob make(size_t recipe, uint32_t width, uint32_t height)
{
    const struct jpeg_recipe *r = &recipes[recipe];
    uint8_t *pixels = jpeg_pixels(width, height, r->components);
    struct blob b = jpeg_make(r, width, height, pixels);
    free(pixels);
    return b;
}

static void same_bytes(void **state)
{
    (void)state;
    static const uint32_t sizes[][2] = {{160, 128}, {133, 117}};
    for (size_t r = 0; r < COUNT(recipes); r++)
        for (size_t i = 0; i < COUNT(sizes); i++) {
            struct blob b = make(r, sizes[i][0], sizes[i][1]);
            for (size_t k = 0; k < COUNT(lists); k++) {
                struct recode q = {.steps = lists[k].step, .count = lists[k].count, .trim = true};
                q.optimize = k % 3 == 1 ? 2 : 0;
                q.interlace = k % 3 == 2;
                assert_recodes(&b, &q);
            }
            blob_free(&b);
        }
}

/* The temporary file, runs longer than their buffers. */
static void large(void **state)
{
    (void)state;
    struct blob b = make(2, 1200, 900);
    for (size_t k = 1; k < 4; k++) {
        struct recode q = {.steps = lists[k].step, .count = 1, .trim = true, .interlace = k == 1};
        assert_recodes(&b, &q);
    }
    blob_free(&b);
}

static void plans(void **state)
{
    (void)state;
    static const struct {
        uint32_t width, height, unit;
        size_t count;
        struct recode_step step[4];
        enum recode_verdict verdict;
        uint32_t to_width, to_height;
    } cases[] = {
        {33, 48, 16, 1, {TURN(1)}, RECODE_EXACT, 48, 33},
        {33, 48, 16, 1, {TURN(3)}, RECODE_TRIMMED, 48, 32},
        {33, 47, 16, 1, {TURN(1)}, RECODE_TRIMMED, 32, 33},
        {33, 47, 16, 1, {TURN(2)}, RECODE_TRIMMED, 32, 32},
        {33, 47, 16, 2, {TURN(1), TURN(3)}, RECODE_EXACT, 33, 47},
        {33, 47, 16, 4, {TURN(5), TURN(1), TURN(1), TURN(1)}, RECODE_EXACT, 33, 47},
        {33, 47, 16, 2, {FLIP_H, FLIP_H}, RECODE_EXACT, 33, 47},
        {33, 48, 16, 2, {TURN(2), FLIP_H}, RECODE_EXACT, 33, 48}, /* which is to flip vertically */
        {33, 47, 16, 1, {TRANSPOSE}, RECODE_EXACT, 47, 33},
        {33, 47, 16, 2, {TRANSPOSE, FLIP_H}, RECODE_TRIMMED, 32, 33},
        {15, 47, 16, 1, {FLIP_H}, RECODE_IMPOSSIBLE, 15, 47},
        {15, 48, 16, 1, {FLIP_V}, RECODE_EXACT, 15, 48},
        {100, 100, 16, 1, {CROP(10, 10, 16, 96)}, RECODE_EXACT, 10, 4},
        {100, 100, 16, 1, {CROP(10, 10, 17, 96)}, RECODE_TRIMMED, 11, 4},
        {100, 100, 16, 1, {CROP(10, 10, 100, 0)}, RECODE_IMPOSSIBLE, 100, 100},
        {100, 100, 16, 1, {CROP(0, 10, 0, 0)}, RECODE_IMPOSSIBLE, 100, 100},
        {100, 100, 16, 2, {CROP(96, 64, 0, 0), TURN(2)}, RECODE_EXACT, 96, 64},
        {100, 100, 16, 2, {CROP(UINT32_MAX, UINT32_MAX, 96, 96), FLIP_H}, RECODE_IMPOSSIBLE, 4, 4},
        {65500, 1, 8, 1, {FLIP_H}, RECODE_TRIMMED, 65496, 1},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct jpeg_geometry g;
        jpeg_geometry_plan(&g, cases[i].width, cases[i].height, cases[i].unit, cases[i].unit,
                           cases[i].step, cases[i].count);
        assert_int_equal(g.verdict, cases[i].verdict);
        assert_int_equal(g.width, cases[i].to_width);
        assert_int_equal(g.height, cases[i].to_height);
        assert_int_equal(g.verdict == RECODE_EXACT, g.reason[0] == '\0');
        if (g.verdict != RECODE_IMPOSSIBLE) {
            assert_int_equal(jpeg_geometry_columns(&g), units(g.width, cases[i].unit));
            assert_int_equal(jpeg_geometry_rows(&g), units(g.height, cases[i].unit));
        }
    }
}

static void samples_of(const JCOEF *coefficients, double *out)
{
    for (int y = 0; y < 8; y++)
        for (int x = 0; x < 8; x++) {
            out[y * 8 + x] = 0;
            for (int v = 0; v < 8; v++)
                for (int u = 0; u < 8; u++)
                    out[y * 8 + x] += coefficients[v * 8 + u] * (u == 0 ? sqrt(0.5) : 1) *
                                      (v == 0 ? sqrt(0.5) : 1) * cos((2 * x + 1) * u * M_PI / 16) *
                                      cos((2 * y + 1) * v * M_PI / 16);
        }
}

static void blocks(void **state)
{
    (void)state;
    uint64_t seed = 9;
    for (int filled = 0; filled <= 64; filled++) {
        JCOEF block[DCTSIZE2] = {0};
        for (int i = 0; i < filled; i++)
            block[filled == 64 ? (uint32_t)i : noise(&seed) % 64] =
                (JCOEF)(noise(&seed) % 4095 - 2047);
        uint8_t a[JPEG_BLOCK_BYTES_MAX], b[JPEG_BLOCK_BYTES_MAX];
        size_t bytes = (size_t)(jpeg_block_put(block, a) - a);
        assert_int_equal(jpeg_block_put_portable(block, b) - b, bytes);
        assert_memory_equal(a, b, bytes);
        assert_ptr_equal(jpeg_block_skip(a), a + bytes);
        double want[64], got[64];
        samples_of(block, want);
        for (int way = 0; way < 8; way++) {
            struct jpeg_block_map map;
            JCOEF turned[DCTSIZE2] = {0};
            jpeg_block_map_make(&map, way & 1, way & 2, way & 4);
            assert_ptr_equal(jpeg_block_get(a, &map, turned), a + bytes);
            samples_of(turned, got);
            for (int i = 0; i < 64; i++) {
                int x = i % 8, y = i / 8;
                int u = way & 2 ? 7 - x : x, v = way & 4 ? 7 - y : y;
                assert_true(fabs(got[i] - want[way & 1 ? u * 8 + v : v * 8 + u]) < 1e-6);
            }
        }
    }
}

/* Nothing is written, and the pixels can still be had. */
static void refused(void **state)
{
    (void)state;
    static const struct recode_step flip = FLIP_H, crop = CROP(10, 10, 3, 3),
                                    off = CROP(1, 1, 999, 0);
    static const struct {
        size_t recipe;
        uint32_t width;
        const struct recode_step *step;
        bool trim, plan;
        enum recode_verdict verdict;
    } cases[] = {
        {2, 75, &flip, false, false, RECODE_TRIMMED},
        {2, 64, &flip, false, true, RECODE_EXACT},
        {2, 75, &flip, true, true, RECODE_TRIMMED},
        {2, 12, &flip, true, false, RECODE_IMPOSSIBLE},
        {2, 75, &crop, false, false, RECODE_TRIMMED},
        {2, 75, &off, true, false, RECODE_IMPOSSIBLE},
        {7, 75, &flip, false, false, RECODE_TRIMMED},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct blob b = make(cases[i].recipe, cases[i].width, 50);
        struct jpeg_decoded want = jpeg_reference(&b);
        struct context cx;
        struct source *src;
        struct sink *sink;
        struct decoder *d;
        struct frame frame;
        context_init(&cx);
        int fd = jpeg_pipe(&b);
        struct recode q = {.steps = cases[i].step, .count = 1};
        q.trim = cases[i].trim;
        q.plan = cases[i].plan;
        assert_int_equal(source_open_fd(&cx, fd, &src), ST_OK);
        assert_int_equal(sink_open_memory(&cx, &sink), ST_OK);
        assert_int_equal(decoder_open(&cx, src, NULL, &d), ST_OK);
        assert_int_equal(d->format->recode(d, &q, sink), ST_OK);
        assert_int_equal(q.verdict, cases[i].verdict);
        assert_int_equal(q.reason[0] == '\0', q.verdict == RECODE_EXACT);
        assert_int_equal(sink_offset(sink), 0);
        assert_int_equal(decoder_frame(d, &frame), ST_OK);
        uint8_t *row = make_bytes(want.stride);
        for (uint32_t y = 0; y < want.height; y++) {
            assert_int_equal(decoder_row(d, row), ST_OK);
            assert_memory_equal(row, want.pixels + y * want.stride, want.stride);
        }
        assert_int_equal(decoder_frame(d, &frame), ST_END);
        free(row);
        free(want.pixels);
        decoder_close(d);
        sink_close(sink);
        source_close(src);
        close(fd);
        assert_nothing_held(&cx);
        blob_free(&b);
    }
}

/* More blocks in an MCU than a scan may have: only apart. */
static void too_many_blocks(void **state)
{
    (void)state;
    struct jpeg_recipe recipe = {
        .components = 3, .scans = apart, .scan_count = 3, .factors = "42 21 12"};
    uint8_t *pixels = jpeg_pixels(64, 64, 3);
    struct blob b = jpeg_make(&recipe, 64, 64, pixels), out = {0};
    struct context cx;
    struct recode q = {0};
    context_init(&cx);
    assert_int_equal(run(&cx, &b, -1, &q, NULL, &out), ST_OK);
    assert_int_equal(q.verdict, RECODE_IMPOSSIBLE);
    assert_int_equal(out.bytes, 0);
    blob_free(&out);
    blob_free(&b);
    free(pixels);
}

static const uint8_t exif[] = {
    'E',  'x',  'i',  'f',  0, 0, 'M', 'M', 0, 42, 0, 0,  0, 8, 0, 2, /* two entries */
    0x01, 0x12, 0,    3,    0, 0, 0,   1,   0, 6,  0, 0,              /* orientation 6 */
    0x87, 0x69, 0,    4,    0, 0, 0,   1,   0, 0,  0, 38, 0, 0, 0, 0, /* directory at 38 */
    0,    2,    0xa0, 0x02, 0, 3, 0,   0,   0, 1,  0, 99, 0, 0,       /* width */
    0xa0, 0x03, 0,    4,    0, 0, 0,   1,   0, 0,  0, 98, 0, 0, 0, 0, /* height */
};

static void add_marker(struct blob *b, int code, const void *data, size_t bytes)
{
    uint8_t head[4] = {0xff, (uint8_t)code, (uint8_t)((bytes + 2) >> 8), (uint8_t)(bytes + 2)};
    blob_add(b, head, 4);
    blob_add(b, data, bytes);
}

/* Which of the markers stand in a file, one digit each, in their order. */
static const char *markers_of(const struct blob *b)
{
    static char out[32];
    static const char *const names[] = {"JFIF", "Exif",  "one", "ICC_PROFILE",
                                        "http", "other", "two", "three"};
    size_t n = 0;
    for (size_t i = 2; i + 3 < b->bytes && b->data[i + 1] != 0xda;
         i += 2u + b->data[i + 3] + 256u * b->data[i + 2])
        for (unsigned k = 0; k < COUNT(names); k++)
            if (memcmp(b->data + i + 4, names[k], strlen(names[k])) == 0)
                out[n++] = (char)('0' + k);
    out[n] = '\0';
    return out;
}

static void markers(void **state)
{
    (void)state;
    static const struct recode_step turn = TURN(1);
    static const struct {
        bool jfif, ask, skip[METADATA_KINDS];
        const char *want;
    } cases[] = {
        {true, true, {false}, "01234567"},
        {false, true, {false}, "1234567"}, /* Exif is first: no JFIF is made */
        {true, false, {false}, "0"},
        {true, true, {[METADATA_COMMENT] = true}, "0134"},
        {true, true, {[METADATA_EXIF] = true}, "023467"},
        {true,
         true,
         {[METADATA_EXIF] = true, [METADATA_ICC] = true, [METADATA_XMP] = true},
         "0267"},
    };
    for (size_t recipe = 2; recipe <= 7; recipe += 5)
        for (size_t i = 0; i < COUNT(cases); i++) {
            struct blob plain = make(recipe, 64, 96),
                        b = blob_of(plain.data, cases[i].jfif ? 20 : 2);
            size_t gap = plain.bytes - 2; /* or between scans */
            for (size_t k = plain.bytes - 2; recipe == 7 && k > 20; k--)
                if (plain.data[k] == 0xff && plain.data[k + 1] == 0xc4) {
                    gap = k;
                    break;
                }
            add_marker(&b, 0xe1, exif, sizeof exif);
            add_marker(&b, 0xfe, "one", 3);
            add_marker(&b, 0xe2, "ICC_PROFILE\0\1\1abc", 17);
            add_marker(&b, 0xe1, "http://ns.adobe.com/xap/1.0/\0<x/>", 33);
            add_marker(&b, 0xed, "other", 5);
            blob_add(&b, plain.data + 20, gap - 20);
            add_marker(&b, 0xfe, "two", 3);
            blob_add(&b, plain.data + gap, plain.bytes - 2 - gap);
            add_marker(&b, 0xfe, "three", 5);
            blob_add(&b, "\xff\xd9", 2);
            struct context cx;
            struct metadata m = {0};
            struct blob out = {0};
            struct recode q = {.steps = &turn, .count = 1, .orientation = 1};
            memcpy(q.skip, cases[i].skip, sizeof q.skip);
            context_init(&cx);
            assert_int_equal(run(&cx, &b, -1, &q, cases[i].ask ? &m : NULL, &out), ST_OK);
            assert_string_equal(markers_of(&out), cases[i].want);
            uint8_t *copy = memmem(out.data, out.bytes, "Exif", 4);
            if (copy != NULL) {
                assert_int_equal(copy[6 + 8 + 2 + 8 + 1], 1); /* upright */
                assert_memory_equal(copy + 6 + 38 + 2 + 2, "\0\4\0\0\0\1\0\0\0\x60", 10);
                assert_memory_equal(copy + 6 + 38 + 14 + 2, "\0\4\0\0\0\1\0\0\0\x40", 10);
            }
            blob_free(&out);
            blob_free(&b);
            blob_free(&plain);
            assert_nothing_held(&cx);
        }
}

/* Directories that lead astray. */
static void odd_exif(void **state)
{
    (void)state;
    uint64_t seed = 3;
    for (size_t bytes = 0; bytes < sizeof exif - 6; bytes++) {
        uint8_t *copy = malloc(bytes + 1);
        assert_non_null(copy);
        memcpy(copy, exif + 6, bytes);
        uint8_t *tight = malloc(bytes != 0 ? bytes : 1);
        assert_non_null(tight);
        memcpy(tight, copy, bytes);
        jpeg_exif_set_size(tight, bytes, 1, 2);
        jpeg_exif_set_orientation(tight, bytes, 1);
        for (int i = 0; i < 200 && bytes > 0; i++) {
            tight[noise(&seed) % bytes] = (uint8_t)noise(&seed);
            jpeg_exif_set_size(tight, bytes, 1, 2);
            jpeg_exif_set_orientation(tight, bytes, 1);
        }
        free(tight);
        free(copy);
    }
}

static void too_many_markers(void **state)
{
    (void)state;
    struct blob plain = make(2, 32, 32), b = blob_of(plain.data, 20);
    uint8_t *comment = make_bytes(65533);
    memset(comment, 'x', 65533);
    for (int i = 0; i < 200; i++)
        add_marker(&b, 0xfe, comment, 65533);
    blob_add(&b, plain.data + 20, plain.bytes - 20);
    struct context cx;
    struct metadata m = {0};
    struct blob out = {0};
    struct recode q = {0};
    context_init(&cx);
    assert_int_equal(run(&cx, &b, -1, &q, &m, &out), ST_OK);
    assert_in_range(out.bytes, METADATA_BYTES - 200000, METADATA_BYTES + 200000);
    blob_free(&out);
    blob_free(&b);
    blob_free(&plain);
    free(comment);
    assert_nothing_held(&cx);
}

static void damage(void **state)
{
    (void)state;
    static const struct recode_step turn = TURN(1);
    for (size_t recipe = 2; recipe <= 7; recipe += 5) {
        struct blob b = make(recipe, 128, 128);
        for (size_t n = 100; n < b.bytes; n += 97)
            for (int lenient = 0; lenient < 2; lenient++) {
                struct blob part = blob_of(b.data, n), out = {0};
                struct context cx;
                struct recode q = {.steps = &turn, .count = 1};
                context_init(&cx);
                cx.lenient = lenient;
                enum status st = run(&cx, &part, -1, &q, NULL, &out);
                if (!lenient) {
                    assert_int_equal(st, ST_DAMAGED);
                    assert_int_equal(out.bytes, 0); /* all is read before anything is written */
                } else if (st == ST_OK && q.verdict == RECODE_EXACT) {
                    assert_true(q.damaged);
                    assert_true(strlen(q.damage) > 0);
                    struct jpeg_decoded d = jpeg_reference(&out);
                    assert_false(d.fatal);
                    assert_int_equal(d.damage, 0);
                    free(d.pixels);
                } else if (st == ST_OK) { /* pixels can be had, with what is missing smoothed */
                    assert_string_equal(q.reason, "it is cut short");
                }
                blob_free(&out);
                blob_free(&part);
                assert_nothing_held(&cx);
            }
        blob_free(&b);
    }
}

struct task {
    struct blob b;
    struct recode_step step;
};

static enum status recode_job(struct context *cx, void *user)
{
    struct task *t = user;
    struct source *src = NULL;
    struct sink *sink = NULL;
    struct decoder *d = NULL;
    struct metadata m = {0};
    struct recode q = {.steps = &t->step, .count = 1, .trim = true};
    int in = temp_fd(t->b.data, t->b.bytes), out = temp_fd("", 0);
    enum status st = source_open_fd(cx, in, &src);
    if (st == ST_OK)
        st = sink_open_fd(cx, out, &sink);
    if (st == ST_OK)
        st = decoder_open(cx, src, &m, &d);
    if (st == ST_OK)
        st = d->format->recode(d, &q, sink);
    if (st == ST_OK)
        st = sink_flush(sink);
    decoder_close(d);
    sink_close(sink);
    source_close(src);
    metadata_clear(cx, &m);
    close(in);
    close(out);
    return st;
}

static void failures(void **state)
{
    (void)state;
    static const size_t recipe[] = {2, 7, 9};
    for (size_t i = 0; i < COUNT(recipe); i++) {
        struct task t = {make(recipe[i], 150, 130), TURN(1)};
        sweep_faults(recode_job, &t);
        blob_free(&t.b);
    }
    struct task t = {make(2, 1100, 800), TURN(2)}; /* with a temporary file */
    assert_true(sweep_kind(FAULT_WRITE, ST_IO, recode_job, &t) > 50);
    assert_true(sweep_kind(FAULT_READ, ST_IO, recode_job, &t) > 50);
    blob_free(&t.b);
}

static size_t peak(uint32_t width, uint32_t height, const struct recode_step *step)
{
    struct task t = {make(2, width, height), *step};
    struct context cx;
    context_init(&cx);
    assert_int_equal(recode_job(&cx, &t), ST_OK);
    assert_true(cx.temp.peak > 0);
    blob_free(&t.b);
    return cx.mem.peak;
}

static void memory_is_of_the_width(void **state)
{
    (void)state;
    static const struct recode_step flip = FLIP_V, turn = TURN(1);
    size_t low = peak(640, 1600, &flip), high = peak(640, 6400, &flip);
    assert_int_equal(high, low + 300 * sizeof(uint64_t)); /* where 300 more runs begin */
    low = peak(640, 1600, &turn);                         /* the width of the result is 6400 then */
    assert_in_range(peak(640, 6400, &turn), low, low + 300 * (8 + 2 * 6 * 128 + 1020 + 16));
}

static volatile sig_atomic_t stop = 15;

static void a_signal_ends_it(void **state)
{
    (void)state;
    struct blob b = make(2, 64, 64);
    struct context cx;
    struct source *src;
    struct decoder *d;
    struct recode q = {0};
    context_init(&cx);
    assert_int_equal(source_open_memory(&cx, b.data, b.bytes, &src), ST_OK);
    assert_int_equal(decoder_open(&cx, src, NULL, &d), ST_OK);
    cx.stop = &stop;
    assert_int_equal(d->format->recode(d, &q, NULL), ST_STOPPED);
    decoder_close(d);
    source_close(src);
    assert_nothing_held(&cx);
    blob_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plans),
        cmocka_unit_test(blocks),
        cmocka_unit_test(same_bytes),
        cmocka_unit_test(large),
        cmocka_unit_test(refused),
        cmocka_unit_test(too_many_blocks),
        cmocka_unit_test(markers),
        cmocka_unit_test(odd_exif),
        cmocka_unit_test(too_many_markers),
        cmocka_unit_test(damage),
        cmocka_unit_test(failures),
        cmocka_unit_test(memory_is_of_the_width),
        cmocka_unit_test(a_signal_ends_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
