#!/bin/sh
# SPDX-License-Identifier: MIT
# check-readers.sh: other programs read what giflow writes, without complaint and to the same pixels:
# every number of colors, the longest sides there are, interlaced or not, transparent or not. A
# reader that is not installed is named; that is no failure. B is the build folder.
set -u
tests=$(cd "$(dirname "$0")" && pwd)
B=$(cd "${B:-$tests/../build}" && pwd) || exit 1
giflow=$B/giflow
refdecode=$B/tests/refdecode
python=${PYTHON:-/usr/bin/python3}
LC_ALL=C
export LC_ALL
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' HUP INT TERM
passed=0
failed=0
cd "$scratch" || exit 1

ok() {
    passed=$((passed + 1))
}
not() {
    failed=$((failed + 1))
    echo "FAILED: $1: $(head -2 log | tr '\n' ' ')"
}

# readers: what there is of them
magick=
for m in convert-im6.q16 convert-im7.q16; do
    if command -v $m >/dev/null; then magick=$m; fi
done
"$python" -c 'import PIL.Image' 2>/dev/null || python=
gifsicle=$(command -v gifsicle)
ffmpeg=$(command -v ffmpeg)
pngcheck=$(command -v pngcheck)
[ -n "$magick" ] || echo "check-readers: no ImageMagick"
[ -n "$python" ] || echo "check-readers: no Pillow"
[ -n "$gifsicle" ] || echo "check-readers: no gifsicle"
[ -n "$ffmpeg" ] || echo "check-readers: no ffmpeg"
[ -n "$pngcheck" ] || echo "check-readers: no pngcheck"

# picture NAME WIDTH HEIGHT COLORS OPTION...: NAME.ppm, and NAME.gif and NAME.png made of it
picture() {
    name=$1
    "$refdecode" draw "$2" "$3" "$4" >"$name.ppm"
    shift 4
    for suffix in gif png; do
        "$giflow" "$@" "$name.ppm" "$name.$suffix" 2>log || not "$name.$suffix is not written"
    done
    "$giflow" "$name.ppm" "pam:$name.pam"
}

n=1
while [ $n -le 256 ]; do
    case $((n % 4)) in
    0) set -- -O0 ;;
    1) set -- -O1 ;;
    2) set -- -O1 --interlace ;;
    3) set -- -O0 --interlace ;;
    esac
    picture "colors-$n" 23 17 $n "$@"
    n=$((n + 1))
done
for n in 1 2 256; do
    picture "dot-$n" 1 1 $n
    picture "column-$n" 1 65535 $n
    picture "row-$n" 65535 1 $n
    picture "laced-column-$n" 1 65535 $n --interlace
    picture "laced-row-$n" 65535 1 $n --interlace
done

# giflib's and libpng's own decoders
for f in *.gif *.png; do
    name=${f%.*}
    "$refdecode" "$f" >theirs.pam 2>log && "$refdecode" same "$name.pam" theirs.pam >log 2>&1
    # shellcheck disable=SC2181
    if [ $? = 0 ]; then ok; else not "$f by its library"; fi
done

if [ -n "$gifsicle" ]; then
    for f in *.gif; do
        # it warns on standard error, and complains within the listing
        if gifsicle --no-ignore-errors --info "$f" >/dev/null 2>log && [ ! -s log ]; then
            ok
        else
            not "$f by gifsicle"
        fi
    done
fi

if [ -n "$pngcheck" ]; then
    for f in *.png; do
        if pngcheck -q "$f" >log 2>&1; then ok; else not "$f by pngcheck"; fi
    done
fi

if [ -n "$python" ]; then
    "$python" - ./*.gif ./*.png >log 2>&1 <<'END'
import sys, warnings
from PIL import Image
warnings.simplefilter("error")
Image.MAX_IMAGE_PIXELS = None
for name in sys.argv[1:]:
    with Image.open(name) as im, Image.open(name.rsplit(".", 1)[0] + ".ppm") as want:
        if im.convert("RGB").tobytes() != want.convert("RGB").tobytes():
            print(name, "other pixels")
        if getattr(im, "n_frames", 1) != 1:
            print(name, "more than one frame")
END
    # shellcheck disable=SC2181
    if [ $? = 0 ] && [ ! -s log ]; then ok; else not "Pillow"; fi
fi

# Two programs that start slowly see fewer. ImageMagick's policy on Debian: sides of 16384 at most.
few="dot-1 dot-256 colors-1 colors-2 colors-3 colors-4 colors-5 colors-8 colors-9 colors-16 colors-17
    colors-32 colors-33 colors-64 colors-65 colors-128 colors-129 colors-255 colors-256"
for name in $few; do
    for suffix in gif png; do
        if [ -n "$magick" ]; then
            if $magick "$name.$suffix" -depth 8 theirs.ppm 2>log && [ ! -s log ] &&
                cmp "$name.ppm" theirs.ppm >log 2>&1; then ok; else not "$name.$suffix by $magick"; fi
        fi
    done
done
for name in $few column-2 row-256 laced-column-256 laced-row-2; do
    if [ -n "$ffmpeg" ]; then
        tail -c +"$(($(head -3 "$name.ppm" | wc -c) + 1))" "$name.ppm" >ours.raw
        # of its own output it says that a picture a second of one pixel is few bits
        if ffmpeg -nostdin -v warning -i "$name.gif" -f rawvideo -pix_fmt rgb24 -y theirs.raw 2>log \
            </dev/null && ! grep -v 'bitrate parameter' log && cmp ours.raw theirs.raw >log 2>&1; then
            ok
        else
            not "$name.gif by ffmpeg"
        fi
    fi
done

# moving pictures as APNG: of few colors, of many, with alpha
moving() {
    name=$1
    shift
    "$giflow" -o "$name.apng" "$@" 2>log || not "$name.apng is not written"
    "$python" - "$@" >ours.raw <<'END'
import sys
for name in sys.argv[1:]:
    head, pixels = open(name, "rb").read().split(b"ENDHDR\n", 1)
    n = len(pixels) // (23 * 17)
    for i in range(0, len(pixels), n):
        p = pixels[i:i + n]
        color, alpha = p[:n - 1] if n % 2 == 0 else p, p[n - 1:] if n % 2 == 0 else b"\xff"
        pixel = (color if len(color) == 3 else color * 3) + alpha
        sys.stdout.buffer.write(pixel if alpha != b"\0" else b"\0\0\0\0")
END
    if [ -n "$pngcheck" ]; then
        if pngcheck -q "$name.apng" >log 2>&1; then ok; else not "$name.apng by pngcheck"; fi
    fi
    if [ -n "$ffmpeg" ]; then
        ffmpeg -nostdin -v warning -i "$name.apng" -vsync 0 -f rawvideo -pix_fmt rgba -y theirs.raw \
            2>log </dev/null
        if cmp ours.raw theirs.raw >log 2>&1; then ok; else not "$name.apng by ffmpeg"; fi
    fi
    "$python" - "$name.apng" >log 2>&1 <<'END'
import sys
from PIL import Image
want = open("ours.raw", "rb").read()
with Image.open(sys.argv[1]) as im:
    for i in range(im.n_frames):
        im.seek(i)
        got = im.convert("RGBA").tobytes()
        if got != want[i * len(got):(i + 1) * len(got)]:
            print("other pixels in frame", i)
    if im.n_frames * len(got) != len(want):
        print("not as many frames")
END
    if [ ! -s log ]; then ok; else not "$name.apng by Pillow"; fi
}
for n in 1 2 3 4 16 17 255 256; do
    "$giflow" -q "colors-$n.ppm" "colors-$n.rgba.pam" --background=transparent --canvas=19x15 \
        --canvas=23x17
    "$giflow" -q "colors-$n.ppm" "opaque-$n.pam" --background=#000 --canvas=19x15 --canvas=23x17
done
if [ -n "$python" ]; then # which says what there is to be seen
    moving few opaque-1.pam opaque-2.pam opaque-1.pam opaque-3.pam
    moving some opaque-4.pam opaque-4.pam opaque-16.pam opaque-17.pam
    moving many opaque-256.pam opaque-255.pam opaque-3.pam
    moving clear colors-2.rgba.pam opaque-2.pam colors-3.rgba.pam colors-1.rgba.pam
    moving mixed colors-256.rgba.pam opaque-255.pam colors-3.rgba.pam opaque-256.pam
fi

# corners that are transparent, in a palette with room and in a full one
for n in 1 3 4 200 255; do
    "$giflow" --resample=nearest -r 30 "colors-$n.ppm" turned.pam &&
        "$giflow" --resample=nearest -r 30 "colors-$n.ppm" turned.gif &&
        "$refdecode" turned.gif >theirs.pam && "$refdecode" same turned.pam theirs.pam >log 2>&1
    # shellcheck disable=SC2181
    if [ $? = 0 ]; then ok; else not "colors-$n turned"; fi
    [ -z "$gifsicle" ] || gifsicle --info turned.gif 2>log | grep -q 'transparent' || not "no transparency"
done

echo "$passed passed, $failed failed"
[ $failed = 0 ]
