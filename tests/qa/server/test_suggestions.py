"""Suggested questions: made from the outline, and each answered from where it was made."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from indexer.errors import YinjuError
from qa.index import Index
from qa.server.live_index import LiveIndex
from qa.server.suggestions import (
    MAX_SUGGESTIONS,
    SuggestionCache,
    interleave_chapters,
    make_candidates,
    suggest_questions,
)
from tests.conftest import IndexTexts

MakeIndex = Callable[[str], Index]

REPORT = """# 水果年报

## 1. 概况

全年产量平稳，没有大的起伏。

## 2. 主要品种

有以下三种：

- 苹果：红，耐放。
- 梨：黄，多汁。
- 桃：粉，易烂。

## 3. 价格走势与说明

| 年份 | 均价（元） | 备注 |
| --- | --- | --- |
| 2021 | 5.2 | 平 |
| 2022 | 6.1 | 涨 |
"""


@pytest.fixture
def index_of(index_texts: IndexTexts) -> MakeIndex:
    """Index one report with the real model."""
    return lambda text: index_texts({"r.md": text})


def test_every_suggestion_is_answered_from_its_report(corpus_index: Index) -> None:
    for document in corpus_index.documents():
        only = frozenset({document.id})
        suggestions = suggest_questions(corpus_index, document, MAX_SUGGESTIONS)
        assert len(suggestions) == MAX_SUGGESTIONS, document.title
        for suggestion in suggestions:
            assert suggestion.path == document.path
            assert not corpus_index.ask(suggestion.question, only=only).abstained


def test_headings_and_tables_become_questions(index_of: MakeIndex) -> None:
    index = index_of(REPORT)
    (document,) = index.documents()
    report = index.snapshot.catalogue.report(document.id)
    made = [one.question for one in make_candidates(report)]
    assert made == ["主要品种有哪些？", "2022年的均价是多少元？"]


def test_the_first_questions_are_of_each_report_in_turn(corpus_index: Index) -> None:
    suggestions = SuggestionCache()
    questions = suggestions.for_index(corpus_index)
    firsts = [suggestions.for_report(corpus_index, d)[0] for d in corpus_index.documents()]
    assert questions[: len(firsts)] == firsts
    assert len(questions) == MAX_SUGGESTIONS


def test_what_is_chosen_suggests_its_own(corpus_index: Index) -> None:
    document = corpus_index.documents()[1]
    suggestions = SuggestionCache().for_index(corpus_index, frozenset({document.id}))
    assert len(suggestions) == MAX_SUGGESTIONS
    assert {suggestion.path for suggestion in suggestions} == {document.path}


def test_each_chapter_has_its_turn(corpus_index: Index) -> None:
    catalogue = corpus_index.snapshot.catalogue
    for document in corpus_index.documents():
        report = catalogue.report(document.id)
        made = make_candidates(report)
        spread = interleave_chapters(made, report.nodes)
        assert sorted(spread, key=lambda one: one.source.start) == made


@pytest.mark.parametrize("text", ["没有标题的一段话，只有一句。\n", "# 标题\n\n## 前言\n\n话。\n"])
def test_a_report_without_an_outline_suggests_nothing(index_of: MakeIndex, text: str) -> None:
    index = index_of(text)
    assert SuggestionCache().for_index(index) == []


def test_suggestions_are_made_behind_the_page(corpus_index: Index) -> None:
    live_index = LiveIndex.from_index(corpus_index)
    only = frozenset({corpus_index.documents()[0].id})
    assert live_index.suggestions.made_for_index(corpus_index, only) is None
    for _ in range(3000):
        made = live_index.suggest(corpus_index, only)
        if made is not None:
            break
        time.sleep(0.01)
    assert made == live_index.suggestions.for_index(corpus_index, only)
    assert len(made) == MAX_SUGGESTIONS


def test_suggestions_that_cannot_be_made_are_none(
    corpus_index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise YinjuError("model.no_folder", folder="x")

    monkeypatch.setattr("qa.server.suggestions.suggest_questions", broken)
    live_index = LiveIndex.from_index(corpus_index)
    assert live_index.suggest(corpus_index, None) is None
    live_index._suggesting.wait()
    assert live_index.suggest(corpus_index, None) == []
