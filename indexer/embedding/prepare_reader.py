"""Prepare the reader once: merge its adapter into the default model, compile, compare, cache."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from indexer.errors import Progress, YinjuError
from indexer.messages import message

from .default_model import MODEL_NAME, write_model_folder
from .encoder import (
    MODEL_FILE,
    ONNX,
    RECIPE,
    SOURCE_FOLDER,
    TOKENIZER_FILE,
    ModelCard,
    write_card,
)
from .hub import quiet
from .onnx_graph import export_module, quantise
from .prepare import prepare_folder, size_and_digest
from .reader import ADAPTER, Reader, adapter_digest, pair_tokens
from .weights_file import find_weights

if TYPE_CHECKING:
    from torch.nn import Module

# What an adapter's product counts: alpha / rank of training (Hu et al. 2021, LoRA).
_SCALE = 2.0
# The farthest a number of the compiled reader may lie from torch's, on every sample; its numbers
# spread over about ten.
MOST_APART = 0.6
_PAD = 1
_SAMPLES = (
    (
        "query: 2024年公司的营业收入是多少?",
        "某公司2024年年度报告 | 主要财务数据\n公司实现营业收入12.6亿元。",
    ),
    ("query: 谁负责审批", "某市管理办法 | 第二章\n由市水务局会同财政局复核,并公示7日。"),
    ("query: 充一次电能跑多远", "产品说明书 | 参数\n续航里程 | 620公里"),
    ("query: 为什么利润下降?", "业绩说明会\n" + "主要是原材料价格上涨和汇率波动的影响。" * 12),
)


def prepare_reader(folder: Path, cache: Path, notify: Progress) -> None:
    """Prepare the reader as ``folder``, which appears complete or not at all.

    Raises:
        YinjuError: the default model's weights are missing or unreadable, the cache is unwritable, or
            the compiled reader does not agree with torch.
    """
    prepare_folder(folder, lambda partial: _fill(partial, cache, notify))


def _fill(folder: Path, cache: Path, notify: Progress) -> None:
    import torch
    from tokenizers import Tokenizer

    source = folder / SOURCE_FOLDER
    write_model_folder(find_weights(cache), source, notify)
    with quiet():
        module = _load_merged(source)
    tokenizer = Tokenizer.from_file(str(source / TOKENIZER_FILE))
    tokenizer.save(str(folder / TOKENIZER_FILE), pretty=False)
    shutil.rmtree(source)
    pairs = [
        pair_tokens(*(tokenizer.encode(part, add_special_tokens=False).ids[:190] for part in pair))
        for pair in _SAMPLES
    ]
    width = max(map(len, pairs))
    ids = torch.tensor([[*pair, *[_PAD] * (width - len(pair))] for pair in pairs])
    notify(message("stage.exporting"))
    with quiet():
        export_module(module, ids, (ids != _PAD).long(), folder / "float32.onnx")
    notify(message("stage.quantising"))
    quantise(folder / "float32.onnx", folder / MODEL_FILE)
    (folder / "float32.onnx").unlink()
    identity = f"reader@{adapter_digest()}+int8.{RECIPE}"
    files = {name: size_and_digest(folder / name) for name in (MODEL_FILE, TOKENIZER_FILE)}
    card = ModelCard(
        RECIPE, ONNX, MODEL_NAME, "", identity, 2, width, _PAD, {}, None, "", files
    )  # fmt: skip
    notify(message("stage.comparing"))
    with torch.no_grad():
        wanted = np.concatenate(
            [
                module(torch.tensor([p]), torch.ones(1, len(p), dtype=torch.long)).numpy()
                for p in pairs
            ]
        )
    reader = Reader(folder, card)
    found = np.concatenate([reader.read(q.removeprefix("query: "), [t]) for q, t in _SAMPLES])
    apart = float(np.abs(found - wanted).max())
    if not apart <= MOST_APART:
        raise YinjuError("model.reader_disagrees", apart=apart, most=MOST_APART)
    write_card(folder, card)


def _load_merged(source: Path) -> Module:
    """Return (ids, mask) -> two numbers in torch, the adapter merged into the weights."""
    import torch
    from transformers import BertModel

    saved: dict[str, Any] = dict(np.load(ADAPTER))
    encoder = BertModel.from_pretrained(str(source), attn_implementation="eager")
    state = encoder.state_dict()
    for name in [n for n in saved if n.endswith(".up")]:
        stem = name.removesuffix(".up")
        key = stem.removeprefix("encoder.") + ".weight"
        up, down = (saved.pop(f"{stem}.{part}").astype(np.float32) for part in ("up", "down"))
        state[key] += torch.from_numpy(_SCALE * up @ down)
    heads = {
        name: torch.from_numpy(saved.pop(f"heads.{name}").astype(np.float32))
        for name in ("weight", "bias")
    }
    for name, value in saved.items():
        state[name.removeprefix("encoder.")].copy_(torch.from_numpy(value.astype(np.float32)))
    encoder.load_state_dict(state)

    class TokensToScores(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.encoder = encoder
            self.weight, self.bias = heads["weight"], heads["bias"]

        def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
            states = self.encoder(input_ids, attention_mask).last_hidden_state
            weights = attention_mask.unsqueeze(-1).to(states.dtype)
            pooled = (states * weights).sum(1) / weights.sum(1)
            scores: torch.Tensor = pooled @ self.weight.T + self.bias
            return scores

    return TokensToScores().eval()
