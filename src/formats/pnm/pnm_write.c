/* SPDX-License-Identifier: MIT */
/* PPM, PGM and PAM encoding: raw, 8 or 16 bits. */
#include <stdio.h>
#include <string.h>

#include "base/size.h"
#include "formats/pnm/pnm_plugin.h"

static unsigned maxval_of(enum layout layout)
{
    return layout_info(layout)->bits == 16 ? 65535 : 255;
}

static enum status write_text(struct encoder *e, const char *text)
{
    return sink_write(e->sink, text, strlen(text));
}

enum status pnm_writer_start(struct encoder *e)
{
    char text[80];
    snprintf(text, sizeof text, "P%c\n%u %u\n%u\n", layout_info(e->pic.layout)->color ? '6' : '5',
             e->pic.width, e->pic.height, maxval_of(e->pic.layout));
    return write_text(e, text);
}

enum status pam_writer_start(struct encoder *e)
{
    const struct layout_info *info = layout_info(e->pic.layout);
    char text[160];
    snprintf(text, sizeof text,
             "P7\nWIDTH %u\nHEIGHT %u\nDEPTH %u\nMAXVAL %u\nTUPLTYPE %s%s\nENDHDR\n", e->pic.width,
             e->pic.height, info->channels, maxval_of(e->pic.layout),
             info->color ? "RGB" : "GRAYSCALE", info->alpha ? "_ALPHA" : "");
    return write_text(e, text);
}

/* Files have the high byte first. */
static enum status write_wide(struct encoder *e, const uint8_t *row, size_t bytes)
{
    uint8_t piece[4096];
    for (size_t at = 0; at < bytes;) {
        size_t n = min_size(bytes - at, sizeof piece);
        for (size_t i = 0; i < n; i += 2) {
            uint16_t v;
            memcpy(&v, row + at + i, 2);
            piece[i] = (uint8_t)(v >> 8);
            piece[i + 1] = (uint8_t)v;
        }
        enum status st = sink_write(e->sink, piece, n);
        if (st != ST_OK)
            return st;
        at += n;
    }
    return ST_OK;
}

enum status pnm_writer_write(struct encoder *e, const uint8_t *row)
{
    struct pnm_writer *w = e->state;
    size_t bytes = picture_stride(&e->pic);
    if (w->row == e->pic.height)
        return fail(e->cx, ST_BUG, "pnm: a row too many");
    w->row++;
    return layout_info(e->pic.layout)->bits == 16 ? write_wide(e, row, bytes)
                                                  : sink_write(e->sink, row, bytes);
}

enum status pnm_writer_finish(struct encoder *e)
{
    const struct pnm_writer *w = e->state;
    return w->row == e->pic.height ? ST_OK : fail(e->cx, ST_BUG, "pnm: rows are missing");
}

/* All that the writer has stands in its state. */
void pnm_writer_discard(struct encoder *e)
{
    (void)e;
}
