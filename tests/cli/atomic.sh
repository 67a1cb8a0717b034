# SPDX-License-Identifier: MIT
# After a failure an older file is as it was and nothing else is there.
printf 'P2 2 2 255 0 255\n' >short.pgm
printf 'P2 2 1 255 0 255\n' >a.pgm
echo old >out.gif
giflow short.pgm out.gif; echo "exit $?"; cat out.gif
giflow short.pgm new.gif; echo "exit $?"
giflow a.pgm missing/new.gif; echo "exit $?"
giflow missing.pgm new.gif; echo "exit $?"
giflow . new.gif; echo "exit $?"
ln -s nowhere dangling.gif
giflow a.pgm dangling.gif; echo "exit $?"
ls -A
chmod 604 out.gif
giflow a.pgm out.gif && ls -l out.gif | cut -c 1-10
giflow a.pgm new.gif && ls -l new.gif | cut -c 1-10
(umask 077; giflow a.pgm private.gif) && ls -l private.gif | cut -c 1-10
ls -A
