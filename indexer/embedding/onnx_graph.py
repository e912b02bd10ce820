"""A model's ONNX graph: export it from torch, then quantise its matrices to int8.

The graph is everything that the sentence-transformers model does after its tokenizer (encoder, its own
pooling, any further modules) and a final normalisation. Matrices are quantised to int8. What they are
multiplied with is quantised at run time **by token**: each token's row has its own scale.

Measured with ``tests/benchmarks/encoder.py``: 600 Chinese windows of 60-120 characters, 2 cores with
AVX-512 VNNI, cosine to fp32. "Itself" says whether a vector is bit for bit the same alone, in a
batch, and padded.

| | windows/s | to fp32 | question | cosine min / mean | file | load | itself |
|---|---|---|---|---|---|---|---|
| fp32, batches of 8 | 102 | 0.99 | 5.6 ms | 1 / 1 | 470 MB | 0.6 s | no, 6e-8 |
| fp32, text by text | 103 | 1 | 7.6 ms | 1 / 1 | 470 MB | 0.6 s | yes |
| dynamic int8, batches of 8 | 251 | 2.44 | 2.4 ms | 0.9944 / 0.9969 | 118 MB | 0.2 s | no, 1e-2 |
| dynamic int8, text by text | 266 | 2.58 | 2.3 ms | 0.9943 / 0.9971 | 118 MB | 0.2 s | not padded |
| MatMulNBits 4 bits | 119 | 1.16 | 4.3 ms | 0.9999 / 0.9999 | 75 MB | 0.1 s | yes |
| MatMulNBits 8 bits | 125 | 1.21 | 4.0 ms | 0.9999 / 0.9999 | 85 MB | 0.1 s | yes |
| int8 by token, 8-bit weights | 233 | 2.26 | 2.5 ms | 0.9990 / 0.9993 | 120 MB | 0.2 s | yes |
| int8 by token, batches of 8 | 207 | 2.01 | 2.9 ms | 0.9985 / 0.9990 | 120 MB | 0.2 s | no, 6e-8 |
| **int8 by token, text by text** | 216 | 2.10 | 2.7 ms | 0.9985 / 0.9990 | 120 MB | 0.2 s | yes |

"Text by text" runs one text a call, a thread a core, one thread a run: no batch-mates, no padding,
and no slower than batches. onnxruntime's own dynamic int8 has one scale for all tokens of a call:
faster by a sixth, but its error is three times as large. Loading counts no imports; a fresh process
opens the encoder in 0.7 s, 0.3 s of it for the tokenizer's 250,000 pieces. Preparing takes 22 s,
2.9 GB of memory and for a moment 1.5 GB of disk.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import onnx
import onnxruntime as ort
from onnx import GraphProto, ModelProto, NodeProto, helper, numpy_helper

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer
    from torch import Tensor
    from torch.nn import Module

# Weights have 7 bits (-64..64), the rows that they are multiplied with 8 bits (0..255). Processors
# without VNNI add pairs of products in 16 bits, and 2 * 255 * 64 = 32640 just fits. With 8-bit weights
# such sums saturate there, and vectors would differ between machines. The bit costs 0.0005 of cosine.
_WEIGHT_LEVELS = 64
_ACTIVATION_LEVELS, _ACTIVATION_ZERO = 127, 128

# Store embedding tables with at least this many rows as int8, each row with its own scale.
_TABLE_ROWS = 1000

# The newest opset in which ReduceMax still takes its axes as an attribute.
_OPSET = 17

# The exporter traces the model with these texts. Their lengths differ, so that there is padding.
_TRACED_TEXTS = (
    "跨境电商平台的交易额是多少？",
    "跨境電商平臺在二零二三年的交易額較上年增長百分之十五點三。",
)


def export_graph(model: SentenceTransformer, path: Path) -> None:
    """Write tokens -> unit vector as a float32 ONNX graph, its common patterns fused.

    Inputs ``input_ids`` and ``attention_mask`` are int64 (n, length), the output is (n, dim).
    Raises whatever torch's exporter or onnxruntime raise.
    """
    import torch

    class TokensToVector(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.stages = torch.nn.ModuleList(list(model))

        def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
            features = {"input_ids": input_ids, "attention_mask": attention_mask}
            for stage in self.stages:
                features = stage(features)
            return torch.nn.functional.normalize(features["sentence_embedding"], dim=-1)

    tokens: Any = model.tokenizer(list(_TRACED_TEXTS), padding=True, return_tensors="pt")
    export_module(TokensToVector(), tokens["input_ids"], tokens["attention_mask"], path)


def export_module(module: Module, ids: Tensor, mask: Tensor, path: Path) -> None:
    """Write a module (ids, mask) -> (n, columns) as a float32 ONNX graph, its patterns fused.

    Args:
        ids: tokens to trace it with, shape (n, length); some rows must be padded.
        mask: 1 for tokens and 0 for padding, of the same shape.
    """
    import torch

    raw = path.with_name(f"{path.name}.raw")
    both = {0: "n", 1: "length"}
    with torch.no_grad():
        torch.onnx.export(
            module.eval(),
            (ids, mask),
            str(raw),
            input_names=["input_ids", "attention_mask"],
            output_names=["embedding"],
            dynamic_axes={"input_ids": both, "attention_mask": both, "embedding": {0: "n"}},
            opset_version=_OPSET,
            dynamo=False,  # the newer exporter needs onnxscript, one package more
        )
    options = ort.SessionOptions()
    # "Extended" fuses only what all processors do alike, so the file may move between machines.
    options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    options.optimized_model_filepath = str(path)
    ort.InferenceSession(str(raw), options, providers=["CPUExecutionProvider"])
    raw.unlink()


def quantise(source: Path, target: Path, levels: int = _WEIGHT_LEVELS) -> None:
    """Write the graph ``source`` with int8 matrices and embedding tables as ``target``.

    Args:
        levels: matrices are rounded to -levels..levels.
    """
    model = onnx.load(str(source))
    quantised = _QuantisedGraph(model, levels)
    del model.graph.node[:]
    model.graph.node.extend(quantised.nodes)
    kept = [t for t in model.graph.initializer if t.name not in quantised.replaced]
    del model.graph.initializer[:]
    model.graph.initializer.extend([*kept, *quantised.tensors])
    if all(opset.domain != "com.microsoft" for opset in model.opset_import):
        model.opset_import.append(helper.make_opsetid("com.microsoft", 1))
    onnx.save(model, str(target))


class _QuantisedGraph:
    """The nodes and tensors that replace those of a graph, made in one pass over its nodes."""

    def __init__(self, model: ModelProto, levels: int) -> None:
        graph: GraphProto = model.graph
        self.nodes: list[NodeProto] = []
        self.tensors: list[Any] = []
        self.replaced: set[str] = set()
        self._constants = {tensor.name: tensor for tensor in graph.initializer}
        self._activations: set[str] = set()
        self._stored: set[str] = set()
        self._levels = levels
        self._add_tensor("q_step", np.float32(1 / _ACTIVATION_LEVELS))
        self._add_tensor("q_least", np.float32(1e-12))  # the scale of a row of zeros
        self._add_tensor("q_zero", np.uint8(_ACTIVATION_ZERO))
        self._add_tensor("q_flat", np.int8(0))
        for node in graph.node:
            if node.op_type == "MatMul" and self._is_matrix(node.input[1]):
                self._quantise_product(node.input[0], node.input[1], node.output[0])
            elif node.op_type == "Gather" and self._is_matrix(node.input[0], _TABLE_ROWS):
                self._quantise_lookup(node.input[0], node.input[1], node.output[0])
            else:
                self.nodes.append(node)

    def _is_matrix(self, name: str, rows: int = 1) -> bool:
        tensor = self._constants.get(name)
        if tensor is None or tensor.data_type != 1:  # ONNX's number for float32
            return False
        return len(tensor.dims) == 2 and tensor.dims[0] >= rows

    def _quantise_product(self, rows: str, matrix: str, result: str) -> None:
        """Add the product of rows (n, length, in), each quantised by its maximum, and a matrix (in, out)."""
        if rows not in self._activations:
            self._activations.add(rows)
            self._add_node("Abs", [rows], f"{rows}.abs")
            self._add_node("ReduceMax", [f"{rows}.abs"], f"{rows}.most", axes=[-1], keepdims=1)
            self._add_node("Max", [f"{rows}.most", "q_least"], f"{rows}.scale")
            self._add_node("Div", [rows, f"{rows}.scale"], f"{rows}.unit")
            self._add_node("QuantizeLinear", [f"{rows}.unit", "q_step", "q_zero"], f"{rows}.int8")
        self._store_as_int8(matrix, axis=0, levels=self._levels)
        self._add_node(
            "MatMulIntegerToFloat",
            [f"{rows}.int8", f"{matrix}.int8", "q_step", f"{matrix}.scale", "q_zero", "q_flat"],
            f"{result}.unit",
            domain="com.microsoft",
        )
        self._add_node("Mul", [f"{result}.unit", f"{rows}.scale"], result)

    def _quantise_lookup(self, table: str, rows: str, result: str) -> None:
        """Add a look-up of rows of a table (words, dim), each with its own scale."""
        self._store_as_int8(table, axis=1, levels=127, keepdims=True)
        self._add_node("Gather", [f"{table}.int8", rows], f"{result}.int8")
        self._add_node("Cast", [f"{result}.int8"], f"{result}.steps", to=1)
        self._add_node("Gather", [f"{table}.scale", rows], f"{result}.scale")
        self._add_node("Mul", [f"{result}.steps", f"{result}.scale"], result)

    def _store_as_int8(self, name: str, axis: int, levels: int, keepdims: bool = False) -> None:
        """Add a matrix as int8, with one scale for each row (axis 1) or column (axis 0)."""
        if name in self._stored:
            return
        self._stored.add(name)
        self.replaced.add(name)
        values = numpy_helper.to_array(self._constants[name])
        scale = np.abs(values).max(axis=axis, keepdims=True) / np.float32(levels)
        scale[scale == 0] = 1
        self._add_tensor(f"{name}.int8", np.rint(values / scale).astype(np.int8))
        self._add_tensor(f"{name}.scale", scale if keepdims else scale.reshape(-1))

    def _add_tensor(self, name: str, values: Any) -> None:
        self.tensors.append(numpy_helper.from_array(np.asarray(values), name))

    def _add_node(self, kind: str, inputs: list[str], output: str, **attributes: Any) -> None:
        self.nodes.append(helper.make_node(kind, inputs, [output], **attributes))
