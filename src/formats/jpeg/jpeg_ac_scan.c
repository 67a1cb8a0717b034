/* SPDX-License-Identifier: MIT */
/*
 * T.81, annex G. What a damaged scan decodes to nobody sees, as damage ends the decoding; but a scan
 * that libjpeg decodes without complaint has to give the same coefficients, however odd it is.
 */
#include "formats/jpeg/jpeg_ac_scan.h"

#include <endian.h>
#include <jerror.h>
#include <string.h>

#include "formats/jpeg/jpeg_block.h"

/* Places of a block in rows, and some more, as a run of zeroes may lead beyond its end. */
static const uint8_t place[DCTSIZE2 + 16] = {
    0,  1,  8,  16, 9,  2,  3,  10, 17, 24, 32, 25, 18, 11, 4,  5,  12, 19, 26, 33,
    40, 48, 41, 34, 27, 20, 13, 6,  7,  14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36,
    29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54,
    47, 55, 62, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63};

void jpeg_zigzag_make(struct jpeg_zigzag *z)
{
    memset(z, 0, sizeof *z);
    for (unsigned k = 0; k < DCTSIZE2; k++)
        for (unsigned byte = 0; byte < 256; byte++)
            if (byte >> place[k] % 8 & 1)
                z->of[place[k] / 8][byte] |= UINT64_C(1) << k;
}

static uint64_t in_zigzag(const struct jpeg_zigzag *z, uint64_t mask)
{
    uint64_t out = 0;
    for (unsigned i = 0; i < 8; i++)
        out |= z->of[i][mask >> 8 * i & 255];
    return out;
}

/* false: codes that do not fit their lengths */
static bool make_table(struct jpeg_ac_scan *s, const JHUFF_TBL *table)
{
    int32_t code = 0, used = 0;
    memcpy(s->symbol, table->huffval, sizeof s->symbol);
    for (int length = 1; length <= 16; length++, code <<= 1) {
        int32_t count = table->bits[length];
        if (used + count > 256 || code + count > 1 << length)
            return false;
        s->less[length] = used - code;
        s->most[length] = count > 0 ? code + count - 1 : -1;
        for (; count > 0; count--, code++, used++) {
            int spare = JPEG_AC_LOOK - length;
            for (int i = 0; spare >= 0 && i < 1 << spare; i++)
                s->look[(code << spare) + i] = (uint16_t)(length << 8 | s->symbol[used]);
        }
    }
    return true;
}

bool jpeg_ac_scan_open(struct jpeg_ac_scan *s, j_decompress_ptr jpeg, const struct jpeg_zigzag *z,
                       bool last)
{
    if (!jpeg->progressive_mode || jpeg->arith_code || jpeg->comps_in_scan != 1)
        return false;
    const jpeg_component_info *info = jpeg->cur_comp_info[0];
    int table = info->ac_tbl_no;
    bool sound = jpeg->Ss > 0 && jpeg->Ss <= jpeg->Se && jpeg->Se < DCTSIZE2 && jpeg->Al <= 13 &&
                 (jpeg->Ah == 0 || jpeg->Ah == jpeg->Al + 1) && table >= 0 &&
                 table < NUM_HUFF_TBLS && jpeg->ac_huff_tbl_ptrs[table] != NULL;
    if (!sound || !make_table(s, jpeg->ac_huff_tbl_ptrs[table]))
        return false;
    s->jpeg = jpeg;
    s->zigzag = z;
    s->last = last;
    s->component = info->component_index;
    s->restarts_left = jpeg->restart_interval;
    s->next = jpeg->src->next_input_byte;
    s->end = s->next + jpeg->src->bytes_in_buffer;
    return true;
}

/* A byte of the file; what a source makes up at its end is a marker. */
static uint8_t next_byte(struct jpeg_ac_scan *s)
{
    if (s->next == s->end) {
        struct jpeg_source_mgr *src = s->jpeg->src;
        src->fill_input_buffer(s->jpeg); /* ours never suspends */
        s->next = src->next_input_byte;
        s->end = s->next + src->bytes_in_buffer;
    }
    return *s->next++;
}

/* Bytes one by one, up to a marker, which is stepped over. */
static struct jpeg_bits load_slowly(struct jpeg_ac_scan *s, struct jpeg_bits b)
{
    while (b.count <= 56 && !s->ended) {
        uint8_t byte = next_byte(s), code = 0;
        if (byte == 0xff) {
            do
                code = next_byte(s);
            while (code == 0xff);
            if (code != 0) {
                s->ended = true;
                s->marker = code;
                break;
            }
        }
        b.hold |= (uint64_t)byte << (56 - b.count);
        b.count += 8;
    }
    return b;
}

/*
 * Makes at least 56 bits ready, or those up to the marker and zeroes behind them. By value, so that
 * the bits stay in registers.
 */
static struct jpeg_bits load(struct jpeg_ac_scan *s, struct jpeg_bits b)
{
    uint64_t bytes;
    if (s->ended)
        return b;
    if (s->end - s->next >= 8) {
        memcpy(&bytes, s->next, 8);
        bytes = be64toh(bytes);
        uint64_t zeroes = ~bytes; /* a byte of FF is one of 0 here */
        if (((zeroes - UINT64_C(0x0101010101010101)) & bytes & UINT64_C(0x8080808080808080)) == 0) {
            /* bits of the byte that does not fit are or'ed in once more with it */
            b.hold |= bytes >> b.count;
            s->next += (63 - b.count) >> 3;
            b.count |= 56;
            return b;
        }
    }
    return load_slowly(s, b);
}

static inline void drop(struct jpeg_bits *b, unsigned bits)
{
    b->hold <<= bits;
    b->count -= bits;
}

/* 1 to 16 bits. */
static inline unsigned take(struct jpeg_ac_scan *s, struct jpeg_bits *b, unsigned bits)
{
    if (b->count < bits)
        *b = load(s, *b);
    unsigned value = (unsigned)(b->hold >> (64 - bits));
    drop(b, bits);
    return value;
}

/* Length and symbol. */
static unsigned find_long_code(struct jpeg_ac_scan *s, struct jpeg_bits b)
{
    for (int length = JPEG_AC_LOOK + 1; length <= 16; length++) {
        int32_t code = (int32_t)(b.hold >> (64 - length));
        if (code <= s->most[length])
            return (unsigned)length << 8 | s->symbol[(code + s->less[length]) & 255];
    }
    if (b.count < 16) /* of which no code was made */
        WARNMS(s->jpeg, JWRN_HIT_MARKER);
    WARNMS(s->jpeg, JWRN_HUFF_BAD_CODE);
    return 16 << 8;
}

static inline unsigned take_symbol(struct jpeg_ac_scan *s, struct jpeg_bits *b)
{
    if (b->count < 16)
        *b = load(s, *b);
    unsigned found = s->look[b->hold >> (64 - JPEG_AC_LOOK)];
    if (found == 0)
        found = find_long_code(s, *b);
    drop(b, found >> 8);
    return found & 255;
}

/* Blocks of this run that have nothing more to come, this one with them. */
static inline unsigned take_run(struct jpeg_ac_scan *s, struct jpeg_bits *b, unsigned bits)
{
    return bits == 0 ? 1 : (1u << bits) + take(s, b, bits);
}

/* G.1.2.2 */
static struct jpeg_bits first_block(struct jpeg_ac_scan *s, struct jpeg_bits b, JCOEF *block)
{
    int last = s->jpeg->Se, shift = s->jpeg->Al;
    for (int k = s->jpeg->Ss; k <= last; k++) {
        unsigned symbol = take_symbol(s, &b), run = symbol >> 4, size = symbol & 15;
        if (size != 0) {
            int value = (int)take(s, &b, size);
            if (value < 1 << (size - 1))
                value += 1 - (1 << size);
            k += (int)run;
            block[place[k]] = (JCOEF)((unsigned)value << shift);
        } else if (run == 15) {
            k += 15;
        } else {
            s->eob_run = take_run(s, &b, run) - 1;
            break;
        }
    }
    return b;
}

/* A bit for each coefficient that is not 0, in order: whether its magnitude grows by step. */
static inline struct jpeg_bits correct(struct jpeg_ac_scan *s, struct jpeg_bits b, JCOEF *block,
                                       uint64_t mask, int step)
{
    for (; mask != 0; mask &= mask - 1) {
        JCOEF *c = block + place[__builtin_ctzll(mask)];
        int value = *c, sign = value < 0 ? -1 : 0;
        int grows = -(int)(take(s, &b, 1) & ((value & step) == 0));
        *c = (JCOEF)(value + (((step ^ sign) - sign) & grows));
    }
    return b;
}

/* Bits from k on, 0 to 64. */
static inline uint64_t from(int k)
{
    return k < 64 ? ~UINT64_C(0) << k : 0;
}

/* G.1.2.3. set: coefficients of the band that are not 0, in zigzag order */
static struct jpeg_bits refine_block(struct jpeg_ac_scan *s, struct jpeg_bits b, JCOEF *block,
                                     uint64_t set)
{
    int last = s->jpeg->Se, step = 1 << s->jpeg->Al;
    uint64_t band = ~from(last + 1);
    for (int k = s->jpeg->Ss; k <= last;) {
        unsigned symbol = take_symbol(s, &b), run = symbol >> 4, size = symbol & 15;
        int value = 0;
        if (size != 0) {
            if (size != 1)
                WARNMS(s->jpeg, JWRN_HUFF_BAD_CODE);
            value = take(s, &b, 1) ? step : -step;
        } else if (run != 15) {
            s->eob_run = take_run(s, &b, run);
            break;
        }
        int to = k + (int)run;
        if (to > last || (set << (63 - to)) != 0) { /* not all of them are zeroes */
            uint64_t clear = ~set & band & from(k);
            for (; run > 0; run--)
                clear &= clear - 1;
            to = clear == 0 ? last + 1 : __builtin_ctzll(clear);
            b = correct(s, b, block, set & ~from(to), step);
            set &= from(to);
        }
        if (value != 0)
            block[place[to]] = (JCOEF)value;
        k = to + 1;
    }
    if (s->eob_run > 0) {
        b = correct(s, b, block, set, step);
        s->eob_run--;
    }
    return b;
}

/* Bytes up to the next marker, with those that are loaded. */
static unsigned waste_data(struct jpeg_ac_scan *s, struct jpeg_bits b)
{
    unsigned bytes = (unsigned)b.count / 8;
    while (!s->ended)
        bytes += (unsigned)load_slowly(s, (struct jpeg_bits){0, 0}).count / 8;
    return bytes;
}

/* F.2.2.4: the marker has to be the one that is due. */
static struct jpeg_bits pass_restart(struct jpeg_ac_scan *s, struct jpeg_bits b)
{
    bool there = s->ended; /* libjpeg tells of bytes too many when it looks for a marker */
    s->wasted += waste_data(s, b);
    if (s->wasted > 0 && !there)
        WARNMS2(s->jpeg, JWRN_EXTRANEOUS_DATA, (int)s->wasted, s->marker);
    if (s->marker != JPEG_RST0 + s->restart)
        WARNMS2(s->jpeg, JWRN_MUST_RESYNC, s->marker, (int)s->restart);
    s->restart = (s->restart + 1) % 8;
    s->restarts_left = s->jpeg->restart_interval;
    s->eob_run = 0;
    s->ended = false;
    return (struct jpeg_bits){0, 0};
}

static struct jpeg_bits refine(struct jpeg_ac_scan *s, struct jpeg_bits b, JCOEF *block)
{
    uint64_t set = jpeg_block_mask(block) & ~UINT64_C(1);
    if (set != 0)
        set = in_zigzag(s->zigzag, set) & from(s->jpeg->Ss) & ~from(s->jpeg->Se + 1);
    if (s->eob_run == 0)
        return refine_block(s, b, block, set);
    s->eob_run--;
    return correct(s, b, block, set, 1 << s->jpeg->Al);
}

void jpeg_ac_scan_step(struct jpeg_ac_scan *s, JBLOCKROW *rows, JDIMENSION count)
{
    const jpeg_component_info *info = s->jpeg->cur_comp_info[0];
    bool first = s->jpeg->Ah == 0;
    struct jpeg_bits b = s->bits;
    for (JDIMENSION y = 0; y < count && s->rows < info->height_in_blocks; y++, s->rows++)
        for (JDIMENSION x = 0; x < info->width_in_blocks; x++) {
            if (s->jpeg->restart_interval != 0) {
                if (s->restarts_left == 0)
                    b = pass_restart(s, b);
                s->restarts_left--;
            }
            if (!first)
                b = refine(s, b, rows[y][x]);
            else if (s->eob_run == 0)
                b = first_block(s, b, rows[y][x]);
            else
                s->eob_run--;
            if (b.count < 0)
                WARNMS(s->jpeg, JWRN_HIT_MARKER);
        }
    s->bits = b;
}

void jpeg_ac_scan_finish(struct jpeg_ac_scan *s)
{
    struct jpeg_bits none = {0, 0};
    load_slowly(s, s->bits); /* what libjpeg has loaded at the end it forgets */
    unsigned bytes = waste_data(s, none) + (s->last ? 0 : s->wasted);
    while (s->marker != JPEG_EOI) {                          /* the source ends with one */
        if (s->marker != 1 && (s->marker & ~7) != JPEG_RST0) /* those are passed over, as TEM */
            ERREXIT1(s->jpeg, JERR_UNKNOWN_MARKER, s->marker);
        s->ended = false;
        bytes += waste_data(s, none);
    }
    if (bytes > 0)
        WARNMS2(s->jpeg, JWRN_EXTRANEOUS_DATA, (int)bytes, JPEG_EOI);
}
