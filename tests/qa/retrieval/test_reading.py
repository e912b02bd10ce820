"""What is read of a passage, how many are read, and what reading changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from indexer.types import Passage, Span
from qa.index import Index
from qa.retrieval.hybrid import Candidate
from qa.retrieval.reading import describe, make_excerpts, rank_by_reader
from qa.retrieval.windows import RankedPassage
from qa.settings import DEFAULTS

from ...conftest import IndexTexts

TEXT = """# 某市统计公报

## 一、综合

表1 各区收入
单位：万元

| 区 | 收入 |
|---|---|
| 东区 | 12 |
| 西区 | 34 |

下列单位可以申请：

1. 学校；
2. 医院。
"""


def ranked_of(index: Index, question: str) -> list[RankedPassage]:
    """The passages of an index in the order of a question, without the reader."""
    asked, _ = index._understand(question, frozenset())
    return list(index._draft(asked, index._retrieve(asked)).ranked)


@pytest.fixture(scope="module")
def index(index_texts: IndexTexts) -> Index:
    return index_texts({"公报.md": TEXT})


def test_a_row_is_read_with_its_caption_unit_and_header(index: Index) -> None:
    rows = [r for r in ranked_of(index, "西区的收入是多少") if r.passage.kind == "row"]
    (reading, *_) = make_excerpts([rows[0].candidate], index.snapshot.catalogue)
    for part in ("某市统计公报", "综合", "表1各区收入", "单位:万元", "收入"):
        assert part in reading.context.replace(" ", "")


def test_an_item_is_read_with_what_introduces_its_list(index: Index) -> None:
    items = [r for r in ranked_of(index, "医院可以申请吗") if r.passage.kind == "item"]
    (reading, *_) = make_excerpts([items[0].candidate], index.snapshot.catalogue)
    assert "下列单位可以申请" in reading.context


def test_a_long_context_keeps_title_and_what_is_nearest() -> None:
    passage = Passage(0, 0, 0, 1, "row", ("远" * 300, "近处"), "x", "表头")
    context = describe("题名", passage)
    assert context.startswith("题名 | ")
    assert context.endswith("近处 | 表头")
    assert len(context) < 240


def fake(
    index: Index, scores: Sequence[tuple[float, float]]
) -> tuple[list[RankedPassage], list[int]]:
    """Rank with numbers given in the order of reading; return the ranking and how many each call read."""
    calls: list[int] = []
    left = list(scores)

    def read(texts: Sequence[str]) -> NDArray[np.float32]:
        calls.append(len(texts))
        taken = [left.pop(0) for _ in texts]
        return np.array(taken, np.float32)

    passages = ranked_of(index, "西区的收入是多少")[: len(scores)]
    return rank_by_reader(passages, index.snapshot.catalogue, read, DEFAULTS.reading), calls


def test_a_clear_answer_ends_the_reading(index: Index) -> None:
    ranked, calls = fake(index, [(5, 4), (-5, -4), (-5, -4), (-5, -4)])
    assert calls == [2]
    assert [r.read is None for r in ranked] == [False, False, True, True]
    assert ranked[0].probability > 0.9


def test_what_the_reader_prefers_comes_first(index: Index) -> None:
    before = ranked_of(index, "西区的收入是多少")[:4]
    ranked, calls = fake(index, [(-5, -4), (-5, -4), (-5, -4), (5, 4)])
    assert calls == [2, 2]
    assert ranked[0].passage.id == before[3].passage.id
    assert ranked[0].unread == pytest.approx(before[3].probability)


def test_nothing_is_read_of_nothing(index: Index) -> None:
    assert rank_by_reader([], index.snapshot.catalogue, lambda texts: np.zeros((0, 2))) == []


def test_it_is_one_setting_to_switch_off(index: Index) -> None:
    off = replace(DEFAULTS, reading=replace(DEFAULTS.reading, depth=0))
    without = Index(index.snapshot, index.config, off)
    answer = without.ask("西区的收入是多少")
    assert without._reader is None
    assert answer.why is not None
    assert "read" not in answer.why.confidence
    plain = Index(index.snapshot, replace(index.config, reader=False))
    assert plain.ask("西区的收入是多少").confidence == answer.confidence
    with_reader = index.ask("西区的收入是多少")
    assert with_reader.why is not None
    assert "read" in with_reader.why.confidence


def test_candidates_are_named_by_their_passage() -> None:
    ranked = RankedPassage(
        Candidate(1, 0, 1.0, 1.0, 1.0, 2), Passage(1, 0, 0, 1, "row", (), "x"), (), Span(0, 1), 0, 0
    )
    assert ranked.read is None
