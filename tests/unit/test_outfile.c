/* SPDX-License-Identifier: MIT */
/* Outputs: complete or not there, whatever stood at their place and whatever goes wrong. */
#include "support.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

/*
 * The module is compiled into the test, so that the second program made from this file
 * (test_outfile_named.c) can have one that finds no unnamed files.
 */
#include "../../src/cli/outfile.c"

#ifndef EXPECTED_KIND
#define EXPECTED_KIND OUTFILE_UNNAMED
#endif

static char scratch[] = "/tmp/giflow-test-XXXXXX";

static int enter(void **state)
{
    (void)state;
    umask(022);
    return mkdtemp(scratch) == NULL || chdir(scratch) != 0;
}

static int leave(void **state)
{
    (void)state;
    return chdir("/") != 0 || rmdir(scratch) != 0;
}

static void put(const char *path, const char *text)
{
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    assert_true(fputs(text, f) >= 0);
    assert_int_equal(fclose(f), 0);
}

static void expect_file(const char *path, const char *text)
{
    char bytes[64];
    FILE *f = fopen(path, "r");
    assert_non_null(f);
    size_t n = fread(bytes, 1, sizeof bytes - 1, f);
    bytes[n] = '\0';
    fclose(f);
    assert_string_equal(bytes, text);
}

static unsigned mode_of(const char *path)
{
    struct stat st;
    assert_int_equal(lstat(path, &st), 0);
    return st.st_mode & 07777;
}

/* Entries of the scratch folder. */
static unsigned entries(void)
{
    DIR *dir = opendir(".");
    unsigned n = 0;
    while (readdir(dir) != NULL)
        n++;
    closedir(dir);
    return n - 2;
}

static void open_ok(struct context *cx, const char *path, bool no_clobber, struct outfile *o)
{
    context_init(cx);
    enum status st = outfile_open(cx, path, no_clobber, o);
    if (st != ST_OK)
        print_error("%s: %s\n", path, cx->text);
    assert_int_equal(st, ST_OK);
}

static void write_to(struct outfile *o, const char *text)
{
    assert_int_equal(write(o->fd, text, strlen(text)), strlen(text));
}

static void commit_ok(struct outfile *o)
{
    enum status st = outfile_commit(o);
    if (st != ST_OK)
        print_error("%s\n", o->cx->text);
    assert_int_equal(st, ST_OK);
    assert_nothing_held(o->cx);
}

static void expect_refused(const char *path, enum status want, const char *text)
{
    struct context cx;
    struct outfile o;
    context_init(&cx);
    assert_int_equal(outfile_open(&cx, path, false, &o), want);
    assert_string_equal(cx.text, text);
    outfile_discard(&o);
    assert_nothing_held(&cx);
}

static void test_new_file(void **state)
{
    (void)state;
    struct context cx;
    struct outfile o;
    open_ok(&cx, "new", false, &o);
    assert_int_equal(o.kind, EXPECTED_KIND);
    write_to(&o, "hello");
    assert_int_equal(access("new", F_OK), -1);
    commit_ok(&o);
    expect_file("new", "hello");
    assert_int_equal(mode_of("new"), 0644);
    assert_int_equal(entries(), 1);
    unlink("new");
}

static void test_discarded(void **state)
{
    (void)state;
    struct context cx;
    struct outfile o;
    put("old", "old");
    open_ok(&cx, "old", false, &o);
    write_to(&o, "half");
    outfile_discard(&o);
    outfile_discard(&o); /* does nothing more */
    assert_nothing_held(&cx);
    expect_file("old", "old");
    open_ok(&cx, "new", false, &o);
    write_to(&o, "half");
    outfile_discard(&o);
    assert_int_equal(entries(), 1);
    unlink("old");
}

static void test_replaced_file_gives_its_mode(void **state)
{
    (void)state;
    struct context cx;
    struct outfile o;
    static const mode_t modes[] = {0600, 0640, 0755, 0666, 0444};
    for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++) {
        put("old", "old");
        chmod("old", modes[i]);
        if (access("old", W_OK) != 0) { /* 0444, unless we are root */
            expect_refused("old", ST_IO, "cannot be written: Permission denied");
            unlink("old");
            continue;
        }
        open_ok(&cx, "./old", false, &o);
        write_to(&o, "new");
        expect_file("old", "old");
        commit_ok(&o);
        expect_file("old", "new");
        assert_int_equal(mode_of("old"), modes[i]);
        assert_int_equal(entries(), 1);
        unlink("old");
    }
}

static void test_umask_and_owner(void **state)
{
    (void)state;
    struct context cx;
    struct outfile o;
    struct stat st;
    umask(077);
    open_ok(&cx, "new", false, &o);
    commit_ok(&o);
    assert_int_equal(mode_of("new"), 0600);
    umask(022);
    if (geteuid() == 0) {
        assert_int_equal(chown("new", 12, 34), 0);
        open_ok(&cx, "new", false, &o);
        commit_ok(&o);
        assert_int_equal(stat("new", &st), 0);
        assert_int_equal(st.st_uid, 12);
        assert_int_equal(st.st_gid, 34);
    }
    unlink("new");
}

/*
 * What stands in a list is more than the bits of a mode tell: these are 0660, and the group has
 * none.
 */
static void test_access_lists(void **state)
{
    (void)state;
    static const char attribute[] = "system.posix_acl_access";
    static const uint8_t list[] = {
        2,  0, 0, 0,                         /* the version; then tag, bits, number */
        1,  0, 6, 0, 0xff, 0xff, 0xff, 0xff, /* the owner */
        2,  0, 6, 0, 12,   0,    0,    0,    /* user 12 */
        4,  0, 0, 0, 0xff, 0xff, 0xff, 0xff, /* the group */
        16, 0, 6, 0, 0xff, 0xff, 0xff, 0xff, /* the most that the two above may do */
        32, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, /* others */
    };
    struct context cx;
    struct outfile o;
    uint8_t got[100];
    put("old", "old");
    if (setxattr("old", attribute, list, sizeof list, 0) != 0) {
        unlink("old");
        skip(); /* a file system without them */
    }
    assert_int_equal(mode_of("old"), 0660);
    open_ok(&cx, "old", false, &o);
    write_to(&o, "new");
    commit_ok(&o);
    expect_file("old", "new");
    assert_int_equal(mode_of("old"), 0660);
    assert_int_equal(getxattr("old", attribute, got, sizeof got), sizeof list);
    assert_memory_equal(got, list, sizeof list);

    /* the directory's default list is for new files */
    assert_int_equal(setxattr(".", "system.posix_acl_default", list, sizeof list, 0), 0);
    assert_int_equal(removexattr("old", attribute), 0);
    chmod("old", 0640);
    open_ok(&cx, "old", false, &o);
    commit_ok(&o);
    assert_int_equal(mode_of("old"), 0640);
    assert_int_equal(getxattr("old", attribute, got, sizeof got), -1);
    assert_int_equal(removexattr(".", "system.posix_acl_default"), 0);
    unlink("old");
}

/* Whoever may not give the file its old group must not give his own group what that one had. */
static void test_a_lost_group_gains_nothing(void **state)
{
    (void)state;
    if (geteuid() != 0)
        skip();
    put("old", "old");
    assert_int_equal(chown("old", 0, 1234), 0);
    chmod("old", 0666);
    chmod(".", 0777);
    pid_t child = fork();
    if (child == 0) {
        struct context cx;
        struct outfile o;
        context_init(&cx);
        bool ok = setgid(65534) == 0 && setuid(65534) == 0 &&
                  outfile_open(&cx, "old", false, &o) == ST_OK;
        o.old.st_mode = (o.old.st_mode & ~(mode_t)07777) | 02664;
        _exit(ok && outfile_commit(&o) == ST_OK ? 0 : 1);
    }
    int result;
    assert_int_equal(waitpid(child, &result, 0), child);
    assert_int_equal(result, 0);
    assert_int_equal(mode_of("old"), 0644);
    unlink("old");
}

static void test_links_stay_links(void **state)
{
    (void)state;
    struct context cx;
    struct outfile o;
    char target[16] = "";
    assert_int_equal(mkdir("sub", 0755), 0);
    put("sub/real", "old");
    assert_int_equal(symlink("sub/real", "link"), 0);
    open_ok(&cx, "link", false, &o);
    write_to(&o, "new");
    commit_ok(&o);
    assert_int_equal(readlink("link", target, sizeof target - 1), 8);
    expect_file("sub/real", "new");
    unlink("sub/real");
    expect_refused("link", ST_IO, "is a symbolic link that leads nowhere");
    unlink("link");
    rmdir("sub");
}

static void test_absolute_and_odd_paths(void **state)
{
    (void)state;
    struct context cx;
    struct outfile o;
    char path[64];
    snprintf(path, sizeof path, "%s//new", scratch);
    open_ok(&cx, path, false, &o);
    assert_int_equal(chdir("/"), 0); /* the directory is held by its descriptor */
    write_to(&o, "x");
    commit_ok(&o);
    assert_int_equal(chdir(scratch), 0);
    expect_file("new", "x");
    unlink("new");
    expect_refused("none/new", ST_IO, "cannot open the directory: No such file or directory");
    put("file", "");
    expect_refused("file/new", ST_IO, "cannot be found: Not a directory");
    unlink("file");
    expect_refused(".", ST_USAGE, "is a directory (use -d)");
    char longest[256];
    memset(longest, 'n', 255);
    longest[255] = '\0';
    open_ok(&cx, longest, false, &o); /* the temporary name is no longer than a name may be */
    commit_ok(&o);
    open_ok(&cx, longest, false, &o);
    commit_ok(&o);
    unlink(longest);
}

static void test_no_clobber(void **state)
{
    (void)state;
    struct context cx;
    struct outfile o;
    put("old", "old");
    open_ok(&cx, "old", true, &o);
    assert_int_equal(o.kind, OUTFILE_SKIPPED);
    outfile_discard(&o);
    open_ok(&cx, "new", true, &o);
    write_to(&o, "ours");
    put("new", "theirs"); /* came meanwhile */
    commit_ok(&o);
    assert_int_equal(o.kind, OUTFILE_SKIPPED);
    expect_file("new", "theirs");
    unlink("new");
    open_ok(&cx, "new", true, &o);
    write_to(&o, "ours");
    commit_ok(&o);
    assert_int_equal(o.kind, OUTFILE_CLOSED);
    expect_file("new", "ours");
    assert_int_equal(entries(), 2);
    unlink("new");
    unlink("old");
}

static void test_races_lose_nothing(void **state)
{
    (void)state;
    struct context cx;
    struct outfile o;
    open_ok(&cx, "new", false, &o);
    write_to(&o, "ours");
    put("new", "theirs");
    commit_ok(&o); /* the later one wins, as with any program that writes */
    expect_file("new", "ours");
    open_ok(&cx, "new", false, &o);
    write_to(&o, "again");
    unlink("new");
    commit_ok(&o);
    expect_file("new", "again");
    unlink("new");
    mkdir("new", 0755);
    rmdir("new");
    open_ok(&cx, "new", false, &o);
    mkdir("new", 0755);
    assert_int_equal(outfile_commit(&o), ST_IO);
    assert_int_equal(entries(), 1); /* and no temporary file */
    assert_nothing_held(&cx);
    rmdir("new");
}

static void test_temporary_names_step_aside(void **state)
{
    (void)state;
    struct context cx;
    struct outfile o = {0}, taken = {0};
    put("old", "old");
    make_temp_name(&taken, 0);
    put(taken.temp_name, "somebody's");
    open_ok(&cx, "old", false, &o);
    write_to(&o, "new");
    commit_ok(&o);
    expect_file("old", "new");
    expect_file(taken.temp_name, "somebody's");
    unlink(taken.temp_name);
    unlink("old");
}

static void test_devices_are_written_as_they_are(void **state)
{
    (void)state;
    struct context cx;
    struct outfile o;
    open_ok(&cx, "/dev/null", true, &o);
    assert_int_equal(o.kind, OUTFILE_DIRECT);
    write_to(&o, "x");
    commit_ok(&o);
    open_ok(&cx, "/dev/full", false, &o);
    assert_int_equal(write(o.fd, "x", 1), -1);
    outfile_discard(&o);
    open_ok(&cx, "-", true, &o);
    assert_int_equal(o.fd, STDOUT_FILENO);
    commit_ok(&o);
    open_ok(&cx, "/dev/stdout", false, &o);
    assert_int_equal(o.fd, STDOUT_FILENO);
    outfile_discard(&o);
    assert_true(fcntl(STDOUT_FILENO, F_GETFD) >= 0);

    assert_int_equal(mkfifo("pipe", 0600), 0);
    int reader = open("pipe", O_RDONLY | O_NONBLOCK);
    open_ok(&cx, "pipe", false, &o);
    write_to(&o, "x");
    commit_ok(&o);
    char byte;
    assert_int_equal(read(reader, &byte, 1), 1);
    close(reader);
    unlink("pipe");
}

static enum status write_job(struct context *cx, void *user)
{
    (void)user;
    struct outfile o;
    enum status st = outfile_open(cx, "new", false, &o);
    if (st == ST_OK)
        st = outfile_commit(&o);
    outfile_discard(&o);
    return st;
}

static void test_every_fault_is_clean(void **state)
{
    (void)state;
    assert_int_equal(sweep_kind(FAULT_ALLOC, ST_NOMEM, write_job, NULL), 1);
    unlink("new");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_new_file),
        cmocka_unit_test(test_discarded),
        cmocka_unit_test(test_replaced_file_gives_its_mode),
        cmocka_unit_test(test_access_lists),
        cmocka_unit_test(test_umask_and_owner),
        cmocka_unit_test(test_a_lost_group_gains_nothing),
        cmocka_unit_test(test_links_stay_links),
        cmocka_unit_test(test_absolute_and_odd_paths),
        cmocka_unit_test(test_no_clobber),
        cmocka_unit_test(test_races_lose_nothing),
        cmocka_unit_test(test_temporary_names_step_aside),
        cmocka_unit_test(test_devices_are_written_as_they_are),
        cmocka_unit_test(test_every_fault_is_clean),
    };
    return cmocka_run_group_tests(tests, enter, leave);
}
