"""Writes test/golden/parts.json: what Keras computes for constraints and regularizers with their gradients, and how the
numbers of its initializers are spread.

Keras runs on TensorFlow. Run it in a throw-away virtual environment with `pip install keras tensorflow`:
    python scripts/make-part-golden.py
"""

import json
import os
import pathlib

os.environ.setdefault("KERAS_BACKEND", "tensorflow")

import keras
import numpy as np
import tensorflow as tf

CONSTRAINTS = [
    ("NonNeg", {}, [4, 3]),
    ("MaxNorm", {}, [4, 3]),
    ("MaxNorm", {"max_value": 0.5, "axis": 1}, [4, 3]),
    ("MaxNorm", {"max_value": 1.0, "axis": [0, 1, 2]}, [2, 3, 2, 2]),
    ("MaxNorm", {"max_value": 1.0, "axis": [0, 3]}, [2, 3, 2, 2]),
    ("MaxNorm", {"max_value": 0.5, "axis": -1}, [2, 3, 2]),
    ("MaxNorm", {}, [3]),
    ("UnitNorm", {}, [4, 3]),
    ("UnitNorm", {"axis": [0, 1, 2]}, [2, 3, 2, 2]),
    ("MinMaxNorm", {}, [4, 3]),
    ("MinMaxNorm", {"min_value": 1.5, "max_value": 1.6, "rate": 0.7}, [4, 3]),
    ("MinMaxNorm", {"min_value": 0.5, "max_value": 0.9, "axis": [0, 1, 2]}, [2, 3, 2, 2]),
]
REGULARIZERS = [
    ("L1", {}, [4, 3]),
    ("L1", {"l1": 0.3}, [2, 3, 2, 2]),
    ("L2", {}, [4, 3]),
    ("L2", {"l2": 0.3}, [5]),
    ("L1L2", {}, [4, 3]),
    ("L1L2", {"l2": 0.1}, [4, 3]),
    ("L1L2", {"l1": 0.2, "l2": 0.1}, [4, 3]),
    ("OrthogonalRegularizer", {}, [4, 3]),
    ("OrthogonalRegularizer", {"factor": 0.5, "mode": "columns"}, [4, 3]),
]
INITIALIZERS = [
    ("Zeros", {}),
    ("Ones", {}),
    ("Constant", {"value": 0.25}),
    ("RandomNormal", {}),
    ("RandomNormal", {"mean": 1.0, "stddev": 0.5}),
    ("TruncatedNormal", {}),
    ("TruncatedNormal", {"mean": -1.0, "stddev": 2.0}),
    ("RandomUniform", {}),
    ("RandomUniform", {"minval": 1.0, "maxval": 3.0}),
    ("GlorotUniform", {}),
    ("GlorotNormal", {}),
    ("HeUniform", {}),
    ("HeNormal", {}),
    ("LecunUniform", {}),
    ("LecunNormal", {}),
    ("VarianceScaling", {}),
    ("VarianceScaling", {"scale": 3.0, "mode": "fan_out", "distribution": "uniform"}),
    ("VarianceScaling", {"scale": 0.5, "mode": "fan_avg", "distribution": "untruncated_normal"}),
    ("Orthogonal", {}),
    ("Orthogonal", {"gain": 2.0}),
    ("Identity", {"gain": 0.5}),
]
# A dense kernel, a convolution's, a depthwise convolution's and a bias.
SHAPES = [[300, 200], [3, 5, 40, 60], [3, 3, 500, 2], [9000]]


def camel(name):
    head, *rest = name.split("_")
    return head + "".join(part.capitalize() for part in rest)


def lower(name):
    return camel(name[0].lower() + name[1:])


def name_of(keras_name):
    return "l1l2" if keras_name == "L1L2" else lower(keras_name)


def plain(options):
    return {camel(key): camel(value) if isinstance(value, str) else value for key, value in options.items()}


def numbers(tensor):
    return [float(str(number)) for number in np.asarray(tensor, np.float32).ravel()]


def weight_of(shape):
    """Numbers from -1 to 1 in hundredths, with a zero."""
    count = int(np.prod(shape))
    weight = np.round(np.sin(np.arange(count) * 1.7 + 0.3), 2).astype(np.float32)
    weight[count // 2] = 0
    return weight.reshape(shape)


def constraint_case(name, options, shape):
    made = getattr(keras.constraints, name)(**options)
    weight = weight_of(shape)
    case = {"keras": f"keras.constraints.{name}", "name": name_of(name), "options": plain(options), "shape": shape}
    return {**case, "weight": numbers(weight), "result": numbers(made(weight))}


def regularizer_case(name, options, shape):
    made = getattr(keras.regularizers, name)(**options)
    weight = tf.constant(weight_of(shape))
    with tf.GradientTape() as tape:
        tape.watch(weight)
        value = made(weight)
    gradient = tape.gradient(value, weight)
    case = {"keras": f"keras.regularizers.{name}", "name": name_of(name), "options": plain(options), "shape": shape}
    gradient = np.zeros(shape) if gradient is None else gradient
    return {**case, "weight": numbers(weight), "value": numbers(value)[0], "gradient": numbers(gradient)}


def initializer_case(name, options, shape):
    random = {"seed": 1} if name not in ("Zeros", "Ones", "Constant", "Identity") else {}
    draw = np.asarray(getattr(keras.initializers, name)(**options, **random)(shape), np.float64)
    case = {"keras": f"keras.initializers.{name}", "name": name_of(name), "options": plain(options), "shape": shape}
    spread = {"mean": draw.mean(), "deviation": draw.std(), "least": draw.min(), "most": draw.max()}
    return {**case, **{key: float(f"{value:.6g}") for key, value in spread.items()}}


def initializer_cases():
    for name, options in INITIALIZERS:
        for shape in SHAPES:
            if name == "Orthogonal" and (len(shape) == 1 or shape[-1] == 2) or name == "Identity" and len(shape) != 2:
                continue
            yield initializer_case(name, options, shape)


def main():
    golden = {
        "keras": keras.__version__,
        "backend": keras.backend.backend(),
        "constraints": [constraint_case(*row) for row in CONSTRAINTS],
        "regularizers": [regularizer_case(*row) for row in REGULARIZERS],
        "initializers": list(initializer_cases()),
    }
    lines = [
        f'"{key}": [\n' + ",\n".join(json.dumps(case) for case in value) + "\n]" if isinstance(value, list) else f'"{key}": "{value}"'
        for key, value in golden.items()
    ]
    path = pathlib.Path(__file__).parent.parent / "test" / "golden" / "parts.json"
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n")


main()
