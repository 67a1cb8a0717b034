/* SPDX-License-Identifier: MIT */
/* --info: what the inputs hold, as text or as JSON. The keys are the same and never change. */
#include "pipeline/inspect.h"

#include <stdio.h>
#include <string.h>

#include "cli/session.h"
#include "cli/text.h"

static const char *yes_no(bool value)
{
    return value ? "yes" : "no";
}

static enum status tell_text(struct sink *out, const char *file, const struct inspection *i)
{
    char name[4096], loop[16];
    mask_text(file, name, sizeof name);
    if (i->loop == LOOP_ABSENT || i->loop == LOOP_FOREVER)
        strcpy(loop, i->loop == LOOP_ABSENT ? "none" : "forever");
    else
        snprintf(loop, sizeof loop, "%d", i->loop);
    enum status st = print(out, "file: ");
    if (st == ST_OK)
        st = sink_write(out, name, strlen(name));
    if (st != ST_OK)
        return st;
    return print(out,
                 "\nformat: %s\nwidth: %u\nheight: %u\ncolors_used: %s%llu\npalette_size: %u\n"
                 "interlaced: %s\ntransparent: %s\nloop: %s\nframes: %llu\nbytes: %llu\n",
                 i->format, i->width, i->height, i->colors_exact ? "" : "more than ",
                 (unsigned long long)i->colors_used, i->palette_size, yes_no(i->interlaced),
                 yes_no(i->transparent), loop, (unsigned long long)i->frames,
                 (unsigned long long)i->bytes);
}

static const char *true_false(bool value)
{
    return value ? "true" : "false";
}

/* One frame is a number; several are a list. */
static enum status tell_frames(struct sink *out, const struct inspection *i)
{
    static const char *const disposal[] = {"none", "keep", "background", "previous"};
    struct frame_facts f;
    if (i->frames < 2)
        return print(out, "%llu", (unsigned long long)i->frames);
    enum status st = print(out, "[");
    for (uint64_t n = 0; st == ST_OK && n < i->frames; n++) {
        st = spool_read(i->facts, n * sizeof f, &f, sizeof f);
        if (st == ST_OK)
            st = print(out,
                       "%s{\"x\": %lld, \"y\": %lld, \"width\": %u, \"height\": %u, "
                       "\"delay_cs\": %u, \"disposal\": \"%s\", \"palette_size\": %u, "
                       "\"local_palette\": %s, \"transparent\": %s, \"interlaced\": %s, "
                       "\"bytes\": %llu}",
                       n == 0 ? "" : ", ", (long long)f.x, (long long)f.y, f.width, f.height,
                       f.delay_cs, disposal[f.disposal], f.palette_size, true_false(f.local),
                       true_false(f.transparent), true_false(f.interlaced),
                       (unsigned long long)f.bytes);
    }
    return st == ST_OK ? print(out, "]") : st;
}

static enum status tell_json(struct sink *out, const char *file, const struct inspection *i)
{
    char loop[16] = "null";
    if (i->loop != LOOP_ABSENT)
        snprintf(loop, sizeof loop, "%d", i->loop);
    enum status st = print(out, "{\"file\": ");
    if (st == ST_OK)
        st = print_json_string(out, file);
    if (st == ST_OK)
        st = print(out,
                   ", \"format\": \"%s\", \"width\": %u, \"height\": %u, \"colors_used\": %llu, "
                   "\"colors_exact\": %s, \"palette_size\": %u, \"interlaced\": %s, "
                   "\"transparent\": %s, \"loop\": %s, \"frames\": ",
                   i->format, i->width, i->height, (unsigned long long)i->colors_used,
                   true_false(i->colors_exact), i->palette_size, true_false(i->interlaced),
                   true_false(i->transparent), loop);
    if (st == ST_OK)
        st = tell_frames(out, i);
    return st == ST_OK ? print(out, ", \"bytes\": %llu}", (unsigned long long)i->bytes) : st;
}

enum status tell_start(struct session *s)
{
    return s->options.info == INFO_JSON && s->several ? print(s->out, "[") : ST_OK;
}

enum status tell_end(struct session *s)
{
    if (s->options.info != INFO_JSON)
        return ST_OK;
    if (!s->several)
        return s->told > 0 ? print(s->out, "\n") : ST_OK;
    return print(s->out, s->told > 0 ? "\n]\n" : "]\n");
}

/* What stands between two of them. */
static enum status separate(struct session *s)
{
    bool first = s->told++ == 0;
    if (s->options.info == INFO_TEXT)
        return first ? ST_OK : print(s->out, "\n");
    return s->several ? print(s->out, first ? "\n" : ",\n") : ST_OK;
}

enum status tell_file(void *session, const char *input)
{
    struct session *s = session;
    struct inspection found;
    struct source *src = NULL;
    int fd;
    s->input = input_label(input);
    if (s->out_failed)
        return ST_IO;
    if (open_input(s, input, &fd) != ST_OK)
        return report(s, s->input);
    progress_line_start(&s->progress, &s->console, s->input);
    enum status st = source_open_fd(&s->cx, fd, &src);
    if (st == ST_OK)
        st = inspect(&s->cx, src, &found);
    source_close(src);
    close_input(fd);
    progress_line_end(&s->progress);
    if (st != ST_OK)
        return report(s, s->input);
    st = separate(s);
    if (st == ST_OK)
        st = (s->options.info == INFO_JSON ? tell_json : tell_text)(s->out, input, &found);
    inspect_close(&found);
    if (st == ST_OK)
        return ST_OK;
    s->out_failed = true;
    return report(s, output_label("-"));
}
