# SPDX-License-Identifier: MIT
# What would not become smaller is not written: exit 7, and what was there stays. In batches it is done.
awk 'BEGIN {
    print "P2 64 48 255"
    for (i = 0; i < 64 * 48; i++)
        print int(i * i / 7) % 199
}' >in.pgm
giflow in.pgm big.gif
giflow --skip-if-larger in.pgm out.gif && cmp out.gif big.gif
echo old >out.gif
giflow --skip-if-larger big.gif out.gif; echo "status $?"
cat out.gif
giflow --skip-if-larger --resize=200% big.gif out.gif 2>&1 | sed 's/become .*/become more/'
giflow -q --skip-if-larger --resize=200% big.gif new.gif; echo "status $?"
giflow --skip-if-larger --crop=10x10+0+0 big.gif small.gif; echo "status $?"
giflow --crop=10x10+0+0 big.gif want.gif && cmp want.gif small.gif

# standard output gets nothing of it, also from a pipe, whose end tells how much it was
giflow --skip-if-larger --resize=200% big.gif gif:- 2>/dev/null | wc -c
cat big.gif | giflow --skip-if-larger - gif:- | wc -c
cat big.gif | giflow --skip-if-larger --crop=10x10+0+0 - gif:- | cmp - want.gif
{ cat want.gif; head -c 1000 /dev/zero; } | giflow --skip-if-larger - gif:- | wc -c

cp big.gif a.gif && cp big.gif b.gif && mkdir dir
giflow --skip-if-larger -d dir a.gif in.pgm b.gif -f gif; echo "status $?"
ls dir
giflow --skip-if-larger --in-place a.gif; echo "status $?"
cmp a.gif big.gif
head -c 2900 big.gif >cut.gif
giflow --skip-if-larger --lenient -r 45 cut.gif new.gif; echo "status $?"
ls -- *.gif
