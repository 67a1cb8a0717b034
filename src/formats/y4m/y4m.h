/* SPDX-License-Identifier: MIT */
/* YUV4MPEG2, the uncompressed video that goes through pipes: what its reader keeps. */
#ifndef GIFLOW_FORMATS_Y4M_Y4M_H
#define GIFLOW_FORMATS_Y4M_Y4M_H

#include "formats/format.h"

/* Source: the manual page yuv4mpeg(5) of mjpegtools. */
struct y4m_stream {
    uint32_t width, height;
    uint64_t rate, per;    /* frames a second: rate / per */
    unsigned across, down; /* pixels of a chroma sample, 1 or 2; 0: there is no chroma */
    bool centered;         /* chroma stands between pixels of a row, not at the first of two */
    bool full;             /* 0 .. 255, not 16 .. 235 and 240 */
};

struct y4m_reader {
    struct y4m_stream stream;
    uint32_t row; /* the next one; height: before a frame */
    size_t chroma_width, chroma_height;
    size_t bytes;
    uint8_t *planes; /* of a frame, so many bytes: Y, U, V */
    double owed;     /* of delays, by rounding: see formats/delay.h */
};

/* Reads the stream's line, up to and with its end. */
enum status y4m_header_read(struct decoder *d, struct y4m_stream *out) MUST_CHECK;

/* Row y of a frame as LAYOUT_RGB8. */
void y4m_row(const struct y4m_reader *r, uint32_t y, uint8_t *out);

#endif
