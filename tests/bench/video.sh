#!/bin/sh
# SPDX-License-Identifier: MIT
# video.sh [-c FILE] [-n FRAMES] [-s STEP] [CLIP...]: video of 640 x 360 to GIF, beside other tools.
#
#   -c FILE    the same as comma-separated values
#   -n FRAMES  of each clip (300)
#   -s STEP    every STEP-th frame is judged (10)
#
# Clips are made by FFmpeg, 25 frames a second: pan and zoom move over a photograph, noise has one that
# stands still under the noise of a camera, overlay one on which a small picture moves; mandelbrot and
# testsrc2 are FFmpeg's own. Photographs are those of the corpus (GIFLOW_CORPUS, see
# tests/corpus/run.sh); where there is none, mandelbrot and testsrc2 are all.
#
# Each tool does what it does by default, except that rates are 25 frames a second: FFmpeg by
# palettegen and paletteuse, gifski from PNG that are not compressed, giflow from PPM; and giflow with
# options, which stand behind its name in TOOLS, with commas between them. CPU time is user
# and system, of whole processes, that of decoding included. SSIMULACRA 2 is the mean over the frames
# that are judged, as FFmpeg decodes them at 25 frames a second; worst is its lowest.

set -u
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/tools.sh"

csv=/dev/null
frames=300
step=10
while getopts c:n:s: option; do
    case $option in
    c) csv=$OPTARG ;;
    n) frames=$OPTARG ;;
    s) step=$OPTARG ;;
    *) exit 2 ;;
    esac
done
shift $((OPTIND - 1))
photos=${GIFLOW_CORPUS:-$bench/../../../shared/corpus}/photos
if [ $# = 0 ]; then
    set -- mandelbrot testsrc2
    if [ -d "$photos" ]; then set -- pan zoom noise overlay "$@"; fi
fi
if ! command -v ffmpeg >/dev/null; then
    echo "video.sh: without ffmpeg there are no clips" >&2
    exit 1
fi

# ff OPTION...: ffmpeg, quiet and as files of the same bytes every time
ff() {
    ffmpeg -nostdin -v error -y -fflags +bitexact "$@"
}

# make CLIP: its frames as in/0001.png and so on, and all of them in in.ppm
make() {
    photo=$photos/kodak__01.png
    other=$photos/FreshFlower.jpg
    rm -rf in in.ppm
    mkdir in
    case $1 in
    pan) set -- -loop 1 -i "$photos/Garden.jpg" -vf "scale=1600:-2,crop=640:360:n*2:n" ;;
    zoom) set -- -i "$other" -vf "zoompan=z='1+on/500':d=$frames:s=640x360:fps=25" ;;
    noise) set -- -loop 1 -i "$photo" -vf "scale=640:360,noise=alls=5:allf=t:all_seed=7" ;;
    overlay) set -- -loop 1 -i "$photo" -loop 1 -i "$other" -filter_complex \
        "[0]scale=640:360[a];[1]scale=96:96[b];[a][b]overlay=x='mod(n*3,544)':y='130+100*sin(n/20)'" ;;
    *) set -- -f lavfi -i "$1=s=640x360:r=25" ;;
    esac
    ff "$@" -r 25 -frames:v "$frames" -pix_fmt rgb24 -f image2pipe -c:v ppm in.ppm &&
        ff -f image2pipe -c:v ppm -r 25 -i in.ppm -compression_level 0 in/%04d.png
}

# encode TOOL: in.ppm, or the PNG, to out.gif
encode() {
    case $1 in
    giflow*)
        # shellcheck disable=SC2046
        measure cost "$GIFLOW" --fps=25 $(echo "${1#giflow}" | tr , ' ') in.ppm out.gif
        ;;
    ffmpeg) measure cost ffmpeg -nostdin -v error -y -threads 1 -filter_complex_threads 1 \
        -f image2pipe -c:v ppm -r 25 -i in.ppm \
        -filter_complex "split[a][b];[a]palettegen[p];[b][p]paletteuse" out.gif ;;
    gifski) measure cost gifski --quiet --fps 25 -W 640 -H 360 -o out.gif in/*.png ;;
    esac >/dev/null 2>log
}

# judge: the mean of SSIMULACRA 2 and its lowest value
judge() {
    rm -rf seen
    mkdir seen
    ff -i out.gif -vf fps=25 -pix_fmt rgb24 seen/%04d.png
    at=1
    while [ $at -le "$frames" ]; do
        n=$(printf %04d $at)
        if [ -e "seen/$n.png" ]; then ssimulacra2 "in/$n.png" "seen/$n.png"; fi
        at=$((at + step))
    done 2>/dev/null | awk '{ s += $1; if (NR == 1 || $1 < low) low = $1 }
        END { if (NR) printf "%.2f %.2f\n", s / NR, low; else print "- -" }'
}

introduce ffmpeg gifski ssimulacra2
echo clip,tool,bytes,cpu_seconds,peak_kib,ssimulacra2,worst >"$csv"
printf '\n%-10s %-29s %10s %8s %8s %8s %8s\n' clip tool bytes "CPU s" KiB SSIM2 worst
cd "$scratch" || exit 1
for clip; do
    make "$clip" || continue
    for tool in ${TOOLS:-giflow giflow,--max-change=1.5,-k128 ffmpeg gifski}; do
        if [ "${tool#giflow}" = "$tool" ] && ! command -v "$tool" >/dev/null; then continue; fi
        rm -f out.gif
        encode "$tool"
        if ! [ -s out.gif ]; then
            echo "$clip: $tool failed: $(head -1 log)"
            continue
        fi
        read -r _ seconds kib <cost
        quality=$(judge)
        size=$(bytes_of out.gif)
        # shellcheck disable=SC2086
        printf '%-10s %-29s %10d %8.2f %8d %8s %8s\n' "$clip" "$tool" "$size" "$seconds" "$kib" $quality
        echo "$clip,$tool,$size,$seconds,$kib,$(echo "$quality" | tr ' ' ,)" >>"$csv"
    done
done
