/* SPDX-License-Identifier: MIT */
/* Written under no name, synced, linked to a name of its own, renamed over the target, synced. */
#include "cli/outfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "cli/attributes.h"

/* Closes whatever is open and frees; leaves kind alone. */
static void release(struct outfile *o)
{
    if (o->fd >= 0 && o->fd != STDOUT_FILENO)
        close(o->fd);
    if (o->dir >= 0)
        close(o->dir);
    mem_free(o->cx, o->name);
    o->name = NULL;
    o->fd = o->dir = -1;
}

void outfile_discard(struct outfile *o)
{
    if (o->kind == OUTFILE_CLOSED)
        return;
    if (o->temp_name[0] != '\0')
        unlinkat(o->dir, o->temp_name, 0);
    release(o);
    o->kind = OUTFILE_CLOSED;
}

/* The open file that path stands for, which may be a regular one with a place of its own; -1. */
static int named_descriptor(const char *path)
{
    static const char *const folders[] = {"/dev/fd/", "/proc/self/fd/"};
    if (strcmp(path, "-") == 0 || strcmp(path, "/dev/stdout") == 0)
        return STDOUT_FILENO;
    if (strcmp(path, "/dev/stderr") == 0)
        return STDERR_FILENO;
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        const char *digits = path + strlen(folders[i]);
        if (strncmp(path, folders[i], strlen(folders[i])) == 0 && *digits != '\0' &&
            digits[strspn(digits, "0123456789")] == '\0' && strlen(digits) < 8)
            return atoi(digits);
    }
    return -1;
}

static enum status open_direct(struct outfile *o, const char *path)
{
    int fd = named_descriptor(path);
    if (fd == STDOUT_FILENO)
        o->fd = STDOUT_FILENO;
    else if (fd >= 0)
        o->fd = fcntl(fd, F_DUPFD_CLOEXEC, 0);
    else
        o->fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
    if (o->fd < 0)
        return fail_errno(o->cx, "cannot open for writing");
    if (isatty(o->fd))
        return fail(o->cx, ST_USAGE, "a picture is not written to a terminal");
    o->kind = OUTFILE_DIRECT;
    return ST_OK;
}

/* Opens the directory of path, and keeps the rest of path as the name in it. */
static enum status open_dir(struct outfile *o, char *path)
{
    char *slash = strrchr(path, '/');
    const char *name = slash != NULL ? slash + 1 : path;
    size_t bytes = strlen(name) + 1;
    o->name = mem_alloc(o->cx, bytes);
    if (o->name == NULL)
        return o->cx->status;
    memcpy(o->name, name, bytes);
    if (slash != NULL)
        slash[slash == path] = '\0'; /* "/x" lies in "/" */
    const char *dir = slash != NULL ? path : ".";
    o->dir = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (o->dir < 0 && errno == EACCES) /* may be entered and written, not listed */
        o->dir = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
    return o->dir >= 0 ? ST_OK : fail_errno(o->cx, "cannot open the directory");
}

/* Finds what path stands for now: dir, name, replaces and old. */
static enum status find_target(struct outfile *o, const char *path)
{
    char *real = NULL;
    if (o->replaces) {
        /* renaming needs no right to the file itself, but whoever took that right away meant it */
        if (faccessat(AT_FDCWD, path, W_OK, AT_EACCESS) != 0)
            return fail_errno(o->cx, "cannot be written");
        real = realpath(path, NULL); /* a symbolic link stays one */
        if (real == NULL)
            return fail_errno(o->cx, "cannot be found");
    } else {
        struct stat link;
        if (lstat(path, &link) == 0)
            return fail(o->cx, ST_IO, "is a symbolic link that leads nowhere");
        real = strdup(path);
        if (real == NULL)
            return fail(o->cx, ST_NOMEM, "no memory for a name");
    }
    enum status st = open_dir(o, real);
    free(real);
    return st;
}

static void fd_path(int fd, char out[static 32])
{
    snprintf(out, 32, "/proc/self/fd/%d", fd);
}

/*
 * Sets temp_name to the n-th name that this process tries. Host and process make it one that no
 * other machine on a shared disk tries at the same time; O_EXCL and link do the rest.
 */
static void make_temp_name(struct outfile *o, unsigned n)
{
    char host[32] = "";
    gethostname(host, sizeof host - 1);
    host[strcspn(host, "/")] = '\0';
    snprintf(o->temp_name, sizeof o->temp_name, ".giflow-%s-%ld-%u", host, (long)getpid(), n);
}

static enum status open_temp(struct outfile *o)
{
    /* a file that will take another's mode is nobody else's business before that */
    mode_t mode = o->replaces ? 0600 : 0666;
    char proc[32];
    o->fd = openat(o->dir, ".", O_TMPFILE | O_WRONLY | O_CLOEXEC, mode);
    if (o->fd >= 0) {
        fd_path(o->fd, proc);
        if (access(proc, F_OK) == 0) { /* else it could not be given a name */
            o->kind = OUTFILE_UNNAMED;
            return ST_OK;
        }
        close(o->fd);
    }
    /*
     * file systems say in many ways that they have no such files; what else fails will do so again
     */
    for (unsigned n = 0; n < 1000; n++) {
        make_temp_name(o, n);
        o->fd = openat(o->dir, o->temp_name, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, mode);
        if (o->fd >= 0) {
            o->kind = OUTFILE_NAMED;
            return ST_OK;
        }
        if (errno != EEXIST)
            break;
    }
    o->temp_name[0] = '\0';
    return fail_errno(o->cx, "cannot be created");
}

enum status outfile_open(struct context *cx, const char *path, bool no_clobber, struct outfile *out)
{
    *out = (struct outfile){.cx = cx, .fd = -1, .dir = -1, .no_clobber = no_clobber};
    enum status st;
    if (named_descriptor(path) >= 0) {
        st = open_direct(out, path);
    } else if (stat(path, &out->old) != 0) {
        if (errno != ENOENT)
            return fail_errno(cx, "cannot be found");
        st = find_target(out, path);
    } else if (S_ISDIR(out->old.st_mode)) {
        st = fail(cx, ST_USAGE, "is a directory (use -d)");
    } else if (!S_ISREG(out->old.st_mode)) {
        st = open_direct(out, path);
    } else if (no_clobber) {
        out->kind = OUTFILE_SKIPPED;
        return ST_OK;
    } else {
        out->replaces = true;
        st = find_target(out, path);
    }
    if (st == ST_OK && out->kind != OUTFILE_DIRECT)
        st = open_temp(out);
    if (st != ST_OK)
        release(out);
    return st;
}

/* Gives an unnamed file a name in dir: the target's where that is free, else one of its own. */
static enum status give_name(struct outfile *o)
{
    char proc[32];
    fd_path(o->fd, proc);
    if (!o->replaces) {
        if (linkat(AT_FDCWD, proc, o->dir, o->name, AT_SYMLINK_FOLLOW) == 0)
            return ST_OK; /* temp_name is empty: nothing to rename */
        if (errno != EEXIST)
            return fail_errno(o->cx, "cannot be created");
        if (o->no_clobber) {
            o->kind = OUTFILE_SKIPPED;
            return ST_OK;
        }
    }
    for (unsigned n = 0; n < 1000; n++) {
        make_temp_name(o, n);
        if (linkat(AT_FDCWD, proc, o->dir, o->temp_name, AT_SYMLINK_FOLLOW) == 0)
            return ST_OK;
        if (errno != EEXIST)
            break;
    }
    o->temp_name[0] = '\0';
    return fail_errno(o->cx, "cannot be created");
}

static enum status rename_over(struct outfile *o)
{
    unsigned flags = o->no_clobber ? RENAME_NOREPLACE : 0;
    int result = renameat2(o->dir, o->temp_name, o->dir, o->name, flags);
    if (result != 0 && errno == EINVAL && flags != 0) { /* a file system without the flag */
        result = faccessat(o->dir, o->name, F_OK, AT_SYMLINK_NOFOLLOW) == 0
                     ? (errno = EEXIST, -1)
                     : renameat(o->dir, o->temp_name, o->dir, o->name);
    }
    if (result == 0) {
        o->temp_name[0] = '\0';
        return ST_OK;
    }
    if (errno != EEXIST || flags == 0)
        return fail_errno(o->cx, "cannot be renamed");
    o->kind = OUTFILE_SKIPPED;
    return ST_OK;
}

/* Some things cannot be synced and need not be. */
static bool sync_failed(int fd)
{
    return fsync(fd) != 0 && errno != EINVAL && errno != EROFS && errno != EBADF;
}

static enum status commit_file(struct outfile *o)
{
    enum status st = ST_OK;
    if (o->replaces)
        st = attributes_take(o->cx, o->fd, o->dir, o->name, &o->old);
    if (st == ST_OK && sync_failed(o->fd))
        st = fail_errno(o->cx, "cannot be written");
    if (st == ST_OK && o->kind == OUTFILE_UNNAMED)
        st = give_name(o);
    if (st == ST_OK && o->kind == OUTFILE_NAMED) { /* over a network this can be where it fails */
        int fd = o->fd;
        o->fd = -1;
        if (close(fd) != 0)
            st = fail_errno(o->cx, "cannot be written");
    }
    if (st == ST_OK && o->temp_name[0] != '\0')
        st = rename_over(o);
    if (st == ST_OK && o->kind != OUTFILE_SKIPPED && sync_failed(o->dir))
        st = fail_errno(o->cx, "cannot sync the directory");
    return st;
}

enum status outfile_commit(struct outfile *o)
{
    enum status st = ST_OK;
    if (o->kind != OUTFILE_DIRECT) {
        st = commit_file(o);
    } else if (o->fd != STDOUT_FILENO) { /* standard output is closed when the program ends */
        int fd = o->fd;
        o->fd = -1;
        if (close(fd) != 0)
            st = fail_errno(o->cx, "cannot be written");
    }
    bool skipped = o->kind == OUTFILE_SKIPPED;
    outfile_discard(o);
    if (skipped)
        o->kind = OUTFILE_SKIPPED;
    return st;
}
