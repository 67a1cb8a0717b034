#!/bin/sh
# SPDX-License-Identifier: MIT
# lossy.sh [-v] [FILE.gif|DIR]...: --lossy beside gifsicle -O3 --lossy, at equal quality.
#
# Self-made files, or those of GIFLOW_PHOTOS, are taken if none is named. Each file's first frame, as
# a plain still, is written by both at several strengths. For each of gifsicle's files, ours of the
# same PSNR and of the same SSIM (see gif_quality.c) is interpolated between strengths: logarithm of
# the bytes over quality. Printed: geometric means of our bytes by gifsicle's, of each file with -v;
# and the CPU time of all runs at strengths that are about as good. -20 % is asked for, and no more
# time.

set -u
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/tools.sh"
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/pictures.sh"

verbose=0
if [ "${1:-}" = -v ]; then
    verbose=1
    shift
fi
# shellcheck disable=SC2046 # one word a file
[ $# -gt 0 ] || set -- $(photographs)
introduce gifsicle
if [ -z "$(tool_of gifsicle)" ]; then
    echo "lossy.sh: without gifsicle there is nothing to compare with" >&2
    exit 1
fi

strengths='8 12 17 24 28 34 36 48 66 68 100'
theirs='20 40 60 80 120 160 200'
timed='28:20 36:40 48:80 66:200' # of about the same PSNR

# point NAME STRENGTH COMMAND...: a line "NAME STRENGTH SECONDS BYTES PSNR SSIM"
point() {
    name=$1 strength=$2
    shift 2
    measure "$scratch/cost" "$@" </dev/null >/dev/null 2>&1
    read -r status seconds _ <"$scratch/cost"
    if [ "$status" = 0 ]; then
        echo "$name $strength $seconds $(gif_quality "$scratch/plain.gif" "$scratch/out.gif")"
    fi
}

for argument; do
    if [ -d "$argument" ]; then find "$argument" -name '*.gif' | sort; else echo "$argument"; fi
done | while read -r file; do
    plain_gif "$file" "$scratch/plain.gif" 2>/dev/null || continue
    echo "file $file"
    for n in $strengths; do
        point ours "$n" "$GIFLOW" "--lossy=$n" "$scratch/plain.gif" "$scratch/out.gif"
    done
    for n in $theirs; do
        point theirs "$n" gifsicle -O3 "--lossy=$n" "$scratch/plain.gif" -o "$scratch/out.gif"
    done
done >"$scratch/points"

awk -v verbose=$verbose -v timed="$timed" '
    function between(metric, value,   i, t) {
        for (i = 1; i < points; i++)
            if ((q[metric, i] - value) * (q[metric, i + 1] - value) <= 0 &&
                q[metric, i] != q[metric, i + 1]) {
                t = (value - q[metric, i]) / (q[metric, i + 1] - q[metric, i])
                return size[i] + t * (size[i + 1] - size[i])
            }
        return "none"
    }
    function finish(   m, i, s, text) {
        if (file == "")
            return
        text = ""
        for (m = 5; m <= 6; m++) {
            sum = n = 0
            for (i = 1; i <= others; i++)
                if (other[5, i] < 60 && (s = between(m, other[m, i])) != "none") {
                    sum += s - log(other[4, i])
                    n++
                }
            text = text sprintf(" %7s", n > 0 ? sprintf("%.4f", exp(sum / n)) : "-")
            if (n > 0) { all[m] += sum / n; files[m]++ }
        }
        if (verbose)
            print text "  " file
    }
    BEGIN { print "bytes at equal\n    PSNR    SSIM" }
    $1 == "file" { finish(); file = $2; points = others = 0; next }
    { cpu[$1, $2] += $3 }
    $1 == "ours" { size[++points] = log($4); q[5, points] = $5; q[6, points] = $6 }
    $1 == "theirs" { others++; for (m = 4; m <= 6; m++) other[m, others] = $m }
    END {
        finish()
        printf " %7.4f %7.4f  mean of %d files, %d\n", exp(all[5] / files[5]),
            exp(all[6] / files[6]), files[5], files[6]
        k = split(timed, pair, " ")
        for (i = 1; i <= k; i++) {
            split(pair[i], level, ":")
            printf "CPU s: --lossy=%d %.2f, gifsicle --lossy=%d %.2f\n", level[1],
                cpu["ours", level[1]], level[2], cpu["theirs", level[2]]
        }
    }' "$scratch/points"
