"""Writes test/golden/directories.json: which files Keras lists in a directory, in which order, with which classes, by its
two readers of directories.

Run it in a throw-away virtual environment with `pip install keras tensorflow pillow`:
    python scripts/make-directory-golden.py
"""

import json
import os
import pathlib
import tempfile

os.environ.setdefault("KERAS_BACKEND", "tensorflow")

import keras
import numpy
import PIL.Image
from keras.src.legacy.preprocessing.image import ImageDataGenerator
from keras.utils import image_dataset_from_directory

TREE = [
    *(f"cats/{number}.png" for number in range(11)),
    "cats/Z.PNG", "cats/a b (1).jpg", "cats/indoor-2/1.png", "cats/indoor/1.png", "cats/indoor/deep/1.jpeg",
    *(f"dogs/{number}.jpg" for number in (3, 20, 100, 1, 2)),
    "dogs/photo.bmp", "dogs/still.gif", "dogs/scan.tif", "dogs/scan.ppm", "dogs/notes.txt", "dogs/none.webp",
    "Birds/1.png", "Birds/ñ.png", "Birds/é.png", "Birds/\U0001f426.png", "Birds/\ufb01.png",
]
EMPTY = ["ants"]
FORMATS = {"png": "PNG", "jpg": "JPEG", "jpeg": "JPEG", "bmp": "BMP", "gif": "GIF", "tif": "TIFF", "ppm": "PPM", "webp": "WEBP"}


def draw(root):
    for place, path in enumerate(TREE):
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        kind = FORMATS.get(path.rsplit(".")[-1].lower())
        if kind is None:
            file.write_text("x")
        else:
            PIL.Image.new("RGB", (4, 3), (place * 5, 100, 200)).save(file, kind)
    for name in EMPTY:
        (root / name).mkdir()


def dataset(root, **options):
    options = {"image_size": (4, 4), "verbose": False, "shuffle": False, **options}
    found = image_dataset_from_directory(root, **options)
    sides = found if isinstance(found, list) else [found]
    return [{
        "files": [os.path.relpath(path, root) for path in side.file_paths],
        "classNames": side.class_names,
        "targets": None if options.get("labels", "") is None or options.get("label_mode", "") is None
        else numpy.concatenate([batch[1].numpy().reshape(len(batch[1]), -1) for batch in side]).tolist(),
    } for side in sides]


def flow(root, validation_split=0.0, **options):
    found = ImageDataGenerator(validation_split=validation_split).flow_from_directory(
        root, target_size=(4, 4), shuffle=False, batch_size=100, **options)
    mode = options.get("class_mode", "categorical")
    targets = None if mode in (None, "input") else numpy.asarray(found[0][1]).reshape(found.samples, -1).tolist()
    return {"files": [path.replace(os.sep, "/") for path in found.filenames], "classIndices": found.class_indices,
            "labels": found.classes.tolist(), "targets": targets}


def main():
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        draw(root)
        count = len(dataset(root)[0]["files"])
        datasets = [
            {},
            {"label_mode": "categorical"},
            {"label_mode": "binary", "class_names": ["dogs", "cats"]},
            {"class_names": ["dogs", "Birds", "cats"]},
            {"labels": None},
            {"label_mode": None},
            {"labels": [place % 3 for place in range(count)]},
            {"validation_split": 0.3, "subset": "training"},
            {"validation_split": 0.3, "subset": "validation"},
            {"validation_split": 0.29, "subset": "both", "label_mode": "categorical"},
        ]
        flows = [
            {},
            {"classes": ["dogs", "Birds", "cats"], "class_mode": "sparse"},
            {"classes": ["dogs", "cats"], "class_mode": "binary"},
            {"class_mode": None},
            {"class_mode": "input"},
            {"validation_split": 0.3, "subset": "training"},
            {"validation_split": 0.3, "subset": "validation"},
            {"validation_split": 0.29, "subset": "training", "class_mode": "sparse"},
        ]
        golden = {
            "keras": keras.__version__,
            "pillow": PIL.__version__,
            "tree": TREE,
            "empty": EMPTY,
            "datasets": [{"keras": "keras.utils.image_dataset_from_directory", "options": one, "gives": dataset(root, **one)}
                         for one in datasets],
            "flows": [{"keras": "tf.keras.preprocessing.image.ImageDataGenerator.flow_from_directory", "options": one,
                       "gives": flow(root, **one)} for one in flows],
        }
    path = pathlib.Path(__file__).parent.parent / "test" / "golden" / "directories.json"
    path.write_text(json.dumps(golden, ensure_ascii=False, separators=(",", ":")) + "\n")


main()
