/* SPDX-License-Identifier: MIT */
/* A list is read whole and its separators become the ends of its names. */
#include "batch/inputs.h"

#include <string.h>

#include "base/mem.h"
#include "base/size.h"

#define FIRST_ROOM 4096

/* The whole of src in memory that the caller frees, with a NUL behind it. */
static enum status read_all(struct context *cx, struct source *src, char **out, size_t *out_bytes)
{
    size_t room = FIRST_ROOM, used = 0;
    char *bytes = mem_alloc(cx, room);
    while (bytes != NULL) {
        size_t got;
        enum status st = source_read(src, bytes + used, room - used - 1, &got);
        if (st != ST_OK) {
            mem_free(cx, bytes);
            return st;
        }
        used += got;
        if (used < room - 1)
            break;
        char *larger = size_mul(room, 2, &room) ? mem_alloc(cx, room) : NULL;
        if (larger != NULL)
            memcpy(larger, bytes, used);
        mem_free(cx, bytes);
        bytes = larger;
    }
    if (bytes == NULL)
        return fail(cx, ST_NOMEM, "no memory for the list of inputs");
    bytes[used] = '\0';
    *out = bytes;
    *out_bytes = used;
    return ST_OK;
}

/* Ends each name of the list; the number of them. */
static size_t cut(char *list, size_t bytes, char separator)
{
    size_t count = 0;
    bool inside = false;
    for (size_t i = 0; i < bytes; i++) {
        if (list[i] == separator)
            list[i] = '\0';
        count += list[i] != '\0' && !inside;
        inside = list[i] != '\0';
    }
    return count;
}

enum status inputs_open(struct context *cx, char **operands, size_t count, struct source *list,
                        char separator, struct inputs *out)
{
    *out = (struct inputs){0};
    size_t bytes = 0, listed = 0;
    if (list != NULL) {
        enum status st = read_all(cx, list, &out->list, &bytes);
        if (st != ST_OK)
            return st;
        if (separator != '\0' && memchr(out->list, '\0', bytes) != NULL) {
            inputs_close(cx, out);
            return fail(cx, ST_USAGE, "the list holds a NUL (is it one for --null?)");
        }
        listed = cut(out->list, bytes, separator);
    }
    if (count + listed == 0) {
        inputs_close(cx, out);
        return fail(cx, ST_USAGE, "the list names no input");
    }
    out->name = mem_array(cx, count + listed, sizeof *out->name);
    if (out->name == NULL) {
        inputs_close(cx, out);
        return cx->status;
    }
    for (; out->count < count; out->count++)
        out->name[out->count] = operands[out->count];
    for (const char *at = out->list; out->count < count + listed; at += strlen(at) + 1)
        if (*at != '\0')
            out->name[out->count++] = at;
    return ST_OK;
}

void inputs_close(struct context *cx, struct inputs *in)
{
    mem_free(cx, in->name);
    mem_free(cx, in->list);
    *in = (struct inputs){0};
}
