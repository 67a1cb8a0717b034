# SPDX-License-Identifier: MIT
"""pillow.py JOB IN OUT: what a user of Pillow would write for a job of run.sh.

Pillow interlaces GIFs unless told otherwise; here, as with every tool, rows stay in order.
"""
import sys

from PIL import Image

JOBS = {
    "save": lambda image: image,
    "optimize": lambda image: image,
    "rotate45": lambda image: image.rotate(-45),
    "rotate90": lambda image: image.transpose(Image.ROTATE_270),
}
OPTIONS = {
    "gif": {"interlace": 0, "optimize": sys.argv[1] == "optimize"},
    "jpg": {"quality": 90},
    "png": {},
}

Image.MAX_IMAGE_PIXELS = None
with Image.open(sys.argv[2]) as picture:
    JOBS[sys.argv[1]](picture).save(sys.argv[3], **OPTIONS[sys.argv[3].rsplit(".", 1)[1]])
