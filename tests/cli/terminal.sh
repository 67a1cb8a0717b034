# SPDX-License-Identifier: MIT
# A picture is neither written to a terminal nor read from one.
printf 'P2 2 1 255 0 255\n' >a.pgm
script -qec 'giflow a.pgm gif:-; echo "exit $?"; giflow - b.gif; echo "exit $?"' /dev/null | tr -d '\r'
