#!/bin/sh
# SPDX-License-Identifier: MIT
# check-animations.sh [FILE]...: moving pictures as other programs render them.
#
# Each is written anew at several efforts, turned, flipped and cut, and Pillow must then see the same
# pictures, turned, flipped and cut, for the same times, in the same loop; ImageMagick sees the same
# of those that are written anew, and none is larger. FILEs are, by default, some that are made here and,
# where there is a corpus (GIFLOW_CORPUS, see corpus/run.sh), its animations up to 60000 bytes.
set -u
tests=$(cd "$(dirname "$0")" && pwd)
corpus=${GIFLOW_CORPUS:-$tests/../../shared/corpus}
B=$(cd "${B:-$tests/../build}" && pwd) || exit 1
giflow=${GIFLOW:-$B/giflow}
LC_ALL=C
export LC_ALL
python=
for p in python3 /usr/bin/python3; do
    if [ -z "$python" ] && $p -c 'import PIL.Image' 2>/dev/null; then python=$p; fi
done
if [ -z "$python" ]; then
    echo "check-animations: no Pillow"
    exit 0
fi
magick=
for m in convert-im6.q16 convert-im7.q16; do
    if command -v $m >/dev/null; then magick=$m; fi
done
[ -n "$magick" ] || echo "check-animations: no ImageMagick"
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' HUP INT TERM
failed=0

# not WHAT
not() {
    failed=$((failed + 1))
    echo "FAILED: $1"
}

# Of these viewers think differently: frames that reach over the canvas, several loops; or they take
# all memory for the size that a frame claims
other='bomb|test_extents|out_of_bounds|out-of-bounds|multiple-loop-counts|duplicate_number_of_loops'

if [ $# = 0 ]; then
    $python "$tests/animations.py" make "$scratch" || exit 1
    set -- "$scratch"/made-*.gif
    if [ -d "$corpus/gif/animated" ]; then
        animated=$(cd "$corpus/gif/animated" && pwd)
        find "$animated" -name '*.gif' -size -60000c | grep -Ev "$other" | sort >"$scratch/found"
        while IFS= read -r f; do
            set -- "$@" "$f"
        done <"$scratch/found"
    fi
fi

# seen FILE: a hash of all pictures by ImageMagick
seen() {
    $magick "$1" -coalesce -background none -alpha background -depth 8 rgba:- 2>/dev/null | md5sum
}

n=0
for f; do
    n=$((n + 1))
    size=$("$giflow" --info "$f" | sed -n 's/^width: //p;s/^height: //p' | tr '\n' ' ')
    width=${size%% *} height=${size#* }
    height=${height% }
    crop=$((width > 1 ? width / 2 : 1))x$((height > 1 ? height / 2 : 1))+$((width / 4))+$((height / 4))
    for step in O0 O1 O2 90 180 270 h v crop; do
        out=$scratch/$n-$step.gif
        case $step in
        O*) set -- "-$step" ;;
        h | v) set -- "--flip=$step" ;;
        crop) set -- "--crop=$crop" ;;
        *) set -- -r "$step" ;;
        esac
        "$giflow" -q "$@" "$f" "$out" || not "$f $step: exit $?"
        printf '%s\t%s\t%s\n' "$step" "$f" "$out" >>"$scratch/list"
        case $step in
        O1 | O2) [ "$(wc -c <"$out")" -le "$(wc -c <"$f")" ] || not "$f is larger at -$step" ;;
        esac
    done
    if [ -n "$magick" ]; then
        want=$(seen "$f")
        for step in O0 O1; do
            [ "$(seen "$scratch/$n-$step.gif")" = "$want" ] || not "$f: ImageMagick sees others at -$step"
        done
    fi
done
$python "$tests/animations.py" "$scratch/list" || failed=$((failed + 1))
[ $failed = 0 ]
