/* SPDX-License-Identifier: MIT */
/* What the tests of the pipeline share: a job over bytes, and its picture as RGBA of 16 bits. */
#ifndef GIFLOW_TESTS_JOB_CHECK_H
#define GIFLOW_TESTS_JOB_CHECK_H

#include "codec_run.h"

#include <pthread.h>
#include <stdio.h>

#include "pipeline/job.h"

/* Eight bytes a pixel; a transparent one is all zeroes. */
struct pixels {
    uint32_t width, height;
    uint16_t (*at)[4];
};

static inline struct pixels pixels_new(uint32_t width, uint32_t height)
{
    struct pixels p = {width, height, calloc((size_t)width * height, sizeof *p.at)};
    assert_non_null(p.at);
    return p;
}

static inline void pixels_free(struct pixels *p)
{
    free(p->at);
    p->at = NULL;
}

static inline uint16_t sample_of(const struct picture *pic, const uint8_t *p, unsigned i)
{
    uint16_t wide;
    if (layout_info(pic->layout)->bits == 8)
        return (uint16_t)(p[i] * 257);
    memcpy(&wide, p + 2 * i, 2);
    return wide;
}

/* One pixel of a picture as RGBA. */
static inline void expand_pixel(const struct picture *pic, const uint8_t *p, uint16_t out[4])
{
    const struct layout_info *info = layout_info(pic->layout);
    if (pic->layout == LAYOUT_INDEX8) {
        const struct rgba8 *e = &pic->palette.entry[p[0]];
        const uint8_t c[4] = {e->r, e->g, e->b, e->a};
        for (unsigned i = 0; i < 4; i++)
            out[i] = (uint16_t)(c[i] * 257);
    } else {
        for (unsigned i = 0; i < 3; i++)
            out[i] = sample_of(pic, p, info->color ? i : 0);
        out[3] = info->alpha ? sample_of(pic, p, info->channels - 1u) : 65535;
    }
    if (out[3] == 0)
        memset(out, 0, 8);
}

static inline struct pixels expand(const struct picture *pic, const uint8_t *p)
{
    struct pixels out = pixels_new(pic->width, pic->height);
    size_t each = layout_info(pic->layout)->bytes;
    for (size_t i = 0; i < (size_t)pic->width * pic->height; i++)
        expand_pixel(pic, p + i * each, out.at[i]);
    return out;
}

static inline void assert_same_pixels(const struct pixels *a, const struct pixels *b)
{
    assert_int_equal(a->width, b->width);
    assert_int_equal(a->height, b->height);
    for (size_t i = 0; i < (size_t)a->width * a->height; i++)
        if (memcmp(a->at[i], b->at[i], 8) != 0) {
            print_error("pixel %zu of %u x %u: %04x %04x %04x %04x and %04x %04x %04x %04x\n", i,
                        a->width, a->height, a->at[i][0], a->at[i][1], a->at[i][2], a->at[i][3],
                        b->at[i][0], b->at[i][1], b->at[i][2], b->at[i][3]);
            assert_memory_equal(a->at[i], b->at[i], 8);
        }
}

enum from { FROM_MEMORY, FROM_FILE, FROM_PIPE };

struct setting {
    enum from from;
    bool no_temp, lenient;
    bool in_files;       /* planes are files, however small */
    uint64_t temp_limit; /* 0: none */
    const volatile sig_atomic_t *stop;
};

struct result {
    enum status st;
    char text[240], note[300];
    unsigned warnings;
    uint64_t rows_done, rows_total;
    struct outcome outcome;
    struct blob file;
    struct decoded got; /* what the file holds, where it was written */
    struct pixels pixels;
};

static inline void result_free(struct result *r)
{
    blob_free(&r->file);
    decoded_free(&r->got);
    pixels_free(&r->pixels);
}

static inline void keep_note(void *user, enum note_level level, const char *text)
{
    struct result *r = user;
    r->warnings += level == NOTE_WARNING;
    snprintf(r->note, sizeof r->note, "%s", text);
}

static inline void keep_progress(void *user, uint64_t done, uint64_t total)
{
    struct result *r = user;
    assert_true(done == r->rows_done + 1 && done <= total);
    r->rows_done = done;
    r->rows_total = total;
}

struct pipe_job {
    int fd;
    const struct blob *data;
};

static inline void *fill_pipe(void *user)
{
    struct pipe_job *p = user;
    for (size_t at = 0; at < p->data->bytes;) {
        ssize_t n = write(p->fd, p->data->data + at, p->data->bytes - at);
        if (n < 0)
            break;
        at += (size_t)n;
    }
    close(p->fd);
    return NULL;
}

static inline struct job job_to(const struct format *format)
{
    return (struct job){.format = format,
                        .colors = 256,
                        .expand = true,
                        .encode = {.quality = 90, .compression = 6, .optimize = 1}};
}

/* What the job wrote must read back, to the end, as the outcome says. */
static inline void read_back(struct result *r, struct sink *sink)
{
    r->file = blob_of_sink(sink);
    assert_int_equal(r->outcome.out_bytes, r->file.bytes);
    r->got = decode(&r->file, false);
    assert_string_equal(r->got.text, "");
    assert_int_equal(r->got.status, ST_END);
    if (r->outcome.frames == 0) { /* a frame of a moving picture has its own size */
        assert_int_equal(r->outcome.out.width, r->got.frame.pic.width);
        assert_int_equal(r->outcome.out.height, r->got.frame.pic.height);
    }
    r->pixels = expand(&r->got.frame.pic, r->got.pixels);
}

static inline struct result run_set(const struct job *job, const struct blob *in,
                                    const struct setting *set)
{
    struct result r = {.st = ST_OK};
    struct context cx;
    struct source *src;
    struct sink *sink;
    struct pipe_job pipe_job = {-1, in};
    pthread_t thread;
    int fd = -1, end[2];
    context_init(&cx);
    cx.on_note = keep_note;
    cx.on_progress = keep_progress;
    cx.user = &r;
    cx.lenient = set->lenient;
    cx.stop = set->stop;
    if (set->no_temp)
        cx.temp.limit = 0;
    if (set->temp_limit != 0)
        cx.temp.limit = set->temp_limit;
    if (set->in_files)
        cx.limits.plane_memory = 0;
    if (set->from == FROM_PIPE) {
        signal(SIGPIPE, SIG_IGN); /* where the job does not want all of it */
        assert_int_equal(pipe(end), 0);
        fd = end[0];
        pipe_job.fd = end[1];
        assert_int_equal(pthread_create(&thread, NULL, fill_pipe, &pipe_job), 0);
    } else if (set->from == FROM_FILE) {
        fd = temp_fd(in->data, in->bytes);
    }
    if (fd >= 0)
        assert_int_equal(source_open_fd(&cx, fd, &src), ST_OK);
    else
        assert_int_equal(source_open_memory(&cx, in->data, in->bytes, &src), ST_OK);
    assert_int_equal(sink_open_memory(&cx, &sink), ST_OK);
    r.st = job_run(&cx, job, src, sink, &r.outcome);
    assert_int_equal(r.st, cx.status);
    memcpy(r.text, cx.text, sizeof r.text);
    if (r.st == ST_OK || (set->lenient && r.st == ST_DAMAGED && r.outcome.damaged))
        read_back(&r, sink);
    if (r.st == ST_OK)
        assert_int_equal(r.rows_done, r.rows_total);
    sink_close(sink);
    source_close(src);
    if (fd >= 0)
        close(fd);
    if (set->from == FROM_PIPE)
        pthread_join(thread, NULL);
    assert_nothing_held(&cx);
    return r;
}

static inline struct result run(const struct job *job, const struct blob *in)
{
    return run_set(job, in, &(struct setting){.from = FROM_MEMORY});
}

/* The job must do well. */
static inline struct result run_well(const struct job *job, const struct blob *in)
{
    struct result r = run(job, in);
    assert_string_equal(r.text, "");
    assert_int_equal(r.st, ST_OK);
    return r;
}

/* The job must come to the same pixels. */
static inline void assert_gives(const struct job *job, const struct blob *in,
                                const struct pixels *expected)
{
    struct result r = run_well(job, in);
    assert_same_pixels(&r.pixels, expected);
    result_free(&r);
}

static inline void assert_refuses(const struct job *job, const struct blob *in,
                                  const struct setting *set, enum status st, const char *words)
{
    struct result r = run_set(job, in, set);
    if (r.st != st || strstr(r.text, words) == NULL)
        print_error("%s: %s\n", status_text(r.st), r.text);
    assert_int_equal(r.st, st);
    assert_non_null(strstr(r.text, words));
    result_free(&r);
}

#endif
