/* SPDX-License-Identifier: MIT */
/* LZW streams drawn at random, and decoding in pieces of all sizes beside the plainest decoder. */
#ifndef GIFLOW_TESTS_LZW_DECODE_CHECK_H
#define GIFLOW_TESTS_LZW_DECODE_CHECK_H

#include "lzw_stream.h"

#include "formats/gif/lzw_decode.h"
#include "lzw_decode_reference.h"

/* Sub-blocks of some size, 0: of changing sizes; an error instead of the terminator, if any. */
struct feed {
    struct context *cx;
    const uint8_t *data;
    size_t bytes, at, size;
    uint64_t seed;
    enum status error;
    bool over; /* asked for more after the end */
    uint8_t block[255];
};

static inline enum status feed_block(void *user, const uint8_t **data, size_t *bytes)
{
    struct feed *f = user;
    assert_false(f->over);
    size_t n = f->size != 0 ? f->size : 1 + noise(&f->seed) % 255;
    if (n > f->bytes - f->at)
        n = f->bytes - f->at;
    f->over = n == 0;
    if (n == 0 && f->error != ST_OK)
        return fail(f->cx, f->error, "no more");
    /* its own place, filled anew each time: as giflib's */
    memset(f->block, 0xa5, sizeof f->block);
    memcpy(f->block, f->data + f->at, n);
    f->at += n;
    *data = f->block;
    *bytes = n;
    return ST_OK;
}

struct result {
    enum status st;
    size_t got;
    const char *why;
};

/* piece: pixels asked for at once, 0: of changing number */
static inline struct result decode(unsigned m, struct feed *f, uint8_t *out, size_t want,
                                   size_t piece)
{
    struct context cx;
    struct lzw_decoder *z;
    struct result r = {ST_OK, 0, NULL};
    uint64_t seed = want + 1;
    context_init(&cx);
    assert_int_equal(lzw_decoder_open(&cx, &z), ST_OK);
    assert_true(cx.mem.in_use <= 90 * 1024);
    f->cx = &cx;
    lzw_decoder_start(z, m, want, feed_block, f);
    while (r.st == ST_OK && r.got < want) {
        size_t n = piece != 0 ? piece : 1 + noise(&seed) % 3000, came;
        if (n > want - r.got)
            n = want - r.got;
        memset(out + r.got, 0xee, n);
        r.st = lzw_decode(z, out + r.got, n, &came, &r.why);
        assert_true(came <= n && (r.st != ST_OK || came == n));
        for (size_t i = came; i < n; i++)
            assert_int_equal(out[r.got + i], 0xee);
        r.got += came;
    }
    for (int i = 0; r.st != ST_OK && i < 2; i++) {
        size_t came = 1;
        uint8_t one = 0xee;
        assert_int_equal(lzw_decode(z, &one, 1, &came, &r.why), r.st);
        assert_int_equal(came, 0);
        assert_int_equal(one, 0xee);
    }
    lzw_decoder_close(z);
    assert_int_equal(cx.mem.in_use, 0);
    return r;
}

static inline struct feed feed_of(const struct stream *s, size_t size)
{
    return (struct feed){.data = s->data, .bytes = stream_bytes(s), .size = size, .seed = 77};
}

/*
 * As far as the plain decoder comes, and the same pixels, however the data comes and whatever is
 * asked for at once. Returns how far.
 */
static inline size_t check_stream(const struct stream *s, size_t want)
{
    static const size_t sizes[] = {255, 0, 1, 7}, pieces[] = {0, 1, 65535, 33};
    uint8_t *ours = make_bytes(want), *plain = make_bytes(want);
    size_t expected = plain_decode(s->m, s->data, stream_bytes(s), plain, want);
    for (int i = 0; i < 4; i++) {
        struct feed f = feed_of(s, sizes[i]);
        struct result r = decode(s->m, &f, ours, want, pieces[i]);
        assert_int_equal(r.got, expected);
        assert_memory_equal(ours, plain, expected);
        assert_int_equal(r.st, expected == want ? ST_OK : ST_DAMAGED);
        assert_int_equal(r.why != NULL, r.st != ST_OK);
    }
    free(ours);
    free(plain);
    return expected;
}

enum habit {
    ANY,      /* any code that there is */
    RECENT,   /* mostly young ones: strings grow long */
    YOUNGEST, /* always the one being made: they grow by one each time */
    HABITS
};

static inline unsigned choose(const struct stream *s, enum habit habit, uint64_t *seed)
{
    unsigned entries = s->next - s->clear - 2; /* without the one being made */
    if (s->first)
        return noise(seed) % s->clear;
    bool full = s->next == 4096;
    if (habit == YOUNGEST)
        return full ? s->next - 1 : s->next;
    if (habit == RECENT && noise(seed) % 8 != 0)
        return s->next - (full ? 1 : 0) - noise(seed) % (entries + (full ? 0 : 1) < 4 ? 1 : 4);
    unsigned code = noise(seed) % (s->clear + entries + (full ? 0 : 1));
    return code < s->clear ? code : code + 2;
}

/* Codes with a clear after every so many, 0: none after the first. */
static inline struct stream draw(unsigned m, enum habit habit, size_t codes, size_t clear_after,
                                 uint64_t seed)
{
    struct stream s = stream_new(m);
    put(&s, s.clear);
    for (size_t i = 1; i <= codes; i++) {
        put(&s, choose(&s, habit, &seed));
        if (clear_after != 0 && i % clear_after == 0)
            put(&s, s.clear);
    }
    return s;
}

/* All pixels of the stream and no more, by the plain decoder; at most most. */
static inline size_t count_pixels(const struct stream *s, size_t most)
{
    uint8_t *out = make_bytes(most);
    size_t n = plain_decode(s->m, s->data, stream_bytes(s), out, most);
    free(out);
    return n;
}

#endif
