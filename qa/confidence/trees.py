"""Boosted decision trees: read from a file, and what each feature contributes to their sum."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple


class Node(NamedTuple):
    """A node of a tree: a comparison of one feature with a limit, or a leaf."""

    value: float
    """What the node adds to the sum. An inner node has the mean of the leaves below it, weighted by
    how often each was reached in fitting."""
    feature: int = -1
    """The index of the feature to compare, -1 for a leaf."""
    limit: float = 0.0
    """The value to compare the feature with."""
    at_most: int = -1
    """The index of the next node where the feature is at most `limit`."""
    above: int = -1
    """The index of the next node where the feature is above `limit`."""


@dataclass(frozen=True, slots=True)
class Trees:
    """Trees whose values are added up."""

    base: float
    """What the sum begins with."""
    names: tuple[str, ...]
    """The names of the features, in their order."""
    trees: tuple[tuple[Node, ...], ...]
    """The nodes of each tree, its root first."""

    @classmethod
    def read(cls, path: Path) -> Trees:
        """Read trees from a file that `to_json` wrote."""
        saved = json.loads(path.read_text(encoding="utf-8"))
        trees = tuple(tuple(Node(*node) for node in tree) for tree in saved["trees"])
        return cls(saved["base"], tuple(saved["features"]), trees)

    def to_json(self, **more: object) -> str:
        """Return the trees as JSON, a tree a line, behind the keys of `more`."""
        keys = {**more, "base": self.base, "features": self.names}
        lines = [
            json.dumps([_to_row(node) for node in tree], separators=(",", ":"))
            for tree in self.trees
        ]
        head = json.dumps(keys, ensure_ascii=False, indent=1)[:-2]
        return f'{head},\n "trees": [\n  ' + ",\n  ".join(lines) + "\n ]\n}\n"

    def compute_contributions(self, features: Sequence[float]) -> dict[str, float]:
        """Return what each feature adds to the sum, and "base": together they are the sum.

        On the way to a leaf the value of a tree changes at each node; the change is attributed to
        the feature that is compared there (Saabas 2014, Interpreting random forests).

        Args:
            features: in the order of `names`.
        """
        added = [0.0] * len(self.names)
        base = self.base
        for tree in self.trees:
            value, feature, limit, at_most, above = tree[0]
            base += value
            while feature >= 0:
                compared, before = feature, value
                following = tree[at_most if features[compared] <= limit else above]
                value, feature, limit, at_most, above = following
                added[compared] += value - before
        return {"base": base, **dict(zip(self.names, added, strict=True))}


def _to_row(node: Node) -> list[float]:
    """Return a node as it is written: a leaf has its value only."""
    value = round(node.value, 4)
    if node.feature < 0:
        return [value]
    return [value, node.feature, round(node.limit, 4), node.at_most, node.above]
