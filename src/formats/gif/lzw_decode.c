/* SPDX-License-Identifier: MIT */
/*
 * The LZW decoder: bits to codes to strings. What a string is and where it stands is the subject of
 * lzw_strings.h; here are the input, the loops over codes, and what is done about damage.
 */
#include "formats/gif/lzw_strings.h"

#include "base/mem.h"
#include "base/size.h"

enum status lzw_decoder_open(struct context *cx, struct lzw_decoder **out)
{
    struct lzw_decoder *z = mem_alloc(cx, sizeof *z);
    if (z == NULL)
        return cx->status;
    memset(z, 0, offsetof(struct lzw_decoder, table));
    z->cx = cx;
    for (unsigned i = 0; i < LITERALS; i++)
        z->history[i] = (uint8_t)i;
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
    z->read = z->run.write = LITERALS;
    z->since_clear = z->strings = 0;
    z->segment_at = z->run.write;
    z->left = pixels;
    z->status = ST_OK;
    z->why = NULL;
    z->clear = 1u << min_code_size;
    lzw_strings_reset(z);
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

/* The first code since a clear code, which is a literal and makes no entry. */
static void first_code(struct lzw_decoder *z, uint32_t code)
{
    struct run *r = &z->run;
    if (code > z->clear + 1) {
        damage(z, "the first code after a clear code is not a color");
        return;
    }
    z->history[r->write] = z->first = (uint8_t)code;
    r->at = r->write++;
    r->length = 1;
    r->previous = code;
}

/* A code that stands for no string: clear or end. */
static void command(struct lzw_decoder *z, uint32_t code)
{
    if (code == z->clear)
        lzw_strings_reset(z);
    else
        damage(z, "the end code comes before the last pixel");
}

/*
 * The hot loop: codes of one width, by place. It leaves all that is rare to its caller, with the
 * code in question not taken: clear and end codes, codes beyond the table, a history without room
 * for a long string, and the last few bytes of the input.
 */
static inline __attribute__((always_inline)) void run_by_place(struct lzw_decoder *z, uint32_t stop,
                                                               const uint32_t width, bool full)
{
    struct run r = z->run;
    const uint8_t *in = z->in;
    const uint8_t *const in_last = z->in_end - 8;
    const uint32_t clear = z->clear, mask = (1u << width) - 1;
    /* the entry after which codes grow wider or the table is full */
    const uint32_t end = full ? CODES : 1u << width;

    while (in <= in_last && r.write < stop && (full || r.next + 4 < end)) {
        uint64_t word;
        memcpy(&word, in, 8);
        r.bits |= le64toh(word) << r.count;
        in += (63 - r.count) >> 3;
        r.count |= 56;
#pragma GCC unroll 4
        for (int i = 0; i < 4; i++) {
            uint32_t code = (uint32_t)r.bits & mask;
            if (__builtin_expect(code - clear < 2, 0) || __builtin_expect(code > r.next, 0))
                goto out;
            if (!string_by_place(z, &r, code, full))
                goto out;
            r.bits >>= width;
            r.count -= width;
        }
    }
out:
    z->run = r;
    z->in = in;
}

/* One copy of the loop for each common width: shifts by a constant are a third of the cost. */
static void place_loop(struct lzw_decoder *z, uint32_t stop)
{
    if (z->run.next == CODES)
        run_by_place(z, stop, 12, true);
    else if (z->run.width == 12)
        run_by_place(z, stop, 12, false);
    else if (z->run.width == 11)
        run_by_place(z, stop, 11, false);
    else
        run_by_place(z, stop, z->run.width, false);
}

/* The same by tail. A step makes the entry after the string is known: it is short beside it. */
static inline __attribute__((always_inline)) void run_by_tail(struct lzw_decoder *z, uint32_t stop,
                                                              bool full)
{
    struct run r = z->run;
    const uint8_t *in = z->in;
    const uint8_t *const in_last = z->in_end - 8;
    const uint32_t clear = z->clear, width = r.width, mask = (1u << width) - 1;
    const uint32_t end = full ? CODES : 1u << width;

    while (in <= in_last && r.write < stop && (full || r.next + 4 < end)) {
        uint64_t word;
        memcpy(&word, in, 8);
        r.bits |= le64toh(word) << r.count;
        in += (63 - r.count) >> 3;
        r.count |= 56;
        for (int i = 0; i < 4; i++) {
            uint32_t code = (uint32_t)r.bits & mask;
            if (__builtin_expect(code - clear < 2, 0) || __builtin_expect(code > r.next, 0) ||
                __builtin_expect(r.write >= HISTORY_FULL, 0))
                goto out;
            r.bits >>= width;
            r.count -= width;
            string_by_tail(z, &r, code, full);
        }
    }
out:
    z->run = r;
    z->in = in;
}

/* One code with every check, at the edges of the hot loops. False: no whole code is there. */
static bool run_one(struct lzw_decoder *z)
{
    struct run *r = &z->run;
    refill_slowly(z);
    if (r->count < r->width)
        return false;
    uint32_t code = (uint32_t)r->bits & ((1u << r->width) - 1);
    r->bits >>= r->width;
    r->count -= r->width;

    bool full = r->next == CODES;
    if (code - z->clear < 2) {
        command(z, code);
        return z->left != 0;
    }
    if (r->previous == CODES)
        first_code(z, code);
    else if (code > r->next)
        damage(z, "a code beyond the table");
    else if (z->form == BY_TAIL)
        string_by_tail(z, r, code, full);
    else if (!string_by_place(z, r, code, full))
        return false; /* cannot be: below HISTORY_FULL the longest string fits */
    /* after the first code too: with a minimum code size of 1, two bits hold no entry */
    if (r->next >> r->width != 0 && r->width < MAX_WIDTH)
        r->width++;
    if (r->next == CODES && !full) {
        z->full_at = r->write;
        z->strings = z->since_clear + (r->write - z->segment_at);
    }
    return z->left != 0;
}

/* Decodes until the history has no room, the input no code, or the image no pixel left. */
static void run_codes(struct lzw_decoder *z)
{
    const uint32_t start = z->run.write;
    const uint32_t stop = z->left < HISTORY_FULL - start ? start + (uint32_t)z->left : HISTORY_FULL;

    while (z->run.write < stop) {
        if (z->run.previous != CODES) {
            bool full = z->run.next == CODES;
            if (z->form == BY_PLACE)
                place_loop(z, stop);
            else
                full ? run_by_tail(z, stop, true) : run_by_tail(z, stop, false);
            if (z->run.write >= stop)
                break;
        }
        if (!run_one(z))
            break;
    }
    uint64_t came = z->run.write - start;
    z->left = came < z->left ? z->left - came : 0;
}

enum status lzw_decode(struct lzw_decoder *z, uint8_t *out, size_t n, size_t *got, const char **why)
{
    *got = 0;
    for (;;) {
        size_t ready = min_size(z->run.write - z->read, n - *got);
        memcpy(out + *got, z->history + z->read, ready);
        z->read += (uint32_t)ready;
        *got += ready;
        if (*got == n)
            return ST_OK;
        if (z->left == 0 || (z->input_ended && z->in == z->in_end && z->run.count < z->run.width)) {
            damage(z, "the data ends before the last pixel");
            *why = z->why;
            return z->status;
        }
        if (z->run.write >= HISTORY_FULL)
            lzw_strings_make_room(z);
        if (z->in_end - z->in < 8 && !z->input_ended)
            fill_input(z);
        run_codes(z);
    }
}
