/* SPDX-License-Identifier: MIT */
/* What the tests of the codecs share: whole pictures through a plugin, in memory and by files. */
#ifndef GIFLOW_TESTS_CODEC_RUN_H
#define GIFLOW_TESTS_CODEC_RUN_H

#include "support.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "formats/format.h"

/* A file in memory. */
struct blob {
    size_t bytes;
    uint8_t *data; /* malloc'ed */
};

static inline struct blob blob_of(const void *data, size_t bytes)
{
    struct blob b = {bytes, malloc(bytes + 1)};
    assert_non_null(b.data);
    memcpy(b.data, data, bytes);
    return b;
}

static inline void blob_add(struct blob *b, const void *data, size_t bytes)
{
    b->data = realloc(b->data, b->bytes + bytes + 1);
    assert_non_null(b->data);
    memcpy(b->data + b->bytes, data, bytes);
    b->bytes += bytes;
}

/* Another one, which has more bytes at a place. */
static inline struct blob blob_insert(const struct blob *b, size_t at, const void *data,
                                      size_t bytes)
{
    struct blob out = blob_of(b->data, at);
    blob_add(&out, data, bytes);
    blob_add(&out, b->data + at, b->bytes - at);
    return out;
}

static inline void blob_free(struct blob *b)
{
    free(b->data);
    *b = (struct blob){0};
}

static inline struct blob blob_of_sink(struct sink *sink)
{
    size_t bytes;
    const uint8_t *data = sink_data(sink, &bytes);
    return blob_of(data, bytes);
}

/* A descriptor to read or write whose file is gone when it is closed. */
static inline int temp_fd(const void *data, size_t bytes)
{
    int fd = memfd_create("codec", MFD_CLOEXEC);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, data, bytes), bytes);
    assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
    return fd;
}

/* A pipe that holds all of a file; its end to be read. */
static inline int pipe_fd(const struct blob *b)
{
    int end[2];
    assert_int_equal(pipe(end), 0);
    assert_true(fcntl(end[1], F_SETPIPE_SZ, (int)b->bytes + 4096) >= (int)b->bytes);
    assert_int_equal(write(end[1], b->data, b->bytes), b->bytes);
    close(end[1]);
    return end[0];
}

/* Pixels of a picture, rows in order. Indices stay below the palette's count. */
static inline uint8_t *noise_pixels(const struct picture *pic, uint64_t seed)
{
    uint8_t *p = make_noise(pic, seed);
    if (pic->layout == LAYOUT_INDEX8)
        for (size_t i = 0; i < picture_size(pic); i++)
            p[i] = (uint8_t)(p[i] % pic->palette.count);
    return p;
}

static inline struct palette noise_palette(uint32_t count, bool alpha)
{
    struct palette p = {.count = count};
    uint64_t seed = count + 1;
    for (uint32_t i = 0; i < count; i++)
        p.entry[i] = (struct rgba8){(uint8_t)noise(&seed), (uint8_t)noise(&seed),
                                    (uint8_t)noise(&seed), alpha ? (uint8_t)noise(&seed) : 255};
    return p;
}

/* Copies between a picture in order and a row of a pass. */
static inline void move_row(const struct picture *pic, const struct pass *p, uint32_t row,
                            uint8_t *pixels, uint8_t *line, bool to_line)
{
    size_t each = layout_info(pic->layout)->bytes;
    uint8_t *base = pixels + (p->y0 + (size_t)row * p->dy) * picture_stride(pic);
    for (uint32_t x = 0; x < pass_width(p, pic->width); x++) {
        uint8_t *at = base + (p->x0 + (size_t)x * p->dx) * each;
        if (to_line)
            memcpy(line + x * each, at, each);
        else
            memcpy(at, line + x * each, each);
    }
}

/* Encodes pixels to sink; stops at the first status that is not ST_OK. */
static inline enum status encode_to(struct context *cx, const struct format *format,
                                    const struct picture *pic, const struct encode_options *options,
                                    uint8_t *pixels, struct sink *sink)
{
    struct encoder *e = NULL;
    uint8_t *line = make_bytes(picture_stride(pic));
    enum status st = encoder_open(cx, format, sink, pic, options, NULL, &e);
    for (unsigned i = 0; st == ST_OK && i < e->order->count; i++) {
        const struct pass *p = &e->order->pass[i];
        if (pass_width(p, pic->width) == 0)
            continue;
        for (uint32_t row = 0; st == ST_OK && row < pass_height(p, pic->height); row++) {
            move_row(pic, p, row, pixels, line, true);
            st = encoder_write(e, line);
        }
    }
    if (st == ST_OK)
        st = encoder_finish(e);
    encoder_close(e);
    free(line);
    return st;
}

/* Finishes and closes an encoder and its sink; what that holds. */
static inline struct blob finish_file(struct encoder *e, struct sink *sink)
{
    assert_int_equal(encoder_finish(e), ST_OK);
    encoder_close(e);
    struct blob b = blob_of_sink(sink);
    sink_close(sink);
    return b;
}

static inline struct blob encode(const struct format *format, const struct picture *pic,
                                 const struct encode_options *options, uint8_t *pixels)
{
    struct context cx;
    struct sink *sink;
    context_init(&cx);
    assert_int_equal(sink_open_memory(&cx, &sink), ST_OK);
    assert_int_equal(encode_to(&cx, format, pic, options, pixels, sink), ST_OK);
    struct blob b = blob_of_sink(sink);
    sink_close(sink);
    assert_nothing_held(&cx);
    return b;
}

/* What came of decoding a file to its end. */
struct decoded {
    enum status status; /* ST_END: all is well */
    struct frame frame; /* the first */
    uint64_t frames, rows;
    uint8_t *pixels; /* of the first frame, in order; rows that did not come are 0xee */
    char text[240];
};

static inline void decoded_free(struct decoded *d)
{
    free(d->pixels);
    *d = (struct decoded){0};
}

static inline struct decoded decode_from(struct context *cx, struct source *src)
{
    struct decoded out = {0};
    struct decoder *d = NULL;
    struct frame frame;
    out.status = decoder_open(cx, src, NULL, &d);
    bool more = out.status == ST_OK;
    while (more) {
        out.status = decoder_frame(d, &frame);
        if (out.status != ST_OK)
            break;
        size_t stride = picture_stride(&frame.pic);
        uint8_t *line = make_bytes(stride), *spare = NULL;
        uint8_t **pixels = out.frames++ == 0 ? &out.pixels : &spare;
        *pixels = make_bytes(stride * frame.pic.height);
        memset(*pixels, 0xee, stride * frame.pic.height);
        if (out.frames == 1)
            out.frame = frame;
        for (unsigned i = 0; more && i < frame.order->count; i++) {
            const struct pass *p = &frame.order->pass[i];
            if (pass_width(p, frame.pic.width) == 0)
                continue;
            for (uint32_t row = 0; more && row < pass_height(p, frame.pic.height); row++) {
                out.status = decoder_row(d, line);
                more = out.status == ST_OK;
                out.rows += more;
                if (more || out.status == ST_DAMAGED)
                    move_row(&frame.pic, p, row, *pixels, line, false);
            }
        }
        free(spare);
        free(line);
        if (out.status == ST_DAMAGED) { /* a frame may be asked for; a still has no other */
            enum status next = decoder_frame(d, &frame);
            assert_true(next != ST_BUG && (d->info.may_move || next != ST_OK));
        }
    }
    decoder_close(d);
    memcpy(out.text, cx->text, sizeof out.text);
    return out;
}

/* Nothing may be left over, whatever happens. */
static inline struct decoded decode(const struct blob *b, bool lenient)
{
    struct context cx;
    struct source *src;
    context_init(&cx);
    cx.lenient = lenient;
    cx.limits.max_pixels = 1 << 24;
    assert_int_equal(source_open_memory(&cx, b->data, b->bytes, &src), ST_OK);
    struct decoded out = decode_from(&cx, src);
    source_close(src);
    assert_nothing_held(&cx);
    return out;
}

static inline void assert_decodes(const struct blob *b, const struct picture *pic,
                                  const uint8_t *pixels)
{
    struct decoded d = decode(b, false);
    assert_string_equal(d.text, "");
    assert_int_equal(d.status, ST_END);
    assert_int_equal(d.frame.pic.width, pic->width);
    assert_int_equal(d.frame.pic.height, pic->height);
    assert_int_equal(d.frame.pic.layout, pic->layout);
    assert_memory_equal(d.pixels, pixels, picture_size(pic));
    decoded_free(&d);
}

/* Strict decoding must end in st. */
static inline void assert_refused(const struct blob *b, enum status st)
{
    struct decoded d = decode(b, false);
    if (d.status != st)
        print_error("%s\n", d.text);
    assert_int_equal(d.status, st);
    assert_true(strlen(d.text) > 0);
    decoded_free(&d);
}

struct coding {
    const struct blob *in;
    const struct format *format;
    const struct picture *pic;
    const struct encode_options *options;
    uint8_t *pixels;
};

/* Decodes to the end, and closes the descriptor. */
static inline enum status decode_fd(struct context *cx, int fd)
{
    struct source *src = NULL;
    enum status st = source_open_fd(cx, fd, &src);
    if (st == ST_OK) {
        struct decoded d = decode_from(cx, src);
        st = d.status == ST_END ? ST_OK : d.status;
        decoded_free(&d);
    }
    source_close(src);
    close(fd);
    return st;
}

static inline enum status decode_job(struct context *cx, void *user)
{
    const struct coding *c = user;
    return decode_fd(cx, temp_fd(c->in->data, c->in->bytes));
}

static inline enum status encode_job(struct context *cx, void *user)
{
    const struct coding *c = user;
    struct sink *sink = NULL;
    int fd = temp_fd("", 0);
    enum status st = sink_open_fd(cx, fd, &sink);
    if (st == ST_OK)
        st = encode_to(cx, c->format, c->pic, c->options, c->pixels, sink);
    sink_close(sink);
    close(fd);
    return st;
}

/* Every call that can fail fails once, when the picture is written and when it is read again. */
static inline void sweep_codec(const struct format *format, const struct picture *pic,
                               const struct encode_options *options, uint8_t *pixels)
{
    struct blob b = encode(format, pic, options, pixels);
    struct coding c = {&b, format, pic, options, pixels};
    sweep_faults(encode_job, &c);
    sweep_faults(decode_job, &c);
    blob_free(&b);
}

/* A row too few or one too many of two is a bug of the caller. */
static inline void assert_counts_rows(const struct format *format, enum layout layout,
                                      const struct encode_options *options)
{
    struct picture pic = make_picture(8, 2, layout);
    uint8_t *row = make_noise(&pic, 1);
    for (int rows = 1; rows <= 3; rows += 2) {
        struct context cx;
        struct sink *sink;
        struct encoder *e;
        context_init(&cx);
        assert_int_equal(sink_open_memory(&cx, &sink), ST_OK);
        assert_int_equal(encoder_open(&cx, format, sink, &pic, options, NULL, &e), ST_OK);
        for (int i = 0; i < rows; i++)
            assert_int_equal(encoder_write(e, row), i < 2 ? ST_OK : ST_BUG);
        if (rows == 1)
            assert_int_equal(encoder_finish(e), ST_BUG);
        encoder_close(e);
        sink_close(sink);
        assert_nothing_held(&cx);
    }
    free(row);
}

/* All files that are cut short are refused when strict, and none does harm when lenient. */
static inline void cut_everywhere(const struct blob *b, size_t step)
{
    for (size_t n = 1; n < b->bytes; n += step) {
        /* its own block, so that a sanitizer sees reads behind it */
        struct blob part = {n, malloc(n)};
        assert_non_null(part.data);
        memcpy(part.data, b->data, n);
        struct decoded d = decode(&part, false);
        assert_true(d.status == ST_DAMAGED || d.status == ST_UNSUPPORTED);
        decoded_free(&d);
        d = decode(&part, true);
        assert_true(d.status != ST_OK && d.status != ST_END && d.status != ST_BUG);
        decoded_free(&d);
        blob_free(&part);
    }
}

/* Bytes changed at random: any end but a bug, and nothing left over. */
static inline void scramble(const struct blob *b, unsigned times, uint64_t seed)
{
    for (unsigned i = 0; i < times; i++) {
        struct blob copy = blob_of(b->data, b->bytes);
        for (uint32_t n = 1 + noise(&seed) % 4; n > 0; n--)
            copy.data[noise(&seed) % copy.bytes] = (uint8_t)noise(&seed);
        struct decoded d = decode(&copy, i % 2 != 0);
        assert_true(d.status != ST_OK && d.status != ST_BUG);
        decoded_free(&d);
        blob_free(&copy);
    }
}

#endif
