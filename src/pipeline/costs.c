/* SPDX-License-Identifier: MIT */
/* The time of a stage is its stream's without that of the stream which it pulls from. */
#include "pipeline/costs.h"

#include <string.h>

void note_cost(struct outcome *outcome, const char *name, uint64_t cpu_ns)
{
    if (outcome->stage_count < STAGE_MAX) {
        outcome->stage[outcome->stage_count].name = name;
        outcome->stage[outcome->stage_count++].cpu_ns = cpu_ns;
    }
}

void add_cost(struct outcome *outcome, const char *name, uint64_t cpu_ns)
{
    for (size_t i = 0; i < outcome->stage_count; i++)
        if (strcmp(outcome->stage[i].name, name) == 0) {
            outcome->stage[i].cpu_ns += cpu_ns;
            return;
        }
    note_cost(outcome, name, cpu_ns);
}

static void tell_all(struct outcome *outcome, const struct rows *rows,
                     void (*tell)(struct outcome *outcome, const char *name, uint64_t cpu_ns))
{
    /* source first in the list */
    size_t depth = 0;
    const struct rows *chain[STAGE_MAX];
    for (const struct rows *r = rows; r != NULL && depth < STAGE_MAX; r = r->up)
        chain[depth++] = r;
    while (depth-- > 0) {
        uint64_t before = chain[depth]->up == NULL ? 0 : chain[depth]->up->cpu_ns;
        uint64_t own = chain[depth]->cpu_ns;
        tell(outcome, chain[depth]->name, own > before ? own - before : 0);
    }
}

void retire(struct outcome *outcome, struct rows *rows)
{
    tell_all(outcome, rows, note_cost);
    rows_close(rows);
}

void retire_one(struct outcome *outcome, struct rows *rows)
{
    if (rows != NULL && rows->cx->timed)
        tell_all(outcome, rows, add_cost);
    rows_close(rows);
}

uint64_t noted_costs(const struct outcome *outcome)
{
    uint64_t ns = 0;
    for (size_t i = 0; i < outcome->stage_count; i++)
        ns += outcome->stage[i].cpu_ns;
    return ns;
}
