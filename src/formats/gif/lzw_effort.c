/* SPDX-License-Identifier: MIT */
/* Efforts, found by trial over photographs, screenshots and line art. */
#include "formats/gif/lzw_effort.h"

#include "base/size.h"

#define ALL_STYLES ((1u << LZW_STYLES) - 1)
#define STYLE(name) (1u << LZW_STYLE_##name)
#define ROWS_AND_GAINS \
    (STYLE(ROWS) | STYLE(ROWS_GAIN_3) | STYLE(GAIN_1) | STYLE(GAIN_2) | STYLE(GAIN_3))

/*
 * Frames will be parsed again, so this looks for clears and little else: closer places, or a
 * further horizon, gain a tenth of that for as much time.
 */
static const struct lzw_effort frame_1 = {
    .first_passes = 6,
    .look = 8,
    .foresight = {8, 1},
};

/* Photographs hardly gain by other parses than the greedy one but with a full table. */
static const struct lzw_effort photograph_2 = {
    .first_passes = 4,
    .rounds = 1,
    .passes = 5,
    .reach = 0.12,
    .look = 8,
    .styles = STYLE(FLEXIBLE),
    .rolled_styles = 0,
    .foresight = {0, 0},
};

/* Flat art does, most of all by those that keep to rows. */
static const struct lzw_effort drawing_2 = {
    .first_passes = 5,
    .rounds = 1,
    .passes = 5,
    .reach = 0.12,
    .look = 12,
    .styles = STYLE(FLEXIBLE) | STYLE(ROWS) | STYLE(GAIN_3),
    .rolled_styles = 0,
    .foresight = {16, 2},
};

/* What takes about as long as starting a program and opening files. */
static const struct lzw_effort small_2 = {
    .first_passes = 32,
    .rounds = 2,
    .passes = 10,
    .reach = 0.12,
    .look = 8,
    .styles = ALL_STYLES,
    .rolled_styles = STYLE(GAIN_3),
    .foresight = {64, 3},
};

static const struct lzw_effort tiny_2 = {
    .first_passes = 32,
    .rounds = 3,
    .passes = 20,
    .reach = 0.12,
    .look = 8,
    .styles = ALL_STYLES,
    .rolled_styles = ROWS_AND_GAINS,
    .foresight = {128, 3},
};

#define TINY_PIXELS 4096
#define SMALL_PIXELS (32u * 1024)

static const struct lzw_effort any_3 = {
    .first_passes = 64,
    .rounds = 4,
    .passes = 60,
    .reach = 0.3,
    .look = 16,
    .styles = ALL_STYLES,
    .rolled_styles = ROWS_AND_GAINS,
    .foresight = {128, 3},
};

/* Of tiny photographs hardly more than one table is filled: rollouts to its end take no time. */
static const struct lzw_effort tiny_photograph_3 = {
    .first_passes = 64,
    .rounds = 4,
    .passes = 60,
    .reach = 0.3,
    .look = 16,
    .styles = ALL_STYLES,
    .rolled_styles = ALL_STYLES,
    .foresight = {512, 3},
};

/* Pictures that take several windows take long. */
static const struct lzw_effort windows_3 = {
    .first_passes = 32,
    .rounds = 3,
    .passes = 32,
    .reach = 0.3,
    .look = 16,
    .styles = ALL_STYLES,
    .rolled_styles = STYLE(GAIN_1) | STYLE(GAIN_3),
    .foresight = {64, 3},
};

/* Greedy phrases are short in photographs. */
static bool is_drawing(size_t pixels, size_t codes)
{
    return pixels > 4 * codes;
}

const struct lzw_effort *lzw_effort(unsigned level, size_t pixels, size_t codes, bool more)
{
    bool drawing = is_drawing(pixels, codes);
    if (level < 2)
        return &frame_1;
    if (level > 2 && more)
        return &windows_3;
    if (level > 2)
        return pixels <= TINY_PIXELS && !drawing ? &tiny_photograph_3 : &any_3;
    if (!more && pixels <= SMALL_PIXELS)
        return pixels <= TINY_PIXELS ? &tiny_2 : &small_2;
    return drawing ? &drawing_2 : &photograph_2;
}

#define CLOSER 0.2 /* a round's reach by that of the one before; the last come to single pixels */

/* What a full dictionary can be worth, in bits: in photographs, and in flat art. */
#define PHOTOGRAPH_WORTH 1500
#define DRAWING_WORTH 6000

#define TINY 20 /* places by pixels in tiny pictures, for passes squared: down to every pixel */

static void add_place(struct lzw_search *s, uint32_t place)
{
    if (s->nodes < LZW_PLACES && (s->nodes == 0 || place > s->node[s->nodes - 1].place))
        s->node[s->nodes++] = (struct lzw_node){.place = place, .styles = STYLE(GREEDY)};
}

/* About so many places, row starts among them: small pictures of equal rows want clears there. */
static void add_in_rows(struct lzw_search *s, uint32_t places, uint32_t n)
{
    uint32_t width = s->view->row_width, rows = max_u32(n / width, 1);
    uint32_t every = max_u32(rows / places, 1), in_row = max_u32(places / rows, 1);
    for (uint64_t row = 0; row < n; row += (uint64_t)every * width)
        for (uint64_t i = 0; i < in_row && row + i * width / in_row < n; i++)
            add_place(s, (uint32_t)(row + i * width / in_row));
}

/* A table lasts for about LZW_TABLE_END codes, or twice that where it stays in use. */
static void first_places(struct lzw_search *s, uint32_t passes, uint32_t n, const uint32_t *mark,
                         uint32_t marks)
{
    uint32_t lasts = min_u32(marks, 2 * LZW_TABLE_END / LZW_MARK_CODES), apart = lasts / passes;
    s->nodes = 0;
    add_place(s, 0);
    if (apart > 0)
        for (uint32_t i = apart - 1; i < marks; i += apart)
            add_place(s, mark[i]);
    else
        add_in_rows(s, min_u32(max_u32(passes, TINY * passes * passes / n), n), n);
    add_place(s, n);
}

/*
 * Places beside the path's, so many that runs of the length just met make up the passes. Those
 * have come by every pixel, so there are no more than passes.
 */
static void refine(struct lzw_search *s, uint32_t passes, double reach, uint32_t n, uint32_t runs)
{
    double places = (double)passes * n * runs / (double)s->work / s->nodes;
    double part = (double)n / (s->nodes - 1);
    uint32_t around = (uint32_t)(places / 2) + 1;
    lzw_search_refine(s, (uint32_t)(reach * part / around) + 1, around);
}

void lzw_effort_search(struct lzw_search *s, const struct lzw_effort *e, uint32_t n,
                       const uint32_t *mark, uint32_t marks)
{
    while (marks > 0 && mark[marks - 1] >= n)
        marks--;
    first_places(s, e->first_passes, n, mark, marks);
    s->behind = is_drawing(n, (size_t)marks * LZW_MARK_CODES) ? DRAWING_WORTH : PHOTOGRAPH_WORTH;
    double reach = e->reach;
    for (uint32_t round = 0;; round++) {
        uint32_t runs = s->nodes - 1;
        s->work = 0;
        lzw_search_run(s);
        lzw_search_keep_path(s);
        if (round == e->rounds)
            break;
        refine(s, e->passes, reach, n, runs);
        reach *= CLOSER;
    }

    s->parser.look = e->look;
    lzw_search_styles(s, e->styles);
}

void lzw_effort_roll_out(struct lzw_search *s, const struct lzw_effort *e)
{
    if (e->foresight.horizon > 0)
        lzw_search_rollouts(s, &e->foresight, e->rolled_styles);
}
