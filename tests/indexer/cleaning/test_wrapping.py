"""Lines that are torn inside a sentence, and lines that only look so."""

from __future__ import annotations

import pytest

from indexer.cleaning.clean import clean
from indexer.cleaning.trail import rebuild_raw
from indexer.document import LoadedFile


def cleaned(text: str, format: str = "txt") -> str:
    trail = clean(LoadedFile(text, format)).trail
    assert rebuild_raw(trail.text, trail.edits) == text
    return trail.text


@pytest.mark.parametrize(
    "text",
    [
        "全市开工三处，完成投资2\n975万元，其中工业占六成。",
        "到年底，灌溉面积由2.1万亩增加到3.\n4万亩。",
        "大坝加高1.2米，于2022年\n6月30日通过验收。",
        "运行正常，管理费每年46\n万元。",
        "今年发展的\n主要目标\n是：产值增长5%。",
        "支持企业、\n学校和医院。",
    ],
)
def test_a_torn_sentence_is_whole_again(text: str) -> None:
    assert cleaned(text, "pdf") == text.replace("\n", "")


@pytest.mark.parametrize(
    "text",
    [
        "降低成本，提高效率\n优化流程",
        "1. 写作目的\n本文说明情况。",
        "总投资36亿元，\n1. 工程概况",
        "| 甲 | 2 |\n| 乙 | 3 |",
        "扫码支付的普及\n扫码支付与营销",
        "附件2\n2023年计划",
        # What is left of a table.
        "其他流动资产,\n3.03%\n预付款项,13.69%",
        "注册资本增加至，50,000\n40,000\n30,000",
        "归属于母公司的\n9,348,225,730.70\n少数股东权益",
        "空冷系统的\n北京龙源冷却技术",
        "适用情况：变化的\n□适用 √不适用",
    ],
)
def test_lines_that_stay(text: str) -> None:
    assert cleaned(text, "pdf") == text


def test_a_narrow_text_is_wrapped_if_lines_are_torn() -> None:
    lines = [
        "望海渔港工程于四月开工，",
        "堤岸累计完成620米，占设计",
        "长度的78%，码头已全部完成",
        "，疏浚土方量达145万立方米",
        "，由于台风影响和供应紧张，",
        "施工比计划推迟了两个月。",
    ]
    assert cleaned("\n".join(lines)) == "".join(lines)
