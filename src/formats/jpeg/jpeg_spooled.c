/* SPDX-License-Identifier: MIT */
/* A window of rows slides over each array; libjpeg only ever goes forward, or back to the top. */
#include "formats/jpeg/jpeg_spooled.h"

#include <string.h>

#include "base/mem.h"
#include "base/size.h"
#include "base/spool.h"

/* What libjpeg hands back to us for an array. */
struct jpeg_spooled_array {
    struct jpeg_spooled_array *next;
    struct jpeg_guard *guard;
    struct spool *spool;
    size_t row_bytes;
    JDIMENSION rows, window, blocks;
    JDIMENSION at;      /* row that the window begins with */
    JDIMENSION written; /* rows from the first on that have been given out to be written */
    bool dirty;
    JBLOCKROW memory;
    JBLOCKROW row[]; /* of the window */
};

uint64_t jpeg_spooled_bytes(const struct jpeg_decompress_struct *jpeg)
{
    uint64_t blocks = 0;
    for (int c = 0; c < jpeg->num_components; c++) {
        const jpeg_component_info *info = &jpeg->comp_info[c];
        uint64_t h = (uint64_t)info->h_samp_factor, v = (uint64_t)info->v_samp_factor;
        blocks +=
            (info->width_in_blocks + h - 1) / h * h * ((info->height_in_blocks + v - 1) / v * v);
    }
    return blocks * sizeof(JBLOCK);
}

static struct jpeg_spooled *spooled_of(j_common_ptr common)
{
    return common->client_data;
}

static jvirt_barray_ptr request(j_common_ptr common, int pool, boolean zero, JDIMENSION blocks,
                                JDIMENSION rows, JDIMENSION most)
{
    (void)pool, (void)zero; /* always of the image, always of zeroes */
    struct jpeg_spooled *s = spooled_of(common);
    struct jpeg_guard *g = jpeg_guard_of((j_decompress_ptr)common);
    JDIMENSION window = min_u32(most, rows);
    struct jpeg_spooled_array *a = mem_zalloc(s->cx, sizeof *a + window * sizeof *a->row);
    if (a == NULL)
        jpeg_guard_jump(g, s->cx->status);
    a->next = s->first;
    s->first = a;
    a->guard = g;
    a->row_bytes = blocks * sizeof(JBLOCK);
    a->blocks = blocks;
    a->rows = rows;
    a->window = window;
    size_t bytes;
    if (!size_mul(a->row_bytes, window, &bytes))
        bytes = SIZE_MAX;
    a->memory = mem_zalloc(s->cx, bytes);
    enum status st = a->memory == NULL
                         ? s->cx->status
                         : spool_open(s->cx, (uint64_t)a->row_bytes * rows, &a->spool);
    if (st != ST_OK)
        jpeg_guard_jump(g, st);
    for (JDIMENSION i = 0; i < window; i++)
        a->row[i] = a->memory + (size_t)i * blocks;
    return (jvirt_barray_ptr)(void *)a;
}

static void realize(j_common_ptr common)
{
    (void)common;
}

/* Rows of the window that have ever been written: those after them are zeroes. */
static JDIMENSION rows_kept(const struct jpeg_spooled_array *a)
{
    return a->written > a->at ? min_u32(a->written - a->at, a->window) : 0;
}

/* Makes row the first of the window, or as near to that as the end of the array lets it. */
static enum status slide(struct jpeg_spooled_array *a, JDIMENSION row)
{
    enum status st = ST_OK;
    JDIMENSION kept = rows_kept(a);
    if (a->dirty && kept != 0)
        st = spool_write(a->spool, (uint64_t)a->at * a->row_bytes, a->memory, kept * a->row_bytes);
    a->dirty = false;
    a->at = min_u32(row, a->rows - a->window);
    kept = rows_kept(a);
    if (st == ST_OK && kept != 0)
        st = spool_read(a->spool, (uint64_t)a->at * a->row_bytes, a->memory, kept * a->row_bytes);
    memset(a->memory + (size_t)kept * a->blocks, 0, (a->window - kept) * a->row_bytes);
    return st;
}

static JBLOCKARRAY access_rows(j_common_ptr common, jvirt_barray_ptr array, JDIMENSION row,
                               JDIMENSION rows, boolean writable)
{
    (void)common;
    struct jpeg_spooled_array *a = (struct jpeg_spooled_array *)(void *)array;
    enum status st = check_stop(a->guard->cx);
    if (rows > a->window || row > a->rows - rows)
        st = fail(a->guard->cx, ST_BUG, "libjpeg asked for rows that there are not");
    if (st == ST_OK && (row < a->at || row + rows > a->at + a->window))
        st = slide(a, row);
    if (st != ST_OK)
        jpeg_guard_jump(a->guard, st);
    if (writable) {
        a->dirty = true;
        a->written = max_u32(a->written, row + rows);
    }
    return a->row + (row - a->at);
}

void jpeg_spooled_use(struct jpeg_spooled *s, j_decompress_ptr jpeg)
{
    s->cx = jpeg_guard_of(jpeg)->cx;
    jpeg->client_data = s;
    jpeg->mem->request_virt_barray = request;
    jpeg->mem->realize_virt_arrays = realize;
    jpeg->mem->access_virt_barray = access_rows;
}

void jpeg_spooled_close(struct jpeg_spooled *s)
{
    while (s->first != NULL) {
        struct jpeg_spooled_array *a = s->first;
        s->first = a->next;
        spool_close(a->spool);
        mem_free(s->cx, a->memory);
        mem_free(s->cx, a);
    }
}
