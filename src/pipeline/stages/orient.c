/* SPDX-License-Identifier: MIT */
/* What a camera's orientation asks for, done once, and what turns do to the density. */
#include "formats/exif.h"
#include "pipeline/stages/stages.h"
#include "transforms/angle.h"

/* EXIF 2.32, section 4.6.4: mirrored first, then turned clockwise by quarters. */
static const struct {
    bool mirror;
    unsigned quarters;
} upright[9] = {
    [2] = {true, 0},  [3] = {false, 2}, [4] = {true, 2},  [5] = {true, 3},
    [6] = {false, 1}, [7] = {true, 1},  [8] = {false, 3},
};

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

bool slants(const struct op *op)
{
    unsigned quarters;
    return op->kind == OP_ROTATE && !quarter_turns(op->degrees, &quarters);
}

static bool exchanges_axes(const struct op *op)
{
    unsigned quarters;
    return op->kind == OP_ROTATE && quarter_turns(op->degrees, &quarters) && quarters % 2 != 0;
}

void turn_coding(const struct job *job, unsigned orientation, struct block_coding *c)
{
    bool swap = upright[orientation].quarters % 2 != 0;
    for (size_t i = 0; i < job->op_count; i++)
        swap ^= exchanges_axes(&job->ops[i]);
    if (swap)
        block_coding_transpose(c);
}

struct density turned_density(const struct job *job, unsigned orientation, struct density d)
{
    bool swap = upright[orientation].quarters % 2 != 0;
    for (size_t i = 0; i < job->op_count; i++) {
        const struct op *op = &job->ops[i];
        if (slants(op) && d.x != d.y) /* neither along rows nor along columns */
            return (struct density){0};
        swap ^= exchanges_axes(op);
    }
    return swap ? (struct density){d.y, d.x, d.unit} : d;
}
