"""The passage features, worked by hand, and the ranking by them."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from indexer.text.segment import PLAIN
from indexer.types import Passage, Span
from qa.question import read_question
from qa.retrieval.hybrid import Candidate, Retrieved
from qa.retrieval.passages import (
    FAINT,
    NAMES,
    measure_longest_run,
    rank_by_features,
    read_passage_features,
)
from qa.retrieval.windows import RankedPassage

QUESTION = read_question("北土城站有几个出入口", PLAIN)
RETRIEVED = Retrieved((), (), 1.0, 20.0, np.zeros(2, dtype=np.float32))


def make_ranked(
    number: int, text: str, probability: float = 0.0, dense: float = 0.9
) -> RankedPassage:
    passage = Passage(number, number, 0, len(text), "paragraph", (), text)
    candidate = Candidate(number, number, 1.0, 10.0, dense, number)
    return RankedPassage(candidate, passage, (), Span(0, len(text)), 1.2, 0.5, probability)


def test_features_of_a_passage() -> None:
    one = make_ranked(0, "「北土城站位於北京，有六個出入口。", probability=0.5, dense=0.88)
    other = make_ranked(1, "安贞门站在北土城东路。")
    first, second = (
        dict(zip(NAMES, row, strict=True))
        for row in read_passage_features(QUESTION, [one, other], RETRIEVED)
    )
    assert first["worth"] == 1.2
    assert first["sentences"] == pytest.approx(math.log(0.5))
    assert second["sentences"] == -FAINT
    assert first["cosine"] == pytest.approx(-0.2)
    assert second["cosine"] == 0.0
    assert first["words"] == 0.5
    # 北土 土城 城站 站有 有几 几个 个出 出入 入口
    assert first["pairs"] == pytest.approx(6 / 9)
    assert second["pairs"] == pytest.approx(2 / 9)
    assert first["run"] == second["run"] + 0.1 == 0.4
    assert first["opening"] == pytest.approx(math.log(5))
    assert second["opening"] == 0.0


def test_the_order_is_by_probability_and_probabilities_sum_to_one() -> None:
    one, other = (
        make_ranked(0, "安贞门站在北土城东路。"),
        make_ranked(1, "北土城站有六个出入口。", probability=0.9),
    )
    ranked = rank_by_features(QUESTION, [one, other], RETRIEVED)
    assert [a.passage.id for a in ranked] == [1, 0]
    assert sum(a.probability for a in ranked) == pytest.approx(1)
    assert [replace(a, probability=0.0) for a in ranked] == [replace(other, probability=0.0), one]
    assert rank_by_features(QUESTION, [], RETRIEVED) == []


def test_the_longest_run_is_of_neighbours() -> None:
    assert measure_longest_run("第三方支付", "支付和第三方") == 3
    assert measure_longest_run("支付", "天气") == 0
