"""Trees that are small enough to be followed by hand, and those that ship."""

from __future__ import annotations

import json
import math
from dataclasses import astuple, fields, replace
from pathlib import Path

import pytest

from qa.confidence.estimate import compute_contributions, to_probability
from qa.confidence.features import Features
from qa.confidence.trees import Node, Trees

# x <= 0.5 ? -1 : (y <= 2 ? 1 : 3), where three of four that were fitted on went right twice.
TREE = (Node(1.0, 0, 0.5, 1, 2), Node(-1.0), Node(5 / 3, 1, 2.0, 3, 4), Node(1.0), Node(3.0))
LIKELY = Features(
    far=0.0,
    coverage=1.0,
    year=0.0,
    lacks=0.0,
    asked=0.0,
    near=0.6,
    pairs=1.0,
    worth=1.5,
    chance=0.99,
    support=0.6,
    lead=0.5,
    trust=1.0,
)


@pytest.mark.parametrize(("x", "y", "leaf"), [(0.5, 9, -1.0), (0.6, 2, 1.0), (0.6, 2.1, 3.0)])
def test_a_tree_leads_to_one_leaf(x: float, y: float, leaf: float) -> None:
    added = Trees(0.25, ("x", "y"), (TREE, TREE)).compute_contributions([x, y])
    assert sum(added.values()) == pytest.approx(0.25 + 2 * leaf)
    assert added["base"] == pytest.approx(0.25 + 2 * 1.0)


def test_a_change_on_the_way_is_of_the_feature_that_is_asked() -> None:
    added = Trees(0.0, ("x", "y"), (TREE,)).compute_contributions([1.0, 3.0])
    assert added == pytest.approx({"base": 1.0, "x": 2 / 3, "y": 4 / 3})


def test_what_is_written_reads_the_same(tmp_path: Path) -> None:
    trees = Trees(0.5, ("x", "y"), (TREE, (Node(0.125),)))
    file = tmp_path / "trees.json"
    file.write_text(trees.to_json(script="a.py"), encoding="utf-8")
    assert json.loads(file.read_text(encoding="utf-8"))["script"] == "a.py"
    again = Trees.read(file)
    assert again.names == trees.names
    assert again.compute_contributions([1.0, 3.0]) == pytest.approx(
        trees.compute_contributions([1.0, 3.0]), abs=1e-3
    )


def test_the_log_odds_are_the_sum_of_the_contributions() -> None:
    sure = to_probability(compute_contributions(LIKELY))
    assert sure / (1 - sure) == pytest.approx(math.exp(sum(compute_contributions(LIKELY).values())))


@pytest.mark.parametrize(
    "name", [f.name for f in fields(Features) if f.name not in ("trust", "brief")]
)
def test_each_feature_speaks_one_way_only(name: str) -> None:
    against = name in ("far", "year", "lacks", "asked")
    for start in (LIKELY, Features(*(0.5 for _ in astuple(LIKELY)))):
        probabilities = [
            to_probability(compute_contributions(replace(start, **{name: step / 50 - 0.5})))
            for step in range(130)
        ]
        assert probabilities == pytest.approx(sorted(probabilities, reverse=against), abs=1e-9)


def test_what_lacks_all_is_unlikely() -> None:
    bare = Features(0.5, 0.0, 1.0, 1.0, 1.0, -0.5, 0.0, 0.0, 0.2, 0.02, 0.0, 0.1)
    assert (
        to_probability(compute_contributions(bare))
        < 0.1
        < 0.9
        < to_probability(compute_contributions(LIKELY))
    )
