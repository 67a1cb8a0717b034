/* SPDX-License-Identifier: MIT */
/* libjpeg's memory manager is told to use our row where it would make arrays of coefficients. */
#include "formats/jpeg/jpeg_lockstep.h"

#include <string.h>

#include "base/mem.h"
#include "base/size.h"

#define NO_ROW ((JDIMENSION)-1)

static struct jpeg_lockstep *lockstep_of(j_common_ptr common)
{
    return common->client_data;
}

/* libjpeg's coefficient controller asks for one array a component, in their order (jdcoefct.c). */
static jvirt_barray_ptr request(j_common_ptr common, int pool, boolean zero, JDIMENSION blocks,
                                JDIMENSION rows, JDIMENSION most)
{
    (void)pool, (void)zero, (void)blocks, (void)rows, (void)most;
    struct jpeg_lockstep *l = lockstep_of(common);
    if (l->asked == MAX_COMPONENTS)
        jpeg_guard_jump(jpeg_guard_of((j_decompress_ptr)common),
                        fail(l->cx, ST_BUG, "libjpeg asked for an array too many"));
    return &l->plane[l->asked++];
}

/*
 * Called when all modules of an object have been made and none has begun its work: the time to
 * tell the entropy decoder which bits the scans before have brought.
 */
static void realize(j_common_ptr common)
{
    j_decompress_ptr jpeg = (j_decompress_ptr)common;
    struct jpeg_lockstep *l = lockstep_of(common);
    if (l->before != NULL && l->before->coef_bits != NULL && jpeg->coef_bits != NULL)
        memcpy(jpeg->coef_bits, l->before->coef_bits,
               (size_t)jpeg->num_components * sizeof *jpeg->coef_bits);
    l->before = jpeg;
}

/* Moves the lanes on to the row that the first object has decoded its scan of. */
static void merge(struct jpeg_lockstep *l)
{
    struct jpeg_guard *g = jpeg_guard_of(l->first);
    for (unsigned i = 0; i < l->lanes; i++) {
        g->scan = i + 2;
        jpeg_consume_input(&l->lane[i].jpeg);
    }
    g->scan = l->lanes != 0;
    l->merged = true;
}

static JBLOCKARRAY access_row(j_common_ptr common, jvirt_barray_ptr plane, JDIMENSION row,
                              JDIMENSION rows, boolean writable)
{
    struct jpeg_lockstep *l = lockstep_of(common);
    JDIMENSION mcu_row = row / plane->rows;
    if (writable && common == (j_common_ptr)l->first && mcu_row != l->row) {
        memset(l->blocks, 0, l->bytes);
        l->row = mcu_row;
        l->merged = false;
    }
    if (!writable && !l->merged)
        merge(l);
    if (mcu_row != l->row || rows > plane->rows)
        jpeg_guard_jump(jpeg_guard_of(l->first),
                        fail(l->cx, ST_BUG, "libjpeg asked for a row out of turn"));
    return plane->row;
}

/* Makes an object that has read the header of its scan decode it into our row. */
static void start(struct jpeg_lockstep *l, j_decompress_ptr jpeg)
{
    jpeg->mem->request_virt_barray = request;
    jpeg->mem->realize_virt_arrays = realize;
    jpeg->mem->access_virt_barray = access_row;
    jpeg->buffered_image = TRUE;
    jpeg->do_block_smoothing = FALSE; /* it would look at other rows */
    l->asked = 0;
    jpeg_start_decompress(jpeg);
}

static enum status make_planes(struct jpeg_lockstep *l)
{
    for (int c = 0; c < l->first->num_components; c++) {
        const jpeg_component_info *info = &l->first->comp_info[c];
        JDIMENSION h = (JDIMENSION)info->h_samp_factor;
        l->plane[c].rows = (JDIMENSION)info->v_samp_factor;
        l->plane[c].blocks = (info->width_in_blocks + h - 1) / h * h;
    }
    return jpeg_planes_make(l->cx, l->plane, l->first->num_components, &l->blocks, &l->bytes);
}

static void put(struct jpeg_lockstep *l, unsigned byte)
{
    l->prefix[l->prefix_bytes++] = (uint8_t)byte;
}

static void put16(struct jpeg_lockstep *l, unsigned word)
{
    put(l, word >> 8);
    put(l, word);
}

/*
 * The frame's header as the first object has understood it, and what SOI resets: the restart
 * interval and the arithmetic decoder's conditioning. T.81, B.2.2, B.2.4.3 and B.2.4.4. 116 bytes
 * at most.
 */
static void write_prefix(struct jpeg_lockstep *l)
{
    j_decompress_ptr jpeg = l->first;
    put16(l, 0xffd8);
    put16(l, 0xffc1u + (jpeg->progressive_mode ? 1 : 0) + (jpeg->arith_code ? 8 : 0));
    put16(l, 8 + 3 * (unsigned)jpeg->num_components);
    put(l, (unsigned)jpeg->data_precision);
    put16(l, jpeg->image_height);
    put16(l, jpeg->image_width);
    put(l, (unsigned)jpeg->num_components);
    for (int c = 0; c < jpeg->num_components; c++) {
        const jpeg_component_info *info = &jpeg->comp_info[c];
        put(l, (unsigned)info->component_id);
        put(l, (unsigned)(info->h_samp_factor << 4 | info->v_samp_factor));
        put(l, (unsigned)info->quant_tbl_no);
    }
    put16(l, 0xffdd);
    put16(l, 4);
    put16(l, jpeg->restart_interval);
    if (!jpeg->arith_code)
        return;
    put16(l, 0xffcc);
    put16(l, 2 + 4 * NUM_ARITH_TBLS);
    for (unsigned i = 0; i < NUM_ARITH_TBLS; i++) {
        put(l, i);
        put(l, (unsigned)(jpeg->arith_dc_U[i] << 4 | jpeg->arith_dc_L[i]));
        put(l, NUM_ARITH_TBLS + i);
        put(l, jpeg->arith_ac_K[i]);
    }
}

static void copy_quantization(j_decompress_ptr from, j_decompress_ptr to)
{
    for (int i = 0; i < NUM_QUANT_TBLS; i++) {
        if (from->quant_tbl_ptrs[i] == NULL)
            continue;
        if (to->quant_tbl_ptrs[i] == NULL)
            to->quant_tbl_ptrs[i] = jpeg_alloc_quant_table((j_common_ptr)to);
        *to->quant_tbl_ptrs[i] = *from->quant_tbl_ptrs[i];
    }
}

/* Tables of the header are given to a lane as to one that read an abbreviated file of them. */
static void copy_tables(j_decompress_ptr from, j_decompress_ptr to)
{
    j_common_ptr common = (j_common_ptr)to;
    copy_quantization(from, to);
    for (int i = 0; i < NUM_HUFF_TBLS; i++) {
        if (from->dc_huff_tbl_ptrs[i] != NULL) {
            to->dc_huff_tbl_ptrs[i] = jpeg_alloc_huff_table(common);
            *to->dc_huff_tbl_ptrs[i] = *from->dc_huff_tbl_ptrs[i];
        }
        if (from->ac_huff_tbl_ptrs[i] != NULL) {
            to->ac_huff_tbl_ptrs[i] = jpeg_alloc_huff_table(common);
            *to->ac_huff_tbl_ptrs[i] = *from->ac_huff_tbl_ptrs[i];
        }
    }
}

static void open_lane(struct jpeg_lockstep *l, unsigned i)
{
    struct jpeg_lane *lane = &l->lane[i];
    j_decompress_ptr jpeg = &lane->jpeg;
    jpeg->err = l->first->err;
    jpeg->client_data = l;
    jpeg_create_decompress(jpeg);
    copy_tables(l->first, jpeg);
    if (l->markers && i + 1 == l->lanes)
        jpeg_guard_keep_markers(jpeg_guard_of(jpeg), jpeg);
    jpeg_scan_input_init(&lane->input, jpeg, l->scans, i + 1, l->prefix, l->prefix_bytes);
    jpeg_read_header(jpeg, TRUE);
    jpeg->raw_data_out = TRUE; /* nobody asks it for pixels: no buffers for them */
    start(l, jpeg);
    for (int c = 0; c < jpeg->num_components; c++)
        if (l->first->comp_info[c].quant_table == NULL)
            l->first->comp_info[c].quant_table = jpeg->comp_info[c].quant_table;
}

enum status jpeg_lockstep_open(struct jpeg_lockstep *l, j_decompress_ptr first,
                               struct jpeg_scans *scans)
{
    struct jpeg_guard *g = jpeg_guard_of(first);
    l->cx = g->cx;
    l->first = first;
    l->scans = scans;
    l->row = NO_ROW;
    enum status st = make_planes(l);
    if (st != ST_OK)
        return st;
    if (scans != NULL && scans->count > 1) {
        size_t bytes;
        if (!size_mul(scans->count - 1, sizeof *l->lane, &bytes))
            bytes = SIZE_MAX;
        l->lane =
            mem_zalloc(l->cx, bytes); /* zeroes: an object that was not made is not destroyed */
        if (l->lane == NULL)
            return l->cx->status;
        l->lanes = scans->count - 1;
    }
    first->client_data = l;
    if (scans != NULL) {
        write_prefix(l);
        jpeg_scan_input_init(&l->input, first, scans, 0, NULL, 0);
    }
    start(l, first);
    for (unsigned i = 0; i < l->lanes; i++) {
        g->scan = i + 2;
        open_lane(l, i);
    }
    g->scan = l->lanes != 0;
    return ST_OK;
}

void jpeg_lockstep_step(struct jpeg_lockstep *l)
{
    jpeg_consume_input(l->first);
    merge(l);
}

void jpeg_lockstep_finish(struct jpeg_lockstep *l)
{
    struct jpeg_guard *g = jpeg_guard_of(l->first);
    /* rows that nobody asked for, and markers */
    while (jpeg_consume_input(l->first) != JPEG_REACHED_EOI)
        ;
    for (unsigned i = 0; i < l->lanes; i++) {
        g->scan = i + 2;
        while (jpeg_consume_input(&l->lane[i].jpeg) != JPEG_REACHED_EOI)
            ;
    }
}

void jpeg_lockstep_take_tables(struct jpeg_lockstep *l)
{
    if (l->lanes != 0)
        copy_quantization(&l->lane[l->lanes - 1].jpeg, l->first);
}

void jpeg_lockstep_close(struct jpeg_lockstep *l)
{
    for (unsigned i = 0; i < l->lanes; i++)
        jpeg_destroy_decompress(&l->lane[i].jpeg);
    if (l->cx != NULL) {
        mem_free(l->cx, l->lane);
        mem_free(l->cx, l->blocks);
    }
    *l = (struct jpeg_lockstep){0};
}
