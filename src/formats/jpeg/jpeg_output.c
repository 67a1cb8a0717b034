/* SPDX-License-Identifier: MIT */
/* The destination manager's callbacks; errors leave them through the guard. */
#include "formats/jpeg/jpeg_output.h"

static struct jpeg_output *output_of(j_compress_ptr jpeg)
{
    return (struct jpeg_output *)jpeg->dest;
}

static void begin(j_compress_ptr jpeg)
{
    struct jpeg_output *out = output_of(jpeg);
    out->mgr.next_output_byte = out->buffer;
    out->mgr.free_in_buffer = sizeof out->buffer;
}

static void put(j_compress_ptr jpeg, size_t bytes)
{
    struct jpeg_output *out = output_of(jpeg);
    enum status st = sink_write(out->sink, out->buffer, bytes);
    if (st != ST_OK)
        jpeg_guard_jump((struct jpeg_guard *)jpeg->err, st);
}

/* libjpeg calls this when all of the buffer is full, whatever free_in_buffer says. */
static boolean empty(j_compress_ptr jpeg)
{
    put(jpeg, JPEG_OUTPUT_BYTES);
    begin(jpeg);
    return TRUE;
}

static void end_writing(j_compress_ptr jpeg)
{
    put(jpeg, JPEG_OUTPUT_BYTES - jpeg->dest->free_in_buffer);
}

void jpeg_output_init(struct jpeg_output *out, j_compress_ptr jpeg, struct sink *sink)
{
    out->mgr = (struct jpeg_destination_mgr){
        .init_destination = begin, .empty_output_buffer = empty, .term_destination = end_writing};
    out->sink = sink;
    jpeg->dest = &out->mgr;
}
