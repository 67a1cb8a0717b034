# SPDX-License-Identifier: MIT
# pairs.sh, read by run.sh: runs giflow and a peer in turns, and prints a job's table.
# shellcheck shell=sh
# shellcheck disable=SC2154 # what run.sh has set

# run_once FILE COMMAND...: runs it and adds "CPU PEAK" to FILE
run_once() {
    record=$1
    shift
    measure -t "$seconds" "$scratch/one" "$@" >"$scratch/text" 2>&1
    read -r status cpu peak <"$scratch/one"
    echo "$cpu $peak" >>"$record"
    return "$status"
}

# our_turn: giflow on the job, which must succeed
our_turn() {
    rm -f "$ours"
    # shellcheck disable=SC2086 # one word an option
    run_once "$scratch/giflow" "$GIFLOW" $options "$in" "$ours" && return
    echo "giflow failed on $in:" >&2
    cat "$scratch/text" >&2
    exit 1
}

# job NAME MIB INPUT SUFFIX [OPTION]...: what giflow does next; MIB is asked for, - if nothing is
job() {
    name=$1 asked_mib=$2 in=$3 suffix=$4
    shift 4
    options=$*
    ours=$scratch/giflow.$suffix
    out=$scratch/peer.$suffix
    : >"$scratch/giflow"
    : >"$scratch/rows"
    : >"$scratch/remarks"
}

# The median of an array, for awk.
# shellcheck disable=SC2016
median='
    function median(v,    n, i, j, t) {
        n = 0
        for (i in v) n++
        for (i = 2; i <= n; i++) {
            t = v[i]
            for (j = i - 1; j >= 1 && v[j] > t; j--) v[j + 1] = v[j]
            v[j + 1] = t
        }
        return n % 2 ? v[(n + 1) / 2] : (v[n / 2] + v[n / 2 + 1]) / 2
    }'

# last_pair_is_clear: the peer took more than 8 times giflow's CPU
last_pair_is_clear() {
    tail -q -n 1 "$scratch/giflow" "$scratch/peer" |
        awk 'NR == 1 { ours = $1 } END { exit $1 <= 8 * ours }'
}

# peer NAME RATIO COMMAND...: runs it in turns with giflow; RATIO is asked for, - if nothing is.
# The first word of NAME says which tool it is.
peer() {
    peer=$1 asked_ratio=$2
    shift 2
    case " $peers " in *" ${peer%% *} "*) ;; *) return ;; esac
    if [ -z "$(tool_of "${peer%% *}")" ]; then
        echo "missing: $peer" >>"$scratch/remarks"
        return
    fi
    rm -f "$scratch/peer"
    round=0
    while [ "$round" -lt "$runs" ]; do
        our_turn
        rm -f "$out"
        if ! run_once "$scratch/peer" "$@" || ! [ -s "$out" ]; then
            echo "failed: $peer (exit $status) $(tail -n 1 "$scratch/text" | cut -c 1-70)" \
                >>"$scratch/remarks"
            return
        fi
        round=$((round + 1))
        if last_pair_is_clear; then break; fi
    done
    tail -n "$round" "$scratch/giflow" | paste -d ' ' - "$scratch/peer" |
        awk -v peer="$peer" -v asked="$asked_ratio" -v bytes="$(bytes_of "$out")" "$median"'
            { cpu[NR] = $3; ratio[NR] = $1 / $3; if ($4 > peak) peak = $4 }
            END { print peer "|" median(cpu) "|" median(ratio) "|" asked "|" peak "|-|" bytes "|" NR }
        ' >>"$scratch/rows"
}

# table: the job's rows, giflow's own first
table() {
    while [ "$(wc -l <"$scratch/giflow")" -lt "$runs" ]; do
        our_turn
    done
    picture=$(basename "$in")
    awk -v asked="$asked_mib" -v bytes="$(bytes_of "$ours")" "$median"'
        { cpu[NR] = $1; if ($2 > peak) peak = $2 }
        END { print "giflow|" median(cpu) "|-|-|" peak "|" asked "|" bytes "|" NR }
    ' "$scratch/giflow" | cat - "$scratch/rows" >"$scratch/table"

    printf '\n%s: giflow %s%s%s\n' "$name" "$options" "${options:+ }" "$picture"
    printf '%-20s %8s %7s %6s      %8s %6s      %11s %4s\n' \
        '' 'CPU s' ratio asked 'peak MiB' asked bytes runs
    awk -F '|' '
        function verdict(value, asked) {
            return asked == "-" ? "" : value <= asked ? "ok" : "MISS"
        }
        function shown(value, format) { return value == "-" ? "" : sprintf(format, value) }
        {
            mib = $5 / 1024
            printf "%-20s %8.3f %7s %6s %-4s %8.2f %6s %-4s %11d %4d\n", $1, $2,
                shown($3, "%.3f"), shown($4, "%s"), verdict($3, $4), mib, shown($6, "%s"),
                verdict(mib, $6), $7, $8
        }' "$scratch/table"
    cat "$scratch/remarks"
    awk -F '|' -v job="$name" -v options="$options" -v picture="$picture" -v OFS=, '{
            print job, options, picture, $1, $8, $2, $3, $4, $5, $6 == "-" ? "-" : $6 * 1024, $7
        }' "$scratch/table" >>"$csv"
}

csv_header() {
    echo job,options,picture,tool,runs,cpu_s,ratio,ratio_asked,peak_kib,peak_asked_kib,bytes >"$csv"
}
