/* SPDX-License-Identifier: MIT */
/* Whether an input is a moving picture. */
#include "pipeline/runs.h"

enum status decoder_moves(struct decoder *d, struct frame *first, bool *yes)
{
    struct frame other;
    enum status st = decoder_frame(d, first);
    *yes = false;
    if (st != ST_OK || !d->info.may_move)
        return st;
    uint64_t wanted = first->hidden ? 1 : 2; /* one is enough to show something else */
    while (st == ST_OK && d->frames < wanted)
        st = decoder_frame(d, &other);
    *yes = st == ST_OK;
    return st == ST_END ? ST_OK : st;
}

static enum status look_for_frames(struct context *cx, struct source *src, bool *yes)
{
    struct decoder *d;
    struct frame first;
    enum status st = decoder_open(cx, src, NULL, &d);
    if (st != ST_OK)
        return st;
    if (d->info.may_move)
        st = decoder_moves(d, &first, yes);
    decoder_close(d);
    return st == ST_END ? ST_OK : st;
}

enum status input_moves(struct context *cx, struct source *src, bool *yes)
{
    const uint8_t *head;
    size_t bytes;
    *yes = false;
    enum status st = source_peek(src, SNIFF_BYTES, &head, &bytes);
    if (st != ST_OK)
        return st;
    const struct format *format = format_by_content(head, bytes);
    if (format == NULL || !format->moves)
        return ST_OK;
    /* see runs.h; and raw pixels are not kept only to see whether more pictures follow them */
    if (!source_can_pread(src) && (cx->temp.limit == 0 || format->start == NULL))
        return ST_OK;
    st = source_keep(src);
    if (st == ST_OK)
        st = look_for_frames(cx, src, yes);
    if (st == ST_DAMAGED || st == ST_UNSUPPORTED) {
        take_back(cx);
        st = ST_OK;
    }
    if (st == ST_OK)
        st = source_rewind(src);
    if (!*yes)
        source_forget(src);
    return st;
}
