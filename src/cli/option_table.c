/* SPDX-License-Identifier: MIT */
/* The option table, and the setters that its rows name. */
#include "cli/option_table.h"

#include <string.h>

#include "cli/values.h"

static void *field_of(const struct option_row *row, struct options *o)
{
    return (char *)o + row->field;
}

static bool set_true(const struct option_row *row, struct options *o, const char *value)
{
    (void)value;
    *(bool *)field_of(row, o) = true;
    return true;
}

static bool set_false(const struct option_row *row, struct options *o, const char *value)
{
    (void)value;
    *(bool *)field_of(row, o) = false;
    return true;
}

/* A number that the row knows, for options without a value. */
static bool set_constant(const struct option_row *row, struct options *o, const char *value)
{
    (void)value;
    *(unsigned *)field_of(row, o) = (unsigned)row->max;
    return true;
}

static bool set_count(const struct option_row *row, struct options *o, const char *value)
{
    uint64_t n;
    if (!parse_count(value, row->min, row->max, &n))
        return false;
    *(unsigned *)field_of(row, o) = (unsigned)n;
    return true;
}

static bool set_colors(const struct option_row *row, struct options *o, const char *value)
{
    o->colors_given = o->job.reduce = true;
    return set_count(row, o, value);
}

static bool set_effort(const struct option_row *row, struct options *o, const char *value)
{
    return set_count(row, o, value == NULL ? "1" : value);
}

static bool set_share(const struct option_row *row, struct options *o, const char *value)
{
    double *share = field_of(row, o);
    return parse_decimal(value, share) && *share >= 0 && *share <= 1;
}

static bool set_percentage(const struct option_row *row, struct options *o, const char *value)
{
    double *n = field_of(row, o);
    return parse_decimal(value, n) && *n >= 0 && *n <= 100;
}

static bool set_long_count(const struct option_row *row, struct options *o, const char *value)
{
    return parse_count(value, row->min, row->max, field_of(row, o));
}

static bool set_bytes(const struct option_row *row, struct options *o, const char *value)
{
    uint64_t n;
    if (!parse_bytes(value, &n) || n < row->min)
        return false;
    *(uint64_t *)field_of(row, o) = n;
    return true;
}

static bool set_text(const struct option_row *row, struct options *o, const char *value)
{
    if (strlen(value) < row->min)
        return false;
    *(const char **)field_of(row, o) = value;
    return true;
}

static bool set_palette(const struct option_row *row, struct options *o, const char *value)
{
    o->job.reduce = true;
    return set_text(row, o, value);
}

/* The place of the value among the words of row->value; max where none is given. */
static bool find_word(const struct option_row *row, const char *value, unsigned *out)
{
    if (value == NULL) {
        *out = (unsigned)row->max;
        return true;
    }
    const char *words = strchr(row->value, '=') + 1;
    for (unsigned i = 0;; i++) {
        size_t n = strcspn(words, "|]");
        if (strlen(value) == n && memcmp(words, value, n) == 0) {
            *out = i;
            return true;
        }
        if (words[n] != '|')
            return false;
        words += n + 1;
    }
}

static bool set_choice(const struct option_row *row, struct options *o, const char *value)
{
    return find_word(row, value, field_of(row, o));
}

/* With or without colons. */
static bool set_sampling(const struct option_row *row, struct options *o, const char *value)
{
    char word[4] = "";
    if (strlen(value) == 5 && value[1] == ':' && value[3] == ':')
        for (int i = 0; i < 3; i++)
            word[i] = value[2 * i];
    return find_word(row, *word != '\0' ? word : value, field_of(row, o));
}

static bool set_info(const struct option_row *row, struct options *o, const char *value)
{
    o->action = ACTION_INFO;
    return set_choice(row, o, value);
}

static bool set_format(const struct option_row *row, struct options *o, const char *value)
{
    (void)row;
    o->auto_format = strcasecmp(value, "auto") == 0;
    o->job.format = format_by_name(value);
    return o->auto_format || o->job.format != NULL;
}

static bool set_strip(const struct option_row *row, struct options *o, const char *value)
{
    unsigned word; /* 0: all, else 1 + an enum metadata_kind */
    if (!find_word(row, value, &word))
        return false;
    for (unsigned kind = 0; kind < METADATA_KINDS; kind++)
        o->job.strip[kind] |= word == 0 || word == 1 + kind;
    o->job.strip[METADATA_COLOR] |= o->job.strip[METADATA_ICC];
    return true;
}

static bool set_background(const struct option_row *row, struct options *o, const char *value)
{
    (void)row;
    o->job.has_background = true;
    return parse_color(value, &o->job.background);
}

/* Transforms: ops has room for as many as there are arguments. */

static bool add_rotate(const struct option_row *row, struct options *o, const char *value)
{
    (void)row;
    struct op op = {.kind = OP_ROTATE};
    bool good = parse_decimal(value, &op.degrees);
    if (good)
        o->ops[o->job.op_count++] = op;
    return good;
}

static bool add_crop(const struct option_row *row, struct options *o, const char *value)
{
    (void)row;
    bool good = parse_crop(value, &o->ops[o->job.op_count]);
    o->job.op_count += good;
    return good;
}

static bool add_resize(const struct option_row *row, struct options *o, const char *value)
{
    (void)row;
    struct op op = {.kind = OP_RESIZE};
    bool good = parse_resize(value, &op.resize);
    if (good)
        o->ops[o->job.op_count++] = op;
    return good;
}

static bool add_canvas(const struct option_row *row, struct options *o, const char *value)
{
    (void)row;
    bool good = parse_canvas(value, &o->ops[o->job.op_count]);
    o->job.op_count += good;
    return good;
}

static bool set_delay(const struct option_row *row, struct options *o, const char *value)
{
    (void)row;
    o->job.has_delay = true;
    uint32_t cs;
    if (!parse_delay(value, &cs))
        return false;
    o->job.delay_cs = cs;
    return true;
}

static bool set_rate(const struct option_row *row, struct options *o, const char *value)
{
    (void)row;
    double rate;
    if (!parse_decimal(value, &rate) || rate < 0.01 || rate > 50)
        return false;
    o->job.has_delay = true;
    o->job.delay_cs = 100 / rate;
    return true;
}

static bool set_loop(const struct option_row *row, struct options *o, const char *value)
{
    (void)row;
    o->job.has_loop = true;
    return parse_loop(value, &o->job.loop);
}

static bool set_speed(const struct option_row *row, struct options *o, const char *value)
{
    (void)row;
    return parse_decimal(value, &o->job.speed) && o->job.speed >= 0.001 && o->job.speed <= 1000;
}

static bool set_frames(const struct option_row *row, struct options *o, const char *value)
{
    (void)row;
    size_t count;
    o->frames = value;
    return parse_frames(value, NULL, 0, &count);
}

static bool add_flip_horizontal(const struct option_row *row, struct options *o, const char *value)
{
    (void)row, (void)value;
    o->ops[o->job.op_count++] = (struct op){.kind = OP_FLIP_HORIZONTAL};
    return true;
}

static bool add_flip_vertical(const struct option_row *row, struct options *o, const char *value)
{
    (void)row, (void)value;
    o->ops[o->job.op_count++] = (struct op){.kind = OP_FLIP_VERTICAL};
    return true;
}

static bool add_flip(const struct option_row *row, struct options *o, const char *value)
{
    if (strcmp(value, "h") == 0)
        return add_flip_horizontal(row, o, value);
    return strcmp(value, "v") == 0 && add_flip_vertical(row, o, value);
}

#define FIELD(name) .field = offsetof(struct options, name)
#define WANTS_COLOR "transparent, #rgb, #rgba, #rrggbb, #rrggbbaa or a name of CSS"
#define WANTS_SIZE "a size in bytes such as 64M"
#define WANTS_NAME "a name"

/* A row has lines for its name, its help, and how it is set. */
/* clang-format off */
const struct option_row option_table[] = {
    {.help = "Transforms, done in the order given:"},
    {.letter = 'r', .name = "rotate", .value = "=DEG",
     .help = "turn clockwise by DEG degrees",
     .wants = "an angle in degrees", .set = add_rotate, .alters = true},
    {.name = "crop", .value = "=WxH+X+Y",
     .help = "keep that part; also X,Y+WxH",
     .wants = "WxH+X+Y or X,Y+WxH", .set = add_crop, .alters = true},
    {.name = "resize", .value = "=WxH",
     .help = "fit inside WxH; also Wx, xH, N%; with ! that very\nsize, with > only smaller, with < "
             "only larger",
     .wants = "WxH, Wx, xH or N%, and then !, > or <", .set = add_resize, .alters = true},
    {.name = "flip", .value = "=h|v",
     .help = "mirror left to right, or top to bottom",
     .set = add_flip, .alters = true},
    {.name = "flip-horizontal",
     .help = "the same as --flip=h",
     .set = add_flip_horizontal, .alters = true},
    {.name = "flip-vertical",
     .help = "the same as --flip=v",
     .set = add_flip_vertical, .alters = true},

    {.name = "canvas", .value = "=WxH[+X+Y]",
     .help = "put the picture on a canvas of that size, its\ncorner at X, Y (in the middle)",
     .wants = "WxH or WxH+X+Y", .set = add_canvas, .alters = true},

    {.help = "How they are done:"},
    {.name = "auto-orient",
     .help = "first turn upright, as EXIF says (default)",
     .set = set_true, FIELD(job.auto_orient)},
    {.name = "no-auto-orient",
     .help = "leave such pictures, and their EXIF, as they are",
     .set = set_false, FIELD(job.auto_orient)},
    {.name = "expand",
     .help = "the canvas grows to hold what is turned (default)",
     .set = set_true, FIELD(job.expand)},
    {.name = "no-expand",
     .help = "the canvas keeps its size",
     .set = set_false, FIELD(job.expand)},
    {.name = "background", .value = "=COLOR",
     .help = "fill corners with COLOR: transparent, #rgb[a],\n#rrggbb[aa] or a name of CSS "
             "(default:\ntransparent where the output can, else white)",
     .wants = WANTS_COLOR, .set = set_background, .alters = true},
    {.name = "resample", .value = "=auto|nearest|bilinear|bicubic|lanczos3",
     .help = "how to turn and resize (auto: turning a palette\npicture nearest, others bicubic; "
             "resizing\nlanczos3)",
     .set = set_choice, FIELD(job.resample)},

    {.help = "Moving pictures:"},
    {.name = "frames", .value = "=LIST",
     .help = "keep these frames in this order: 0-9,-1 (from 0;\n-1 is the last; 9-0 runs backwards)",
     .wants = "a list of frames such as 0-9,-1", .set = set_frames, .alters = true},
    {.name = "delay", .value = "=T",
     .help = "show each frame for T: 10, 100ms or 0.1s",
     .wants = "a time such as 10, 100ms or 0.1s, of at most 655.35s", .set = set_delay,
     .alters = true},
    {.name = "fps", .value = "=N",
     .help = "frames a second; concatenated PNM, from a pipe\ntoo, are frames then",
     .wants = "a number from 0.01 to 50", .set = set_rate, .alters = true},
    {.name = "speed", .value = "=FACTOR",
     .help = "run that many times as fast",
     .wants = "a number from 0.001 to 1000", .set = set_speed, .alters = true},
    {.name = "loop", .value = "=forever|once|N",
     .help = "how often to run; N as GIF stores it",
     .wants = "forever, once or a number from 1 to 65535", .set = set_loop, .alters = true},
    {.name = "max-change", .value = "=N",
     .help = "pixels keep their color until it changes by more\nthan N: 2 is hardly seen; white is 100 from black",
     .wants = "a number from 0 to 100", .set = set_percentage, FIELD(job.max_change),
     .alters = true},
    {.name = "merge-duplicates",
     .help = "of equal pictures in a row make one frame",
     .set = set_true, FIELD(job.merge_duplicates), .alters = true},

    {.help = "Output:"},
    {.letter = 'f', .name = "format", .value = "=FMT",
     .help = "write " FORMAT_NAMES "\n(gif, jpeg or png, as suits the picture; default:\n"
             "as OUTPUT's prefix or suffix says)",
     .wants = FORMAT_NAMES, .set = set_format},
    {.letter = 'O', .name = "optimize", .alias = "optimise", .value = "[=0..3]",
     .help = "0: palette as it comes, fastest; 1: unused colors\ndropped, smaller codes (default); "
             "2, 3: slower,\nsmaller still",
     .set = set_effort, FIELD(job.encode.optimize), .min = 0, .max = 3},
    {.name = "lossy", .value = "=0..100",
     .help = "GIF: smaller by changing pixels, a little (10) or\na lot (100); 0: none (default)",
     .set = set_count, FIELD(job.encode.lossy), .min = 0, .max = 100},
    {.letter = 'k', .name = "colors", .alias = "colours", .value = "=N",
     .help = "at most N colors in a palette, 2..256 (256)",
     .set = set_colors, FIELD(job.colors), .min = 2, .max = 256, .alters = true},
    {.name = "palette", .value = "=FILE",
     .help = "the colors of FILE: a picture, or text of #rrggbb\nlines, GIMP .gpl, JASC .pal",
     .wants = WANTS_NAME, .set = set_palette, FIELD(palette_file), .min = 1, .alters = true},
    {.name = "dither", .value = "[=auto|none|fs|blue]",
     .help = "where colors are too many: none; fs: what is lost\ngoes to the neighbors; blue: "
             "patterns that stand\nstill; auto: fs, but none in moving or huge ones",
     .set = set_choice, FIELD(job.dither), .max = DITHER_FS, .alters = true},
    {.name = "dither-strength", .value = "=0..1",
     .help = "how much of it (0.7)",
     .wants = "a number from 0 to 1", .set = set_share, FIELD(job.dither_strength),
     .alters = true},
    {.name = "alpha-dither",
     .help = "where alpha becomes one bit: by a pattern instead\nof a threshold",
     .set = set_true, FIELD(job.alpha_dither), .alters = true},
    {.name = "interlace",
     .help = "GIF interlaced, PNG Adam7, JPEG progressive",
     .set = set_true, FIELD(job.encode.interlace), .alters = true},
    {.name = "no-interlace",
     .help = "rows in order (default)",
     .set = set_false, FIELD(job.encode.interlace), .alters = true},
    {.name = "quality", .value = "=1..100",
     .help = "of JPEG (that of a JPEG input, else 90)",
     .set = set_count, FIELD(job.encode.quality), .min = 1, .max = 100, .alters = true},
    {.name = "sampling", .value = "=auto|444|422|420",
     .help = "of JPEG's chroma (auto: that of a JPEG input,\nelse 420 below quality 90, 444 from there on)",
     .set = set_sampling, FIELD(job.encode.sampling), .alters = true},
    {.name = "lossless", .value = "=auto|only|trim|off",
     .help = "JPEG to JPEG: turn, flip and crop coded data\nwhere that is exact (auto), or fail "
             "(only),\nor drop edges (trim), or never (off)",
     .set = set_choice, FIELD(job.lossless), .alters = true},
    {.name = "compression", .value = "=0..9",
     .help = "effort of PNG (6)",
     .set = set_count, FIELD(job.encode.compression), .min = 0, .max = 9, .alters = true},
    {.name = "strip", .value = "[=all|comments|exif|icc|xmp]",
     .help = "leave metadata out (it is kept)",
     .set = set_strip, .alters = true},
    {.name = "keep-icc",
     .help = "never convert colors to sRGB: see the manual",
     .set = set_true, FIELD(job.keep_icc)},

    {.help = "Files:"},
    {.letter = 'o', .name = "output", .value = "=FILE",
     .help = "write FILE; '-' is standard output",
     .wants = WANTS_NAME, .set = set_text, FIELD(output), .min = 1},
    {.letter = 'd', .name = "output-dir", .value = "=DIR",
     .help = "write each input's picture to DIR, under its name",
     .wants = WANTS_NAME, .set = set_text, FIELD(output_dir), .min = 1},
    {.name = "suffix", .value = "=TEXT",
     .help = "with -d: put TEXT before the name's extension",
     .set = set_text, FIELD(suffix)},
    {.name = "in-place",
     .help = "write each picture over its input",
     .set = set_true, FIELD(in_place)},
    {.name = "files-from", .value = "=FILE",
     .help = "read the names of inputs from FILE, one a line",
     .wants = WANTS_NAME, .set = set_text, FIELD(files_from), .min = 1},
    {.letter = '0', .name = "null",
     .help = "names in FILE end with NUL instead",
     .set = set_true, FIELD(nul_separated)},
    {.letter = 'n', .name = "no-clobber",
     .help = "leave files that are there as they are",
     .set = set_true, FIELD(no_clobber)},
    {.name = "skip-if-larger",
     .help = "write nothing that is not smaller than its input;\nexit 7 then",
     .set = set_true, FIELD(job.skip_if_larger)},

    {.help = "Limits:"},
    {.letter = 'm', .name = "memory", .value = "=SIZE",
     .help = "allocate at most SIZE bytes (no limit)",
     .wants = WANTS_SIZE, .set = set_bytes, FIELD(memory_limit), .min = 1},
    {.name = "tmpdir", .value = "=DIR",
     .help = "where temporary files go ($TMPDIR, /var/tmp)",
     .wants = WANTS_NAME, .set = set_text, FIELD(temp_dir), .min = 1},
    {.name = "tmp-limit", .value = "=SIZE",
     .help = "at most SIZE bytes of them; 0: none (no limit)",
     .wants = WANTS_SIZE, .set = set_bytes, FIELD(temp_limit)},
    {.name = "max-pixels", .value = "=N",
     .help = "refuse larger pictures; 0: no limit (2^32)",
     .wants = "a number of pixels", .set = set_long_count, FIELD(max_pixels), .max = UINT64_MAX},
    {.name = "max-frames", .value = "=N",
     .help = "refuse more frames; 0: no limit (2^20)",
     .wants = "a number of frames", .set = set_long_count, FIELD(max_frames), .max = UINT64_MAX},
    {.name = "strict",
     .help = "damaged input is an error (default)",
     .set = set_false, FIELD(lenient)},
    {.name = "lenient",
     .help = "write what could be read of it; exit 3 still",
     .set = set_true, FIELD(lenient)},

    {.help = "Seeing what it does:"},
    {.name = "info", .value = "[=text|json]",
     .help = "tell what the inputs hold; write no picture",
     .set = set_info, FIELD(info), .max = INFO_TEXT},
    {.name = "progress", .value = "[=auto|always|never]",
     .help = "a line while work goes on (auto: on a terminal)",
     .set = set_choice, FIELD(progress), .max = PROGRESS_ALWAYS},
    {.letter = 'v', .name = "verbose",
     .help = "sizes, colors, memory and time, to standard error",
     .set = set_constant, FIELD(verbosity), .max = VERBOSITY_DETAIL},
    {.letter = 'q', .name = "quiet",
     .help = "no warnings; errors only",
     .set = set_constant, FIELD(verbosity), .max = VERBOSITY_QUIET},
    {.name = "help",
     .help = "show this text",
     .set = set_constant, FIELD(action), .max = ACTION_HELP},
    {.name = "version",
     .help = "show the version",
     .set = set_constant, FIELD(action), .max = ACTION_VERSION},
    {0},
};
/* clang-format on */
