/* SPDX-License-Identifier: MIT */
/* The longest strings that fit pixels of two indices each, remembered by pixel. */
#ifndef GIFLOW_FORMATS_GIF_LZW_FREE_MATCH_H
#define GIFLOW_FORMATS_GIF_LZW_FREE_MATCH_H

#include "formats/gif/lzw_match.h"

/*
 * A pixel of an animation that is on the screen already may be coded by its own index or as
 * transparent. A run of such pixels fits many strings of the dictionary. All that fit have one
 * length, so they are a front that moves through the dictionary breadth-first: each pixel leads
 * every member to two children at most.
 *
 * One of the indices of a pixel is a suggestion, so that equal places of the picture are written in
 * equal ways and come to share their strings. Members are kept in the order of how many pixels
 * differ from it; where there are too many, those that differ most are given up. Of 2, 3 and 4
 * members animations that gain get 0.9, 1.0 and 1.1 % smaller, in hardly more time.
 */
#define LZW_FRONT 4

struct lzw_member {
    uint16_t code;
    uint16_t differs; /* pixels that are not as suggested */
};

/*
 * As in lzw_match.h a search goes on from what was found before. Strings of that very length which
 * came into the dictionary since are not seen, so that the match may be shorter than it could be.
 */
struct lzw_free_match {
    uint32_t number; /* of the pixel, from 1 on; 0: none yet */
    uint16_t length, members;
    uint16_t next; /* the code that was to be made when the search ended */
    struct lzw_member front[LZW_FRONT];
};

/* The strings of one pixel; returns how many there are. */
static inline uint32_t lzw_front_begin(uint8_t suggested, uint8_t other, struct lzw_member *front)
{
    front[0] = (struct lzw_member){suggested, 0};
    front[1] = (struct lzw_member){other, 1};
    return other == suggested ? 1 : 2;
}

/* The child of a member, if there is one, joins the front that is being made, of n members. */
static inline uint32_t lzw_front_lead(const struct lzw_dict *d, struct lzw_member from,
                                      uint8_t pixel, bool differs, struct lzw_member *front,
                                      uint32_t n)
{
    uint32_t slot, child = lzw_dict_find(d, from.code, pixel, &slot);
    uint16_t sum = (uint16_t)(from.differs + differs);
    if (child == 0 || (n == LZW_FRONT && front[n - 1].differs <= sum))
        return n;
    uint32_t at = n < LZW_FRONT ? n++ : n - 1;
    for (; at > 0 && front[at - 1].differs > sum; at--)
        front[at] = front[at - 1];
    front[at] = (struct lzw_member){(uint16_t)child, sum};
    return n;
}

/* A front of n members moves on by a pixel; returns how many there are then, 0: no string fits. */
static inline uint32_t lzw_front_move(const struct lzw_dict *d, const struct lzw_member *from,
                                      uint32_t n, uint8_t suggested, uint8_t other,
                                      struct lzw_member *front)
{
    uint32_t members = 0;
    for (uint32_t k = 0; k < n; k++) {
        members = lzw_front_lead(d, from[k], suggested, false, front, members);
        if (other != suggested)
            members = lzw_front_lead(d, from[k], other, true, front, members);
    }
    return members;
}

/* Whether a string that was made since the search is the child of a member. */
static inline bool lzw_front_has_child(const struct lzw_dict *d, const struct lzw_free_match *m,
                                       uint32_t next)
{
    for (uint32_t code = m->next; code < next; code++)
        for (uint32_t k = 0; k < m->members; k++)
            if (d->prefix[code] == m->front[k].code)
                return true;
    return false;
}

/*
 * The longest strings that fit pixels; the first member is most like the suggestion.
 *
 * match     LZW_MATCHES of them, zeroed at first
 * number    as lzw_match_longest's
 * next      the code to be made
 * p, other  the pixels as suggested, and their other index, which may be the same
 * end       behind p; the search ends there, but what was found before may be longer
 */
static inline const struct lzw_free_match *
lzw_free_match_longest(struct lzw_free_match *match, const struct lzw_dict *d, uint32_t number,
                       uint32_t next, const uint8_t *p, const uint8_t *other, const uint8_t *end)
{
    struct lzw_free_match *m = &match[number % LZW_MATCHES];
    struct lzw_member store[2][LZW_FRONT], *front = m->front, *moved = store[0];
    if (m->number != number) {
        m->number = number;
        m->length = 1;
        m->members = (uint16_t)lzw_front_begin(p[0], other[0], front);
    } else if (!lzw_front_has_child(d, m, next)) {
        return m;
    }
    uint32_t length = m->length, members = m->members, n;
    for (; p + length < end; length++) {
        n = lzw_front_move(d, front, members, p[length], other[length], moved);
        if (n == 0)
            break;
        members = n;
        front = moved;
        moved = store[front == store[0]];
    }
    if (front != m->front)
        memcpy(m->front, front, members * sizeof *front);
    m->length = (uint16_t)length;
    m->members = (uint16_t)members;
    m->next = (uint16_t)next;
    return m;
}

#endif
