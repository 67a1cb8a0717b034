/* SPDX-License-Identifier: MIT */
/* GIF in: giflib reads the container block by block, our LZW decoder the pixels. */
#include "formats/gif/gif_plugin.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/size.h"
#include "formats/gif/gif_metadata.h"

static bool digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

/* Of any version: a decoder is to try those that it does not know (GIF89a, section 17). */
bool gif_sniff(const uint8_t *head, size_t bytes)
{
    return bytes >= 6 && memcmp(head, "GIF", 3) == 0 && digit(head[3]) && digit(head[4]) &&
           head[5] >= 'a' && head[5] <= 'z';
}

static int read_bytes(GifFileType *gif, GifByteType *out, int n)
{
    struct decoder *d = gif->UserData;
    struct gif_reader *g = d->state;
    size_t got;
    if (source_read(d->src, out, (size_t)n, &got) != ST_OK)
        return 0; /* the reason is recorded */
    g->cut_short |= got < (size_t)n;
    return (int)got;
}

/* giflib's error, in the words of a user who knows of frames but not of giflib. */
static enum status gif_fail(struct decoder *d, int error)
{
    const struct gif_reader *g = d->state;
    const char *what;
    switch (error) {
    case D_GIF_ERR_READ_FAILED:
        what = "a minimum code size of more than 8"; /* unless the file ended, see below */
        break;
    case D_GIF_ERR_WRONG_RECORD:
        what = "a block of unknown kind";
        break;
    case D_GIF_ERR_NO_COLOR_MAP:
        what = "neither a global nor a local palette";
        break;
    case D_GIF_ERR_NOT_ENOUGH_MEM:
        return fail(d->cx, ST_NOMEM, "giflib has no memory");
    default:
        what = GifErrorString(error);
    }
    if (g->cut_short)
        what = "the file ends too soon"; /* whatever giflib was at */
    if (what == NULL)
        what = "damaged";
    unsigned long long at = source_offset(d->src);
    if (g->number == 0)
        return fail(d->cx, ST_DAMAGED, "%s (byte %llu)", what, at);
    return fail(d->cx, ST_DAMAGED, "%s (frame %llu, byte %llu)", what,
                (unsigned long long)g->number, at);
}

static void read_loop(struct decoder *d, const GifByteType *application, const GifByteType *block)
{
    if (application[0] == 11 && block != NULL && block[0] >= 3 && (block[1] & 7) == 1 &&
        (memcmp(application + 1, "NETSCAPE2.0", 11) == 0 ||
         memcmp(application + 1, "ANIMEXTS1.0", 11) == 0))
        d->loop = load_le16(block + 2);
}

static enum status read_extension(struct decoder *d)
{
    struct gif_reader *g = d->state;
    struct metadata *m = d->metadata;
    enum status st = ST_OK;
    enum gif_extension kind;
    int label;
    GifByteType *block, application[12] = {0};
    if (DGifGetExtension(g->gif, &label, &block) == GIF_ERROR)
        return gif_fail(d, g->gif->Error);
    /* a short one says nothing; giflib would refuse the file for it, browsers do not */
    if (label == GRAPHICS_EXT_FUNC_CODE && block != NULL && block[0] >= 4)
        DGifExtensionToGCB(4, block + 1, &g->control);
    if (label == APPLICATION_EXT_FUNC_CODE && block != NULL && block[0] == 11)
        memcpy(application, block, 12);
    bool keep = gif_metadata_starts(label, block, &kind) && m != NULL;
    if (keep)
        st = gif_metadata_begin(d->cx, m, kind);
    if (st == ST_OK && keep && kind == GIF_EXTENSION_COMMENT && block != NULL)
        st = gif_metadata_block(d->cx, m, kind, block);
    for (bool first = true; st == ST_OK && block != NULL; first = false) {
        if (DGifGetExtensionNext(g->gif, &block) == GIF_ERROR)
            return gif_fail(d, g->gif->Error);
        if (first)
            read_loop(d, application, block);
        if (keep && block != NULL)
            st = gif_metadata_block(d->cx, m, kind, block);
    }
    if (keep && st == ST_OK)
        gif_metadata_end(d->cx, m, kind);
    return st;
}

/* giflib keeps a record of every image it has met: memory that grows with the frames. */
static void forget_saved_images(GifFileType *gif)
{
    for (int i = 0; i < gif->ImageCount; i++)
        GifFreeMapObject(gif->SavedImages[i].ImageDesc.ColorMap);
    free(gif->SavedImages);
    gif->SavedImages = NULL;
    gif->ImageCount = 0;
}

/* Reads on to the next image descriptor and its first sub-block. ST_END: the trailer. */
static enum status next_image(struct decoder *d)
{
    struct gif_reader *g = d->state;
    g->number++;
    g->control = (GraphicsControlBlock){0, false, 0, NO_TRANSPARENT_COLOR};
    for (;;) {
        enum status st = check_stop(d->cx);
        if (st != ST_OK)
            return st;
        GifRecordType record;
        if (DGifGetRecordType(g->gif, &record) == GIF_ERROR)
            return gif_fail(d, g->gif->Error);
        if (record == TERMINATE_RECORD_TYPE)
            return ST_END;
        if (record == EXTENSION_RECORD_TYPE) {
            st = read_extension(d);
            if (st != ST_OK)
                return st;
            continue;
        }
        int ok = DGifGetImageDesc(g->gif);
        forget_saved_images(g->gif);
        d->coded_at = source_offset(d->src) - 1; /* giflib has read the code size */
        if (ok == GIF_ERROR || DGifGetCode(g->gif, &g->code_size, &g->first_block) == GIF_ERROR)
            return gif_fail(d, g->gif->Error);
        g->in_data = g->first_block != NULL; /* no sub-block at all, but for the terminator */
        g->data_status = ST_OK;
        g->frame_ready = true;
        return ST_OK;
    }
}

static void add_colors(const ColorMapObject *map, struct palette *out)
{
    for (int i = 0; i < map->ColorCount; i++)
        out->entry[i] =
            (struct rgba8){map->Colors[i].Red, map->Colors[i].Green, map->Colors[i].Blue, 255};
}

enum status gif_open(struct decoder *d)
{
    struct gif_reader *g = d->state;
    enum status st = lzw_decoder_open(d->cx, &g->lzw);
    if (st != ST_OK)
        return st;
    int error = 0;
    g->gif = DGifOpen(d, read_bytes, &error);
    if (g->gif == NULL)
        return gif_fail(d, error);
    d->info.width = (uint32_t)g->gif->SWidth;
    d->info.height = (uint32_t)g->gif->SHeight;
    d->info.may_move = true;
    d->info.background = (uint8_t)g->gif->SBackGroundColor;
    if (g->gif->SColorMap != NULL) {
        add_colors(g->gif->SColorMap, &g->global);
        g->global.count = (uint32_t)g->gif->SColorMap->ColorCount;
        d->global = &g->global;
    }
    st = next_image(d);
    if (st == ST_END)
        return fail(d->cx, ST_DAMAGED, "there is no image in the file");
    if (st != ST_OK)
        return st;
    /* a canvas of no size, as some writers leave it: the first image is the canvas */
    const GifImageDesc *image = &g->gif->Image;
    if (d->info.width == 0)
        d->info.width = (uint32_t)(image->Left + image->Width);
    if (d->info.height == 0)
        d->info.height = (uint32_t)(image->Top + image->Height);
    return ST_OK;
}

/* The sub-blocks of the current image, as the LZW decoder asks for them. */
static enum status next_block(void *user, const uint8_t **data, size_t *bytes)
{
    struct decoder *d = user;
    struct gif_reader *g = d->state;
    GifByteType *block = g->first_block;
    g->first_block = NULL;
    if (block == NULL && g->in_data && DGifGetCodeNext(g->gif, &block) == GIF_ERROR) {
        g->in_data = false;
        g->data_status = gif_fail(d, g->gif->Error);
        return g->data_status;
    }
    *bytes = 0;
    if (block == NULL) {
        g->in_data = false;
    } else {
        *data = block + 1;
        *bytes = block[0];
    }
    return ST_OK;
}

/* The sub-blocks that pixels have not taken. */
static enum status skip_data(struct decoder *d)
{
    struct gif_reader *g = d->state;
    const uint8_t *data;
    size_t bytes;
    enum status st = g->data_status;
    while (st == ST_OK && g->in_data)
        st = next_block(d, &data, &bytes);
    return st;
}

/*
 * The palette of the image, its transparent entry of alpha 0. Entries that the code size allows
 * but the file does not have are black, as most viewers show them.
 */
static void read_palette(const struct gif_reader *g, struct palette *out, uint32_t *in_file)
{
    const ColorMapObject *map = g->gif->Image.ColorMap;
    if (map == NULL)
        map = g->gif->SColorMap;
    uint32_t count = map == NULL ? 0 : (uint32_t)map->ColorCount;
    *in_file = count;
    out->count = max_u32(count, 1u << g->code_size);
    for (uint32_t i = count; i < out->count; i++)
        out->entry[i] = (struct rgba8){0, 0, 0, 255};
    if (map != NULL)
        add_colors(map, out);
    int transparent = g->control.TransparentColor;
    if (transparent >= 0 && (uint32_t)transparent < out->count)
        out->entry[transparent].a = 0;
}

enum status gif_frame(struct decoder *d, struct frame *out)
{
    struct gif_reader *g = d->state;
    enum status st = ST_OK;
    if (!g->frame_ready) {
        st = skip_data(d);
        if (st == ST_OK)
            st = next_image(d);
        if (st != ST_OK)
            return st;
    }
    g->frame_ready = false;
    const GifImageDesc *image = &g->gif->Image;
    if (g->code_size < 1 || g->code_size > 8)
        return fail(d->cx, ST_DAMAGED, "a minimum code size of %d (frame %llu)", g->code_size,
                    (unsigned long long)g->number);
    out->x = image->Left;
    out->y = image->Top;
    out->pic.width = (uint32_t)image->Width;
    out->pic.height = (uint32_t)image->Height;
    out->pic.layout = LAYOUT_INDEX8;
    read_palette(g, &out->pic.palette, &out->palette_size);
    out->local = image->ColorMap != NULL;
    out->order = image->Interlace ? &interlace_gif : &interlace_none;
    out->delay_cs = (uint32_t)g->control.DelayTime;
    out->disposal = g->control.DisposalMode <= DISPOSAL_PREVIOUS
                        ? (enum disposal)g->control.DisposalMode
                        : DISPOSAL_NONE;
    g->row = 0;
    g->rows = out->pic.height;
    lzw_decoder_start(g->lzw, (unsigned)g->code_size, (uint64_t)out->pic.width * out->pic.height,
                      next_block, d);
    return ST_OK;
}

enum status gif_skip(struct decoder *d)
{
    return skip_data(d);
}

/*
 * Damaged pixels: what was decoded before the damage stays, the rest of the row is entry 0.
 * Without --lenient the caller throws all of it away.
 */
enum status gif_row(struct decoder *d, uint8_t *out)
{
    struct gif_reader *g = d->state;
    size_t width = (size_t)g->gif->Image.Width, got;
    const char *why = NULL;
    if (g->row >= g->rows)
        return fail(d->cx, ST_BUG, "GIF: row %u of %u", g->row, g->rows);
    enum status st = lzw_decode(g->lzw, out, width, &got, &why);
    if (st != ST_OK) {
        memset(out + got, 0, width - got);
        return fail(d->cx, st, "%s (row %u of frame %llu)", why == NULL ? "damaged" : why,
                    g->row + 1, (unsigned long long)g->number);
    }
    g->row++;
    return ST_OK;
}

void gif_close(struct decoder *d)
{
    struct gif_reader *g = d->state;
    int error;
    if (g->gif != NULL)
        DGifCloseFile(g->gif, &error); /* closes nothing of ours: what is left is its memory */
    lzw_decoder_close(g->lzw);
}
