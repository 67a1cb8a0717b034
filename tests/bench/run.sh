#!/bin/sh
# SPDX-License-Identifier: MIT
# run.sh [-n RUNS] [-c FILE] [-p PEERS] [-l] [JOB]...: giflow beside the tools that are installed.
#
#   -n RUNS   of each pair, in turns: giflow, peer, giflow, peer ... (5)
#   -c FILE   the tables as comma-separated values, too
#   -p PEERS  only these, such as -p "Pillow gifsicle"; -p "" for giflow alone
#   -l        also the job huge, which takes minutes and 2 GB of disk
#   JOB       rotate45 rotate90 copy png-gif adam7-gif png-png jpeg-gif jpeg-jpeg rows floor lzw huge;
#             all, if none is named
#
# A ratio is giflow's CPU time (user + system) by the peer's, the median over the pairs. A peer that
# takes more than 8 times giflow's runs once. Memory is the most that was resident in any run. What
# is asked for stands beside what was measured; none of it makes the exit status 1.
#
# Pictures are made once and kept in the build folder. With GIFLOW_CORPUS=DIR the GIF, palette PNG and
# baseline JPEG files of DIR with 16 to 64 million pixels are taken instead, of each kind that there
# is; with GIFLOW_PHOTOS=DIR its GIFs, for lzw.

set -u
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/tools.sh"
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/pictures.sh"

peers="Pillow gifsicle ImageMagick GraphicsMagick libvips ffmpeg netpbm djpeg pngquant"
runs=5
csv=/dev/null
jobs="rotate45 rotate90 copy png-gif adam7-gif png-png jpeg-gif jpeg-jpeg rows floor lzw"
seconds=120 # that a run may take
while getopts n:c:p:l option; do
    case $option in
    n) runs=$OPTARG ;;
    c) csv=$OPTARG ;;
    p) peers=$OPTARG ;;
    l) jobs="$jobs huge" ;;
    *) exit 2 ;;
    esac
done
shift $((OPTIND - 1))
[ $# = 0 ] || jobs=$*
# shellcheck source-path=SCRIPTDIR
. "$bench/pairs.sh"

# Every tool is told to keep the size, to pick the nearest pixel and not to dither; ffmpeg to count the
# colors, for it would take a fixed palette.
cosine=0.7071067811865476
counted='split[a][b];[a]palettegen=reserve_transparent=0[p];[b][p]paletteuse=dither=none'
quick='[dither=0,effort=1]'

# rotate45_peers RATIO: RATIO by Pillow's is asked for
rotate45_peers() {
    set_size "$in"
    case $suffix in
    gif) saving=$quick filter=,$counted before=giftopnm after=pamtogif ;;
    jpg) saving='[Q=90]' filter='' before=djpeg after='cjpeg -quality 90' ;;
    esac
    peer Pillow "$1" "$python" "$bench/pillow.py" rotate45 "$in" "$out"
    peer ImageMagick - "$magick" "$in" -filter point -interpolate nearest \
        -virtual-pixel background -distort ScaleRotateTranslate 45 +repage +dither -quality 90 "$out"
    peer GraphicsMagick - gm convert "$in" -rotate 45 -gravity Center \
        -crop "${width}x$height+0+0" +repage -quality 90 "$out"
    peer libvips - vips affine "$in" "$out$saving" "$cosine -$cosine $cosine $cosine" \
        --interpolate nearest --oarea "0 0 $width $height" --idx=-$((width / 2)) \
        --idy=-$((height / 2)) --odx=$((width / 2)) --ody=$((height / 2))
    peer ffmpeg - ffmpeg -v error -y -i "$in" -vf "rotate=PI/4:bilinear=0$filter" -q:v 3 "$out"
    # shellcheck disable=SC2016 # expanded by the inner shell
    peer 'netpbm (expands)' - sh -c '$3 "$1" | pnmrotate -noantialias -45 | $4 >"$2"' \
        sh "$in" "$out" "$before" "$after"
}

rotate45() {
    for gif in $gifs; do
        job rotate45 3 "$gif" gif -r 45 --no-expand -O0
        rotate45_peers 0.45
        table
    done
}

rotate90() {
    for gif in $gifs; do
        job rotate90 3 "$gif" gif -r 90 -O0
        peer Pillow 0.55 "$python" "$bench/pillow.py" rotate90 "$in" "$out"
        peer gifsicle 0.5 gifsicle --rotate-90 "$in" -o "$out"
        peer ImageMagick - "$magick" "$in" -rotate 90 +dither "$out"
        peer GraphicsMagick - gm convert "$in" -rotate 90 "$out"
        peer libvips - vips rot "$in" "$out$quick" d90
        peer ffmpeg - ffmpeg -v error -y -i "$in" -vf "transpose=clock,$counted" "$out"
        # shellcheck disable=SC2016 # expanded by the inner shell
        peer netpbm - sh -c 'giftopnm "$1" | pamflip -cw | pamtogif >"$2"' sh "$in" "$out"
        table
    done
}

# copy_peers: those that read whatever $in is and write a GIF
copy_peers() {
    peer ImageMagick - "$magick" "$in" +dither "$out"
    peer GraphicsMagick - gm convert "$in" "$out"
    peer libvips - vips copy "$in" "$out$quick"
    peer ffmpeg - ffmpeg -v error -y -i "$in" -vf "$counted" "$out"
}

copy() {
    job copy 3 "$scattered" gif -O1
    peer 'gifsicle -O1' - gifsicle -O1 "$in" -o "$out"
    peer 'gifsicle -O3' - gifsicle -O3 "$in" -o "$out"
    peer Pillow - "$python" "$bench/pillow.py" optimize "$in" "$out"
    copy_peers
    # shellcheck disable=SC2016 # expanded by the inner shell
    peer netpbm - sh -c 'giftopnm "$1" | pamtogif >"$2"' sh "$in" "$out"
    table
    # the screen descriptor's flags
    entries=$(od -An -tu1 -j10 -N1 "$ours" | awk '{ print 2 ^ ($1 % 8 + 1) }')
    table_verdict=MISS exact_verdict=MISS
    if [ "$entries" = 128 ]; then table_verdict=ok; fi
    if same_pixels "$in" "$ours"; then exact_verdict=ok; fi
    echo "color table of $entries, asked 128 $table_verdict; the same pixels $exact_verdict"
}

png_gif() {
    for png in $pngs; do
        job png-gif 2.5 "$png" gif -O0
        peer Pillow 0.8 "$python" "$bench/pillow.py" save "$in" "$out"
        copy_peers
        # shellcheck disable=SC2016 # expanded by the inner shell
        peer netpbm - sh -c 'pngtopam "$1" | pamtogif >"$2"' sh "$in" "$out"
        table
        job png-gif 2.5 "$png" gif
        peer Pillow 0.8 "$python" "$bench/pillow.py" save "$in" "$out"
        table
    done
}

adam7_gif() {
    for png in $pngs; do
        adam7=$pictures/adam7-$(basename "$png")
        converted "$adam7" "$png" -O0 --interlace
        job adam7-gif 3 "$adam7" gif -O0
        peer Pillow 0.75 "$python" "$bench/pillow.py" save "$in" "$out"
        table
        job adam7-gif 3 "$adam7" gif
        peer Pillow 0.75 "$python" "$bench/pillow.py" save "$in" "$out"
        table
    done
}

# All at zlib's level 6: true color with filters chosen row by row, palettes without.
png_png() {
    true_color=$pictures/true.png
    if ! newer "$true_color" "$B/bench/picture"; then
        echo "making $true_color" >&2
        picture ppm 9566 3909 200 4 | "$GIFLOW" -O0 - "$true_color"
    fi
    for png in $true_color $pngs; do
        job png-png 3 "$png" png
        case $png in
        "$true_color") filter=248 quality=65 ;;
        *) filter=8 quality=60 ;;
        esac
        peer Pillow 1 "$python" "$bench/pillow.py" save "$in" "$out"
        peer GraphicsMagick 1 gm convert "$in" -quality $quality "$out"
        peer libvips 1 vips pngsave "$in" "$out" --compression 6 --filter $filter
        table
    done
}

jpeg_gif() {
    for jpeg in $jpegs; do
        job jpeg-gif 3.5 "$jpeg" gif -O0 --dither=none
        peer Pillow 0.25 "$python" "$bench/pillow.py" save "$in" "$out"
        copy_peers
        # shellcheck disable=SC2016 # expanded by the inner shell
        peer netpbm - sh -c 'djpeg "$1" >"$2.ppm" && pnmquant -nofs 256 "$2.ppm" | pamtogif >"$2"
            rm -f "$2.ppm"' sh "$in" "$out"
        # shellcheck disable=SC2016 # expanded by the inner shell
        peer 'pngquant (to PNG)' - sh -c 'djpeg "$1" | pnmtopng -compression 0 2>/dev/null |
            pngquant --nofs --speed 4 - >"$2"' sh "$in" "$out"
        table
        # without dithering, as Pillow does it, and as nobody asks otherwise
        for options in --dither=none ''; do
            # shellcheck disable=SC2086 # one word an option
            job jpeg-gif 3.5 "$jpeg" gif $options
            peer Pillow 0.25 "$python" "$bench/pillow.py" save "$in" "$out"
            table
        done
    done
}

jpeg_jpeg() {
    for jpeg in $jpegs; do
        job jpeg-jpeg 5 "$jpeg" jpg -r 45 --no-expand --resample=nearest
        rotate45_peers 0.5
        table
    done
}

# least_peak COMMAND...: the least KiB resident of several runs, on one processor; what the command
# says of itself goes to $scratch/text
least_peak() {
    round=0
    while [ "$round" -lt "$runs" ]; do
        measure -1 "$scratch/one" "$@" >"$scratch/text" 2>&1
        cat "$scratch/one"
        round=$((round + 1))
    done | sort -n -k 3 | awk 'NR == 1 { print $3 }'
}

# What giflow allocates is exact; what is resident depends on what the system's libraries touch.
rows() {
    made "$pictures/rows-1.gif" gif 9566 3909 200
    made "$pictures/rows-16.gif" gif 9566 62544 200
    printf '\nrows: 9566 x 3909, and 16 times the rows; the least peak of %d runs\n' "$runs"
    for options in '-r 45 --no-expand -O0' -O1; do
        set --
        for times in 1 16; do
            # shellcheck disable=SC2086 # one word an option
            kib=$(least_peak "$GIFLOW" -v $options "$pictures/rows-$times.gif" "$scratch/giflow.gif")
            set -- "$@" "$kib" \
                "$(sed -n 's/.*(\([0-9.]*\) MiB of it allocated.*/\1/p' "$scratch/text")"
        done
        # what is resident scatters by a few pages from run to run; growing by one is a miss
        verdict=MISS
        if [ "$2" = "$4" ] && [ "$3" -le "$1" ]; then verdict=ok; fi
        printf '%-22s %d KiB (%s MiB allocated), %d KiB (%s MiB) %s\n' "$options" "$@" $verdict
    done
}

# No job can take less than these.
floor() {
    printf '\nfloor: the least peak of %d runs\n' "$runs"
    printf '%-22s %d KiB\n' true "$(least_peak true)" \
        'giflow --version' "$(least_peak "$GIFLOW" --version)"
}

huge() {
    made "$pictures/huge.gif" gif 65535 16384 200
    made "$pictures/rows-1.gif" gif 9566 3909 200
    runs_before=$runs runs=1 seconds=3600
    job huge 6 "$pictures/huge.gif" gif -r 90
    table
    large=$(cut -d ' ' -f 1 "$scratch/giflow")
    runs=$runs_before
    job huge - "$pictures/rows-1.gif" gif -r 90
    table
    awk -v large="$large" "$median"'
        { cpu[NR] = $1 }
        END {
            a = median(cpu) / (9566 * 3909) * 1e9; b = large / (65535 * 16384) * 1e9
            printf "%.2f ns a pixel of 37 million, %.2f of 1074 million: %.2f\n", a, b, b / a
        }' "$scratch/giflow"
}

lzw_alone() {
    printf '\nlzw: Mpx/s in one process; decoding is asked to be 7 times as fast on photographs\n'
    # shellcheck disable=SC2046 # one word a file
    lzw -n "$runs" $(photographs)
}

for one in $jobs; do
    case $one in
    rotate45 | rotate90 | copy | png-gif | adam7-gif | png-png | jpeg-gif | jpeg-jpeg | rows | floor | lzw | huge) ;;
    *)
        echo "run.sh: no job $one" >&2
        exit 2
        ;;
    esac
done
# shellcheck disable=SC2086 # one word a peer
introduce $peers
csv_header
case $jobs in *rotate* | *copy* | *-gif* | *png* | *jpeg*) choose_pictures ;; esac
for one in $jobs; do
    case $one in
    png-gif) png_gif ;;
    adam7-gif) adam7_gif ;;
    png-png) png_png ;;
    jpeg-gif) jpeg_gif ;;
    jpeg-jpeg) jpeg_jpeg ;;
    lzw) lzw_alone ;;
    *) "$one" ;;
    esac
done
