#!/bin/sh
# SPDX-License-Identifier: MIT
# animations.sh [-c FILE] [-l LEVEL] [FILE.gif|DIR]...: moving GIFs by giflow and by gifsicle -O3.
#
#   -c FILE   each file's bytes, CPU time and peak memory by each tool as comma-separated values
#   -l LEVEL  giflow's levels from 1 up to this one (2)
#
# Without a name: those of the corpus (GIFLOW_CORPUS, see tests/corpus/run.sh). gifsicle keeps frames
# that change nothing, as giflow does (-Okeep-empty). Bytes are of whole files; CPU time is user and
# system, of whole processes, each tool's runs next to those of the others; the mean of ratios is
# geometric. tests/check-animations.sh tells whether pictures and times stay what they are.

set -u
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/tools.sh"

csv=/dev/null
most=2
while getopts c:l: option; do
    case $option in
    c) csv=$OPTARG ;;
    l) most=$OPTARG ;;
    *) exit 2 ;;
    esac
done
shift $((OPTIND - 1))
[ $# -gt 0 ] || set -- "${GIFLOW_CORPUS:-$bench/../../../shared/corpus}/gif/animated"
if ! command -v gifsicle >/dev/null; then
    echo "animations.sh: without gifsicle there is nothing to compare with" >&2
    exit 1
fi
tools=gifsicle-O3
level=1
while [ $level -le "$most" ]; do
    tools="$tools giflow-O$level"
    level=$((level + 1))
done

# encode TOOL IN OUT
encode() {
    case $1 in
    giflow-O*) measure "$scratch/cost" "$GIFLOW" "-O${1#*-O}" "$2" "$3" ;;
    *) measure "$scratch/cost" gifsicle -O3 -Okeep-empty "$2" -o "$3" ;;
    esac >/dev/null 2>&1
}

for argument; do
    find "$argument" -name '*.gif' | sort
done | while read -r file; do
    for tool in $tools; do
        rm -f "$scratch/out.gif"
        size=-
        encode "$tool" "$file" "$scratch/out.gif"
        if [ -s "$scratch/out.gif" ]; then size=$(wc -c <"$scratch/out.gif"); fi
        read -r _ seconds kib <"$scratch/cost"
        echo "$tool,$size,$seconds,$kib,$file"
    done
done >"$scratch/sizes"

{ echo tool,bytes,cpu_seconds,peak_kib,file; cat "$scratch/sizes"; } >"$csv"
awk -F , -v order="$tools" '
    $1 == "gifsicle-O3" { base = $2; base_cpu = $3; kept = base != "-"; files += kept }
    !kept || $2 == "-" { next }
    {
        ratio = $2 / base
        sum[$1] += log(ratio)
        n[$1]++
        bytes[$1] += $2
        cpu[$1] += $3
        if ($4 > kib[$1]) kib[$1] = $4
        above[$1] += ratio > 1
        if (ratio > worst[$1]) { worst[$1] = ratio; name[$1] = $5 }
        if ($1 == "gifsicle-O3")
            printf "%s%9d", (NR > 1 ? "\n" : ""), $2
        else
            printf "  %s %.3f", substr($1, 7), ratio
        if ($1 == last_tool) {
            file = $5
            sub(/.*\//, "", file)
            printf "  %s", substr(file, 1, 50)
        }
    }
    BEGIN { last_tool = order; sub(/.* /, "", last_tool) }
    END {
        printf "\n\n%d files\n%-12s %12s %6s %6s %8s %6s %8s  %s\n", files, "", "bytes", "mean", \
            "above", "CPU s", "ratio", "KiB", "worst"
        k = split(order, tool, " ")
        for (i = 1; i <= k; i++) {
            t = tool[i]
            if (!n[t]) continue
            sub(/.*\//, "", name[t])
            printf "%-12s %12d %6.4f %6d %8.2f %6.3f %8d  %.3f %s\n", t, bytes[t], \
                exp(sum[t] / n[t]), above[t], cpu[t], cpu[t] / cpu["gifsicle-O3"], kib[t], worst[t], \
                substr(name[t], 1, 40)
        }
    }' "$scratch/sizes"
