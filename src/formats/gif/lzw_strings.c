/* SPDX-License-Identifier: MIT */
/* What happens to a whole dictionary: it begins, moves, or changes its form. */
#include "formats/gif/lzw_strings.h"

void lzw_strings_reset(struct lzw_decoder *z)
{
    uint64_t strings =
        z->strings != 0 ? z->strings : z->since_clear + (z->run.write - z->segment_at);
    z->form = strings > HISTORY ? BY_TAIL : BY_PLACE;
    z->strings = 0;
    z->since_clear = 0;
    z->segment_at = z->run.write;
    z->begin = z->run.write;
    z->full_at = 0;
    for (uint32_t i = 0; i < z->clear; i++)
        z->table[i] = ENTRY(z->form == BY_PLACE ? i : 0, 1);
    if (z->form == BY_TAIL)
        for (uint32_t i = 0; i < z->clear; i++)
            z->tail[i] = htole64(i);
    z->run.next = z->clear + 2;
    z->run.width = (uint32_t)__builtin_ctz(z->clear) + 1;
    z->run.previous = CODES;
}

/* Changes the dictionary's form; its strings still stand in the history. */
static void to_tails(struct lzw_decoder *z)
{
    uint32_t first = z->clear + 2;
    /* Upwards, a prefix becomes a link: to the string's part before its last 1 .. 8 bytes. */
    for (uint32_t i = first; i < z->run.next; i++)
        if ((LENGTH(z->table[i]) - 1) % 8 != 0)
            z->prefix[i] = z->prefix[z->prefix[i]];
    /* Downwards, because a tail takes the room of four links, of entries no lower than its own. */
    for (uint32_t i = z->run.next; i-- > first;) {
        uint32_t length = LENGTH(z->table[i]), at = HIGH(z->table[i]), link = z->prefix[i];
        uint32_t part = (length - 1) % 8 + 1;
        uint64_t tail = 0;
        memcpy(&tail, z->history + at + length - part, part);
        z->table[i] = ENTRY(link, length);
        z->tail[i] = tail;
    }
    for (uint32_t i = 0; i < z->clear; i++) {
        z->table[i] = ENTRY(0, 1);
        z->tail[i] = htole64(i);
    }
}

void lzw_strings_make_room(struct lzw_decoder *z)
{
    z->since_clear += z->run.write - z->segment_at;
    if (z->form == BY_PLACE) {
        uint32_t end = z->full_at != 0 ? z->full_at : z->run.write;
        uint32_t keep = z->run.previous == CODES ? 0 : end - z->begin;
        uint32_t first = z->clear + 2;
        if (keep <= HISTORY_KEEP) {
            uint32_t by = z->begin - LITERALS;
            if (by != 0 && keep != 0) {
                memmove(z->history + LITERALS, z->history + z->begin, keep);
                for (uint32_t i = first; i < z->run.next; i++)
                    z->table[i] -= by << 16;
                /* the previous string is among the kept, but for a full table, which asks no more
                 */
                z->run.at -= by;
            }
            z->begin = LITERALS;
            z->run.write = LITERALS + keep;
            if (z->full_at != 0) {
                z->full_at = z->run.write;
                z->run.at = LITERALS;
            }
            z->read = z->segment_at = z->run.write;
            return;
        }
        z->first = z->history[z->run.at];
        to_tails(z);
        z->form = BY_TAIL;
    }
    z->read = z->run.write = z->segment_at = LITERALS;
}
