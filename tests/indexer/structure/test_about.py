"""What a report is about is found at its top, in its title and in the name of its file."""

from __future__ import annotations

import pytest

from indexer.structure.about import find_about


@pytest.mark.parametrize(
    ("text", "title", "stem", "expected"),
    [
        (
            "岭南重工股份有限公司2021年年度报告\n公司的中文名称 | 岭南重工股份有限公司\n公司的中文简称：岭南重工\n",
            "岭南重工股份有限公司2021年年度报告",
            "a",
            {"organisation": "岭南重工股份有限公司", "names": "岭南重工", "period": "2021年"},
        ),
        (
            "2026年岚浦市政府工作报告\n——2026年1月9日在岚浦市人民代表大会上\n来源：岚浦日报\n时间：2026-02-09\n",
            "2026年岚浦市政府工作报告",
            "a",
            {"place": "岚浦市", "period": "2026年", "date": "2026-02-09"},
        ),
        (
            "政府工作报告\n各位代表：\n",
            "政府工作报告",
            "2026_岚浦省_报告",
            {"place": "岚浦省", "period": "2026"},
        ),
        # A day in a sentence is not the day of the report; 市场 and 县域 are no places.
        ("化工现货市场观察\n报告期自2024年1月1日起。\n", "化工现货市场观察", "a", {}),
        (
            "恒屹陶瓷股份有限公司（以下简称“恒屹陶瓷”）招股说明书\n作者：柯某 审核：沈某\n",
            "恒屹陶瓷股份有限公司招股说明书",
            "a",
            {"organisation": "恒屹陶瓷股份有限公司", "names": "恒屹陶瓷", "author": "柯某"},
        ),
    ],
)
def test_properties(text: str, title: str, stem: str, expected: dict[str, str]) -> None:
    found = find_about(text, title, stem)
    assert {p.name: p.value for p in found} == expected
    assert all(text[p.start : p.end] == p.value for p in found if p.end)
