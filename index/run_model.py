"""A model converted to OpenVINO's form goes in, arrays computed by it come out; the one module that runs OpenVINO."""

from __future__ import annotations

import ctypes
import os
import sys
import threading
import warnings
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from index.cache import kept_folder
from index.share import Array, Compute, Lanes, Results

CONVERTED = "openvino_model.xml"

_LOADING = threading.Lock()


class CompiledModel:
    """A model compiled for this processor: bf16 where it has it, else float32.

    Every core is a lane of its own that computes one batch at a time with one thread: so all cores together get more
    done than when they work on one batch. Where callers wait for a lane, those whose batches are alike share it.
    """

    precision: str

    def __init__(self, model: Path) -> None:
        core = _openvino().Core()
        self.precision = "bf16" if "BF16" in core.get_property("CPU", "OPTIMIZATION_CAPABILITIES") else "f32"
        lanes = cores()
        settings = {"INFERENCE_PRECISION_HINT": self.precision, "NUM_STREAMS": lanes, "INFERENCE_NUM_THREADS": lanes}
        compiled = core.compile_model(core.read_model(model), "CPU", settings)
        self.width = compiled.output(0).partial_shape[1]
        self._lanes = Lanes(_lane(compiled.create_infer_request()) for _ in range(lanes))

    def run(self, batches: Sequence[tuple[Array, ...]]) -> list[Results]:
        """Compute every output, in the model's order, of batches of inputs in the model's order. Safe from any thread.

        The batches of one call take one core, and are padded as `Lanes` says.
        """
        return self._lanes.run(batches)

    def run_all(self, batches: Sequence[tuple[Array, ...]]) -> Iterator[Results]:
        """Compute batch after batch, on all cores where there are several; the results come in the batches' order."""
        if len(batches) == 1:
            yield from self.run(batches)
            return
        with ThreadPoolExecutor(cores()) as threads:
            yield from threads.map(lambda batch: self.run([batch])[0], batches)


def _lane(request: Any) -> Compute:  # noqa: ANN401 - OpenVINO has no types
    # OpenVINO 2026.4 now and then crashes when a request is torn down with the interpreter; one that still has an owner
    # then is left to the operating system.
    ctypes.pythonapi.Py_IncRef(ctypes.py_object(request))

    def compute(inputs: list[Array]) -> Results:
        results = request.infer(inputs)
        return [np.array(results[number], dtype=np.float32) for number in range(len(results))]

    return compute


def cores() -> int:
    """The number of processor cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def kept_model(name: str, convert: Callable[[Path], None]) -> Path:
    """Return the model kept in the user's cache under `name`, made by `convert(folder)` where it is not there whole.

    It is kept in float32, whatever it is computed in. What another version of OpenVINO converted is not used; `name`
    tells of everything else that the model comes from.
    """
    files = (CONVERTED, str(Path(CONVERTED).with_suffix(".bin")))
    version = str(_openvino().__version__).partition("-")[0]  # which the number of its build follows
    return kept_folder(f"{name}-f32-openvino-{version}", files, convert) / CONVERTED


def save_converted(module: object, example: object, into: Path) -> None:
    """Convert a torch module, traced on example inputs, to a folder as `kept_model` expects it."""
    import torch

    openvino = _openvino()
    with torch.no_grad(), warnings.catch_warnings():
        # The tracer's remarks about constant shapes; the tests of agreement watch them.
        warnings.simplefilter("ignore")
        converted = openvino.convert_model(module, example_input=example)
    openvino.save_model(converted, into / CONVERTED, compress_to_fp16=False)


def _openvino() -> ModuleType:
    """Import OpenVINO without its telemetry, which would report every import and conversion to a server."""
    with _LOADING:
        sys.modules["openvino_telemetry"] = None  # type: ignore[assignment]  # OpenVINO then uses its own empty stub
        openvino = import_module("openvino")
        # Its binding to numpy is set up at first use; two threads that do so at once may wait for each other forever.
        _ = openvino.Tensor(np.zeros(1, dtype=np.float32)).data
        return openvino
