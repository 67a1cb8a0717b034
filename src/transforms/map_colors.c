/* SPDX-License-Identifier: MIT */
/* The stages that turn colors into palette indices: nearest, by error diffusion, by patterns. */
#include "base/mem.h"
#include "color/diffuse.h"
#include "color/pattern.h"
#include "transforms/indexed.h"

struct mapper {
    struct rows rows;
    void (*map)(struct mapper *m, uint8_t *out); /* a row */
    struct color_map *nearest;
    struct diffuser *diffuser;
    struct pattern *pattern;
    bool shared; /* what maps is somebody else's */
    struct difference_meter *meter;
    uint8_t *row; /* of up, and a byte */
};

static void map_nearest(struct mapper *m, uint8_t *out)
{
    color_map_row(m->nearest, m->rows.up->pic.layout, m->row, m->rows.pic.width, out);
}

static void map_diffused(struct mapper *m, uint8_t *out)
{
    diffuser_row(m->diffuser, m->rows.up->pic.layout, m->row, out);
}

static void map_pattern(struct mapper *m, uint8_t *out)
{
    pattern_row(m->pattern, m->rows.up->pic.layout, m->row, m->rows.pic.width, m->rows.y, out);
}

static enum status mapper_next(struct rows *r, uint8_t *out)
{
    struct mapper *m = (struct mapper *)r;
    enum status st = rows_next(r->up, m->row);
    if (st != ST_OK)
        return st;
    m->map(m, out);
    if (m->meter != NULL)
        difference_meter_row(m->meter, r->up->pic.layout, m->row, r->pic.width, out);
    return ST_OK;
}

static enum status mapper_rewind(struct rows *r)
{
    struct mapper *m = (struct mapper *)r;
    if (m->diffuser != NULL)
        diffuser_restart(m->diffuser);
    if (m->meter != NULL)
        difference_meter_restart(m->meter);
    return rows_rewind(r->up);
}

static void mapper_close(struct rows *r)
{
    struct mapper *m = (struct mapper *)r;
    if (!m->shared) {
        color_map_close(m->nearest);
        pattern_close(m->pattern);
    }
    diffuser_close(m->diffuser);
    difference_meter_close(m->meter);
    mem_free(r->cx, m->row);
    mem_free(r->cx, m);
}

/* Without what maps; on failure up is closed. */
static struct mapper *new_mapper(struct rows *up, const char *name, const struct palette *palette,
                                 void (*map)(struct mapper *m, uint8_t *out))
{
    struct mapper *m = rows_new(up->cx, name, sizeof *m, up);
    if (m == NULL)
        return NULL;
    m->map = map;
    m->rows.pic.layout = LAYOUT_INDEX8;
    m->rows.pic.palette = *palette;
    m->rows.kept = map == map_nearest && up->kept; /* dithering would be done again */
    m->rows.next = mapper_next;
    m->rows.close = mapper_close;
    m->row = mem_zalloc(up->cx, picture_stride(&up->pic) + 1);
    if (m->row != NULL)
        return m;
    rows_close(&m->rows);
    return NULL;
}

static enum status finish(struct mapper *m, enum status st, struct rows **out)
{
    if (st != ST_OK) {
        rows_close(&m->rows);
        return st;
    }
    m->rows.rewind = rows_can_rewind(m->rows.up) ? mapper_rewind : NULL;
    *out = &m->rows;
    return ST_OK;
}

enum status nearest_open(struct rows *up, const struct palette *palette, bool exact,
                         struct color_map *shared, struct rows **out)
{
    struct context *cx = up->cx;
    struct mapper *m = new_mapper(up, "colors", palette, map_nearest);
    if (m == NULL)
        return cx->status;
    m->shared = shared != NULL;
    m->nearest = shared;
    return finish(m, shared != NULL ? ST_OK : color_map_open(cx, palette, exact, &m->nearest), out);
}

enum status dither_open(struct rows *up, const struct palette *palette, double strength,
                        struct rows **out)
{
    struct context *cx = up->cx;
    struct mapper *m = new_mapper(up, "dither", palette, map_diffused);
    if (m == NULL)
        return cx->status;
    return finish(m, diffuser_open(cx, palette, up->pic.width, strength, &m->diffuser), out);
}

enum status dither_blue_open(struct rows *up, const struct palette *palette, double strength,
                             struct pattern *shared, struct rows **out)
{
    struct context *cx = up->cx;
    struct mapper *m = new_mapper(up, "dither", palette, map_pattern);
    if (m == NULL)
        return cx->status;
    m->shared = shared != NULL;
    m->pattern = shared;
    return finish(m, shared != NULL ? ST_OK : pattern_open(cx, palette, strength, &m->pattern),
                  out);
}

enum status mapper_measure(struct rows *mapper, struct color_difference *total)
{
    struct mapper *m = (struct mapper *)mapper;
    return difference_meter_open(mapper->cx, &mapper->pic.palette, total, &m->meter);
}
