"""The reader: a cross-encoder that reads a question and a text together.

It is the default encoder with an adapter of low rank (data/reader.npz) and two numbers at its end.
`indexer.embedding.prepare_reader` merges and compiles it like the encoder; this needs only onnxruntime.
Each pair goes through the model by itself, so that its numbers depend on nothing else.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .encoder import (
    RECIPE,
    ModelCard,
    open_session,
    run_in_threads,
)

ADAPTER = Path(__file__).parent / "data" / "reader.npz"
# Tokens of a question and of a text with its context; longer ones are cut.
_MOST_QUESTION, _MOST_TEXT = 64, 190
_BOS, _EOS = 0, 2
_PROMPT = "query: "


@cache
def adapter_digest() -> str:
    """Return what tells one adapter from another."""
    with ADAPTER.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:12]


def reader_folder(cache_folder: Path) -> Path:
    """Return the folder of the prepared reader in the cache, whether it exists or not."""
    return cache_folder / "encoders" / f"reader-{adapter_digest()}-r{RECIPE}"


class Reader:
    """The compiled reader."""

    def __init__(self, folder: Path, card: ModelCard) -> None:
        """Open the graph and the tokenizer in ``folder``.

        Raises:
            YinjuError: either file cannot be read.
        """
        self._session, self._tokenizer = open_session(folder)
        self.identity = card.identity

    def read(self, question: str, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return two numbers for each text, shape (n, 2).

        The first says how well it answers compared with the others, the second (log-odds) whether it
        answers at all.

        Args:
            question: folded.
            texts: each a context line and a text, folded.
        """
        asked = self._tokens(_PROMPT + question, _MOST_QUESTION)
        rows = np.empty((len(texts), 2), np.float32)

        def run(at: int) -> int:
            ids = pair_tokens(asked, self._tokens(texts[at], _MOST_TEXT))
            tokens = np.array([ids], np.int64)
            feed = {"input_ids": tokens, "attention_mask": np.ones_like(tokens)}
            rows[at] = self._session.run(None, feed)[0][0]
            return at

        for _ in run_in_threads(run, range(len(texts))):
            pass
        return rows

    def _tokens(self, text: str, most: int) -> list[int]:
        ids: list[int] = self._tokenizer.encode(text, add_special_tokens=False).ids
        return ids[:most]


def pair_tokens(question: Sequence[int], text: Sequence[int]) -> list[int]:
    """Return the tokens of a pair with the marks around its parts."""
    return [_BOS, *question, _EOS, _EOS, *text, _EOS]
