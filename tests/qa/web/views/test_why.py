"""The reasons for an answer as HTML: all of them are told, and none is ever markup."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from typing import Any

import pytest

from indexer.errors import YinjuError
from qa.server.turn import Turn
from qa.settings import check_threshold
from qa.types import Answer, PassedOver, QuestionWord, Why
from qa.web.views.conversation import conversation_html
from qa.web.views.why import cost_html, why_html

from .test_source import ANSWER, EVIL, Reader

PASSED = PassedOver(
    "a.txt", "甲报告", ("一、总论", "规模"), "冷" * 70, 0.125, "lacks", "2020、美国"
)
WHY = Why(
    words=(QuestionWord("美国", 0.9, False), QuestionWord("冷库", 0.4, True)),
    score={"bm25": 12.3456, "chance": 0.875},
    confidence={"base": 1.5, "year": -3.99, "far": -0.0, "coverage": 0.55},
    threshold=0.6,
    passed_over=(PASSED,),
)
HOSTILE = Why(
    words=(QuestionWord(EVIL, 0.9, False), QuestionWord(EVIL, 0.4, True)),
    score={EVIL: 1.0},
    confidence={"base": 1.0, EVIL: -1.0},
    threshold=0.6,
    passed_over=(
        PassedOver(EVIL, EVIL, (EVIL,), EVIL, 0.1, "lacks", EVIL),
        PassedOver(EVIL, EVIL, (), EVIL, 0.1, EVIL + "{x}{0}"),
    ),
)


def explanation_text(answer: Answer, why: Why = WHY, language: str = "zh") -> str:
    return Reader(why_html(replace(answer, why=why), language)).text


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("abstained", [False, True])
def test_markup_in_the_reasons_is_shown_and_never_markup(language: str, abstained: bool) -> None:
    answer = replace(ANSWER, abstained=abstained, why=HOSTILE)
    read = Reader(conversation_html([Turn("问", answer)], [], language))
    assert not {"img", "script", "iframe", "svg"} & {tag for tag, _ in read.tags}
    assert not [name for _, attrs in read.tags for name in attrs if name.startswith("on")]
    assert read.texts.count(EVIL) > 6
    assert any(text.endswith(EVIL + "{x}{0}") for text in read.texts)


def test_where_nothing_is_known_nothing_is_told() -> None:
    assert why_html(ANSWER, "zh") == ""
    assert 'class="why' not in conversation_html([Turn("问", ANSWER)], [], "zh")
    bare = Why((), {}, {}, 0.6, ())
    assert "<table" not in why_html(replace(ANSWER, why=bare), "zh")


def test_it_is_folded_up() -> None:
    (details,) = [
        attrs
        for tag, attrs in Reader(why_html(replace(ANSWER, why=WHY), "zh")).tags
        if tag == "details"
    ]
    assert "open" not in details


def test_words_are_marked_and_told_apart_without_seeing() -> None:
    html = why_html(replace(ANSWER, why=WHY), "zh")
    assert re.search(r"<s [^>]*>美国</s>", html)
    assert re.search(r"<b [^>]*>冷库</b>", html)
    text = Reader(html).text
    assert "美国 (没有, 稀有度 90%)" in text
    assert "冷库 (有, 稀有度 40%)" in text


def test_parts_of_the_score_and_of_the_confidence() -> None:
    text = explanation_text(ANSWER)
    assert "共有的词（BM25）12.346" in text
    assert "答案在这一段的可能87.5%" in text
    assert "缺少问到的年份−3.99" in text
    assert "含有问题里的词+0.55" in text
    assert "意思相差远" not in text
    assert "mystery+0.25" in explanation_text(ANSWER, replace(WHY, confidence={"mystery": 0.25}))


def test_bars_are_as_long_as_what_they_stand_for() -> None:
    html = why_html(replace(ANSWER, why=WHY), "zh")
    bars = re.findall(r'<i class="(\w+)" style="width:([\d.]+)%">', html)
    assert bars == [("more", "18.8"), ("less", "50.0"), ("more", "6.9")]


def test_the_confidence_against_the_threshold() -> None:
    refused = replace(ANSWER, abstained=True, confidence=0.5999)
    assert "把握 59.9%，低于门槛 60%，所以不作答" in explanation_text(refused)
    assert "得分" not in explanation_text(refused)
    assert "把握 90%，达到门槛 60%，所以作答" in explanation_text(ANSWER)
    assert "没有可引用的原文" in explanation_text(replace(refused, confidence=0.7))
    assert "below the threshold of 60%" in explanation_text(refused, language="en")


@pytest.mark.parametrize(
    ("reason", "words", "english"),
    [
        ("lacks", "缺少：2020、美国", "lacks 2020、美国"),
        ("repeats", "与引用的段落重复", "repeats a quoted passage"),
        ("introduces", "只引出一份列表", "only introduces a list"),
        ("less likely", "可能性较低", "less likely"),
        ("another", "another", "another"),
    ],
)
def test_what_was_passed_over_has_a_reason(reason: str, words: str, english: str) -> None:
    why = replace(WHY, passed_over=(replace(PASSED, reason=reason),))
    assert f"可能 12.5% · {words}" in explanation_text(ANSWER, why)
    assert f"chance 12.5% · {english}" in explanation_text(ANSWER, why, "en")
    assert "冷" * 60 + "…" in explanation_text(ANSWER, why)
    assert "冷" * 61 not in explanation_text(ANSWER, why)


def test_a_threshold_says_what_it_costs() -> None:
    assert "门槛 60%。在测试题上：能回答的问题有" in cost_html(0.6, "zh")
    assert "Threshold 95%. On test questions:" in cost_html(0.95, "en")
    assert cost_html(0.05, "zh") != cost_html(0.95, "zh")


@pytest.mark.parametrize("threshold", [None, 0, 0.25, 1])
def test_a_threshold_is_a_number_from_0_to_1(threshold: float | None) -> None:
    assert check_threshold(threshold) == threshold


@pytest.mark.parametrize("threshold", [-0.1, 1.1, math.nan, math.inf, "0.5", True, [0.5]])
def test_any_other_threshold_is_refused_in_words(threshold: Any) -> None:
    with pytest.raises(YinjuError, match="expected a number from 0 to 1"):
        check_threshold(threshold)
