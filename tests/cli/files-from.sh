# SPDX-License-Identifier: MIT
# Names from a list: lines, or NUL-terminated; after the operands; from a file or a pipe.
printf 'P2 2 1 255 0 255\n' >a.pgm
cp a.pgm 'b c.pgm'
cp a.pgm "$(printf 'd\ne.pgm')"
mkdir out
printf 'a.pgm\n\nb c.pgm' >list
giflow -d out --files-from=list; echo "exit $?"; ls out; rm out/*
find . -name '?*.pgm' -print0 | sort -z | giflow -d out -f gif --files-from=- -0
echo "exit $?"; ls out; rm out/*
echo 'b c.pgm' | giflow -d out --files-from=- a.pgm; echo "exit $?"; ls out; rm out/*
printf 'a.pgm\0' | giflow -d out --files-from=-; echo "exit $?"
printf '\n' | giflow -d out --files-from=-; echo "exit $?"
printf -- '-\n' | giflow -d out --files-from=-; echo "exit $?"
giflow -d out --files-from=missing; echo "exit $?"
giflow --files-from=list a.pgm out.gif; echo "exit $?"
giflow --info=json --files-from=list | grep -c format
ls out
