/* SPDX-License-Identifier: MIT */
/* The flexible walk through a full table, beside the plainest one that keeps to the same rule. */
#include "formats/gif/lzw_flexible.h"
#include "lzw_check.h"

#include "base/size.h"

/* Not the header's numbers: a change of those changes what is written, and must not go unseen. */
enum { MOST_PLAIN = 2, MOST_RUNS = 1 };

/* --- the reference --- */

/* Of every string its longer ones, 0: none; and what it is made of. */
struct table {
    uint16_t child[LZW_TABLE_END][256], prefix[LZW_TABLE_END];
    uint8_t pixel[LZW_TABLE_END];
};

/* Fills the table by greedy phrases up to a code; returns where the phrase that is open begins. */
static size_t fill(struct table *t, uint32_t next, uint32_t table_end, const uint8_t *p, size_t n)
{
    memset(t, 0, sizeof *t);
    uint32_t string = p[0];
    size_t i = 0;
    while (next < table_end) {
        assert_true(++i < n);
        uint16_t *child = &t->child[string][p[i]];
        if (*child != 0) {
            string = *child;
            continue;
        }
        t->prefix[next] = (uint16_t)string;
        t->pixel[next] = p[i];
        *child = (uint16_t)next++;
        string = p[i];
    }
    return i;
}

/* Where the longest string ends that begins at a pixel, of those before end. */
static size_t reach(const struct table *t, const uint8_t *p, size_t from, size_t end)
{
    uint32_t string = p[from++];
    while (from < end && t->child[string][p[from]] != 0)
        string = t->child[string][p[from++]];
    return from;
}

static uint32_t code_of(const struct table *t, const uint8_t *p, size_t from, size_t to)
{
    uint32_t string = p[from++];
    while (from < to)
        string = t->child[string][p[from++]];
    return string;
}

/*
 * Each phrase is the longest string there is, but for its last pixel if these hold: it has one to
 * give; the phrase behind it ends before the pixels do, and has `most` pixels or fewer; and the
 * string that begins with the last pixel ends behind that phrase. The last of `codes` phrases
 * gives nothing up, as none behind it is looked at.
 *
 * from is where the open phrase begins; returns where the one that is left open does.
 */
static size_t reference_walk(const struct table *t, const uint8_t *p, size_t from, size_t end,
                             uint32_t codes, size_t most, uint16_t *list, uint32_t *n,
                             unsigned *given_up)
{
    for (*n = 0; *n < codes;) {
        size_t next = reach(t, p, from, end);
        if (next == end)
            break;
        size_t after = reach(t, p, next, end);
        if (*n + 1 < codes && next - from >= 2 && after < end && after - next <= most &&
            reach(t, p, next - 1, end) > after) {
            next--;
            ++*given_up;
        }
        list[(*n)++] = (uint16_t)code_of(t, p, from, next);
        from = next;
    }
    return from;
}

/* --- pictures --- */

enum { WIDTH = 600, PIXELS = WIDTH * 500 };

enum kind { NOISE, WORDS, RUNS, SKY, SCREEN, ROWS };

/* Runs of 1 to `most` pixels. */
static void draw_runs(uint8_t *p, unsigned colors, unsigned most)
{
    uint32_t seed = most;
    uint8_t color = 0;
    for (size_t i = 0, left = 0; i < PIXELS; i++, left--) {
        if (left == 0) {
            left = 1 + next_random(&seed) % most;
            color = (uint8_t)(next_random(&seed) % colors);
        }
        p[i] = color;
    }
}

/* Every row is the one above, but for some pixels. */
static void draw_rows(uint8_t *p, unsigned colors)
{
    uint32_t seed = colors;
    draw_noise(p, WIDTH, colors, seed);
    for (size_t i = WIDTH; i < PIXELS; i++)
        p[i] = (uint8_t)(next_random(&seed) % 16 == 0 ? next_random(&seed) % colors : p[i - WIDTH]);
}

static const struct {
    enum kind kind;
    unsigned min_code_size, colors, most;
} pictures[] = {
    {NOISE, 2, 2, 0},   {NOISE, 2, 4, 0},  {NOISE, 4, 11, 0}, {NOISE, 8, 256, 0},
    {WORDS, 8, 256, 0}, {RUNS, 2, 3, 40},  {RUNS, 3, 8, 100}, {RUNS, 8, 200, 20},
    {SKY, 5, 32, 0},    {SKY, 8, 256, 0},  {SCREEN, 4, 9, 0}, {SCREEN, 8, 256, 0},
    {ROWS, 3, 7, 0},    {ROWS, 8, 256, 0},
};
#define PICTURES (sizeof pictures / sizeof *pictures)

/* The caller frees. */
static uint8_t *draw(size_t i)
{
    uint8_t *p = malloc(PIXELS);
    assert_non_null(p);
    unsigned colors = pictures[i].colors;
    switch (pictures[i].kind) {
    case NOISE:
        draw_noise(p, PIXELS, colors, 5);
        break;
    case WORDS:
        draw_words(p, PIXELS);
        break;
    case RUNS:
        draw_runs(p, colors, pictures[i].most);
        break;
    case SKY:
        draw_sky(p, WIDTH, PIXELS / WIDTH, colors);
        break;
    case SCREEN:
        draw_screen(p, WIDTH, PIXELS / WIDTH, colors);
        break;
    case ROWS:
        draw_rows(p, colors);
        break;
    }
    return p;
}

/* --- walks --- */

struct full {
    struct table table;
    struct lzw_walker walker;
    size_t open; /* where the phrase begins that both have open */
};

/* A table of so many strings, if there is room. */
static void make_full(struct full *f, size_t picture, uint32_t strings, const uint8_t *p)
{
    struct lzw_codes c = lzw_codes(pictures[picture].min_code_size);
    uint32_t table_end = min_u32(c.first + strings, LZW_TABLE_END);
    lzw_walker_clear(&f->walker, c.first, table_end, false);
    const uint8_t *to = lzw_walker_grow(&f->walker, p, p + PIXELS);
    assert_true(lzw_walker_full(&f->walker));
    f->open = fill(&f->table, c.first, table_end, p, PIXELS);
    assert_ptr_equal(to, p + f->open + 1);
}

/* The code stands for pixels from p on, n at most; returns how many. */
static size_t check_string(const struct table *t, uint32_t first, uint32_t code, const uint8_t *p,
                           size_t n)
{
    size_t length = 1;
    for (uint32_t c = code; c >= first; c = t->prefix[c])
        length++;
    assert_true(length <= n);
    for (p += length - 1; code >= first; code = t->prefix[code])
        assert_int_equal(*p--, t->pixel[code]);
    assert_int_equal(*p, code);
    return length;
}

/* How many pixels and codes a call gets; 0: any number, another one each time. */
struct cut {
    size_t piece;
    uint32_t codes;
};

/* Walks some thousand pixels as the reference does. Returns how many phrases gave a pixel up. */
static unsigned check_walk(const struct full *f, const uint8_t *p, bool jump, struct cut cut)
{
    enum { WALKED = 4000 };
    const struct table *t = &f->table;
    struct lzw_walker *w = malloc(sizeof *w);
    uint16_t *list = malloc(WALKED * sizeof *list), *want = malloc(WALKED * sizeof *want);
    assert_true(w != NULL && list != NULL && want != NULL);
    *w = f->walker;
    if (jump && !w->jump)
        lzw_runs_forget(&w->runs);
    w->jump = jump;
    size_t from = f->open, at = from + 1, end = at + WALKED, read = from;
    uint32_t seed = (uint32_t)(cut.piece * 31 + cut.codes);
    unsigned given_up = 0;
    assert_true(end <= PIXELS);
    while (at < end) {
        size_t piece = cut.piece != 0 ? cut.piece : 1 + next_random(&seed) % 300;
        uint32_t codes = cut.codes != 0 ? cut.codes : 1 + next_random(&seed) % 40;
        uint32_t left = codes, n;
        piece = piece < end - at ? piece : end - at;
        uint8_t *own = malloc(piece); /* where nothing may be read before it nor behind it */
        assert_non_null(own);
        memcpy(own, p + at, piece);
        uint16_t *to = list;
        const uint8_t *stop = jump ? lzw_flexible_runs(w, own, own + piece, &left, &to)
                                   : lzw_flexible_plain(w, own, own + piece, &left, &to);
        from = reference_walk(t, p, from, at + piece, codes, jump ? MOST_RUNS : MOST_PLAIN, want,
                              &n, &given_up);
        assert_int_equal(to - list, n);
        assert_int_equal(codes - left, n);
        assert_memory_equal(list, want, n * sizeof *list);
        assert_int_equal(at + (size_t)(stop - own), n == codes ? from + 1 : at + piece);
        at += (size_t)(stop - own);
        free(own);
        for (uint32_t i = 0; i < n; i++)
            read += check_string(t, w->first, list[i], p + read, at - read);
        assert_int_equal(read, from);
        uint32_t open = lzw_walker_string(w);
        assert_int_equal(check_string(t, w->first, open, p + from, at - from), at - from);
    }
    free(want);
    free(list);
    free(w);
    return given_up;
}

/* Tables of all sizes, pixels and codes cut in all ways. */
static void check_kind(bool jump)
{
    static const uint32_t strings[] = {1, 20, 300, LZW_TABLE_END};
    static const struct cut cuts[] = {{0, 0},    {0, 1},    {0, 2},       {0, 256},
                                      {4000, 1}, {4000, 0}, {4000, 5000}, {500, 5000}};
    struct full *f = malloc(sizeof *f);
    assert_non_null(f);
    unsigned given_up = 0;
    for (size_t i = 0; i < PICTURES; i++) {
        uint8_t *p = draw(i);
        for (size_t k = 0; k < sizeof strings / sizeof *strings; k++) {
            make_full(f, i, strings[k], p);
            for (size_t piece = 1; piece <= 40; piece++)
                check_walk(f, p, jump, (struct cut){piece, (uint32_t)piece % 3 * 7});
            for (size_t c = 0; c < sizeof cuts / sizeof *cuts; c++)
                given_up += check_walk(f, p, jump, cuts[c]);
        }
        free(p);
    }
    assert_true(given_up > 1000); /* or else little was looked at */
    free(f);
}

static void test_plain(void **state)
{
    (void)state;
    check_kind(false);
}

static void test_runs(void **state)
{
    (void)state;
    check_kind(true);
}

/* No pixels: nothing happens, in the middle of a run or not. */
static void test_nothing(void **state)
{
    (void)state;
    struct full *f = malloc(sizeof *f);
    assert_non_null(f);
    for (size_t i = 0; i < PICTURES; i++) {
        uint8_t *p = draw(i);
        make_full(f, i, LZW_TABLE_END, p);
        struct lzw_walker *w = &f->walker;
        uint16_t list[1], *to = list;
        uint32_t left = 9, string = lzw_walker_string(w);
        assert_ptr_equal(lzw_flexible_plain(w, p, p, &left, &to), p);
        lzw_runs_forget(&w->runs);
        w->jump = true;
        assert_ptr_equal(lzw_flexible_runs(w, p, p, &left, &to), p);
        assert_ptr_equal(to, list);
        assert_int_equal(left, 9);
        assert_int_equal(lzw_walker_string(w), string);
        free(p);
    }
    free(f);
}

/*
 * What it is for. Where the walker chooses between both kinds, no picture needs more codes than the
 * greedy walk but by accident, all together need fewer, and some need many fewer.
 */
static void test_fewer_codes(void **state)
{
    (void)state;
    struct full *f = malloc(sizeof *f);
    struct lzw_walker *w = malloc(sizeof *w);
    uint16_t *list = malloc(PIXELS * sizeof *list);
    assert_true(f != NULL && w != NULL && list != NULL);
    double best = 1;
    for (uint32_t strings = 4; strings <= LZW_TABLE_END; strings *= 4) {
        uint64_t all_greedy = 0, all_flexible = 0;
        for (size_t i = 0; i < PICTURES; i++) {
            uint8_t *p = draw(i);
            make_full(f, i, strings, p);
            const uint8_t *from = p + f->open + 1;
            *w = f->walker;
            uint32_t greedy = lzw_walker_follow(w, from, p + PIXELS, list);
            *w = f->walker;
            uint32_t flexible = lzw_walker_follow_flexibly(w, from, p + PIXELS, list);
            assert_true(flexible <= greedy + greedy / 10000);
            best = flexible < best * greedy ? (double)flexible / greedy : best;
            all_greedy += greedy;
            all_flexible += flexible;
            free(p);
        }
        assert_true(all_flexible < all_greedy);
    }
    assert_true(best < 0.95);
    free(list);
    free(w);
    free(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plain),
        cmocka_unit_test(test_runs),
        cmocka_unit_test(test_nothing),
        cmocka_unit_test(test_fewer_codes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
