/* SPDX-License-Identifier: MIT */
/* Strings come, and at times one goes. */
#include "formats/gif/lzw_tree.h"

#include <string.h>

#include "base/size.h"

void lzw_tree_clear(struct lzw_tree *t, const struct lzw_codes *c)
{
    for (uint32_t i = 0; i < c->clear; i++) {
        t->string[i] = (struct lzw_string){0, 0, 1, (uint8_t)i, (uint8_t)i};
        t->length[i] = 1;
    }
    memset(t->pairs, 0, sizeof t->pairs);
    t->next = c->first;
    t->deepest = 1;
    t->last = LZW_NO_CODE;
    t->expected = false;
}

/* Makes string `next`, as a child of code; the next code is counted when it is sure. */
static void add(struct lzw_tree *t, uint32_t code, uint32_t pixel)
{
    uint32_t length = t->length[code] + 1u, made = t->next;
    t->string[made] = (struct lzw_string){0, t->string[code].child, (uint16_t)length,
                                          (uint8_t)pixel, t->string[code].first};
    if (length == 2) {
        t->pairs[code][pixel / 64] |= UINT64_C(1) << pixel % 64;
        t->pair[code][pixel] = (uint16_t)made;
    }
    t->string[code].child = (uint16_t)made;
    t->parent[made] = (uint16_t)code;
    t->length[made] = (uint16_t)length;
    t->deepest = max_u32(t->deepest, length);
    for (uint32_t s = code; t->string[s].reach < length; s = t->parent[s]) {
        t->string[s].reach = (uint16_t)length;
        if (t->length[s] == 1)
            break;
    }
}

/* Takes string `next` back; that its parents reach no further than before is not told. */
static void unexpect(struct lzw_tree *t, uint32_t code, uint32_t pixel)
{
    t->string[code].child = t->string[t->next].next;
    if (t->length[code] == 1)
        t->pairs[code][pixel / 64] &= ~(UINT64_C(1) << pixel % 64);
}

/* Whether the code that was taken last adds a string. */
static bool grows(const struct lzw_tree *t)
{
    return t->last != LZW_NO_CODE && t->next < LZW_TABLE_END;
}

void lzw_tree_expect(struct lzw_tree *t)
{
    t->expected = false;
    if (!grows(t))
        return;
    uint32_t pixel = t->string[t->last].first;
    t->expected = lzw_tree_child(t, t->last, pixel) == 0;
    if (t->expected)
        add(t, t->last, pixel);
}

void lzw_tree_take(struct lzw_tree *t, uint32_t code)
{
    uint32_t pixel = t->string[code].first;
    if (grows(t)) {
        if (!t->expected || t->string[t->next].pixel != pixel) {
            if (t->expected)
                unexpect(t, t->last, t->string[t->next].pixel);
            if (lzw_tree_child(t, t->last, pixel) == 0)
                add(t, t->last, pixel);
        }
        t->next++;
    }
    t->last = code;
}
