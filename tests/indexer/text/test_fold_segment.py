"""Folding and terms: what matches what."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.text.fold import fold, fold_chars, fold_strict
from indexer.text.segment import PLAIN, bigrams


@pytest.mark.parametrize(
    ("traditional", "simplified"),
    [
        ("虛擬信用卡為甚麼受到青睞", "虚拟信用卡为什么受到青睐"),
        ("隨著市場發展", "随着市场发展"),
        ("著名作家的顯著成就", "著名作家的显著成就"),
        ("ＡＢＣ１２３％", "abc123%"),
        ("雲計算", "云计算"),
    ],
)
def test_both_scripts_and_widths_fold_alike(traditional: str, simplified: str) -> None:
    assert fold(traditional) == fold(simplified) == simplified


def test_strict_folding_drops_what_quotations_may_differ_in() -> None:
    assert fold_strict("「互聯網」, 2015 年:著名") == "互联网2015年着名"


@given(st.text(st.characters(min_codepoint=32, max_codepoint=0xFFFF, exclude_categories=["Cs"])))
def test_folding_by_character_keeps_offsets(text: str) -> None:
    assert len(fold_chars(text)) == len(text)


def test_terms_are_words_and_bigrams() -> None:
    assert PLAIN.words("跨境電商平臺,2015年增長20.5%") == [
        "跨境",
        "电商",
        "平台",
        "2015",
        "年",
        "增长",
        "20.5%",
    ]
    assert bigrams("雲計算,好") == ["云计", "计算"]
    assert PLAIN.terms("云计算") == PLAIN.words("云计算") + bigrams("云计算")


def test_content_words_say_what_a_question_is_about() -> None:
    assert PLAIN.content_words("互联网消费金融有哪些细分市场?") == [
        "互联网",
        "消费",
        "金融",
        "细分",
        "市场",
    ]
    assert "低" in PLAIN.content_words("行业集中度低有哪三个原因?")  # jieba guesses 低有
