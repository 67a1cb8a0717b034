# SPDX-License-Identifier: MIT
# A name that stands for an open file means that file, wherever it is and whatever it holds already.
printf 'P2 2 1 255 0 255\n' >in.pgm
giflow in.pgm want.pgm
echo before >log
for name in - /dev/stdout /dev/fd/1 /proc/self/fd/1; do
    giflow in.pgm pgm:$name >>log
done
giflow in.pgm pgm:/dev/fd/5 5>>log
giflow in.pgm pgm:/dev/stderr 2>>log
{ echo before; for _ in 1 2 3 4 5 6; do cat want.pgm; done; } | cmp - log
giflow in.pgm pgm:/dev/fd/6 6<in.pgm; echo "exit $?"
giflow in.pgm pgm:/dev/fd/7 7>&-; echo "exit $?"
# one that has no name any more
exec 8<>gone
rm gone
giflow in.pgm pgm:/dev/fd/8
giflow /dev/fd/8 pgm:- | cmp - want.pgm
ls
