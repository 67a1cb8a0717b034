/* SPDX-License-Identifier: MIT */
/*
 * same_pixels A B: whether two GIFs show the same first frame, by giflib, palettes looked up; the
 * exit status is 0 if they do, 1 if not. Pixels that neither shows are equal whatever their colors.
 */
#include <gif_lib.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define NOT_SHOWN UINT32_MAX

static _Noreturn void die(const char *path, const char *what)
{
    fprintf(stderr, "same_pixels: %s: %s\n", path, what);
    exit(1);
}

static const SavedImage *first_frame(const char *path, uint32_t colors[static 256])
{
    int error;
    GifFileType *gif = DGifOpenFileName(path, &error);
    if (gif == NULL)
        die(path, GifErrorString(error));
    if (DGifSlurp(gif) != GIF_OK || gif->ImageCount < 1)
        die(path, "giflib cannot read it");
    const SavedImage *frame = gif->SavedImages;
    const ColorMapObject *map = frame->ImageDesc.ColorMap;
    if (map == NULL)
        map = gif->SColorMap;
    if (map == NULL)
        die(path, "no palette");
    for (int i = 0; i < 256; i++) {
        GifColorType c = {0, 0, 0};
        if (i < map->ColorCount)
            c = map->Colors[i];
        colors[i] = (uint32_t)c.Red << 16 | (uint32_t)c.Green << 8 | c.Blue;
    }
    GraphicsControlBlock control;
    if (DGifSavedExtensionToGCB(gif, 0, &control) == GIF_OK &&
        control.TransparentColor != NO_TRANSPARENT_COLOR)
        colors[control.TransparentColor] = NOT_SHOWN;
    return frame;
}

int main(int argc, char **argv)
{
    if (argc != 3)
        die("usage", "same_pixels A B");
    uint32_t colors_a[256], colors_b[256];
    const SavedImage *a = first_frame(argv[1], colors_a);
    const SavedImage *b = first_frame(argv[2], colors_b);
    const GifImageDesc *da = &a->ImageDesc, *db = &b->ImageDesc;
    if (da->Width != db->Width || da->Height != db->Height)
        return 1;
    size_t n = (size_t)da->Width * (size_t)da->Height;
    for (size_t i = 0; i < n; i++)
        if (colors_a[a->RasterBits[i]] != colors_b[b->RasterBits[i]])
            return 1;
    return 0;
}
