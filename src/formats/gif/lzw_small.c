/* SPDX-License-Identifier: MIT */
/* Level 1: the race; what it has written of a small picture is parsed again, in several ways. */
#include "base/size.h"
#include "formats/gif/lzw_method.h"
#include "formats/gif/lzw_recode.h"

/*
 * A picture that hardly fills a table gains little by clears and more by phrases that look ahead,
 * which take several times as long as greedy ones. Where a picture is small, that hides behind
 * what starting a program and opening files takes: as long as half a million greedy pixels.
 */
#define SMALL_PIXELS LZW_RECODE_PIXELS
#define SMALL_BYTES (16u * 1024) /* coded; what takes more is noise, which has nothing to gain */
#define PIECE 4096u              /* pixels, so that what is kept is not many bytes more */
#define SPARE_CODES 3000         /* the fewer a picture has, the more outlooks are tried */

/* Each is what gains most beside those before it, over 650 screenshots, icons and drawings. */
static const struct lzw_outlook outlooks[] = {
    {8, 4, 4, false}, {24, 4, 12, false}, {24, 2, 8, false}, {24, 2, 2, false},
    {8, 4, 8, true},  {8, 1, 3, false},   {8, 1, 16, true},  {8, 4, 1, false},
    {2, 1, 3, false}, {16, 1, 2, false},  {2, 4, 3, false},  {16, 2, 3, false},
};

struct small {
    struct lzw_encoder base;
    struct lzw_encoder *race; /* in state; NULL: nothing of this picture has come yet */
    size_t pixels;            /* so far, as long as it may be small */
    bool large;
    struct sink *kept; /* what the race has written; NULL: none yet */
    _Alignas(max_align_t) uint8_t state[LZW_RECODER_BYTES]; /* of the race, then of the recoder */
};

_Static_assert(LZW_RACE_BYTES <= LZW_RECODER_BYTES, "one follows the other");

static void small_start(struct lzw_encoder *z)
{
    struct small *s = (struct small *)z;
    s->race = NULL;
    s->pixels = 0;
    s->large = false;
}

static enum status begin(struct small *s)
{
    s->race = (struct lzw_encoder *)s->state;
    return lzw_encoder_begin_part(&s->base, &lzw_race, s->race, &s->kept);
}

/* The picture is large: what the race has written goes where it belongs, as will what follows. */
static enum status settle(struct small *s)
{
    s->large = true;
    s->race->bits.sink = s->base.bits.sink;
    return sink_copy(s->kept, s->base.bits.sink);
}

static enum status small_write(struct lzw_encoder *z, const uint8_t *indices, size_t n)
{
    struct small *s = (struct small *)z;
    enum status st = s->race == NULL ? begin(s) : ST_OK;
    if (st == ST_OK && !s->large &&
        (n > SMALL_PIXELS - s->pixels || sink_offset(s->kept) > SMALL_BYTES))
        st = settle(s);
    s->pixels += s->large ? 0 : n;
    return st == ST_OK ? lzw_encoder_write(s->race, indices, n) : st;
}

/*
 * Instead of the race's codes those of the best parses. They are not more, as the recoder holds all
 * of them: so few bytes are fewer than LZW_RECODE_CODES codes.
 */
static enum status parse_again(struct small *s)
{
    const struct lzw_outlooks all = {outlooks, sizeof outlooks / sizeof *outlooks, SPARE_CODES};
    struct lzw_recoder *recoder = lzw_recoder_begin(s->base.cx, s->state);
    enum status st = sink_flush(s->kept);
    return st == ST_OK ? lzw_recode(recoder, s->kept, s->base.row_width, &all, s->base.bits.sink)
                       : st;
}

static enum status small_finish(struct lzw_encoder *z)
{
    struct small *s = (struct small *)z;
    enum status st = s->race == NULL ? begin(s) : ST_OK;
    if (st == ST_OK)
        st = lzw_encoder_finish(s->race);
    if (st != ST_OK || s->large)
        return st;
    if (sink_offset(s->kept) <= SMALL_BYTES)
        return parse_again(s);
    return sink_copy(s->kept, z->bits.sink);
}

static void small_close(struct lzw_encoder *z)
{
    struct small *s = (struct small *)z;
    sink_close(s->kept);
}

const struct lzw_method lzw_small = {
    .bytes = sizeof(struct small),
    .whole = true,
    .piece = PIECE,
    .start = small_start,
    .write = small_write,
    .finish = small_finish,
    .close = small_close,
};
