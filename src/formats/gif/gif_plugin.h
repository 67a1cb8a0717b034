/* SPDX-License-Identifier: MIT */
/* The reader and the writers that the plugin's one table joins. */
#ifndef GIFLOW_FORMATS_GIF_GIF_PLUGIN_H
#define GIFLOW_FORMATS_GIF_GIF_PLUGIN_H

#include <gif_lib.h>

#include "formats/format.h"
#include "formats/gif/lzw_decode.h"
#include "formats/gif/lzw_encode.h"

struct gif_reader {
    GifFileType *gif;
    struct lzw_decoder *lzw;
    GraphicsControlBlock control; /* of the frame to come */
    bool frame_ready;             /* an image descriptor has been read, its frame not asked for */
    bool in_data;                 /* its sub-blocks are not all read */
    enum status data_status; /* of them: pixels are read ahead, and may not need the last ones */
    bool cut_short;          /* the source had fewer bytes than giflib wanted */
    uint64_t number;         /* of the image that is read, from 1 */
    int code_size;
    GifByteType *first_block; /* read together with the code size */
    uint32_t row, rows;
    struct palette global; /* the decoder's, where it has one */
};

bool gif_sniff(const uint8_t *head, size_t bytes);
enum status gif_open(struct decoder *d);
enum status gif_frame(struct decoder *d, struct frame *out);
enum status gif_row(struct decoder *d, uint8_t *out);
enum status gif_skip(struct decoder *d);
void gif_close(struct decoder *d);

struct gif_writer {
    struct lzw_encoder *lzw;
    struct lzw_colors *colors;           /* of a lossy one */
    uint32_t width;                      /* of the rows being coded */
    const struct metadata_item *written; /* the last one */
    bool moves;                          /* begun as a moving picture */
    bool begun;                          /* then: the header is written */
    int loop_written;                    /* and what the file says so far */
};

enum layout gif_choose(enum layout layout, bool alpha);
enum status gif_start(struct encoder *e);
enum status gif_write(struct encoder *e, const uint8_t *row);
enum status gif_finish(struct encoder *e);
void gif_discard(struct encoder *e);
enum status gif_begin(struct encoder *e);
enum status gif_code(struct encoder *e, const struct frame *f, struct sink *to);
enum status gif_coded(struct encoder *e);
enum status gif_append(struct encoder *e, const struct frame *f);
enum status gif_put(struct encoder *e, const uint8_t *data, size_t bytes);
/* Whether e->pic is no larger than GIF can be. */
enum status gif_check_size(const struct encoder *e);
/* Begins the pixels of an image of these colors. */
enum status gif_start_pixels(struct encoder *e, struct sink *to, const struct palette *p);
/* The header of a moving picture, once. */
enum status gif_write_canvas(struct encoder *e);
/* What has come to be known since it was last called: metadata, and how often a picture moves. */
enum status gif_write_news(struct encoder *e);

#endif
