"""Prepare a model once: one ONNX graph, int8, checked against torch, put into the cache.

The graph is everything the sentence-transformers model does after its tokenizer (encoder, its own
pooling, any further modules) and a final normalisation. Matrices are quantised to int8; what they
are multiplied with is quantised at run time **by token**: each token's row has its own scale.

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

import hashlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import onnx
import onnxruntime as ort
from filelock import FileLock
from onnx import GraphProto, ModelProto, NodeProto, helper, numpy_helper

from indexer.errors import Progress, YinjuError, message_of
from indexer.messages import message

from . import default_weights
from .encoder import (
    CARD_FILE,
    MODEL_FILE,
    ONNX,
    RECIPE,
    SOURCE_FOLDER,
    TOKENIZER_FILE,
    TORCH,
    Card,
    OnnxEncoder,
    encode_with_torch,
    load_model,
    write_card,
)
from .hub import first_line, quiet

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

# A compiled model must agree with torch at least this well on every sample. The default model
# reaches 0.998; a graph that pools or tokenises differently stays below 0.98.
MIN_COSINE = 0.995

# Weights keep 7 bits (-64..64), their partners 8 (0..255): processors without VNNI add products in
# pairs in 16 bits, and 2 * 255 * 64 = 32640 just fits. With 8-bit weights such sums saturate there
# and vectors would differ from machine to machine. The bit costs 0.0005 of cosine.
_WEIGHT_LEVELS = 64
_ACTIVATION_LEVELS, _ACTIVATION_ZERO = 127, 128

# Embedding tables from this many rows on are stored as int8, each row with its own scale.
_TABLE_ROWS = 1000

# The newest opset in which ReduceMax still takes its axes as an attribute.
_OPSET = 17

# Both scripts, Latin words, figures, full-width forms, very short and (last) longer than any
# window, so that tokenizer, prompts, truncation and pooling all have a say in the check.
_SAMPLES = (
    "跨境电商平台的交易额是多少？",
    "跨境電商平臺在二零二三年的交易額較上年增長百分之十五點三。",
    "２０２３年，ＳＥＯ与 SEM 的投入占营销总费用的３５％，比上年提高 4.2 个百分点。",
    "一、前言",
    "臺灣的半導體產業在全球供應鏈中占有重要地位，晶圓代工、封裝測試與 IC 設計各有所長。",
    "The company's revenue reached RMB 10.5 billion in 2022.",
    "本报告分析了新能源汽车产业链的发展趋势，涵盖动力电池、驱动电机、电控系统和充电基础设施四个环节，"
    "并对主要企业的产能利用率、毛利率和研发投入做了比较。",
    "3.物流（配送）時效：一般為7～15天",
    "问卷共发放一千二百份，收回有效问卷一千零八十六份。" * 30,
)


class _NotCompilable(YinjuError):
    """Why a model has to run in torch."""


def prepare(model: str | None, folder: Path, cache: Path, notify: Progress) -> None:
    """Prepare ``model`` (None: the default model) as ``folder``, which appears whole or not at all.

    Of several processes preparing the same model, one does and the others wait for it.

    Raises:
        YinjuError: the model or its weights are missing or unreadable, or the cache unwritable.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(folder.parent / f".{folder.name}.lock"):
            if not (folder / CARD_FILE).is_file():
                _prepare_alone(model, folder, cache, notify)
    except OSError as error:
        raise YinjuError(
            "model.cannot_prepare", folder=folder.parent, reason=message_of(error)
        ) from error


def _prepare_alone(model: str | None, folder: Path, cache: Path, notify: Progress) -> None:
    # Whoever wrote these is dead: the lock is ours. A folder without its card is none of ours
    # either, since it is renamed into place with it.
    hidden = f".{folder.name}."
    for stale in [*folder.parent.glob(f"{hidden}*.partial"), folder]:
        shutil.rmtree(stale, ignore_errors=True)
    partial = Path(tempfile.mkdtemp(".partial", hidden, folder.parent))
    try:
        _fill(model, partial, cache, notify)
        os.rename(partial, folder)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _fill(model: str | None, folder: Path, cache: Path, notify: Progress) -> None:
    source = folder / SOURCE_FOLDER
    if model is None:
        default_weights.write_model_folder(default_weights.find_weights(cache), source, notify)
        name, path = default_weights.MODEL_NAME, str(source)
    else:
        local = Path(model).expanduser()
        path = str(local.resolve()) if local.is_dir() else model
        name = local.resolve().name if local.is_dir() else model
    notify(message("stage.loading", name=name))
    loaded = load_model(path)
    card = _describe(loaded, name, SOURCE_FOLDER if model is None else path)
    try:
        card = _compile(loaded, folder, card, notify)
        shutil.rmtree(source, ignore_errors=True)
    except _NotCompilable as error:
        notify(message("stage.torch", name=name, reason=error.message))
        for leftover in (MODEL_FILE, TOKENIZER_FILE):
            (folder / leftover).unlink(missing_ok=True)
        card = replace(
            card, backend=TORCH, identity=f"{card.identity}+torch.{RECIPE}", reason=str(error)
        )
    write_card(folder, card)


def _describe(model: SentenceTransformer, name: str, source: str) -> Card:
    """Return the card as far as it does not depend on compiling."""
    prompts = _prompts(model, name)
    positions = getattr(getattr(model[0], "config", None), "max_position_embeddings", None)
    tokenizer: Any = model.tokenizer
    limits = (model.max_seq_length, getattr(tokenizer, "model_max_length", None), positions)
    # 512 where a model has no limit at all: windows are far shorter.
    length = int(next((limit for limit in limits if limit and limit < 1_000_000), 512))
    return Card(
        recipe=RECIPE,
        backend=ONNX,
        name=name,
        source=source,
        identity=f"{name}@{_fingerprint(model, prompts, length)[:12]}",
        dim=encode_with_torch(model, "", ["维度"]).shape[1],
        max_seq_length=length,
        pad_id=int(getattr(tokenizer, "pad_token_id", None) or 0),
        prompts=prompts,
        fidelity=None,
        reason="",
        files={},
    )


def _prompts(model: SentenceTransformer, name: str) -> dict[str, str]:
    """Return the model's own prompts; for e5 without any those that it was trained with."""
    own = {key: text or "" for key, text in (model.prompts or {}).items()}
    default = own.get(model.default_prompt_name or "", "")
    query = own.get("query") or default
    # The order in which SentenceTransformer.encode_document looks.
    passage = next((own[k] for k in ("document", "passage", "corpus") if own.get(k)), default)
    words = re.split(r"[^a-z0-9]+", name.lower())
    if not query and not passage and "e5" in words and "instruct" not in words:
        return {"query": "query: ", "passage": "passage: "}
    return {"query": query, "passage": passage}


def _fingerprint(model: SentenceTransformer, prompts: Mapping[str, str], length: int) -> str:
    """Return a hash of what decides the vectors, not of how some version names or stores it."""
    import torch

    digest = hashlib.sha256()
    for module in model:
        mode = getattr(module, "pooling_mode", None)  # 5.x has a method instead
        mode = mode or getattr(module, "get_pooling_mode_str", str)()
        digest.update(f"{type(module).__name__}{mode}".encode())
    tensors = (
        tensor.detach().contiguous().reshape(-1).view(torch.uint8).numpy()
        for tensor in model.state_dict().values()
    )
    for part in sorted(hashlib.sha256(tensor).digest() for tensor in tensors):
        digest.update(part)
    vocabulary: dict[str, int] = getattr(model.tokenizer, "get_vocab", dict)()
    digest.update(json.dumps([sorted(vocabulary.items()), dict(prompts), length]).encode())
    return digest.hexdigest()


def _compile(model: SentenceTransformer, folder: Path, card: Card, notify: Progress) -> Card:
    """Write graph and tokenizer into ``folder`` and return the finished card."""
    backend = getattr(model.tokenizer, "backend_tokenizer", None)
    if backend is None:
        raise _NotCompilable("model.no_fast_tokenizer")
    backend.save(str(folder / TOKENIZER_FILE), pretty=False)
    notify(message("stage.exporting"))
    plain = folder / "float32.onnx"
    try:
        with quiet():
            export_graph(model, plain)
        notify(message("stage.quantising"))
        quantise(plain, folder / MODEL_FILE)
        card = replace(card, identity=f"{card.identity}+int8.{RECIPE}")
        encoder = OnnxEncoder(folder, card)
        notify(message("stage.comparing"))
        fidelity = _fidelity(model, encoder, card)
    except (OSError, MemoryError):
        raise  # a full disk says nothing about the model
    # torch's exporter, onnx and onnxruntime raise nearly every type there is; each means the same.
    except Exception as error:
        raise _NotCompilable("model.no_graph", reason=first_line(error)) from error
    finally:
        for file in folder.glob("float32.onnx*"):
            file.unlink()
    if not fidelity >= MIN_COSINE:
        raise _NotCompilable("model.disagrees", cosine=fidelity, least=MIN_COSINE)
    files = {name: _measure(folder / name) for name in (MODEL_FILE, TOKENIZER_FILE)}
    return replace(card, fidelity=round(fidelity, 5), files=files)


def _fidelity(model: SentenceTransformer, encoder: OnnxEncoder, card: Card) -> float:
    """Return the least cosine to torch over the samples, as questions and as passages."""
    least = 1.0
    for prompt, rows in (
        (card.prompts["query"], encoder.encode_queries(_SAMPLES)),
        (card.prompts["passage"], encoder.encode_passages(_SAMPLES)),
    ):
        cosines = np.sum(rows * encode_with_torch(model, prompt, _SAMPLES), axis=1)
        least = min(least, float(cosines.min()))  # NaN stays NaN
    return least


def export_graph(model: SentenceTransformer, path: Path) -> None:
    """Write tokens -> unit vector as a float32 ONNX graph, its common patterns fused.

    Inputs ``input_ids`` and ``attention_mask`` are int64 (n, length), the output is (n, dim).
    Raises whatever torch's exporter or onnxruntime raise.
    """
    import torch

    class Whole(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.stages = torch.nn.ModuleList(list(model))

        def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
            features = {"input_ids": input_ids, "attention_mask": attention_mask}
            for stage in self.stages:
                features = stage(features)
            return torch.nn.functional.normalize(features["sentence_embedding"], dim=-1)

    tokens: Any = model.tokenizer(list(_SAMPLES[:2]), padding=True, return_tensors="pt")
    raw = path.with_name(f"{path.name}.raw")
    both = {0: "n", 1: "length"}
    with torch.no_grad():
        torch.onnx.export(
            Whole().eval(),
            (tokens["input_ids"], tokens["attention_mask"]),
            str(raw),
            input_names=["input_ids", "attention_mask"],
            output_names=["embedding"],
            dynamic_axes={"input_ids": both, "attention_mask": both, "embedding": {0: "n"}},
            opset_version=_OPSET,
            dynamo=False,  # the newer exporter needs onnxscript, one package more
        )
    options = ort.SessionOptions()
    # "Extended" fuses what no processor does differently, so the result may move between machines.
    options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    options.optimized_model_filepath = str(path)
    ort.InferenceSession(str(raw), options, providers=["CPUExecutionProvider"])
    raw.unlink()


def quantise(source: Path, target: Path, levels: int = _WEIGHT_LEVELS) -> None:
    """Write the graph ``source`` with int8 matrices and embedding tables as ``target``.

    Matrices are rounded to -levels..levels.
    """
    model = onnx.load(str(source))
    rewrite = _Rewrite(model, levels)
    del model.graph.node[:]
    model.graph.node.extend(rewrite.nodes)
    kept = [t for t in model.graph.initializer if t.name not in rewrite.replaced]
    del model.graph.initializer[:]
    model.graph.initializer.extend([*kept, *rewrite.tensors])
    if all(opset.domain != "com.microsoft" for opset in model.opset_import):
        model.opset_import.append(helper.make_opsetid("com.microsoft", 1))
    onnx.save(model, str(target))


class _Rewrite:
    """Goes through a graph's nodes once; afterwards holds the nodes and tensors to put there."""

    def __init__(self, model: ModelProto, levels: int) -> None:
        graph: GraphProto = model.graph
        self.nodes: list[NodeProto] = []
        self.tensors: list[Any] = []
        self.replaced: set[str] = set()
        self._constants = {tensor.name: tensor for tensor in graph.initializer}
        self._activations: set[str] = set()
        self._stored: set[str] = set()
        self._levels = levels
        self._tensor("q_step", np.float32(1 / _ACTIVATION_LEVELS))
        self._tensor("q_least", np.float32(1e-12))  # a row of zeros has a scale too
        self._tensor("q_zero", np.uint8(_ACTIVATION_ZERO))
        self._tensor("q_flat", np.int8(0))
        for node in graph.node:
            if node.op_type == "MatMul" and self._is_matrix(node.input[1]):
                self._product(node.input[0], node.input[1], node.output[0])
            elif node.op_type == "Gather" and self._is_matrix(node.input[0], _TABLE_ROWS):
                self._lookup(node.input[0], node.input[1], node.output[0])
            else:
                self.nodes.append(node)

    def _is_matrix(self, name: str, rows: int = 1) -> bool:
        tensor = self._constants.get(name)
        if tensor is None or tensor.data_type != 1:  # ONNX's number for float32
            return False
        return len(tensor.dims) == 2 and tensor.dims[0] >= rows

    def _product(self, rows: str, matrix: str, result: str) -> None:
        """rows (n, length, in) times matrix (in, out), each row quantised by its own maximum."""
        if rows not in self._activations:
            self._activations.add(rows)
            self._node("Abs", [rows], f"{rows}.abs")
            self._node("ReduceMax", [f"{rows}.abs"], f"{rows}.most", axes=[-1], keepdims=1)
            self._node("Max", [f"{rows}.most", "q_least"], f"{rows}.scale")
            self._node("Div", [rows, f"{rows}.scale"], f"{rows}.unit")
            self._node("QuantizeLinear", [f"{rows}.unit", "q_step", "q_zero"], f"{rows}.int8")
        self._store(matrix, axis=0, levels=self._levels)
        self._node(
            "MatMulIntegerToFloat",
            [f"{rows}.int8", f"{matrix}.int8", "q_step", f"{matrix}.scale", "q_zero", "q_flat"],
            f"{result}.unit",
            domain="com.microsoft",
        )
        self._node("Mul", [f"{result}.unit", f"{rows}.scale"], result)

    def _lookup(self, table: str, rows: str, result: str) -> None:
        """Rows of table (words, dim), each with its own scale."""
        self._store(table, axis=1, levels=127, keepdims=True)
        self._node("Gather", [f"{table}.int8", rows], f"{result}.int8")
        self._node("Cast", [f"{result}.int8"], f"{result}.steps", to=1)
        self._node("Gather", [f"{table}.scale", rows], f"{result}.scale")
        self._node("Mul", [f"{result}.steps", f"{result}.scale"], result)

    def _store(self, name: str, axis: int, levels: int, keepdims: bool = False) -> None:
        """Store a matrix as int8 with one scale for each row (axis 1) or column (axis 0)."""
        if name in self._stored:
            return
        self._stored.add(name)
        self.replaced.add(name)
        values = numpy_helper.to_array(self._constants[name])
        scale = np.abs(values).max(axis=axis, keepdims=True) / np.float32(levels)
        scale[scale == 0] = 1
        self._tensor(f"{name}.int8", np.rint(values / scale).astype(np.int8))
        self._tensor(f"{name}.scale", scale if keepdims else scale.reshape(-1))

    def _tensor(self, name: str, values: Any) -> None:
        self.tensors.append(numpy_helper.from_array(np.asarray(values), name))

    def _node(self, kind: str, inputs: list[str], output: str, **attributes: Any) -> None:
        self.nodes.append(helper.make_node(kind, inputs, [output], **attributes))


def _measure(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return {"bytes": path.stat().st_size, "sha256": digest}
