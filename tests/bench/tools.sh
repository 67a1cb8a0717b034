# SPDX-License-Identifier: MIT
# tools.sh, read by the scripts beside it: giflow, the other tools, and where they are.
# shellcheck shell=sh

LC_ALL=C
export LC_ALL
unset TMPDIR MAGICK_THREAD_LIMIT OMP_NUM_THREADS VIPS_CONCURRENCY

bench=$(cd "$(dirname "$0")" && pwd)
B=$(cd "${B:-$bench/../../build}" && pwd) || exit 1
GIFLOW=${GIFLOW:-$B/giflow}
PATH=$B/bench:$B/tests:$PATH
for tool in "$GIFLOW" "$B/tests/measure" "$B/bench/picture"; do
    if ! [ -x "$tool" ]; then
        echo "${0##*/}: no $tool: 'make bench' builds it" >&2
        exit 1
    fi
done

# Not in /tmp, which may be memory: outputs and spool files belong on a disk.
scratch=$(mktemp -d "$B/bench/run.XXXXXX") || exit 1
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' HUP INT TERM

# first COMMAND...: the first that can be run
first() {
    for tool; do
        if command -v "$tool" >/dev/null; then
            echo "$tool"
            return
        fi
    done
}

# Other programs are called convert, too; Debian's own name comes first.
find_imagemagick() {
    for tool in convert-im6.q16 magick convert; do
        if "$tool" -version 2>/dev/null | grep -q ImageMagick; then
            echo "$tool"
            return
        fi
    done
}

# The system's Python comes first: it has the distribution's Pillow.
find_python() {
    for tool in /usr/bin/python3 python3; do
        if "$tool" -c 'import PIL' 2>/dev/null; then
            echo "$tool"
            return
        fi
    done
}

python=$(find_python)
magick=$(find_imagemagick)

# tool_of PEER: the command it takes; nothing where it is not installed
tool_of() {
    case $1 in
    Pillow) echo "$python" ;;
    ImageMagick) echo "$magick" ;;
    GraphicsMagick) first gm ;;
    libvips) first vips ;;
    netpbm) first pamtogif ppmtogif ;;
    sharp) node -e 'require("sharp")' 2>/dev/null && first node ;;
    *) first "$1" ;;
    esac
}

version_of() {
    case $1 in
    Pillow) "$python" -c 'import PIL; print(PIL.__version__)' ;;
    ImageMagick) "$magick" -version | sed -n '1s/.*ImageMagick \([^ ]*\).*/\1/p' ;;
    GraphicsMagick) gm version | sed -n '1s/GraphicsMagick \([^ ]*\).*/\1/p' ;;
    gifsicle) gifsicle --version | sed -n '1s/.* //p' ;;
    libvips) vips --version | sed 's/^vips-\([^ ]*\).*/\1/' ;;
    ffmpeg) ffmpeg -version | sed -n '1s/ffmpeg version \([^ ]*\).*/\1/p' ;;
    netpbm) pamtogif --version 2>&1 | sed -n 's/.*Version: Netpbm //p' ;;
    djpeg) djpeg -version 2>&1 </dev/null | sed -n '1s/.*version //p' ;;
    pngquant) pngquant --version ;;
    gifski) gifski --version | sed 's/gifski //' ;;
    sharp) node -p 'require("sharp").versions.sharp' ;;
    ssimulacra2) ssimulacra2 2>&1 | sed -n '1s/SSIMULACRA \([0-9.]*\).*/\1/p' ;;
    esac
}

# introduce PEER...: giflow's and the peers' versions, and who is missing
introduce() {
    "$GIFLOW" --version | sed -n 1p
    for peer; do
        if [ -n "$(tool_of "$peer")" ]; then
            echo "$peer $(version_of "$peer")"
        else
            echo "missing: $peer"
        fi
    done
}

bytes_of() {
    wc -c <"$1"
}

# newer A B: A is there and newer than B
newer() {
    [ -n "$(find "$1" -newer "$2" 2>/dev/null)" ]
}
