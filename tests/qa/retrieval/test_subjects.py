"""A question on a place or a firm that no report is about is refused, by name."""

from __future__ import annotations

import pytest

from indexer.text.segment import PLAIN
from qa.retrieval.subjects import find_subjects
from tests.conftest import IndexTexts


@pytest.mark.parametrize(
    ("question", "subjects"),
    [
        ("浙江省2026年的增长目标是多少", ["浙江"]),
        ("北京和上海哪个高", ["北京", "上海"]),
        ("请问恒泰光电股份有限公司2019年的利润", ["恒泰光电"]),
        ("全国的上市公司有多少家", []),  # ordinary words that the dictionary calls places
        ("子公司有限公司", []),
    ],
)
def test_subjects(question: str, subjects: list[str]) -> None:
    assert find_subjects(question, PLAIN) == subjects


def test_no_report_is_about_it(index_texts: IndexTexts) -> None:
    index = index_texts(
        {
            "四川省工作报告.md": "# 四川省工作报告\n\n今年全省生产总值增长目标是5.5%左右。\n\n与江苏省签了协议12项。\n",
            "广东省工作报告.md": "# 广东省工作报告\n\n今年全省生产总值增长目标是4.5%左右。\n",
        }
    )
    answer = index.ask("湖北省今年生产总值增长目标是多少")
    assert answer.abstained
    assert answer.unknown == ("湖北",)
    assert "湖北" in answer.answer
    assert "《四川省工作报告》" in answer.answer
    assert "湖北" in index.ask("湖北省今年生产总值增长目标是多少", language="en").answer
    # A passage that holds the place may answer, and names may be set aside.
    assert index.ask("与江苏签了几项协议").unknown == ()
    assert index.ask("湖北省今年生产总值增长目标是多少", by_name=False).unknown == ()


def test_a_refusal_names_the_report_that_was_meant(index_texts: IndexTexts) -> None:
    index = index_texts(
        {
            "四川省工作报告.md": "# 四川省工作报告\n\n今年全省生产总值增长目标是5.5%左右。\n",
            "广东省工作报告.md": "# 广东省工作报告\n\n今年全省粮食产量1200万吨。\n",
        }
    )
    answer = index.ask("四川省的月球基地花了多少钱")
    assert answer.abstained
    assert answer.answer == "《四川省工作报告》没有说明这一点。"
