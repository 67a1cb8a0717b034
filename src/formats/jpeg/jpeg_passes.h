/* SPDX-License-Identifier: MIT */
/* Coefficients of a picture being written, for coding that walks over them several times. */
#ifndef GIFLOW_FORMATS_JPEG_JPEG_PASSES_H
#define GIFLOW_FORMATS_JPEG_JPEG_PASSES_H

#include "base/spool.h"
#include "formats/jpeg/jpeg_block.h"
#include "formats/jpeg/jpeg_lockstep.h"

/*
 * Huffman tables of a picture's own take two walks over its coefficients, each scan of a
 * progressive file one or two more. libjpeg keeps the coefficients in arrays for that. Here there
 * is one row of MCUs, which its transform fills and its first walk reads at once; packed rows go
 * into a spool, from which the other walks have them back. In the spool a row is the bytes that
 * each component takes, then the components, so that those that a scan does not want are stepped
 * over. Walks only ever go forward, or back to the top.
 */

#define JPEG_PASSES_BUFFER (32u * 1024)

/* Puts a row of MCUs into the planes. */
typedef enum status jpeg_make_row(void *user, uint32_t row);

struct jpeg_passes {
    struct context *cx;
    jpeg_make_row *make; /* NULL: libjpeg makes them */
    void *user;
    JDIMENSION made;
    int components;
    struct jvirt_barray_control plane[MAX_COMPONENTS];
    JBLOCKROW blocks;                /* of all planes; NULL: the caller's */
    JDIMENSION held[MAX_COMPONENTS]; /* row that is in the plane */
    bool first;                      /* rows are being made */

    struct spool *spool;
    uint64_t end;      /* of what has been written */
    JDIMENSION record; /* row whose sizes are known */
    uint64_t at, next; /* where its first component and the row after it begin */
    uint32_t size[MAX_COMPONENTS];
    uint8_t *buffer;
};

/* The most bytes that the spool can come to. jpeg has its components' sampling factors. */
uint64_t jpeg_passes_bytes(const struct jpeg_compress_struct *jpeg);
/*
 * jpeg, which is about to start, keeps coefficients here; its error manager is a struct
 * jpeg_guard. Errors jump. client_data is p from then on.
 */
void jpeg_passes_use(struct jpeg_passes *p, j_compress_ptr jpeg);
/*
 * The same for coefficients that there are already: planes, of which jpeg has as many as
 * components, are where make puts each row, once. jpeg_write_coefficients is then given p->plane.
 * Errors are returned: ST_NOMEM.
 */
enum status jpeg_passes_follow(struct jpeg_passes *p, j_compress_ptr jpeg,
                               const struct jvirt_barray_control *planes, jpeg_make_row *make,
                               void *user) MUST_CHECK;
void jpeg_passes_close(struct jpeg_passes *p); /* after jpeg is destroyed; p may be all zeroes */

#endif
