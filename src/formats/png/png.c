/* SPDX-License-Identifier: MIT */
/* PNG: how it is recognized, what it can hold, and its operations. */
#include <string.h>

#include "formats/png/png_plugin.h"

static bool sniff(const uint8_t *head, size_t bytes)
{
    static const uint8_t signature[8] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    return bytes >= sizeof signature && memcmp(head, signature, sizeof signature) == 0;
}

/* Every layout has its color type; an alpha channel that says nothing is left out. */
static enum layout choose(enum layout layout, bool alpha)
{
    const struct layout_info *info = layout_info(layout);
    return alpha || !info->alpha ? layout : layout_of(info->color, false, info->bits);
}

const struct format format_apng = {
    .name = "apng",
    .suffixes = "apng",
    .holds_alpha = true,
    .holds_profile = true,
    .holds_color = true,
    .lossless = true,
    .choose = choose,
    .encoder_bytes = sizeof(struct apng_writer),
    .start = png_writer_start,
    .write = apng_write,
    .finish = apng_finish,
    .discard = apng_discard,
    .begin = apng_begin,
    .code = apng_code,
    .coded = apng_coded,
    .append = apng_append,
    .put = apng_put,
};

const struct format format_png = {
    .name = "png",
    .suffixes = "png",
    .holds_alpha = true,
    .holds_profile = true,
    .holds_color = true,
    .lossless = true,
    .moves = true,
    .moving = &format_apng,
    .sniff = sniff,
    .decoder_bytes = sizeof(struct png_reader),
    .open = png_reader_open,
    .frame = png_reader_frame,
    .row = png_reader_row,
    .close = png_reader_close,
    .choose = choose,
    .encoder_bytes = sizeof(struct png_writer),
    .start = png_writer_start,
    .write = png_writer_write,
    .finish = png_writer_finish,
    .discard = png_writer_discard,
};
