"""What all Python peers share: the workload from the command line, its numbers, and answering the caller's lines.

`python PEER.py WORKLOAD THREADS VARIANT [FILE]`. A line with a number asks for so many steps; the answer is a JSON line with
the milliseconds of each. The numbers are those of ../node/protocol.mjs.
"""

import json
import sys
import time
from pathlib import Path

import numpy as np

_table = json.loads((Path(__file__).parent.parent / "workloads.json").read_text(encoding="utf-8"))
workload = _table["workloads"][sys.argv[1]]
network = _table["networks"][workload["network"]]
kind = workload["kind"]
batch = workload["batch"]
threads = int(sys.argv[2])
variant = sys.argv[3]
file = sys.argv[4] if len(sys.argv) > 4 else None
examples = workload.get("examples", batch)
classes = workload.get("classes", 0)


def inputs():
    """Inputs `[examples, ...]` in 0..1, each a hash of its place. The second half repeats the first."""
    size = int(np.prod(network["input"]))
    distinct = max(1, examples // 2)
    hashed = np.arange(distinct * size, dtype=np.uint32) * np.uint32(0x9E3779B1)
    hashed ^= hashed >> np.uint32(15)
    hashed *= np.uint32(0x85EBCA77)
    hashed ^= hashed >> np.uint32(13)
    bytes_ = (hashed >> np.uint32(24)).astype(np.uint8).reshape(distinct, *network["input"])
    repeated = np.resize(bytes_, (examples, *network["input"]))
    return repeated.astype(np.float32) / np.float32(255)


def labels():
    """Class numbers. Equal examples differ in them, so that no gradient fades away however long a peer is timed."""
    place = np.arange(examples)
    return ((place + (place >= examples // 2)) % classes).astype(np.int64)


def serve(engine, step):
    """Says which engine is ready, then takes steps as the caller asks. `step` gives the loss, where there is one."""
    print(json.dumps({"engine": engine}), flush=True)
    for line in sys.stdin:
        times = []
        loss = None
        for _ in range(int(line)):
            start = time.perf_counter()
            loss = step()
            times.append((time.perf_counter() - start) * 1e3)
        print(json.dumps({"ms": times, "loss": loss}), flush=True)
