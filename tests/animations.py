# SPDX-License-Identifier: MIT
"""animations.py LIST: moving pictures as Pillow renders them.

A line of LIST is STEP, tab, INPUT, tab, OUTPUT: each picture of OUTPUT must be that of INPUT after
STEP, for as long; and the loop must be the same. Prints what is not, a line each, then a count.
"""
import hashlib
import sys
import warnings

from PIL import Image

warnings.simplefilter("ignore")
Image.MAX_IMAGE_PIXELS = None

TURNS = {
    "90": Image.Transpose.ROTATE_270 if hasattr(Image, "Transpose") else Image.ROTATE_270,
    "180": Image.Transpose.ROTATE_180 if hasattr(Image, "Transpose") else Image.ROTATE_180,
    "270": Image.Transpose.ROTATE_90 if hasattr(Image, "Transpose") else Image.ROTATE_90,
    "h": Image.Transpose.FLIP_LEFT_RIGHT if hasattr(Image, "Transpose") else Image.FLIP_LEFT_RIGHT,
    "v": Image.Transpose.FLIP_TOP_BOTTOM if hasattr(Image, "Transpose") else Image.FLIP_TOP_BOTTOM,
}


def pictures(path, step):
    """(hash of the picture's pixels, duration) of each frame, and the loop"""
    found = []
    with Image.open(path) as im:
        for i in range(getattr(im, "n_frames", 1)):
            im.seek(i)
            rgba = im.convert("RGBA")
            clear = Image.new("RGBA", rgba.size)  # transparent pixels have no color
            clear.paste(rgba, mask=rgba.getchannel("A").point(lambda a: 255 if a else 0))
            if step in TURNS:
                clear = clear.transpose(TURNS[step])
            elif step.startswith("crop"):
                width, height = clear.size
                clear = clear.crop((width // 4, height // 4,
                                    width // 4 + max(width // 2, 1), height // 4 + max(height // 2, 1)))
            found.append((hashlib.md5(clear.tobytes() + repr(clear.size).encode()).digest(),
                          im.info.get("duration", 0)))
        return found, im.info.get("loop")


def main():
    seen = {}
    count = wrong = 0
    for line in open(sys.argv[1], encoding="utf-8"):
        step, before, after = line.rstrip("\n").split("\t")
        try:
            if (before, step) not in seen:
                seen.clear()
                seen[before, step] = pictures(before, step)
            want = seen[before, step]
        except Exception as error:  # Pillow cannot read the input: nothing to compare with
            print("left out:", before, error, file=sys.stderr)
            continue
        count += 1
        try:
            got = pictures(after, "")
        except Exception as error:
            print(f"{after}: {error}")
            wrong += 1
            continue
        if want != got:
            wrong += 1
            frames = [i for i, (a, b) in enumerate(zip(want[0], got[0])) if a[0] != b[0]]
            print(f"{after}: {len(want[0])} and {len(got[0])} frames, loop {want[1]} and {got[1]},"
                  f" {len(frames)} pictures differ: {frames[:5]}")
    print(f"{count} compared, {wrong} differ")
    sys.exit(wrong != 0)


main()
