/* SPDX-License-Identifier: MIT */
/* The GIF plugin's entry in the table of formats. */
#include "formats/gif/gif_plugin.h"

const struct format format_gif = {
    .name = "gif",
    .suffixes = "gif",
    .holds_alpha = true,
    .lossless = true,
    .moves = true,
    .sniff = gif_sniff,
    .decoder_bytes = sizeof(struct gif_reader),
    .open = gif_open,
    .frame = gif_frame,
    .row = gif_row,
    .close = gif_close,
    .skip = gif_skip,
    .choose = gif_choose,
    .encoder_bytes = sizeof(struct gif_writer),
    .start = gif_start,
    .write = gif_write,
    .finish = gif_finish,
    .discard = gif_discard,
    .begin = gif_begin,
    .code = gif_code,
    .coded = gif_coded,
    .append = gif_append,
    .put = gif_put,
};
