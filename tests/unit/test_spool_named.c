/* SPDX-License-Identifier: MIT */
/* The same tests where the file system has no unnamed files: opening one finds a directory. */
#include <fcntl.h>

#undef O_TMPFILE
#define O_TMPFILE O_DIRECTORY
#define EXPECTED_NAME "/giflow-"

#include "test_spool.c"
