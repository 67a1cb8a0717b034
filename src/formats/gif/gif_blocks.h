/* SPDX-License-Identifier: MIT */
/* The blocks of a GIF as bytes: what stands around metadata and pixels. */
#ifndef GIFLOW_FORMATS_GIF_GIF_BLOCKS_H
#define GIFLOW_FORMATS_GIF_GIF_BLOCKS_H

#include "base/sink.h"
#include "formats/format.h"

#define GIF_MAX_SIDE 65535u

/* The LZW minimum code size for it. */
unsigned gif_code_size(uint32_t colors);

/* All write to sink. Source: GIF89a specification, sections 17 to 23 */

/* Signature, logical screen and global palette; no colors: none. extensions: GIF89a is needed. */
enum status gif_write_header(struct sink *sink, const struct picture *canvas, uint8_t background,
                             bool extensions) MUST_CHECK;
/* What browsers and everybody since know as the loop. */
enum status gif_write_loop(struct sink *sink, int loop) MUST_CHECK;
/* A graphic control extension, if the frame says anything that takes one. */
enum status gif_write_control(struct sink *sink, const struct frame *f) MUST_CHECK;
/* An image descriptor and, where the frame is local, its palette. */
enum status gif_write_image(struct sink *sink, const struct frame *f) MUST_CHECK;

#endif
