"""Writes test/golden/image-data-generator.json: pictures transformed and standardized by Keras's ImageDataGenerator, where Keras
does what its documentation says. Where it does not, the same formula without the fault is computed here with SciPy, and the
case says "keras": false (docs/decisions/image-data-generator.md lists the faults).

Run it in a throw-away virtual environment with `pip install keras tensorflow scipy pillow`:
    python scripts/make-generator-golden.py
"""

import json
import os
import pathlib

os.environ.setdefault("KERAS_BACKEND", "tensorflow")

import keras
import numpy
import scipy
import scipy.ndimage
from formula import uniform
from keras.src.legacy.preprocessing.image import ImageDataGenerator

CAMEL = {
    "flip_horizontal": "flipHorizontal",
    "flip_vertical": "flipVertical",
    "channel_shift_intensity": "channelShiftIntensity",
}


def camel(name):
    first, *others = name.split("_")
    return first + "".join(word.capitalize() for word in others)


def pictures(shape, salt):
    values = numpy.array(uniform(shape, salt), dtype=numpy.float32).reshape(shape)
    return ((values + 1) * numpy.float32(127.5)).astype(numpy.float32)


def matrix_of(parameters, height, width):
    """From (column, row) of the result to (column, row) of the picture, about the picture's centre."""
    theta, shear = (numpy.deg2rad(parameters.get(name, 0)) for name in ("theta", "shear"))
    rotation = [[numpy.cos(theta), -numpy.sin(theta), 0], [numpy.sin(theta), numpy.cos(theta), 0], [0, 0, 1]]
    shift = [[1, 0, parameters.get("tx", 0)], [0, 1, parameters.get("ty", 0)], [0, 0, 1]]
    slant = [[1, -numpy.sin(shear), 0], [0, numpy.cos(shear), 0], [0, 0, 1]]
    zoom = numpy.diag([parameters.get("zx", 1), parameters.get("zy", 1), 1])
    centre = numpy.array([[1, 0, (width - 1) / 2], [0, 1, (height - 1) / 2], [0, 0, 1]])
    middle = numpy.array(rotation) @ shift @ slant @ zoom
    return centre @ middle @ numpy.linalg.inv(centre)


def without_faults(x, parameters, fill_mode="nearest", cval=0.0, interpolation_order=1):
    height, width, channels = x.shape
    matrix = matrix_of(parameters, height, width)[[1, 0, 2]][:, [1, 0, 2]]
    mode = {"wrap": "grid-wrap", "constant": "grid-constant"}.get(fill_mode, fill_mode)
    moved = [
        scipy.ndimage.affine_transform(
            x[..., channel].astype(numpy.float64),
            matrix[:2, :2],
            matrix[:2, 2],
            order=interpolation_order,
            mode=mode,
            cval=cval,
        )
        for channel in range(channels)
    ]
    result = numpy.stack(moved, axis=-1)
    shift = parameters.get("channel_shift_intensity")
    if shift is not None:
        result = numpy.clip(result + shift, result.min(), result.max())
    if parameters.get("flip_horizontal"):
        result = result[:, ::-1]
    if parameters.get("flip_vertical"):
        result = result[::-1]
    brightness = parameters.get("brightness")
    if brightness is not None:
        low, high = result.min(), result.max()
        if low < 0 or high > 255:
            result = numpy.clip((result - low) * brightness, 0, high - low) + low
        else:
            result = numpy.clip(result * brightness, 0, 255)
    return result


SQUARE, WIDE = (7, 7, 3), (6, 9, 3)
EVERYTHING = {
    "theta": 21.0, "tx": 1.25, "ty": -0.5, "shear": 9.0, "zx": 0.8, "zy": 1.3,
    "channel_shift_intensity": 20.0, "flip_horizontal": True, "flip_vertical": True,
}
# Shape, options, parameters.
TRANSFORMS = [
    (SQUARE, {}, {"theta": 33.0}),
    (SQUARE, {}, {"tx": 1.5}),
    (SQUARE, {}, {"ty": -2.25}),
    (SQUARE, {}, {"shear": 25.0}),
    (SQUARE, {}, {"zx": 0.7, "zy": 1.4}),
    (SQUARE, {}, {"flip_horizontal": True}),
    (SQUARE, {}, {"flip_vertical": True, "theta": 12.0}),
    (SQUARE, {}, {"channel_shift_intensity": -40.0}),
    (SQUARE, {"fill_mode": "reflect"}, EVERYTHING),
    (SQUARE, {}, EVERYTHING),
    (SQUARE, {"interpolation_order": 0}, {"theta": 31.0, "tx": 0.3}),
    (SQUARE, {"fill_mode": "constant", "cval": 9.0}, {"theta": 31.0, "tx": 2.3}),
    (SQUARE, {"fill_mode": "wrap"}, {"theta": 31.0, "tx": 2.3}),
    (WIDE, {}, {"theta": 90.0}),
    (WIDE, {}, {"zx": 0.5, "zy": 0.5}),
    (WIDE, {"fill_mode": "reflect"}, EVERYTHING),
    (SQUARE, {}, {"brightness": 0.6}),
    (SQUARE, {}, {"brightness": 1.7, "theta": 5.0}),
    ((5, 4, 1), {}, {"brightness": 1.5, "tx": 1.0}),
]


# What an argument of the generator does to a picture.
PARAMETERS = {
    "theta": "rotation_range",
    "ty": "height_shift_range",
    "tx": "width_shift_range",
    "shear": "shear_range",
    "zx": "zoom_range",
    "zy": "zoom_range",
    "flip_horizontal": "horizontal_flip",
    "flip_vertical": "vertical_flip",
    "channel_shift_intensity": "channel_shift_range",
    "brightness": "brightness_range",
}


def source(is_right, options, arguments=()):
    """Who computed a case, and with which arguments of the generator: Keras, or the formula without its fault."""
    named = dict.fromkeys([*(name for name in options if options[name]), *arguments])
    return {"keras" if is_right else "formula": "tf.keras.preprocessing.image.ImageDataGenerator",
            "arguments": [camel(name) for name in named]}


def transform_case(shape, options, parameters, salt):
    x = pictures(shape, salt)
    expected = without_faults(x, parameters, **options)
    is_right = shape[0] == shape[1] and options.get("fill_mode") not in ("wrap", "constant")
    is_right = is_right and "brightness" not in parameters
    upstream = ImageDataGenerator(**options).apply_transform(x.copy(), parameters)
    if is_right:
        assert numpy.allclose(upstream, expected, atol=2e-4), parameters
        expected = upstream
    elif shape[0] == shape[1] and "brightness" in parameters:
        # Keras cuts to whole numbers twice: before it multiplies and after.
        assert numpy.abs(upstream - expected).max() < 3
    return {
        "shape": list(shape),
        "salt": salt,
        "options": {camel(name): value for name, value in options.items()},
        "parameters": {CAMEL.get(name, name): value for name, value in parameters.items()},
        **source(is_right, options, [PARAMETERS[name] for name in parameters]),
        "output": [round(float(value), 4) for value in numpy.asarray(expected).ravel()],
    }


# Options, shape of the data that fit sees.
STANDARDIZATIONS = [
    ({"rescale": 1 / 255}, None),
    ({"samplewise_center": True}, None),
    ({"samplewise_std_normalization": True, "rescale": 0.5}, None),
    ({"featurewise_center": True}, (8, 3, 4, 3)),
    ({"featurewise_std_normalization": True, "rescale": 1 / 255}, (8, 3, 4, 3)),
    ({"zca_whitening": True, "rescale": 1 / 255}, (40, 3, 4, 1)),
    ({"zca_whitening": True, "rescale": 1 / 255, "zca_epsilon": 0.1}, (40, 2, 3, 3)),
    ({"zca_whitening": True, "zca_epsilon": 10.0}, (7, 4, 5, 1)),
]


def standardization_case(options, fitted, salt):
    generator = ImageDataGenerator(**options)
    shape = (2, *(fitted[1:] if fitted else (3, 4, 3)))
    if fitted:
        data = pictures(fitted, salt)
        generator.fit(data)
        if generator.zca_whitening and fitted[0] < numpy.prod(fitted[1:]):
            # Centred pictures span one direction less than there are pictures; Keras weighs the noise along the last one.
            rows = data.reshape(fitted[0], -1) * (generator.rescale or 1)
            axes, singular, _ = numpy.linalg.svd((rows - rows.mean()).T.astype(numpy.float64), full_matrices=False)
            kept = singular > 1e-6 * singular[0]
            weights = numpy.sqrt(fitted[0]) / (singular[kept] + generator.zca_epsilon)
            generator.zca_whitening_matrix = (axes[:, kept] * weights) @ axes[:, kept].T
    x = pictures(shape, salt + 100)
    output = numpy.stack([generator.standardize(picture.copy()) for picture in x])
    case = {
        **source(True, options),
        "options": {camel(name): value for name, value in options.items()},
        "fitted": list(fitted) if fitted else None,
        "salt": salt,
        "shape": list(shape),
        "output": [round(float(value), 6) for value in output.ravel()],
    }
    for name in ("mean", "std"):
        value = getattr(generator, name)
        if value is not None:
            case[name] = [round(float(number), 6) for number in value.ravel()]
    return case


golden = {
    "keras": keras.__version__,
    "scipy": scipy.__version__,
    "transforms": [transform_case(*case, salt) for salt, case in enumerate(TRANSFORMS)],
    "standardizations": [standardization_case(*case, 50 + salt) for salt, case in enumerate(STANDARDIZATIONS)],
}
path = pathlib.Path(__file__).parent.parent / "test" / "golden" / "image-data-generator.json"
path.write_text(json.dumps(golden, separators=(",", ":")) + "\n")
print(path, path.stat().st_size, "bytes")
