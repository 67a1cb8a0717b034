/* SPDX-License-Identifier: MIT */
/*
 * Pictures as other decoders read them, to compare ours with, by giflib's, libpng's or libjpeg's
 * own ways of reading.
 *
 * refdecode FILE                     a GIF, PNG or JPEG as PAM
 * refdecode same OURS.pam B.pam      compares two such files
 * refdecode rgba RAW B.pam           the same for 8-bit RGBA bytes
 * refdecode draw WIDTH HEIGHT COLORS a picture as PPM
 */
#include <gif_lib.h>
#include <png.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>

/* Samples of depth channels, one or two bytes each, the high one first, as PAM has them. */
struct image {
    size_t width, height, depth, bytes;
    uint8_t *samples;
};

static _Noreturn void die(const char *what)
{
    fprintf(stderr, "refdecode: %s\n", what);
    exit(3);
}

static struct image image_new(size_t width, size_t height, size_t depth, size_t bytes)
{
    struct image im = {width, height, depth, bytes, NULL};
    size_t row = width * depth * bytes;
    if (row == 0 || height == 0 || height > SIZE_MAX / row)
        die("no size");
    im.samples = calloc(height, row);
    if (im.samples == NULL)
        die("no memory");
    return im;
}

static void image_write(const struct image *im)
{
    static const char *const type[] = {"GRAYSCALE", "GRAYSCALE_ALPHA", "RGB", "RGB_ALPHA"};
    printf("P7\nWIDTH %zu\nHEIGHT %zu\nDEPTH %zu\nMAXVAL %u\nTUPLTYPE %s\nENDHDR\n", im->width,
           im->height, im->depth, im->bytes == 2 ? 65535u : 255u, type[im->depth - 1]);
    fwrite(im->samples, im->width * im->depth * im->bytes, im->height, stdout);
    if (fflush(stdout) != 0 || ferror(stdout))
        die("cannot write");
}

/* --- GIF: the first image on its canvas --- */

static void gif_line(const struct image *im, const GifFileType *gif, const GifPixelType *line,
                     long y, int transparent)
{
    const GifImageDesc *d = &gif->Image;
    const ColorMapObject *map = d->ColorMap != NULL ? d->ColorMap : gif->SColorMap;
    y += d->Top;
    if (y < 0 || (size_t)y >= im->height)
        return;
    for (long x = 0; x < d->Width; x++) {
        size_t at = (size_t)(x + d->Left);
        if (at >= im->width)
            break;
        uint8_t *to = im->samples + ((size_t)y * im->width + at) * 4;
        if (line[x] == transparent)
            continue; /* the canvas shows through */
        to[3] = 255;
        if (map != NULL && line[x] < map->ColorCount) {
            to[0] = map->Colors[line[x]].Red;
            to[1] = map->Colors[line[x]].Green;
            to[2] = map->Colors[line[x]].Blue;
        }
    }
}

static void gif_extension(GifFileType *gif, int *transparent)
{
    int code;
    GifByteType *block;
    GraphicsControlBlock control;
    if (DGifGetExtension(gif, &code, &block) == GIF_ERROR)
        die("extension");
    if (code == GRAPHICS_EXT_FUNC_CODE && block != NULL &&
        DGifExtensionToGCB(block[0], block + 1, &control) == GIF_OK)
        *transparent = control.TransparentColor;
    while (block != NULL)
        if (DGifGetExtensionNext(gif, &block) == GIF_ERROR)
            die("extension");
}

static void gif_pixels(const struct image *im, GifFileType *gif, int transparent)
{
    static const int start[] = {0, 4, 2, 1}, step[] = {8, 8, 4, 2};
    GifPixelType *line = malloc((size_t)gif->Image.Width + 1);
    if (line == NULL)
        die("no memory");
    bool interlace = gif->Image.Interlace;
    for (int pass = 0; pass < (interlace ? 4 : 1); pass++)
        for (int y = interlace ? start[pass] : 0; y < gif->Image.Height;
             y += interlace ? step[pass] : 1) {
            if (DGifGetLine(gif, line, gif->Image.Width) == GIF_ERROR)
                die(GifErrorString(gif->Error));
            gif_line(im, gif, line, y, transparent);
        }
    free(line);
}

static struct image read_gif(const char *path)
{
    int error, transparent = NO_TRANSPARENT_COLOR;
    GifFileType *gif = DGifOpenFileName(path, &error);
    if (gif == NULL)
        die(GifErrorString(error));
    for (;;) {
        GifRecordType record;
        if (DGifGetRecordType(gif, &record) == GIF_ERROR)
            die(GifErrorString(gif->Error));
        if (record == EXTENSION_RECORD_TYPE) {
            gif_extension(gif, &transparent);
        } else if (record == TERMINATE_RECORD_TYPE) {
            die("no image");
        } else {
            if (DGifGetImageDesc(gif) == GIF_ERROR)
                die(GifErrorString(gif->Error));
            const GifImageDesc *d = &gif->Image;
            struct image im =
                image_new((size_t)(gif->SWidth > 0 ? gif->SWidth : d->Left + d->Width),
                          (size_t)(gif->SHeight > 0 ? gif->SHeight : d->Top + d->Height), 4, 1);
            gif_pixels(&im, gif, transparent);
            DGifCloseFile(gif, &error);
            return im;
        }
    }
}

/* --- PNG: all at once, as libpng expands it --- */

static struct image read_png(FILE *f)
{
    png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
    png_infop info = png == NULL ? NULL : png_create_info_struct(png);
    if (info == NULL)
        die("libpng");
    if (setjmp(png_jmpbuf(png)) != 0)
        die("libpng");
    png_init_io(png, f);
    png_set_user_limits(png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
    png_set_chunk_malloc_max(png, 0);
    png_read_png(png, info, PNG_TRANSFORM_EXPAND, NULL);
    size_t width = png_get_image_width(png, info), height = png_get_image_height(png, info);
    struct image im =
        image_new(width, height, png_get_channels(png, info), png_get_bit_depth(png, info) / 8u);
    png_bytepp rows = png_get_rows(png, info);
    for (size_t y = 0; y < height; y++)
        memcpy(im.samples + y * width * im.depth * im.bytes, rows[y], width * im.depth * im.bytes);
    png_destroy_read_struct(&png, &info, NULL);
    return im;
}

/* --- JPEG: as djpeg; inks are taken as inverted, and mixed without a profile --- */

static struct image read_jpeg(FILE *f)
{
    struct jpeg_decompress_struct j;
    struct jpeg_error_mgr mgr;
    j.err = jpeg_std_error(&mgr);
    jpeg_create_decompress(&j);
    jpeg_stdio_src(&j, f);
    jpeg_read_header(&j, TRUE);
    jpeg_start_decompress(&j);
    struct image im =
        image_new(j.output_width, j.output_height, j.output_components == 1 ? 1 : 3, 1);
    JSAMPROW line = malloc((size_t)j.output_width * (size_t)j.output_components);
    if (line == NULL)
        die("no memory");
    uint8_t *to = im.samples;
    for (size_t y = 0; y < im.height; y++) {
        jpeg_read_scanlines(&j, &line, 1);
        for (size_t x = 0; x < im.width; x++)
            for (size_t c = 0; c < im.depth; c++)
                *to++ = j.output_components == 4
                            ? (uint8_t)((line[4 * x + c] * line[4 * x + 3] + 127) / 255)
                            : line[(size_t)j.output_components * x + c];
    }
    jpeg_finish_decompress(&j);
    jpeg_destroy_decompress(&j);
    free(line);
    return im;
}

static struct image read_picture(const char *path)
{
    FILE *f = fopen(path, "rb");
    if (f == NULL)
        die("cannot open the file");
    int head = getc(f);
    rewind(f);
    struct image im;
    if (head == 'G')
        im = read_gif(path);
    else if (head == 0x89)
        im = read_png(f);
    else
        im = read_jpeg(f);
    fclose(f);
    return im;
}

/* --- comparing --- */

/* alone: nothing may follow. netpbm copies all pictures of a file. */
static struct image read_pam(const char *path, bool alone)
{
    FILE *f = fopen(path, "rb");
    char line[256], word[32];
    size_t value[4] = {0}, number; /* WIDTH HEIGHT DEPTH MAXVAL, by their third letters */
    if (f == NULL || fgets(line, sizeof line, f) == NULL || strcmp(line, "P7\n") != 0)
        die("not a PAM file");
    while (fgets(line, sizeof line, f) != NULL && strcmp(line, "ENDHDR\n") != 0)
        if (sscanf(line, "%31s %zu", word, &number) == 2)
            value[strcmp(word, "WIDTH") == 0    ? 0
                  : strcmp(word, "HEIGHT") == 0 ? 1
                  : strcmp(word, "DEPTH") == 0  ? 2
                                                : 3] = number;
    if (value[3] != 255 && value[3] != 65535)
        die("neither of 8 nor of 16 bits");
    struct image im = image_new(value[0], value[1], value[2], value[3] == 255 ? 1 : 2);
    if (fread(im.samples, im.width * im.depth * im.bytes, im.height, f) != im.height ||
        (alone && getc(f) != EOF))
        die("not as long as its header says");
    fclose(f);
    return im;
}

static struct image read_rgba(const char *path, const struct image *like)
{
    struct image im = image_new(like->width, like->height, 4, 1);
    FILE *f = fopen(path, "rb");
    if (f == NULL || fread(im.samples, im.width * 4, im.height, f) != im.height || getc(f) != EOF)
        die("other size");
    fclose(f);
    return im;
}

static unsigned sample(const struct image *im, size_t pixel, size_t channel)
{
    const uint8_t *p = im->samples + (pixel * im->depth + channel) * im->bytes;
    return im->bytes == 2 ? p[0] * 256u + p[1] : p[0] * 257u;
}

/* Red, green, blue, alpha, of 16 bits. Nobody sees the color of a transparent pixel. */
static void look(const struct image *im, size_t pixel, unsigned out[4])
{
    bool color = im->depth >= 3, alpha = im->depth % 2 == 0;
    for (size_t i = 0; i < 3; i++)
        out[i] = sample(im, pixel, color ? i : 0);
    out[3] = alpha ? sample(im, pixel, im->depth - 1) : 65535;
    if (out[3] == 0)
        out[0] = out[1] = out[2] = 0;
}

static int compare(const struct image *a, const struct image *b)
{
    if (a->width != b->width || a->height != b->height) {
        printf("%zu x %zu and %zu x %zu\n", a->width, a->height, b->width, b->height);
        return 1;
    }
    size_t differ = 0, first = 0;
    unsigned p[4], q[4];
    for (size_t i = 0; i < a->width * a->height; i++) {
        look(a, i, p);
        look(b, i, q);
        if (memcmp(p, q, sizeof p) != 0 && differ++ == 0)
            first = i;
    }
    if (differ == 0)
        return 0;
    look(a, first, p);
    look(b, first, q);
    printf("%zu of %zu pixels differ, the first at %zu,%zu: %04x %04x %04x %04x and %04x %04x %04x "
           "%04x\n",
           differ, a->width * a->height, first % a->width, first / a->width, p[0], p[1], p[2], p[3],
           q[0], q[1], q[2], q[3]);
    return 1;
}

/* Exactly so many colors, opaque ones, as far as there are pixels; as PPM, which all tools read. */
static void draw(unsigned long width, unsigned long height, unsigned long colors)
{
    unsigned long state = 1;
    printf("P6\n%lu %lu\n255\n", width, height);
    for (unsigned long i = 0; i < width * height; i++) {
        state = (state * 1103515245 + 12345) & 0x7fffffff;
        unsigned long c = i < colors ? i : state / 65536 % colors;
        const uint8_t rgb[3] = {(uint8_t)(c * 37), (uint8_t)c, (uint8_t)(255 - c)};
        fwrite(rgb, 1, 3, stdout);
    }
    if (fflush(stdout) != 0 || ferror(stdout))
        die("cannot write");
}

int main(int argc, char **argv)
{
    if (argc == 5 && strcmp(argv[1], "draw") == 0) {
        draw(strtoul(argv[2], NULL, 10), strtoul(argv[3], NULL, 10), strtoul(argv[4], NULL, 10));
        return 0;
    }
    if (argc == 4 && strcmp(argv[1], "same") == 0) {
        struct image a = read_pam(argv[2], true), b = read_pam(argv[3], false);
        return compare(&a, &b);
    }
    if (argc == 4 && strcmp(argv[1], "rgba") == 0) {
        struct image b = read_pam(argv[3], true), a = read_rgba(argv[2], &b);
        return compare(&a, &b);
    }
    if (argc != 2) {
        fputs("usage: refdecode FILE, or: refdecode same|rgba A B, or: refdecode draw W H N\n",
              stderr);
        return 2;
    }
    struct image im = read_picture(argv[1]);
    image_write(&im);
    return 0;
}
