"""Writes test/golden/augmentation.json: what Keras's layers for augmentation make of pictures, given what is done to them.

Random numbers are cajal's own, so Keras is given the parameters (`transform_images(images, transformation)`), and only what
follows from them is compared. Pictures come from a formula that test/support/formula.ts shares.
Run it in a throw-away virtual environment with `pip install keras tensorflow`, with the version of Keras that the file names.
    python scripts/make-augmentation-golden.py
"""

import json
import os
import pathlib

os.environ.setdefault("KERAS_BACKEND", "tensorflow")

import keras
import numpy as np
from formula import uniform
from keras import layers

BATCH = 2
BYTES, UNIT, SIGNED = (0, 255), (0, 1), (-1, 1)


def pictures(shape, value_range=BYTES):
    """Whole numbers from 0 to 255, then spread over the range. In each picture a patch of one colour and one of grey."""
    low, high = value_range
    values = np.minimum(np.floor((uniform((BATCH, *shape), 100).astype(np.float32).astype(np.float64) + 1) * 128), 255)
    values[:, :2, :2, :] = values[:, :1, :1, :]
    values[:, 2:4, 2:4, :] = values[:, 2:3, 2:3, :1]
    return (values / 255 * (high - low) + low).astype(np.float32)


def rounded(values):
    return [float(f"{value:.6g}") for value in np.asarray(values, np.float64).ravel()]


def camel(name):
    head, *rest = name.split("_")
    return head + "".join(part.capitalize() for part in rest)


def plain(value):
    if isinstance(value, tuple):
        return list(value)
    return camel(value) if isinstance(value, str) else value


def case(name, transformation, parameters=None, shape=(6, 7, 3), value_range=BYTES, draws=None, **options):
    """`transformation` is Keras's, `parameters` the same in cajal's names and shapes, with a row for each picture; or `draws`,
    the numbers from 0 to 1 that the transformation follows from."""
    if value_range != BYTES:
        options["value_range"] = value_range
    layer = getattr(layers, name)(**options)
    given = transformation
    if given is not None and name != "RandomCrop":
        given = keras.tree.map_structure(keras.ops.convert_to_tensor, transformation)
    images = keras.ops.convert_to_tensor(pictures(shape, value_range))
    if name == "Equalization":  # of all pictures of a batch together, Keras counts the values in one histogram
        output = keras.ops.concatenate([layer.transform_images(images[i : i + 1], None) for i in range(BATCH)])
    else:
        output = layer.transform_images(images, given[0] if isinstance(given, list) else given, training=True)
    return {
        "keras": f"keras.layers.{name}",
        "className": name,
        "options": {camel(key): plain(value) for key, value in options.items()},
        "inputShape": list(shape),
        "valueRange": list(value_range),
        **given_to_cajal(parameters, draws),
        "outputShape": list(output.shape[1:]),
        "output": rounded(output),
    }


def given_to_cajal(parameters, draws):
    if draws is not None:
        return {"draws": draws}
    return {
        "parameters": {
            key: {"shape": list(np.shape(value)[1:]), "values": rounded(value)} for key, value in parameters.items()
        }
    }


def column(*values):
    return np.array(values, np.float32).reshape(-1, 1, 1, 1)


def flags(*values):
    return np.array(values, bool)


def photometric():
    bright, dark = column(40, -70.5), column(0.3, -0.25)
    contrast, grey = column(1.6, 0.35), column(0.25, 0.9)
    cases = [
        case("RandomBrightness", {"rgb_delta": bright}, {"delta": bright}, factor=0.5),
        case("RandomBrightness", {"rgb_delta": dark}, {"delta": dark}, value_range=UNIT, factor=(-0.5, 0.25)),
        case("RandomContrast", {"contrast_factor": contrast}, {"factor": contrast}, factor=0.7),
        case("RandomContrast", {"contrast_factor": contrast}, {"factor": contrast}, value_range=SIGNED, factor=0.7),
        case("RandomColorDegeneration", {"factor": grey}, {"factor": grey}, factor=1.0),
        case("RandomColorDegeneration", {"factor": grey}, {"factor": grey}, shape=(3, 2, 1), factor=1.0),
        case("RandomGrayscale", [flags(True, False).reshape(-1, 1, 1, 1)], {"isGrey": column(1, 0)}, factor=0.5),
        case("RandomInvert", {"apply_inversion": flags(True, False)}, {"isInverted": column(1, 0)}),
        case("AutoContrast", None, {}),
        case("AutoContrast", None, {}, value_range=SIGNED),
        case("AutoContrast", None, {}, shape=(2, 2, 3)),
        case("Equalization", None, {}),
        case("Equalization", None, {}, shape=(2, 2, 3)),
        # 59 divides no multiple of a whole number by 255 but the ends, so that rounding moves no value to another bin.
        case("Equalization", None, {}, value_range=SIGNED, bins=60),
    ]
    # Keras cuts the saturation to the value range, which is where 1 is only for pictures from 0 to 1.
    times = column(1.4, 0.3)
    for value_range in (UNIT, BYTES):
        factor = times[:, 0, 0, 0] if value_range == UNIT else np.array([0.8, 0.3], np.float32)
        cases.append(
            case("RandomSaturation", {"factor": factor}, {"times": factor.reshape(-1, 1, 1, 1)}, value_range=value_range, factor=0.5)
        )
    for value_range, turns in ((BYTES, (0.21, -0.4)), (UNIT, (0.5, -0.5)), (SIGNED, (0.05, -0.1))):
        turn = np.array(turns, np.float32)
        cases.append(case("RandomHue", {"factor": turn}, {"turn": turn.reshape(-1, 1, 1, 1)}, value_range=value_range, factor=1.0))
    for shifts in ((3, 5), (0, 7)):
        shift = np.array(shifts, np.uint8)
        cases.append(case("RandomPosterization", {"shift_factor": shift}, {"step": column(*(2.0**one for one in shifts))}, factor=4))
    for value_range in (BYTES, SIGNED):
        factor = np.array([0.9, 0.2], np.float32)
        cases.append(
            case("RandomSharpness", {"factor": factor}, {"factor": factor.reshape(-1, 1, 1, 1)}, value_range=value_range, factor=1.0)
        )
    addition, threshold = column(30, 100.5), column(128, 90)
    for low, high in (BYTES, UNIT):
        here = {"addition": addition / 255 * (high - low), "threshold": low + threshold / 255 * (high - low)}
        cases.append(
            case("Solarization", {"additions": addition, "thresholds": threshold}, here, value_range=(low, high), addition_factor=0.5, threshold_factor=(0.2, 0.6))
        )
    return cases


def between(low, high, *drawn):
    return np.array([low + (high - low) * one for one in drawn], np.float32)


def geometric():
    cases = []
    sizes = ((6, 7, 3), (5, 4, 2))
    fills = [("reflect", "bilinear"), ("nearest", "bilinear"), ("constant", "bilinear"), ("reflect", "nearest")]
    for place, (fill_mode, interpolation) in enumerate(fills):
        shape = sizes[place % 2]
        height, width, _ = shape
        how = {"fill_mode": fill_mode, "interpolation": interpolation, "fill_value": 40.0 if fill_mode == "constant" else 0.0}
        rotation = layers.RandomRotation(0.2)
        angle = keras.ops.convert_to_tensor(between(-72, 72, 0.11, 0.83))
        zero, one = keras.ops.zeros((BATCH,)), keras.ops.ones((BATCH,))
        matrix = rotation._compute_affine_matrix(0.5, 0.5, angle, zero, zero, one, zero, zero, height, width)
        cases.append(case("RandomRotation", {"rotation_matrix": matrix}, draws=[[0.11], [0.83]], shape=shape, factor=0.2, **how))
        down, right = between(-0.3 * height, 0.5 * height, 0.9, 0.15), between(-0.4 * width, 0.4 * width, 0.2, 0.7)
        cases.append(
            case("RandomTranslation", {"translations": np.stack([right, down], 1)}, draws=[[0.9, 0.2], [0.15, 0.7]], shape=shape, height_factor=(-0.3, 0.5), width_factor=0.4, **how)
        )
        zoom = between(0.5, 1.7, 0.1, 0.8).reshape(-1, 1)
        cases.append(
            case("RandomZoom", {"height_zoom": zoom, "width_zoom": zoom}, draws=[[0.1], [0.8]], shape=shape, height_factor=(-0.5, 0.7), **how)
        )
        wide = between(0.8, 1.2, 0.6, 0.3).reshape(-1, 1)
        cases.append(
            case("RandomZoom", {"height_zoom": zoom, "width_zoom": wide}, draws=[[0.1, 0.6], [0.8, 0.3]], shape=shape, height_factor=(-0.5, 0.7), width_factor=0.2, **how)
        )
        sides = np.array([1, -1], np.float32)
        shear = np.stack([between(0.1, 0.6, 0.2, 0.9) * sides, between(-0.3, 0.3, 0.1, 0.6) * sides], 1)
        cases.append(
            case("RandomShear", {"shear_factor": shear}, draws=[[0.3, 0.2, 0.1], [0.7, 0.9, 0.6]], shape=shape, x_factor=(0.1, 0.6), y_factor=0.3, **how)
        )
    flips = np.array([True, False]).reshape(-1, 1, 1, 1)
    for mode, draws in (("horizontal", [[0.2], [0.6]]), ("vertical", [[0.2], [0.6]]), ("horizontal_and_vertical", [[0.1, 0.2], [0.9, 0.6]])):
        for shape in sizes:
            cases.append(case("RandomFlip", {"flips": flips}, draws=draws, shape=shape, mode=mode))
    for shape, interpolation in zip(sizes, ("bilinear", "nearest")):
        height, width, _ = shape
        drawn = uniform((BATCH, 8), 300).reshape(BATCH, 4, 2) * 0.5 + 0.5
        start = np.array([[0, 0], [width - 1, 0], [0, height - 1], [width - 1, height - 1]], np.float32)
        end = start + (drawn - 0.5) * 0.5 * 0.8 * np.array([width - 1, height - 1])
        cases.append(
            case(
                "RandomPerspective",
                {
                    "apply_perspective": np.array([True, True]),
                    "start_points": np.stack([start] * BATCH),
                    "end_points": end.astype(np.float32),
                },
                draws=[[0.1, *(float(f"{one:.7f}") for one in row.ravel())] for row in drawn],
                shape=shape,
                scale=0.8,
                interpolation=interpolation,
                fill_value=30.0,
            )
        )
    for kernel_size, shape in ((3, sizes[0]), (5, sizes[1])):
        sigma = np.array([0.9, 0.6], np.float32)
        transformation = {"should_apply_blur": np.array([True, True]), "blur_factor": sigma}
        across, down = (column(one, one) for one in sigma)
        cases.append(case("RandomGaussianBlur", transformation, {"across": across, "down": down}, shape=shape, kernel_size=kernel_size))
    for fill_value, shape in ((7.5, sizes[1]), ((10.0, 200.0, 90.0), sizes[0])):
        height, width, channels = shape
        left, right, top, bottom = (np.array(ends, np.float32) for ends in ((1, 0.5), (3.2, 2), (0, 2.5), (2, 4.5)))
        layer = layers.RandomErasing(fill_value=fill_value)
        given = keras.ops.zeros((BATCH, *shape))
        transformation = {
            "apply_erasing": np.array([True, True]),
            "batch_masks": layer._generate_batch_mask((BATCH, *shape), (left, right, top, bottom)),
            "fill_value": layer._get_fill_value(given, (BATCH, *shape), None),
        }
        fill = np.tile(np.array(fill_value, np.float32).reshape(1, 1, 1, -1), (BATCH, 1, 1, 1))
        here = {"left": column(*left), "right": column(*right), "top": column(*top), "bottom": column(*bottom), "fill": fill}
        cases.append(case("RandomErasing", transformation, here, shape=shape, fill_value=fill_value))
    # Between the last pixel and the first one of the picture again, Keras on TensorFlow repeats one of them.
    shift = np.array([[-2, 2], [-2, 2]], np.float32)
    cases.append(
        case("RandomTranslation", {"translations": shift}, draws=[[0.2, 0.4], [0.8, 0.6]], shape=(5, 4, 2), height_factor=(0.4, 0.4), width_factor=(-0.5, -0.5), fill_mode="wrap")
    )
    # Keras cuts all pictures of a batch at one place.
    cases.append(case("RandomCrop", (2, 1), draws=[[0.7, 0.5], [0.6, 0.4]], height=3, width=5))
    return cases


def main():
    golden = {"keras": keras.__version__, "backend": keras.backend.backend(), "cases": photometric() + geometric()}
    path = pathlib.Path(__file__).parent.parent / "test/golden/augmentation.json"
    path.write_text(json.dumps(golden, separators=(",", ":")).replace('{"keras"', '\n{"keras"').lstrip() + "\n")


main()
