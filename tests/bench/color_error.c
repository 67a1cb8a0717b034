/* SPDX-License-Identifier: MIT */
/*
 * color_error A.ppm B.ppm: how far two pictures of one size are apart, on one line:
 *
 *   OK BLIN    root mean square difference in OKLab, times 100: of pixels, and after both pictures
 *              were blurred (Gaussian, sigma 1 pixel, in linear light), as an eye does that no
 *              longer sees single pixels
 *
 * In double precision by the published formulas (IEC 61966-2-1; B. Ottosson, "A perceptual color
 * space for image processing", 2020), sharing nothing with giflow's own whole numbers.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define REACH 5 /* of the blur; beyond it are 6e-7 of the weight */

struct image {
    int width, height;
    double *light; /* 3 a pixel, linear */
};

static _Noreturn void die(const char *path, const char *what)
{
    fprintf(stderr, "color_error: %s: %s\n", path, what);
    exit(1);
}

static double *new_plane(const struct image *m, const char *path)
{
    double *p = calloc((size_t)m->width * (size_t)m->height, 3 * sizeof *p);
    if (p == NULL)
        die(path, "no memory");
    return p;
}

static double linear_of(double v)
{
    return v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4);
}

static struct image read_image(const char *path)
{
    struct image m;
    int most;
    FILE *f = fopen(path, "rb");
    if (f == NULL || fscanf(f, "P6 %d %d %d", &m.width, &m.height, &most) != 3 ||
        (most != 255 && most != 65535) || m.width < 1 || m.height < 1 || getc(f) == EOF)
        die(path, "no raw PPM of 8 or 16 bits");
    m.light = new_plane(&m, path);
    size_t samples = (size_t)m.width * (size_t)m.height * 3;
    for (size_t i = 0; i < samples; i++) {
        int c = getc(f);
        if (most > 255 && c != EOF)
            c = c << 8 | getc(f);
        if (feof(f))
            die(path, "too short");
        m.light[i] = linear_of((double)c / most);
    }
    fclose(f);
    return m;
}

/* Along one axis: count samples that are step apart; what the edge cuts off is scaled away. */
static void blur_line(const double *in, double *out, int count, size_t step, const double *weight)
{
    for (int i = 0; i < count; i++) {
        double sum = 0, whole = 0;
        for (int k = -REACH; k <= REACH; k++) {
            if (i + k < 0 || i + k >= count)
                continue;
            double w = weight[abs(k)];
            sum += w * in[(size_t)(i + k) * step];
            whole += w;
        }
        out[(size_t)i * step] = sum / whole;
    }
}

static void blur(struct image *m)
{
    double weight[REACH + 1];
    for (int k = 0; k <= REACH; k++)
        weight[k] = exp(-k * k / 2.0);
    double *rows = new_plane(m, "blur");
    size_t stride = (size_t)m->width * 3;
    for (int y = 0; y < m->height; y++)
        for (size_t c = 0; c < 3; c++)
            blur_line(m->light + (size_t)y * stride + c, rows + (size_t)y * stride + c, m->width, 3,
                      weight);
    for (size_t x = 0; x < stride; x++)
        blur_line(rows + x, m->light + x, m->height, stride, weight);
    free(rows);
}

static void oklab(const double *rgb, double out[3])
{
    double l = cbrt(0.4122214708 * rgb[0] + 0.5363325363 * rgb[1] + 0.0514459929 * rgb[2]);
    double m = cbrt(0.2119034982 * rgb[0] + 0.6806995451 * rgb[1] + 0.1073969566 * rgb[2]);
    double s = cbrt(0.0883024619 * rgb[0] + 0.2817188376 * rgb[1] + 0.6299787005 * rgb[2]);
    out[0] = 0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s;
    out[1] = 1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s;
    out[2] = 0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s;
}

static double error(const struct image *a, const struct image *b)
{
    size_t pixels = (size_t)a->width * (size_t)a->height;
    double sum = 0;
    for (size_t i = 0; i < pixels; i++) {
        double x[3], y[3];
        oklab(a->light + 3 * i, x);
        oklab(b->light + 3 * i, y);
        for (int k = 0; k < 3; k++)
            sum += (x[k] - y[k]) * (x[k] - y[k]);
    }
    return 100 * sqrt(sum / (double)pixels);
}

int main(int argc, char **argv)
{
    if (argc != 3)
        die("usage", "color_error A.ppm B.ppm");
    struct image a = read_image(argv[1]), b = read_image(argv[2]);
    if (a.width != b.width || a.height != b.height)
        die(argv[2], "of another size");
    double ok = error(&a, &b);
    blur(&a);
    blur(&b);
    printf("%.5f %.5f\n", ok, error(&a, &b));
    free(a.light);
    free(b.light);
    return 0;
}
