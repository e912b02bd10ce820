"""An answer as text to paste."""

from __future__ import annotations

import pytest

from qa.types import Answer, Citation
from qa.web.views.references import STYLES, format_answer

CITED = (
    Citation("r/冷链.pdf", "冷链报告", ("第一章 总论",), "毛利率为 *3.5%*。", 3, 12, 3, 12, 4, 0.9),
    Citation("r/桩.md", "充电观察", (), "| 2021 | 114 |", 0, 14, 0, 14, None, 0.8),
)


def _answer(abstained: bool = False) -> Answer:
    said = "报告没有说明这一点。" if abstained else "x"
    return Answer(
        "毛利率？", "毛利率？", said, abstained, 0.9, () if abstained else CITED, (), "注意。"
    )


def test_references_after_the_standard() -> None:
    assert format_answer(_answer(), "gbt7714").splitlines()[-2:] == [
        "[1] 冷链报告[R]. 冷链.pdf: 4.",
        "[2] 充电观察[R]. 桩.md.",
    ]


@pytest.mark.parametrize("style", STYLES)
def test_every_quotation_and_the_note_are_there(style: str) -> None:
    text = format_answer(_answer(), style)
    assert text.startswith("**毛利率？**" if style == "markdown" else "毛利率？\n")
    assert "[2]" in text
    assert "注意。" in text
    assert ("\\*3.5%\\*" if style == "markdown" else "*3.5%*") in text


@pytest.mark.parametrize("style", STYLES)
def test_a_refusal_has_no_references(style: str) -> None:
    assert "[1]" not in format_answer(_answer(abstained=True), style)
