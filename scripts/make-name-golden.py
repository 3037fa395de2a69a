"""Writes test/golden/names.json: the names of Keras in the parts that this field uses, and what each takes, with defaults.

Run it in a throw-away virtual environment with `pip install keras tensorflow`:
    python scripts/make-name-golden.py
"""

import inspect
import json
import os
import pathlib

os.environ.setdefault("KERAS_BACKEND", "tensorflow")

import keras
from keras.src.legacy.preprocessing.image import ImageDataGenerator

MODULES = ["layers", "initializers", "regularizers", "constraints", "losses", "metrics", "optimizers", "optimizers.schedules", "callbacks"]
# Parents of one's own parts, and what turns names into parts.
ABSTRACT = {"Layer", "Wrapper", "Initializer", "Regularizer", "Constraint", "Loss", "Metric", "MeanMetricWrapper", "Optimizer",
            "OptimizerMap", "LearningRateSchedule", "Callback", "CallbackList", "InputSpec"}
PLAIN = ["Input", "Model", "Sequential", "Sequential.add", "Sequential.pop", "Layer.trainable", "Model.trainable", "Model.compile",
         "Model.fit", "Model.evaluate", "Model.predict", "Model.train_on_batch", "Model.summary", "Model.save",
         "Model.save_weights", "Model.load_weights", "Model.get_weights", "Model.set_weights", "Model.get_config",
         "Model.from_config", "Model.get_layer", "Model.input", "Model.output", "Model.layers", "Model.build",
         "models.load_model", "utils.plot_model", "utils.to_categorical", "utils.image_dataset_from_directory",
         "datasets.mnist.load_data", "datasets.cifar10.load_data"]
# What Keras 3 keeps under `tf.keras` only.
GENERATOR = "tf.keras.preprocessing.image.ImageDataGenerator"
METHODS = ["flow", "flow_from_directory", "fit", "standardize", "random_transform", "get_random_transform", "apply_transform"]


def find(path):
    found = keras
    for part in path.split("."):
        found = getattr(found, part)
    return found


def arguments(thing):
    """Options with their defaults: `null` for None and for what must be given."""
    if not callable(thing):
        return {}
    parameters = inspect.signature(thing.__init__ if inspect.isclass(thing) else thing).parameters.values()
    named = [one for one in parameters if one.kind not in (one.VAR_POSITIONAL, one.VAR_KEYWORD)]
    given = {one.name: None if one.default is one.empty else one.default for one in named}
    return {name: default for name, default in given.items() if name not in ("self", "x", "y", "config")}


def main():
    names = {}
    for module in MODULES:
        for name, thing in sorted(vars(find(module)).items()):
            # Other names of the same class are left out.
            if inspect.isclass(thing) and thing.__name__ == name and name not in ABSTRACT:
                names[f"keras.{module}.{name}"] = arguments(thing)
    for name, thing in sorted(vars(keras.activations).items()):
        if inspect.isfunction(thing) and name not in ("get", "serialize", "deserialize"):
            names[f"keras.activations.{name}"] = arguments(thing)
    for path in PLAIN:
        names[f"keras.{path}"] = arguments(find(path))
    names[GENERATOR] = arguments(ImageDataGenerator)
    for name in METHODS:
        names[f"{GENERATOR}.{name}"] = arguments(getattr(ImageDataGenerator, name))
    lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(options)}" for name, options in names.items())
    head = json.dumps({"keras": keras.__version__, "backend": keras.backend.backend()})[1:-1]
    path = pathlib.Path(__file__).parent.parent / "test" / "golden" / "names.json"
    path.write_text(f'{{{head}, "names": {{\n{lines}\n}}}}\n')


main()
