/* SPDX-License-Identifier: MIT */
/* The few functions of Little CMS 2 that this takes, by name, so that other runs do not load it. */
#include "color/icc.h"

#include <dlfcn.h>
#include <string.h>

#include "base/mem.h"
#include "base/size.h"
#include "color/icc_tags.h"

/* Pixel formats as lcms2.h packs them: color space, extra channels, channels, bytes a sample. */
#define FORMAT(space, extra, channels, bytes) \
    ((uint32_t)(space) << 16 | (uint32_t)(extra) << 7 | (uint32_t)(channels) << 3 | (bytes))
#define SPACE_GRAY 3
#define SPACE_RGB 4
#define SPACE_CMYK 6
#define INVERTED (1u << 13) /* the most stands for nothing */
#define INTENT_PERCEPTUAL 0
#define FLAG_COPY_ALPHA 0x04000000u
/*
 * Else it makes tables: of gray, too coarse for the dark end of a steep curve; of colors of 16
 * bits, with 33 points across, off by a tenth where a color leaves the gamut. Of 8 bits it makes
 * none for matrices.
 */
#define FLAG_NO_OPTIMIZE 0x0100u

/* Little CMS's number of the curve y = ((x * b + c) ^ g) or, below e, y = x * d. */
#define CURVE_LINEAR_START 4

/* cmsCIExyY, and three of them for red, green and blue. */
struct xyy {
    double x, y, luminance;
};

/* Pixels that are converted at a time, where they need a place of their own. */
#define CHUNK 1024

struct lcms {
    void *handle; /* of the library */
    void *(*open_memory)(const void *data, uint32_t bytes);
    void *(*create_srgb)(void);
    void *(*create_curve)(void *context, int32_t type, const double *parameters);
    void (*free_curve)(void *curve);
    void *(*create_rgb)(const struct xyy *white, const struct xyy *primaries, void *const *curves);
    void *(*create_gray)(const struct xyy *white, const void *curve);
    int (*close_profile)(void *profile);
    void *(*create_transform)(void *in, uint32_t in_format, void *out, uint32_t out_format,
                              uint32_t intent, uint32_t flags);
    void (*delete_transform)(void *transform);
    void (*convert)(void *transform, const void *in, void *out, uint32_t pixels);
};

struct icc {
    struct context *cx;
    struct lcms lcms;
    void *transform;
    const struct layout_info *layout;
    uint16_t chunk[CHUNK * 4]; /* RGB of gray pixels, with their alpha */
    bool by_table;
    uint8_t table[256]; /* of gray samples of 8 bits */
};

/* ISO C has no cast from an object's address to a function's; POSIX has it work like this. */
static bool find(struct lcms *l, const char *name, void *function)
{
    void *found = dlsym(l->handle, name);
    memcpy(function, &found, sizeof found);
    return found != NULL;
}

static bool load(struct lcms *l)
{
    l->handle = dlopen("liblcms2.so.2", RTLD_NOW | RTLD_LOCAL);
    return l->handle != NULL && find(l, "cmsOpenProfileFromMem", &l->open_memory) &&
           find(l, "cmsCreate_sRGBProfile", &l->create_srgb) &&
           find(l, "cmsBuildParametricToneCurve", &l->create_curve) &&
           find(l, "cmsFreeToneCurve", &l->free_curve) &&
           find(l, "cmsCreateRGBProfile", &l->create_rgb) &&
           find(l, "cmsCreateGrayProfile", &l->create_gray) &&
           find(l, "cmsCloseProfile", &l->close_profile) &&
           find(l, "cmsCreateTransform", &l->create_transform) &&
           find(l, "cmsDeleteTransform", &l->delete_transform) &&
           find(l, "cmsDoTransform", &l->convert);
}

static void *make_profile(const struct lcms *l, const struct colorants *c, bool color)
{
    const double srgb[5] = {2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045}; /* IEC 61966-2-1 */
    struct xyy xyy[4];
    void *curve = c->exponent == 0 ? l->create_curve(NULL, CURVE_LINEAR_START, srgb)
                                   : l->create_curve(NULL, 1, &c->exponent),
         *profile;
    if (curve == NULL)
        return NULL;
    for (int i = 0; i < 4; i++)
        xyy[i] = (struct xyy){c->x[i], c->y[i], 1};
    if (color)
        profile = l->create_rgb(xyy, xyy + 1, (void *[]){curve, curve, curve});
    else
        profile = l->create_gray(xyy, curve);
    l->free_curve(curve);
    return profile;
}

/* Takes in over; NULL: it is of no use. */
static void *make_transform(const struct lcms *l, void *in, uint32_t from, uint32_t to,
                            uint32_t flags)
{
    void *out = l->create_srgb();
    void *transform = in == NULL || out == NULL
                          ? NULL
                          : l->create_transform(in, from, out, to, INTENT_PERCEPTUAL, flags);
    if (in != NULL)
        l->close_profile(in);
    if (out != NULL)
        l->close_profile(out);
    return transform;
}

static void *layout_transform(const struct lcms *l, const struct layout_info *layout, void *in)
{
    uint32_t sample = layout->bits / 8, alpha = layout->alpha;
    bool exact = !layout->color || sample == 2;
    uint32_t flags = (alpha ? FLAG_COPY_ALPHA : 0) | (exact ? FLAG_NO_OPTIMIZE : 0);
    uint32_t from =
        layout->color ? FORMAT(SPACE_RGB, alpha, 3, sample) : FORMAT(SPACE_GRAY, alpha, 1, sample);
    return make_transform(l, in, from, FORMAT(SPACE_RGB, alpha, 3, sample), flags);
}

/* Little CMS makes a copy of its own. *out NULL: it cannot make sense of it. */
static enum status open_profile(struct context *cx, const struct lcms *l, const uint8_t *profile,
                                size_t bytes, void **out)
{
    uint8_t *plain;
    *out = NULL;
    if (!icc_is_for_pixels(profile))
        return ST_OK;
    enum status st = icc_without_bombs(cx, profile, bytes, &plain);
    if (st == ST_OK)
        *out = l->open_memory(plain != NULL ? plain : profile, (uint32_t)bytes);
    mem_free(cx, plain);
    return st;
}

/* sRGB's grays have three equal values, but for rounding: green is the one that counts most. */
static void convert_gray(struct icc *icc, uint8_t *row, uint32_t width)
{
    const struct layout_info *layout = icc->layout;
    size_t sample = layout->bits / 8, rgb = (layout->alpha ? 4 : 3) * sample;
    while (width > 0) {
        uint32_t n = min_u32(width, CHUNK);
        const uint8_t *from = (const uint8_t *)icc->chunk + sample;
        icc->lcms.convert(icc->transform, row, icc->chunk, n);
        for (uint32_t i = 0; i < n; i++, row += layout->bytes, from += rgb)
            memcpy(row, from, sample);
        width -= n;
    }
}

static void make_table(struct icc *icc)
{
    uint8_t pixels[256 * 2] = {0};
    for (unsigned i = 0; i < 256; i++)
        pixels[i * icc->layout->bytes] = (uint8_t)i;
    convert_gray(icc, pixels, 256);
    for (unsigned i = 0; i < 256; i++)
        icc->table[i] = pixels[i * icc->layout->bytes];
    icc->by_table = true;
}

/* *verdict: ICC_NO_LIBRARY, or what holds if nothing comes of it. */
static enum status start(struct context *cx, const struct layout_info *layout,
                         enum icc_verdict *verdict, struct icc **out)
{
    struct icc *icc = mem_zalloc(cx, sizeof *icc);
    if (icc == NULL)
        return cx->status;
    icc->cx = cx;
    icc->layout = layout;
    *verdict = load(&icc->lcms) ? ICC_UNUSABLE : ICC_NO_LIBRARY;
    *out = icc;
    return ST_OK;
}

/* Keeps *icc where it has a transform. */
static void settle(enum icc_verdict *verdict, struct icc **icc)
{
    if ((*icc)->transform != NULL) {
        *verdict = ICC_CONVERTS;
        return;
    }
    icc_close(*icc);
    *icc = NULL;
}

/* profile NULL: of c. */
static enum status open_any(struct context *cx, const uint8_t *profile, size_t bytes,
                            const struct colorants *c, enum layout layout,
                            enum icc_verdict *verdict, struct icc **out)
{
    const struct layout_info *info = layout_info(layout);
    enum status st = start(cx, info, verdict, out);
    void *in = NULL;
    if (st != ST_OK)
        return st;
    struct icc *icc = *out;
    if (*verdict != ICC_NO_LIBRARY && profile == NULL)
        in = make_profile(&icc->lcms, c, info->color);
    else if (*verdict != ICC_NO_LIBRARY)
        st = open_profile(cx, &icc->lcms, profile, bytes, &in);
    if (in != NULL)
        icc->transform = layout_transform(&icc->lcms, info, in);
    settle(verdict, out);
    if (*out != NULL && !info->color && info->bits == 8)
        make_table(icc);
    return st;
}

enum status icc_open_inks(struct context *cx, const uint8_t *profile, size_t bytes,
                          enum icc_verdict *verdict, struct icc **out)
{
    void *in = NULL;
    *out = NULL;
    *verdict = ICC_UNUSABLE;
    if (bytes < ICC_BYTES_MIN || bytes > UINT32_MAX || memcmp(profile + 16, "CMYK", 4) != 0)
        return ST_OK;
    enum status st = start(cx, layout_info(LAYOUT_RGB8), verdict, out);
    if (st != ST_OK)
        return st;
    if (*verdict != ICC_NO_LIBRARY)
        st = open_profile(cx, &(*out)->lcms, profile, bytes, &in);
    if (in != NULL)
        (*out)->transform =
            make_transform(&(*out)->lcms, in, FORMAT(SPACE_CMYK, 0, 4, 1) | INVERTED,
                           FORMAT(SPACE_RGB, 0, 3, 1), 0);
    settle(verdict, out);
    return st;
}

void icc_convert_inks(struct icc *icc, const uint8_t *inks, uint8_t *rgb, uint32_t width)
{
    icc->lcms.convert(icc->transform, inks, rgb, width);
}

enum status icc_open(struct context *cx, const uint8_t *profile, size_t bytes, enum layout layout,
                     enum icc_verdict *verdict, struct icc **out)
{
    const struct layout_info *info = layout_info(layout);
    *out = NULL;
    *verdict = ICC_UNUSABLE;
    if (bytes < ICC_BYTES_MIN || bytes > UINT32_MAX || layout == LAYOUT_INDEX8 ||
        memcmp(profile + 16, info->color ? "RGB " : "GRAY", 4) != 0)
        return ST_OK;
    if (icc_says_srgb(profile, bytes)) {
        *verdict = ICC_IS_SRGB;
        return ST_OK;
    }
    return open_any(cx, profile, bytes, NULL, layout, verdict, out);
}

enum status icc_open_colorants(struct context *cx, const struct colorants *c, enum layout layout,
                               enum icc_verdict *verdict, struct icc **out)
{
    *out = NULL;
    *verdict = ICC_UNUSABLE;
    return layout == LAYOUT_INDEX8 ? ST_OK : open_any(cx, NULL, 0, c, layout, verdict, out);
}

void icc_close(struct icc *icc)
{
    if (icc == NULL)
        return;
    if (icc->transform != NULL)
        icc->lcms.delete_transform(icc->transform);
    if (icc->lcms.handle != NULL)
        dlclose(icc->lcms.handle);
    mem_free(icc->cx, icc);
}

void icc_convert(struct icc *icc, uint8_t *row, uint32_t width)
{
    if (icc->layout->color) /* Little CMS reads a pixel before it writes it */
        icc->lcms.convert(icc->transform, row, row, width);
    else if (!icc->by_table)
        convert_gray(icc, row, width);
    else
        for (uint32_t x = 0; x < width; x++, row += icc->layout->bytes)
            *row = icc->table[*row];
}
