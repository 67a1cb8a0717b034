/* SPDX-License-Identifier: MIT */
/* cgif IN OUT: a plain GIF's pixels and palette, written by libcgif. Built by encoder.sh. */
#include <cgif.h>
#include <gif_lib.h>
#include <stdio.h>

int main(int argc, char **argv)
{
    GifFileType *in = argc == 3 ? DGifOpenFileName(argv[1], NULL) : NULL;
    if (in == NULL || DGifSlurp(in) != GIF_OK || in->SColorMap == NULL) {
        fprintf(stderr, "cgif: cannot read %s\n", argc == 3 ? argv[1] : "");
        return 1;
    }
    GraphicsControlBlock control = {.TransparentColor = NO_TRANSPARENT_COLOR};
    DGifSavedExtensionToGCB(in, 0, &control);
    uint8_t palette[3 * 256];
    for (int i = 0; i < in->SColorMap->ColorCount; i++) {
        palette[3 * i] = in->SColorMap->Colors[i].Red;
        palette[3 * i + 1] = in->SColorMap->Colors[i].Green;
        palette[3 * i + 2] = in->SColorMap->Colors[i].Blue;
    }
    bool transparent = control.TransparentColor != NO_TRANSPARENT_COLOR;
    CGIF_Config file = {
        .pGlobalPalette = palette,
        .path = argv[2],
        .width = (uint16_t)in->SWidth,
        .height = (uint16_t)in->SHeight,
        .numGlobalPaletteEntries = (uint16_t)in->SColorMap->ColorCount,
    };
    CGIF_FrameConfig frame = {
        .pImageData = in->SavedImages->RasterBits,
        .attrFlags = transparent ? CGIF_FRAME_ATTR_HAS_SET_TRANS : 0,
        .transIndex = (uint8_t)(transparent ? control.TransparentColor : 0),
    };
    CGIF *out = cgif_newgif(&file);
    int failed = out == NULL || cgif_addframe(out, &frame) != CGIF_OK || cgif_close(out) != CGIF_OK;
    DGifCloseFile(in, NULL);
    return failed;
}
