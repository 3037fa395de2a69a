"""Writes test/golden/arrays.json: small .npy, .npz and HDF5 files (base64) as NumPy and h5py write them, and what is in them.

Run it in a throw-away virtual environment with `pip install numpy h5py`:
    python scripts/make-array-golden.py
"""

import base64
import io
import json
import pathlib

import h5py
import numpy

VALUES = numpy.array([[[0, 1, 2], [3, 4, 127]], [[100, 6, 7], [8, 9, 10]]])


def packed(write):
    file = io.BytesIO()
    write(file)
    return base64.b64encode(file.getvalue()).decode()


def npy(array, **options):
    return packed(lambda file: numpy.save(file, array, **options))


def hdf5(file):
    with h5py.File(file, "w") as archive:
        archive["train_set_x"] = VALUES.astype("uint8")
        archive["train_set_y"] = numpy.array([1, -2], "int64")
        archive["inside/big"] = numpy.array([1, 258], ">i2")
        archive.create_dataset("inside/packed", data=numpy.linspace(0, 1, 64), chunks=(16,), compression="gzip", fletcher32=True)
        archive["words"] = numpy.array(["cat", "dog"], "S")
        archive["pairs"] = numpy.zeros(2, [("a", "f4"), ("b", "i4")])


def main():
    types = ["|b1", "|u1", "|i1", "<u2", ">u2", "<i2", ">i2", "<u4", "<i4", ">i4", "<i8", ">i8", "<u8", "<f2", ">f2", "<f4",
             ">f4", "<f8", ">f8"]
    arrays = {}
    for name in types:
        array = (VALUES - (2 if "i" in name else 0)).astype(name)
        array = array / numpy.array(3, array.dtype) if "f" in name else array
        array = array.astype(name)
        arrays[name] = {"file": npy(array), "values": array.astype("float32").ravel().tolist(), "shape": list(array.shape)}
    fortran = numpy.asfortranarray(VALUES.astype("<i4"))
    arrays["fortran"] = {"file": npy(fortran), "values": VALUES.ravel().tolist(), "shape": list(VALUES.shape)}
    arrays["scalar"] = {"file": npy(numpy.float32(7)), "values": [7], "shape": []}
    arrays["empty"] = {"file": npy(numpy.zeros((0, 3), "f4")), "values": [], "shape": [0, 3]}
    version2 = io.BytesIO()
    numpy.lib.format.write_array(version2, numpy.arange(3, dtype="u1"), version=(2, 0))
    arrays["version 2"] = {"file": base64.b64encode(version2.getvalue()).decode(), "values": [0, 1, 2], "shape": [3]}
    refused = {
        "objects": npy(numpy.array([{"a": 1}, None], dtype=object), allow_pickle=True),
        "text": npy(numpy.array(["cat", "dog"])),
        "complex": npy(numpy.zeros(2, "c8")),
        "record": npy(numpy.zeros(2, [("a", "f4"), ("b", "i4")])),
        "wide": npy(numpy.array([2**40])),
    }
    keras = {"x_train": VALUES.astype("u1"), "y_train": numpy.array([1, 0]), "x_test": VALUES.astype("f4")}
    archives = {"stored": packed(lambda file: numpy.savez(file, **keras)),
                "deflated": packed(lambda file: numpy.savez_compressed(file, **keras))}
    golden = {"numpy": numpy.__version__, "h5py": h5py.__version__, "arrays": arrays, "refused": refused, "archives": archives,
              "values": VALUES.ravel().tolist(), "hdf5": packed(hdf5)}
    path = pathlib.Path(__file__).parent.parent / "test" / "golden" / "arrays.json"
    path.write_text(json.dumps(golden, separators=(",", ":")) + "\n")


main()
