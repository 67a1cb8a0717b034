# SPDX-License-Identifier: MIT
# Many files: one after another, going on after a bad one, names by rule, collisions refused.
printf 'P2 2 1 255 0 255\n' >a.pgm
giflow a.pgm b.png
echo nothing >bad.gif
mkdir out sub
giflow -d out a.pgm b.png
echo "exit $?"; ls out; rm out/*
giflow -d out -f gif --suffix=-small a.pgm bad.gif b.png missing.png
echo "exit $?"; ls out; rm out/*
giflow -d out -f gif bad.gif
echo "exit $?"; ls out
cp a.pgm sub/a.pgm
giflow -d out a.pgm b.png sub/a.pgm
echo "exit $?"; ls out
giflow -d . -f png a.pgm b.png b.png
echo "exit $?"
cp a.pgm a-s.pgm
giflow -d . --suffix=-s a.pgm a-s.pgm
echo "exit $?"
giflow -d missing a.pgm
echo "exit $?"
chmod +x a.pgm
giflow -d a.pgm b.png
echo "exit $?"
giflow -d out bad.webp
echo "exit $?"
ls
