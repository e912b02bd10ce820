"""A vocabulary changes what is found and never what is quoted."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from indexer.build import build_index
from indexer.config import read_config
from indexer.store.snapshot import open_snapshot
from qa.index import Index

REPORT = """区域金融运行简报

一、总体情况
中国人民银行在三月下调存款准备金率0.5个百分点。网络借贷平台由去年的八百家减少到三百家。
二、支付情况
移动支付笔数增长三成,其中乡镇商户占四成。商业银行新设网点二十个。
三、绿色项目
碳捕集与封存项目在两个试点城市开工,总投资十二亿元。
"""


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> tuple[Index, Index]:
    """An index before and after its vocabulary was added."""
    folder = tmp_path_factory.mktemp("vocabulary")
    (folder / "report.txt").write_text(REPORT, encoding="utf-8")
    config = replace(read_config(), index=folder / "index", model=None)
    build_index(config, [folder / "report.txt"])
    before = Index.open(config)
    (config.index / "synonyms.txt").write_text("央行 中国人民银行\n", encoding="utf-8")
    (config.index / "terms.txt").write_text("碳捕集与封存 nz\n", encoding="utf-8")
    (folder / "report.txt").unlink()  # its text is in the index
    build_index(config, [])
    return before, Index.open(config)


def test_a_synonym_is_held_and_the_report_is_quoted_in_its_own_words(
    opened: tuple[Index, Index],
) -> None:
    held = []
    for index in opened:
        answer = index.ask("央行什么时候下调准备金率？", threshold=0.0)
        assert answer.citations[0].quote.startswith("中国人民银行在三月下调存款准备金率")
        assert answer.why is not None
        held.append({word.word: word.held for word in answer.why.words}["央行"])
    assert held == [False, True]


def test_a_synonym_is_looked_up(opened: tuple[Index, Index]) -> None:
    before, after = (index.search("央行", k=3) for index in opened)
    assert max(one.lexical for one in before) == 0
    assert "中国人民银行" in after[0].passage.text
    assert after[0].lexical > 0


def test_two_indexes_in_threads_each_ask_with_their_own_words(opened: tuple[Index, Index]) -> None:
    """Ask an index without and one with synonyms at the same time."""

    def best_lexical(place: int) -> float:
        return max(one.lexical for one in opened[place % 2].search("央行", k=3))

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(best_lexical, range(24)))
    assert all((score > 0) == bool(place % 2) for place, score in enumerate(found))


def test_the_snapshot_keeps_what_it_was_made_with(opened: tuple[Index, Index]) -> None:
    _, after = opened
    config = after.config
    (config.index / "terms.txt").write_text("碳捕集 封 存 封存 nz\n", encoding="utf-8")
    assert open_snapshot(config.index).vocabulary.terms[0].word == "碳捕集与封存"
    assert after.snapshot.lexical.document_frequency("碳捕集与封存") == 1
    assert opened[0].snapshot.lexical.document_frequency("碳捕集与封存") == 0
