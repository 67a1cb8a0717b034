/* SPDX-License-Identifier: MIT */
/* Lists of inputs, names of outputs, and the loop that goes on. */
#include "support.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "batch/batch.h"
#include "batch/naming.h"

static char scratch[] = "/tmp/giflow-test-XXXXXX";

static int enter(void **state)
{
    (void)state;
    return mkdtemp(scratch) == NULL || chdir(scratch) != 0;
}

static int leave(void **state)
{
    (void)state;
    return chdir("/") != 0 || rmdir(scratch) != 0;
}

/* inputs_open over one operand (or none) and the bytes of a list. */
static enum status open_inputs(struct context *cx, char *operand, const char *list, size_t bytes,
                               char separator, struct inputs *out)
{
    struct source *src = NULL;
    char *operands[] = {operand};
    enum status st = source_open_memory(cx, (const uint8_t *)list, bytes, &src);
    if (st == ST_OK)
        st = inputs_open(cx, operands, operand != NULL, src, separator, out);
    source_close(src);
    return st;
}

static void test_lists(void **state)
{
    (void)state;
    static const struct {
        const char *list;
        size_t bytes;
        char separator;
        const char *names[4];
    } cases[] = {
        {"a\nb c\nd\n", 8, '\n', {"a", "b c", "d"}},
        {"a\nb", 3, '\n', {"a", "b"}},
        {"\n\na\n\n\nb\n\n", 9, '\n', {"a", "b"}},
        {"a\0b\nc\0", 6, '\0', {"a", "b\nc"}},
        {"\0\0a", 3, '\0', {"a"}},
        {" -x \r\n", 6, '\n', {" -x \r"}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct context cx;
        struct inputs in;
        char operand[] = "first";
        context_init(&cx);
        assert_int_equal(open_inputs(&cx, i % 2 ? operand : NULL, cases[i].list, cases[i].bytes,
                                     cases[i].separator, &in),
                         ST_OK);
        size_t n = 0;
        if (i % 2)
            assert_string_equal(in.name[n++], "first");
        for (size_t j = 0; j < 4 && cases[i].names[j] != NULL; j++)
            assert_string_equal(in.name[n++], cases[i].names[j]);
        assert_int_equal(in.count, n);
        inputs_close(&cx, &in);
        assert_nothing_held(&cx);
    }
}

static void test_bad_lists(void **state)
{
    (void)state;
    static const struct {
        const char *list;
        size_t bytes;
    } cases[] = {{"", 0}, {"\n\n", 2}, {"a\0b\0", 4}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct context cx;
        struct inputs in;
        context_init(&cx);
        assert_int_equal(open_inputs(&cx, NULL, cases[i].list, cases[i].bytes, '\n', &in),
                         ST_USAGE);
        assert_nothing_held(&cx);
    }
}

#define LONG_LIST 40000

static enum status read_long_list(struct context *cx, void *list)
{
    struct inputs in;
    enum status st = open_inputs(cx, NULL, list, LONG_LIST, '\n', &in);
    if (st == ST_OK) {
        assert_int_equal(in.count, LONG_LIST / 4);
        for (size_t i = 0; i < in.count; i++)
            assert_string_equal(in.name[i], "abc");
        inputs_close(cx, &in);
    }
    return st;
}

static void test_a_long_list_and_every_fault(void **state)
{
    (void)state;
    char *list = malloc(LONG_LIST);
    for (size_t i = 0; i < LONG_LIST; i += 4)
        memcpy(list + i, "abc\n", 4);
    assert_int_equal(sweep_kind(FAULT_ALLOC, ST_NOMEM, read_long_list, list), 7);
    free(list);
}

static void test_names(void **state)
{
    (void)state;
    static const struct naming to_png = {"out", "", &format_png, NULL, 0},
                               same = {"out", "-s", NULL, NULL, 0},
                               in_place = {NULL, "", NULL, NULL, 0},
                               to_jpeg = {"/", ".x", &format_jpeg, NULL, 0};
    static const struct {
        const struct naming *naming;
        const char *input, *output;
    } cases[] = {
        {&to_png, "a.gif", "out/a.png"},
        {&to_png, "dir.x/a", "out/a.png"},
        {&to_png, "/p/q/a.b.gif", "out/a.b.png"},
        {&to_png, ".gif", "out/.gif.png"},
        {&to_png, "a.", "out/a.png"},
        {&same, "p/a.GIF", "out/a-s.GIF"},
        {&same, "a.b.jpeg", "out/a.b-s.jpeg"},
        {&to_jpeg, "a.jpeg", "//a.x.jpg"},
        {&in_place, "p/a", "p/a"},
        {&in_place, "a.gif", "a.gif"},
        {&same, "a", NULL},
        {&same, "a.webp", NULL},
        {&to_png, "-", NULL},
        {&in_place, "-", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct context cx;
        char *output;
        context_init(&cx);
        enum status st = output_name(&cx, cases[i].naming, cases[i].input, &output);
        assert_int_equal(st, cases[i].output != NULL ? ST_OK : ST_USAGE);
        if (st == ST_OK) {
            assert_string_equal(output, cases[i].output);
            mem_free(&cx, output);
        }
        assert_nothing_held(&cx);
    }
}

static void touch(const char *path)
{
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fclose(f);
}

/* check_outputs over names that end with NULL; text is NULL where nothing is wrong. */
static void expect_plan(struct naming naming, const char *const *input, const char *text)
{
    struct context cx;
    const char *list[8];
    struct inputs in = {.name = list};
    while (input[in.count] != NULL) {
        list[in.count] = input[in.count];
        in.count++;
    }
    context_init(&cx);
    assert_int_equal(check_outputs(&cx, &naming, &in), text == NULL ? ST_OK : ST_USAGE);
    assert_string_equal(cx.text, text == NULL ? "" : text);
    assert_nothing_held(&cx);
}

#define NAMES(...)        \
    (const char *const[]) \
    {                     \
        __VA_ARGS__, NULL \
    }

static void test_collisions(void **state)
{
    (void)state;
    static const struct naming to_png = {".", "", &format_png, NULL, 0},
                               same = {".", "-s", NULL, NULL, 0},
                               in_place = {NULL, "", NULL, NULL, 0};
    assert_int_equal(mkdir("p", 0755), 0);
    touch("a.gif");
    touch("a-s.gif");
    touch("a.png");
    touch("p/a.gif");
    assert_int_equal(symlink("a.gif", "b.gif"), 0);
    expect_plan(to_png, NAMES("a.gif", "c.gif"), NULL);
    expect_plan(to_png, NAMES("a.png"), NULL); /* over itself */
    expect_plan(to_png, NAMES("c.gif", "p/c.gif"),
                "c.gif and p/c.gif would both be written to ./c.png");
    expect_plan(to_png, NAMES("p/a.gif", "x.gif", "a.gif"),
                "p/a.gif and a.gif would both be written to ./a.png");
    expect_plan(to_png, NAMES("a.gif", "x.gif", "a.gif"),
                "a.gif and a.gif would both be written to ./a.png");
    expect_plan(to_png, NAMES("a.gif", "a.png"),
                "a.gif and a.png would both be written to ./a.png");
    expect_plan(same, NAMES("a.gif", "a-s.gif"),
                "./a-s.gif, made from a.gif, would replace the input a-s.gif");
    expect_plan(same, NAMES("a-s.gif", "a.gif"),
                "./a-s.gif, made from a.gif, would replace the input a-s.gif");
    expect_plan(in_place, NAMES("a.gif", "p/a.gif", "a.png"), NULL);
    expect_plan(in_place, NAMES("a.gif", "p/../a.gif"),
                "a.gif and p/../a.gif would both be written to a.gif");
    expect_plan(in_place, NAMES("b.gif", "a.gif"),
                "b.gif and a.gif would both be written to b.gif");
    expect_plan(in_place, NAMES("a.gif", "-"),
                "standard input has no name to call an output by (use -o)");
    static const struct format *const choices[] = {&format_gif, &format_png};
    struct naming any = {.dir = ".", .suffix = "", .choices = choices, .choice_count = 2};
    expect_plan(any, NAMES("a.gif"), NULL); /* over itself, or beside it */
    expect_plan(any, NAMES("a.gif", "x.gif", "c.jpg"), NULL);
    expect_plan(any, NAMES("p/d.gif", "d.jpg"),
                "p/d.gif and d.jpg would both be written to ./d.png");
    expect_plan(same, NAMES("a.gif", "a"), "a: the suffix names no format (use --format)");
    unlink("b.gif");
    unlink("p/a.gif");
    unlink("a.png");
    unlink("a-s.gif");
    unlink("a.gif");
    rmdir("p");
}

static enum status check_job(struct context *cx, void *user)
{
    (void)user;
    const char *list[] = {"a.gif", "b.gif", "c.gif"};
    struct inputs in = {.name = list, .count = 3};
    struct naming naming = {.dir = ".", .suffix = ""};
    return check_outputs(cx, &naming, &in);
}

static void test_every_fault_is_clean(void **state)
{
    (void)state;
    assert_int_equal(sweep_kind(FAULT_ALLOC, ST_NOMEM, check_job, NULL), 4);
}

struct tally {
    struct context *cx;
    unsigned calls;
};

/* Does what the input's name says. */
static enum status step(void *user, const char *input)
{
    struct tally *t = user;
    t->calls++;
    assert_int_equal(t->cx->status, ST_OK); /* whatever the one before left */
    assert_string_equal(t->cx->text, "");
    if (strcmp(input, "damaged") == 0)
        return fail(t->cx, ST_DAMAGED, "damaged");
    if (strcmp(input, "skip") == 0)
        return ST_SKIPPED;
    if (strcmp(input, "stop") == 0)
        return fail(t->cx, ST_STOPPED, "stop");
    return ST_OK;
}

static void test_numbered_names(void **state)
{
    (void)state;
    static const struct {
        const char *pattern;
        uint64_t number;
        const char *name;
    } good[] = {
        {"%d", 0, "0"},
        {"f-%03d.png", 7, "f-007.png"},
        {"f-%3d.png", 7, "f-007.png"},
        {"f-%03d.png", 12345, "f-12345.png"},
        {"%%%d%%", 5, "%5%"},
        {"%d%%d", 5, "5%d"},
        {"a/%0d", 18446744073709551615u, "a/18446744073709551615"},
        {"%020d", 1, "00000000000000000001"},
    };
    struct context cx;
    context_init(&cx);
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        char *name;
        assert_true(is_pattern(good[i].pattern));
        assert_int_equal(pattern_name(&cx, good[i].pattern, good[i].number, &name), ST_OK);
        assert_string_equal(name, good[i].name);
        mem_free(&cx, name);
        assert_nothing_held(&cx);
    }
    static const char *const bad[] = {"",     "a.png", "%%",           "%%d",  "%",   "%3", "%s",
                                      "%d%d", "%d%s",  "%d-%",         "%-3d", "% d", "%x", "%ld",
                                      "%21d", "%021d", "%4294967296d", "%3%d"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(is_pattern(bad[i]));
    char *name;
    cx.faults.alloc = 1;
    assert_int_equal(pattern_name(&cx, "%d", 1, &name), ST_NOMEM);
}

static void test_goes_on(void **state)
{
    (void)state;
    static const struct {
        const char *names[4];
        enum status want;
        unsigned calls, failed;
    } cases[] = {
        {{"a"}, ST_OK, 1, 0},
        {{"damaged"}, ST_DAMAGED, 1, 1},
        {{"a", "b"}, ST_OK, 2, 0},
        {{"skip"}, ST_SKIPPED, 1, 0},
        {{"a", "skip", "skip"}, ST_OK, 3, 0},
        {{"damaged", "skip"}, ST_PARTIAL, 2, 1},
        {{"damaged", "b", "damaged"}, ST_PARTIAL, 3, 2},
        {{"damaged", "damaged"}, ST_PARTIAL, 2, 2},
        {{"a", "stop", "b"}, ST_STOPPED, 2, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct context cx;
        struct tally tally = {&cx, 0};
        const char *list[4];
        struct inputs in = {.name = list};
        size_t failed;
        while (in.count < 4 && cases[i].names[in.count] != NULL) {
            list[in.count] = cases[i].names[in.count];
            in.count++;
        }
        context_init(&cx);
        assert_int_equal(batch_run(&cx, &in, step, &tally, &failed), cases[i].want);
        assert_int_equal(tally.calls, cases[i].calls);
        assert_int_equal(failed, cases[i].failed);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lists),
        cmocka_unit_test(test_bad_lists),
        cmocka_unit_test(test_a_long_list_and_every_fault),
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_collisions),
        cmocka_unit_test(test_numbered_names),
        cmocka_unit_test(test_every_fault_is_clean),
        cmocka_unit_test(test_goes_on),
    };
    return cmocka_run_group_tests(tests, enter, leave);
}
