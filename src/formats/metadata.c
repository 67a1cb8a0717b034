/* SPDX-License-Identifier: MIT */
/* A list of items that grow while they are read. */
#include "formats/metadata.h"

#include <string.h>

#include "base/mem.h"
#include "base/size.h"

/* Once, not for each of the items that a hostile file may have. */
static void warn(struct context *cx, struct metadata *m)
{
    if (!m->warned)
        note(cx, NOTE_WARNING, "more than %u bytes or %u pieces of metadata: some are left out",
             METADATA_BYTES, METADATA_ITEMS);
    m->warned = true;
}

enum status metadata_begin(struct context *cx, struct metadata *m, enum metadata_kind kind)
{
    struct metadata_item *item = mem_zalloc(cx, sizeof *item);
    if (item == NULL)
        return cx->status;
    item->kind = kind;
    m->cut = m->skip[kind];
    if (!m->cut && m->items == METADATA_ITEMS) {
        warn(cx, m);
        m->cut = true;
    }
    m->before = m->last;
    if (m->last != NULL)
        m->last->next = item;
    else
        m->first = item;
    m->last = item;
    m->items++;
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
        warn(cx, m);
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

/* before: the item before it; NULL: it is the first */
static struct metadata_item *unlink_item(struct metadata *m, struct metadata_item *before)
{
    struct metadata_item **link = before == NULL ? &m->first : &before->next, *item = *link;
    *link = item->next;
    if (m->last == item)
        m->last = before;
    m->items--;
    return item;
}

static void take_out(struct context *cx, struct metadata *m, struct metadata_item *before)
{
    struct metadata_item *item = unlink_item(m, before);
    drop_data(cx, m, item);
    mem_free(cx, item);
}

void metadata_drop(struct context *cx, struct metadata *m)
{
    if (m->last != NULL)
        take_out(cx, m, m->before);
}

static bool is_of(const struct metadata_item *item, enum metadata_kind kind, const char *key)
{
    return item->kind == kind && (key == NULL || strcmp(item->key, key) == 0);
}

void metadata_remove_key(struct context *cx, struct metadata *m, enum metadata_kind kind,
                         const char *key)
{
    struct metadata_item *before = NULL;
    while ((before == NULL ? m->first : before->next) != NULL) {
        struct metadata_item *item = before == NULL ? m->first : before->next;
        if (is_of(item, kind, key))
            take_out(cx, m, before);
        else
            before = item;
    }
}

void metadata_remove(struct context *cx, struct metadata *m, enum metadata_kind kind)
{
    metadata_remove_key(cx, m, kind, NULL);
}

void metadata_move(struct metadata *from, enum metadata_kind kind, struct metadata *to)
{
    struct metadata_item *before = NULL;
    while ((before == NULL ? from->first : before->next) != NULL) {
        struct metadata_item *item = before == NULL ? from->first : before->next;
        if (item->kind != kind) {
            before = item;
            continue;
        }
        unlink_item(from, before);
        item->next = NULL;
        *(to->last == NULL ? &to->first : &to->last->next) = item;
        to->before = to->last;
        to->last = item;
        to->items++;
        from->bytes -= item->bytes;
        to->bytes += item->bytes;
    }
}

void metadata_end(struct context *cx, struct metadata *m)
{
    if (m->last != NULL && m->last->bytes == 0)
        metadata_drop(cx, m);
}

void metadata_clear(struct context *cx, struct metadata *m)
{
    while (m->first != NULL) {
        struct metadata_item *item = m->first;
        m->first = item->next;
        mem_free(cx, item->data);
        mem_free(cx, item);
    }
    m->last = m->before = NULL;
    m->bytes = m->items = 0;
    m->density = (struct density){0};
    m->coding = (struct block_coding){0};
}

struct metadata_item *metadata_find_key(const struct metadata *m, enum metadata_kind kind,
                                        const char *key)
{
    struct metadata_item *item = m->first;
    while (item != NULL && (!is_of(item, kind, key) || item->bytes == 0))
        item = item->next;
    return item;
}

struct metadata_item *metadata_find(const struct metadata *m, enum metadata_kind kind)
{
    return metadata_find_key(m, kind, NULL);
}

void metadata_set_density(struct metadata *m, struct density density)
{
    bool wanted = false;
    for (unsigned kind = 0; kind < METADATA_KINDS; kind++)
        wanted |= !m->skip[kind];
    if (wanted && density.x != 0 && density.y != 0)
        m->density = density;
}

size_t metadata_icc_bytes(const struct metadata_item *item, const char *space)
{
    if (item == NULL || item->bytes < 132 || memcmp(item->data + 36, "acsp", 4) != 0 ||
        memcmp(item->data + 16, space, 4) != 0)
        return 0;
    uint32_t told = load_be32(item->data);
    return told >= 132 && told <= item->bytes ? told : 0; /* what is behind it is padding */
}
