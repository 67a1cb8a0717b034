/* SPDX-License-Identifier: MIT */
/* The source manager's callbacks; errors leave them through the guard. */
#include "formats/jpeg/jpeg_input.h"

#include <jerror.h>

static struct jpeg_input *input_of(j_decompress_ptr jpeg)
{
    return (struct jpeg_input *)jpeg->src;
}

void jpeg_input_settle(struct jpeg_input *in)
{
    if (in->lent > 0) /* else the window is not the source's: nothing yet, or the end we made up */
        source_consume(in->src, in->lent - in->mgr.bytes_in_buffer);
    in->lent = in->mgr.bytes_in_buffer = 0;
}

static void begin(j_decompress_ptr jpeg)
{
    (void)jpeg;
}

static boolean fill(j_decompress_ptr jpeg)
{
    static const JOCTET end[2] = {0xff, JPEG_EOI};
    struct jpeg_input *in = input_of(jpeg);
    const uint8_t *data;
    size_t got;
    in->mgr.bytes_in_buffer = 0; /* libjpeg's convention: what is left there is given up */
    jpeg_input_settle(in);
    enum status st = source_peek(in->src, 1, &data, &got);
    if (st != ST_OK)
        jpeg_guard_jump(jpeg_guard_of(jpeg), st);
    in->lent = got;
    if (got == 0) { /* libjpeg's way to end: what is missing becomes gray */
        WARNMS(jpeg, JWRN_JPEG_EOF);
        data = end;
        got = sizeof end;
    }
    in->mgr.next_input_byte = data;
    in->mgr.bytes_in_buffer = got;
    return TRUE;
}

static void skip(j_decompress_ptr jpeg, long bytes)
{
    struct jpeg_input *in = input_of(jpeg);
    if (bytes <= 0)
        return;
    if ((size_t)bytes <= in->mgr.bytes_in_buffer) {
        in->mgr.next_input_byte += bytes;
        in->mgr.bytes_in_buffer -= (size_t)bytes;
        return;
    }
    uint64_t rest = (uint64_t)bytes - in->mgr.bytes_in_buffer, got;
    in->mgr.bytes_in_buffer = 0;
    jpeg_input_settle(in);
    enum status st = source_skip(in->src, rest, &got); /* less at the end, which fill will meet */
    if (st != ST_OK)
        jpeg_guard_jump(jpeg_guard_of(jpeg), st);
}

static void end_reading(j_decompress_ptr jpeg)
{
    jpeg_input_settle(input_of(jpeg));
}

void jpeg_input_init(struct jpeg_input *in, j_decompress_ptr jpeg, struct source *src)
{
    in->mgr = (struct jpeg_source_mgr){
        .init_source = begin,
        .fill_input_buffer = fill,
        .skip_input_data = skip,
        .resync_to_restart = jpeg_resync_to_restart,
        .term_source = end_reading,
    };
    in->src = src;
    in->lent = 0;
    jpeg->src = &in->mgr;
}
