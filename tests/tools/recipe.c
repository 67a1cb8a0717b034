/* SPDX-License-Identifier: MIT */
/*
 * recipe FILE: turns a commented text into the bytes it describes, on standard output.
 *
 *   # to the end of the line    a comment
 *   47 49 ff                    bytes
 *   "GIF89a"                    text, without escapes
 *   le16:640 be32:7             numbers: le16, le32, be16, be32; decimal
 *   { 3:4 3:0 3:5 }             bits: values of so many bits each, the first one lowest, padded
 *                               with zeroes to a byte at the end
 *   X*768                       any of the above but a group, 768 times
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *path;
static unsigned line = 1;

static void die(const char *what)
{
    fprintf(stderr, "recipe: %s:%u: %s\n", path, line, what);
    exit(1);
}

/* The number at *at, which must end there or at one of the ends. */
static unsigned long number(const char **at, int base, const char *ends)
{
    char *end;
    unsigned long n = strtoul(*at, &end, base);
    if (end == *at || strchr(ends, *end) == NULL) /* the NUL is always among them */
        die("not a number");
    *at = end;
    return n;
}

/* Reads the next word; false at the end. Text keeps its blanks; a comment is skipped. */
static bool next_word(FILE *in, char *word, size_t room)
{
    size_t used = 0;
    bool quoted = false;
    for (int c; (c = getc(in)) != EOF;) {
        if (c == '#' && !quoted)
            while ((c = getc(in)) != EOF && c != '\n')
                ;
        line += c == '\n';
        if (c == '"')
            quoted = !quoted;
        if (!quoted && (c == ' ' || c == '\t' || c == '\n')) {
            if (used > 0) {
                line -= c == '\n'; /* the word stands before it */
                ungetc(c, in);
                break;
            }
            continue;
        }
        if (c == EOF)
            break;
        if (used + 1 == room || c == '\0')
            die("not a word");
        word[used++] = (char)c;
    }
    if (quoted)
        die("text without an end");
    word[used] = '\0';
    return used > 0;
}

static void put_number(unsigned long value, unsigned bytes, bool little)
{
    if (bytes < sizeof value && value >> (8 * bytes) != 0)
        die("the number is too large");
    for (unsigned i = 0; i < bytes; i++)
        putchar((int)(value >> 8 * (little ? i : bytes - 1 - i) & 0xff));
}

/* Writes what the word stands for, once; *after is what follows it. */
static void put_word(const char *word, const char **after)
{
    if (*word == '"') {
        const char *end = strchr(word + 1, '"');
        fwrite(word + 1, 1, (size_t)(end - word - 1), stdout);
        *after = end + 1;
    } else if (strncmp(word, "le", 2) == 0 || strncmp(word, "be", 2) == 0) {
        unsigned bits = strncmp(word + 2, "16:", 3) == 0 ? 16 : 32;
        if (bits == 32 && strncmp(word + 2, "32:", 3) != 0)
            die("neither of le16, le32, be16, be32");
        *after = word + 5;
        unsigned long value = number(after, 10, "*");
        put_number(value, bits / 8, *word == 'l');
    } else {
        *after = word;
        if (strspn(word, "0123456789abcdefABCDEF") != 2)
            die("not a byte of two hexadecimal digits");
        put_number(number(after, 16, "*"), 1, true);
    }
}

static void put_bits(FILE *in)
{
    char word[64];
    uint64_t bits = 0;
    unsigned held = 0;
    while (next_word(in, word, sizeof word) && strcmp(word, "}") != 0) {
        const char *at = word;
        unsigned long width = number(&at, 10, ":");
        if (width == 0 || width > 32 || *at++ != ':')
            die("not WIDTH:VALUE");
        unsigned long value = number(&at, 10, "");
        if (value >> width != 0)
            die("the value has more bits than that");
        bits |= (uint64_t)value << held;
        for (held += (unsigned)width; held >= 8; held -= 8, bits >>= 8)
            putchar((int)(bits & 0xff));
    }
    if (strcmp(word, "}") != 0)
        die("a group without an end");
    if (held > 0)
        putchar((int)(bits & 0xff));
}

int main(int argc, char **argv)
{
    char word[256];
    path = argc == 2 ? argv[1] : "";
    FILE *in = argc == 2 ? fopen(path, "r") : NULL;
    if (in == NULL)
        die("cannot be read (usage: recipe FILE)");
    while (next_word(in, word, sizeof word)) {
        if (strcmp(word, "{") == 0) {
            put_bits(in);
            continue;
        }
        const char *star = strrchr(word, '*'), *after;
        if (star != NULL && strchr(star, '"') != NULL)
            star = NULL; /* it belongs to the text */
        unsigned long times = 1;
        if (star != NULL) {
            const char *at = star + 1;
            times = number(&at, 10, "");
        }
        while (times-- > 0) {
            put_word(word, &after);
            if (*after != '\0' && after != star)
                die("what follows the value?");
        }
    }
    if (ferror(in) || fclose(in) != 0 || fflush(stdout) != 0 || ferror(stdout))
        die("reading or writing failed");
    return 0;
}
