# SPDX-License-Identifier: MIT
# Limits end in status 5 before any harm is done.
awk 'BEGIN { print "P2 700 700 255"; for (i = 0; i < 490000; i++) print i % 251 }' >in.pgm
giflow --max-pixels=489999 in.pgm out.gif; echo "exit $?"
giflow --max-pixels=490000 in.pgm out.gif; echo "exit $?"
rm out.gif
giflow -m 4K in.pgm out.gif 2>err; echo "exit $?"; sed 's/: [0-9]* in use, [0-9]* more/: N in use, M more/' err; rm err
giflow --tmp-limit=0 -r 90 in.pgm out.gif; echo "exit $?"
giflow --tmpdir=missing -r 90 in.pgm out.gif; echo "exit $?"
ls
giflow -m 64M --tmp-limit=1M --tmpdir=. -r 90 in.pgm out.gif; echo "exit $?"
ls
