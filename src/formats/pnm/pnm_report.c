/* SPDX-License-Identifier: MIT */
/* What is wrong with a PNM, with its place: a row, or a header, and which picture of several. */
#include <stdio.h>

#include "formats/pnm/pnm_plugin.h"

static void describe(const struct decoder *d, const char *text, char *out, size_t room)
{
    const struct pnm_reader *r = d->state;
    unsigned long long picture = d->frames; /* rows: that whose rows come; header: the next */
    char of[40] = "";
    if (picture > (r->phase == PNM_READER_ROWS ? 1 : 0))
        snprintf(of, sizeof of, " of picture %llu",
                 picture + (r->phase == PNM_READER_ROWS ? 0 : 1));
    if (r->phase == PNM_READER_ROWS)
        snprintf(out, room, "%s (row %lu%s)", text, (unsigned long)r->row, of);
    else
        snprintf(out, room, "%s (header%s)", text, of);
}

enum status pnm_fail(struct decoder *d, enum status st, const char *text)
{
    const struct pnm_reader *r = d->state;
    char whole[sizeof r->damage];
    describe(d, text, whole, sizeof whole);
    return fail(d->cx, st, "%s", whole);
}

enum status pnm_damage(struct decoder *d, const char *text)
{
    struct pnm_reader *r = d->state;
    if (!d->cx->lenient)
        return pnm_fail(d, ST_DAMAGED, text);
    if (r->damage[0] == '\0') {
        describe(d, text, r->damage, sizeof r->damage);
        note(d->cx, NOTE_WARNING, "%s", r->damage);
    }
    return ST_OK;
}
