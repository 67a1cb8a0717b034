/* SPDX-License-Identifier: MIT */
/* Names are made when they are needed and compared by what they lead to. */
#include "batch/naming.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "base/size.h"

enum status output_name(struct context *cx, const struct naming *n, const char *input, char **out)
{
    if (strcmp(input, "-") == 0)
        return fail(cx, ST_USAGE, "standard input has no name to call an output by (use -o)");
    const char *slash = strrchr(input, '/');
    const char *base = n->dir == NULL || slash == NULL ? input : slash + 1;
    const char *dot = strrchr(base, '.');
    /* a name such as .profile is none that begins with an extension; .gif, where it stays, is */
    bool whole = dot == NULL || (dot == base && n->format != NULL);
    size_t stem = whole ? strlen(base) : (size_t)(dot - base);
    const char *extension = base + stem + (base[stem] == '.');
    size_t extension_length = strlen(extension);

    if (n->dir == NULL) {
        stem = strlen(base);
        extension_length = 0;
    } else if (n->format != NULL) {
        extension = n->format->suffixes;
        extension_length = strcspn(extension, " ");
    } else if (format_by_suffix(base) == NULL) {
        return fail(cx, ST_USAGE, "%s: the suffix names no format (use --format)", input);
    }
    size_t room =
        3 + (n->dir != NULL ? strlen(n->dir) + strlen(n->suffix) : 0) + stem + extension_length;
    char *name = mem_alloc(cx, room);
    if (name == NULL)
        return cx->status;
    if (n->dir == NULL)
        memcpy(name, base, stem + 1);
    else
        snprintf(name, room, "%s/%.*s%s.%.*s", n->dir, (int)stem, base, n->suffix,
                 (int)extension_length, extension);
    *out = name;
    return ST_OK;
}

/* What a name leads to: a file that is there, or else the name itself by its hash. */
struct place {
    uint64_t device; /* 0: no file there */
    uint64_t file;   /* inode, or hash */
    size_t input;    /* which input this is, or is the output of */
    size_t choice;
    bool is_output;
};

/* FNV-1a; an unlucky pair of names is refused, no more. */
static uint64_t hash_name(const char *name)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (; *name != '\0'; name++)
        hash = (hash ^ (unsigned char)*name) * UINT64_C(0x100000001b3);
    return hash;
}

static struct naming with_choice(const struct naming *n, size_t choice)
{
    struct naming one = *n;
    if (n->choices != NULL)
        one.format = n->choices[choice];
    return one;
}

static struct place find_place(const char *name, size_t input, size_t choice, bool is_output)
{
    struct place p = {.input = input, .choice = choice, .is_output = is_output};
    struct stat st;
    if (stat(name, &st) == 0) {
        p.device = (uint64_t)st.st_dev + 1;
        p.file = (uint64_t)st.st_ino;
    } else {
        p.file = hash_name(name);
    }
    return p;
}

static int compare_places(const void *left, const void *right)
{
    const struct place *a = left, *b = right;
    if (a->device != b->device)
        return a->device < b->device ? -1 : 1;
    if (a->file != b->file)
        return a->file < b->file ? -1 : 1;
    if (a->is_output != b->is_output) /* outputs first, so each meets what follows it */
        return a->is_output ? -1 : 1;
    if (a->input != b->input)
        return a->input < b->input ? -1 : 1;
    return a->choice < b->choice ? -1 : a->choice > b->choice;
}

static enum status refuse(struct context *cx, const struct naming *n, const struct inputs *in,
                          const struct place *a, const struct place *b)
{
    const char *first = in->name[a->input], *second = in->name[b->input];
    char *output = NULL;
    struct naming one = with_choice(n, a->choice);
    enum status st = output_name(cx, &one, first, &output);
    if (st != ST_OK)
        return st;
    if (b->is_output)
        st = fail(cx, ST_USAGE, "%s and %s would both be written to %s", first, second, output);
    else
        st = fail(cx, ST_USAGE, "%s, made from %s, would replace the input %s", output, first,
                  second);
    mem_free(cx, output);
    return st;
}

enum status check_outputs(struct context *cx, const struct naming *n, const struct inputs *in)
{
    size_t room, count = 0, choices = n->choices != NULL ? n->choice_count : 1;
    struct place *place =
        size_mul(in->count, choices + 1, &room) ? mem_array(cx, room, sizeof *place) : NULL;
    if (place == NULL)
        return fail(cx, ST_NOMEM, "no memory for the list of outputs");
    enum status st = ST_OK;
    for (size_t i = 0; i < in->count && st == ST_OK; i++) {
        for (size_t k = 0; k < choices && st == ST_OK; k++) {
            char *output = NULL;
            struct naming one = with_choice(n, k);
            st = output_name(cx, &one, in->name[i], &output);
            if (st == ST_OK)
                place[count++] = find_place(output, i, k, true);
            mem_free(cx, output);
        }
        if (n->dir != NULL)
            place[count++] = find_place(in->name[i], i, 0, false);
    }
    if (st == ST_OK)
        qsort(place, count, sizeof *place, compare_places);
    const struct place *output = NULL; /* the first one of this place */
    for (size_t i = 0; i < count && st == ST_OK; i++) {
        const struct place *p = &place[i];
        if (output == NULL || output->device != p->device || output->file != p->file)
            output = p->is_output ? p : NULL;
        else if (output->input != p->input)
            st = refuse(cx, n, in, output, p);
    }
    mem_free(cx, place);
    return st;
}
