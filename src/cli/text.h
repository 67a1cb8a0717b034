/* SPDX-License-Identifier: MIT */
/* Text for people and programs: formatted to a sink, names made safe to show or to quote. */
#ifndef GIFLOW_CLI_TEXT_H
#define GIFLOW_CLI_TEXT_H

#include "base/sink.h"

/* printf to a sink, at most 1023 bytes a call: what can be longer goes by sink_write. */
enum status print(struct sink *sink, const char *fmt, ...)
    __attribute__((format(printf, 2, 3))) MUST_CHECK;

/*
 * Copies text to out with '?' for each byte that is not printable: controls, which could steer a
 * terminal or forge a second line, and what is not UTF-8. Returns the length, below room.
 */
size_t mask_text(const char *text, char *out, size_t room);

/* Writes text as a JSON string; U+FFFD stands for each byte that is not UTF-8. */
enum status print_json_string(struct sink *sink, const char *text) MUST_CHECK;

#endif
