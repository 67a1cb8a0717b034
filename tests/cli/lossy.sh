# SPDX-License-Identifier: MIT
# Smaller the more may change, nothing at 0, transparency as it was; one GIF saved again, too.
awk 'BEGIN {
    print "P2 160 120 255"
    for (y = 0; y < 120; y++)
        for (x = 0; x < 160; x++)
            print int(50 + x * y / 90 + 40 * sin(x / 9) + 2 * (x * 7 + y * 13) % 5) % 200
}' >in.pgm
giflow in.pgm in.gif
giflow --lossy=0 in.gif 0.gif && cmp in.gif 0.gif
before=$(wc -c <in.gif)
for n in 5 20 100; do
    giflow --lossy=$n in.gif $n.gif
    size=$(wc -c <$n.gif)
    [ "$size" -lt "$before" ] || echo "--lossy=$n grows to $size"
    before=$size
done
giflow -O3 --lossy=20 in.gif again.gif && cmp 20.gif again.gif

# nor at any level larger than without: nothing may change in this
awk 'BEGIN { print "P2 130 90 255"; for (i = 0; i < 11700; i++) print 8 * ((i * i + i * 7) % 31) }' >noise.pgm
for level in 0 1 2 3; do
    giflow -O$level noise.pgm exact.gif && giflow -O$level --lossy=1 noise.pgm out.gif
    [ "$(wc -c <out.gif)" -le "$(wc -c <exact.gif)" ] || echo "-O$level --lossy=1 grows"
done

# where nothing can change and codes are as good as they get, the input itself is what is best
awk 'BEGIN { print "P2 90 90 255"; for (i = 0; i < 8100; i++) print i * i % 83 < 31 ? 0 : 255 }' >two.pgm
giflow -O3 two.pgm two.gif && giflow --lossy=30 two.gif again.gif && cmp two.gif again.gif

# the corners of a turned picture stay transparent, and only they
giflow -r 20 in.gif whole.gif && giflow --lossy=60 -r 20 in.gif changed.gif
for f in whole changed; do
    giflow $f.gif $f.pam && tail -c +"$(($(grep -a -b ENDHDR $f.pam | cut -d: -f1) + 8))" $f.pam |
        od -An -v -tu1 -w4 | awk '{ print $4 }' >$f.alpha
done
cmp whole.alpha changed.alpha
cmp -s whole.pam changed.pam && echo "nothing changed"
giflow --lossy=40 in.gif out.png && giflow out.png same.pgm && giflow in.pgm want.pgm &&
    cmp want.pgm same.pgm
giflow --lossy=101 in.gif out.gif || echo "status $?"
giflow --lossy in.gif out.gif || echo "status $?"
