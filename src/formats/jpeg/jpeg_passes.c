/* SPDX-License-Identifier: MIT */
/* What libjpeg's memory manager would do with its arrays (jccoefct.c) is done row by row. */
#include "formats/jpeg/jpeg_passes.h"

#include <string.h>

#include "base/mem.h"
#include "base/size.h"

#define NO_ROW ((JDIMENSION)-1)

static struct jpeg_passes *passes_of(j_common_ptr common)
{
    return common->client_data;
}

static void check(j_common_ptr common, enum status st)
{
    if (st != ST_OK)
        jpeg_guard_jump((struct jpeg_guard *)common->err, st);
}

uint64_t jpeg_passes_bytes(const struct jpeg_compress_struct *jpeg)
{
    uint64_t width = 8, height = 8, blocks = 0;
    for (int c = 0; c < jpeg->num_components; c++) {
        width = max_u32((uint32_t)width, 8 * (uint32_t)jpeg->comp_info[c].h_samp_factor);
        height = max_u32((uint32_t)height, 8 * (uint32_t)jpeg->comp_info[c].v_samp_factor);
        blocks +=
            (uint64_t)jpeg->comp_info[c].h_samp_factor * (uint64_t)jpeg->comp_info[c].v_samp_factor;
    }
    uint64_t columns = (jpeg->image_width + width - 1) / width;
    uint64_t rows = (jpeg->image_height + height - 1) / height;
    return rows * (columns * blocks * JPEG_BLOCK_BYTES_MAX + MAX_COMPONENTS * sizeof(uint32_t));
}

/* One array a component, in their order. */
static jvirt_barray_ptr request(j_common_ptr common, int pool, boolean zero, JDIMENSION blocks,
                                JDIMENSION rows, JDIMENSION most)
{
    (void)pool, (void)zero, (void)rows;
    struct jpeg_passes *p = passes_of(common);
    if (p->components == MAX_COMPONENTS || most > MAX_SAMP_FACTOR)
        check(common, fail(p->cx, ST_BUG, "libjpeg asked for an array too many"));
    struct jvirt_barray_control *plane = &p->plane[p->components++];
    plane->rows = most;
    plane->blocks = blocks;
    return plane;
}

static enum status start(struct jpeg_passes *p)
{
    for (int c = 0; c < p->components; c++)
        p->held[c] = NO_ROW;
    p->first = true;
    p->record = NO_ROW;
    p->buffer = mem_alloc(p->cx, JPEG_PASSES_BUFFER);
    if (p->buffer == NULL)
        return p->cx->status;
    return spool_open_growing(p->cx, SPOOL_MEMORY_BYTES, &p->spool);
}

static void realize(j_common_ptr common)
{
    struct jpeg_passes *p = passes_of(common);
    size_t bytes;
    check(common, jpeg_planes_make(p->cx, p->plane, p->components, &p->blocks, &bytes));
    check(common, start(p));
}

static enum status pack_component(struct jpeg_passes *p, int c, uint64_t *end)
{
    const struct jvirt_barray_control *plane = &p->plane[c];
    struct jpeg_block_reach unused = {0, 0, 0};
    size_t blocks = (size_t)plane->rows * plane->blocks;
    uint8_t *out = p->buffer, *full = p->buffer + JPEG_PASSES_BUFFER - JPEG_BLOCK_BYTES_MAX;
    enum status st = ST_OK;
    for (size_t i = 0; i < blocks && st == ST_OK; i++) {
        out = jpeg_block_put(plane->row[0][i], out, &unused);
        if (out <= full && i + 1 < blocks)
            continue;
        st = spool_write(p->spool, *end, p->buffer, (size_t)(out - p->buffer));
        *end += (uint64_t)(out - p->buffer);
        out = p->buffer;
    }
    return st;
}

/* The row that the planes hold goes to the end of the spool. */
static enum status pack(struct jpeg_passes *p)
{
    size_t head = (size_t)p->components * sizeof *p->size;
    uint64_t start = p->end, end = start + head;
    /* their place, for now: a spool has no gaps */
    enum status st = spool_write(p->spool, start, p->size, head);
    for (int c = 0; c < p->components && st == ST_OK; c++) {
        uint64_t before = end;
        st = pack_component(p, c, &end);
        p->size[c] = (uint32_t)(end - before); /* a row is some 35 MB at the most */
    }
    if (st == ST_OK)
        st = spool_write(p->spool, start, p->size, head);
    p->end = end;
    return st;
}

/* Learns where a row stands: the first one, or the one after that which was known. */
static enum status seek(struct jpeg_passes *p, JDIMENSION row)
{
    if (row == p->record)
        return ST_OK;
    if (row != 0 && row != p->record + 1)
        return fail(p->cx, ST_BUG, "libjpeg asked for a row out of turn");
    size_t head = (size_t)p->components * sizeof *p->size;
    uint64_t start = row == 0 ? 0 : p->next;
    enum status st = spool_read(p->spool, start, p->size, head);
    p->record = row;
    p->at = p->next = start + head;
    for (int c = 0; c < p->components; c++)
        p->next += p->size[c];
    return st;
}

static enum status unpack(struct jpeg_passes *p, int c, JDIMENSION row)
{
    const struct jvirt_barray_control *plane = &p->plane[c];
    size_t blocks = (size_t)plane->rows * plane->blocks, have = 0, used = 0;
    enum status st = seek(p, row);
    uint64_t at = p->at;
    for (int i = 0; i < c; i++)
        at += p->size[i];
    uint64_t left = p->size[c];
    memset(plane->row[0], 0, blocks * sizeof(JBLOCK));
    for (size_t i = 0; i < blocks && st == ST_OK; i++) {
        if (have - used < JPEG_BLOCK_BYTES_MAX && left > 0) {
            have -= used;
            memmove(p->buffer, p->buffer + used, have);
            used = 0;
            size_t n = min_size(JPEG_PASSES_BUFFER - have, (size_t)left);
            st = spool_read(p->spool, at, p->buffer + have, n);
            at += n;
            left -= n;
            have += n;
        }
        if (st == ST_OK)
            used =
                (size_t)(jpeg_block_get_straight(p->buffer + used, plane->row[0][i]) - p->buffer);
    }
    p->held[c] = row;
    return st;
}

/* A row that nobody has seen yet. */
static enum status begin_row(struct jpeg_passes *p, int c, JDIMENSION row)
{
    p->held[c] = row;
    if (p->make == NULL)
        return ST_OK;
    for (int i = 0; i < p->components; i++)
        p->held[i] = row;
    p->made++;
    return p->make(p->user, row);
}

static JBLOCKARRAY access_row(j_common_ptr common, jvirt_barray_ptr plane, JDIMENSION first,
                              JDIMENSION rows, boolean writable)
{
    struct jpeg_passes *p = passes_of(common);
    int c = (int)(plane - p->plane);
    JDIMENSION row = first / plane->rows;
    enum status st = check_stop(p->cx);
    bool is_new = p->make != NULL ? row == p->made : writable;
    if (rows > plane->rows)
        st = fail(p->cx, ST_BUG, "libjpeg asked for more rows than it said");
    if (st == ST_OK && row != p->held[c]) {
        /* libjpeg makes rows one component after another: all planes hold the row before */
        if (p->first && p->held[0] != NO_ROW && (c == 0 || !is_new || p->make != NULL))
            st = pack(p);
        p->first = is_new;
        if (st == ST_OK && !is_new)
            st = unpack(p, c, row);
        else if (st == ST_OK)
            st = begin_row(p, c, row);
    }
    check(common, st);
    return plane->row;
}

void jpeg_passes_use(struct jpeg_passes *p, j_compress_ptr jpeg)
{
    p->cx = ((struct jpeg_guard *)jpeg->err)->cx;
    jpeg->client_data = p;
    jpeg->mem->request_virt_barray = request;
    jpeg->mem->realize_virt_arrays = realize;
    jpeg->mem->access_virt_barray = access_row;
}

enum status jpeg_passes_follow(struct jpeg_passes *p, j_compress_ptr jpeg,
                               const struct jvirt_barray_control *planes, jpeg_make_row *make,
                               void *user)
{
    p->cx = ((struct jpeg_guard *)jpeg->err)->cx;
    p->make = make;
    p->user = user;
    p->components = jpeg->num_components;
    for (int c = 0; c < p->components; c++)
        p->plane[c] = planes[c];
    jpeg->client_data = p;
    jpeg->mem->access_virt_barray = access_row;
    return start(p);
}

void jpeg_passes_close(struct jpeg_passes *p)
{
    if (p->cx == NULL)
        return;
    spool_close(p->spool);
    mem_free(p->cx, p->blocks);
    mem_free(p->cx, p->buffer);
    *p = (struct jpeg_passes){0};
}
