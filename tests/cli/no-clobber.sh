# SPDX-License-Identifier: MIT
# -n leaves what is there; that is no error, and -v tells of it.
printf 'P2 2 1 255 0 255\n' >a.pgm
echo old >out.gif
giflow -n a.pgm out.gif; echo "exit $?"; cat out.gif
giflow -n -v a.pgm out.gif; echo "exit $?"
giflow -n a.pgm new.gif; echo "exit $?"; giflow --info new.gif | sed -n 2p
mkdir dir
echo old >dir/a.pgm
cp a.pgm b.pgm
giflow -n -d dir a.pgm b.pgm; echo "exit $?"; cat dir/a.pgm; ls dir
giflow -n a.pgm gif:/dev/null; echo "exit $?"
