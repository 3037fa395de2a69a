"""onnxruntime on its CPU provider, with a file that export_onnx.py has written."""

import numpy as np
import onnxruntime

import protocol
from protocol import file, serve, threads

options = onnxruntime.SessionOptions()
options.intra_op_num_threads = threads
options.inter_op_num_threads = 1
session = onnxruntime.InferenceSession(file, options, providers=["CPUExecutionProvider"])
x = np.ascontiguousarray(protocol.inputs().transpose(0, 3, 1, 2))


def step():
    session.run(None, {"inputs": x})


serve(f"onnxruntime {onnxruntime.__version__}", step)
