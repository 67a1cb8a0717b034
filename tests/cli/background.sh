# SPDX-License-Identifier: MIT
# --background fills corners, and stands behind what the output cannot keep transparent.
recipe "$RECIPES/gif-transparent.txt" >in.gif
pixels() { giflow "$@" ppm:- | tail -c 6 | od -An -v -tu1; }
pixels in.gif
pixels --background=#123 in.gif
pixels --background=#01020304 in.gif
pixels --background=RebeccaPurple in.gif
pixels --background=none in.gif
giflow in.gif out.png
giflow --info out.png | grep transparent
giflow --background=nosuch in.gif out.gif
