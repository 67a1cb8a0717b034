/* SPDX-License-Identifier: MIT */
/*
 * The LZW decoder: bits to codes to strings. What a string is and where it stands is the subject of
 * lzw_strings.h; here are the input, the loops over codes, and what is done about damage.
 */
#include "formats/gif/lzw_strings.h"

#include "base/mem.h"
#include "base/size.h"

#define WIDE 9u /* from here on each width has a loop of its own */

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
    z->run.next = z->clear + 1;
    z->run.width = z->first_width;
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

/* Whether the code stands for a string that is in the table or the one being made. */
static inline bool good_code(const struct lzw_decoder *z, const struct run *r, size_t code)
{
    return __builtin_expect((uint32_t)code - z->clear >= 2, 1) &&
           __builtin_expect(code <= r->next, 1);
}

static inline __attribute__((always_inline)) void put_string(struct lzw_decoder *z, struct run *r,
                                                             enum form form, size_t code, bool full)
{
    if (form == BY_TAIL)
        string_by_tail(z, r, code, full);
    else
        string_by_place(z, r, code, full, form == BY_PLACE);
}

/* True where the next codes of a hot loop may not be decoded for want of room. */
static inline bool crowded(const struct run *r, enum form form)
{
    return form == BY_TAIL && __builtin_expect(r->write >= STAGED_FULL, 0);
}

/* At least 56 bits. The input has eight bytes more. */
static inline __attribute__((always_inline)) const uint8_t *refill(struct run *r, const uint8_t *in)
{
    uint64_t word;
    memcpy(&word, in, 8);
    r->bits |= le64toh(word) << r->count;
    in += (63 - r->count) >> 3;
    r->count |= 56;
    return in;
}

static inline __attribute__((always_inline)) size_t next_code(const struct run *r, uint32_t width)
{
    return r->bits & ((1u << width) - 1);
}

static inline __attribute__((always_inline)) void drop(struct run *r, uint32_t width)
{
    r->bits >>= width;
    r->count -= width;
}

/*
 * Takes one code, with at least width bits there. False: it is not taken, for standing for no
 * string or for want of room.
 */
static inline __attribute__((always_inline)) bool take(struct lzw_decoder *z, struct run *r,
                                                       enum form form, uint32_t width, bool full)
{
    size_t code = next_code(r, width);
    if (!good_code(z, r, code) || crowded(r, form))
        return false;
    put_string(z, r, form, code, full);
    drop(r, width);
    return true;
}

/* AT_ONCE of them. */
static inline __attribute__((always_inline)) bool
take_four(struct lzw_decoder *z, struct run *r, enum form form, uint32_t width, bool full)
{
    return take(z, r, form, width, full) && take(z, r, form, width, full) &&
           take(z, r, form, width, full) && take(z, r, form, width, full);
}

/*
 * The hot loop: codes of one width. It leaves all that is rare to its caller, with the code in
 * question not taken: clear and end codes, codes beyond the table, and the last few bytes of the
 * input.
 */
static inline __attribute__((always_inline)) void
run_wide(struct lzw_decoder *z, size_t stop, enum form form, const uint32_t width, bool full)
{
    struct run r = z->run;
    const uint8_t *in = z->in;
    const uint8_t *const in_last = z->in_end - 8;
    /* the entry after which codes grow wider or the table is full */
    const uint32_t end = full ? CODES : 1u << width;

    while (in <= in_last && r.write < stop && (full || r.next + AT_ONCE < end)) {
        in = refill(&r, in);
        if (!take_four(z, &r, form, width, full))
            break;
    }
    z->run = r;
    z->in = in;
}

/*
 * The same for codes of a width that changes: in the first part of a dictionary, of which small
 * pictures have no more, and where a wide loop ends. It clears, too: some encoders do that after
 * every few codes.
 */
static inline __attribute__((always_inline)) void run_narrow(struct lzw_decoder *z, size_t stop,
                                                             enum form form)
{
    struct run r = z->run;
    const uint8_t *in = z->in;
    const uint8_t *const in_last = z->in_end - 8;
    while (in <= in_last && r.write < stop && r.next < CODES - 1) {
        const uint32_t width = r.width;
        uint32_t end = 1u << width;
        in = refill(&r, in);
        if (__builtin_expect(r.next + AT_ONCE < end, 1)) {
            if (!take_four(z, &r, form, width, false))
                goto not_taken;
            if (width >= WIDE)
                break;
            continue;
        }
        end = min_u32(end, CODES - 1);
        do {
            if (!take(z, &r, form, width, false))
                goto not_taken;
        } while (r.next < end && r.count >= width);
        r.width += (uint32_t)(r.next >> width);
        continue;
    not_taken:
        if (next_code(&r, width) != z->clear)
            break;
        drop(&r, width);
        if (!lzw_strings_clear(z, &r, form))
            break;
    }
    z->run = r;
    z->in = in;
}

/*
 * A copy of the loops for each form and each common width, as shifts by a constant are a third of
 * the cost. In its own function each has the registers for itself.
 */
typedef void loop_fn(struct lzw_decoder *z, size_t stop);

#define LOOP(name, call)                                                           \
    static __attribute__((noinline)) void name(struct lzw_decoder *z, size_t stop) \
    {                                                                              \
        call;                                                                      \
    }
#define LOOPS(name, form)                               \
    LOOP(name##_narrow, run_narrow(z, stop, form))      \
    LOOP(name##_9, run_wide(z, stop, form, 9, false))   \
    LOOP(name##_10, run_wide(z, stop, form, 10, false)) \
    LOOP(name##_11, run_wide(z, stop, form, 11, false)) \
    LOOP(name##_12, run_wide(z, stop, form, 12, false))
LOOPS(all, ALL_BY_PLACE)
LOOPS(place, BY_PLACE)
LOOPS(tail, BY_TAIL)
LOOP(place_full, run_wide(z, stop, BY_PLACE, 12, true))
LOOP(tail_full, run_wide(z, stop, BY_TAIL, 12, true))

static void run_fast(struct lzw_decoder *z, size_t stop)
{
    static loop_fn *const wide[][MAX_WIDTH - WIDE + 2] = {
        [ALL_BY_PLACE] = {all_9, all_10, all_11, all_12, place_full},
        [BY_PLACE] = {place_9, place_10, place_11, place_12, place_full},
        [BY_TAIL] = {tail_9, tail_10, tail_11, tail_12, tail_full},
    };
    static loop_fn *const narrow[] = {
        [ALL_BY_PLACE] = all_narrow, [BY_PLACE] = place_narrow, [BY_TAIL] = tail_narrow};
    const struct run *r = &z->run;
    if (r->width >= WIDE)
        wide[z->form][r->width - WIDE + (r->next == CODES)](z, stop);
    if (r->next < CODES - 1)
        narrow[z->form](z, stop);
}

/* One code with every check, at the edges of the hot loops. False: no whole code is there. */
static bool run_one(struct lzw_decoder *z)
{
    struct run *r = &z->run;
    refill_slowly(z);
    if (r->count < r->width)
        return false;
    size_t code = next_code(r, r->width);
    bool full = r->next == CODES;
    drop(r, r->width);
    if (code == z->clear)
        (void)lzw_strings_clear(z, r, z->form);
    else if (code == z->clear + 1)
        damage(z, "the end code comes before the last pixel");
    else if (code > r->next)
        damage(z, r->next == z->clear + 1 ? "the first code after a clear code is not a color"
                                          : "a code beyond the table");
    else {
        put_string(z, r, z->form, code, full);
        if (r->next >> r->width != 0 && r->width < MAX_WIDTH)
            r->width++;
        if (r->next == CODES && !full) {
            z->full = lzw_strings_pixel(z, r);
            z->full_at = r->write;
        }
    }
    return z->left != 0;
}

/* Decodes until the output has no room, the input no code, or the image no pixel left. */
static void run_codes(struct lzw_decoder *z)
{
    const size_t start = z->run.write, room = z->limit - start;
    const size_t stop = start + (z->left < room ? (size_t)z->left : room);

    while (z->run.write < stop && !z->waits) {
        run_fast(z, stop);
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
    if (n < STEP || n > 4 * STEP) {
        memcpy(to, from, n);
        return;
    }
    for (size_t i = 0; i < n - STEP; i += STEP)
        copy_step(to + i, from + i);
    copy_step(to + n - STEP, from + n - STEP);
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
