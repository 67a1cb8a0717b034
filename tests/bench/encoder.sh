#!/bin/sh
# SPDX-License-Identifier: MIT
# encoder.sh [-c FILE] [-l LEVEL] [-n ROUNDS] [FILE.gif|DIR]...: GIFs of the same pixels by giflow and others.
#
#   -c FILE    each file's bytes, CPU time and peak memory by each tool as comma-separated values
#   -l LEVEL   giflow's levels up to this one; all that it has, without it
#   -n ROUNDS  of LZW alone, in one process (3; 0: leave that out)
#
# Self-made files, or those of GIFLOW_PHOTOS, are taken if none is named. Every tool gets the first
# frame as a plain still that giflib has written, and must not interlace. Bytes of whole files stand
# beside those of gifsicle -O3: the geometric mean of the ratios, the worst file, how many are larger.
# "wrong" counts outputs of other pixels, which are left out. CPU is that of all files, whole
# processes, user and system; memory the most that was resident in one.
#
# Tools are found in PATH. Not packaged, and so told where they are:
#
#   FLEXIGIF=PROGRAM  https://create.stephan-brumme.com/flexigif-lossless-gif-lzw-optimization; it takes
#                     a minute for 320 x 240 pixels, so it is asked only where it is named
#   CGIF=FOLDER       the source of https://github.com/dloebl/cgif
#   WUFFS=FILE        wuffs-v0.4.c of https://github.com/google/wuffs; for make, decodes

set -u
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/tools.sh"
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/pictures.sh"

csv=/dev/null
most=
rounds=3
while getopts c:l:n: option; do
    case $option in
    n) rounds=$OPTARG ;;
    c) csv=$OPTARG ;;
    l) most=$OPTARG ;;
    *) exit 2 ;;
    esac
done
shift $((OPTIND - 1))
# shellcheck disable=SC2046 # one word a file
[ $# -gt 0 ] || set -- $(photographs)

# "-O, --optimize[=0..1]"
[ -n "$most" ] || most=$("$GIFLOW" --help | sed -n 's/.*--optimize\[=0\.\.\([0-9]\)\].*/\1/p')
ours=
for level in 0 1 2 3; do
    if [ $level -le "${most:-1}" ]; then ours="$ours giflow-O$level"; fi
done

# A library that no tool shows alone. Its source is compiled here, with what calls it.
if [ -n "${CGIF:-}" ]; then
    ${CC:-cc} -O2 -w -I"$CGIF/inc" -o "$scratch/cgif" "$bench/peers/cgif.c" \
        "$CGIF"/src/*.c -lgif -lm || CGIF=
fi

timed() {
    measure "$scratch/cost" "$@"
}

# shellcheck disable=SC2016 # expanded by the inner shell
# encode TOOL IN OUT: and its status, CPU time and peak to $scratch/cost
encode() {
    case $1 in
    giflow-O*) timed "$GIFLOW" "-O${1#*-O}" "$2" "$3" ;;
    gifsicle-O*) timed gifsicle "-O${1#*-O}" --no-interlace "$2" -o "$3" ;;
    giflib) timed plain_gif "$2" "$3" ;;
    cgif) timed "$scratch/cgif" "$2" "$3" ;;
    flexiGIF) timed "$FLEXIGIF" -q "$2" "$3" ;;
    Pillow) timed "$python" "$bench/pillow.py" optimize "$2" "$3" ;;
    ImageMagick) timed "$magick" "$2" -interlace none +dither "$3" ;;
    GraphicsMagick) timed gm convert "$2" -interlace none "$3" ;;
    libvips) timed vips copy "$2" "$3[dither=0,effort=10,bitdepth=8]" ;;
    ffmpeg) timed ffmpeg -v error -y -i "$2" -vf \
        'split[a][b];[a]palettegen=reserve_transparent=0[p];[b][p]paletteuse=dither=none' "$3" ;;
    netpbm) timed sh -c 'giftopnm "$1" | pamtogif >"$2"' sh "$2" "$3" ;;
    esac </dev/null >/dev/null 2>&1
}

introduce gifsicle Pillow ImageMagick GraphicsMagick libvips ffmpeg netpbm
if [ -z "$(tool_of gifsicle)" ]; then
    echo "encoder.sh: without gifsicle there is nothing to compare with" >&2
    exit 1
fi
tools="gifsicle-O3 $ours gifsicle-O0 gifsicle-O1 gifsicle-O2 giflib"
if [ -n "${CGIF:-}" ]; then tools="$tools cgif"; else echo "missing: cgif (CGIF=FOLDER)"; fi
if [ -n "${FLEXIGIF:-}" ]; then
    tools="$tools flexiGIF"
else
    echo "missing: flexiGIF (FLEXIGIF=PROGRAM)"
fi
for peer in Pillow ImageMagick GraphicsMagick libvips ffmpeg netpbm; do
    if [ -n "$(tool_of $peer)" ]; then tools="$tools $peer"; fi
done

# one FILE: a line "tool,bytes,seconds,KiB,file" for each tool; bytes are - where the pixels are not
# the same
one() {
    for tool in $tools; do
        rm -f "$scratch/out.gif"
        size=-
        if encode "$tool" "$scratch/plain.gif" "$scratch/out.gif" &&
            same_pixels "$scratch/plain.gif" "$scratch/out.gif"; then
            size=$(bytes_of "$scratch/out.gif")
        fi
        read -r _ seconds kib <"$scratch/cost"
        echo "$tool,$size,$seconds,$kib,$1"
    done
}

for argument; do
    if [ -d "$argument" ]; then
        find "$argument" -name '*.gif' | sort
    else
        echo "$argument"
    fi
done | while read -r file; do
    if plain_gif "$file" "$scratch/plain.gif"; then
        one "$file"
        [ "$rounds" = 0 ] || echo "$file" >>"$scratch/files"
    fi
done >"$scratch/sizes" 2>"$scratch/unread"

{ echo tool,bytes,cpu_seconds,peak_kib,file; cat "$scratch/sizes"; } >"$csv"
printf '\n%d files that giflib cannot read\n' "$(grep -c ^plain_gif: "$scratch/unread")"
awk -F , -v order="$tools" '
    $1 == "gifsicle-O3" { base = $2; files += base != "-" }
    base == "-" { next }
    $2 == "-" { wrong[$1]++; next }
    {
        ratio = $2 / base
        count[$1]++
        sum[$1] += log(ratio)
        above[$1] += ratio > 1
        total[$1] += $2
        seconds[$1] += $3
        if ($4 > peak[$1]) peak[$1] = $4
        if (!($1 in worst) || ratio > worst[$1]) { worst[$1] = ratio; where[$1] = $5 }
    }
    END {
        printf "%d files; beside gifsicle -O3:\n", files
        printf "%-15s %7s %7s %6s %6s %11s %9s %8s  %s\n", "", "mean", "worst", "larger",
            "wrong", "bytes", "CPU s", "MiB", "the worst"
        n = split(order, tools, " ")
        for (i = 1; i <= n; i++) {
            t = tools[i]
            if (!(t in count)) { printf "%-15s %29d\n", t, wrong[t]; continue }
            sub(".*/", "", where[t])
            printf "%-15s %7.4f %7.4f %6d %6d %11d %9.2f %8.2f  %s\n", t, exp(sum[t] / count[t]),
                worst[t], above[t], wrong[t], total[t], seconds[t], peak[t] / 1024, where[t]
        }
    }' "$scratch/sizes"

# The coders without their programs. What is slower than the race would take too long here.
if [ -s "$scratch/files" ]; then
    printf '\nMpx/s in one process, and the memory of our state\n'
    [ "${most:-1}" = 0 ] || most=1
    tr '\n' '\0' <"$scratch/files" | xargs -0 lzw -n "$rounds" -l "$most"
fi
