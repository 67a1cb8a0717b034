/* SPDX-License-Identifier: MIT */
/*
 * picture KIND WIDTH HEIGHT [COLORS [GRAIN [SEED]]]: a picture to measure with, on standard output.
 *
 *   KIND    gif        the smallest color table that holds COLORS
 *           scattered  a table of 256; the COLORS used stand all over it
 *           ppm        true color; COLORS is not looked at
 *   COLORS  2 .. 256 (200)
 *   GRAIN   noise of a pixel against its neighbors, in hundredths of the whole range (2)
 *
 * Value noise in octaves gives what photographs have: shapes at every size, and between them areas
 * as smooth as sky and others as restless as leaves, for the grain follows a noise of its own. The
 * same arguments give the same bytes. Rows are made one after another, so height costs no memory.
 */
#include <gif_lib.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OCTAVES 7
#define LARGEST_CELL 512u /* pixels between the lattice points of the first octave */
#define RANGE 65536       /* of values */

/* One field of smooth noise; each octave has half the cell and half the weight of the one before.
 */
struct noise {
    uint32_t seed;
    unsigned octaves;
    int32_t *row; /* values 0 .. RANGE - 1 */
};

struct scene {
    uint32_t width, height, colors, grain, seed, random;
    struct noise light, rough, red, blue;
};

static _Noreturn void die(const char *what)
{
    fprintf(stderr, "picture: %s\n", what);
    exit(1);
}

static void *get(size_t count, size_t bytes_each)
{
    void *p = calloc(count, bytes_each);
    if (p == NULL)
        die("no memory");
    return p;
}

/* The value at a lattice point: the finalizer of MurmurHash3 over its place. */
static int32_t lattice(uint32_t seed, uint32_t x, uint32_t y)
{
    uint32_t h = seed ^ x * 0x9e3779b1u ^ y * 0x85ebca77u;
    h = (h ^ h >> 16) * 0x85ebca6bu;
    h = (h ^ h >> 13) * 0xc2b2ae35u;
    return (int32_t)((h ^ h >> 16) >> 16);
}

/* a .. b as t goes from 0 to 65535 */
static int32_t between(int32_t a, int32_t b, uint32_t t)
{
    return a + (int32_t)((int64_t)(b - a) * t >> 16);
}

/* 3t^2 - 2t^3, so that cells leave no creases */
static uint32_t smooth(uint32_t at, uint32_t cell)
{
    uint64_t t = ((uint64_t)at << 16) / cell;
    return (uint32_t)((t * t >> 16) * (3 * 65536 - 2 * t) >> 16);
}

static void add_octave(struct noise *n, unsigned octave, uint32_t width, uint32_t y)
{
    uint32_t cell = LARGEST_CELL >> octave, seed = n->seed + octave * 77;
    uint32_t ty = smooth(y % cell, cell), cy = y / cell;
    uint32_t tx[LARGEST_CELL];
    for (uint32_t i = 0; i < cell; i++)
        tx[i] = smooth(i, cell);
    int32_t right = between(lattice(seed, 0, cy), lattice(seed, 0, cy + 1), ty);
    for (uint32_t x = 0; x < width; x += cell) {
        uint32_t cx = x / cell + 1;
        int32_t left = right;
        right = between(lattice(seed, cx, cy), lattice(seed, cx, cy + 1), ty);
        uint32_t count = width - x < cell ? width - x : cell;
        for (uint32_t i = 0; i < count; i++)
            n->row[x + i] += between(left, right, tx[i]) >> (octave + 1);
    }
}

static const int32_t *noise_row(struct noise *n, uint32_t width, uint32_t y)
{
    memset(n->row, 0, width * sizeof *n->row);
    for (unsigned octave = 0; octave < n->octaves; octave++)
        add_octave(n, octave, width, y);
    return n->row;
}

static struct noise noise_open(uint32_t seed, unsigned octaves, uint32_t width)
{
    return (struct noise){seed, octaves, get(width, sizeof(int32_t))};
}

static int32_t limit(int32_t value)
{
    return value < 0 ? 0 : value >= RANGE ? RANGE - 1 : value;
}

/* The light of a row's pixels, with more contrast than the sum of octaves has, and grain. */
static const int32_t *light_row(struct scene *s, uint32_t y)
{
    noise_row(&s->light, s->width, y);
    noise_row(&s->rough, s->width, y);
    int32_t *light = s->light.row;
    for (uint32_t x = 0; x < s->width; x++) {
        int32_t amount = limit(3 * s->rough.row[x] - RANGE); /* none over half of the picture */
        amount = (int32_t)((int64_t)amount * s->grain / 100);
        s->random = s->random * 1664525u + 1013904223u;
        int32_t grain = (int32_t)((int64_t)amount * ((int32_t)(s->random >> 16) - 32768) >> 16);
        light[x] = limit(2 * light[x] - RANGE / 2 + grain);
    }
    return light;
}

/* Dusk: from a dark blue through red to a pale yellow. */
static GifColorType color(uint32_t i, uint32_t count)
{
    uint32_t t = i * 255 / (count - 1);
    return (GifColorType){
        .Red = (GifByteType)(t < 128 ? 10 + t * 7 / 4 : 233 + (t - 128) / 6),
        .Green = (GifByteType)(8 + t * t / 270),
        .Blue = (GifByteType)(t < 96    ? 60 + t / 2
                              : t < 160 ? 108 - (t - 96)
                                        : 44 + (t - 160) * 2),
    };
}

static int write_stdout(GifFileType *gif, const GifByteType *data, int bytes)
{
    (void)gif;
    return (int)fwrite(data, 1, (size_t)bytes, stdout);
}

static void write_gif(struct scene *s, int table, bool scattered)
{
    GifColorType entries[256];
    GifByteType place[256], *row = get(s->width, 1);
    for (int i = 0; i < table; i++) /* fillers, each different */
        entries[i] = (GifColorType){(GifByteType)i, (GifByteType)(255 - i), (GifByteType)(7 * i)};
    for (uint32_t i = 0; i < s->colors; i++) {
        place[i] = (GifByteType)(scattered ? i * 37 + 11 : i);
        entries[place[i]] = color(i, s->colors);
    }

    int error;
    GifFileType *gif = EGifOpen(NULL, write_stdout, &error);
    ColorMapObject *map = GifMakeMapObject(table, entries);
    int width = (int)s->width, height = (int)s->height;
    if (gif == NULL || map == NULL || EGifPutScreenDesc(gif, width, height, 8, 0, map) != GIF_OK ||
        EGifPutImageDesc(gif, 0, 0, width, height, false, NULL) != GIF_OK)
        die("giflib cannot begin");
    for (uint32_t y = 0; y < s->height; y++) {
        const int32_t *light = light_row(s, y);
        for (uint32_t x = 0; x < s->width; x++)
            row[x] = place[(uint32_t)light[x] * s->colors / RANGE];
        if (EGifPutLine(gif, row, width) != GIF_OK)
            die("giflib cannot write");
    }
    if (EGifCloseFile(gif, &error) != GIF_OK)
        die("giflib cannot end");
    GifFreeMapObject(map);
    free(row);
}

static void write_ppm(struct scene *s)
{
    uint8_t *row = get(s->width, 3);
    printf("P6 %u %u 255\n", s->width, s->height);
    for (uint32_t y = 0; y < s->height; y++) {
        const int32_t *light = light_row(s, y);
        const int32_t *red = noise_row(&s->red, s->width, y);
        const int32_t *blue = noise_row(&s->blue, s->width, y);
        for (uint32_t x = 0; x < s->width; x++) {
            int32_t warm = (red[x] - RANGE / 2) / 2, cold = (blue[x] - RANGE / 2) / 2;
            row[3 * x] = (uint8_t)(limit(light[x] + warm) >> 8);
            row[3 * x + 1] = (uint8_t)(limit(light[x] - (warm + cold) / 2) >> 8);
            row[3 * x + 2] = (uint8_t)(limit(light[x] + cold) >> 8);
        }
        if (fwrite(row, 3, s->width, stdout) != s->width)
            die("cannot write");
    }
    free(row);
}

/* A number within a range, or the default where the argument is absent. */
static uint32_t number(const char *text, uint32_t least, uint32_t most, uint32_t absent)
{
    if (text == NULL)
        return absent;
    char *end;
    unsigned long n = strtoul(text, &end, 10);
    if (end == text || *end != '\0' || n < least || n > most)
        die("a number is out of range");
    return (uint32_t)n;
}

int main(int argc, char **argv)
{
    if (argc < 4 || argc > 7)
        die("usage: picture gif|scattered|ppm WIDTH HEIGHT [COLORS [GRAIN [SEED]]]");
    argv[argc] = NULL;
    struct scene s = {
        .width = number(argv[2], 1, 65535, 0),
        .height = number(argv[3], 1, 65535, 0),
        .colors = number(argv[4], 2, 256, 200),
        .grain = number(argc > 5 ? argv[5] : NULL, 0, 100, 2),
        .seed = number(argc > 6 ? argv[6] : NULL, 0, UINT32_MAX, 1),
    };
    s.random = s.seed;
    s.light = noise_open(s.seed * 4, OCTAVES, s.width);
    s.rough = noise_open(s.seed * 4 + 1, 3, s.width);
    s.red = noise_open(s.seed * 4 + 2, 4, s.width);
    s.blue = noise_open(s.seed * 4 + 3, 4, s.width);

    int table = 2;
    while ((uint32_t)table < s.colors)
        table *= 2;
    if (strcmp(argv[1], "gif") == 0)
        write_gif(&s, table, false);
    else if (strcmp(argv[1], "scattered") == 0)
        write_gif(&s, 256, true);
    else if (strcmp(argv[1], "ppm") == 0)
        write_ppm(&s);
    else
        die("KIND is gif, scattered or ppm");

    free(s.light.row);
    free(s.rough.row);
    free(s.red.row);
    free(s.blue.row);
    return fclose(stdout) == 0 ? 0 : 1;
}
