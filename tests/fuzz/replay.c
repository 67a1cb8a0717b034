/* SPDX-License-Identifier: MIT */
/* Calls a fuzz target once for each file named: replays what a fuzzer found, without a fuzzer. */
#include "target.h"

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        FILE *f = fopen(argv[i], "rb");
        if (f == NULL || fseek(f, 0, SEEK_END) != 0) {
            perror(argv[i]);
            return 1;
        }
        long size = ftell(f);
        rewind(f);
        /* exactly so many bytes, for a sanitizer to see one read too many */
        uint8_t *data = malloc(size > 0 ? (size_t)size : 1);
        if (data == NULL || size < 0 || fread(data, 1, (size_t)size, f) != (size_t)size) {
            perror(argv[i]);
            return 1;
        }
        fclose(f);
        LLVMFuzzerTestOneInput(data, (size_t)size);
        free(data);
    }
    return 0;
}
