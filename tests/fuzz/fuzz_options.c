/* SPDX-License-Identifier: MIT */
/* The option parser: arguments end at newlines. All are parsed or refused, and nothing leaks. */
#include "target.h"

#include <string.h>

#include "cli/options.h"

#define ARGS_MAX 64

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1), *argv[ARGS_MAX + 1], name[] = "giflow";
    int argc = 0;
    if (text == NULL)
        return 0;
    memcpy(text, data, size);
    text[size] = '\0';
    argv[argc++] = name;
    for (char *rest = text, *arg; argc < ARGS_MAX && (arg = strsep(&rest, "\n")) != NULL;)
        argv[argc++] = arg;
    argv[argc] = NULL;

    struct context cx;
    struct options o;
    context_init(&cx);
    enum status st = options_parse(&cx, argc, argv, &o);
    check(st == ST_OK || (st == ST_USAGE && cx.text[0] != '\0'));
    if (st == ST_OK && o.action == ACTION_CONVERT)
        check((o.output != NULL) + (o.output_dir != NULL) + o.in_place == 1);
    options_close(&cx, &o);
    check(cx.mem.in_use == 0);
    free(text);
    return 0;
}
