/* SPDX-License-Identifier: MIT */
/* A JPEG turned and cut the plain way: all coefficients in memory, one step after another. */
#ifndef GIFLOW_TESTS_JPEG_RECODE_REFERENCE_H
#define GIFLOW_TESTS_JPEG_RECODE_REFERENCE_H

#include "jpeg_recode_run.h"

#include "base/size.h"

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

static inline struct plane plane_like(uint32_t width, uint32_t height, uint32_t unit_width,
                                      uint32_t unit_height)
{
    struct plane p = {width, height, unit_width, unit_height, NULL};
    p.block = calloc((size_t)width * height + 1, sizeof *p.block);
    assert_non_null(p.block);
    return p;
}

static inline JCOEF *block_at(const struct plane *p, uint32_t x, uint32_t y)
{
    return p->block[(size_t)y * p->width + x];
}

static inline void transpose(struct whole *w)
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
static inline void keep(struct whole *w, uint32_t x, uint32_t y, uint32_t columns, uint32_t rows)
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

static inline uint32_t units(uint32_t length, uint32_t unit)
{
    return (length + unit - 1) / unit;
}

static inline void mirror(struct whole *w)
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

static inline void mirror_rows(struct whole *w)
{
    transpose(w);
    mirror(w);
    transpose(w);
}

/* Every step by transposing and mirroring. */
static inline void apply(struct whole *w, const struct recode_step *s)
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

static inline void take_whole(struct whole *w, j_decompress_ptr jpeg)
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

static inline void set_frame(j_compress_ptr to, const struct whole *w)
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

static inline struct blob reference_recode(const struct blob *b, const struct recode *q)
{
    struct jpeg_decompress_struct from;
    struct jpeg_writer writer;
    struct jpeg_error_mgr mgr;
    struct whole w;
    jvirt_barray_ptr arrays[4];
    from.err = jpeg_std_error(&mgr);
    jpeg_create_decompress(&from);
    jpeg_mem_src(&from, b->data, b->bytes);
    jpeg_read_header(&from, TRUE);
    take_whole(&w, &from);
    for (size_t i = 0; i < q->count; i++)
        apply(&w, &q->steps[i]);
    jpeg_writer_begin(&writer);
    j_compress_ptr to = &writer.jpeg;
    jpeg_copy_critical_parameters(&from, to);
    set_frame(to, &w);
    to->optimize_coding = q->optimize >= 2;
    if (q->interlace)
        jpeg_simple_progression(to);
    for (int c = 0; c < w.planes; c++)
        arrays[c] =
            to->mem->request_virt_barray((j_common_ptr)to, JPOOL_IMAGE, TRUE, w.plane[c].width,
                                         w.plane[c].height, w.plane[c].unit_height);
    jpeg_write_coefficients(to, arrays);
    for (int c = 0; c < w.planes; c++) {
        for (uint32_t y = 0; y < w.plane[c].height; y++)
            memcpy(to->mem->access_virt_barray((j_common_ptr)to, arrays[c], y, 1, TRUE)[0],
                   block_at(&w.plane[c], 0, y), w.plane[c].width * sizeof(JBLOCK));
        free(w.plane[c].block);
    }
    jpeg_destroy_decompress(&from);
    return jpeg_writer_end(&writer);
}

/* From memory, a file and a pipe: the bytes of the reference. */
static inline void assert_recodes(const struct blob *b, struct recode *q)
{
    struct blob want = reference_recode(b, q);
    for (int way = 0; way < 3; way++) {
        struct context cx;
        struct blob out = {0};
        context_init(&cx);
        int fd = way == 0 ? -1 : way == 1 ? temp_fd(b->data, b->bytes) : pipe_fd(b);
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

#endif
