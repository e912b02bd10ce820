"""The passage features, by hand; and that the order follows them."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from indexer.text.segment import PLAIN
from indexer.types import Passage, Span
from qa.question import read_question
from qa.retrieval.hybrid import Candidate, Retrieved
from qa.retrieval.passages import FAINT, NAMES, longest_run, order, passage_features
from qa.retrieval.windows import Appraisal

QUESTION = read_question("北土城站有几个出入口", PLAIN)
RETRIEVED = Retrieved((), (), 1.0, 20.0, np.zeros(2, dtype=np.float32))


def looked(number: int, text: str, chance: float = 0.0, dense: float = 0.9) -> Appraisal:
    passage = Passage(number, number, 0, len(text), "paragraph", (), text)
    candidate = Candidate(number, number, 1.0, 10.0, dense, number)
    return Appraisal(candidate, passage, (), Span(0, len(text)), 1.2, 0.5, chance)


def test_features_of_a_passage() -> None:
    one = looked(0, "「北土城站位於北京，有六個出入口。", chance=0.5, dense=0.88)
    other = looked(1, "安贞门站在北土城东路。")
    first, second = (
        dict(zip(NAMES, row, strict=True))
        for row in passage_features(QUESTION, [one, other], RETRIEVED)
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


def test_the_order_is_by_chance_and_the_chances_are_shares() -> None:
    one, other = (
        looked(0, "安贞门站在北土城东路。"),
        looked(1, "北土城站有六个出入口。", chance=0.9),
    )
    ranked = order(QUESTION, [one, other], RETRIEVED)
    assert [a.passage.id for a in ranked] == [1, 0]
    assert sum(a.chance for a in ranked) == pytest.approx(1)
    assert [replace(a, chance=0.0) for a in ranked] == [replace(other, chance=0.0), one]
    assert order(QUESTION, [], RETRIEVED) == []


def test_the_longest_run_is_of_neighbours() -> None:
    assert longest_run("第三方支付", "支付和第三方") == 3
    assert longest_run("支付", "天气") == 0
