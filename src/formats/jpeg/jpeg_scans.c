/* SPDX-License-Identifier: MIT */
/* A walk from marker to marker that stops where libjpeg's own would (jdmarker.c). */
#include "formats/jpeg/jpeg_scans.h"

#include <string.h>

#include "base/mem.h"
#include "base/size.h"

enum { SOI = 0xd8, EOI = 0xd9, SOS = 0xda, COM = 0xfe, APP0 = 0xe0, APP15 = 0xef, RST0 = 0xd0 };

/* AC coefficients that libjpeg's block smoothing may make up, with DC: in zigzag order. */
#define SMOOTHED 10
#define UNSENT 0xff

/* The state between two bytes. */
struct walk {
    struct jpeg_scans *scans;
    j_decompress_ptr jpeg; /* for its components */
    enum {
        IN_DATA,     /* entropy-coded */
        IN_DATA_FF,  /* after an FF there */
        IN_GAP,      /* between markers */
        IN_GAP_FF,   /* after an FF there: the next byte is a marker */
        IN_LENGTH,   /* high byte is next */
        IN_LENGTH_2, /* low byte is next */
        IN_BODY,
        AT_END
    } state;
    uint64_t at;
    uint64_t marker_at; /* its FF */
    uint8_t marker;
    uint32_t left;                             /* bytes of the body */
    uint8_t header[2 * MAX_COMPS_IN_SCAN + 4]; /* of a scan, from the number of components on */
    size_t header_bytes;
    uint8_t bits[MAX_COMPONENTS][SMOOTHED]; /* low bits of a coefficient that are still to come */
};

static enum status add_scan(struct jpeg_scans *s, uint64_t sos)
{
    if (s->count == JPEG_SCANS_MAX)
        return fail(s->cx, ST_LIMIT, "more than %d scans", JPEG_SCANS_MAX);
    if (s->count == s->room) {
        unsigned room = s->room == 0 ? 16 : s->room * 2;
        struct jpeg_scan *grown = mem_array(s->cx, room, sizeof *grown);
        if (grown == NULL)
            return s->cx->status;
        if (s->count != 0)
            memcpy(grown, s->scan, s->count * sizeof *grown);
        mem_free(s->cx, s->scan);
        s->scan = grown;
        s->room = room;
    }
    s->scan[s->count++] = (struct jpeg_scan){sos, sos};
    return ST_OK;
}

/* What a scan of component brings. */
static void refine(struct walk *w, int component, int ss, int se, int al)
{
    for (int k = ss; k <= se && k < SMOOTHED; k++)
        w->bits[component][k] = (uint8_t)al;
}

/* The header of a scan that is not the first; one that is not sound is libjpeg's to refuse. */
static void read_header(struct walk *w)
{
    size_t n = w->header[0];
    if (n > MAX_COMPS_IN_SCAN || w->header_bytes < 4 + 2 * n)
        return;
    const uint8_t *end = w->header + 1 + 2 * n; /* Ss, Se, Ah and Al */
    for (size_t i = 0; i < n; i++)
        for (int c = 0; c < w->jpeg->num_components; c++)
            if (w->jpeg->comp_info[c].component_id == w->header[1 + 2 * i])
                refine(w, c, end[0], end[1], end[2] & 15);
}

static bool is_skipped(uint8_t marker)
{
    return marker == COM || (marker >= APP0 && marker <= APP15);
}

static enum status meet_marker(struct walk *w, uint8_t marker)
{
    struct jpeg_scans *s = w->scans;
    w->marker = marker;
    if (w->state == IN_DATA_FF)
        s->scan[s->count - 1].end = w->marker_at;
    if (marker == EOI) {
        s->scan[s->count - 1].end = w->marker_at;
        s->complete = true;
        w->state = AT_END;
        return ST_OK;
    }
    /* without parameters; those that are none of JPEG's libjpeg refuses when it comes here */
    if (marker < 0xc0 || (marker >= RST0 && marker <= SOI)) {
        w->state = IN_GAP;
        return ST_OK;
    }
    w->state = IN_LENGTH;
    w->header_bytes = 0;
    return marker == SOS ? add_scan(s, w->marker_at) : ST_OK;
}

static void end_body(struct walk *w)
{
    if (w->marker == SOS)
        read_header(w);
    w->state = w->marker == SOS ? IN_DATA : IN_GAP;
}

static void begin_body(struct walk *w)
{
    w->left = w->left > 2 ? w->left - 2 : 0;
    if (!is_skipped(w->marker))
        w->scans->table_bytes += w->left;
    w->state = IN_BODY;
    if (w->left == 0)
        end_body(w);
}

/* As many bytes of a body as there are. */
static size_t pass_body(struct walk *w, const uint8_t *data, size_t bytes)
{
    size_t n = min_size(bytes, w->left);
    if (w->marker == SOS) {
        size_t keep = min_size(n, sizeof w->header - w->header_bytes);
        memcpy(w->header + w->header_bytes, data, keep);
        w->header_bytes += keep;
    }
    w->left -= (uint32_t)n;
    if (w->left == 0)
        end_body(w);
    return n;
}

/* Up to the next FF, and past it. */
static size_t pass_to_ff(struct walk *w, const uint8_t *data, size_t bytes)
{
    const uint8_t *ff = memchr(data, 0xff, bytes);
    if (ff == NULL)
        return bytes;
    w->marker_at = w->at + (size_t)(ff - data);
    w->state = w->state == IN_DATA ? IN_DATA_FF : IN_GAP_FF;
    return (size_t)(ff - data) + 1;
}

/*
 * The byte after an FF. More FFs are padding; 00 makes the FF a byte of data. What the entropy
 * decoder steps over to find its way again (restart markers, codes below C0) ends no scan.
 */
static enum status pass_marker(struct walk *w, uint8_t byte)
{
    if (byte == 0xff) {
        w->marker_at = w->at;
        return ST_OK;
    }
    bool in_data = w->state == IN_DATA_FF;
    if (byte == 0 || (in_data && (byte < 0xc0 || (byte >= RST0 && byte < SOI)))) {
        w->state = in_data ? IN_DATA : IN_GAP;
        return ST_OK;
    }
    return meet_marker(w, byte);
}

/* Goes over bytes up to EOI; *used of them. */
static enum status walk_over(struct walk *w, const uint8_t *data, size_t bytes, size_t *used)
{
    uint64_t start = w->at;
    enum status st = ST_OK;
    while (st == ST_OK && w->state != AT_END && w->at - start < bytes) {
        const uint8_t *p = data + (w->at - start);
        size_t n = 1, rest = bytes - (size_t)(w->at - start);
        switch (w->state) {
        case IN_DATA:
        case IN_GAP:
            n = pass_to_ff(w, p, rest);
            break;
        case IN_LENGTH:
            w->left = (uint32_t)*p << 8;
            w->state = IN_LENGTH_2;
            break;
        case IN_LENGTH_2:
            w->left |= *p;
            begin_body(w);
            break;
        case IN_BODY:
            n = pass_body(w, p, rest);
            break;
        default:
            st = pass_marker(w, *p);
            break;
        }
        w->at += n;
    }
    *used = (size_t)(w->at - start);
    return st;
}

static enum status walk_source(struct walk *w, struct source *src)
{
    struct jpeg_scans *s = w->scans;
    enum status st = add_scan(s, 0);
    size_t got = 1, used;
    while (st == ST_OK && w->state != AT_END) {
        const uint8_t *data;
        st = check_stop(s->cx);
        if (st == ST_OK)
            st = source_peek(src, 1, &data, &got);
        if (st != ST_OK || got == 0)
            break;
        st = walk_over(w, data, got, &used);
        if (st == ST_OK && s->spool != NULL)
            st = spool_write(s->spool, w->at - used, data, used);
        if (st == ST_OK)
            source_consume(src, used);
    }
    return st;
}

enum status jpeg_scans_find(struct jpeg_scans *s, struct context *cx, j_decompress_ptr jpeg,
                            struct source *src)
{
    struct walk w = {.scans = s, .jpeg = jpeg, .state = IN_DATA};
    *s = (struct jpeg_scans){.cx = cx, .src = src, .base = source_offset(src)};
    enum status st =
        source_can_pread(src) ? ST_OK : spool_open_growing(cx, SPOOL_MEMORY_BYTES, &s->spool);
    if (st != ST_OK)
        return st;
    memset(w.bits, UNSENT, sizeof w.bits);
    for (int i = 0; i < jpeg->comps_in_scan; i++)
        refine(&w, jpeg->cur_comp_info[i]->component_index, jpeg->Ss, jpeg->Se, jpeg->Al);
    st = walk_source(&w, src);
    if (st != ST_OK)
        return st;
    if (w.state == IN_DATA || w.state == IN_DATA_FF) /* cut short in a scan, else behind it */
        s->scan[s->count - 1].end = w.at;
    else if (w.state >= IN_LENGTH && w.state <= IN_BODY && w.marker == SOS)
        s->count--; /* its header is not whole */
    s->refined = true;
    if (jpeg->progressive_mode)
        for (int c = 0; c < jpeg->num_components; c++)
            for (int k = 0; k < SMOOTHED; k++)
                s->refined = s->refined && w.bits[c][k] == 0;
    return ST_OK;
}

bool jpeg_scans_need_turns(const struct jpeg_scans *s)
{
    return s->count > JPEG_LOCKSTEP_MAX || s->table_bytes > JPEG_LOCKSTEP_TABLES;
}

enum status jpeg_scans_read(struct jpeg_scans *s, uint64_t at, void *out, size_t bytes, size_t *got)
{
    if (s->spool == NULL)
        return source_pread(s->src, s->base + at, out, bytes, got);
    *got = bytes;
    return spool_read(s->spool, at, out, bytes);
}

void jpeg_scans_close(struct jpeg_scans *s)
{
    if (s->cx == NULL)
        return;
    mem_free(s->cx, s->scan);
    spool_close(s->spool);
    *s = (struct jpeg_scans){0};
}
