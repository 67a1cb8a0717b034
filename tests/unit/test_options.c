/* SPDX-License-Identifier: MIT */
/* The command line: every option, every contradiction, and the order of transforms. */
#include "support.h"

#include "cli/option_table.h"

#define ARGS_MAX 24

struct parsed {
    struct context cx;
    struct options o;
    enum status st;
    char line[512];
    char *argv[ARGS_MAX + 1];
};

/* Parses a line cut at blanks. options_close is the caller's. */
static void parse(struct parsed *p, const char *line)
{
    int argc = 1;
    memset(p, 0, sizeof *p);
    context_init(&p->cx);
    assert_true(strlen(line) < sizeof p->line);
    strcpy(p->line, line);
    for (char *word = strtok(p->line, " "); word != NULL; word = strtok(NULL, " ")) {
        assert_true(argc < ARGS_MAX);
        p->argv[argc++] = word;
    }
    p->argv[0] = p->line + strlen(line); /* "" */
    p->st = options_parse(&p->cx, argc, p->argv, &p->o);
}

static void finish(struct parsed *p)
{
    options_close(&p->cx, &p->o);
    assert_nothing_held(&p->cx);
}

static void expect_ok(struct parsed *p, const char *line)
{
    parse(p, line);
    if (p->st != ST_OK)
        print_error("%s: %s\n", line, p->cx.text);
    assert_int_equal(p->st, ST_OK);
}

static void expect_usage(const char *line, const char *text)
{
    struct parsed p;
    parse(&p, line);
    assert_int_equal(p.st, ST_USAGE);
    assert_string_equal(p.cx.text, text);
    finish(&p);
}

static void test_defaults(void **state)
{
    (void)state;
    struct parsed p;
    expect_ok(&p, "in.png out.gif");
    assert_int_equal(p.o.action, ACTION_CONVERT);
    assert_int_equal(p.o.input_count, 1);
    assert_string_equal(p.o.inputs[0], "in.png");
    assert_string_equal(p.o.output, "out.gif");
    assert_ptr_equal(p.o.job.format, &format_gif);
    assert_int_equal(p.o.job.op_count, 0);
    assert_true(p.o.job.expand && !p.o.job.has_background && !p.o.lenient && !p.o.in_place);
    assert_int_equal(p.o.job.colors, 256);
    assert_int_equal(p.o.job.encode.optimize, 1);
    assert_int_equal(p.o.job.encode.quality, 0);
    assert_int_equal(p.o.job.encode.compression, 6);
    assert_false(p.o.job.encode.interlace);
    assert_int_equal(p.o.memory_limit, 0);
    assert_true(p.o.temp_limit == SIZE_UNLIMITED);
    assert_true(p.o.max_pixels == p.cx.limits.max_pixels);
    assert_int_equal(p.o.verbosity, VERBOSITY_NORMAL);
    assert_int_equal(p.o.progress, PROGRESS_AUTO);
    finish(&p);
}

static void test_transforms_keep_their_order(void **state)
{
    (void)state;
    struct parsed p;
    expect_ok(&p, "--flip=v -r -22.5 a --crop 3x4+1-2 --flip-horizontal -r90 --flip=h b.png");
    static const enum op_kind kinds[] = {OP_FLIP_VERTICAL,   OP_ROTATE, OP_CROP,
                                         OP_FLIP_HORIZONTAL, OP_ROTATE, OP_FLIP_HORIZONTAL};
    assert_int_equal(p.o.job.op_count, 6);
    for (size_t i = 0; i < 6; i++)
        assert_int_equal(p.o.job.ops[i].kind, kinds[i]);
    assert_true(p.o.job.ops[1].degrees == -22.5 && p.o.job.ops[4].degrees == 90);
    assert_int_equal(p.o.job.ops[2].crop.width, 3);
    assert_int_equal(p.o.job.ops[2].crop.y, -2);
    finish(&p);
}

static void test_everything_at_once(void **state)
{
    (void)state;
    struct parsed p;
    expect_ok(&p, "--no-expand --background=#12345678 --resample=nearest -O0 -k16 --interlace "
                  "--quality=1 --sampling=4:2:2 --compression=0 -d dir --suffix=-x "
                  "--files-from=list -0 -n");
    assert_false(p.o.job.expand);
    assert_true(p.o.job.has_background && p.o.job.background.a == 0x78);
    assert_int_equal(p.o.job.resample, RESAMPLE_NEAREST);
    assert_int_equal(p.o.job.encode.optimize, 0);
    assert_int_equal(p.o.job.colors, 16);
    assert_true(p.o.job.encode.interlace);
    assert_int_equal(p.o.job.encode.quality, 1);
    assert_int_equal(p.o.job.encode.sampling, SAMPLING_422);
    assert_int_equal(p.o.job.encode.compression, 0);
    assert_string_equal(p.o.output_dir, "dir");
    assert_string_equal(p.o.suffix, "-x");
    assert_string_equal(p.o.files_from, "list");
    assert_true(p.o.nul_separated && p.o.no_clobber);
    assert_int_equal(p.o.input_count, 0);
    finish(&p);

    expect_ok(&p, "-m 64M --tmpdir=/t --tmp-limit=0 --max-pixels=0 --lenient --progress -v a -o b "
                  "-f png");
    assert_true(p.o.memory_limit == 64 << 20 && p.o.temp_limit == 0 && p.o.max_pixels == 0);
    assert_string_equal(p.o.temp_dir, "/t");
    assert_true(p.o.lenient);
    assert_int_equal(p.o.progress, PROGRESS_ALWAYS);
    assert_int_equal(p.o.verbosity, VERBOSITY_DETAIL);
    assert_ptr_equal(p.o.job.format, &format_png);
    finish(&p);
}

static void test_the_last_one_counts(void **state)
{
    (void)state;
    struct parsed p;
    expect_ok(&p, "--no-expand --expand --lenient --strict -O0 -O --interlace --no-interlace "
                  "--progress=never -v -q a b.gif");
    assert_true(p.o.job.expand && !p.o.lenient && !p.o.job.encode.interlace);
    assert_int_equal(p.o.job.encode.optimize, 1);
    assert_int_equal(p.o.progress, PROGRESS_NEVER);
    assert_int_equal(p.o.verbosity, VERBOSITY_QUIET);
    finish(&p);
}

static void test_abbreviations_and_spellings(void **state)
{
    (void)state;
    struct parsed p;
    expect_ok(&p, "--rot=45 --optimise=0 --colours 3 --col=4 --back none a b.gif");
    assert_int_equal(p.o.job.op_count, 1);
    assert_int_equal(p.o.job.encode.optimize, 0);
    assert_int_equal(p.o.job.colors, 4);
    assert_int_equal(p.o.job.background.a, 0);
    finish(&p);
    expect_ok(&p, "--in-place -- -r --help");
    assert_int_equal(p.o.input_count, 2);
    assert_string_equal(p.o.inputs[0], "-r");
    finish(&p);
}

static void test_what_asks_for_a_change(void **state)
{
    (void)state;
    static const struct {
        const char *line;
        bool may_keep;
    } cases[] = {
        {"a b.gif", true},
        {"-O --in-place a", true},
        {"-v --lenient -m 1G --expand -f gif a b", true},
        {"-O0 a b.gif", false},
        {"--flip=h a b.gif", false},
        {"-r 0 a b.gif", false},
        {"-k 256 a b.gif", false},
        {"--no-interlace a b.gif", false},
        {"--strip=xmp a b.gif", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct parsed p;
        expect_ok(&p, cases[i].line);
        assert_int_equal(p.o.job.may_keep, cases[i].may_keep);
        finish(&p);
    }
}

static void test_stripping(void **state)
{
    (void)state;
    static const struct {
        const char *line;
        bool strip[METADATA_KINDS];
    } cases[] = {
        {"a b.gif", {0}},
        {"--strip a b.gif", {true, true, true, true, true, true}},
        {"--strip=all a b.gif", {true, true, true, true, true, true}},
        {"--strip=comments a b.gif", {[METADATA_COMMENT] = true}},
        {"--strip=exif --strip=icc a b.gif",
         {[METADATA_EXIF] = true, [METADATA_ICC] = true, [METADATA_COLOR] = true}},
        {"--strip=xmp a b.gif", {[METADATA_XMP] = true}},
        {"--strip=iptc a b.gif", {[METADATA_IPTC] = true}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct parsed p;
        expect_ok(&p, cases[i].line);
        assert_memory_equal(p.o.job.strip, cases[i].strip, sizeof p.o.job.strip);
        finish(&p);
    }
}

static void test_outputs(void **state)
{
    (void)state;
    static const struct {
        const char *line, *output;
        const struct format *format;
    } cases[] = {
        {"a gif:-", "-", &format_gif},
        {"a png:out", "out", &format_png},
        {"a JPG:x.gif", "x.gif", &format_jpeg},
        {"a x.PNG", "x.PNG", &format_png},
        {"a -f ppm x.gif", "x.gif", &format_ppm},
        {"a -f pam gif:x", "x", &format_pam}, /* --format is first of all */
        {"-o - -f jpeg a", "-", &format_jpeg},
        {"a ./webp:x.gif", "./webp:x.gif", &format_gif},
        {"a c:x.gif", "c:x.gif", &format_gif},
        {"- x.pgm", "x.pgm", &format_pgm},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct parsed p;
        expect_ok(&p, cases[i].line);
        assert_string_equal(p.o.output, cases[i].output);
        assert_ptr_equal(p.o.job.format, cases[i].format);
        assert_int_equal(p.o.input_count, 1);
        finish(&p);
    }
}

static void test_actions(void **state)
{
    (void)state;
    struct parsed p;
    expect_ok(&p, "--info a b c");
    assert_int_equal(p.o.action, ACTION_INFO);
    assert_int_equal(p.o.info, INFO_TEXT);
    assert_int_equal(p.o.input_count, 3);
    finish(&p);
    expect_ok(&p, "--info=json a");
    assert_int_equal(p.o.info, INFO_JSON);
    finish(&p);
    expect_ok(&p, "-r 45 --help --nonsense");
    assert_int_equal(p.o.action, ACTION_HELP);
    finish(&p);
    expect_ok(&p, "--version");
    assert_int_equal(p.o.action, ACTION_VERSION);
    finish(&p);
}

static void test_refusals(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"", "no input given ('-' is standard input; see --help)"},
        {"-r 90 x.gif", "no output given (use -o, -d or --in-place)"},
        {"--files-from=l", "no output given (use -o, -d or --in-place)"},
        {"a b c.gif", "several inputs need -o, -d or --in-place"},
        {"-o c.png a b", "several inputs need -d or --in-place, or one GIF or APNG to be in"},
        {"-o c.png --files-from=l",
         "several inputs need -d or --in-place, or one GIF or APNG to be in"},
        {"-o c%d.gif a b", "several inputs need -d or --in-place, or one GIF or APNG to be in"},
        {"-o c.gif --frames=0 a b", "--frames is for one input"},
        {"-o c.gif --dither=fs a b",
         "--dither: pictures that are joined need a --palette for that"},
        {"-o c.apng -k 9 a b", "--colors: pictures that are joined need a --palette for that"},
        {"-f auto a b%d.png", "numbered outputs need one format, not --format=auto"},
        {"-o c.gif -d d a", "-o, -d and --in-place exclude each other"},
        {"--in-place -d d a", "-o, -d and --in-place exclude each other"},
        {"--info a -o b.gif", "--info writes no picture: leave out -o, -d and --in-place"},
        {"--in-place -f png a", "--in-place keeps the format of each file (use -d with --format)"},
        {"--in-place -f auto a", "--in-place keeps the format of each file (use -d with --format)"},
        {"a auto:", "the output has no name"},
        {"--in-place -n a", "--in-place and --no-clobber contradict each other"},
        {"--suffix=x a b.gif", "--suffix needs -d"},
        {"--suffix=/x -d d a", "--suffix: a name cannot hold a '/'"},
        {"-0 -d d a", "--null needs --files-from"},
        {"a -", "standard output needs a format (--format=gif or gif:-)"},
        {"a gif:", "the output has no name"},
        {"a /", "/: is a directory (use -d)"},
        {"a b.webp", "b.webp: the suffix names no format (use --format: " FORMAT_NAMES ")"},
        {"-f webp a b", "--format: 'webp' is not " FORMAT_NAMES},
        {"--nonsense=3 a", "unknown option --nonsense (see --help)"},
        {"-Z a", "unknown option -Z (see --help)"},
        {"-vZ a", "unknown option -Z (see --help)"},
        {"--fl=h a", "--fl is ambiguous: --flip --flip-horizontal --flip-vertical"},
        {"--expand=no a", "--expand takes no value"},
        {"a b -r", "--rotate needs a value (--rotate=DEG)"},
        {"a b --crop", "--crop needs a value (--crop=WxH+X+Y)"},
        {"-r north a", "--rotate: 'north' is not an angle in degrees"},
        {"--crop=1x1 a", "--crop: '1x1' is not WxH+X+Y or X,Y+WxH"},
        {"--flip=x a", "--flip: 'x' is not h|v"},
        {"--flip= a", "--flip: '' is not h|v"},
        {"--resample=cubic a", "--resample: 'cubic' is not auto|nearest|bilinear|bicubic|lanczos3"},
        {"--resize=4 a", "--resize: '4' is not WxH, Wx, xH or N%, and then !, > or <"},
        {"--progress=a a", "--progress: 'a' is not auto|always|never"},
        {"--info=xml a", "--info: 'xml' is not text|json"},
        {"-k 257 a", "--colors: '257' is not a number from 2 to 256"},
        {"-O4 a", "--optimize: '4' is not a number from 0 to 3"},
        {"--quality=0 a", "--quality: '0' is not a number from 1 to 100"},
        {"-m 0 a", "--memory: '0' is not a size in bytes such as 64M"},
        {"--max-pixels=-1 a", "--max-pixels: '-1' is not a number of pixels"},
        {"--output= a", "--output: '' is not a name"},
        {"--background=puce a",
         "--background: 'puce' is not transparent, #rgb, #rgba, #rrggbb, #rrggbbaa or a name of "
         "CSS"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        expect_usage(cases[i][0], cases[i][1]);
}

/* The names of formats stand as text in the table of options. */
static void test_formats_are_all_named(void **state)
{
    (void)state;
    for (size_t i = 0; format_table[i] != NULL; i++)
        if (format_table[i]->start != NULL)
            assert_non_null(strstr(FORMAT_NAMES, format_table[i]->name));
}

/* A row whose help or setter is missing would end the table early, or crash. */
static void test_rows_are_whole(void **state)
{
    (void)state;
    size_t named = 0;
    for (const struct option_row *row = option_table; row->help != NULL; row++) {
        if (row->name == NULL)
            continue;
        named++;
        assert_non_null(row->set);
        assert_true(row->value == NULL || row->value[0] == '=' || row->value[0] == '[');
        for (const struct option_row *other = row + 1; other->help != NULL; other++) {
            assert_true(other->name == NULL || strcmp(row->name, other->name) != 0);
            assert_true(row->letter == '\0' || row->letter != other->letter);
        }
    }
    assert_true(named > 30);
}

static void test_help_fits_a_terminal(void **state)
{
    (void)state;
    struct context cx;
    struct sink *sink;
    size_t bytes, column = 0;
    context_init(&cx);
    assert_int_equal(sink_open_memory(&cx, &sink), ST_OK);
    assert_int_equal(options_help(sink), ST_OK);
    const uint8_t *text = sink_data(sink, &bytes);
    assert_true(bytes > 1000);
    for (size_t i = 0; i < bytes; i++) {
        column = text[i] == '\n' ? 0 : column + 1;
        assert_true(column < 80);
    }
    sink_close(sink);
    assert_nothing_held(&cx);
}

static enum status parse_job(struct context *cx, void *user)
{
    (void)user;
    char words[4][8] = {"giflow", "-r45", "a", "b.gif"};
    char *argv[] = {words[0], words[1], words[2], words[3], NULL};
    struct options o;
    enum status st = options_parse(cx, 4, argv, &o);
    options_close(cx, &o);
    return st;
}

static void test_every_fault_is_clean(void **state)
{
    (void)state;
    assert_int_equal(sweep_kind(FAULT_ALLOC, ST_NOMEM, parse_job, NULL), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_defaults),
        cmocka_unit_test(test_transforms_keep_their_order),
        cmocka_unit_test(test_everything_at_once),
        cmocka_unit_test(test_the_last_one_counts),
        cmocka_unit_test(test_abbreviations_and_spellings),
        cmocka_unit_test(test_what_asks_for_a_change),
        cmocka_unit_test(test_stripping),
        cmocka_unit_test(test_outputs),
        cmocka_unit_test(test_actions),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_formats_are_all_named),
        cmocka_unit_test(test_rows_are_whole),
        cmocka_unit_test(test_help_fits_a_terminal),
        cmocka_unit_test(test_every_fault_is_clean),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
