/* SPDX-License-Identifier: MIT */
/* The lossy encoder's dictionary: strings as a tree whose branches can be searched. */
#ifndef GIFLOW_FORMATS_GIF_LZW_TREE_H
#define GIFLOW_FORMATS_GIF_LZW_TREE_H

#include <stdbool.h>
#include <stdint.h>

#include "formats/gif/lzw_bits.h"

/* A string: that of its parent and one pixel. */
struct lzw_string {
    uint16_t child, next; /* the newest child; the next older sibling; 0: none */
    uint16_t reach;       /* pixels of the longest string that begins with this one */
    uint8_t pixel, first; /* the last and the first pixel */
};

struct lzw_tree {
    uint32_t next;    /* the code that the next new string gets */
    uint32_t deepest; /* pixels of the longest string */
    uint32_t last;    /* the code that was taken last; LZW_NO_CODE after a clear */
    bool expected;    /* string `next` is there, see lzw_tree_expect */
    uint16_t parent[LZW_TABLE_END], length[LZW_TABLE_END];
    struct lzw_string string[LZW_TABLE_END];
    /* the strings of two pixels, which are many: which there are, and their codes */
    uint64_t pairs[256][4];
    uint16_t pair[256][256];
};

#define LZW_NO_CODE UINT32_MAX

/* The strings of one pixel only. */
void lzw_tree_clear(struct lzw_tree *t, const struct lzw_codes *c);

/*
 * A code adds a string once the one after it is known, whose first pixel is its last. But that one
 * may be the very string that is added ("KwKwK") if its first pixel is the last one's; so such a
 * string is put there for the choice of a code, and is put right when the code is taken.
 */
void lzw_tree_expect(struct lzw_tree *t);
void lzw_tree_take(struct lzw_tree *t, uint32_t code);

/* The string of code and one pixel more; 0: there is none. */
static inline uint32_t lzw_tree_child(const struct lzw_tree *t, uint32_t code, uint32_t pixel)
{
    if (t->length[code] == 1)
        return t->pairs[code][pixel / 64] >> pixel % 64 & 1 ? t->pair[code][pixel] : 0;
    uint32_t child = t->string[code].child;
    while (child != 0 && t->string[child].pixel != pixel)
        child = t->string[child].next;
    return child;
}

#endif
