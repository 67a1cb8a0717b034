/* SPDX-License-Identifier: MIT */
/* Blocks are packed as they come and turned as they go. */
#include "formats/jpeg/jpeg_store.h"

#include <string.h>

#include "base/mem.h"

#define CODE_BYTES (64u * 1024)     /* while rows come */
#define RUN_BYTES_ALL (384u * 1024) /* of all runs while the result is made */
#define RUN_BYTES_ONE (64u * 1024)  /* where they are read one after another */

enum status jpeg_store_open(struct jpeg_store *s, struct context *cx, j_decompress_ptr jpeg,
                            const struct jpeg_geometry *g)
{
    *s = (struct jpeg_store){.cx = cx, .geometry = *g, .row = -1};
    s->components = jpeg->num_components;
    s->rows = g->bottom - g->top;
    s->columns = g->right - g->left;
    for (int c = 0; c < s->components; c++) {
        bool single = s->components == 1;
        s->unit[c].width = single ? 1 : (uint32_t)jpeg->comp_info[c].h_samp_factor;
        s->unit[c].height = single ? 1 : (uint32_t)jpeg->comp_info[c].v_samp_factor;
        s->unit_bytes += (size_t)s->unit[c].width * s->unit[c].height * JPEG_BLOCK_BYTES_MAX;
    }
    jpeg_block_map_make(&s->map, g->transpose, g->mirror_x, g->mirror_y);
    s->start = mem_array(cx, (size_t)s->rows + 1, sizeof *s->start);
    s->code = mem_alloc(cx, CODE_BYTES);
    if (s->start == NULL || s->code == NULL)
        return cx->status;
    s->start[0] = 0;
    /* what will come is a tenth of this: no need to have it in memory first */
    bool large = (uint64_t)s->rows * s->columns * s->unit_bytes > 10 * SPOOL_MEMORY_BYTES;
    return spool_open_growing(cx, large ? 0 : SPOOL_MEMORY_BYTES, &s->spool);
}

void jpeg_store_close(struct jpeg_store *s)
{
    if (s->cx == NULL)
        return;
    mem_free(s->cx, s->start);
    mem_free(s->cx, s->code);
    mem_free(s->cx, s->run);
    mem_free(s->cx, s->blocks);
    spool_close(s->spool);
    *s = (struct jpeg_store){0};
}

static enum status flush(struct jpeg_store *s, uint64_t *end)
{
    enum status st = ST_OK;
    if (s->used != 0)
        st = spool_write(s->spool, *end, s->code, s->used);
    *end += s->used;
    s->used = 0;
    return st;
}

static uint8_t *put_unit(struct jpeg_store *s, const JBLOCKARRAY *planes, uint32_t column,
                         uint8_t *out)
{
    for (int c = 0; c < s->components; c++) {
        uint32_t width = s->unit[c].width;
        for (uint32_t y = 0; y < s->unit[c].height; y++)
            for (uint32_t x = 0; x < width; x++)
                out = jpeg_block_put(planes[c][y][(size_t)column * width + x], out, &s->reach[c]);
    }
    return out;
}

bool jpeg_store_is_codable(const struct jpeg_store *s)
{
    bool codable = true;
    for (int c = 0; c < s->components; c++)
        codable = codable && jpeg_block_reach_is_codable(&s->reach[c]);
    return codable;
}

bool jpeg_store_is_full(const struct jpeg_store *s)
{
    return s->taken == s->geometry.bottom;
}

enum status jpeg_store_put(struct jpeg_store *s, const JBLOCKARRAY *planes)
{
    const struct jpeg_geometry *g = &s->geometry;
    /* a column becomes a row of the result where that is transposed */
    bool backwards = g->transpose ? g->mirror_y : g->mirror_x;
    enum status st = check_stop(s->cx);
    uint32_t row = s->taken++;
    if (st != ST_OK || row < g->top)
        return st;
    uint64_t end = s->start[row - g->top];
    for (uint32_t i = 0; i < s->columns && st == ST_OK; i++) {
        if (s->used + s->unit_bytes > CODE_BYTES)
            st = flush(s, &end);
        uint32_t column = backwards ? g->right - 1 - i : g->left + i;
        if (st == ST_OK)
            s->used = (size_t)(put_unit(s, planes, column, s->code + s->used) - s->code);
    }
    if (st == ST_OK)
        st = flush(s, &end);
    s->start[row - g->top + 1] = end;
    return st;
}

static enum status make_planes(struct jpeg_store *s)
{
    const struct jpeg_geometry *g = &s->geometry;
    size_t bytes;
    for (int c = 0; c < s->components; c++) {
        struct jvirt_barray_control *plane = &s->plane[c];
        plane->rows = g->transpose ? s->unit[c].width : s->unit[c].height;
        plane->blocks =
            jpeg_geometry_columns(g) * (g->transpose ? s->unit[c].height : s->unit[c].width);
    }
    return jpeg_planes_make(s->cx, s->plane, s->components, &s->blocks, &bytes);
}

enum status jpeg_store_turn_around(struct jpeg_store *s)
{
    mem_free(s->cx, s->code);
    s->runs = s->geometry.transpose ? s->rows : 1;
    s->run_bytes = s->geometry.transpose ? RUN_BYTES_ALL / s->rows : RUN_BYTES_ONE;
    size_t least = s->unit_bytes + s->unit_bytes / 4; /* so that most reads bring some units */
    if (s->run_bytes < least)
        s->run_bytes = least;
    s->code = mem_array(s->cx, s->runs, s->run_bytes);
    s->run = mem_array(s->cx, s->runs, sizeof *s->run);
    if (s->code == NULL || s->run == NULL)
        return s->cx->status;
    return make_planes(s);
}

/* Starts a run from its beginning, in the buffer of number i. */
static void rewind_run(struct jpeg_store *s, uint32_t i, uint32_t source_row)
{
    s->run[i] = (struct jpeg_run){.at = s->start[source_row]};
}

/* Makes at least a unit stand in a run's buffer. */
static enum status fill_run(struct jpeg_store *s, uint32_t i, uint32_t source_row)
{
    struct jpeg_run *run = &s->run[i];
    uint8_t *buffer = s->code + (size_t)i * s->run_bytes;
    uint64_t rest = s->start[source_row + 1] - run->at;
    if (run->have - run->used >= s->unit_bytes || rest == 0)
        return ST_OK;
    run->have -= run->used;
    memmove(buffer, buffer + run->used, run->have);
    run->used = 0;
    size_t bytes = s->run_bytes - run->have;
    if (bytes > rest)
        bytes = (size_t)rest;
    enum status st = spool_read(s->spool, run->at, buffer + run->have, bytes);
    run->have += (uint32_t)bytes;
    run->at += bytes;
    return st;
}

/* Puts the next unit of a run at a column of the result's row. */
static enum status get_unit(struct jpeg_store *s, uint32_t i, uint32_t source_row, uint32_t column)
{
    const struct jpeg_geometry *g = &s->geometry;
    enum status st = fill_run(s, i, source_row);
    if (st != ST_OK)
        return st;
    const uint8_t *start = s->code + (size_t)i * s->run_bytes;
    const uint8_t *in = start + s->run[i].used;
    for (int c = 0; c < s->components; c++) {
        uint32_t width = s->unit[c].width, height = s->unit[c].height;
        uint32_t to_width = g->transpose ? height : width,
                 to_height = g->transpose ? width : height;
        if (!s->wanted[c]) {
            for (uint32_t n = width * height; n > 0; n--)
                in = jpeg_block_skip(in);
            continue;
        }
        JBLOCKROW *rows = s->plane[c].row;
        for (uint32_t y = 0; y < height; y++)
            for (uint32_t x = 0; x < width; x++) {
                uint32_t to_x = g->transpose ? y : x, to_y = g->transpose ? x : y;
                to_x = g->mirror_x ? to_width - 1 - to_x : to_x;
                to_y = g->mirror_y ? to_height - 1 - to_y : to_y;
                in = jpeg_block_get(in, &s->map, rows[to_y][(size_t)column * to_width + to_x]);
            }
    }
    s->run[i].used = (uint32_t)(in - start);
    return ST_OK;
}

/* The next row of the result out of a unit of each run. */
static enum status get_transposed(struct jpeg_store *s, uint32_t row)
{
    enum status st = ST_OK;
    for (uint32_t i = 0; i < s->rows && st == ST_OK; i++) {
        if (row == 0)
            rewind_run(s, i, i);
        st = get_unit(s, i, i, s->geometry.mirror_x ? s->rows - 1 - i : i);
    }
    return st;
}

/* A row of the result out of one run. */
static enum status get_straight(struct jpeg_store *s, uint32_t row)
{
    enum status st = ST_OK;
    uint32_t source_row = s->geometry.mirror_y ? s->rows - 1 - row : row;
    rewind_run(s, 0, source_row);
    for (uint32_t i = 0; i < s->columns && st == ST_OK; i++)
        st = get_unit(s, 0, source_row, i);
    return st;
}

enum status jpeg_store_get(struct jpeg_store *s, uint32_t row, const bool *wanted)
{
    if ((int64_t)row == s->row && memcmp(wanted, s->wanted, sizeof s->wanted) == 0)
        return ST_OK;
    enum status st = check_stop(s->cx);
    if (st != ST_OK)
        return st;
    if (row != 0 && (int64_t)row != s->row + 1)
        return fail(s->cx, ST_BUG, "libjpeg asked for a row out of turn");
    s->row = row;
    memcpy(s->wanted, wanted, sizeof s->wanted);
    for (int c = 0; c < s->components; c++)
        if (wanted[c])
            memset(s->plane[c].row[0], 0,
                   (size_t)s->plane[c].rows * s->plane[c].blocks * sizeof(JBLOCK));
    return s->geometry.transpose ? get_transposed(s, row) : get_straight(s, row);
}
