#!/bin/sh
# SPDX-License-Identifier: MIT
# encoder.sh [-c FILE] [-l LEVEL] [FILE.gif|DIR]...: bytes of the same pixels as a GIF by giflow and by others.
#
#   -c FILE   each file's bytes by each tool as comma-separated values
#   -l LEVEL  giflow's levels up to this one; all that it has, without it
#
# Self-made files, or those of GIFLOW_PHOTOS, are taken if none is named. Every tool gets the first
# frame as a plain still that giflib has written, and must not interlace. Bytes of whole files stand
# beside those of gifsicle -O3: the geometric mean of the ratios, the worst file, how many are larger.
# "wrong" counts outputs of other pixels, which are left out.

set -u
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/tools.sh"
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/pictures.sh"

csv=/dev/null
most=
while getopts c:l: option; do
    case $option in
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

# encode TOOL IN OUT
encode() {
    case $1 in
    giflow-O*) "$GIFLOW" "-O${1#*-O}" "$2" "$3" ;;
    gifsicle-O*) gifsicle "-O${1#*-O}" --no-interlace "$2" -o "$3" ;;
    giflib) cp "$2" "$3" ;;
    Pillow) "$python" "$bench/pillow.py" optimize "$2" "$3" ;;
    ImageMagick) "$magick" "$2" -interlace none +dither "$3" ;;
    GraphicsMagick) gm convert "$2" -interlace none "$3" ;;
    libvips) vips copy "$2" "$3[dither=0,effort=10,bitdepth=8]" ;;
    ffmpeg) ffmpeg -v error -y -i "$2" -vf \
        'split[a][b];[a]palettegen=reserve_transparent=0[p];[b][p]paletteuse=dither=none' "$3" ;;
    netpbm) giftopnm "$2" | pamtogif >"$3" ;;
    esac </dev/null 2>/dev/null
}

introduce gifsicle Pillow ImageMagick GraphicsMagick libvips ffmpeg netpbm
if [ -z "$(tool_of gifsicle)" ]; then
    echo "encoder.sh: without gifsicle there is nothing to compare with" >&2
    exit 1
fi
tools="gifsicle-O3 $ours gifsicle-O0 gifsicle-O1 gifsicle-O2 giflib"
for peer in Pillow ImageMagick GraphicsMagick libvips ffmpeg netpbm; do
    if [ -n "$(tool_of $peer)" ]; then tools="$tools $peer"; fi
done

# one FILE: a line "tool,bytes,file" for each tool; bytes are - where the pixels are not the same
one() {
    for tool in $tools; do
        rm -f "$scratch/out.gif"
        size=-
        if encode "$tool" "$scratch/plain.gif" "$scratch/out.gif" &&
            same_pixels "$scratch/plain.gif" "$scratch/out.gif"; then
            size=$(bytes_of "$scratch/out.gif")
        fi
        echo "$tool,$size,$1"
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
    fi
done >"$scratch/sizes" 2>"$scratch/unread"

{ echo tool,bytes,file; cat "$scratch/sizes"; } >"$csv"
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
        if (!($1 in worst) || ratio > worst[$1]) { worst[$1] = ratio; where[$1] = $3 }
    }
    END {
        printf "%d files; beside gifsicle -O3:\n", files
        printf "%-15s %7s %7s %6s %6s %12s  %s\n", "", "mean", "worst", "larger", "wrong", "bytes",
            "the worst"
        n = split(order, tools, " ")
        for (i = 1; i <= n; i++) {
            t = tools[i]
            if (!(t in count)) { printf "%-15s %29d\n", t, wrong[t]; continue }
            sub(".*/", "", where[t])
            printf "%-15s %7.4f %7.4f %6d %6d %12d  %s\n", t, exp(sum[t] / count[t]), worst[t],
                above[t], wrong[t], total[t], where[t]
        }
    }' "$scratch/sizes"
