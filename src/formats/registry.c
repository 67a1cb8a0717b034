/* SPDX-License-Identifier: MIT */
/* The table of formats, and what the core does around each plugin's operations. */
#include "formats/format.h"

#include <string.h>
#include <strings.h>

#include "base/mem.h"

const struct format *const format_table[] = {
    &format_gif, &format_png, &format_apng, &format_jpeg, &format_pnm,
    &format_ppm, &format_pgm, &format_pam,  &format_y4m,  NULL,
};

static bool has_word(const char *words, const char *word, size_t length)
{
    while (*words != '\0') {
        size_t n = strcspn(words, " ");
        if (n == length && strncasecmp(words, word, n) == 0)
            return true;
        words += n + (words[n] == ' ');
    }
    return false;
}

const struct format *format_by_name(const char *name)
{
    for (size_t i = 0; format_table[i] != NULL; i++)
        if (format_table[i]->start != NULL &&
            (strcasecmp(format_table[i]->name, name) == 0 ||
             has_word(format_table[i]->suffixes, name, strlen(name))))
            return format_table[i];
    return NULL;
}

const struct format *format_by_suffix(const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *dot = strrchr(slash != NULL ? slash : path, '.');
    if (dot == NULL)
        return NULL;
    for (size_t i = 0; format_table[i] != NULL; i++)
        if (format_table[i]->start != NULL &&
            has_word(format_table[i]->suffixes, dot + 1, strlen(dot + 1)))
            return format_table[i];
    return NULL;
}

const struct format *format_by_content(const uint8_t *head, size_t bytes)
{
    for (size_t i = 0; format_table[i] != NULL; i++)
        if (format_table[i]->sniff != NULL && format_table[i]->sniff(head, bytes))
            return format_table[i];
    return NULL;
}

enum status decoder_open(struct context *cx, struct source *src, struct metadata *metadata,
                         struct decoder **out)
{
    const uint8_t *head;
    size_t bytes;
    enum status st = source_peek(src, SNIFF_BYTES, &head, &bytes);
    if (st != ST_OK)
        return st;
    if (bytes == 0)
        return fail(cx, ST_DAMAGED, "the file is empty");
    const struct format *format = format_by_content(head, bytes);
    if (format == NULL)
        return fail(cx, ST_UNSUPPORTED, "not a picture of a format that can be read");
    struct decoder *d = mem_zalloc(cx, sizeof *d);
    if (d == NULL)
        return cx->status;
    d->format = format;
    d->cx = cx;
    d->src = src;
    d->metadata = metadata;
    d->loop = LOOP_ABSENT;
    d->state = mem_zalloc(cx, format->decoder_bytes);
    st = d->state == NULL ? cx->status : format->open(d);
    if (st == ST_OK)
        st = picture_check(cx, d->info.width, d->info.height);
    if (st != ST_OK) {
        decoder_close(d);
        return st;
    }
    *out = d;
    return ST_OK;
}

enum status decoder_frame(struct decoder *d, struct frame *out)
{
    enum status st = check_stop(d->cx);
    memset(out, 0, sizeof *out);
    if (st == ST_OK)
        st = d->format->frame(d, out);
    if (st == ST_OK)
        st = picture_check(d->cx, out->pic.width, out->pic.height);
    uint64_t most = d->cx->limits.max_frames;
    if (st == ST_OK && out->hidden)
        return ST_OK;
    if (st == ST_OK && most != 0 && d->frames >= most)
        st = fail(d->cx, ST_LIMIT, "more than %llu frames", (unsigned long long)most);
    if (st == ST_OK)
        d->frames++;
    return st;
}

enum status decoder_row(struct decoder *d, uint8_t *out)
{
    return d->format->row(d, out);
}

enum status decoder_skip(struct decoder *d)
{
    return d->format->skip(d);
}

void decoder_close(struct decoder *d)
{
    if (d == NULL)
        return;
    if (d->state != NULL)
        d->format->close(d);
    mem_free(d->cx, d->state);
    mem_free(d->cx, d);
}

static struct encoder *new_encoder(struct context *cx, const struct format *format,
                                   struct sink *sink, const struct picture *pic,
                                   const struct encode_options *options,
                                   const struct metadata *metadata)
{
    static const struct metadata none;
    struct encoder *e = mem_zalloc(cx, sizeof *e);
    if (e == NULL)
        return NULL;
    e->format = format;
    e->cx = cx;
    e->sink = sink;
    e->pic = *pic;
    e->options = *options;
    e->metadata = metadata != NULL ? metadata : &none;
    e->order = &interlace_none;
    e->loop = LOOP_ABSENT;
    e->state = mem_zalloc(cx, format->encoder_bytes);
    if (e->state == NULL) {
        mem_free(cx, e);
        return NULL;
    }
    return e;
}

static enum status started(struct encoder *e, enum status st, struct encoder **out)
{
    if (st != ST_OK)
        encoder_close(e);
    else
        *out = e;
    return st;
}

enum status encoder_open(struct context *cx, const struct format *format, struct sink *sink,
                         const struct picture *pic, const struct encode_options *options,
                         const struct metadata *metadata, struct encoder **out)
{
    struct encoder *e = new_encoder(cx, format, sink, pic, options, metadata);
    return e == NULL ? cx->status : started(e, format->start(e), out);
}

enum status encoder_begin(struct context *cx, const struct format *format, struct sink *sink,
                          const struct picture *canvas, uint8_t background, int loop,
                          const struct encode_options *options, const struct metadata *metadata,
                          struct encoder **out)
{
    struct encoder *e = new_encoder(cx, format, sink, canvas, options, metadata);
    if (e == NULL)
        return cx->status;
    e->background = background;
    e->loop = loop;
    return started(e, format->begin(e), out);
}

enum status encoder_code(struct encoder *e, const struct frame *f, struct sink *to)
{
    return e->format->code(e, f, to);
}

enum status encoder_coded(struct encoder *e)
{
    return e->format->coded(e);
}

enum status encoder_append(struct encoder *e, const struct frame *f)
{
    return e->format->append(e, f);
}

enum status encoder_put(struct encoder *e, const uint8_t *data, size_t bytes)
{
    return e->format->put(e, data, bytes);
}

enum status encoder_write(struct encoder *e, const uint8_t *row)
{
    return e->format->write(e, row);
}

enum status encoder_finish(struct encoder *e)
{
    enum status st = e->format->finish(e);
    return st == ST_OK ? sink_flush(e->sink) : st;
}

void encoder_close(struct encoder *e)
{
    if (e == NULL)
        return;
    if (e->state != NULL)
        e->format->discard(e);
    mem_free(e->cx, e->state);
    mem_free(e->cx, e);
}
