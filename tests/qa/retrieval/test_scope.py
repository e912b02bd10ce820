"""A question that names a company, place or product is answered from the reports about it."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from indexer.text.segment import PLAIN
from indexer.types import Document
from qa.index import Index
from qa.retrieval.scope import Mention, ReportNames, Scope, names_of, without_names
from tests.conftest import IndexTexts


def document(id: int, title: str, path: str = "") -> Document:
    return Document(id, path or f"{id}.txt", title, "txt", "utf-8", False, (), 0, 0, 0)


def find(question: str, titles: Sequence[str], words: Sequence[str] = ()) -> Scope | None:
    names = ReportNames([document(i, title) for i, title in enumerate(titles)])
    return names.find_scope(question, lambda text: text in words)


CITIES = ("岚浦市2025年政府工作报告", "岚浦市2026年政府工作报告", "2026年沐原市政府工作报告")


@pytest.mark.parametrize(
    ("texts", "names"),
    [
        (["2025年岚浦市政府工作报告"], ["岚浦市政府工作报告"]),
        (["《樾川市管理办法》（2025）"], ["樾川市管理办法"]),
        (["YL-06说明书", "第3版"], ["yl-06说明书"]),
        (["廈門安妮股份有限公司"], ["厦门安妮股份有限公司", "安妮股份有限公司"]),
        (["厦门印象"], ["厦门印象"]),  # no firm: what is left of a place is no name
        (["2024", "年"], []),
    ],
)
def test_names_begin_where_a_run_begins(texts: list[str], names: list[str]) -> None:
    assert names_of(*texts) == names


@pytest.mark.parametrize(
    ("question", "names", "documents"),
    [
        ("岚浦去年的财政收入是多少", ["岚浦"], {0, 1}),
        ("岚浦市和沐原哪个收入高", ["岚浦市", "沐原"], {0, 1, 2}),
        ("财政收入是多少", None, None),
        ("政府工作报告怎么说", None, None),  # not at the beginning of a name
    ],
)
def test_the_reports_that_a_question_names(
    question: str, names: list[str] | None, documents: set[int] | None
) -> None:
    scope = find(question, CITIES)
    assert (names and [m.name for m in scope.mentions] if scope else None) == names
    assert (scope.documents if scope else None) == documents


def test_names_that_fit_the_same_report_narrow_the_scope() -> None:
    scope = find("榆砺热工的yl-06多重", ["榆砺热工 YL-06", "榆砺热工 YL-12", "砚西化工 YL-06"])
    assert scope is not None
    assert scope.documents == {0}


def test_a_model_is_named_whole_or_not_at_all() -> None:
    titles = ["YL-06说明书", "YL-12说明书"]
    assert find("yl-0的噪声", titles) is None
    assert find("xyl-06的噪声", titles) is None
    scope = find("yl-06的噪声", titles)
    assert scope is not None
    assert scope.documents == {0}


def test_an_ordinary_word_names_nothing() -> None:
    titles = ["能源行业报告", "汽车行业报告"]
    assert find("能源的价格", titles, words=["能源"]) is None
    assert find("能源行业的价格", titles, words=["能源"]) is not None


def test_what_all_reports_are_about_names_none() -> None:
    assert find("冷链的运价", ["冷链月报一", "冷链月报二"]) is None
    assert (
        find("冷链的运价", ["冷链月报一"]) is not None
    )  # the only one: its name says nothing more


def test_hidden_reports_are_not_named() -> None:
    names = ReportNames([document(i, title) for i, title in enumerate(CITIES)])
    scope = names.find_scope("岚浦的收入", lambda _: False, hidden={0})
    assert scope is not None
    assert scope.documents == {1}


def test_names_are_taken_out_unless_they_tell_reports_apart() -> None:
    shared = Scope((Mention("岚浦市", frozenset({0, 1})),), frozenset({0, 1}))
    assert without_names("岚浦市在2025年的收入", shared) == "2025年的收入"
    both = Scope((*shared.mentions, Mention("沐原", frozenset({2}))), frozenset({0, 1, 2}))
    assert without_names("岚浦市和沐原的收入", both) == "岚浦市和沐原的收入"


TEXTS = {
    "甲.txt": "澹岳纸业股份有限公司年度报告\n\n公司全年销售收入为21.5亿元。\n\n公司法定代表人为周砚。\n",
    "乙.txt": "翎谷水务股份有限公司年度报告\n\n公司全年销售收入为8.7亿元。\n\n公司法定代表人为许樾。\n",
    "丙.txt": "造纸行业观察\n\n全行业销售收入下降。\n\n澹岳纸业关闭了北方的一座工厂。\n\n水务行业平稳。\n",
}


@pytest.fixture(scope="module")
def three(index_texts: IndexTexts) -> Index:
    return index_texts(TEXTS)


@pytest.mark.parametrize(
    ("question", "file", "quote"),
    [
        ("澹岳纸业全年销售收入是多少？", "甲.txt", "21.5亿元"),
        ("翎谷水务全年销售收入是多少？", "乙.txt", "8.7亿元"),
        ("翎谷水务的法定代表人是谁？", "乙.txt", "许樾"),
        ("澹岳纸业关闭了哪里的工厂？", "丙.txt", "北方"),  # another report, which holds the name
    ],
)
def test_the_named_report_answers_though_it_says_the_company(
    three: Index, question: str, file: str, quote: str
) -> None:
    answer = three.ask(question, threshold=0.0)
    assert answer.citations[0].document.endswith(file)
    assert quote in answer.citations[0].quote
    assert len(answer.scope) == 1
    assert answer.understood == question
    assert [s.path for s in three.search(question, 1)] == [answer.citations[0].document]


def test_no_passage_of_another_report_without_the_name_is_looked_at(three: Index) -> None:
    answer = three.ask("翎谷水务去年的销售收入", threshold=0.0)
    assert {passage.path for passage in answer.passages} == set(answer.scope)


def test_a_question_that_names_no_report_has_no_scope(three: Index) -> None:
    assert three.ask("全行业销售收入怎么样？").scope == ()


def test_common_words_and_places_are_told_apart() -> None:
    from indexer.text.lexicon import is_common_word

    assert is_common_word("能源", PLAIN)
    assert not is_common_word("广东", PLAIN)
    assert not is_common_word("澹岳纸业", PLAIN)
