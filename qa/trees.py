"""Boosted decision trees, read from a file and run without the library that made them.

Friedman (2001), Greedy Function Approximation: A Gradient Boosting Machine.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple


class Node(NamedTuple):
    """A node of a tree: a question to one feature, or a leaf.

    value: what the node adds to the sum, for one that is no leaf the mean of what is below it,
    weighed by how often it was reached in fitting. feature: its number, -1 for a leaf. then, other:
    the nodes to go to where the feature is at most `limit`, and where it is not.
    """

    value: float
    feature: int = -1
    limit: float = 0.0
    then: int = -1
    other: int = -1


@dataclass(frozen=True, slots=True)
class Trees:
    """base: what the sum begins with. names: of the features. trees: each with its root first."""

    base: float
    names: tuple[str, ...]
    trees: tuple[tuple[Node, ...], ...]

    @classmethod
    def read(cls, path: Path) -> Trees:
        """Reads what `text` gives."""
        told = json.loads(path.read_text(encoding="utf-8"))
        trees = tuple(tuple(Node(*node) for node in tree) for tree in told["trees"])
        return cls(told["base"], tuple(told["features"]), trees)

    def text(self, **more: object) -> str:
        """The trees and what else is to be said of them as JSON, a tree a line."""
        told = {**more, "base": self.base, "features": self.names}
        lines = [
            json.dumps([_row(node) for node in tree], separators=(",", ":")) for tree in self.trees
        ]
        head = json.dumps(told, ensure_ascii=False, indent=1)[:-2]
        return f'{head},\n "trees": [\n  ' + ",\n  ".join(lines) + "\n ]\n}\n"

    def parts(self, features: Sequence[float]) -> dict[str, float]:
        """What each feature adds to the sum, and "base": together they are the sum.

        On the way to its leaf a tree's value changes at each node; the change is the feature's that
        is asked there (Saabas 2014, Interpreting random forests).
        """
        added = [0.0] * len(self.names)
        base = self.base
        for tree in self.trees:
            value, feature, limit, then, other = tree[0]
            base += value
            while feature >= 0:
                asked, before = feature, value
                below = tree[then if features[asked] <= limit else other]
                value, feature, limit, then, other = below
                added[asked] += value - before
        return {"base": base, **dict(zip(self.names, added, strict=True))}


def _row(node: Node) -> list[float]:
    """Without what a leaf does not have."""
    value = round(node.value, 4)
    if node.feature < 0:
        return [value]
    return [value, node.feature, round(node.limit, 4), node.then, node.other]
