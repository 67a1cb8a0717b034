/* SPDX-License-Identifier: MIT */
/*
 * `measure FILE COMMAND...` runs a command and writes to FILE: its exit status (128 + n for a
 * signal), its peak resident memory in KiB, and the milliseconds it took. It is killed after 60
 * seconds.
 */
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

int main(int argc, char **argv)
{
    struct rusage use;
    int how;
    double start = now();
    if (argc < 3)
        return 2;
    pid_t child = fork();
    if (child == 0) {
        alarm(60); /* survives exec */
        execvp(argv[2], argv + 2);
        _exit(127);
    }
    if (child < 0 || wait4(child, &how, 0, &use) != child)
        return 2;
    FILE *f = fopen(argv[1], "w");
    if (f == NULL)
        return 2;
    int status = WIFEXITED(how) ? WEXITSTATUS(how) : 128 + WTERMSIG(how);
    fprintf(f, "%d %ld %.0f\n", status, use.ru_maxrss, now() - start);
    return fclose(f) == 0 ? 0 : 2;
}
