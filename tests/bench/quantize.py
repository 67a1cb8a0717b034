# SPDX-License-Identifier: MIT
"""quantize.py COLORS DITHER IN OUT: a GIF by Pillow's median cut, refined; DITHER none or fs."""
import sys

from PIL import Image

colors, dither = int(sys.argv[1]), sys.argv[2]
with Image.open(sys.argv[3]) as picture:
    picture = picture.convert("RGB")
    out = picture.quantize(colors, method=Image.MEDIANCUT, kmeans=10, dither=0)
    if dither == "fs":
        out = picture.quantize(palette=out, dither=1)
    out.save(sys.argv[4])
