/* SPDX-License-Identifier: MIT */
/* A list of items that grow while they are read. */
#include "formats/metadata.h"

#include <string.h>

#include "base/mem.h"
#include "base/size.h"

enum status metadata_begin(struct context *cx, struct metadata *m, enum metadata_kind kind)
{
    struct metadata_item *item = mem_zalloc(cx, sizeof *item);
    if (item == NULL)
        return cx->status;
    item->kind = kind;
    m->cut = m->skip[kind];
    if (m->last != NULL)
        m->last->next = item;
    else
        m->first = item;
    m->last = item;
    return ST_OK;
}

static void drop_data(struct context *cx, struct metadata *m, struct metadata_item *item)
{
    m->bytes -= item->bytes;
    mem_free(cx, item->data);
    item->data = NULL;
    item->bytes = item->room = 0;
}

enum status metadata_append(struct context *cx, struct metadata *m, const void *data, size_t bytes)
{
    struct metadata_item *item = m->last;
    if (m->cut || bytes == 0)
        return ST_OK;
    if (bytes > METADATA_BYTES - m->bytes) {
        note(cx, NOTE_WARNING, "more than %u bytes of comments or profiles: one is left out",
             METADATA_BYTES);
        drop_data(cx, m, item);
        m->cut = true;
        return ST_OK;
    }
    if (bytes > item->room - item->bytes) {
        size_t room = item->bytes + bytes;
        room += room / 2; /* sums that METADATA_BYTES keeps far from wrapping */
        uint8_t *grown = mem_alloc(cx, room);
        if (grown == NULL)
            return cx->status;
        if (item->bytes != 0)
            memcpy(grown, item->data, item->bytes);
        mem_free(cx, item->data);
        item->data = grown;
        item->room = room;
    }
    memcpy(item->data + item->bytes, data, bytes);
    item->bytes += bytes;
    m->bytes += bytes;
    return ST_OK;
}

void metadata_end(struct context *cx, struct metadata *m)
{
    struct metadata_item **link = &m->first, *before = NULL;
    if (m->last == NULL || m->last->bytes != 0)
        return;
    while (*link != m->last) {
        before = *link;
        link = &(*link)->next;
    }
    mem_free(cx, *link);
    *link = NULL;
    m->last = before;
}

void metadata_clear(struct context *cx, struct metadata *m)
{
    while (m->first != NULL) {
        struct metadata_item *item = m->first;
        m->first = item->next;
        mem_free(cx, item->data);
        mem_free(cx, item);
    }
    m->last = NULL;
    m->bytes = 0;
}
