"""Linear models that choose one of several: weights from a file, features to shares."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray


def softmax(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the share of each choice; they sum to 1.

    Args:
        logits: shape (n,), as is what is returned.
    """
    powers = np.exp(logits - logits.max())
    shares: NDArray[np.float64] = powers / powers.sum()
    return shares


def compute_logits(
    model: str, names: tuple[str, ...], rows: Sequence[Sequence[float]]
) -> NDArray[np.float64]:
    """Return the weighted sums of the features, shape (n,).

    Args:
        model: the name of the file with the weights, data/MODEL.json.
        names: the names of the features, in the order of the columns.
        rows: the features of each choice, (n, len(names)).
    """
    logits: NDArray[np.float64] = np.asarray(rows, dtype=np.float64) @ read_weights(model, names)
    return logits


@cache
def read_weights(model: str, names: tuple[str, ...]) -> NDArray[np.float64]:
    """Read the weights of data/MODEL.json, in the order of `names`, shape (len(names),)."""
    path = Path(__file__).parent / "data" / f"{model}.json"
    weights = json.loads(path.read_text(encoding="utf-8"))["weights"]
    return np.array([weights[name] for name in names], dtype=np.float64)
