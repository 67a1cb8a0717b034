/* SPDX-License-Identifier: MIT */
/* Codings of pictures that are turned. */
#include "formats/block_coding.h"

void block_coding_transpose(struct block_coding *c)
{
    for (unsigned i = 0; i < c->components; i++) {
        uint8_t h = c->part[i].h;
        c->part[i].h = c->part[i].v;
        c->part[i].v = h;
    }
    for (unsigned i = 0; i < sizeof c->table / sizeof *c->table; i++)
        for (unsigned y = 0; y < 8; y++)
            for (unsigned x = 0; x < y; x++) {
                uint16_t step = c->table[i][y * 8 + x];
                c->table[i][y * 8 + x] = c->table[i][x * 8 + y];
                c->table[i][x * 8 + y] = step;
            }
}
