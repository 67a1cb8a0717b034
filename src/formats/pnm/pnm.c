/* SPDX-License-Identifier: MIT */
/* The PNM family: how it is recognized, what each member can hold, and their operations. */
#include "formats/pnm/pnm_plugin.h"

/* P7 and a blank is another format, the thumbnails of xv. */
static bool sniff(const uint8_t *head, size_t bytes)
{
    if (bytes < 3 || head[0] != 'P' || head[1] < '1' || head[1] > '7')
        return false;
    return head[1] == '7' ? head[2] == '\n' || head[2] == '\r'
                          : pnm_is_space(head[2]) || head[2] == '#';
}

static unsigned bits_of(enum layout layout)
{
    return layout_info(layout)->bits;
}

static enum layout choose_ppm(enum layout layout, bool alpha)
{
    (void)alpha;
    return layout_of(true, false, bits_of(layout));
}

static enum layout choose_pgm(enum layout layout, bool alpha)
{
    (void)alpha;
    return layout_of(false, false, bits_of(layout));
}

static enum layout choose_pam(enum layout layout, bool alpha)
{
    return layout_of(layout_info(layout)->color, alpha, bits_of(layout));
}

const struct format format_pnm = {
    .name = "pnm",
    .suffixes = "pnm pbm pgm ppm pam",
    .moves = true,
    .sniff = sniff,
    .decoder_bytes = sizeof(struct pnm_reader),
    .open = pnm_reader_open,
    .frame = pnm_reader_frame,
    .row = pnm_reader_row,
    .close = pnm_reader_close,
};

const struct format format_ppm = {
    .name = "ppm",
    .suffixes = "ppm pnm",
    .choose = choose_ppm,
    .encoder_bytes = sizeof(struct pnm_writer),
    .start = pnm_writer_start,
    .write = pnm_writer_write,
    .finish = pnm_writer_finish,
    .discard = pnm_writer_discard,
};

const struct format format_pgm = {
    .name = "pgm",
    .suffixes = "pgm",
    .choose = choose_pgm,
    .encoder_bytes = sizeof(struct pnm_writer),
    .start = pnm_writer_start,
    .write = pnm_writer_write,
    .finish = pnm_writer_finish,
    .discard = pnm_writer_discard,
};

const struct format format_pam = {
    .name = "pam",
    .suffixes = "pam",
    .holds_alpha = true,
    .choose = choose_pam,
    .encoder_bytes = sizeof(struct pnm_writer),
    .start = pam_writer_start,
    .write = pnm_writer_write,
    .finish = pnm_writer_finish,
    .discard = pnm_writer_discard,
};
