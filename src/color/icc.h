/* SPDX-License-Identifier: MIT */
/* Pixels of an ICC profile to sRGB, by Little CMS, which is loaded when it is needed only. */
#ifndef GIFLOW_COLOR_ICC_H
#define GIFLOW_COLOR_ICC_H

#include "raster/picture.h"

struct icc;

enum icc_verdict {
    ICC_CONVERTS,
    ICC_IS_SRGB,    /* the values are right as they are */
    ICC_NO_LIBRARY, /* liblcms2 is not installed */
    ICC_UNUSABLE    /* no profile for these pixels, or one that makes no sense */
};

/* A color space without a profile: values to the power of exponent are linear light. */
struct colorants {
    double exponent;   /* 0: the curve of sRGB */
    double x[4], y[4]; /* chromaticities of white, red, green, blue */
};

/*
 * For rows of a layout that is no palette; colors that are looked up one by one are LAYOUT_RGBA8.
 * *out is set for ICC_CONVERTS only. Errors: ST_NOMEM.
 */
enum status icc_open(struct context *cx, const uint8_t *profile, size_t bytes, enum layout layout,
                     enum icc_verdict *verdict, struct icc **out) MUST_CHECK;
/* The same for such a color space; of gray the exponent alone counts. Never ICC_IS_SRGB. */
enum status icc_open_colorants(struct context *cx, const struct colorants *c, enum layout layout,
                               enum icc_verdict *verdict, struct icc **out) MUST_CHECK;
/* For rows of cyan, magenta, yellow and black, 8 bits each, 255 for none. Never ICC_IS_SRGB. */
enum status icc_open_inks(struct context *cx, const uint8_t *profile, size_t bytes,
                          enum icc_verdict *verdict, struct icc **out) MUST_CHECK;
void icc_close(struct icc *icc); /* icc may be NULL */
/* In place. Gray stays gray, alpha stays as it is. */
void icc_convert(struct icc *icc, uint8_t *row, uint32_t width);
void icc_convert_inks(struct icc *icc, const uint8_t *inks, uint8_t *rgb, uint32_t width);

#endif
