/* SPDX-License-Identifier: MIT */
/*
 * gif_quality A.gif B.gif...: how far the first frame of each B is from that of A, a line each:
 *
 *   BYTES PSNR SSIM   of the file B; PSNR over red, green and blue, 99 where they are equal; SSIM
 *                     of luma by Wang et al., 2004: Gaussian windows of 11 x 11, sigma 1.5
 */
#include <gif_lib.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TAPS 11
#define EDGE (TAPS - 1)

struct image {
    size_t width, height, bytes; /* bytes: of the file */
    GifColorType *pixels;
};

static _Noreturn void die(const char *path, const char *what)
{
    fprintf(stderr, "gif_quality: %s: %s\n", path, what);
    exit(1);
}

static void *get(size_t count, size_t bytes)
{
    void *p = calloc(count != 0 ? count : 1, bytes);
    if (p == NULL)
        die("malloc", "no memory");
    return p;
}

static struct image load(const char *path)
{
    int error = 0;
    GifFileType *gif = DGifOpenFileName(path, &error);
    if (gif == NULL || DGifSlurp(gif) != GIF_OK || gif->ImageCount < 1)
        die(path, "cannot read");
    const SavedImage *frame = gif->SavedImages;
    const ColorMapObject *map =
        frame->ImageDesc.ColorMap != NULL ? frame->ImageDesc.ColorMap : gif->SColorMap;
    if (map == NULL)
        die(path, "no palette");
    struct image g = {(size_t)frame->ImageDesc.Width, (size_t)frame->ImageDesc.Height, 0, NULL};
    g.pixels = get(g.width * g.height, sizeof *g.pixels);
    for (size_t i = 0; i < g.width * g.height; i++)
        if (frame->RasterBits[i] < map->ColorCount)
            g.pixels[i] = map->Colors[frame->RasterBits[i]];
    DGifCloseFile(gif, NULL);
    FILE *f = fopen(path, "rb");
    if (f == NULL || fseek(f, 0, SEEK_END) != 0)
        die(path, "cannot read");
    g.bytes = (size_t)ftell(f);
    fclose(f);
    return g;
}

static double psnr(const struct image *a, const struct image *b)
{
    double sum = 0;
    size_t n = a->width * a->height;
    for (size_t i = 0; i < n; i++) {
        double r = a->pixels[i].Red - b->pixels[i].Red, g = a->pixels[i].Green - b->pixels[i].Green;
        double u = a->pixels[i].Blue - b->pixels[i].Blue;
        sum += r * r + g * g + u * u;
    }
    return sum == 0 ? 99 : 10 * log10(255.0 * 255 * 3 * (double)n / sum);
}

static double luma(const struct image *a, size_t i)
{
    const GifColorType *c = &a->pixels[i];
    return 0.299 * c->Red + 0.587 * c->Green + 0.114 * c->Blue;
}

/* The products x * y, or x where b is NULL, blurred; a pixel for each window that fits. */
static double *blurred(const struct image *a, const struct image *b)
{
    double tap[TAPS], all = 0;
    for (int i = 0; i < TAPS; i++)
        all += tap[i] = exp(-(i - TAPS / 2) * (i - TAPS / 2) / (2 * 1.5 * 1.5));
    size_t width = a->width - EDGE, height = a->height - EDGE;
    double *row = get(a->width, sizeof *row), *across = get(width * a->height, sizeof *across);
    double *out = get(width * height, sizeof *out);
    for (size_t y = 0; y < a->height; y++) {
        for (size_t x = 0; x < a->width; x++)
            row[x] = luma(a, y * a->width + x) * (b != NULL ? luma(b, y * a->width + x) : 1);
        for (size_t x = 0; x < width; x++)
            for (size_t k = 0; k < TAPS; k++)
                across[y * width + x] += tap[k] / all * row[x + k];
    }
    for (size_t y = 0; y < height; y++)
        for (size_t x = 0; x < width; x++)
            for (size_t k = 0; k < TAPS; k++)
                out[y * width + x] += tap[k] / all * across[(y + k) * width + x];
    free(row);
    free(across);
    return out;
}

static double ssim(const struct image *a, const struct image *b)
{
    const double c1 = 0.01 * 255 * 0.01 * 255, c2 = 0.03 * 255 * 0.03 * 255;
    double *ma = blurred(a, NULL), *mb = blurred(b, NULL);
    double *aa = blurred(a, a), *bb = blurred(b, b), *ab = blurred(a, b), sum = 0;
    size_t n = (a->width - EDGE) * (a->height - EDGE);
    for (size_t i = 0; i < n; i++) {
        double va = aa[i] - ma[i] * ma[i], vb = bb[i] - mb[i] * mb[i], v = ab[i] - ma[i] * mb[i];
        sum += (2 * ma[i] * mb[i] + c1) * (2 * v + c2) /
               ((ma[i] * ma[i] + mb[i] * mb[i] + c1) * (va + vb + c2));
    }
    free(ma);
    free(mb);
    free(aa);
    free(bb);
    free(ab);
    return sum / (double)n;
}

int main(int argc, char **argv)
{
    if (argc < 3)
        die("usage", "gif_quality A.gif B.gif...");
    struct image a = load(argv[1]);
    if (a.width <= EDGE || a.height <= EDGE)
        die(argv[1], "smaller than a window");
    for (int i = 2; i < argc; i++) {
        struct image b = load(argv[i]);
        if (b.width != a.width || b.height != a.height)
            die(argv[i], "of another size");
        printf("%zu %.5f %.7f\n", b.bytes, psnr(&a, &b), ssim(&a, &b));
        free(b.pixels);
    }
    free(a.pixels);
    return 0;
}
