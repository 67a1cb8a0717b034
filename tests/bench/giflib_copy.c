/* SPDX-License-Identifier: MIT */
/* giflib_copy IN OUT: a GIF read and written by giflib, pixels and palettes as they come. */
#include <gif_lib.h>
#include <stdio.h>

static int fail(const char *path, int error)
{
    fprintf(stderr, "giflib_copy: %s: %s\n", path, GifErrorString(error));
    return 1;
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        fputs("usage: giflib_copy IN OUT\n", stderr);
        return 1;
    }
    int error;
    GifFileType *in = DGifOpenFileName(argv[1], &error);
    if (in == NULL)
        return fail(argv[1], error);
    if (DGifSlurp(in) != GIF_OK)
        return fail(argv[1], in->Error);
    GifFileType *out = EGifOpenFileName(argv[2], false, &error);
    if (out == NULL)
        return fail(argv[2], error);

    out->SWidth = in->SWidth;
    out->SHeight = in->SHeight;
    out->SColorResolution = in->SColorResolution;
    out->SBackGroundColor = in->SBackGroundColor;
    if (in->SColorMap != NULL)
        out->SColorMap = GifMakeMapObject(in->SColorMap->ColorCount, in->SColorMap->Colors);
    out->ImageCount = in->ImageCount;
    out->SavedImages = in->SavedImages;
    for (int i = 0; i < in->ImageCount; i++)
        in->SavedImages[i].ImageDesc.Interlace = false;
    /* frees out, and nothing that belongs to in */
    return EGifSpew(out) == GIF_OK ? 0 : fail(argv[2], out->Error);
}
