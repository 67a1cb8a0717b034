/* SPDX-License-Identifier: MIT */
/* Metadata from format to format: what passes, what must not, and what hostile files cost. */
#include "codec_run.h"
#include "png_file.h"

#include "base/size.h"

static const struct encode_options plain = {.compression = 6, .quality = 90};
static const uint8_t tiff[] = "II*\0\x08\0\0\0\0\0\0\0\0\0"; /* no entry */

static void add(struct context *cx, struct metadata *m, enum metadata_kind kind, const char *key,
                const void *data, size_t bytes)
{
    assert_int_equal(metadata_begin(cx, m, kind), ST_OK);
    assert_int_equal(metadata_append(cx, m, data, bytes), ST_OK);
    strcpy(m->last->key, key);
    metadata_end(cx, m);
}

/* No profile that colors could be made with, but one whose header is right. */
static uint8_t *make_profile(const char *space, size_t bytes)
{
    struct picture pic = make_picture((uint32_t)bytes, 1, LAYOUT_GRAY8);
    uint8_t *p = make_noise(&pic, bytes);
    put32(p, (uint32_t)bytes);
    memcpy(p + 16, space, 4);
    memcpy(p + 36, "acsp", 4);
    return p;
}

/* Reads to the end of the file. The pixels are looked at elsewhere. */
static enum status read_all(struct context *cx, struct source *src, struct metadata *m)
{
    struct decoder *d = NULL;
    struct frame frame;
    enum status st = decoder_open(cx, src, m, &d);
    while (st == ST_OK && (st = decoder_frame(d, &frame)) == ST_OK) {
        uint8_t *row = make_bytes(picture_stride(&frame.pic));
        for (uint32_t y = 0; st == ST_OK && y < frame.pic.height; y++)
            st = decoder_row(d, row);
        free(row);
    }
    decoder_close(d);
    return st == ST_END ? ST_OK : st;
}

static enum status read_blob(struct context *cx, const struct blob *b, struct metadata *m)
{
    struct source *src;
    assert_int_equal(source_open_memory(cx, b->data, b->bytes, &src), ST_OK);
    enum status st = read_all(cx, src, m);
    source_close(src);
    return st;
}

/* A picture of 3 x 2 pixels with this metadata. */
static struct blob write_blob(const struct format *format, enum layout layout,
                              const struct metadata *m)
{
    struct context cx;
    struct sink *sink;
    struct encoder *e;
    context_init(&cx);
    struct picture pic = make_picture(3, 2, layout);
    uint8_t row[3 * 8] = {0};
    assert_int_equal(sink_open_memory(&cx, &sink), ST_OK);
    assert_int_equal(encoder_open(&cx, format, sink, &pic, &plain, m, &e), ST_OK);
    assert_int_equal(encoder_write(e, row), ST_OK);
    assert_int_equal(encoder_write(e, row), ST_OK);
    assert_int_equal(encoder_finish(e), ST_OK);
    encoder_close(e);
    size_t bytes;
    const uint8_t *data = sink_data(sink, &bytes);
    struct blob b = blob_of(data, bytes);
    sink_close(sink);
    assert_nothing_held(&cx);
    return b;
}

static void assert_item(const struct metadata *m, enum metadata_kind kind, const void *data,
                        size_t bytes)
{
    const struct metadata_item *item = metadata_find(m, kind);
    assert_non_null(item);
    assert_int_equal(item->bytes, bytes);
    assert_memory_equal(item->data, data, bytes);
}

static unsigned count_items(const struct metadata *m, enum metadata_kind kind)
{
    unsigned n = 0;
    for (const struct metadata_item *item = m->first; item != NULL; item = item->next)
        n += item->kind == kind;
    return n;
}

static bool has_text(const struct metadata *m, const char *text)
{
    const struct metadata_item *item = m->first;
    while (item != NULL && (item->kind != METADATA_COMMENT || item->bytes != strlen(text) ||
                            memcmp(item->data, text, item->bytes) != 0))
        item = item->next;
    return item != NULL;
}

/* Written, read, compared. profile_bytes beyond 65519 make JPEG cut it into pieces. */
static void round_trip(const struct format *format, enum layout layout, const char *space,
                       size_t profile_bytes, bool exif)
{
    struct context cx;
    struct metadata in = {0}, out = {0};
    context_init(&cx);
    uint8_t *profile = make_profile(space, profile_bytes);
    add(&cx, &in, METADATA_ICC, "", profile, profile_bytes);
    add(&cx, &in, METADATA_EXIF, "", tiff, sizeof tiff);
    add(&cx, &in, METADATA_XMP, "", "<x:xmpmeta/>", 12);
    add(&cx, &in, METADATA_COMMENT, "", "one", 3);
    add(&cx, &in, METADATA_COMMENT, "", "zw\xc3\xb6lf", 6);
    add(&cx, &in, METADATA_COMMENT, "", "latin \xf6", 7);
    metadata_set_density(&in, (struct density){300, 150, DENSITY_INCH});
    struct blob b = write_blob(format, layout, &in);
    assert_int_equal(read_blob(&cx, &b, &out), ST_OK);
    assert_item(&out, METADATA_ICC, profile, profile_bytes);
    assert_item(&out, METADATA_XMP, "<x:xmpmeta/>", 12);
    assert_item(&out, METADATA_COMMENT, "one", 3);
    assert_int_equal(count_items(&out, METADATA_COMMENT), 3);
    assert_true(has_text(&out, "latin \xf6") && has_text(&out, "zw\xc3\xb6lf"));
    assert_int_equal(count_items(&out, METADATA_EXIF), exif);
    if (exif) {
        struct density d;
        assert_item(&out, METADATA_EXIF, tiff, sizeof tiff);
        assert_true(density_as(out.density, DENSITY_INCH, 1000, &d));
        assert_int_equal(d.x, 300);
        assert_int_equal(d.y, 150);
    }
    metadata_clear(&cx, &in);
    metadata_clear(&cx, &out);
    assert_int_equal(out.bytes + out.items, 0);
    assert_nothing_held(&cx);
    blob_free(&b);
    free(profile);
}

static void formats_keep_all(void **state)
{
    (void)state;
    static const size_t sizes[] = {132, 65519, 65520, 200000};
    for (size_t i = 0; i < 4; i++) {
        round_trip(&format_png, LAYOUT_RGB16, "RGB ", sizes[i], true);
        round_trip(&format_png, LAYOUT_INDEX8, "RGB ", sizes[i], true);
        round_trip(&format_png, LAYOUT_GRAYA8, "GRAY", sizes[i], true);
        round_trip(&format_jpeg, LAYOUT_RGB8, "RGB ", sizes[i], true);
        round_trip(&format_jpeg, LAYOUT_GRAY8, "GRAY", sizes[i], true);
        round_trip(&format_gif, LAYOUT_INDEX8, "RGB ", sizes[i], false);
    }
}

/* What a format cannot hold, or what contradicts the pixels, is not in the file. */
static void misfits_stay_out(void **state)
{
    (void)state;
    static const struct {
        const struct format *format;
        enum layout layout;
        const char *space;
    } cases[] = {
        {&format_png, LAYOUT_GRAY8, "RGB "},  {&format_png, LAYOUT_RGB8, "GRAY"},
        {&format_png, LAYOUT_INDEX8, "GRAY"}, {&format_png, LAYOUT_RGB8, "CMYK"},
        {&format_jpeg, LAYOUT_GRAY8, "RGB "}, {&format_jpeg, LAYOUT_RGB8, "GRAY"},
        {&format_jpeg, LAYOUT_RGB8, "CMYK"},  {&format_gif, LAYOUT_INDEX8, "GRAY"},
        {&format_gif, LAYOUT_INDEX8, "CMYK"},
    };
    static uint8_t large[65536];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct context cx;
        struct metadata in = {0}, out = {0};
        context_init(&cx);
        uint8_t *profile = make_profile(cases[i].space, 200);
        add(&cx, &in, METADATA_ICC, "", profile, 200);
        add(&cx, &in, METADATA_EXIF, "", "no TIFF", 7);
        memset(large, 'x', sizeof large);
        memcpy(large, "II*", 4);
        if (cases[i].format == &format_jpeg) /* whose markers end at 65535 */
            add(&cx, &in, METADATA_XMP, "", large, 65505);
        add(&cx, &in, METADATA_COMMENT, "Title", "key", 3);
        struct blob b = write_blob(cases[i].format, cases[i].layout, &in);
        assert_int_equal(read_blob(&cx, &b, &out), ST_OK);
        assert_null(metadata_find(&out, METADATA_ICC));
        assert_null(metadata_find(&out, METADATA_XMP));
        assert_int_equal(count_items(&out, METADATA_COMMENT), cases[i].format == &format_png);
        metadata_clear(&cx, &in);
        metadata_clear(&cx, &out);
        assert_nothing_held(&cx);
        blob_free(&b);
        free(profile);
    }
}

static void density_units(void **state)
{
    (void)state;
    struct density d;
    assert_true(density_as((struct density){72, 72, DENSITY_INCH}, DENSITY_METER, 9999, &d));
    assert_int_equal(d.x, 2835);
    assert_int_equal(d.unit, DENSITY_METER);
    assert_true(density_as(d, DENSITY_INCH, 72, &d));
    assert_int_equal(d.y, 72);
    assert_false(density_as(d, DENSITY_INCH, 71, &d));
    assert_true(density_as((struct density){118, 1, DENSITY_CENTIMETER}, DENSITY_METER, 11800, &d));
    assert_int_equal(d.x, 11800);
    assert_false(density_as((struct density){UINT32_MAX, UINT32_MAX, DENSITY_INCH}, DENSITY_METER,
                            UINT32_MAX, &d));
    assert_false(density_as((struct density){1, 1, DENSITY_METER}, DENSITY_INCH, 9, &d));
    assert_false(density_as((struct density){2, 1, DENSITY_ASPECT}, DENSITY_INCH, 9, &d));
    assert_false(density_as((struct density){0, 1, DENSITY_INCH}, DENSITY_INCH, 9, &d));
}

static struct blob pack_text(const char *head, size_t head_bytes, const void *text, size_t bytes)
{
    struct blob b = blob_of(head, head_bytes);
    uLongf room = compressBound(bytes);
    uint8_t *packed = make_bytes(room);
    assert_int_equal(compress2(packed, &room, text, bytes, 9), Z_OK);
    blob_add(&b, packed, room);
    free(packed);
    return b;
}

static void finish_png(struct blob *b)
{
    static const uint8_t line[2] = {0, 7};
    end(b, line, 2);
}

static void png_texts(void **state)
{
    (void)state;
    struct context cx;
    struct metadata m = {0};
    context_init(&cx);
    struct blob b = begin(1, 1, 8, 0, false), z;
    add_chunk(&b, "tEXt", "Comment\0plain", 13);
    z = pack_text("Comment\0\0", 9, "zipped", 6);
    add_chunk(&b, "zTXt", z.data, z.bytes);
    blob_free(&z);
    add_chunk(&b, "iTXt", "Comment\0\0\0de\0Kommentar\0here", 27);
    z = pack_text("XML:com.adobe.xmp\0\1\0\0\0", 22, "<x/>", 4);
    add_chunk(&b, "iTXt", z.data, z.bytes);
    blob_free(&z);
    add_chunk(&b, "tEXt", "Title\0T", 7);
    add_chunk(&b, "eXIf", "Exif\0\0MM\0*\0\0\0\x08\0\0", 16);
    add_chunk(&b, "pHYs", "\0\0\x0b\x13\0\0\x0b\x13\1", 9);
    add_chunk(&b, "gAMA", "\0\1\x86\xa0", 4);
    /* none of these is whole */
    add_chunk(&b, "tEXt", "Comment", 7);
    add_chunk(&b, "tEXt", "\0text without a key", 19);
    add_chunk(&b, "tEXt", " Comment\0x", 10);
    add_chunk(&b, "zTXt", "Comment\0\1xyz", 12);
    add_chunk(&b, "zTXt", "Comment\0\0xyz", 12);
    add_chunk(&b, "iTXt", "Comment\0\2\0\0\0x", 13);
    add_chunk(&b, "pHYs", "\0\0\0\1\0\0\0\2\0\0", 10);
    add_chunk(&b, "gAMA", "", 0);
    add_chunk(&b, "eXIf", "", 0);
    z = pack_text("Comment\0\0", 9, "never to its end", 16);
    add_chunk(&b, "zTXt", z.data, z.bytes - 6);
    blob_free(&z);
    add_chunk(&b, "tEXt", "Comment\0bad CRC", 15);
    b.data[b.bytes - 1] ^= 1;
    finish_png(&b);
    b.bytes -= 12; /* before IEND */
    add_chunk(&b, "tEXt", "Comment\0late", 12);
    add_chunk(&b, "IEND", "", 0);
    assert_int_equal(read_blob(&cx, &b, &m), ST_OK);
    static const char *const want[] = {"plain", "zipped", "here", "T", "late"};
    size_t n = 0;
    for (const struct metadata_item *item = m.first; item != NULL; item = item->next)
        if (item->kind == METADATA_COMMENT) {
            assert_true(n < 5);
            assert_int_equal(item->bytes, strlen(want[n]));
            assert_memory_equal(item->data, want[n], item->bytes);
            assert_string_equal(item->key, n == 3 ? "Title" : "");
            n++;
        }
    assert_int_equal(n, 5);
    assert_item(&m, METADATA_XMP, "<x/>", 4);
    assert_item(&m, METADATA_EXIF, "MM\0*\0\0\0\x08\0\0", 10);
    assert_item(&m, METADATA_COLOR, "\0\1\x86\xa0", 4);
    assert_int_equal(count_items(&m, METADATA_COLOR), 1);
    assert_int_equal(m.density.x, 2835);
    metadata_clear(&cx, &m);
    for (unsigned kind = 0; kind < METADATA_KINDS; kind++)
        m.skip[kind] = true;
    assert_int_equal(read_blob(&cx, &b, &m), ST_OK);
    assert_null(m.first);
    assert_int_equal(m.density.x, 0);
    metadata_clear(&cx, &m);
    assert_nothing_held(&cx);
    blob_free(&b);
}

/*
 * Chains of bombs, and what is too large by one: what they would inflate to is a thousand times as
 * much as is ever kept.
 */
static void png_bombs(void **state)
{
    (void)state;
    struct context cx;
    struct metadata m = {0};
    context_init(&cx);
    size_t bytes = METADATA_BYTES + 1;
    uint8_t *zeroes = calloc(bytes, 1);
    assert_non_null(zeroes);
    struct blob z = pack_text("icc\0\0", 5, zeroes, bytes), b = begin(1, 1, 8, 0, false);
    for (unsigned i = 0; i < METADATA_ITEMS + 50; i++)
        add_chunk(&b, "tEXt", "Comment\0x", 9);
    for (int i = 0; i < 300; i++)
        add_chunk(&b, "iCCP", z.data, z.bytes);
    add_chunk(&b, "eXIf", zeroes, bytes);
    finish_png(&b);
    assert_int_equal(read_blob(&cx, &b, &m), ST_LIMIT);
    assert_true(cx.mem.peak < 3 * METADATA_BYTES);
    metadata_clear(&cx, &m);
    take_back(&cx);
    cx.lenient = true;
    assert_int_equal(read_blob(&cx, &b, &m), ST_OK);
    assert_int_equal(m.items, METADATA_ITEMS);
    assert_null(metadata_find(&m, METADATA_ICC));
    assert_null(metadata_find(&m, METADATA_EXIF));
    assert_true(cx.mem.peak < 3 * METADATA_BYTES);
    metadata_clear(&cx, &m);
    assert_nothing_held(&cx);
    blob_free(&b);
    blob_free(&z);
    free(zeroes);
}

static void add_marker(struct blob *b, int marker, const void *data, size_t bytes)
{
    const uint8_t head[4] = {0xff, (uint8_t)marker, (uint8_t)((bytes + 2) >> 8),
                             (uint8_t)(bytes + 2)};
    blob_add(b, head, 4);
    blob_add(b, data, bytes);
}

/* A JPEG whose profile comes in these pieces, each as "numbercount" with 66 bytes of it. */
static bool pieces_fit(const char *pieces)
{
    struct context cx;
    struct metadata none = {0}, m = {0};
    context_init(&cx);
    uint8_t *profile = make_profile("RGB ", 132);
    struct blob whole = write_blob(&format_jpeg, LAYOUT_RGB8, &none), b = blob_of("\xff\xd8", 2);
    add_marker(&b, 0xfe, "with NUL\0\0", 10);
    add_marker(&b, 0xe1, "http://ns.adobe.com/xap/1.0/\0<x/>", 33);
    add_marker(&b, 0xe1, "Exi", 3);
    add_marker(&b, 0xe2, "ICC_PROFILE", 12);
    add_marker(&b, 0xe2, "MPF", 4);
    for (; *pieces != '\0'; pieces += 2) {
        struct blob piece = blob_of("ICC_PROFILE", 12);
        const uint8_t number[2] = {(uint8_t)(pieces[0] - '0'), (uint8_t)(pieces[1] - '0')};
        blob_add(&piece, number, 2);
        blob_add(&piece, profile + (number[0] == 2 ? 66 : 0), 66);
        add_marker(&b, 0xe2, piece.data, piece.bytes);
        blob_free(&piece);
    }
    blob_add(&b, whole.data + 2, whole.bytes - 2);
    assert_int_equal(read_blob(&cx, &b, &m), ST_OK);
    assert_item(&m, METADATA_COMMENT, "with NUL", 8);
    assert_item(&m, METADATA_XMP, "<x/>", 4);
    assert_null(metadata_find(&m, METADATA_EXIF));
    bool fits = metadata_find(&m, METADATA_ICC) != NULL;
    if (fits)
        assert_item(&m, METADATA_ICC, profile, 132);
    metadata_clear(&cx, &m);
    assert_nothing_held(&cx);
    blob_free(&b);
    blob_free(&whole);
    free(profile);
    return fits;
}

static void jpeg_pieces(void **state)
{
    (void)state;
    assert_true(pieces_fit("1222"));
    assert_true(pieces_fit("2212"));
    assert_false(pieces_fit("12"));
    assert_false(pieces_fit("22"));
    assert_false(pieces_fit("1212"));
    assert_false(pieces_fit("122232"));
    assert_false(pieces_fit("1223"));
    assert_false(pieces_fit("0222"));
    assert_false(pieces_fit("0012"));
    assert_false(pieces_fit(""));
}

/* What is too long for a marker goes from JPEG to JPEG piece by piece, and nowhere else. */
static void extended_xmp(void **state)
{
    (void)state;
    static const char name[] = "http://ns.adobe.com/xmp/extension/";
    static const struct {
        const struct format *format;
        enum layout layout;
        bool more;
    } cases[] = {{&format_jpeg, LAYOUT_RGB8, true},
                 {&format_png, LAYOUT_RGB8, false},
                 {&format_gif, LAYOUT_INDEX8, false}};
    struct context cx;
    struct metadata none = {0}, m = {0};
    context_init(&cx);
    struct blob whole = write_blob(&format_jpeg, LAYOUT_RGB8, &none), b = blob_of("\xff\xd8", 2);
    for (int i = 0; i < 2; i++) { /* before and after the packet that they belong to */
        uint8_t piece[35 + 40 + 20];
        memcpy(piece, name, 35);
        memset(piece + 35, 'A' + i, sizeof piece - 35);
        piece[80] = 0;
        add_marker(&b, 0xe1, piece, sizeof piece);
        if (i == 0)
            add_marker(&b, 0xe1, "http://ns.adobe.com/xap/1.0/\0<x/>", 33);
    }
    add_marker(&b, 0xe1, name, 34); /* not quite the name */
    add_marker(&b, 0xe1, "http://ns.adobe.com/xap/1.0/", 20);
    blob_add(&b, whole.data + 2, whole.bytes - 2);
    assert_int_equal(read_blob(&cx, &b, &m), ST_OK);
    assert_int_equal(count_items(&m, METADATA_XMP), 3);
    for (size_t i = 0; i < 3; i++) {
        struct metadata again = {0};
        struct blob out = write_blob(cases[i].format, cases[i].layout, &m);
        assert_int_equal(read_blob(&cx, &out, &again), ST_OK);
        const struct metadata_item *packet = metadata_find_key(&again, METADATA_XMP, "");
        assert_non_null(packet);
        assert_int_equal(packet->bytes, 4);
        assert_int_equal(count_items(&again, METADATA_XMP), cases[i].more ? 3 : 1);
        const struct metadata_item *item =
            metadata_find_key(&again, METADATA_XMP, METADATA_XMP_MORE);
        assert_true((item != NULL) == cases[i].more);
        if (item != NULL) {
            assert_int_equal(item->bytes, 60);
            assert_int_equal(item->data[0], 'A');
        }
        metadata_clear(&cx, &again);
        blob_free(&out);
    }
    metadata_clear(&cx, &m);
    assert_nothing_held(&cx);
    blob_free(&b);
    blob_free(&whole);
}

/* Each of them takes libjpeg a walk over those before it: no more than we want are kept. */
static void jpeg_many_markers(void **state)
{
    (void)state;
    struct context cx;
    struct metadata none = {0}, m = {0};
    context_init(&cx);
    struct blob whole = write_blob(&format_jpeg, LAYOUT_RGB8, &none), b = {0};
    const size_t markers = 300000;
    b.data = make_bytes(2 + markers * 5 + whole.bytes);
    memcpy(b.data, "\xff\xd8", 2);
    for (size_t i = 0; i < markers; i++)
        memcpy(b.data + 2 + i * 5, i % 2 != 0 ? "\xff\xfe\0\3x" : "\xff\xe1\0\3x", 5);
    memcpy(b.data + 2 + markers * 5, whole.data + 2, whole.bytes - 2);
    b.bytes = markers * 5 + whole.bytes;
    assert_int_equal(read_blob(&cx, &b, &m), ST_OK);
    assert_true(m.items <= METADATA_ITEMS);
    metadata_clear(&cx, &m);
    assert_nothing_held(&cx);
    blob_free(&b);
    blob_free(&whole);
}

/* A whole copy, in which every call fails once. */
struct copying {
    const struct blob *in;
    const struct format *to;
};

static enum status copy_job(struct context *cx, void *user)
{
    const struct copying *c = user;
    struct source *src = NULL;
    struct sink *sink = NULL;
    struct encoder *e = NULL;
    struct metadata m = {0};
    struct picture pic = make_picture(3, 2, c->to == &format_gif ? LAYOUT_INDEX8 : LAYOUT_RGB8);
    uint8_t row[9] = {0};
    int in = temp_fd(c->in->data, c->in->bytes), out = temp_fd("", 0);
    enum status st = source_open_fd(cx, in, &src);
    if (st == ST_OK)
        st = read_all(cx, src, &m);
    if (st == ST_OK)
        st = sink_open_fd(cx, out, &sink);
    if (st == ST_OK)
        st = encoder_open(cx, c->to, sink, &pic, &plain, &m, &e);
    for (int y = 0; st == ST_OK && y < 2; y++)
        st = encoder_write(e, row);
    if (st == ST_OK)
        st = encoder_finish(e);
    encoder_close(e);
    sink_close(sink);
    source_close(src);
    metadata_clear(cx, &m);
    close(in);
    close(out);
    return st;
}

static void faults(void **state)
{
    (void)state;
    static const struct format *const formats[] = {&format_png, &format_jpeg, &format_gif};
    struct context cx;
    struct metadata m = {0};
    context_init(&cx);
    uint8_t *profile = make_profile("RGB ", 70000);
    add(&cx, &m, METADATA_ICC, "", profile, 70000);
    add(&cx, &m, METADATA_EXIF, "", tiff, sizeof tiff);
    add(&cx, &m, METADATA_COMMENT, "", "comment", 7);
    add(&cx, &m, METADATA_XMP, "", "<x:xmpmeta/>", 12);
    for (int i = 0; i < 3; i++) {
        struct blob b = write_blob(formats[i], i == 2 ? LAYOUT_INDEX8 : LAYOUT_RGB8, &m);
        for (int k = 0; k < 3; k++) {
            struct copying c = {&b, formats[k]};
            sweep_faults(copy_job, &c);
        }
        blob_free(&b);
    }
    metadata_clear(&cx, &m);
    assert_nothing_held(&cx);
    free(profile);
}

/* Any bytes: no crash, nothing left over. */
static void scrambled(void **state)
{
    (void)state;
    struct context cx;
    struct metadata m = {0};
    uint64_t seed = 5;
    context_init(&cx);
    uint8_t *profile = make_profile("RGB ", 300);
    add(&cx, &m, METADATA_ICC, "", profile, 300);
    add(&cx, &m, METADATA_EXIF, "", tiff, sizeof tiff);
    add(&cx, &m, METADATA_COMMENT, "", "comment", 7);
    for (int i = 0; i < 4000; i++) {
        const struct format *format = i % 2 != 0 ? &format_png : &format_jpeg;
        struct blob b = write_blob(format, LAYOUT_RGB8, &m);
        struct metadata got = {0};
        struct context other;
        context_init(&other);
        other.lenient = i % 4 >= 2;
        other.limits.max_pixels = 1 << 16;
        for (uint32_t n = 1 + noise(&seed) % 3; n > 0; n--)
            b.data[noise(&seed) % b.bytes] = (uint8_t)noise(&seed);
        assert_int_not_equal(read_blob(&other, &b, &got), ST_BUG);
        metadata_clear(&other, &got);
        assert_nothing_held(&other);
        blob_free(&b);
    }
    metadata_clear(&cx, &m);
    free(profile);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(formats_keep_all), cmocka_unit_test(misfits_stay_out),
        cmocka_unit_test(density_units),    cmocka_unit_test(png_texts),
        cmocka_unit_test(extended_xmp),     cmocka_unit_test(png_bombs),
        cmocka_unit_test(jpeg_pieces),      cmocka_unit_test(jpeg_many_markers),
        cmocka_unit_test(faults),           cmocka_unit_test(scrambled),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
