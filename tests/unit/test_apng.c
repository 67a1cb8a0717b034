/* SPDX-License-Identifier: MIT */
/* APNG: frames where and when they are, what breaks the rules, what is damaged. */
#include "job_check.h"
#include "png_file.h"

struct control {
    uint32_t sequence, width, height, x, y;
    uint16_t number, per_second;
    uint8_t dispose, blend;
};

static void add_control(struct blob *b, const struct control *c)
{
    const uint32_t words[5] = {c->sequence, c->width, c->height, c->x, c->y};
    uint8_t body[26] = {0};
    for (size_t i = 0; i < 5; i++)
        put32(body + 4 * i, words[i]);
    body[20] = (uint8_t)(c->number >> 8);
    body[21] = (uint8_t)c->number;
    body[22] = (uint8_t)(c->per_second >> 8);
    body[23] = (uint8_t)c->per_second;
    body[24] = c->dispose;
    body[25] = c->blend;
    add_chunk(b, "fcTL", body, sizeof body);
}

static void add_animation(struct blob *b, uint32_t frames, uint32_t plays)
{
    uint8_t body[8];
    put32(body, frames);
    put32(body + 4, plays);
    add_chunk(b, "acTL", body, sizeof body);
}

/*
 * Gray pixels of one value each, as IDAT or, cut into so many pieces, as fdAT from *sequence on.
 * A piece more than there are bytes is empty.
 */
static void add_pixels(struct blob *b, uint32_t width, uint32_t height, uint8_t value,
                       unsigned pieces, uint32_t *sequence)
{
    size_t size = (width + 1) * (size_t)height;
    uint8_t *lines = make_bytes(size), *packed = make_bytes(compressBound(size) + 4);
    uLongf bytes = compressBound(size);
    memset(lines, value, size);
    for (size_t y = 0; y < height; y++)
        lines[y * (width + 1)] = 0;
    assert_int_equal(compress2(packed + 4, &bytes, lines, size, 9), Z_OK);
    if (sequence == NULL)
        add_chunk(b, "IDAT", packed + 4, bytes);
    for (size_t at = 0; sequence != NULL && pieces > 0; pieces--) {
        uint8_t piece[300];
        size_t n = pieces == 1 ? bytes - at : (bytes - at) / pieces;
        assert_true(n + 4 <= sizeof piece);
        put32(piece, (*sequence)++);
        memcpy(piece + 4, packed + 4 + at, n);
        add_chunk(b, "fdAT", piece, n + 4);
        at += n;
    }
    free(lines);
    free(packed);
}

struct seen {
    enum status st;
    size_t frames;
    struct frame frame[8];
    uint8_t value[8]; /* of the first pixel; all others of the frame are the same */
    const char *warning;
    bool may_move;
    int loop;
    char text[240];
};

static struct seen look_set(const struct blob *b, bool lenient, bool skip)
{
    struct seen s = {.frames = 0};
    struct context cx;
    struct source *src;
    struct decoder *d = NULL;
    context_init(&cx);
    cx.lenient = lenient;
    assert_int_equal(source_open_memory(&cx, b->data, b->bytes, &src), ST_OK);
    s.st = decoder_open(&cx, src, NULL, &d);
    while (s.st == ST_OK && s.frames < 8) {
        struct frame *f = &s.frame[s.frames];
        s.st = decoder_frame(d, f);
        if (s.st != ST_OK)
            break;
        uint8_t *row = make_bytes(picture_stride(&f->pic));
        for (uint32_t y = 0; s.st == ST_OK && y < f->pic.height && !skip; y++) {
            s.st = decoder_row(d, row);
            s.value[s.frames] = row[0];
            for (uint32_t x = 0; s.st == ST_OK && x < f->pic.width; x++)
                assert_int_equal(row[x], row[0]);
        }
        free(row);
        s.frames += s.st == ST_OK;
    }
    if (d != NULL) {
        s.warning = d->warning;
        s.may_move = d->info.may_move;
        s.loop = d->loop;
    }
    memcpy(s.text, cx.text, sizeof s.text);
    decoder_close(d);
    source_close(src);
    assert_nothing_held(&cx);
    return s;
}

static struct seen look(const struct blob *b)
{
    return look_set(b, false, false);
}

/* Three frames of 12 x 9, the second one of 5 x 4 at (7, 5); the default image is the first. */
static struct blob make_file(unsigned pieces)
{
    struct blob b = begin(12, 9, 8, 0, false);
    uint32_t sequence = 2;
    add_animation(&b, 3, 5);
    add_control(&b, &(struct control){0, 12, 9, 0, 0, 1, 2, 0, 0});
    add_pixels(&b, 12, 9, 10, 1, NULL);
    add_control(&b, &(struct control){1, 5, 4, 7, 5, 3, 40, 1, 1});
    add_pixels(&b, 5, 4, 20, pieces, &sequence);
    add_control(&b, &(struct control){sequence++, 12, 9, 0, 0, 7, 0, 2, 1});
    add_pixels(&b, 12, 9, 30, pieces, &sequence);
    add_chunk(&b, "IEND", "", 0);
    return b;
}

static void test_frames(void **state)
{
    (void)state;
    static const uint32_t delays[3] = {50, 8, 7}; /* 7.5 and half a hundredth less that is owed */
    static const enum disposal disposals[3] = {DISPOSAL_KEEP, DISPOSAL_BACKGROUND,
                                               DISPOSAL_PREVIOUS};
    for (unsigned pieces = 1; pieces <= 40; pieces += 13)
        for (int skip = 0; skip < 2; skip++) {
            struct blob b = make_file(pieces);
            struct seen s = look_set(&b, false, skip);
            assert_int_equal(s.st, ST_END);
            assert_int_equal(s.frames, 3);
            assert_true(s.may_move);
            assert_null(s.warning);
            assert_int_equal(s.loop, 4);
            for (unsigned i = 0; i < 3; i++) {
                const struct frame *f = &s.frame[i];
                assert_int_equal(f->delay_cs, delays[i]);
                assert_int_equal(f->disposal, disposals[i]);
                assert_int_equal(f->replaces, i == 0);
                assert_false(f->hidden);
                assert_int_equal(f->x, i == 1 ? 7 : 0);
                assert_int_equal(f->y, i == 1 ? 5 : 0);
                assert_int_equal(f->pic.width, i == 1 ? 5 : 12);
                assert_int_equal(f->pic.height, i == 1 ? 4 : 9);
                if (!skip)
                    assert_int_equal(s.value[i], 10 * (i + 1));
            }
            blob_free(&b);
        }
}

static void test_loops(void **state)
{
    (void)state;
    static const int64_t plays[][2] = {{0, LOOP_FOREVER}, {1, LOOP_ABSENT}, {2, 1}, {70000, 65535}};
    for (size_t i = 0; i < 4; i++) {
        struct blob b = begin(1, 1, 8, 0, false);
        add_animation(&b, 1, (uint32_t)plays[i][0]);
        add_control(&b, &(struct control){0, 1, 1, 0, 0, 1, 1, 2, 0});
        add_pixels(&b, 1, 1, 1, 1, NULL);
        add_chunk(&b, "IEND", "", 0);
        struct seen s = look(&b);
        assert_int_equal(s.loop, plays[i][1]);
        assert_int_equal(s.frames, 1);
        assert_int_equal(s.frame[0].disposal, DISPOSAL_BACKGROUND); /* there is nothing before it */
        blob_free(&b);
    }
}

/* The default image is for those that show stills; the animation is all that moves. */
static void test_hidden_default(void **state)
{
    (void)state;
    struct blob b = begin(4, 4, 8, 0, false);
    uint32_t sequence = 1;
    add_animation(&b, 1, 0);
    add_pixels(&b, 4, 4, 99, 1, NULL);
    add_control(&b, &(struct control){0, 4, 4, 0, 0, 1, 1, 0, 0});
    add_pixels(&b, 4, 4, 33, 1, &sequence);
    add_chunk(&b, "IEND", "", 0);
    struct seen s = look(&b);
    assert_int_equal(s.frames, 2);
    assert_true(s.frame[0].hidden && !s.frame[1].hidden);
    struct job job = job_to(&format_pgm);
    struct result r = run_well(&job, &b);
    assert_int_equal(r.pixels.at[5][0], 99 * 257);
    result_free(&r);
    job = job_to(&format_gif);
    r = run_well(&job, &b);
    assert_int_equal(r.pixels.at[5][0], 33 * 257);
    result_free(&r);
    blob_free(&b);
}

/* Rules that are broken end the animation, not the picture. */
static void test_broken_rules(void **state)
{
    (void)state;
    static const struct control bad[] = {
        {2, 5, 4, 0, 0, 1, 1, 0, 0},  {0, 5, 4, 0, 0, 1, 1, 0, 0},
        {1, 0, 4, 0, 0, 1, 1, 0, 0},  {1, 5, 0, 0, 0, 1, 1, 0, 0},
        {1, 5, 4, 8, 0, 1, 1, 0, 0},  {1, 5, 4, 0, 6, 1, 1, 0, 0},
        {1, 5, 4, 0, 0, 1, 1, 3, 0},  {1, 5, 4, 0, 0, 1, 1, 0, 2},
        {1, 13, 1, 0, 0, 1, 1, 0, 0}, {1, 5, 4, UINT32_MAX, 0, 1, 1, 0, 0},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct blob b = begin(12, 9, 8, 0, false);
        uint32_t sequence = 2;
        add_animation(&b, 2, 0);
        add_control(&b, &(struct control){0, 12, 9, 0, 0, 1, 2, 0, 0});
        add_pixels(&b, 12, 9, 10, 1, NULL);
        add_control(&b, &bad[i]);
        add_pixels(&b, 5, 4, 20, 1, &sequence);
        add_chunk(&b, "IEND", "", 0);
        struct seen s = look(&b);
        assert_int_equal(s.st, ST_END);
        assert_int_equal(s.frames, 1);
        assert_non_null(s.warning);
        blob_free(&b);
    }
    for (uint32_t frames = 0; frames < 3; frames++) { /* more frames than are told; none */
        struct blob b = begin(12, 9, 8, 0, false);
        uint32_t sequence = 2;
        add_animation(&b, frames, 0);
        add_control(&b, &(struct control){0, 12, 9, 0, 0, 1, 2, 0, 0});
        add_pixels(&b, 12, 9, 10, 1, NULL);
        add_control(&b, &(struct control){1, 5, 4, 0, 0, 1, 1, 0, 0});
        add_pixels(&b, 5, 4, 20, 1, &sequence);
        add_chunk(&b, "IEND", "", 0);
        struct seen s = look(&b);
        assert_int_equal(s.st, ST_END);
        assert_int_equal(s.frames, frames == 2 ? 2 : 1);
        assert_int_equal(s.may_move, frames > 0);
        assert_null(s.warning);
        blob_free(&b);
    }
}

/* Any byte of a frame's pixels, its CRC or the end that is missing. */
static void test_damage(void **state)
{
    (void)state;
    struct blob whole = make_file(2);
    const uint8_t *first = memmem(whole.data, whole.bytes, "fdAT", 4);
    size_t from = (size_t)(first - whole.data) - 4;
    for (size_t bytes = from; bytes < whole.bytes - 12; bytes += 5) {
        struct blob b = blob_of(whole.data, bytes);
        struct seen s = look(&b);
        assert_int_equal(s.st, ST_DAMAGED);
        assert_true(s.text[0] != '\0');
        blob_free(&b);
    }
    for (size_t at = from + 12; at < from + 16; at++) { /* pixels, then the CRC */
        struct blob b = blob_of(whole.data, whole.bytes);
        size_t length = (size_t)b.data[from + 3];
        b.data[at + (at % 2 != 0 ? length - 4 : 0)] ^= 0x40;
        struct seen s = look(&b);
        assert_int_equal(s.st, ST_DAMAGED);
        blob_free(&b);
    }
    struct blob b = blob_of(whole.data, whole.bytes); /* a CRC alone can be forgiven, and is told */
    b.data[from + 8 + b.data[from + 3]] ^= 1;
    struct seen s = look_set(&b, true, false);
    assert_int_equal(s.frames, 3);
    assert_int_equal(s.st, ST_DAMAGED);
    blob_free(&b);
    blob_free(&whole);
}

static enum status read_job(struct context *cx, void *user)
{
    const struct blob *b = user;
    struct source *src = NULL;
    struct decoder *d = NULL;
    struct frame f;
    int fd = temp_fd(b->data, b->bytes);
    enum status st = source_open_fd(cx, fd, &src);
    if (st == ST_OK)
        st = decoder_open(cx, src, NULL, &d);
    while (st == ST_OK && (st = decoder_frame(d, &f)) == ST_OK) {
        uint8_t row[12];
        for (uint32_t y = 0; st == ST_OK && y < f.pic.height; y++)
            st = decoder_row(d, row);
    }
    decoder_close(d);
    source_close(src);
    close(fd);
    return st == ST_END ? ST_OK : st;
}

static void test_faults(void **state)
{
    (void)state;
    struct blob b = make_file(2);
    sweep_kind(FAULT_ALLOC, ST_NOMEM, read_job, &b);
    sweep_kind(FAULT_READ, ST_IO, read_job, &b);
    blob_free(&b);
}

static void test_scrambled(void **state)
{
    (void)state;
    struct blob whole = make_file(3);
    uint64_t seed = 77;
    for (int i = 0; i < 3000; i++) {
        struct blob b = blob_of(whole.data, whole.bytes);
        for (uint32_t n = 1 + noise(&seed) % 3; n > 0; n--)
            b.data[33 + noise(&seed) % (b.bytes - 33)] = (uint8_t)noise(&seed);
        /* chunks whose CRC is right again are looked into */
        for (size_t at = 8; i % 2 == 0 && at + 12 <= b.bytes;) {
            size_t n = (size_t)b.data[at + 2] << 8 | b.data[at + 3];
            if (at + n + 12 > b.bytes)
                break;
            put32(b.data + at + 8 + n, (uint32_t)crc32(0, b.data + at + 4, (uInt)n + 4));
            at += n + 12;
        }
        struct context cx;
        struct blob *p = &b;
        context_init(&cx);
        cx.lenient = i % 3 == 0;
        struct source *src;
        struct decoder *d = NULL;
        struct frame f;
        assert_int_equal(source_open_memory(&cx, p->data, p->bytes, &src), ST_OK);
        enum status st = decoder_open(&cx, src, NULL, &d);
        while (st == ST_OK && (st = decoder_frame(d, &f)) == ST_OK) {
            uint8_t *row = make_bytes(picture_stride(&f.pic));
            for (uint32_t y = 0; st == ST_OK && y < f.pic.height; y++)
                st = decoder_row(d, row);
            free(row);
        }
        assert_true(st == ST_END || st == ST_DAMAGED || st == ST_UNSUPPORTED);
        decoder_close(d);
        source_close(src);
        assert_nothing_held(&cx);
        blob_free(&b);
    }
    blob_free(&whole);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_frames),         cmocka_unit_test(test_loops),
        cmocka_unit_test(test_hidden_default), cmocka_unit_test(test_broken_rules),
        cmocka_unit_test(test_damage),         cmocka_unit_test(test_faults),
        cmocka_unit_test(test_scrambled),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
