"""Writes test/golden/model-curves.json: trainings of five whole models in Keras, reduced and full.

Weights and pictures come from formula.py; test/support/whole-models.ts builds the same networks. For each training the file
holds the losses of 200 steps, the moving statistics of batch normalization after 50 steps and at the end, the accuracy on
pictures that the training did not see, and that accuracy for five seeds of Keras's own first weights.

A training can stand on a knife's edge, where the last bit of a sum decides (make-golden.py). So the pictures are the first
ones (by their salt) on which Keras agrees with itself for the first 50 steps when its first weights are changed by a
millionth of themselves; `steady` says for how many steps it goes on to agree. Run it in a throw-away virtual environment with
`pip install keras torch`; words choose trainings, all others stay as the file has them:
    python scripts/make-model-golden.py [WORD…]
"""

import json
import os
import pathlib
import sys

os.environ.setdefault("KERAS_BACKEND", "torch")

import formula
import keras
import numpy as np

STEPS, STRICT_STEPS, SEEDS = 200, 50, [1, 2, 3, 4, 5]
PATH = pathlib.Path(__file__).parent.parent / "test" / "golden" / "model-curves.json"
layers, schedules, optimizers = keras.layers, keras.optimizers.schedules, keras.optimizers


def sequential(shape, parts):
    return keras.Sequential([layers.Input(shape), layers.Rescaling(1 / 255), *parts])


def thirteen_layers(shape, classes, filters, units):
    blocks = []
    for count in filters:
        blocks += [layers.Conv2D(count, 3, activation="relu"), layers.Activation("relu"), layers.MaxPooling2D(2)]
    head = [layers.Dense(units, activation="relu"), layers.Dropout(0.0), layers.Dense(classes, activation="softmax")]
    return sequential(shape, [*blocks, layers.Flatten(), *head])


def deeper(shape, classes, filters, units):
    blocks = []
    for count in filters:
        blocks += [layers.Conv2D(count, 3, activation="relu"), layers.MaxPooling2D(2)]
    head = [layers.Dropout(0.0), layers.Dense(units, activation="relu"), layers.Dense(classes, activation="softmax")]
    return sequential(shape, [*blocks, layers.Flatten(), *head])


def wide(shape, classes, filters, units):
    convolutions = [layers.Conv2D(count, 3, activation="relu") for count in filters]
    head = [layers.Dense(units, activation="relu"), layers.Dense(classes, activation="softmax")]
    return sequential(shape, [*convolutions, layers.Flatten(), *head])


def residual(shape, classes, filters):
    def convolve(x, count, size, strides):
        x = layers.Conv2D(count, size, strides=strides, padding="same", use_bias=False)(x)
        return layers.BatchNormalization(momentum=0.9)(x)

    inputs = layers.Input(shape)
    x = layers.Rescaling(1 / 255)(inputs)
    x = layers.ReLU()(convolve(x, filters[0], 3, 1))
    for index, count in enumerate(filters):
        strides = 1 if index == 0 else 2
        shortcut = x if index == 0 else convolve(x, count, 1, strides)
        y = layers.ReLU()(convolve(x, count, 3, strides))
        x = layers.ReLU()(layers.Add()([convolve(y, count, 3, 1), shortcut]))
    x = layers.GlobalAveragePooling2D()(x)
    return keras.Model(inputs, layers.Dense(classes, activation="softmax")(x))


def separable(shape, classes, filters):
    options = {"padding": "same", "use_bias": False}
    parts = [layers.Conv2D(filters[0], 3, strides=2, **options), layers.BatchNormalization(momentum=0.9), layers.Activation("relu6")]
    for count in filters[1:]:
        parts += [layers.DepthwiseConv2D(3, **options), layers.BatchNormalization(momentum=0.9), layers.Activation("relu6")]
        parts += [layers.Conv2D(count, 1, **options), layers.BatchNormalization(momentum=0.9), layers.Activation("relu6")]
    parts += [layers.SeparableConv2D(filters[-1], 3, strides=2, **options), layers.BatchNormalization(momentum=0.9), layers.Activation("relu6")]
    return sequential(shape, [*parts, layers.GlobalAveragePooling2D(), layers.Dense(classes, activation="softmax")])


NETWORKS = {
    "thirteenLayers": thirteen_layers,
    "deeper": deeper,
    "wide": wide,
    "residual": residual,
    "separable": separable,
}

# Each as cajal writes it and as Keras does. Course notes' decay is a schedule in Keras 3.
DECAYED = {"initial_learning_rate": 1e-4, "decay_steps": 1, "decay_rate": 1e-6}
OPTIMIZERS = {
    "rmsprop": ({"name": "rmsprop"}, lambda: optimizers.RMSprop()),
    "adam": ({"name": "adam"}, lambda: optimizers.Adam()),
    "adagrad": ({"name": "adagrad"}, lambda: optimizers.Adagrad()),
    "sgd": ({"name": "sgd"}, lambda: optimizers.SGD()),
    "momentum": (
        {"name": "sgd", "learningRate": 0.002, "momentum": 0.9},
        lambda: optimizers.SGD(0.002, momentum=0.9),
    ),
    "decayed adam": (
        {"name": "adam", "learningRate": 1e-4, "decay": 1e-6},
        lambda: optimizers.Adam(schedules.InverseTimeDecay(**DECAYED)),
    ),
    "decayed sgd": (
        {"name": "sgd", "learningRate": 1e-4, "decay": 1e-6},
        lambda: optimizers.SGD(schedules.InverseTimeDecay(**DECAYED)),
    ),
}

EASY = {"noise": 32, "contrast": 200, "moves": 0}
MOVING = {"noise": 156, "contrast": 100, "moves": 1}
BINARY, CATEGORICAL = "binaryCrossentropy", "categoricalCrossentropy"
LOSSES = {BINARY: "binary_crossentropy", CATEGORICAL: "categorical_crossentropy"}
LOSS_CLASSES = {BINARY: "keras.losses.BinaryCrossentropy", CATEGORICAL: "keras.losses.CategoricalCrossentropy"}


def training(network, options, optimizer, loss, size, batch, classes, pictures=MOVING, changes=5, salt=0):
    task = {"size": size, "batch": batch, "classes": classes, "salt": salt, **pictures}
    return {"network": network, "options": options, "optimizer": optimizer, "loss": loss, "task": task, "changes": changes}


COURSE_2 = {"filters": [8, 16, 32, 32], "units": 64}
TRAININGS = {
    "reduced thirteenLayers": training("thirteenLayers", {"filters": [32, 32, 64], "units": 256}, "rmsprop", BINARY, 32, 8, 4, EASY, 10, 133),
    "reduced deeper adam": training("deeper", COURSE_2, "decayed adam", CATEGORICAL, 62, 8, 4, EASY),
    "reduced deeper sgd": training("deeper", COURSE_2, "decayed sgd", CATEGORICAL, 62, 8, 4, EASY),
    "reduced wide": training("wide", {"filters": [16, 16, 16], "units": 64}, "sgd", CATEGORICAL, 16, 16, 10, EASY),
    "reduced residual": training("residual", {"filters": [8, 16]}, "momentum", CATEGORICAL, 16, 16, 4),
    "reduced separable": training("separable", {"filters": [8, 16]}, "adam", CATEGORICAL, 24, 16, 4),
    "full thirteenLayers": training("thirteenLayers", {"filters": [32, 32, 64], "units": 256}, "decayed sgd", CATEGORICAL, 150, 4, 4, EASY),
    "full deeper sgd": training("deeper", {"filters": [32, 64, 128, 128], "units": 512}, "decayed sgd", CATEGORICAL, 150, 4, 4, EASY),
    "full wide": training("wide", {"filters": [128, 128, 128], "units": 1024}, "decayed sgd", CATEGORICAL, 32, 4, 10, EASY, 1),
    "full residual": training("residual", {"filters": [16, 32, 64]}, "decayed sgd", CATEGORICAL, 32, 32, 4, MOVING, 2),
    "full separable": training("separable", {"filters": [16, 32, 64]}, "decayed sgd", CATEGORICAL, 48, 32, 4, MOVING, 2),
}


def compiled(plan, seed=0):
    keras.utils.set_random_seed(seed)
    keras.utils.clear_session()
    task = plan["task"]
    model = NETWORKS[plan["network"]]((task["size"], task["size"], 3), task["classes"], **plan["options"])
    model.compile(optimizer=OPTIMIZERS[plan["optimizer"]][1](), loss=LOSSES[plan["loss"]])
    return model


def moving_statistics(model):
    moving = [variable for variable in model.weights if variable.name.startswith("moving_")]
    return [[float(f"{number:.6g}") for number in keras.ops.convert_to_numpy(variable)] for variable in moving]


def train(model, task, steps, after=None, like=None):
    """The losses of each step, up to the first that is not as `like` says."""
    losses = []
    for step in range(steps):
        # `train_on_batch` gives the mean since the metrics were reset.
        model.reset_metrics()
        losses.append(round(float(model.train_on_batch(*formula.batch(step, task))), 8))
        if after:
            after(step + 1)
        if like and agreeing(like, losses) <= step:
            break
    return losses


def accuracy(model, task):
    """The share of right answers on the batches that follow those of the training, at least 256 pictures."""
    right, count = 0, 0
    while count < 256:
        x, y = formula.batch(STEPS + count // task["batch"], task)
        right += int(np.sum(np.argmax(model.predict_on_batch(x), 1) == np.argmax(y, 1)))
        count += task["batch"]
    return right / count


def agreeing(losses, others):
    """For how many steps the losses agree to a fifth of what the test allows."""
    size = min(len(losses), len(others))
    a, b = np.array(losses[:size]), np.array(others[:size])
    apart = np.flatnonzero(np.abs(a - b) > 2e-4 * np.maximum(a, 0.05))
    return int(apart[0]) if len(apart) else size


def steady_training(plan, task):
    """The training from the formula's weights, or None where Keras does not agree with itself for the strict steps."""

    def run(change, steps, like=None):
        model = compiled(plan)
        model.set_weights(formula.perturbed(formula.weights(model), change))
        return train(model, task, steps, like=like)

    first = run(0, STRICT_STEPS)
    for change in range(1, plan["changes"] + 1):
        if agreeing(first, run(change, STRICT_STEPS, first)) < STRICT_STEPS:
            return None
    model, found = compiled(plan), {}

    def after(step):
        if step in (STRICT_STEPS, STEPS):
            found[step] = moving_statistics(model)

    model.set_weights(formula.weights(model))
    names = [["/".join(variable.path.split("/")[-2:]), list(variable.shape)] for variable in model.weights]
    kinds = {type(layer).__name__ for layer in model.layers} - {"InputLayer"}
    parts = sorted(f"keras.layers.{kind}" for kind in kinds)
    parts += [f"keras.optimizers.{type(model.optimizer).__name__}", LOSS_CLASSES[plan["loss"]]]
    losses = train(model, task, STEPS, after)
    share = accuracy(model, task)
    del model
    steady = agreeing(losses, run(1, STEPS, losses))
    return {
        "parts": [{"keras": part} for part in parts],
        **{key: plan[key] for key in ("network", "options", "loss")},
        "optimizer": OPTIMIZERS[plan["optimizer"]][0],
        "task": task,
        "weights": names,
        "steady": steady,
        "losses": losses,
        **({"moving": found[STRICT_STEPS], "movingAtEnd": found[STEPS]} if found[STEPS] else {}),
        "accuracy": share,
    }


def seed_accuracy(plan, task, seed):
    model = compiled(plan, seed)
    train(model, task, STEPS)
    return accuracy(model, task)


def main():
    words = sys.argv[1:]
    for name, plan in TRAININGS.items():
        if not all(word in name.split() for word in words):
            continue
        salt, result = plan["task"]["salt"], None
        while result is None:
            result = steady_training(plan, {**plan["task"], "salt": salt})
            salt += 1
            print(name, salt, flush=True)
        result["accuracies"] = [seed_accuracy(plan, result["task"], seed) for seed in SEEDS]
        trainings = json.loads(PATH.read_text())["trainings"] if PATH.exists() else {}
        trainings[name] = result
        print(name, {key: result[key] for key in ("steady", "accuracy", "accuracies")}, result["losses"][::20], flush=True)
        golden = {"keras": keras.__version__, "backend": keras.backend.backend(), "trainings": trainings}
        rows = ",\n".join(f"{json.dumps(key)}: {json.dumps(trainings[key])}" for key in TRAININGS if key in trainings)
        text = json.dumps({**golden, "trainings": 0})
        PATH.write_text(text.replace('"trainings": 0', '"trainings": {\n' + rows + "\n}") + "\n")


main()
