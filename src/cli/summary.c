/* SPDX-License-Identifier: MIT */
/* What -v says: pictures, memory, temporary space, time. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "cli/session.h"

/*
 * The most memory that the process ever had resident, in KiB; 0 where the kernel does not tell.
 * getrusage would do, did it not count what the process was before exec.
 */
static unsigned long peak_resident_kib(void)
{
    char text[4096];
    int fd = open("/proc/self/status", O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return 0;
    ssize_t n = read(fd, text, sizeof text - 1);
    close(fd);
    if (n <= 0)
        return 0;
    text[n] = '\0';
    const char *line = strstr(text, "\nVmHWM:");
    return line != NULL ? strtoul(line + strlen("\nVmHWM:"), NULL, 10) : 0;
}

/* "640 x 480, rgb", "640 x 480, palette of 17", "640 x 480, not decoded" */
static void describe(const struct picture *pic, bool recoded, char out[static 64])
{
    int n = snprintf(out, 64, "%u x %u, %s", pic->width, pic->height,
                     recoded ? "not decoded" : layout_info(pic->layout)->name);
    if (!recoded && pic->layout == LAYOUT_INDEX8 && n > 0 && n < 64)
        snprintf(out + n, 64 - (size_t)n, pic->palette.count != 0 ? " of %u" : "s of its frames",
                 pic->palette.count);
}

/* ", 12 frames (3 copied as they were)"; nothing of a still */
static void describe_frames(const struct outcome *outcome, char out[static 80])
{
    int n = 0;
    out[0] = '\0';
    if (outcome->frames != 0 && !outcome->kept)
        n = snprintf(out, 80, ", %llu frames", (unsigned long long)outcome->frames);
    if (n > 0 && outcome->frames_copied != 0)
        snprintf(out + n, 80 - (size_t)n, " (%llu copied as they were)",
                 (unsigned long long)outcome->frames_copied);
}

static double seconds(uint64_t ns)
{
    return (double)ns / (double)SECOND_NS;
}

/* "more than 21204 colors became 256: 98.1 % of pixels changed, by 0.84 on average, ..." */
static void tell_difference(struct session *s, const struct outcome *o, const char *output)
{
    const struct color_difference *d = &o->difference;
    char before[64] = "colors";
    if (o->colors != 0)
        snprintf(before, sizeof before, "%s%llu colors", o->more_colors ? "more than " : "",
                 (unsigned long long)o->colors);
    if (d->pixels == 0)
        return;
    if (d->changed == 0)
        message(&s->console, output_label(output), "%s became %u: no pixel changed", before,
                o->out.palette.count);
    else
        message(
            &s->console, output_label(output),
            "%s became %u: %.3g %% of pixels changed; they differ by %.2f on average, %.2f at most "
            "(OKLab x 100)",
            before, o->out.palette.count, 100.0 * (double)d->changed / (double)d->pixels,
            d->sum / (double)d->pixels, d->largest);
}

void summarize(struct session *s, const struct run *r, const char *output)
{
    const struct outcome *outcome = &r->outcome;
    uint64_t cpu_ns = cpu_time_ns() - r->cpu_ns;
    uint64_t wall_ns = clock_ns(CLOCK_MONOTONIC) - r->wall_ns;
    char text[64], frames[80], stages[512] = "";
    describe(&outcome->in, outcome->recoded, text);
    message(&s->console, s->input, "read %s, %s", outcome->in_format, text);
    describe(&outcome->out, outcome->recoded, text);
    describe_frames(outcome, frames);
    message(&s->console, output_label(output), "wrote %s, %s%s, %llu bytes", r->job.format->name,
            text, frames, (unsigned long long)outcome->out_bytes);
    if (outcome->quantized)
        tell_difference(s, outcome, output);
    if (outcome->kept)
        message(&s->console, output_label(output),
                "the input's own bytes: none smaller were found");
    else if (outcome->sequential)
        message(&s->console, output_label(output),
                "not progressive any more, which --interlace would keep");
    message(&s->console, NULL,
            "peak memory %.2f MiB (%.2f MiB of it allocated by giflow), temporary files %llu bytes",
            (double)peak_resident_kib() / 1024, (double)s->cx.mem.peak / (1 << 20),
            (unsigned long long)s->cx.temp.peak);
    size_t used = 0;
    for (size_t i = 0; i < outcome->stage_count && used < sizeof stages; i++)
        used +=
            (size_t)snprintf(stages + used, sizeof stages - used, "%s%s %.3f", i == 0 ? ": " : ", ",
                             outcome->stage[i].name, seconds(outcome->stage[i].cpu_ns));
    message(&s->console, NULL, "CPU time %.3f s in %.3f s%s", seconds(cpu_ns), seconds(wall_ns),
            stages);
}
