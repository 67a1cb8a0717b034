/* SPDX-License-Identifier: MIT */
/*
 * quantizers [-n RUNS] [-k COLORS] FILE.ppm...: CPU seconds that giflow and libimagequant take to
 * reduce the colors of pictures in memory: choosing the palette and finding indices, least of the
 * runs, which alternate. libimagequant is loaded where it is installed.
 *
 *   NAME,DITHER,PALETTE,INDICES,SPEED-1,SPEED-4    seconds; the last two: libimagequant's sum, or -
 */
#include <dlfcn.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "color/quantize.h"
#include "transforms/indexed.h"

static _Noreturn void die(const char *path, const char *what)
{
    fprintf(stderr, "quantizers: %s: %s\n", path, what);
    exit(1);
}

static double seconds_since(uint64_t start)
{
    return (double)(cpu_time_ns() - start) / SECOND_NS;
}

struct image {
    uint32_t width, height;
    uint8_t *rgb, *rgba, *index;
};

static struct image read_image(const char *path)
{
    struct image m;
    unsigned most;
    FILE *f = fopen(path, "rb");
    if (f == NULL || fscanf(f, "P6 %u %u %u", &m.width, &m.height, &most) != 3 || most != 255 ||
        getc(f) == EOF)
        die(path, "no raw PPM of 8 bits");
    size_t pixels = (size_t)m.width * m.height;
    m.rgb = malloc(3 * pixels);
    m.rgba = malloc(4 * pixels);
    m.index = malloc(pixels);
    if (m.rgb == NULL || m.rgba == NULL || m.index == NULL)
        die(path, "no memory");
    if (fread(m.rgb, 3, pixels, f) != pixels)
        die(path, "too short");
    fclose(f);
    for (size_t i = 0; i < pixels; i++) {
        memcpy(m.rgba + 4 * i, m.rgb + 3 * i, 3);
        m.rgba[4 * i + 3] = 255;
    }
    return m;
}

/* Rows out of memory. */
struct memory_rows {
    struct rows rows;
    const struct image *image;
};

static enum status memory_next(struct rows *r, uint8_t *out)
{
    const struct image *m = ((struct memory_rows *)r)->image;
    memcpy(out, m->rgb + (size_t)3 * m->width * r->y, (size_t)3 * m->width);
    return ST_OK;
}

static void memory_close(struct rows *r)
{
    mem_free(r->cx, r);
}

static struct rows *memory_rows(struct context *cx, const struct image *m)
{
    struct memory_rows *r = rows_new(cx, "memory", sizeof *r, NULL);
    if (r == NULL)
        die("giflow", cx->text);
    r->image = m;
    r->rows.pic.width = m->width;
    r->rows.pic.height = m->height;
    r->rows.pic.layout = LAYOUT_RGB8;
    r->rows.next = memory_next;
    r->rows.close = memory_close;
    return &r->rows;
}

struct times {
    double palette, indices, speed1, speed4;
};

static void keep_least(double *least, double t)
{
    if (t < *least)
        *least = t;
}

static void run_giflow(struct image *m, unsigned colors, bool dither, struct times *t)
{
    struct context cx;
    struct histogram *h;
    struct palette palette;
    struct rows *rows = NULL;
    bool exact;
    context_init(&cx);
    uint64_t start = cpu_time_ns();
    if (histogram_open(&cx, &h) != ST_OK)
        die("giflow", cx.text);
    for (uint32_t y = 0; y < m->height; y++)
        histogram_add(h, LAYOUT_RGB8, m->rgb + (size_t)3 * m->width * y, m->width);
    if ((dither ? quantize_to_dither(&cx, h, colors, 1, 0.7, &palette, &exact)
                : quantize(&cx, h, colors, 1, &palette, &exact)) != ST_OK)
        die("giflow", cx.text);
    histogram_close(h);
    keep_least(&t->palette, seconds_since(start));

    start = cpu_time_ns();
    enum status st = dither && !exact
                         ? dither_open(memory_rows(&cx, m), &palette, 0.7, &rows)
                         : nearest_open(memory_rows(&cx, m), &palette, exact, NULL, &rows);
    for (uint32_t y = 0; st == ST_OK && y < m->height; y++)
        st = rows_next(rows, m->index + (size_t)m->width * y);
    if (st != ST_OK)
        die("giflow", cx.text);
    rows_close(rows);
    keep_least(&t->indices, seconds_since(start));
}

/* As documented: https://pngquant.org/lib/ */
struct libimagequant {
    void *(*attr_create)(void);
    int (*set_max_colors)(void *attr, int colors);
    int (*set_speed)(void *attr, int speed);
    void *(*image_create_rgba)(void *attr, const void *rgba, int width, int height, double gamma);
    int (*image_quantize)(void *image, void *attr, void **result);
    int (*set_dithering_level)(void *result, float level);
    int (*write_remapped_image)(void *result, void *image, void *out, size_t bytes);
    void (*result_destroy)(void *result);
    void (*image_destroy)(void *image);
    void (*attr_destroy)(void *attr);
};

static bool load(struct libimagequant *q)
{
    static const char *const name[] = {
        "liq_attr_create",          "liq_set_max_colors", "liq_set_speed",
        "liq_image_create_rgba",    "liq_image_quantize", "liq_set_dithering_level",
        "liq_write_remapped_image", "liq_result_destroy", "liq_image_destroy",
        "liq_attr_destroy"};
    void *library = dlopen("libimagequant.so.0", RTLD_NOW), *found[sizeof name / sizeof *name];
    if (library == NULL)
        return false;
    for (size_t i = 0; i < sizeof name / sizeof *name; i++)
        if ((found[i] = dlsym(library, name[i])) == NULL)
            return false;
    memcpy(q, found, sizeof found);
    return true;
}

static double run_libimagequant(const struct libimagequant *q, struct image *m, unsigned colors,
                                bool dither, int speed)
{
    void *result = NULL;
    uint64_t start = cpu_time_ns();
    void *attr = q->attr_create();
    q->set_max_colors(attr, (int)colors);
    q->set_speed(attr, speed);
    void *image = q->image_create_rgba(attr, m->rgba, (int)m->width, (int)m->height, 0);
    if (image == NULL || q->image_quantize(image, attr, &result) != 0)
        die("libimagequant", "it failed");
    q->set_dithering_level(result, dither ? 1.0f : 0.0f);
    q->write_remapped_image(result, image, m->index, (size_t)m->width * m->height);
    double seconds = seconds_since(start);
    q->result_destroy(result);
    q->image_destroy(image);
    q->attr_destroy(attr);
    return seconds;
}

int main(int argc, char **argv)
{
    int runs = 3, option;
    unsigned colors = 256;
    struct libimagequant library;
    while ((option = getopt(argc, argv, "n:k:")) != -1) {
        if (option == 'n')
            runs = atoi(optarg);
        else if (option == 'k')
            colors = (unsigned)atoi(optarg);
        else
            return 2;
    }
    setenv("OMP_NUM_THREADS", "1", 1); /* its threads would only spend time waiting */
    bool loaded = load(&library);
    if (!loaded)
        fputs("missing: libimagequant\n", stderr);
    for (; optind < argc; optind++) {
        struct image m = read_image(argv[optind]);
        for (int dither = 0; dither < 2; dither++) {
            struct times t = {1e9, 1e9, 1e9, 1e9};
            for (int run = 0; run < runs; run++) {
                run_giflow(&m, colors, dither, &t);
                if (loaded) {
                    keep_least(&t.speed4, run_libimagequant(&library, &m, colors, dither, 4));
                    if (run == 0)
                        keep_least(&t.speed1, run_libimagequant(&library, &m, colors, dither, 1));
                }
            }
            printf("%s,%s,%.4f,%.4f,", argv[optind], dither ? "fs" : "none", t.palette, t.indices);
            if (loaded)
                printf("%.4f,%.4f\n", t.speed1, t.speed4);
            else
                printf("-,-\n");
        }
        free(m.rgb);
        free(m.rgba);
        free(m.index);
    }
    return 0;
}
