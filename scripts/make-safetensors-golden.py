"""Writes test/golden/tensors.safetensors with the package that defines the format.

Run it in a throw-away virtual environment with `pip install safetensors numpy`:
    python scripts/make-safetensors-golden.py
"""

import pathlib

import numpy as np
from safetensors.numpy import save_file

tensors = {
    "dense/kernel": np.arange(6, dtype=np.float32).reshape(2, 3) / 4 - 0.5,
    "bytes": np.array([0, 127, 255], np.uint8),
    "whole": np.array([[-1], [2**31 - 1]], np.int32),
    "half": np.array([1.0, -2.0], np.float16),
    "small": np.array([-128, 127], np.int8),
    "scalar": np.array(0.25, np.float32),
    "nothing": np.zeros((0, 4), np.float32),
}
path = pathlib.Path(__file__).parent.parent / "test" / "golden" / "tensors.safetensors"
save_file(tensors, path, metadata={"format": "np", "note": "größer als ASCII"})
