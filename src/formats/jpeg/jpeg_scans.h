/* SPDX-License-Identifier: MIT */
/* Where the scans of a JPEG stand, so that each can be read by itself. */
#ifndef GIFLOW_FORMATS_JPEG_JPEG_SCANS_H
#define GIFLOW_FORMATS_JPEG_JPEG_SCANS_H

#include "base/source.h"
#include "base/spool.h"
#include "formats/jpeg/jpeg_guard.h"

/*
 * Encoders use some ten scans; the standard's script that sends every bit of every coefficient by
 * itself has a few hundred. Each scan costs a walk over the whole picture though it may be a few
 * bytes long.
 */
#define JPEG_SCANS_MAX 500

/*
 * A picture of more scans is decoded scan by scan, its coefficients in a temporary file, not all
 * scans side by side: an object of libjpeg's takes some 30 KiB.
 */
#define JPEG_LOCKSTEP_MAX 100
/* The same for one with more bytes of tables between its scans: each scan's object reads them. */
#define JPEG_LOCKSTEP_TABLES (256u * 1024)

/* Offsets are counted from the first entropy-coded byte of the first scan. */
struct jpeg_scan {
    uint64_t sos; /* the marker's first byte; 0 for the first scan, whose header has been read */
    uint64_t end; /* the marker behind the entropy-coded data; of the last scan: EOI */
};

struct jpeg_scans {
    struct context *cx;
    struct source *src;
    struct spool *spool; /* the bytes of a pipe; NULL: src can be read at any place */
    uint64_t base;       /* offset 0 in src */
    struct jpeg_scan *scan;
    unsigned count, room;
    uint64_t table_bytes; /* of markers between scans, but for those that are skipped over */
    bool complete;        /* EOI has been seen */
    bool refined;         /* no scan that the first AC coefficients still lack, as far as we see */
};

/*
 * Reads src from where it stands to EOI. jpeg has read the header of the first scan.
 * Errors: ST_IO, ST_LIMIT (too many scans; temporary space), ST_NOMEM, ST_STOPPED
 */
enum status jpeg_scans_find(struct jpeg_scans *s, struct context *cx, j_decompress_ptr jpeg,
                            struct source *src) MUST_CHECK;
/* True where the scans must be decoded one after another. */
bool jpeg_scans_need_turns(const struct jpeg_scans *s);
/* *got < bytes only where the input has become shorter since. */
enum status jpeg_scans_read(struct jpeg_scans *s, uint64_t at, void *out, size_t bytes,
                            size_t *got) MUST_CHECK;
void jpeg_scans_close(struct jpeg_scans *s); /* s may be all zeroes */

#endif
