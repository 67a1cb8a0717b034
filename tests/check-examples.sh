#!/bin/sh
# SPDX-License-Identifier: MIT
# check-examples.sh: every command of the manual's EXAMPLES and of README's list works as it stands
# there. One that calls a program that is not installed is named; that is no failure.
set -eu
tests=$(cd "$(dirname "$0")" && pwd)
B=$(cd "${B:-$tests/../build}" && pwd)
PATH=$B:$B/tests:$PATH
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"

# enter FOLDER: there, with the files that the examples speak of
enter() {
    mkdir "$1" && cd "$1"
    awk 'BEGIN {
        print "P3 64 48 255"
        for (y = 0; y < 48; y++)
            for (x = 0; x < 64; x++)
                print x * 4, y * 5, (x * y) % 256
    }' >photo.ppm
    giflow photo.ppm photo.jpg
    giflow photo.ppm photo.gif
    giflow -k 9 photo.ppm logo.gif
    giflow photo.ppm scan.png
}

# run_all WHERE: the commands of standard input
run_all() {
    while IFS= read -r command; do
        for program in ffmpeg cjpeg; do
            case $command in
            *$program*)
                command -v $program >/dev/null && continue
                echo "check-examples: no $program: $command"
                continue 2
                ;;
            esac
        done
        if ! sh -euc "$command" </dev/null >"$scratch/log" 2>&1; then
            echo "$1: the example fails: $command" >&2
            cat "$scratch/log" >&2
            exit 1
        fi
    done
}

enter manual
mkdir photos out
cp photo.jpg photos/one.jpg
cp photo.jpg "photos/a name
of two lines.jpg"
recipe "$tests/recipes/gif-truncated.txt" >broken.gif
sed -n '/^\.Sh EXAMPLES/,/^\.Sh DIAGNOSTICS/s/^\.Dl //p' "$tests/../man/giflow.1" |
    sed 's/\\e/\\/g' >commands
test "$(wc -l <commands)" -ge 8
run_all "the manual" <commands
for made in turned.gif upright.png small.gif mirrored.png rescued.png out/one.gif \
    "out/a name
of two lines.gif"; do
    test -s "$made"
done
cd ..

enter readme
mkdir thumbs
cp photo.gif in.gif
cp photo.jpg in.jpg
giflow --fps=10 -o clip.gif photo.gif photo.gif scan.png
if command -v ffmpeg >/dev/null; then
    ffmpeg -v error -i clip.gif -pix_fmt yuv420p clip.mp4 </dev/null
fi
# a command, at least three blanks, what it does
sed -n '/^    giflow -r 45 in/,/^$/s/^    //p' "$tests/../README" | sed 's/   .*//' >commands
test "$(wc -l <commands)" -ge 16
run_all README <commands
for made in out.gif page.png small.jpg out.jpg small.gif thumbs/scan.gif turned.gif clip.apng \
    frame-000.png frame-002.png; do
    test -s "$made"
done
