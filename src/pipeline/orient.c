/* SPDX-License-Identifier: MIT */
/* What a camera's orientation asks for, done once, and what turns do to the density. */
#include <math.h>

#include "formats/exif.h"
#include "pipeline/stages.h"

/* EXIF 2.32, section 4.6.4: mirrored first, then turned clockwise by quarters. */
static const struct {
    bool mirror;
    unsigned quarters;
} upright[9] = {
    [2] = {true, 0},  [3] = {false, 2}, [4] = {true, 2},  [5] = {true, 3},
    [6] = {false, 1}, [7] = {true, 1},  [8] = {false, 3},
};

static enum status made(enum status st, struct rows **rows)
{
    if (st != ST_OK) /* the constructor has closed them */
        *rows = NULL;
    return st;
}

enum status make_upright(unsigned orientation, struct rows **rows)
{
    enum status st = ST_OK;
    if (orientation == 4) /* without the half turn's second mirror */
        return made(flip_vertical_open(*rows, rows), rows);
    if (upright[orientation].mirror)
        st = made(flip_horizontal_open(*rows, rows), rows);
    if (st == ST_OK && upright[orientation].quarters != 0)
        st = made(turn_open(*rows, upright[orientation].quarters, rows), rows);
    return st;
}

size_t upright_steps(unsigned orientation, struct recode_step *steps)
{
    size_t n = 0;
    if (upright[orientation].mirror)
        steps[n++] = (struct recode_step){.kind = RECODE_FLIP_HORIZONTAL};
    if (upright[orientation].quarters != 0)
        steps[n++] =
            (struct recode_step){.kind = RECODE_TURN, .quarters = upright[orientation].quarters};
    return n;
}

void turn_coding(const struct job *job, unsigned orientation, struct block_coding *c)
{
    bool swap = upright[orientation].quarters % 2 != 0;
    for (size_t i = 0; i < job->op_count; i++)
        swap ^= job->ops[i].kind == OP_ROTATE && fabs(fmod(job->ops[i].degrees, 180.0)) == 90.0;
    if (swap)
        block_coding_transpose(c);
}

struct density turned_density(const struct job *job, unsigned orientation, struct density d)
{
    bool swap = upright[orientation].quarters % 2 != 0;
    for (size_t i = 0; i < job->op_count; i++) {
        double quarters = job->ops[i].kind == OP_ROTATE ? job->ops[i].degrees / 90.0 : 0.0;
        if (quarters != floor(quarters) && d.x != d.y) /* neither along rows nor along columns */
            return (struct density){0};
        swap ^= fmod(quarters, 2.0) != 0.0;
    }
    if (!swap)
        return d;
    struct density turned = {d.y, d.x, DENSITY_ASPECT};
    turned.unit = d.unit;
    return turned;
}
