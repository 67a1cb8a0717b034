# SPDX-License-Identifier: MIT
# pictures.sh, read by the scripts beside it: pictures to measure with, made once or found.
# shellcheck shell=sh

pictures=$B/bench/pictures
mkdir -p "$pictures"

# made FILE ARGUMENT...: FILE by picture, unless it is there already
made() {
    file=$1
    shift
    if ! newer "$file" "$B/bench/picture"; then
        echo "making $file" >&2
        picture "$@" >"$file.part" && mv "$file.part" "$file"
    fi
}

# converted FILE INPUT [OPTION]...: FILE by giflow, unless it is there already
converted() {
    file=$1 from=$2
    shift 2
    if ! newer "$file" "$from"; then
        echo "making $file" >&2
        "$GIFLOW" "$@" "$from" "$file"
    fi
}

# value_of KEY FILE: one value of giflow --info=json
value_of() {
    "$GIFLOW" --info=json "$2" 2>/dev/null | sed -n "s/.*\"$1\": \"\{0,1\}\([^,\"}]*\).*/\1/p"
}

set_size() {
    width=$(value_of width "$1") height=$(value_of height "$1")
}

# is_baseline FILE: whether a JPEG's frame header is one of sequential Huffman coding
is_baseline() {
    od -An -v -tu1 -w1 "$1" | awk '
        skip > 0 { skip--; next }
        want == "length" { high = $1; want = "low"; next }
        want == "low" { skip = high * 256 + $1 - 2; want = ""; next }
        $1 == 255 { marker = 1; next }
        marker && $1 >= 192 && $1 <= 207 && $1 != 196 { baseline = $1 <= 193; exit }
        marker { marker = 0; if ($1 > 1 && ($1 < 208 || $1 > 216)) want = "length" }
        END { exit !baseline }'
}

# corpus SUFFIX: those files of $GIFLOW_CORPUS that serve
corpus() {
    for file in "${GIFLOW_CORPUS:-/nonexistent}"/*."$1"; do
        [ -e "$file" ] || continue
        set_size "$file"
        pixels=$((${width:-0} * ${height:-0}))
        if [ $pixels -lt 16000000 ] || [ $pixels -gt 64000000 ]; then continue; fi
        case $1 in
        png) [ "$(value_of palette_size "$file")" -gt 0 ] || continue ;;
        jpg) is_baseline "$file" || continue ;;
        esac
        echo "$file"
    done
}

# What the jobs take, a name a line; names hold no blanks.
choose_pictures() {
    gifs=$(corpus gif)
    if [ -z "$gifs" ]; then
        gifs=$pictures/photo.gif
        made "$gifs" gif 9566 3909 200
    fi

    scattered=$(echo "$gifs" | grep 100of256 | sed -n 1p)
    if [ -z "$scattered" ]; then
        scattered=$pictures/scattered.gif
        made "$scattered" scattered 9566 3909 100
    fi

    pngs=$(corpus png)
    if [ -z "$pngs" ]; then
        for gif in $gifs; do
            png=$pictures/$(basename "$gif" .gif).png
            converted "$png" "$gif" -O0
            pngs="$pngs $png"
        done
    fi

    jpegs=$(corpus jpg)
    if [ -z "$jpegs" ]; then
        jpegs=$pictures/photo.jpg
        if ! newer "$jpegs" "$B/bench/picture"; then
            echo "making $jpegs" >&2
            picture ppm 9566 3909 200 8 | "$GIFLOW" --sampling=420 - "$jpegs"
        fi
    fi
}

# photographs: GIFs for LZW alone, a name a line: of $GIFLOW_PHOTOS, else our own
photographs() {
    if [ -n "${GIFLOW_PHOTOS:-}" ]; then
        ls "$GIFLOW_PHOTOS"/*.gif
        return
    fi
    for colors in 256 64; do
        for grain in 1 4 12; do
            made "$pictures/small-$colors-$grain.gif" gif 1536 1024 $colors $grain
            echo "$pictures/small-$colors-$grain.gif"
        done
    done
}
