"""Writes test/golden/resize.json: what Pillow's Image.resize and conversions, and Keras's cropping and padding to proportions,
make of pictures by a formula. Bytes are held as the SHA-256 of the whole result, deeper samples as some of their numbers.

Run it in a throw-away virtual environment with `pip install pillow keras tensorflow`:
    python scripts/make-resize-golden.py
"""

import hashlib
import json
import os
import pathlib

os.environ.setdefault("KERAS_BACKEND", "tensorflow")

import keras
import numpy as np
import PIL
from PIL import Image

from formula import mixed

FILTERS = {
    "bilinear": Image.Resampling.BILINEAR,
    "bicubic": Image.Resampling.BICUBIC,
    "area": Image.Resampling.BOX,
    "lanczos": Image.Resampling.LANCZOS,
    "nearest": Image.Resampling.NEAREST,
}
MODES = {1: "L", 3: "RGB", 4: "RGBA"}

# (height, width) from and to: one pixel, odd ratios, one axis alone, both ways at once, a photograph's.
SIZES = [
    ((1, 1), (1, 1)),
    ((1, 1), (5, 4)),
    ((7, 5), (1, 1)),
    ((1, 9), (1, 4)),
    ((9, 1), (4, 3)),
    ((2, 2), (4, 4)),
    ((2, 3), (7, 11)),
    ((16, 16), (16, 16)),
    ((16, 16), (16, 9)),
    ((16, 16), (23, 16)),
    ((13, 17), (6, 34)),
    ((31, 29), (30, 28)),
    ((64, 48), (8, 8)),
    ((100, 3), (7, 3)),
    ((97, 101), (33, 47)),
    ((240, 320), (150, 150)),
    ((50, 40), (224, 224)),
    ((500, 10), (3, 3)),
    ((3, 1000), (2, 7)),
]


def picture(height, width, channels, salt, bits):
    """Noise in its left half, a smooth ramp in its right one; test/data/pictures/resize-golden.test.ts makes the same."""
    count = height * width * channels
    index = np.arange(count)
    noise = mixed(index + salt * 1_000_003) >> (32 - bits)
    column = index // channels % width
    ramp = (index * 7919 // 64) % (1 << bits)
    values = np.where(column * 2 < width, noise.astype(np.int64), ramp)
    return values.astype(np.uint8 if bits == 8 else np.uint16).reshape(height, width, channels)


def digest(array):
    return hashlib.sha256(np.ascontiguousarray(array).tobytes()).hexdigest()[:16]


def image(pixels):
    mode = MODES[pixels.shape[2]]
    return Image.fromarray(pixels[:, :, 0] if mode == "L" else pixels, mode)


def resized_bytes():
    cases = []
    for salt, (source, target) in enumerate(SIZES):
        for channels in (1, 3, 4):
            pixels = picture(*source, channels, salt, 8)
            hashes = {
                name: digest(image(pixels).resize(target[::-1], filter, reducing_gap=None))
                for name, filter in FILTERS.items()
            }
            cases.append({"from": source, "to": target, "channels": channels, "salt": salt, "sha256": hashes})
    return cases


def some(array):
    """At most 40 numbers from all over the result."""
    flat = np.asarray(array).ravel()
    step = max(1, flat.size // 40)
    return [float(number) for number in flat[::step][:40]]


def resized_deep():
    cases = []
    for salt, (source, target) in enumerate(SIZES):
        if source[0] * source[1] > 20_000:
            continue
        pixels = picture(*source, 1, salt, 16)[:, :, 0]
        for sample_type, mode_image in (
            ("uint16", Image.fromarray(pixels)),
            ("float32", Image.fromarray(pixels.astype(np.float32) / 1000)),
        ):
            for name, filter in FILTERS.items():
                if name == "nearest":
                    continue
                result = np.asarray(mode_image.resize(target[::-1], filter, reducing_gap=None))
                cases.append(
                    {
                        "from": source,
                        "to": target,
                        "salt": salt,
                        "sampleType": sample_type,
                        "interpolation": name,
                        "y": some(result),
                    }
                )
    return cases


def conversions():
    pixels = picture(40, 30, 3, 99, 8)
    return {"from": [40, 30], "salt": 99, "grayscale": digest(np.asarray(image(pixels).convert("L")))}


def fits():
    """Nearest, so that only the proportions are compared: Keras's other interpolations are TensorFlow's."""
    cases = []
    pairs = [((12, 20), (8, 8)), ((21, 8), (6, 9)), ((9, 9), (4, 7)), ((7, 31), (5, 3)), ((1, 8), (4, 4)), ((30, 40), (15, 20))]
    for salt, (source, target) in enumerate(pairs):
        pixels = picture(*source, 3, salt, 8)
        crop = keras.utils.img_to_array(
            keras.preprocessing.image.smart_resize(pixels.astype(np.float32), target, interpolation="nearest")
        )
        pad = keras.ops.image.resize(
            pixels.astype(np.float32), target, interpolation="nearest", pad_to_aspect_ratio=True
        ).numpy()
        hashes = {"crop": digest(crop.astype(np.uint8)), "pad": digest(pad.astype(np.uint8))}
        cases.append({"from": source, "to": target, "salt": salt, "sha256": hashes})
    return cases


golden = {
    "pillow": PIL.__version__,
    "keras": keras.__version__,
    "backend": "tensorflow",
    "bytes": resized_bytes(),
    "deep": resized_deep(),
    "conversions": conversions(),
    "fits": fits(),
}
path = pathlib.Path(__file__).parent.parent / "test" / "golden" / "resize.json"
lines = json.dumps(golden, separators=(",", ":")).replace('{"from"', '\n{"from"')
path.write_text(lines + "\n")
