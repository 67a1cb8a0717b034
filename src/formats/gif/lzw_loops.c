/* SPDX-License-Identifier: MIT */
/* The loops in which nearly all codes are decoded, four at a time by one look at what is there. */
#include "formats/gif/lzw_loops.h"

#include "base/size.h"

#define WIDE 9u /* from here on each width has a loop of its own */

/* True where the next codes of a hot loop may not be decoded for want of room. */
static inline bool crowded(const struct run *r, enum form form)
{
    return form == BY_TAIL && __builtin_expect(r->write >= STAGED_FULL, 0);
}

/* At least 56 bits; after the input's end they are anything. */
static inline __attribute__((always_inline)) const uint8_t *refill(struct run *r, const uint8_t *in)
{
    uint64_t word;
    memcpy(&word, in, 8);
    r->bits |= le64toh(word) << r->count;
    in += (63 - r->count) >> 3;
    r->count |= 56;
    return in;
}

/* After it, near the input's end: only the bits that there are. */
static inline const uint8_t *give_back(struct run *r, const uint8_t *in, const uint8_t *in_end)
{
    if (__builtin_expect(in_end - in >= 8, 1))
        return in;
    if (in > in_end) {
        r->count -= 8 * (unsigned)(in - in_end);
        in = in_end;
    }
    r->bits &= ((uint64_t)1 << r->count) - 1;
    return in;
}

/*
 * The code behind nth others, all of them there. False: it is not taken, for standing for no string
 * or for want of room.
 */
static inline __attribute__((always_inline)) bool put_nth(struct lzw_decoder *z, struct run *r,
                                                          enum form form, uint32_t width, bool full,
                                                          unsigned nth)
{
    size_t code = r->bits >> nth * width & ((1u << width) - 1);
    if (__builtin_expect(!crowded(r, form) && lzw_put_string(z, r, form, code, full), 1))
        return true;
    lzw_drop(r, nth * width);
    return false;
}

/* The hot loop: codes of one width, AT_ONCE of them, until one is not taken. */
static inline __attribute__((always_inline)) void
run_wide(struct lzw_decoder *z, size_t stop, enum form form, const uint32_t width, bool full)
{
    struct run r = z->run;
    const uint8_t *in = z->in;
    const uint8_t *const in_last = z->in_end - (AT_ONCE * width + 7) / 8;
    /* the entry after which codes grow wider or the table is full */
    const uint32_t end = full ? CODES : 1u << width;

    while (in <= in_last && r.write < stop && (full || r.next + AT_ONCE < end)) {
        in = refill(&r, in);
        if (!put_nth(z, &r, form, width, full, 0) || !put_nth(z, &r, form, width, full, 1) ||
            !put_nth(z, &r, form, width, full, 2) || !put_nth(z, &r, form, width, full, 3))
            break;
        lzw_drop(&r, AT_ONCE * width);
    }
    z->in = give_back(&r, in, z->in_end);
    z->run = r;
}

/*
 * After a clear code, colors as long as they come, and the next clear code: many encoders of the
 * time when LZW was under a patent sent nothing else.
 */
static inline __attribute__((always_inline)) const uint8_t *
run_colors(struct lzw_decoder *z, struct run *r, size_t stop, enum form form, const uint8_t *in)
{
    const uint32_t clear = z->clear, width = z->first_width;

    for (;;) {
        if (r->count < 32)
            in = give_back(r, refill(r, in), z->in_end);
        /* so many that no code grows wider */
        size_t n =
            min_size(min_size(r->count / width, (1u << width) - 1 - r->next), stop - r->write);
        uint32_t made = PLACED(r->write, 1);
        size_t i = 0;
        for (size_t code; i < n && (code = lzw_next_code(r, width)) < clear; i++) {
            z->history[r->write + i] = (uint8_t)code;
            z->table[r->next + i] = r->made;
            r->made = made;
            made += PLACED(1, 0);
            if (form == BY_PLACE) {
                z->prefix[r->next + i] = (uint16_t)r->previous;
                r->previous = code;
            }
            r->bits >>= width;
        }
        r->next += i;
        r->write += i;
        r->count -= (uint32_t)i * width;
        if (r->count < width && i != 0)
            continue;
        if (r->count < width || lzw_next_code(r, width) != clear)
            return in;
        lzw_drop(r, width);
        if (!lzw_strings_clear(z, r, form))
            return in;
    }
}

/*
 * The same for codes of a width that changes: in the first part of a dictionary, of which small
 * pictures have no more, where a wide loop ends, and for the input's last bits. It clears, too:
 * some encoders do that after every few codes.
 */
static inline __attribute__((always_inline)) void run_narrow(struct lzw_decoder *z, size_t stop,
                                                             enum form form)
{
    struct run r = z->run;
    const uint8_t *in = z->in;
    const uint8_t *const in_end = z->in_end;
    size_t end = min_u32(1u << r.width, CODES - 1);

    while (r.write < stop) {
        if (r.count < r.width) {
            in = give_back(&r, refill(&r, in), in_end);
            if (r.count < r.width)
                break;
        }
        if (put_nth(z, &r, form, r.width, false, 0)) {
            lzw_drop(&r, r.width);
            if (__builtin_expect(r.next < end, 1))
                continue;
            if (end == CODES - 1)
                break;
            r.width++;
        } else {
            if (lzw_next_code(&r, r.width) != z->clear)
                break;
            lzw_drop(&r, r.width);
            if (!lzw_strings_clear(z, &r, form))
                break;
            if (form != BY_TAIL)
                in = run_colors(z, &r, stop, form, in);
            if (z->waits)
                break;
        }
        if (r.width >= WIDE && in_end - in >= 8)
            break;
        end = min_u32(1u << r.width, CODES - 1);
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

void lzw_loops_run(struct lzw_decoder *z, size_t stop)
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
