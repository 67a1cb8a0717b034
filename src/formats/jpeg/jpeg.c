/* SPDX-License-Identifier: MIT */
/* JPEG: how it is recognized, what it can hold, and its operations. */
#include "formats/jpeg/jpeg_plugin.h"

/* SOI; what follows it is another marker, or damage that the reader tells of. */
static bool sniff(const uint8_t *head, size_t bytes)
{
    return bytes >= 2 && head[0] == 0xff && head[1] == 0xd8;
}

static enum layout choose(enum layout layout, bool alpha)
{
    (void)alpha;
    return layout_info(layout)->color ? LAYOUT_RGB8 : LAYOUT_GRAY8;
}

const struct format format_jpeg = {
    .name = "jpeg",
    .suffixes = "jpg jpeg jpe jfif",
    .holds_alpha = false,
    .holds_profile = true,
    .sniff = sniff,
    .decoder_bytes = sizeof(struct jpeg_reader),
    .open = jpeg_reader_open,
    .frame = jpeg_reader_frame,
    .row = jpeg_reader_row,
    .close = jpeg_reader_close,
    .recode = jpeg_reader_recode,
    .choose = choose,
    .encoder_bytes = sizeof(struct jpeg_writer),
    .start = jpeg_writer_start,
    .write = jpeg_writer_write,
    .finish = jpeg_writer_finish,
    .discard = jpeg_writer_discard,
};
