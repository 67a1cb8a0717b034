/* SPDX-License-Identifier: MIT */
/*
 * lzw [-l LEVEL] [-n ROUNDS] [-v] FILE.gif...: LZW alone, ours beside giflib's, in one process.
 *
 *   -l LEVEL   the highest to encode at (1)
 *   -n ROUNDS  of turns (7)
 *   -v         each file, too
 *
 * Each file's first frame is decoded and encoded in turns by both, row by row, from memory; a turn
 * repeats small pictures until they make TURN_PIXELS. The figure of a file is the median over the
 * rounds of giflib's CPU time by ours. Printed: the ratio's least and largest over the files, then
 * geometric means: giflib's and our Mpx/s, the ratio, our bytes by giflib's; and the memory of our
 * state, for encoding with the sink's.
 *
 * Made with WUFFS, decoding is measured beside Wuffs, too, which decodes a file at once.
 */
#include <fcntl.h>
#include <gif_lib.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "formats/gif/lzw_decode.h"
#include "formats/gif/lzw_encode.h"
#include "peers/wuffs.h"

#define MAX_LEVEL 3u /* of lzw_encode.h */
#define TURN_PIXELS 4000000.0
#define MAX_ROUNDS 99

static _Noreturn void die(const char *path, const char *what)
{
    fprintf(stderr, "lzw: %s: %s\n", path, what);
    exit(1);
}

static void *get(size_t bytes)
{
    void *p = malloc(bytes != 0 ? bytes : 1);
    if (p == NULL)
        die("malloc", "no memory");
    return p;
}

static double cpu_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* One file in memory, and its first frame in the forms that the contestants take. */
struct picture {
    const char *path;
    uint8_t *file, *blocks, *indices, *row;
    uint8_t *wuffs;                     /* memory for it; NULL: it is not asked */
    size_t file_bytes, block_bytes, at; /* at: of whoever reads */
    size_t width, height;
    unsigned code_size; /* the byte before the sub-blocks */
    unsigned repeats;
    ColorMapObject *map;
};

/* ---- giflib's side ---- */

static int read_memory(GifFileType *gif, GifByteType *out, int bytes)
{
    struct picture *p = gif->UserData;
    size_t n = (size_t)bytes;
    if (n > p->file_bytes - p->at)
        n = p->file_bytes - p->at;
    memcpy(out, p->file + p->at, n);
    p->at += n;
    return (int)n;
}

/* giflib, standing before the data of the first frame. */
static GifFileType *giflib_at_frame(struct picture *p)
{
    int error;
    p->at = 0;
    GifFileType *gif = DGifOpen(p, read_memory, &error);
    if (gif == NULL)
        die(p->path, GifErrorString(error));
    for (GifRecordType type; DGifGetRecordType(gif, &type) == GIF_OK;) {
        if (type == IMAGE_DESC_RECORD_TYPE && DGifGetImageDesc(gif) == GIF_OK)
            return gif;
        int code;
        GifByteType *data;
        if (type != EXTENSION_RECORD_TYPE || DGifGetExtension(gif, &code, &data) != GIF_OK)
            break;
        while (data != NULL && DGifGetExtensionNext(gif, &data) == GIF_OK)
            ;
    }
    die(p->path, "no frame");
}

static void giflib_decode(struct picture *p, uint8_t *keep)
{
    GifFileType *gif = giflib_at_frame(p);
    for (size_t y = 0; y < p->height; y++) {
        uint8_t *row = keep != NULL ? keep + y * p->width : p->row;
        if (DGifGetLine(gif, row, (int)p->width) != GIF_OK)
            die(p->path, "giflib cannot decode it");
    }
    DGifCloseFile(gif, NULL);
}

static int write_null(GifFileType *gif, const GifByteType *data, int bytes)
{
    (void)data;
    *(size_t *)gif->UserData += (size_t)bytes;
    return bytes;
}

/* Bytes from the code size to the block terminator. */
static size_t giflib_encode(struct picture *p)
{
    int error;
    size_t bytes = 0;
    GifFileType *gif = EGifOpen(&bytes, write_null, &error);
    if (gif == NULL ||
        EGifPutScreenDesc(gif, (int)p->width, (int)p->height, 8, 0, p->map) != GIF_OK ||
        EGifPutImageDesc(gif, 0, 0, (int)p->width, (int)p->height, false, NULL) != GIF_OK)
        die(p->path, "giflib cannot begin to encode it");
    size_t head = bytes;
    for (size_t y = 0; y < p->height; y++) {
        memcpy(p->row, p->indices + y * p->width, p->width); /* giflib masks it in place */
        if (EGifPutLine(gif, p->row, (int)p->width) != GIF_OK)
            die(p->path, "giflib cannot encode it");
    }
    EGifCloseFile(gif, &error);
    return bytes - head; /* less the trailer, and with the code size, which came before head */
}

/* ---- Wuffs's side ---- */

#ifdef WUFFS
static const bool has_wuffs = true;

static const uint8_t *decode_at_once(struct picture *p)
{
    return wuffs_decode(p->file, p->file_bytes, p->width, p->height, p->wuffs);
}
#else
static const bool has_wuffs = false;

static const uint8_t *decode_at_once(struct picture *p)
{
    (void)p;
    return NULL;
}
#endif

/* It takes no part where it cannot, as of frames that are smaller than their canvas. */
static void load_wuffs(struct picture *p)
{
    if (!has_wuffs)
        return;
    p->wuffs = get(p->width * p->height + WUFFS_MORE);
    const uint8_t *indices = decode_at_once(p);
    if (indices != NULL && memcmp(indices, p->indices, p->width * p->height) == 0)
        return;
    free(p->wuffs);
    p->wuffs = NULL;
}

/* ---- our side ---- */

static enum status next_block(void *user, const uint8_t **data, size_t *bytes)
{
    struct picture *p = user;
    *bytes = p->at < p->block_bytes ? p->blocks[p->at] : 0;
    *data = p->blocks + p->at + 1;
    p->at += 1 + *bytes;
    return ST_OK;
}

static void our_decode(struct context *cx, struct picture *p, const uint8_t *wanted)
{
    struct lzw_decoder *z;
    size_t got;
    const char *why = cx->text;
    if (lzw_decoder_open(cx, &z) != ST_OK)
        die(p->path, why);
    p->at = 0;
    lzw_decoder_start(z, p->code_size, (uint64_t)p->width * p->height, next_block, p);
    for (size_t y = 0; y < p->height; y++) {
        if (lzw_decode(z, p->row, p->width, &got, &why) != ST_OK)
            die(p->path, why);
        if (wanted != NULL && memcmp(p->row, wanted + y * p->width, p->width) != 0)
            die(p->path, "we decode it otherwise than giflib");
    }
    lzw_decoder_close(z);
}

static size_t our_encode(struct context *cx, struct picture *p, unsigned level, int null)
{
    struct sink *sink;
    struct lzw_encoder *z;
    if (sink_open_fd(cx, null, &sink) != ST_OK ||
        lzw_encoder_open(cx, sink, p->code_size < 2 ? 2 : p->code_size, (uint32_t)p->width, level,
                         &z) != ST_OK)
        die(p->path, cx->text);
    enum status st = ST_OK;
    for (size_t y = 0; y < p->height && st == ST_OK; y++) {
        memcpy(p->row, p->indices + y * p->width, p->width); /* as giflib's side has to */
        st = lzw_encoder_write(z, p->row, p->width);
    }
    if (st != ST_OK || lzw_encoder_finish(z) != ST_OK || sink_flush(sink) != ST_OK)
        die(p->path, cx->text);
    size_t bytes = (size_t)sink_offset(sink);
    lzw_encoder_close(z);
    sink_close(sink);
    return bytes;
}

/* ---- files ---- */

static void read_file(struct picture *p)
{
    FILE *f = fopen(p->path, "rb");
    if (f == NULL || fseek(f, 0, SEEK_END) != 0)
        die(p->path, "cannot open");
    p->file_bytes = (size_t)ftell(f);
    p->file = get(p->file_bytes);
    rewind(f);
    if (fread(p->file, 1, p->file_bytes, f) != p->file_bytes)
        die(p->path, "cannot read");
    fclose(f);
}

/* Sub-blocks with their length bytes, as they stand in the file. */
static void collect_blocks(struct picture *p)
{
    GifFileType *gif = giflib_at_frame(p);
    p->width = (size_t)gif->Image.Width;
    p->height = (size_t)gif->Image.Height;
    int code_size;
    GifByteType *block;
    p->blocks = get(p->file_bytes); /* more than enough */
    int st = DGifGetCode(gif, &code_size, &block);
    while (st == GIF_OK && block != NULL) {
        memcpy(p->blocks + p->block_bytes, block, (size_t)block[0] + 1);
        p->block_bytes += (size_t)block[0] + 1;
        st = DGifGetCodeNext(gif, &block);
    }
    p->code_size = (unsigned)code_size;
    /* not the file's palette: where it has fewer colors, giflib would encode other indices */
    p->map = GifMakeMapObject(1 << p->code_size, NULL);
    DGifCloseFile(gif, NULL);
}

static void load(struct picture *p, const char *path)
{
    *p = (struct picture){.path = path};
    read_file(p);
    collect_blocks(p);
    p->row = get(p->width);
    p->indices = get(p->width * p->height);
    giflib_decode(p, p->indices);
    load_wuffs(p);
    p->repeats = (unsigned)(TURN_PIXELS / ((double)p->width * (double)p->height)) + 1;
}

static void unload(struct picture *p)
{
    free(p->file);
    free(p->blocks);
    free(p->row);
    free(p->indices);
    free(p->wuffs);
    GifFreeMapObject(p->map);
}

/* ---- figures ---- */

/* What is timed: decoding beside giflib and Wuffs, or encoding at level job - ENCODE. */
enum { DECODE, BESIDE_WUFFS, ENCODE, MAX_JOBS = ENCODE + MAX_LEVEL + 1 };

struct sums {
    unsigned files;
    double log_giflib, log_ours, log_ratio, least, largest, log_bytes;
    size_t state; /* bytes that ours takes, whatever the file */
};

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *v, unsigned n)
{
    qsort(v, n, sizeof *v, ascending);
    return n % 2 == 1 ? v[n / 2] : (v[n / 2 - 1] + v[n / 2]) / 2;
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

static void print_line(unsigned job, const char *what, double giflib, double ours, double ratio,
                       double bytes)
{
    char name[32] = "decode";
    if (job == BESIDE_WUFFS)
        strcpy(name, "or Wuffs");
    if (job >= ENCODE)
        snprintf(name, sizeof name, "encode -O%u", job - ENCODE);
    printf("%-10s  %-32.32s %8.1f %8.1f %7.2f", name, what, giflib, ours, ratio);
    if (job >= ENCODE)
        printf(" %7.4f", bytes);
}

static void one_job(struct context *cx, struct picture *p, unsigned job, unsigned rounds, int null,
                    bool verbose, struct sums *sums)
{
    double giflib[MAX_ROUNDS], ours[MAX_ROUNDS], ratio[MAX_ROUNDS];
    double pixels = (double)p->width * (double)p->height * p->repeats;
    size_t giflib_bytes = 1, our_bytes = 1;
    cx->mem.peak = cx->mem.in_use;
    for (unsigned round = 0; round < rounds; round++) {
        double t0 = cpu_now();
        for (unsigned i = 0; i < p->repeats; i++) {
            if (job == DECODE)
                giflib_decode(p, NULL);
            else if (job == BESIDE_WUFFS)
                decode_at_once(p);
            else
                giflib_bytes = giflib_encode(p);
        }
        double t1 = cpu_now();
        for (unsigned i = 0; i < p->repeats; i++) {
            if (job < ENCODE)
                our_decode(cx, p, NULL);
            else
                our_bytes = our_encode(cx, p, job - ENCODE, null);
        }
        double t2 = cpu_now();
        giflib[round] = pixels / (t1 - t0) / 1e6;
        ours[round] = pixels / (t2 - t1) / 1e6;
        ratio[round] = (t1 - t0) / (t2 - t1);
    }
    sums->state = cx->mem.peak;
    double g = median(giflib, rounds), o = median(ours, rounds), r = median(ratio, rounds);
    double b = (double)our_bytes / (double)giflib_bytes;
    if (verbose) {
        print_line(job, base_name(p->path), g, o, r, b);
        putchar('\n');
    }
    if (sums->files++ == 0 || r < sums->least)
        sums->least = r;
    if (r > sums->largest)
        sums->largest = r;
    sums->log_giflib += log(g);
    sums->log_ours += log(o);
    sums->log_ratio += log(r);
    sums->log_bytes += log(b);
}

static void print_sums(unsigned job, const struct sums *s)
{
    double n = s->files;
    char range[32];
    snprintf(range, sizeof range, "%u files, %.2f .. %.2f", s->files, s->least, s->largest);
    print_line(job, range, exp(s->log_giflib / n), exp(s->log_ours / n), exp(s->log_ratio / n),
               exp(s->log_bytes / n));
    printf("%s %5zu KiB\n", job < ENCODE ? "        " : "", s->state / 1024);
}

int main(int argc, char **argv)
{
    unsigned rounds = 7, level = 1;
    bool verbose = false;
    for (int c; (c = getopt(argc, argv, "l:n:v")) != -1;) {
        if (c == 'n')
            rounds = (unsigned)strtoul(optarg, NULL, 10);
        else if (c == 'l')
            level = (unsigned)strtoul(optarg, NULL, 10);
        else if (c == 'v')
            verbose = true;
        else
            rounds = 0;
    }
    if (rounds < 1 || rounds > MAX_ROUNDS || level > MAX_LEVEL || optind == argc)
        die("usage", "lzw [-l LEVEL] [-n ROUNDS] [-v] FILE.gif...");

    int null = open("/dev/null", O_WRONLY);
    struct context cx;
    context_init(&cx);
    struct sums sums[MAX_JOBS] = {0};
    printf("%-10s  %-32s %8s %8s %7s %7s\n", "LZW alone", "", "giflib", "ours", "ratio", "bytes");
    for (int i = optind; i < argc; i++) {
        struct picture p;
        load(&p, argv[i]);
        our_decode(&cx, &p, p.indices);
        for (unsigned job = 0; job <= ENCODE + level; job++)
            if (job != BESIDE_WUFFS || p.wuffs != NULL)
                one_job(&cx, &p, job, rounds, null, verbose, &sums[job]);
        unload(&p);
    }
    for (unsigned job = 0; job <= ENCODE + level; job++)
        if (sums[job].files > 0)
            print_sums(job, &sums[job]);
    close(null);
    return 0;
}
