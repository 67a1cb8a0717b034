/* SPDX-License-Identifier: MIT */
/* Streams of LZW codes put together by hand, with the widths that a decoder has. */
#ifndef GIFLOW_TESTS_LZW_STREAM_H
#define GIFLOW_TESTS_LZW_STREAM_H

#include "support.h"

struct stream {
    unsigned m, clear, next, width;
    bool first; /* the code to come makes no entry */
    uint8_t *data;
    size_t bits, room;
};

static inline void stream_reset(struct stream *s)
{
    s->next = s->clear + 2;
    s->width = s->m + 1;
    s->first = true;
}

static inline struct stream stream_new(unsigned m)
{
    struct stream s = {.m = m, .clear = 1u << m, .room = 1 << 16};
    s.data = calloc(1, s.room);
    assert_non_null(s.data);
    stream_reset(&s);
    return s;
}

static inline void put_bits(struct stream *s, unsigned code, unsigned width)
{
    if (s->bits / 8 + 4 > s->room) {
        s->data = realloc(s->data, 2 * s->room);
        assert_non_null(s->data);
        memset(s->data + s->room, 0, s->room);
        s->room *= 2;
    }
    for (unsigned i = 0; i < width; i++, s->bits++)
        s->data[s->bits / 8] = (uint8_t)(s->data[s->bits / 8] | (code >> i & 1) << s->bits % 8);
}

static inline void put(struct stream *s, unsigned code)
{
    put_bits(s, code, s->width);
    if (code == s->clear) {
        stream_reset(s);
        return;
    }
    if (!s->first && s->next < 4096)
        s->next++;
    if (s->next >> s->width != 0 && s->width < 12)
        s->width++;
    s->first = false;
}

static inline size_t stream_bytes(const struct stream *s)
{
    return (s->bits + 7) / 8;
}

#endif
