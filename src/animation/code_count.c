/* SPDX-License-Identifier: MIT */
/* Between bytes and codes, which take the more bits the more there were since the clear. */
#include "animation/code_count.h"

#include "formats/gif/lzw_bits.h"

uint64_t codes_in_bytes(uint64_t bytes, unsigned size)
{
    struct lzw_codes c = lzw_codes(size);
    uint64_t table = LZW_GREEDY_END - c.first, full = lzw_cost(&c, table) + LZW_MAX_WIDTH;
    uint64_t bits = bytes * 8 * LZW_BLOCK_BYTES / (LZW_BLOCK_BYTES + 1), low = 0, high = table;
    uint64_t rest = bits % full;
    while (low < high) {
        uint64_t middle = (low + high + 1) / 2;
        if (lzw_cost(&c, middle) <= rest)
            low = middle;
        else
            high = middle - 1;
    }
    return bits / full * table + low;
}

uint64_t bytes_of_codes(uint64_t codes, unsigned size)
{
    struct lzw_codes c = lzw_codes(size);
    uint64_t table = LZW_GREEDY_END - c.first;
    uint64_t bits = codes / table * (lzw_cost(&c, table) + LZW_MAX_WIDTH);
    bits += lzw_cost(&c, codes % table);
    return bits / 8 * (LZW_BLOCK_BYTES + 1) / LZW_BLOCK_BYTES;
}
