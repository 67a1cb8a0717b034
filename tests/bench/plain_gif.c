/* SPDX-License-Identifier: MIT */
/*
 * plain_gif IN OUT: a GIF's first frame as a picture of its own, written by giflib. Its palette
 * becomes the global one, its transparent color stays; where it stood, what it said and how it was
 * interlaced do not.
 */
#include <gif_lib.h>
#include <stdio.h>
#include <stdlib.h>

static _Noreturn void die(const char *path, int error)
{
    const char *words = GifErrorString(error);
    fprintf(stderr, "plain_gif: %s: %s\n", path, words != NULL ? words : "no picture or palette");
    exit(1);
}

int main(int argc, char **argv)
{
    if (argc != 3)
        die("usage: plain_gif IN OUT", 0);
    int error = 0;
    GifFileType *in = DGifOpenFileName(argv[1], &error);
    if (in == NULL)
        die(argv[1], error);
    if (DGifSlurp(in) != GIF_OK || in->ImageCount < 1)
        die(argv[1], in->Error);
    SavedImage *frame = in->SavedImages;
    GifImageDesc *place = &frame->ImageDesc;
    const ColorMapObject *map = place->ColorMap != NULL ? place->ColorMap : in->SColorMap;
    if (map == NULL)
        die(argv[1], 0);

    GraphicsControlBlock control = {.TransparentColor = NO_TRANSPARENT_COLOR};
    int transparent = NO_TRANSPARENT_COLOR;
    if (DGifSavedExtensionToGCB(in, 0, &control) == GIF_OK)
        transparent = control.TransparentColor;
    control = (GraphicsControlBlock){.TransparentColor = transparent};
    SavedImage still = {
        .ImageDesc = {.Width = place->Width, .Height = place->Height},
        .RasterBits = frame->RasterBits,
    };
    GifByteType block[4];
    ExtensionBlock extension = {
        .ByteCount = (int)EGifGCBToExtension(&control, block),
        .Bytes = block,
        .Function = GRAPHICS_EXT_FUNC_CODE,
    };
    if (transparent != NO_TRANSPARENT_COLOR) {
        still.ExtensionBlockCount = 1;
        still.ExtensionBlocks = &extension;
    }

    GifFileType *out = EGifOpenFileName(argv[2], false, &error);
    if (out == NULL)
        die(argv[2], error);
    out->SWidth = place->Width;
    out->SHeight = place->Height;
    out->SColorResolution = 8;
    out->SColorMap = GifMakeMapObject(map->ColorCount, map->Colors);
    out->ImageCount = 1;
    out->SavedImages = &still;
    if (EGifSpew(out) != GIF_OK) /* frees out, and nothing of ours */
        die(argv[2], out->Error);
    return 0;
}
