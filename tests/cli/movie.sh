# SPDX-License-Identifier: MIT
# Moving pictures: frames, delays and the loop stay; what cannot hold them gets the first, and says so.
recipe "$RECIPES/gif-two-frames.txt" >two.gif
giflow -v -O0 two.gif same.gif 2>&1 | grep -E 'read|wrote'
cmp two.gif same.gif && echo same
giflow -v -O1 - gif:- <two.gif 2>&1 >one.gif | grep wrote
giflow -r 90 two.gif turned.gif
for f in one.gif turned.gif; do giflow --info $f | grep -E '^(width|loop|frames)' | tr '\n' ' '; echo; done
od -An -tx1 turned.gif
# cut down to where the second frame has nothing: it still takes its time
giflow --crop=1x2+0+0 two.gif cut.gif && giflow --info cut.gif | grep -E '^(width|frames)'
giflow -r 45 two.gif askew.gif && giflow --info askew.gif | grep -E '^(width|frames)'
giflow two.gif two.png
# damage in the second frame
head -c 82 two.gif >short.gif
giflow short.gif none.gif; echo "exit $?"
giflow --lenient short.gif some.gif; echo "exit $?"
giflow --info some.gif | grep -E '^(loop|frames)'
ls none.gif
