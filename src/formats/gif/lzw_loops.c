/* SPDX-License-Identifier: MIT */
/* The loops in which nearly all codes are decoded, four at a time by one look at what is there. */
#include "formats/gif/lzw_loops.h"

#include "base/size.h"

#define WIDE 9u /* from here on each width has a loop of its own */

/* Whether the code stands for a string that is in the table or the one being made. */
static inline bool good_code(const struct lzw_decoder *z, const struct run *r, size_t code)
{
    return __builtin_expect((uint32_t)code - z->clear >= 2, 1) &&
           __builtin_expect(code <= r->next, 1);
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

/*
 * Takes one code, with at least width bits there. False: it is not taken, for standing for no
 * string or for want of room.
 */
static inline __attribute__((always_inline)) bool take(struct lzw_decoder *z, struct run *r,
                                                       enum form form, uint32_t width, bool full)
{
    size_t code = lzw_next_code(r, width);
    if (!good_code(z, r, code) || crowded(r, form))
        return false;
    lzw_put_string(z, r, form, code, full);
    lzw_drop(r, width);
    return true;
}

/* AT_ONCE of them. */
static inline __attribute__((always_inline)) bool
take_four(struct lzw_decoder *z, struct run *r, enum form form, uint32_t width, bool full)
{
    return take(z, r, form, width, full) && take(z, r, form, width, full) &&
           take(z, r, form, width, full) && take(z, r, form, width, full);
}

/* The hot loop: codes of one width, until one is not taken. */
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
        if (lzw_next_code(&r, width) != z->clear)
            break;
        lzw_drop(&r, width);
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
