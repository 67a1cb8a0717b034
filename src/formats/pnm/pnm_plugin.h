/* SPDX-License-Identifier: MIT */
/* The parts of the PNM plugins: one reader for P1 to P7, writers for PPM, PGM and PAM. */
#ifndef GIFLOW_FORMATS_PNM_PNM_PLUGIN_H
#define GIFLOW_FORMATS_PNM_PNM_PLUGIN_H

#include "formats/format.h"

/* Sources: the manual pages pbm(5), pgm(5), ppm(5), pam(5) of Netpbm. */
struct pnm_header {
    char kind; /* the digit behind the P: '1' .. '3' plain, '4' .. '7' raw */
    uint32_t width, height;
    uint32_t depth;  /* samples of a pixel in the file: 1 .. 4 */
    uint32_t maxval; /* 1 .. 65535 */
    bool inks;       /* a PAM of CMYK, as ImageMagick writes; comes out as RGB */
    enum layout layout;
};

struct pnm_reader {
    struct pnm_header header; /* of the picture whose rows come */
    enum { PNM_READER_HEADER, PNM_READER_ROWS, PNM_READER_DONE } phase;
    uint32_t row;       /* the next one */
    uint8_t scale[256]; /* samples to 0 .. 255, where maxval is less */
    char damage[100];   /* when lenient: the first damage that was stepped over; "" for none */
};

/* Reads from the P to the byte before the raster. */
enum status pnm_header_read(struct decoder *d, struct pnm_header *h) MUST_CHECK;

/* Records an error or, when lenient, remembers it; the place is added. */
enum status pnm_fail(struct decoder *d, enum status st, const char *text);
enum status pnm_damage(struct decoder *d, const char *text);

/* The rows of the picture that reader->header tells of; do not count them. */
void pnm_raster_begin(struct pnm_reader *r);
enum status pnm_raster_row(struct decoder *d, uint8_t *out) MUST_CHECK;
enum status pnm_raster_skip(struct decoder *d, uint32_t rows) MUST_CHECK;

/* How a run of samples ended. */
enum pnm_end {
    PNM_GOOD,
    PNM_JUNK, /* no sample stood where one should */
    PNM_END,  /* the file ended first */
    PNM_OPEN  /* the file ended behind a digit: another may be missing */
};

/* Samples of a plain raster, scaled, to out; NULL: nowhere. *over: one was above maxval. */
enum status pnm_plain_samples(struct decoder *d, uint8_t *out, size_t samples, bool *over,
                              enum pnm_end *end) MUST_CHECK;

/* Rounded to nearest, halves up. maxval * 65535 + maxval / 2 fits 32 bits. */
static inline uint32_t pnm_scaled(uint32_t sample, uint32_t maxval, uint32_t full)
{
    return (sample * full + maxval / 2) / maxval;
}

/* The operations that format.h describes. */
enum status pnm_reader_open(struct decoder *d) MUST_CHECK;
enum status pnm_reader_frame(struct decoder *d, struct frame *out) MUST_CHECK;
enum status pnm_reader_row(struct decoder *d, uint8_t *out) MUST_CHECK;
void pnm_reader_close(struct decoder *d);

struct pnm_writer {
    uint32_t row; /* the next one */
};

enum status pnm_writer_start(struct encoder *e) MUST_CHECK; /* PPM and PGM */
enum status pam_writer_start(struct encoder *e) MUST_CHECK;
enum status pnm_writer_write(struct encoder *e, const uint8_t *row) MUST_CHECK;
enum status pnm_writer_finish(struct encoder *e) MUST_CHECK;
void pnm_writer_discard(struct encoder *e);

/* The white space of the header and of plain rasters, whatever the locale. */
static inline bool pnm_is_space(int c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

#endif
