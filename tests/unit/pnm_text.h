/* SPDX-License-Identifier: MIT */
/* PNM files as they stand in C: text, and bytes behind it. */
#ifndef GIFLOW_TESTS_PNM_TEXT_H
#define GIFLOW_TESTS_PNM_TEXT_H

#include "codec_run.h"

/* Those behind a NUL count too. */
#define TEXT(s) blob_of(s, sizeof(s) - 1)

/* A header for one pixel. type: a line, or none */
#define PAM(type, depth, maxval) \
    "P7\nWIDTH 1\nHEIGHT 1\nDEPTH " #depth "\nMAXVAL " #maxval "\n" type "ENDHDR\n"

#endif
