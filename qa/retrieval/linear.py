"""Linear models that choose one of several: weights in a file, and the softmax of their sums."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray


def softmax(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    """The share of each, shape (n,)."""
    powers = np.exp(logits - logits.max())
    shares: NDArray[np.float64] = powers / powers.sum()
    return shares


def logits_of(
    model: str, names: tuple[str, ...], rows: Sequence[Sequence[float]]
) -> NDArray[np.float64]:
    """The weighted sums of features, shape (n,).

    Args:
        model: data/MODEL.json. names: of the features, in their order. rows: (n, len(names)).
    """
    logits: NDArray[np.float64] = np.asarray(rows, dtype=np.float64) @ weights_of(model, names)
    return logits


@cache
def weights_of(model: str, names: tuple[str, ...]) -> NDArray[np.float64]:
    """The weights of data/MODEL.json in the order of `names`."""
    path = Path(__file__).parent / "data" / f"{model}.json"
    told = json.loads(path.read_text(encoding="utf-8"))["weights"]
    return np.array([told[name] for name in names], dtype=np.float64)
