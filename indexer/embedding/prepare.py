"""Prepare a model once: compile it to an int8 ONNX graph, compare it with torch, put it into the cache.

A model that cannot be compiled, or whose graph gives other vectors, is prepared to run in torch.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from filelock import FileLock

from indexer.errors import Progress, YinjuError, message_of
from indexer.messages import message

from .default_model import MODEL_NAME, write_model_folder
from .encoder import (
    CARD_FILE,
    MODEL_FILE,
    ONNX,
    RECIPE,
    SOURCE_FOLDER,
    TOKENIZER_FILE,
    TORCH,
    ModelCard,
    OnnxEncoder,
    encode_with_torch,
    load_model,
    write_card,
)
from .hub import first_line, quiet
from .onnx_graph import export_graph, quantise
from .weights_file import find_weights

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

# The least cosine between the vectors of a compiled model and those of torch, on every sample. The
# default model reaches 0.998; a graph that pools or tokenises differently stays below 0.98.
MIN_COSINE = 0.995

# Texts for that comparison: both scripts, Latin words, figures, full-width forms, very short and (the
# last) longer than any window, so that it covers tokenizer, prompts, truncation and pooling.
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
    """The reason why a model has to run in torch."""


def prepare_model(model: str | None, folder: Path, cache: Path, notify: Progress) -> None:
    """Prepare ``model`` (None: the default model) as ``folder``, which appears complete or not at all.

    Raises:
        YinjuError: the model or its weights are missing or unreadable, or the cache unwritable.
    """
    prepare_folder(folder, lambda partial: _fill_folder(model, partial, cache, notify))


def prepare_folder(folder: Path, fill: Callable[[Path], None]) -> None:
    """Let ``fill`` write a prepared model into a hidden folder, then rename that to ``folder``.

    If several processes prepare the same model, one does the work and the others wait for it.

    Raises:
        YinjuError: the cache is unwritable, or whatever ``fill`` raises.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(folder.parent / f".{folder.name}.lock"):
            if not (folder / CARD_FILE).is_file():
                _fill_locked(folder, fill)
    except OSError as error:
        raise YinjuError(
            "model.cannot_prepare", folder=folder.parent, reason=message_of(error)
        ) from error


def _fill_locked(folder: Path, fill: Callable[[Path], None]) -> None:
    # Delete what crashed processes left: nobody else writes here while the lock is ours. A folder
    # without a card was not written by this program, which renames a folder into place with its card.
    hidden = f".{folder.name}."
    for stale in [*folder.parent.glob(f"{hidden}*.partial"), folder]:
        shutil.rmtree(stale, ignore_errors=True)
    partial = Path(tempfile.mkdtemp(".partial", hidden, folder.parent))
    try:
        fill(partial)
        os.rename(partial, folder)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _fill_folder(model: str | None, folder: Path, cache: Path, notify: Progress) -> None:
    source = folder / SOURCE_FOLDER
    if model is None:
        write_model_folder(find_weights(cache), source, notify)
        name, path = MODEL_NAME, str(source)
    else:
        local = Path(model).expanduser()
        path = str(local.resolve()) if local.is_dir() else model
        name = local.resolve().name if local.is_dir() else model
    notify(message("stage.loading", name=name))
    loaded = load_model(path)
    card = _make_card(loaded, name, SOURCE_FOLDER if model is None else path)
    try:
        card = _compile_model(loaded, folder, card, notify)
        shutil.rmtree(source, ignore_errors=True)
    except _NotCompilable as error:
        notify(message("stage.torch", name=name, reason=error.message))
        for leftover in (MODEL_FILE, TOKENIZER_FILE):
            (folder / leftover).unlink(missing_ok=True)
        card = replace(
            card, backend=TORCH, identity=f"{card.identity}+torch.{RECIPE}", reason=str(error)
        )
    write_card(folder, card)


def _make_card(model: SentenceTransformer, name: str, source: str) -> ModelCard:
    """Return the card of a model, without what only compiling can tell."""
    prompts = _find_prompts(model, name)
    positions = getattr(getattr(model[0], "config", None), "max_position_embeddings", None)
    tokenizer: Any = model.tokenizer
    limits = (model.max_seq_length, getattr(tokenizer, "model_max_length", None), positions)
    # Take 512 for a model without any limit: windows are far shorter.
    length = int(next((limit for limit in limits if limit and limit < 1_000_000), 512))
    return ModelCard(
        recipe=RECIPE,
        backend=ONNX,
        name=name,
        source=source,
        identity=f"{name}@{_hash_model(model, prompts, length)[:12]}",
        dim=encode_with_torch(model, "", ["维度"]).shape[1],
        max_seq_length=length,
        pad_id=int(getattr(tokenizer, "pad_token_id", None) or 0),
        prompts=prompts,
        fidelity=None,
        reason="",
        files={},
    )


def _find_prompts(model: SentenceTransformer, name: str) -> dict[str, str]:
    """Return the model's own prompts, or those of e5 for an e5 model that names none."""
    own = {key: text or "" for key, text in (model.prompts or {}).items()}
    default = own.get(model.default_prompt_name or "", "")
    query = own.get("query") or default
    # Look in the order of SentenceTransformer.encode_document.
    passage = next((own[k] for k in ("document", "passage", "corpus") if own.get(k)), default)
    words = re.split(r"[^a-z0-9]+", name.lower())
    if not query and not passage and "e5" in words and "instruct" not in words:
        return {"query": "query: ", "passage": "passage: "}
    return {"query": query, "passage": passage}


def _hash_model(model: SentenceTransformer, prompts: Mapping[str, str], length: int) -> str:
    """Return a hash of what decides the vectors, whatever names and files a version uses for it."""
    import torch

    digest = hashlib.sha256()
    for module in model:
        mode = getattr(module, "pooling_mode", None)  # sentence-transformers 5 has a method instead
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


def _compile_model(
    model: SentenceTransformer, folder: Path, card: ModelCard, notify: Progress
) -> ModelCard:
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
        fidelity = _least_cosine(model, encoder, card)
    except (OSError, MemoryError):
        raise  # a full disk is no fault of the model
    # Catch all: torch's exporter, onnx and onnxruntime raise nearly every type there is, and each
    # means that there is no graph.
    except Exception as error:
        raise _NotCompilable("model.no_graph", reason=first_line(error)) from error
    finally:
        for file in folder.glob("float32.onnx*"):
            file.unlink()
    if not fidelity >= MIN_COSINE:
        raise _NotCompilable("model.disagrees", cosine=fidelity, least=MIN_COSINE)
    files = {name: size_and_digest(folder / name) for name in (MODEL_FILE, TOKENIZER_FILE)}
    return replace(card, fidelity=round(fidelity, 5), files=files)


def _least_cosine(model: SentenceTransformer, encoder: OnnxEncoder, card: ModelCard) -> float:
    """Return the least cosine to torch over the samples, encoded as questions and as passages."""
    least = 1.0
    for prompt, rows in (
        (card.prompts["query"], encoder.encode_queries(_SAMPLES)),
        (card.prompts["passage"], encoder.encode_passages(_SAMPLES)),
    ):
        cosines = np.sum(rows * encode_with_torch(model, prompt, _SAMPLES), axis=1)
        least = min(least, float(cosines.min()))  # NaN stays NaN
    return least


def size_and_digest(path: Path) -> dict[str, Any]:
    """Return a file's size and SHA-256, as a card keeps them."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return {"bytes": path.stat().st_size, "sha256": digest}
