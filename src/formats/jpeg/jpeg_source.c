/* SPDX-License-Identifier: MIT */
/* libjpeg's source manager over ours: it reads right from the source's window, without a copy. */
#include "formats/jpeg/jpeg_plugin.h"

#include <jerror.h>

static struct decoder *decoder_of(j_decompress_ptr jpeg)
{
    return jpeg->client_data;
}

/* Consumes what libjpeg has read of the window it was lent. */
static void settle(struct decoder *d)
{
    struct jpeg_reader *r = d->state;
    if (r->lent > 0) /* else the window is not the source's: nothing yet, or the end we made up */
        source_consume(d->src, r->lent - r->source.bytes_in_buffer);
    r->lent = r->source.bytes_in_buffer = 0;
}

static void begin(j_decompress_ptr jpeg)
{
    (void)jpeg;
}

static boolean fill(j_decompress_ptr jpeg)
{
    static const JOCTET end[2] = {0xff, JPEG_EOI};
    struct decoder *d = decoder_of(jpeg);
    struct jpeg_reader *r = d->state;
    const uint8_t *data;
    size_t got;
    r->source.bytes_in_buffer = 0; /* libjpeg's convention: what is left there is given up */
    settle(d);
    enum status st = source_peek(d->src, 1, &data, &got);
    if (st != ST_OK)
        jpeg_guard_jump(&r->guard, st);
    r->lent = got;
    if (got == 0) { /* libjpeg's way to end: what is missing becomes gray */
        WARNMS(jpeg, JWRN_JPEG_EOF);
        data = end;
        got = sizeof end;
    }
    r->source.next_input_byte = data;
    r->source.bytes_in_buffer = got;
    return TRUE;
}

static void skip(j_decompress_ptr jpeg, long bytes)
{
    struct decoder *d = decoder_of(jpeg);
    struct jpeg_reader *r = d->state;
    if (bytes <= 0)
        return;
    if ((size_t)bytes <= r->source.bytes_in_buffer) {
        r->source.next_input_byte += bytes;
        r->source.bytes_in_buffer -= (size_t)bytes;
        return;
    }
    uint64_t rest = (uint64_t)bytes - r->source.bytes_in_buffer, got;
    r->source.bytes_in_buffer = 0;
    settle(d);
    enum status st = source_skip(d->src, rest, &got); /* less at the end, which fill will meet */
    if (st != ST_OK)
        jpeg_guard_jump(&r->guard, st);
}

static void end_reading(j_decompress_ptr jpeg)
{
    settle(decoder_of(jpeg));
}

void jpeg_source_init(struct decoder *d)
{
    struct jpeg_reader *r = d->state;
    r->source = (struct jpeg_source_mgr){
        .init_source = begin,
        .fill_input_buffer = fill,
        .skip_input_data = skip,
        .resync_to_restart = jpeg_resync_to_restart,
        .term_source = end_reading,
    };
    r->jpeg.src = &r->source;
    r->jpeg.client_data = d;
}
