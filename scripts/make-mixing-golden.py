"""Writes test/golden/mixing.json: pictures and labels mixed by Keras's MixUp and CutMix, given partners, shares and rectangles.

Random numbers are cajal's own, so Keras is given what was drawn, and only what follows from it is compared. Pictures come from a
formula that test/support/formula.ts shares.
Run it in a throw-away virtual environment with `pip install keras tensorflow`:
    python scripts/make-mixing-golden.py
"""

import json
import os
import pathlib

os.environ.setdefault("KERAS_BACKEND", "tensorflow")

import keras
import numpy as np
from formula import uniform
from keras import layers

SHAPE, CLASSES = (4, 5, 6, 2), 3
PARTNERS = [2, 0, 3, 1]
LABELS = np.eye(CLASSES, dtype=np.float32)[[0, 2, 1, 0]]
PICTURES = ((uniform(SHAPE, 40) + 1) * 127.5).astype(np.float32)


def rounded(values):
    return [float(f"{value:.6g}") for value in np.asarray(values, np.float64).ravel()]


def case(name, transformation, given):
    layer = getattr(layers, name)()
    transformation = {"permutation_order": keras.ops.convert_to_tensor(PARTNERS, dtype="int32"), **transformation}
    pictures = layer.transform_images(keras.ops.convert_to_tensor(PICTURES), transformation)
    labels = layer.transform_labels(keras.ops.convert_to_tensor(LABELS), transformation)
    return {"keras": f"keras.layers.{name}", **given, "pictures": rounded(pictures), "labels": rounded(labels)}


def mix_up(weights):
    weights = np.array(weights, np.float32)
    return case("MixUp", {"mix_weight": keras.ops.convert_to_tensor(weights)}, {"weights": rounded(weights)})


def cut_mix(boxes):
    """A row for each picture: left, right, top, bottom; Keras's mask has the pixels from the first up to the second."""
    corners = [keras.ops.convert_to_tensor(np.array(edge, np.float32)) for edge in zip(*boxes)]
    masks, weight = layers.CutMix()._generate_batch_mask(SHAPE, corners)
    return case("CutMix", {"batch_masks": masks, "mix_weight": weight}, {"boxes": boxes})


def main():
    golden = {
        "keras": keras.__version__,
        "backend": keras.backend.backend(),
        "shape": SHAPE,
        "partners": PARTNERS,
        "targets": rounded(LABELS),
        "cases": [
            mix_up([0.9, 0.25, 1.0, 0.5]),
            mix_up([0.0, 0.01, 0.7, 0.99]),
            # Whole pixels, where the area of the rectangle is the number of pixels in it.
            cut_mix([[1, 4, 0, 3], [0, 6, 0, 5], [2, 2, 1, 1], [5, 6, 4, 5]]),
        ],
        # Between pixels, the rectangle takes the pixels whose places are in it.
        "fractions": cut_mix([[0.4, 3.2, 1.5, 4.1], [2.0, 5.5, 0.2, 0.9], [0.1, 5.9, 0.1, 4.9], [3.3, 3.6, 2.0, 3.0]]),
    }
    path = pathlib.Path(__file__).parent.parent / "test" / "golden" / "mixing.json"
    path.write_text(json.dumps(golden, separators=(",", ":")) + "\n")


main()
