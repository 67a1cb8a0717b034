/* SPDX-License-Identifier: MIT */
/*
 * The LZW decoder: from sub-blocks to rows, and what is done about damage. The loops over codes are
 * in lzw_loops.c; what a string is and where it stands is the subject of lzw_strings.h.
 */
#include "formats/gif/lzw_loops.h"

#include "base/mem.h"
#include "base/size.h"

enum status lzw_decoder_open(struct context *cx, struct lzw_decoder **out)
{
    struct lzw_decoder *z = mem_alloc(cx, sizeof *z);
    if (z == NULL)
        return cx->status;
    memset(z, 0, offsetof(struct lzw_decoder, table));
    z->cx = cx;
    *out = z;
    return ST_OK;
}

void lzw_decoder_close(struct lzw_decoder *z)
{
    if (z != NULL)
        mem_free(z->cx, z);
}

void lzw_decoder_start(struct lzw_decoder *z, unsigned min_code_size, uint64_t pixels,
                       lzw_block_fn *block, void *user)
{
    z->block = block;
    z->user = user;
    z->run.bits = 0;
    z->run.count = 0;
    z->in = z->in_end = z->input;
    z->input_ended = false;
    z->output = z->history;
    z->read = z->run.write = 0;
    z->left = pixels;
    z->status = ST_OK;
    z->why = NULL;
    z->clear = 1u << min_code_size;
    z->first_width = min_code_size + 1;
    z->waits = true;
    z->cleared = lzw_strings_pixel(z, &z->run);
    lzw_strings_empty(z, &z->run);
}

/* Joins sub-blocks to a long run of input, so that bits are mostly loaded eight bytes at a time. */
static void fill_input(struct lzw_decoder *z)
{
    size_t have = (size_t)(z->in_end - z->in);
    memmove(z->input, z->in, have);
    z->in = z->input;
    while (!z->input_ended && INPUT - have >= 255) {
        const uint8_t *data;
        size_t n;
        enum status st = z->block(z->user, &data, &n);
        if (st != ST_OK || n == 0) {
            z->input_ended = true;
            z->status = st; /* told only when what came before it has been handed out */
            break;
        }
        memcpy(z->input + have, data, n);
        have += n;
    }
    z->in_end = z->input + have;
}

/* Bytewise, for the last bits of the input. */
static void refill_slowly(struct lzw_decoder *z)
{
    while (z->run.count <= 56 && z->in < z->in_end) {
        z->run.bits |= (uint64_t)*z->in++ << z->run.count;
        z->run.count += 8;
    }
}

static void damage(struct lzw_decoder *z, const char *why)
{
    if (z->status == ST_OK) {
        z->status = ST_DAMAGED;
        z->why = why;
    }
    z->left = 0;
    z->input_ended = true;
    z->in = z->in_end;
    z->run.count = 0;
}

/* One code with every check, at the edges of the hot loops. False: no whole code is there. */
static bool run_one(struct lzw_decoder *z)
{
    struct run *r = &z->run;
    refill_slowly(z);
    if (r->count < r->width)
        return false;
    size_t code = lzw_next_code(r, r->width);
    bool full = r->next == CODES;
    lzw_drop(r, r->width);
    if (lzw_put_string(z, r, z->form, code, full)) {
        if (r->next >> r->width != 0 && r->width < MAX_WIDTH)
            r->width++;
        if (r->next == CODES && !full) {
            z->full = lzw_strings_pixel(z, r);
            z->full_at = r->write;
        }
    } else if (code == z->clear)
        (void)lzw_strings_clear(z, r, z->form);
    else if (code == z->clear + 1)
        damage(z, "the end code comes before the last pixel");
    else
        damage(z, r->next == z->clear + 1 ? "the first code after a clear code is not a color"
                                          : "a code beyond the table");
    return z->left != 0;
}

/* Decodes until the output has no room, the input no code, or the image no pixel left. */
static void run_codes(struct lzw_decoder *z)
{
    const size_t start = z->run.write, room = z->limit - start;
    const size_t stop = start + (z->left < room ? (size_t)z->left : room);

    while (z->run.write < stop && !z->waits) {
        lzw_loops_run(z, stop);
        if (z->run.write >= stop || z->waits || !run_one(z))
            break;
    }
    uint64_t came = z->run.write - start;
    z->left = came < z->left ? z->left - came : 0;
}

/* Hands out more than there is. */
static __attribute__((noinline)) enum status decode_on(struct lzw_decoder *z, uint8_t *out,
                                                       size_t n, size_t *got, const char **why)
{
    *got = 0;
    for (;;) {
        size_t ready = min_size(z->run.write - z->read, n - *got);
        memcpy(out + *got, z->output + z->read, ready);
        z->read += (uint32_t)ready;
        *got += ready;
        if (*got == n)
            return ST_OK;
        if (z->left == 0 || (z->input_ended && z->in == z->in_end && z->run.count < z->run.width)) {
            damage(z, "the data ends before the last pixel");
            *why = z->why;
            return z->status;
        }
        if (z->waits)
            lzw_strings_begin(z);
        else if (z->run.write >= z->limit)
            lzw_strings_make_room(z);
        if (z->in_end - z->in < 8 && !z->input_ended)
            fill_input(z);
        run_codes(z);
    }
}

/* Short rows, as of icons, in steps of which the last two may overlap: that is less than a call. */
static inline void copy_row(uint8_t *to, const uint8_t *from, size_t n)
{
    if (n >= STEP && n <= 4 * STEP) {
        for (size_t i = 0; i < n - STEP; i += STEP)
            copy_step(to + i, from + i);
        copy_step(to + n - STEP, from + n - STEP);
    } else if (n >= STEP / 2 && n < STEP) {
        memcpy(to, from, STEP / 2);
        memcpy(to + n - STEP / 2, from + n - STEP / 2, STEP / 2);
    } else
        memcpy(to, from, n);
}

enum status lzw_decode(struct lzw_decoder *z, uint8_t *out, size_t n, size_t *got, const char **why)
{
    if (n > z->run.write - z->read)
        return decode_on(z, out, n, got, why);
    /* the hot loops have decoded many narrow rows at once */
    copy_row(out, z->output + z->read, n);
    z->read += (uint32_t)n;
    *got = n;
    return ST_OK;
}
