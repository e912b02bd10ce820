"""A name that is misspelt by its sound is put right; one that is another name stays."""

from __future__ import annotations

import pytest

from qa.retrieval.misspelt import Misspellings
from tests.conftest import IndexTexts

NAMES = ("岚浦市政府工作报告", "东湖支行年度报告", "yl-06说明书")


@pytest.mark.parametrize(
    ("question", "corrected"),
    [
        ("岚铺市2026年的收入", "岚浦市2026年的收入"),
        ("请问兰浦市的收入", "请问岚浦市的收入"),
        ("西湖支行的存款", "西湖支行的存款"),  # another sound, another branch
        ("岚浦市的收入", "岚浦市的收入"),
        ("岚浦是个什么地方", "岚浦是个什么地方"),  # stands in a report
        ("兰铺市的收入", "兰铺市的收入"),  # two characters differ
    ],
)
def test_correction(question: str, corrected: str) -> None:
    assert Misspellings(NAMES).correct(question, lambda text: text == "岚浦是") == corrected


def test_the_answer_says_how_the_question_was_understood(index_texts: IndexTexts) -> None:
    index = index_texts(
        {
            "a.md": "# 岚浦市政府工作报告\n\n全市一般公共预算收入98.6亿元，增长3.4%。\n",
            "b.md": "# 沐原市政府工作报告\n\n全市一般公共预算收入71.2亿元，增长2.8%。\n",
        }
    )
    answer = index.ask("岚铺市的一般公共预算收入是多少")
    assert answer.understood.startswith("岚浦市")
    assert "98.6亿元" in answer.answer
