/* SPDX-License-Identifier: MIT */
/* Decoding by Wuffs, for lzw.c. WUFFS names the one file of its C release. */
#include "wuffs.h"

#include <stdlib.h>

#define WUFFS_IMPLEMENTATION
#define WUFFS_CONFIG__STATIC_FUNCTIONS
#define WUFFS_CONFIG__MODULES
#define WUFFS_CONFIG__MODULE__BASE
#define WUFFS_CONFIG__MODULE__GIF
#define WUFFS_CONFIG__MODULE__LZW
#include WUFFS

static bool good(wuffs_base__status s)
{
    return wuffs_base__status__is_ok(&s);
}

const uint8_t *wuffs_decode(const uint8_t *file, size_t bytes, size_t width, size_t height,
                            uint8_t *memory)
{
    static wuffs_gif__decoder z;
    wuffs_base__io_buffer in = wuffs_base__ptr_u8__reader((uint8_t *)file, bytes, true);
    wuffs_base__image_config config;
    wuffs_base__frame_config frame;
    wuffs_base__pixel_buffer pixels;
    if (!good(wuffs_gif__decoder__initialize(
            &z, sizeof z, WUFFS_VERSION, WUFFS_INITIALIZE__LEAVE_INTERNAL_BUFFERS_UNINITIALIZED)) ||
        !good(wuffs_gif__decoder__decode_image_config(&z, &config, &in)) ||
        !good(wuffs_gif__decoder__decode_frame_config(&z, &frame, &in)))
        return NULL;
    wuffs_base__rect_ie_u32 at = wuffs_base__frame_config__bounds(&frame);
    if (at.min_incl_x != 0 || at.min_incl_y != 0 || at.max_excl_x != width ||
        at.max_excl_y != height || wuffs_base__pixel_config__width(&config.pixcfg) != width ||
        wuffs_base__pixel_config__height(&config.pixcfg) != height)
        return NULL;
    wuffs_base__pixel_config__set(&config.pixcfg, WUFFS_BASE__PIXEL_FORMAT__INDEXED__BGRA_BINARY, 0,
                                  (uint32_t)width, (uint32_t)height);
    if (!good(wuffs_base__pixel_buffer__set_from_slice(
            &pixels, &config.pixcfg,
            wuffs_base__make_slice_u8(memory, width * height + WUFFS_MORE))))
        return NULL;
    uint64_t need = wuffs_gif__decoder__workbuf_len(&z).max_incl;
    uint8_t *work = malloc(need + 1);
    bool all = work != NULL &&
               good(wuffs_gif__decoder__decode_frame(&z, &pixels, &in, WUFFS_BASE__PIXEL_BLEND__SRC,
                                                     wuffs_base__make_slice_u8(work, need), NULL));
    free(work);
    return all ? wuffs_base__pixel_buffer__plane(&pixels, 0).ptr : NULL;
}
