# SPDX-License-Identifier: MIT
# A reader that goes away is an error of output, told once; how much it took by then may vary.
awk 'BEGIN {
    print "P2 500 500 255"
    srand(1)
    for (i = 0; i < 250000; i++) print int(rand() * 256)
}' >noise.pgm
{
    giflow noise.pgm pgm:- 2>err
    echo "exit $?" >>err
} | head -c 1 >/dev/null
# inputs that could not be told of have not failed
echo 'P2 1 1 255 7' >dot.pgm
{
    yes dot.pgm | head -n 5000 | giflow --info --files-from=- 2>>err
    echo "exit $?" >>err
} | head -c 1 >/dev/null
sed 's/byte [0-9]*/byte N/' err
ls -A
