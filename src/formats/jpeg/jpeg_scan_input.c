/* SPDX-License-Identifier: MIT */
/* Stretches of the file one after another; each object has its own small window. */
#include "formats/jpeg/jpeg_scan_input.h"

#include <jerror.h>

#include "base/size.h"

static const JOCTET end_of_image[2] = {0xff, JPEG_EOI};

static struct jpeg_scan_input *input_of(j_decompress_ptr jpeg)
{
    return (struct jpeg_scan_input *)jpeg->src;
}

/* Steps to the next stretch; false after the last. */
static bool next_stretch(struct jpeg_scan_input *in)
{
    const struct jpeg_scan *scan = in->scans->scan;
    if (in->stretch == in->last)
        return false;
    in->at = scan[in->stretch].end;
    in->stretch++;
    in->limit = in->stretch == in->last ? scan[in->last].end : scan[in->stretch].sos;
    return true;
}

static void begin(j_decompress_ptr jpeg)
{
    (void)jpeg;
}

static boolean fill(j_decompress_ptr jpeg)
{
    struct jpeg_scan_input *in = input_of(jpeg);
    size_t got = 0;
    while (in->at == in->limit && next_stretch(in))
        ;
    if (in->at < in->limit) {
        uint64_t rest = in->limit - in->at;
        size_t want = rest < sizeof in->buffer ? (size_t)rest : sizeof in->buffer;
        enum status st = jpeg_scans_read(in->scans, in->at, in->buffer, want, &got);
        if (st != ST_OK)
            jpeg_guard_jump(jpeg_guard_of(jpeg), st);
        in->cut = in->cut || got == 0;
        in->at += got;
    }
    in->mgr.next_input_byte = in->buffer;
    in->mgr.bytes_in_buffer = got;
    if (got == 0) {
        if (in->cut)
            WARNMS(jpeg, JWRN_JPEG_EOF);
        in->mgr.next_input_byte = end_of_image;
        in->mgr.bytes_in_buffer = sizeof end_of_image;
    }
    return TRUE;
}

/* Of a marker's parameters, which never reach beyond the stretch. */
static void skip(j_decompress_ptr jpeg, long bytes)
{
    struct jpeg_scan_input *in = input_of(jpeg);
    if (bytes <= 0)
        return;
    size_t n = min_size((size_t)bytes, in->mgr.bytes_in_buffer);
    in->mgr.next_input_byte += n;
    in->mgr.bytes_in_buffer -= n;
    uint64_t rest = (uint64_t)bytes - n;
    in->at += rest < in->limit - in->at ? rest : in->limit - in->at;
}

static void end_reading(j_decompress_ptr jpeg)
{
    (void)jpeg;
}

static void init(struct jpeg_scan_input *in, j_decompress_ptr jpeg, struct jpeg_scans *scans)
{
    in->mgr = (struct jpeg_source_mgr){
        .init_source = begin,
        .fill_input_buffer = fill,
        .skip_input_data = skip,
        .resync_to_restart = jpeg_resync_to_restart,
        .term_source = end_reading,
    };
    in->scans = scans;
    in->stretch = in->last = 0;
    in->at = in->limit = 0;
    in->cut = false;
    jpeg->src = &in->mgr;
}

void jpeg_scan_input_init(struct jpeg_scan_input *in, j_decompress_ptr jpeg,
                          struct jpeg_scans *scans, unsigned scan, const uint8_t *prefix,
                          size_t prefix_bytes)
{
    init(in, jpeg, scans);
    in->last = scan;
    in->mgr.next_input_byte = prefix;
    in->mgr.bytes_in_buffer = prefix_bytes;
    if (scan == 0)
        in->limit = scans->scan[0].end;
    in->cut = !scans->complete && scan + 1 == scans->count;
}

void jpeg_scan_input_init_all(struct jpeg_scan_input *in, j_decompress_ptr jpeg,
                              struct jpeg_scans *scans)
{
    init(in, jpeg, scans);
    in->limit = scans->scan[scans->count - 1].end;
    in->cut = !scans->complete;
}
