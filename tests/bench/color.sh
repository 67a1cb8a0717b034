#!/bin/sh
# SPDX-License-Identifier: MIT
# color.sh [-c FILE] [-k SIZES] [-m MODES] [-p PEERS] [-n COUNT] [FILE]...: how well colors are
# reduced, by giflow and by the other tools that are installed.
#
#   -c FILE   every figure as comma-separated values, too
#   -k SIZES  palette sizes ("256 64 16")
#   -m MODES  none (no dithering), fs (each tool's own way of it) ("none fs")
#   -p PEERS  only these, such as -p "pngquant gifski"; -p "" for giflow alone
#   -n COUNT  only every COUNTth picture (1)
#
# Without FILEs the pictures of color-pictures.txt, from GIFLOW_CORPUS (../shared/corpus beside the
# sources), or pictures of our own where there is no corpus. A tool gets the picture as a PNG without
# alpha. Its pixels, in a GIF by giflow -O1 for all, are judged by
#
#   ok    root mean square OKLab difference, times 100     } see color_error.c
#   blin  the same of both pictures blurred                }
#   ss2   SSIMULACRA 2, 100 for the same picture: the program ssimulacra2, where it is installed
#   KB    bytes of that GIF / 1000
#
# Time is that of the library calls alone, beside libimagequant's: see quantizers.c. Means over
# pictures stand beside what is asked for; none of it makes the exit status 1. An output of more colors
# than were asked for, or that cannot be read, is left out and counted; where it is one of pngquant
# (libimagequant), gifski and sharp, which giflow is measured by, so is the picture.

set -u
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/tools.sh"
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/pictures.sh"

csv=/dev/null
sizes="256 64 16"
modes="none fs"
peers="pngquant gifski sharp ImageMagick ffmpeg Pillow libvips"
every=1
while getopts c:k:m:p:n: option; do
    case $option in
    c) csv=$OPTARG ;;
    k) sizes=$OPTARG ;;
    m) modes=$OPTARG ;;
    p) peers=$OPTARG ;;
    n) every=$OPTARG ;;
    *) exit 2 ;;
    esac
done
shift $((OPTIND - 1))
corpus=${GIFLOW_CORPUS:-$bench/../../../shared/corpus}

# reduce TOOL COLORS MODE IN OUT: IN is a PNG
reduce() {
    case $1 in
    giflow) "$GIFLOW" -k "$2" "--dither=$3" "$4" "$5" ;;
    pngquant)
        if [ "$3" = none ]; then
            pngquant --force --nofs --speed 1 --output "$5" "$2" "$4"
        else
            pngquant --force --speed 1 --output "$5" "$2" "$4"
        fi
        ;;
    gifski) # takes two frames at least, and has no other size or mode
        [ "$2" = 256 ] && [ "$3" = fs ] || return 2
        gifski -q -Q 100 -W 10000 -H 10000 --no-sort -o "$5" "$4" "$4"
        ;;
    sharp) node "$bench/quantize.js" "$2" "$3" "$4" "$5" ;;
    ImageMagick)
        if [ "$3" = none ]; then
            "$magick" "$4" +dither -colors "$2" "$5"
        else
            "$magick" "$4" -dither FloydSteinberg -colors "$2" "$5"
        fi
        ;;
    ffmpeg)
        dither=none
        [ "$3" = none ] || dither=sierra2_4a
        ffmpeg -v error -y -i "$4" -vf "split[a][b];[a]palettegen=max_colors=$2:reserve_transparent=0[p];[b][p]paletteuse=dither=$dither" \
            "$5"
        ;;
    Pillow) "$python" "$bench/quantize.py" "$2" "$3" "$4" "$5" ;;
    libvips)
        case $2 in 256) bits=8 ;; 64) bits=6 ;; 16) bits=4 ;; *) return 2 ;; esac
        dither=0
        [ "$3" = none ] || dither=1
        vips copy "$4" "$5[dither=$dither,effort=10,bitdepth=$bits]"
        ;;
    esac </dev/null >"$scratch/text" 2>&1
}

suffix_of() {
    case $1 in pngquant) echo png ;; *) echo gif ;; esac
}

# judge KIND PICTURE TOOL COLORS MODE OUT: a line of the CSV
judge() {
    gif=$scratch/same.gif
    if [ "$3" = giflow ]; then gif=$6; else "$GIFLOW" -q -O1 --dither=none "$6" "$gif" || return; fi
    [ "$(value_of colors_used "$gif")" -le "$4" ] || return
    "$GIFLOW" -q -O0 --background=black "$gif" "$scratch/out.ppm" &&
        errors=$(color_error "$scratch/ref.ppm" "$scratch/out.ppm") || return
    score=-
    if [ -n "$(tool_of ssimulacra2)" ]; then
        "$GIFLOW" -q -O0 --compression=0 "$scratch/out.ppm" "$scratch/out.png" &&
            score=$(ssimulacra2 "$scratch/ref.png" "$scratch/out.png") || return
    fi
    echo "$1,$2,$3,$4,$5,${errors% *},${errors#* },$score,$(bytes_of "$gif")"
}

# measure_picture KIND NAME: of $scratch/ref.png
measure_picture() {
    for size in $sizes; do
        for mode in $modes; do
            for tool in $tools; do
                out=$scratch/out.$(suffix_of "$tool")
                rm -f "$out"
                reduce "$tool" "$size" "$mode" "$scratch/ref.png" "$out"
                case $? in
                0) judge "$1" "$2" "$tool" "$size" "$mode" "$out" ||
                    echo "$1,$2,$tool,$size,$mode,-,-,-,-" ;;
                2) ;;
                *) echo "$1,$2,$tool,$size,$mode,-,-,-,-" ;;
                esac
            done
        done
    done
}

# listed: the lines "KIND FILE [OPTION]..." of what is to be measured
listed() {
    if [ $# -gt 0 ]; then
        for file; do echo "picture $file"; done
    elif [ -d "$corpus" ]; then
        sed -n "s|^\([a-z][a-z]*\) |\1 $corpus/|p" "$bench/color-pictures.txt"
    else
        for grain in 2 8; do
            made "$pictures/color-$grain.ppm" ppm 640 480 200 $grain
            echo "picture $pictures/color-$grain.ppm"
        done
    fi
}

# shellcheck disable=SC2086 # one word a peer
introduce $peers ssimulacra2
: >"$scratch/figures"
: >"$scratch/times"
tools=giflow
for peer in $peers; do
    if [ -n "$(tool_of "$peer")" ]; then tools="$tools $peer"; fi
done

listed "$@" | awk -v every="$every" 'NR % every == 0' | while read -r kind file options; do
    # shellcheck disable=SC2086 # one word an option
    if "$GIFLOW" -q --background=white --keep-icc --strip $options "$file" "$scratch/ref.ppm" &&
        "$GIFLOW" -q -O0 "$scratch/ref.ppm" "$scratch/ref.png"; then
        measure_picture "$kind" "$(basename "$file")" >>"$scratch/figures"
        for size in $sizes; do
            quantizers -n 3 -k "$size" "$scratch/ref.ppm" 2>/dev/null | sed "s/^/$size,/"
        done >>"$scratch/times"
    fi
done
{ echo kind,picture,tool,colors,dither,ok,blin,ss2,bytes; cat "$scratch/figures"; } >"$csv"
awk -F , -v sizes="$sizes" -v modes="$modes" -v tools="$tools" -f "$bench/color.awk" "$scratch/figures"

printf '\nCPU of choosing the palette and finding indices, in one process, sums over pictures\n'
printf '%-22s %9s %9s %9s %9s %7s\n' '' palette indices 'liq -s1' 'liq -s4' ratio
awk -F , '
    { key = $1 " colors, " $3; p[key] += $4; i[key] += $5; s1[key] += $6; s4[key] += $7 }
    END {
        for (k in p)
            printf "%-22s %9.3f %9.3f %9.3f %9.3f %7s\n", k, p[k], i[k], s1[k], s4[k],
                (s4[k] > 0 ? sprintf("%.3f", (p[k] + i[k]) / s4[k]) : "-") # else > is into a file
    }' "$scratch/times" | sort -rn
echo 'asked: 0.25 of libimagequant -s4'"'"'s'

