/* SPDX-License-Identifier: MIT */
/*
 * measure [-1] [-t SECONDS] RESULT COMMAND [ARGUMENT]...
 *
 * Runs a command with standard input from /dev/null and writes one line to the file RESULT:
 *
 *   STATUS CPU PEAK    exit status (128 + the signal that ended it), user + system seconds, and the
 *                      most memory it had resident, in KiB
 *
 * -1  on one processor and at the same addresses each time, which makes PEAK repeatable
 * -t  ends the command, and all that it started, after so many seconds; the status is then 124
 *
 * Of a shell pipeline, CPU is the sum of all commands and PEAK that of the largest. The kernel
 * keeps the peak of what a process was before exec, so this program must stay smaller than any it
 * measures.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define OWN_FAILURE 125 /* what env and timeout use */
#define TIMED_OUT 124

static _Noreturn void die(const char *what)
{
    fprintf(stderr, "measure: %s: %s\n", what, strerror(errno));
    exit(OWN_FAILURE);
}

static _Noreturn void usage(void)
{
    fputs("usage: measure [-1] [-t SECONDS] RESULT COMMAND [ARGUMENT]...\n", stderr);
    exit(OWN_FAILURE);
}

static double seconds(struct timeval t)
{
    return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

/* The kernel counts resident pages per processor, and maps neighbors of a page that is touched. */
static void be_repeatable(void)
{
    if (personality(ADDR_NO_RANDOMIZE) < 0)
        die("personality");
    cpu_set_t set;
    int cpu = sched_getcpu();
    CPU_ZERO(&set);
    CPU_SET(cpu < 0 ? 0 : (size_t)cpu, &set);
    if (sched_setaffinity(0, sizeof set, &set) != 0)
        die("sched_setaffinity");
}

static _Noreturn void become(char **command)
{
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    setpgid(0, 0);
    int fd = open("/dev/null", O_RDONLY);
    if (fd < 0 || dup2(fd, STDIN_FILENO) < 0)
        die("/dev/null");
    close(fd);
    execvp(command[0], command);
    die(command[0]);
}

/* Waits for the child to end; true when it had to be killed. */
static bool wait_or_kill(pid_t child, long limit, const sigset_t *watched)
{
    struct timespec time = {.tv_sec = limit};
    for (;;) {
        int signal = limit > 0 ? sigtimedwait(watched, NULL, &time) : sigwaitinfo(watched, NULL);
        if (signal == SIGCHLD)
            return false;
        if (signal < 0 && errno == EINTR)
            continue;
        kill(-child, SIGKILL);
        if (signal > 0) /* a signal that asks us to end */
            exit(128 + signal);
        return true;
    }
}

int main(int argc, char **argv)
{
    bool repeatable = false;
    long limit = 0;
    for (int c; (c = getopt(argc, argv, "+1t:")) != -1;) {
        if (c == '1')
            repeatable = true;
        else if (c == 't')
            limit = strtol(optarg, NULL, 10);
        else
            usage();
    }
    if (argc - optind < 2)
        usage();
    if (repeatable)
        be_repeatable();

    sigset_t watched;
    sigemptyset(&watched);
    sigaddset(&watched, SIGCHLD);
    sigaddset(&watched, SIGINT);
    sigaddset(&watched, SIGTERM);
    sigaddset(&watched, SIGHUP);
    sigprocmask(SIG_BLOCK, &watched, NULL);

    pid_t child = fork();
    if (child < 0)
        die("fork");
    if (child == 0)
        become(argv + optind + 1);
    setpgid(child, child); /* here too: whichever of the two comes first */

    bool killed = wait_or_kill(child, limit, &watched);
    int status;
    struct rusage used;
    if (wait4(child, &status, 0, &used) < 0)
        die("wait4");

    FILE *result = fopen(argv[optind], "w");
    if (result == NULL)
        die(argv[optind]);
    int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    fprintf(result, "%d %.6f %ld\n", killed ? TIMED_OUT : code,
            seconds(used.ru_utime) + seconds(used.ru_stime), used.ru_maxrss);
    if (fclose(result) != 0)
        die(argv[optind]);
    return 0;
}
