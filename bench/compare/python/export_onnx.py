"""Writes a workload's network as an ONNX file, from PyTorch: `python export_onnx.py WORKLOAD THREADS onnx FILE`."""

import warnings

import torch

import protocol
from torch_network import build, tensor_of

warnings.filterwarnings("ignore")
torch.manual_seed(0)
names = {"input_names": ["inputs"], "output_names": ["predictions"]}
free = {"inputs": {0: "batch"}, "predictions": {0: "batch"}}
network = build(has_softmax=True).eval()
inputs = tensor_of(protocol.inputs())
torch.onnx.export(network, (inputs,), protocol.file, dynamo=False, dynamic_axes=free, opset_version=17, **names)
