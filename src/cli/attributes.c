/* SPDX-License-Identifier: MIT */
/* Access list first: it changes the mode, and the mode then changes no more than it tells. */
#include "cli/attributes.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <sys/xattr.h>
#include <unistd.h>

/*
 * The access list, or none. Where a file has one, the group's bits of its mode are the most that
 * anybody named there may do, acl(5); without it they would be what the group may. False: there is
 * one that cannot be taken over.
 */
static bool take_access_list(int fd, int dir, const char *name)
{
    static const char attribute[] = "system.posix_acl_access";
    char path[32 + NAME_MAX];
    uint8_t list[4096];
    snprintf(path, sizeof path, "/proc/self/fd/%d/%s", dir, name);
    ssize_t bytes = lgetxattr(path, attribute, list, sizeof list);
    if (bytes > 0)
        return fsetxattr(fd, attribute, list, (size_t)bytes, 0) == 0;
    bool none = bytes == 0 || errno != ERANGE;
    (void)!fremovexattr(fd, attribute); /* the directory may have given it one */
    return none;
}

enum status attributes_take(struct context *cx, int fd, int dir, const char *name,
                            const struct stat *old)
{
    mode_t mode = old->st_mode & 07777;
    if (!take_access_list(fd, dir, name))
        mode &= ~(mode_t)070;
    if (fchown(fd, (uid_t)-1, old->st_gid) != 0) /* then our group gets no more than others */
        mode &= ~(mode_t)070 | (mode & 7) << 3;
    if (fchown(fd, old->st_uid, (gid_t)-1) != 0)
        mode &= ~(mode_t)(S_ISUID | S_ISGID);
    return fchmod(fd, mode) == 0 ? ST_OK : fail_errno(cx, "cannot set the mode");
}
