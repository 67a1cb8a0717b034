#!/bin/sh
# SPDX-License-Identifier: MIT
# corpus/run.sh [FOLDER]...: giflow over a corpus of real pictures.
#
# GIFLOW_CORPUS is its place (../shared/corpus beside the sources); where there is none, that is said
# and is no failure. FOLDERs are those of the corpus, all by default. B is the build folder.
#
# valid files  the pixels are those that giflib, libpng, libjpeg or netpbm read. Of a GIF the first
#              image on its canvas, of an APNG the default image.
# conformance  a GIF beside NAME.conf: the file wins over what giflib says. The pixels of every frame
#              that it lists, its delays and the loop; where it lists none, the file must be refused.
# bad files    MANIFEST.tsv's column "expect" says what has to come:
#              error, partial  exit 3, or 5 for a limit; one line on standard error that begins with
#                              "giflow: FILE: "; no output file
#              bomb            the same, or exit 0: some are valid and only large
#              lenient         exit 0 or 3
#              and never more than 32 MiB and 10 seconds of a processor (GIFLOW_SLOW times as long)
# differences.txt lists files for which another end is right, each with the reason:
#              refused: they are damaged; alone: they are read, and there is nothing to compare with
set -u
tests=$(cd "$(dirname "$0")/.." && pwd)
corpus=${GIFLOW_CORPUS:-$tests/../../shared/corpus}
if [ ! -f "$corpus/MANIFEST.tsv" ]; then
    echo "corpus: none at $corpus (GIFLOW_CORPUS says where); its tests are left out"
    exit 0
fi
corpus=$(cd "$corpus" && pwd)
B=$(cd "${B:-$tests/../build}" && pwd) || exit 1
giflow=${GIFLOW:-$B/giflow}
tools=$B/tests
LC_ALL=C
export LC_ALL
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' HUP INT TERM
passed=0
failed=0
seconds=$((10 * ${GIFLOW_SLOW:-1}))
kib=$((32768 * ${GIFLOW_WIDE:-1}))

ok() {
    passed=$((passed + 1))
}
# not NAME WHY
not() {
    failed=$((failed + 1))
    echo "FAILED: $1: $2"
}

# run FILE OUTPUT [OPTION]...: sets status, cpu (seconds) and rss (KiB); what hangs is ended
run() {
    rm -f "$scratch/usage"
    file=$1 out=$2
    shift 2
    "$tools/measure" -t $((6 * seconds)) "$scratch/usage" "$giflow" "$@" -- "$file" "$out" 2>"$scratch/err"
    read -r status cpu rss <"$scratch/usage" || status=none cpu=0 rss=0
}

# known NAME: the line of differences.txt for a file, without its name
known() {
    awk -F'\t' -v name="$1" '$1 == name { print $2; exit }' "$tests/corpus/differences.txt"
}

# like_pnm FILE: what netpbm reads, in as many bits as ours has
like_pnm() {
    command -v pamdepth >/dev/null || return 2
    most=$(sed -n '/^MAXVAL /{s///p;q;}' "$scratch/ours.pam")
    pamdepth "$most" "$1" 2>"$scratch/their-err" | pamtopam >"$scratch/theirs.pam" 2>>"$scratch/their-err"
}

valid() {
    name=$1 file=$corpus/$1
    run "$file" "pam:$scratch/ours.pam" -q --no-auto-orient --keep-icc
    if [ "$status" != 0 ]; then
        not "$name" "exit $status: $(head -1 "$scratch/err")"
        return
    fi
    case $name in
    pnm/*)
        like_pnm "$file"
        ;;
    *)
        "$tools/refdecode" "$file" >"$scratch/theirs.pam" 2>"$scratch/their-err"
        ;;
    esac
    case $? in
    0) ;;
    2) return ;; # said below, once
    *)
        not "$name" "the reference fails: $(head -1 "$scratch/their-err")"
        return
        ;;
    esac
    if "$tools/refdecode" same "$scratch/ours.pam" "$scratch/theirs.pam" >"$scratch/why" 2>&1; then
        ok
    else
        not "$name" "$(cat "$scratch/why")"
    fi
    rm -f "$scratch"/*.pam
}

conformance() {
    name=$1 file=$corpus/$1 conf=${1%.gif}.conf
    frames=$(sed -n 's/^frames = //p' "$corpus/$conf")
    if [ -z "$frames" ]; then
        bad "$name" bomb # refused, or nothing to compare
        return
    fi
    loop=$(sed -n 's/^loop-count = //p' "$corpus/$conf")
    force=$(sed -n 's/^force-animation = //p' "$corpus/$conf")
    mkdir "$scratch/frames"
    run "$file" "$scratch/frames/%d.pam" -q --no-auto-orient --keep-icc
    "$giflow" --info=json "$file" >"$scratch/info" 2>&1
    why=
    [ "$status" = 0 ] || why="exit $status: $(head -1 "$scratch/err")"
    case $loop/$(sed -n 's/.*"loop": \([a-z0-9]*\).*/\1/p' "$scratch/info")/$force in
    infinite/0/* | 0/null/* | "$loop/$loop"/*) ;;
    infinite/null/yes) ;; # that is said to players only
    *) why="loop is not $loop" ;;
    esac
    # what is seen: images without a delay only add to the next, unless no image has one
    grep -o '"delay_cs": [0-9]*' "$scratch/info" | awk -v force="$force" '
        { delay[NR - 1] = $2 }
        END {
            if (NR == 0) { print 0, "-"; exit }
            for (i = 0; i < NR; i++)
                if (delay[i] > 0 || force == "yes") { print i, delay[i]; seen++ }
            if (seen == 0) print NR - 1, "-"
        }' >"$scratch/seen"
    sed -n '/^\[frame/,/^$/s/^pixels = //p' "$corpus/$conf" >"$scratch/pixels"
    sed -n '/^\[frame/,/^$/s/^delay = //p' "$corpus/$conf" >"$scratch/delays"
    [ "$(wc -l <"$scratch/seen")" = "$(wc -l <"$scratch/pixels")" ] || why="other frames are seen"
    [ ! -s "$scratch/delays" ] || cut -d' ' -f2 "$scratch/seen" | cmp -s - "$scratch/delays" ||
        why="other delays"
    while [ -z "$why" ] && read -r pixels <&4 && read -r number _ <&5; do
        "$tools/refdecode" rgba "$(dirname "$corpus/$name")/$pixels" "$scratch/frames/$number.pam" \
            >"$scratch/why" 2>&1 || why="frame $number: $(cat "$scratch/why")"
    done 4<"$scratch/pixels" 5<"$scratch/seen"
    if [ -z "$why" ]; then ok; else not "$name" "$why"; fi
    rm -rf "$scratch/frames"
}

bad() {
    name=$1 file=$corpus/$1 why=
    mkdir "$scratch/folder"
    run "$file" "pam:$scratch/folder/out.pam"
    lines=$(wc -l <"$scratch/err")
    case $2/$status in
    */3 | */5)
        [ "$lines" = 1 ] || why="$lines lines on standard error"
        case $(cat "$scratch/err") in
        "giflow: $file: "?*) ;;
        *) why="message: $(cat "$scratch/err")" ;;
        esac
        [ -z "$(ls -A "$scratch/folder")" ] || why="leaves $(ls -A "$scratch/folder")"
        ;;
    bomb/0 | lenient/0) ;;
    *) why="exit $status where MANIFEST.tsv says $2: $(head -1 "$scratch/err")" ;;
    esac
    [ "$rss" -le $kib ] || why="$rss KiB"
    [ "${cpu%.*}" -lt $seconds ] || why="$cpu seconds"
    if [ -z "$why" ]; then ok; else not "$name" "$why"; fi
    rm -rf "$scratch/folder"
}

[ $# -gt 0 ] || set -- gif/valid gif/animated gif/conformance gif/bad png/valid png/bad apng \
    jpeg/valid jpeg/bad pnm/valid pnm/bad photos webp/bad
command -v pamdepth >/dev/null || echo "corpus: no netpbm; PNM pixels are not compared"

for folder; do
    awk -F"\t" -v folder="$folder/" 'index($1, folder) == 1 && $1 !~ /\.(conf|rgba|xmp)$/ { print $1 "\t" ($7 == "" ? "valid" : $7) }' \
        "$corpus/MANIFEST.tsv" >"$scratch/list"
    before=$failed
    suite=0 suite_failed=0 # of PngSuite
    while IFS='	' read -r name expect <&3; do
        failed_before=$failed
        reason=$(known "$name")
        case $reason in
        "") ;;
        refused:*) expect=error ;;
        alone:*) expect=lenient ;;
        esac
        case $folder/$expect in
        gif/conformance/*)
            case $reason in
            "") conformance "$name" ;;
            *) bad "$name" "$expect" ;;
            esac
            ;;
        */valid) valid "$name" ;;
        *) bad "$name" "$expect" ;;
        esac
        case $name in
        */pngsuite__*)
            suite=$((suite + 1))
            [ "$failed" = "$failed_before" ] || suite_failed=$((suite_failed + 1))
            ;;
        esac
    done 3<"$scratch/list"
    echo "$folder: $(wc -l <"$scratch/list") files, $((failed - before)) failed"
    case $folder in # files that are twins of others stand in the corpus once
    png/valid) echo "PngSuite: $((suite - suite_failed)) of $suite files exact, in all bits of a sample" ;;
    png/bad) echo "PngSuite: $((suite - suite_failed)) of $suite damaged files refused" ;;
    esac
done
echo "$passed passed, $failed failed"
[ $failed = 0 ]
