/* SPDX-License-Identifier: MIT */
/* JPEG to JPEG by moving coefficients: the bytes that jpegtran writes, rows by rows. */
#include <string.h>

#include "base/mem.h"
#include "formats/jpeg/jpeg_coding.h"
#include "formats/jpeg/jpeg_markers.h"
#include "formats/jpeg/jpeg_plugin.h"
#include "formats/jpeg/jpeg_store.h"

struct recoder {
    struct jpeg_guard guard; /* of the writer */
    struct jpeg_compress_struct jpeg;
    struct jpeg_output output;
    struct jpeg_store store;
    struct jpeg_passes passes; /* all zeroes: rows come out of the store as often as asked for */
    struct jpeg_reader *reader;
};

static void refuse(struct recode *q, const char *reason)
{
    q->verdict = RECODE_IMPOSSIBLE;
    snprintf(q->reason, sizeof q->reason, "%s", reason);
}

static void judge(struct jpeg_reader *r, struct recode *q, struct jpeg_geometry *g)
{
    const struct jpeg_decompress_struct *jpeg = &r->jpeg;
    bool single = jpeg->num_components == 1;
    uint32_t unit_width = DCTSIZE * (single ? 1 : (uint32_t)jpeg->max_h_samp_factor);
    uint32_t unit_height = DCTSIZE * (single ? 1 : (uint32_t)jpeg->max_v_samp_factor);
    jpeg_geometry_plan(g, jpeg->image_width, jpeg->image_height, unit_width, unit_height, q->steps,
                       q->count);
    q->verdict = g->verdict;
    q->width = g->width;
    q->height = g->height;
    q->damaged = false;
    snprintf(q->reason, sizeof q->reason, "%s", g->reason);
    if (!jpeg_coding_fits_a_scan(jpeg))
        refuse(q, "its components cannot be written in one scan");
}

/* A table that changes after a component's first scan cannot be written as one table. */
static bool tables_agree(const struct jpeg_decompress_struct *jpeg)
{
    for (int c = 0; c < jpeg->num_components; c++) {
        const jpeg_component_info *info = &jpeg->comp_info[c];
        int i = info->quant_tbl_no;
        if (i < 0 || i >= NUM_QUANT_TBLS || jpeg->quant_tbl_ptrs[i] == NULL)
            return false;
        if (info->quant_table != NULL &&
            memcmp(info->quant_table->quantval, jpeg->quant_tbl_ptrs[i]->quantval,
                   sizeof info->quant_table->quantval) != 0)
            return false;
    }
    return true;
}

/* All rows of MCUs into the store; the last of several libjpeg rows of blocks may be padding. */
static enum status read_rows(struct jpeg_lockstep *l, struct jpeg_store *s)
{
    enum status st = ST_OK;
    JDIMENSION rows = l->first->total_iMCU_rows;
    bool single = l->first->num_components == 1;
    for (JDIMENSION row = 0; row < rows && st == ST_OK; row++) {
        /* no row of pixels is made, so this counts for messages only */
        l->first->output_scanline = row * DCTSIZE * (JDIMENSION)l->first->max_v_samp_factor;
        jpeg_lockstep_step(l);
        JDIMENSION parts = single ? l->plane[0].rows : 1;
        for (JDIMENSION part = 0; part < parts && st == ST_OK && !jpeg_store_is_full(s); part++) {
            JBLOCKARRAY planes[MAX_COMPONENTS];
            for (int c = 0; c < s->components; c++)
                planes[c] = l->plane[c].row + part;
            st = jpeg_store_put(s, planes);
        }
    }
    return st;
}

/* Reads the whole file. Sets q->verdict where it turns out to be impossible. */
static enum status take_in(struct decoder *d, struct recode *q, struct recoder *w,
                           const struct jpeg_geometry *g)
{
    struct jpeg_reader *r = d->state;
    r->guard.status = ST_OK;
    if (setjmp(r->guard.jump) != 0)
        return r->guard.status;
    bool several = jpeg_has_multiple_scans(&r->jpeg);
    enum status st = several ? jpeg_reader_find_scans(r) : ST_OK;
    if (st != ST_OK)
        return st;
    if (several && (!r->scans.complete || jpeg_scans_need_turns(&r->scans))) {
        refuse(q, r->scans.complete ? "it has too many scans" : "it is cut short");
        return ST_OK;
    }
    r->phase = JPEG_READER_DONE;
    r->guard.where = NULL;
    r->jpeg.raw_data_out = TRUE;
    r->lockstep.markers = d->metadata != NULL;
    st = jpeg_store_open(&w->store, d->cx, &r->jpeg, g);
    if (st == ST_OK)
        st = jpeg_lockstep_open(&r->lockstep, &r->jpeg, several ? &r->scans : NULL);
    if (st == ST_OK)
        st = read_rows(&r->lockstep, &w->store);
    if (st != ST_OK)
        return st;
    r->guard.where = "after the last row";
    jpeg_lockstep_finish(&r->lockstep);
    jpeg_lockstep_take_tables(&r->lockstep);
    if (!several)
        jpeg_input_settle(&r->input);
    if (!tables_agree(&r->jpeg))
        refuse(q, "its quantization tables change");
    else if (!jpeg_store_is_codable(&w->store))
        refuse(q, "it has coefficients that Huffman codes do not reach");
    return ST_OK;
}

/* What jpeg_write_coefficients makes libjpeg ask for. */
static JBLOCKARRAY access_row(j_common_ptr common, jvirt_barray_ptr plane, JDIMENSION row,
                              JDIMENSION rows, boolean writable)
{
    (void)rows, (void)writable;
    j_compress_ptr jpeg = (j_compress_ptr)common;
    bool wanted[MAX_COMPONENTS] = {false};
    for (int i = 0; i < jpeg->comps_in_scan; i++)
        wanted[jpeg->cur_comp_info[i]->component_index] = true;
    enum status st = jpeg_store_get(common->client_data, row / plane->rows, wanted);
    if (st != ST_OK)
        jpeg_guard_jump((struct jpeg_guard *)common->err, st);
    return plane->row;
}

/* For the many passes of a progressive file, each of which the store would turn anew. */
static enum status make_row(void *user, uint32_t row)
{
    bool all[MAX_COMPONENTS] = {false};
    struct recoder *w = user;
    for (int c = 0; c < w->store.components; c++)
        all[c] = true;
    return jpeg_store_get(&w->store, row, all);
}

static void transpose_parameters(j_compress_ptr jpeg)
{
    for (int c = 0; c < jpeg->num_components; c++) {
        jpeg_component_info *info = &jpeg->comp_info[c];
        int h = info->h_samp_factor;
        info->h_samp_factor = info->v_samp_factor;
        info->v_samp_factor = h;
    }
    for (int i = 0; i < NUM_QUANT_TBLS; i++) {
        if (jpeg->quant_tbl_ptrs[i] == NULL)
            continue;
        UINT16 *q = jpeg->quant_tbl_ptrs[i]->quantval, old[DCTSIZE2];
        memcpy(old, q, sizeof old);
        for (int k = 0; k < DCTSIZE2; k++)
            q[k] = old[k % DCTSIZE * DCTSIZE + k / DCTSIZE];
    }
}

static bool same_codes(const JHUFF_TBL *a, const JHUFF_TBL *b)
{
    size_t count = 0;
    for (int length = 1; length <= 16 && a != NULL; length++)
        count += a->bits[length];
    return a != NULL && b != NULL && memcmp(a->bits + 1, b->bits + 1, 16) == 0 &&
           memcmp(a->huffval, b->huffval, count) == 0;
}

/* jpeg, which has its defaults, has the standard's tables; so has from, up to its first scan. */
static bool has_standard_tables(j_decompress_ptr from, j_compress_ptr jpeg)
{
    bool same = !from->progressive_mode && !from->arith_code;
    for (int i = 0; i < from->comps_in_scan && same; i++) {
        const jpeg_component_info *info = from->cur_comp_info[i];
        int dc = info->dc_tbl_no, ac = info->ac_tbl_no;
        same = same_codes(from->dc_huff_tbl_ptrs[dc], jpeg->dc_huff_tbl_ptrs[dc]) &&
               same_codes(from->ac_huff_tbl_ptrs[ac], jpeg->ac_huff_tbl_ptrs[ac]);
    }
    return same;
}

static void set_parameters(struct recoder *w, const struct recode *q)
{
    j_compress_ptr jpeg = &w->jpeg;
    jpeg_copy_critical_parameters(&w->reader->jpeg, jpeg);
    if (jpeg->num_components == 1) /* which changes no block's place, and suits more readers */
        jpeg->comp_info[0].h_samp_factor = jpeg->comp_info[0].v_samp_factor = 1;
    if (w->store.geometry.transpose)
        transpose_parameters(jpeg);
    jpeg->image_width = q->width;
    jpeg->image_height = q->height;
#if JPEG_LIB_VERSION >= 80
    jpeg->jpeg_width = q->width;
    jpeg->jpeg_height = q->height;
#endif
    /* a file with tables of its own would grow by others */
    jpeg->optimize_coding =
        q->optimize >= 2 || (q->optimize == 1 && !has_standard_tables(&w->reader->jpeg, jpeg));
    if (q->interlace)
        jpeg_simple_progression(jpeg);
    if (jpeg_markers_begin_with_exif(q, w->reader->jpeg.marker_list))
        jpeg->write_JFIF_header = FALSE;
}

static void write_file(struct recoder *w, const struct recode *q)
{
    j_compress_ptr jpeg = &w->jpeg;
    struct jpeg_lockstep *l = &w->reader->lockstep;
    const struct jpeg_decompress_struct *from = &w->reader->jpeg;
    jvirt_barray_ptr planes[MAX_COMPONENTS];
    set_parameters(w, q);
    jpeg->client_data = &w->store;
    jpeg->mem->access_virt_barray = access_row;
    for (int c = 0; c < w->store.components; c++)
        planes[c] = q->interlace ? &w->passes.plane[c] : &w->store.plane[c];
    if (q->interlace) {
        enum status st = jpeg_passes_follow(&w->passes, jpeg, w->store.plane, make_row, w);
        if (st != ST_OK)
            jpeg_guard_jump(&w->guard, st);
    }
    jpeg_write_coefficients(jpeg, planes);
    jpeg_markers_copy(q, from->marker_list, jpeg, from->image_width, from->image_height);
    if (l->lanes != 0)
        jpeg_markers_copy(q, l->lane[l->lanes - 1].jpeg.marker_list, jpeg, from->image_width,
                          from->image_height);
    jpeg_finish_compress(jpeg);
}

/* Writes the file from what the store holds. */
static enum status give_out(struct decoder *d, const struct recode *q, struct recoder *w,
                            struct sink *sink)
{
    jpeg_guard_init(&w->guard, d->cx, ST_UNSUPPORTED);
    w->guard.where = "writing";
    w->jpeg.err = &w->guard.mgr;
    if (setjmp(w->guard.jump) == 0) {
        jpeg_create_compress(&w->jpeg);
        jpeg_output_init(&w->output, &w->jpeg, sink);
        write_file(w, q);
    }
    return w->guard.status;
}

enum status jpeg_reader_recode(struct decoder *d, struct recode *q, struct sink *sink)
{
    struct jpeg_reader *r = d->state;
    struct jpeg_geometry g;
    if (r->phase != JPEG_READER_HEADER)
        return fail(d->cx, ST_BUG, "jpeg: recoded after its frame");
    judge(r, q, &g);
    if (q->plan || q->verdict == RECODE_IMPOSSIBLE || (q->verdict == RECODE_TRIMMED && !q->trim))
        return ST_OK;
    struct recoder *w = mem_zalloc(d->cx, sizeof *w);
    if (w == NULL)
        return d->cx->status;
    w->reader = r;
    enum status st = take_in(d, q, w, &g);
    bool taken = st == ST_OK && q->verdict != RECODE_IMPOSSIBLE;
    if (taken) {
        mem_free(d->cx, r->lockstep.blocks); /* as large as what comes in its place */
        r->lockstep.blocks = NULL;
        st = jpeg_store_turn_around(&w->store);
    }
    if (taken && st == ST_OK)
        st = give_out(d, q, w, sink);
    q->sequential = r->jpeg.progressive_mode && !q->interlace;
    q->damaged = r->guard.damage[0] != '\0';
    memcpy(q->damage, r->guard.damage, sizeof q->damage);
    jpeg_destroy_compress(&w->jpeg);
    jpeg_passes_close(&w->passes);
    jpeg_store_close(&w->store);
    mem_free(d->cx, w);
    return st;
}
