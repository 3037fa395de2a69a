"""Writes test/golden/layers.json: what Keras computes for layers and activations, with gradients.

Inputs, weights and the numbers that gradients are weighted with come from a formula on whole numbers that
test/support/formula.ts shares, so the file holds results only. Keras runs on TensorFlow here: its layers take channels last.
Run it in a throw-away virtual environment with `pip install keras tensorflow`, with the version of Keras that the file names:
what was there before must stay as it is.
    python scripts/make-layer-golden.py
"""

import json
import os
import pathlib
import re

os.environ.setdefault("KERAS_BACKEND", "tensorflow")

import keras
import numpy as np
import tensorflow as tf

BATCH = 2
POINTS = [-1e4, -90, -20, -6, -3, -2.5, -1, -0.5, -1e-3, 0, 1e-3, 0.5, 1, 2, 3, 4.5, 6, 20, 90, 1e4]


def mixed(numbers):
    """A 32-bit hash of each whole number."""
    x = (numbers.astype(np.uint64) + 1) * 2654435761 % 2**32
    x = (x ^ (x >> 16)) * 2246822519 % 2**32
    return x ^ (x >> 13)


def uniform(shape, salt):
    """Numbers in [-1, 1)."""
    count = int(np.prod(shape))
    return (mixed(np.arange(count) + salt * 1_000_003) / 2**31 - 1).reshape(shape).astype(np.float32)


def weight(name, shape, salt):
    """Variances are positive, all others from -1 to 1."""
    values = uniform(shape, salt)
    return np.abs(values) + np.float32(0.5) if name.endswith("variance") else values


def rounded(values):
    return [float(f"{value:.7g}") for value in np.asarray(values, np.float64).ravel()]


def camel(value):
    if isinstance(value, str):
        head, *rest = value.split("_")
        return head + "".join(part.capitalize() for part in rest)
    return value


def case(name, shapes, training=False, **options):
    """One layer on inputs of the given shapes."""
    layer = getattr(keras.layers, name)(**options)
    inputs = [tf.constant(uniform((BATCH, *shape), 100 + index)) for index, shape in enumerate(shapes)]
    given = inputs if isinstance(layer, keras.src.layers.merging.base_merge.Merge) else inputs[0]
    layer(given)
    layer.set_weights([weight(one.name, one.shape, salt) for salt, one in enumerate(layer.weights)])
    trained = list(layer.trainable_variables)
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        output = layer(given, training=True) if training else layer(given)
        loss = tf.reduce_sum(output * uniform(output.shape, 200))
    gradients = tape.gradient(loss, inputs + [one.value for one in trained])
    result = {
        "keras": f"keras.layers.{name}",
        "className": name,
        "name": re.sub(r"_\d+$", "", layer.name),
        "options": {camel(key): camel(value) for key, value in options.items()},
        "inputShapes": [list(shape) for shape in shapes],
        "outputShape": list(output.shape[1:]),
        "output": rounded(output),
        "gradients": [rounded(one) for one in gradients],
    }
    if training:
        result["training"] = True
        result["weightsAfter"] = [rounded(one) for one in layer.non_trainable_variables]
    return result


def layers():
    # TensorFlow rounds bicubic weights to a table unless it is asked to smooth, which changes nothing for larger pictures.
    picture, wide = [(5, 6, 3)], [(7, 8, 4)]
    return [
        case("Dense", [(5,)], units=4, activation="softmax"),
        case("Dense", [(3,)], units=2, use_bias=False),
        case("Dense", [(3, 4)], units=2, activation="tanh"),
        case("Dense", [(2, 3, 2)], units=3, use_bias=False),
        case("Conv2D", picture, filters=3, kernel_size=3),
        case("Conv2D", picture, filters=2, kernel_size=(2, 3), strides=(2, 1), padding="same", activation="relu"),
        case("Conv2D", picture, filters=2, kernel_size=3, strides=2, padding="same", use_bias=False, activation="tanh"),
        case("Conv2D", [(6, 5, 1)], filters=2, kernel_size=(4, 3), strides=(3, 2), padding="same"),
        case("Conv2D", wide, filters=2, kernel_size=3, dilation_rate=2, activation="sigmoid"),
        case("Conv2D", wide, filters=1, kernel_size=(3, 2), dilation_rate=(2, 3), padding="same"),
        case("Conv2D", wide, filters=6, kernel_size=3, groups=2),
        case("Conv2D", wide, filters=4, kernel_size=(2, 3), groups=4, strides=2, padding="same", use_bias=False),
        case("SeparableConv2D", picture, filters=4, kernel_size=3),
        case("SeparableConv2D", picture, filters=2, kernel_size=(3, 2), strides=2, padding="same", depth_multiplier=2, activation="elu"),
        case("SeparableConv2D", wide, filters=2, kernel_size=3, dilation_rate=2, use_bias=False),
        case("DepthwiseConv2D", picture, kernel_size=3),
        case("DepthwiseConv2D", picture, kernel_size=(2, 3), strides=2, padding="same", depth_multiplier=2, activation="relu"),
        case("DepthwiseConv2D", wide, kernel_size=3, dilation_rate=2, use_bias=False),
        case("Conv2DTranspose", [(3, 4, 2)], filters=3, kernel_size=3),
        case("Conv2DTranspose", [(3, 4, 2)], filters=2, kernel_size=3, strides=2, padding="same", activation="relu"),
        case("Conv2DTranspose", [(3, 2, 2)], filters=2, kernel_size=(3, 4), strides=2, use_bias=False),
        case("Conv2DTranspose", [(3, 4, 2)], filters=1, kernel_size=2, strides=3),
        case("Conv2DTranspose", [(3, 2, 2)], filters=2, kernel_size=3, strides=2, padding="same", output_padding=0),
        case("Conv2DTranspose", [(3, 2, 2)], filters=2, kernel_size=3, strides=(3, 2), padding="same", output_padding=1),
        case("Conv2DTranspose", [(3, 2, 2)], filters=2, kernel_size=3, strides=2, output_padding=1),
        case("Conv2DTranspose", [(4, 4, 1)], filters=1, kernel_size=(3, 2), padding="same"),
        case("MaxPooling2D", picture),
        case("MaxPooling2D", picture, pool_size=(3, 2), strides=(2, 1), padding="same"),
        case("MaxPooling2D", wide, pool_size=3, strides=2),
        case("MaxPooling2D", picture, pool_size=2, strides=3, padding="same"),
        case("AveragePooling2D", picture, pool_size=2),
        case("AveragePooling2D", picture, pool_size=(3, 2), strides=(2, 1), padding="same"),
        case("AveragePooling2D", wide, pool_size=3, strides=2),
        case("AveragePooling2D", wide, pool_size=(3, 4), strides=2, padding="same"),
        case("GlobalAveragePooling2D", picture),
        case("GlobalAveragePooling2D", picture, keepdims=True),
        case("GlobalMaxPooling2D", picture),
        case("GlobalMaxPooling2D", picture, keepdims=True),
        case("Flatten", [(3, 2, 2)]),
        case("Flatten", [(4,)]),
        case("Reshape", [(3, 4)], target_shape=(2, 6)),
        case("Reshape", [(3, 4)], target_shape=(2, -1, 3)),
        case("Reshape", [(2, 3)], target_shape=(-1,)),
        case("Permute", [(2, 3)], dims=(2, 1)),
        case("Permute", [(2, 3, 4)], dims=(3, 1, 2)),
        case("ZeroPadding2D", [(2, 3, 2)]),
        case("ZeroPadding2D", [(2, 3, 2)], padding=(1, 2)),
        case("ZeroPadding2D", [(2, 3, 2)], padding=((1, 0), (0, 2))),
        case("Cropping2D", [(4, 5, 2)], cropping=1),
        case("Cropping2D", [(4, 5, 2)], cropping=(1, 2)),
        case("Cropping2D", [(4, 5, 2)], cropping=((0, 1), (2, 0))),
        case("UpSampling2D", [(2, 3, 2)]),
        case("UpSampling2D", [(2, 3, 2)], size=(3, 1)),
        case("UpSampling2D", [(3, 2, 2)], size=(2, 3), interpolation="bilinear"),
        case("BatchNormalization", picture),
        case("BatchNormalization", picture, training=True),
        case("BatchNormalization", [(5,)], training=True, momentum=0.9, epsilon=0.01, center=False),
        case("BatchNormalization", [(4, 3)], training=True, scale=False, momentum=0.5),
        case("BatchNormalization", [(4, 2)], center=False, scale=False),
        case("LayerNormalization", picture),
        case("LayerNormalization", [(6,)], epsilon=0.1, center=False),
        case("LayerNormalization", picture, axis=(1, 2, 3), scale=False),
        case("LayerNormalization", picture, axis=(-2, -1)),
        case("GroupNormalization", wide, groups=2),
        case("GroupNormalization", wide, groups=-1, epsilon=0.01, center=False),
        case("GroupNormalization", picture, groups=1, scale=False),
        case("GroupNormalization", [(6,)], groups=3),
        case("GroupNormalization", [(3, 4)], groups=2),
        case("Dropout", [(4,)], rate=0.5),
        case("SpatialDropout2D", [(2, 2, 2)], rate=0.5),
        case("GaussianDropout", [(4,)], rate=0.5),
        case("GaussianNoise", [(4,)], stddev=0.5),
        case("Activation", [(4,)], activation="tanh"),
        case("Activation", [(2, 4)], activation="softmax"),
        case("ReLU", [(8,)]),
        case("ReLU", [(8,)], max_value=0.4),
        case("ReLU", [(8,)], negative_slope=0.1),
        case("ReLU", [(8,)], negative_slope=0.2, threshold=0.3),
        case("ReLU", [(8,)], max_value=0.5, negative_slope=0.2, threshold=0.1),
        case("ReLU", [(8,)], threshold=0.25),
        case("LeakyReLU", [(8,)]),
        case("LeakyReLU", [(8,)], negative_slope=0.05),
        case("PReLU", [(2, 3)]),
        case("PReLU", picture, shared_axes=(1, 2)),
        case("ELU", [(8,)]),
        case("ELU", [(8,)], alpha=0.3),
        case("Softmax", [(4,)]),
        case("Softmax", [(3, 2, 2)], axis=1),
        case("Softmax", [(3, 4)], axis=-2),
        case("Add", [(3, 2), (3, 2), (3, 2)]),
        case("Add", [(3, 2, 2), (2,)]),
        case("Subtract", [(3, 2), (3, 2)]),
        case("Multiply", [(2, 3, 2), (1, 1, 2), (2, 3, 1)]),
        case("Average", [(3, 2), (3, 2), (3, 2)]),
        case("Maximum", [(3, 2), (3, 2), (3, 2)]),
        case("Minimum", [(3, 2), (3, 2)]),
        case("Concatenate", [(2, 3), (2, 1), (2, 2)]),
        case("Concatenate", [(2, 3, 2), (1, 3, 2)], axis=1),
        case("Concatenate", [(2, 3, 2), (2, 1, 2)], axis=-2),
        case("Rescaling", [(4,)], scale=1 / 127.5, offset=-1),
        case("Rescaling", [(2, 2, 3)], scale=[0.5, 2.0, -1.0], offset=[0.1, 0.2, 0.3]),
        case("Rescaling", [(2, 2, 3)], scale=0.5, offset=[0.1, 0.2, 0.3]),
        case("Normalization", [(2, 2, 3)], mean=[0.1, 0.2, 0.3], variance=[4.0, 0.25, 0.0]),
        case("Normalization", [(3,)], mean=[0.1, 0.2, 0.3], variance=[4.0, 0.25, 2.0], invert=True),
        case("Normalization", [(2, 3)], axis=None, mean=0.3, variance=2.0),
        case("Resizing", [(3, 4, 2)], height=5, width=6),
        case("Resizing", [(5, 6, 2)], height=2, width=3),
        case("Resizing", [(3, 5, 2)], height=5, width=3, interpolation="nearest"),
        case("Resizing", [(4, 6, 2)], height=3, width=3, crop_to_aspect_ratio=True),
        case("Resizing", [(5, 3, 1)], height=2, width=4, crop_to_aspect_ratio=True),
        case("Resizing", [(6, 5, 1)], height=3, width=2, antialias=True),
        case("Resizing", [(3, 3, 1)], height=4, width=5, interpolation="bicubic", antialias=True),
        case("Resizing", [(4, 6, 2)], height=3, width=3, pad_to_aspect_ratio=True, fill_value=0.5),
        case("Resizing", [(5, 3, 1)], height=2, width=4, pad_to_aspect_ratio=True, interpolation="nearest"),
        case("Resizing", [(3, 6, 2)], height=4, width=5, pad_to_aspect_ratio=True, fill_mode="constant", fill_value=-2.0),
        case("Resizing", [(2, 4, 1)], height=3, width=6, pad_to_aspect_ratio=True),
        case("CenterCrop", [(5, 6, 2)], height=3, width=3),
        case("CenterCrop", [(4, 3, 2)], height=3, width=2),
        case("CenterCrop", [(3, 4, 1)], height=5, width=2),
        case("Identity", [(4,)]),
    ]


def activation_golden(name, shape=None, **options):
    """Values and slopes at points from -10,000 to 10,000 with every kink; softmax over rows of them."""
    x = tf.constant(np.array(POINTS, np.float32).reshape(shape or (1, -1)))
    if name == "exponential":
        x = tf.minimum(x, 80)
    function = getattr(keras.activations, name)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = function(x, **options)
        loss = tf.reduce_sum(y * uniform(y.shape, 200))
    return {
        "keras": f"keras.activations.{name}",
        "name": camel(name),
        "options": {camel(key): value for key, value in options.items()},
        "shape": list(x.shape),
        "input": rounded(x),
        "output": rounded(y),
        "gradient": rounded(tape.gradient(loss, x)),
    }


def activations():
    names = "linear relu relu6 leaky_relu elu selu gelu silu swish hard_sigmoid hard_swish hard_silu sigmoid tanh softplus softsign mish exponential hard_tanh log_sigmoid"
    return [
        *[activation_golden(name) for name in names.split()],
        activation_golden("relu", negative_slope=0.3),
        activation_golden("relu", max_value=4.5),
        activation_golden("relu", max_value=6),
        activation_golden("relu", threshold=1),
        activation_golden("relu", negative_slope=0.25, max_value=3, threshold=0.5),
        activation_golden("relu", negative_slope=0.25, max_value=6),
        activation_golden("leaky_relu", negative_slope=0.05),
        activation_golden("elu", alpha=0.4),
        activation_golden("gelu", approximate=True),
        activation_golden("softmax", (4, 5)),
        activation_golden("softmax", (4, 5), axis=0),
        activation_golden("log_softmax", (4, 5)),
        activation_golden("log_softmax", (4, 5), axis=0),
    ]


def main():
    golden = {
        "keras": keras.__version__,
        "backend": keras.backend.backend(),
        "layers": layers(),
        "activations": activations(),
    }
    path = pathlib.Path(__file__).parent.parent / "test" / "golden" / "layers.json"
    rows = {key: "[\n" + ",\n".join(json.dumps(row, separators=(",", ":")) for row in value) + "\n]" if isinstance(value, list) else json.dumps(value) for key, value in golden.items()}
    path.write_text("{\n" + ",\n".join(f'"{key}": {value}' for key, value in rows.items()) + "\n}\n")


main()
