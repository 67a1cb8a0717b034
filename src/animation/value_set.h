/* SPDX-License-Identifier: MIT */
/* Up to 256 different values of a canvas, each with its place among them. */
#ifndef GIFLOW_ANIMATION_VALUE_SET_H
#define GIFLOW_ANIMATION_VALUE_SET_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define VALUE_SET_ROOM 256u
#define VALUE_SET_SLOTS 1024u /* a quarter full at most, so nearly all searches end at once */

struct value_set {
    uint32_t count;
    bool over; /* there were more than it holds */
    uint32_t value[VALUE_SET_ROOM];
    uint16_t slot[VALUE_SET_SLOTS]; /* place + 1; 0: free */
};

static inline void value_set_clear(struct value_set *s)
{
    s->count = 0;
    s->over = false;
    memset(s->slot, 0, sizeof s->slot);
}

static inline uint16_t *value_set_slot(struct value_set *s, uint32_t value)
{
    uint32_t at = value * UINT32_C(2654435769) >> 22;
    while (s->slot[at] != 0 && s->value[s->slot[at] - 1] != value)
        at = (at + 1) % VALUE_SET_SLOTS;
    return &s->slot[at];
}

/* The value's place, or -1. */
static inline int value_set_find(struct value_set *s, uint32_t value)
{
    return *value_set_slot(s, value) - 1;
}

/* Its place, which it now has; -1 where there is no room. */
static inline int value_set_add(struct value_set *s, uint32_t value)
{
    uint16_t *slot = value_set_slot(s, value);
    if (*slot == 0 && s->count == VALUE_SET_ROOM) {
        s->over = true;
        return -1;
    }
    if (*slot == 0) {
        s->value[s->count++] = value;
        *slot = (uint16_t)s->count;
    }
    return *slot - 1;
}

#endif
