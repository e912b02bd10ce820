"""What a question asks for and its quotation does not give."""

from __future__ import annotations

import pytest

from indexer.text.fold import fold
from indexer.text.segment import PLAIN
from qa.answering.notes import describe_missing, find_missing
from qa.index import Index
from qa.question import read_question


@pytest.mark.parametrize(
    ("question", "quoted", "expected"),
    [
        ("2019年的发放额是多少?", "2018年的发放额是4.2万亿元。", ("2019",)),
        ("2018年的发放额是多少?", "2018年的发放额是4.2万亿元。", ()),
        ("移动支付的规模有多大?", "2.移动支付：2020年以来增长迅速。", ("number",)),
        ("平台有多少家?", "平台的用户有3亿人。", ("number",)),
        ("什么时候开始试点?", "试点由三家公司承担。", ("time",)),
        ("什么时候开始试点?", "试点始于2016年。", ()),
        ("什么时候开始试点?", "| 试点 | 2016-05-01 |", ()),
        ("谁承担试点?", "试点于各地展开。", ()),
    ],
)
def test_what_is_missing(question: str, quoted: str, expected: tuple[str, ...]) -> None:
    assert find_missing(read_question(question, PLAIN), fold(quoted), "") == expected


def test_a_year_beside_the_quotation_counts() -> None:
    assert (
        find_missing(
            read_question("2019年的发放额是多少?", PLAIN), "发放额是4万亿元。", "一、2019年"
        )
        == ()
    )


def test_each_is_told() -> None:
    assert describe_missing(("2019", "2020", "number"), "zh") == [
        "引文没有提到2019、2020年。",
        "引文没有给出所问的数字。",
    ]
    assert describe_missing(("2019",), "en") == ["What is quoted does not speak of 2019."]


def test_an_answer_says_so(corpus_index: Index) -> None:
    answer = corpus_index.ask("2031年私人桩是多少万台?", threshold=0.0)
    assert "引文没有提到2031年。" in answer.note
