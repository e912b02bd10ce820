"""What a question asks for."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.text.lexicon import is_name
from indexer.text.quantities import years_in
from indexer.text.segment import PLAIN
from qa.conversation.follow_up import find_topic, rewrite_follow_up
from qa.question import QueryTerm, read_question


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("互联网消费金融有哪些细分市场?", "list"),
        ("研究背景有哪几个方面?", "list"),
        ("行业集中度低有哪三个原因?", "list"),
        ("产品创新的各项建议是什么?", "list"),
        ("四个温区是什么?", "list"),
        ("为什么用户获取成本在上升?", "why"),
        ("虛擬信用卡為甚麼受到青睞?", "why"),
        ("2015年的市场规模是多少?", "fact"),
        ("四家银行一共有多少个网点?", "fact"),
    ],
)
def test_kind(text: str, kind: str) -> None:
    assert read_question(text, PLAIN).kind == kind


def test_years_numbers_names_and_counts() -> None:
    question = read_question("美國2015年的哪五個市場增長27.8%?", PLAIN)
    assert question.years == ("2015",)
    assert question.numbers == (QueryTerm("27.8%"),)
    assert question.names == (QueryTerm("美国"),)
    assert question.item_count == 5
    assert not question.asks_number
    assert read_question("市场规模是多少?", PLAIN).asks_number
    assert read_question("作者是谁?", PLAIN).asks_name


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("从2015年到2020年", ("2015", "2020")),
        ("共2000万元", ()),
        ("增长了2015.5", ()),
        ("到2025", ("2025",)),
        ("12015年", ()),
    ],
)
def test_years(text: str, years: tuple[str, ...]) -> None:
    assert years_in(text) == years


def test_names() -> None:
    assert is_name("美国", PLAIN)
    assert is_name("seo", PLAIN)
    assert not is_name("市场", PLAIN)
    assert not is_name("中国", PLAIN)


def items_of(question: str) -> list[str]:
    return ["技術挑戰", "業務流程重構", "組織文化變革"] if "难题" in question else []


@pytest.mark.parametrize(
    ("history", "question", "expected"),
    [
        (["2015年的市场规模是多少?"], "那2020年呢?", "2020年的市场规模是多少?"),
        (["市场规模是多少?"], "那2020年呢?", "2020年市场规模是多少?"),
        (["2015年的市场规模是多少?", "那2020年呢?"], "2025年呢", "2025年的市场规模是多少?"),
        (["区块链技术有什么用?"], "那云计算呢?", "云计算有什么用?"),
        (["区块链技术有什么用?"], "那雲計算呢？", "云计算有什么用?"),
        (["公路承担了多少冷链货运量?"], "那水运呢?", "水运承担了多少冷链货运量?"),
        (["数字化转型有哪些难题?"], "第二个具体指什么?", "業務流程重構具体指什么?"),
        (["数字化转型有哪些难题?"], "最后一个展开讲讲", "組織文化變革展开讲讲"),
        (["数字化转型有哪些难题?"], "第九个具体指什么?", "第九个具体指什么?"),
        (["什么是内容营销?"], "它包括哪些形式?", "内容营销包括哪些形式?"),
        (["换电是怎么一回事?"], "它的缺点是什么?", "换电的缺点是什么?"),
        (["什么是内容营销?"], "数据中心耗电吗?", "数据中心耗电吗?"),
        ([], "那2020年呢?", "那2020年呢?"),
        (["驰禾充电2023年利用率是多少?"], "岚峰电力呢?", "岚峰电力2023年利用率是多少?"),
        (["2021年公共桩有多少万台?"], "私人桩呢?", "2021年私人桩有多少万台?"),
        (["对企业有哪些建议?"], "对政府呢?", "对政府有哪些建议?"),
        (["数字化转型有哪些难题?"], "倒数第一个呢?", "組織文化變革呢?"),
        (["2015年的市场规模是多少?"], "2018年?", "2018年的市场规模是多少?"),
        (["数字化转型有哪些难题?"], "第三方支付是什么?", "第三方支付是什么?"),
        (["数字化转型有哪些难题?"], "第二章讲了什么?", "第二章讲了什么?"),
        (["数字化转型有哪些难题?"], "第三代记录仪有什么特点?", "第三代记录仪有什么特点?"),
        (["数字化转型有哪些难题?"], "第二个呢?", "業務流程重構呢?"),
        (["冷藏车有多少辆?"], "为什么用户获取成本在上升?", "为什么用户获取成本在上升?"),
        (["冷藏车有多少辆?"], "如何降低果蔬的损耗率?", "如何降低果蔬的损耗率?"),
        (["冷藏车有多少辆?"], "其他收入有哪些?", "其他收入有哪些?"),
        (["冷藏车有多少辆?"], "这个行业面临哪些挑战?", "这个行业面临哪些挑战?"),
        (["区块链技术有什么用?"], "这项技术有什么缺点?", "区块链技术有什么缺点?"),
        (["安全方面有什么要求?"], "具体有哪些措施?", "安全方面有什么要求，具体有哪些措施?"),
    ],
)
def test_follow_ups(history: list[str], question: str, expected: str) -> None:
    assert rewrite_follow_up(question, history, items_of, PLAIN) == expected


def test_topics() -> None:
    assert find_topic("什么是内容营销?", PLAIN) == "内容营销"
    assert find_topic("区块链技术有什么用?", PLAIN) == "区块链技术"


def test_names_are_found_in_jiebas_dictionary() -> None:
    """The look-up trusts the order of its lines."""
    import jieba

    data = (Path(jieba.__file__).parent / "dict.txt").read_text(encoding="utf-8")
    entries = [line.split() for line in data.splitlines()[::40]]
    names = [
        w for w, _, tag in entries if tag in ("ns", "nt", "nrt") and w[0] >= "一" and len(w) > 1
    ]
    assert len(names) > 500
    assert sum(is_name(name, PLAIN) for name in names) >= len(names) - 1
    assert not any(is_name(word, PLAIN) for word in ["互联网", "增长", "不存在的词", "价格"])
