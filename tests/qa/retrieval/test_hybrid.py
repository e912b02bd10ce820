"""Scores against formulas worked by hand."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from indexer.build import build_index
from indexer.config import Config
from indexer.store.bm25 import Bm25Index, write_bm25
from indexer.store.membership import Membership
from indexer.store.snapshot import open_snapshot
from indexer.store.vectors import VectorIndex, write_vectors
from indexer.text.segment import PLAIN
from qa.index import Index
from qa.question import read_question
from qa.retrieval.hybrid import find_best_windows, fuse, min_max, retrieve
from tests.conftest import FakeEncoder


def bm25(frequency: int, holding: int, total: int, length: int, average: float) -> float:
    """Robertson and Zaragoza (2009), with the k1 and b of Lucene and tantivy."""
    k1, b = 1.2, 0.75
    idf = math.log(1 + (total - holding + 0.5) / (holding + 0.5))
    return idf * frequency * (k1 + 1) / (frequency + k1 * (1 - b + b * length / average))


def test_lexical_scores_are_bm25(tmp_path: Path) -> None:
    bags = ["消费 金融", "金融 市场 市场", "移动 支付 金融 贷款"]
    write_bm25(tmp_path / "lexical", enumerate(bags))
    index = Bm25Index(tmp_path / "lexical")
    scores = index.search(["市场", "金融"], 10)
    expected = bm25(2, 1, 3, 3, 3) + bm25(1, 3, 3, 3, 3)
    assert next(iter(scores)) == 1
    assert scores[1] == pytest.approx(expected, rel=1e-4)
    assert index.score(["市场", "金融"], [0, 2]) == pytest.approx(
        {0: scores[0], 2: scores[2]}, rel=1e-6
    )
    assert index.document_frequency("金融") == 3
    assert index.search([], 10) == index.search(["没有"], 10) == {}


def test_ties_rank_in_the_order_of_the_report(tmp_path: Path) -> None:
    write_bm25(tmp_path / "lexical", enumerate(["甲 乙"] * 5))
    assert list(Bm25Index(tmp_path / "lexical").search(["甲"], 5)) == [0, 1, 2, 3, 4]


def test_dense_scores_are_cosines(tmp_path: Path) -> None:
    rows = np.array([[1, 0], [0.6, 0.8], [0, 1]], dtype=np.float32)
    write_vectors(tmp_path / "v.faiss", rows)
    vectors = VectorIndex(tmp_path / "v.faiss")
    query = np.array([0.8, 0.6], dtype=np.float32)
    assert vectors.search(query, 3) == pytest.approx({1: 0.96, 0: 0.8, 2: 0.6}, abs=1e-3)
    assert vectors.rows([2, 0]) == pytest.approx(rows[[2, 0]], abs=1e-3)


def test_windows_can_be_named_or_left_out(tmp_path: Path) -> None:
    rows = np.array([[1, 0], [0.6, 0.8], [0, 1]], dtype=np.float32)
    write_vectors(tmp_path / "v.faiss", rows)
    vectors = VectorIndex(tmp_path / "v.faiss")
    query = np.array([0.8, 0.6], dtype=np.float32)
    assert vectors.search(query, 3, np.array([0])) == pytest.approx({1: 0.96, 2: 0.6}, abs=1e-3)
    assert vectors.search(query, 3, np.arange(3)) == {}
    assert vectors.cosines(np.array([2, 0]), query) == pytest.approx([0.6, 0.8], abs=1e-3)
    assert vectors.cosines(np.empty(0, dtype=np.int64), query).shape == (0,)


def test_the_best_window_of_each_passage_is_the_first_of_equal_ones() -> None:
    passages = np.array([0, 0, 3, 3, 3])
    cosines = np.array([0.2, 0.5, 0.4, 0.7, 0.7], dtype=np.float32)
    assert find_best_windows(passages, cosines).tolist() == [1, 3]


def test_windows_of_passages_in_the_order_of_these() -> None:
    membership = Membership.from_columns(
        np.zeros(4, int), np.array([0, 1, 1, 3, 0]), np.zeros(5, bool)
    )
    assert membership.windows_of(np.array([3, 0, 2])).tolist() == [3, 0, 4]
    assert membership.windows_of(np.empty(0, dtype=np.int64)).tolist() == []


def test_half_floats_written_again_are_the_same(tmp_path: Path) -> None:
    rows = np.random.default_rng(0).normal(size=(50, 8)).astype(np.float32)
    write_vectors(tmp_path / "a", rows)
    once = VectorIndex(tmp_path / "a").rows(range(50))
    write_vectors(tmp_path / "b", once)
    assert (VectorIndex(tmp_path / "b").rows(range(50)) == once).all()


def test_fusion_is_the_mean_of_both_scaled_to_0_1() -> None:
    fused = fuse(np.array([10.0, 5.0, 0.0]), np.array([0.7, 0.9, 0.8], dtype=np.float32))
    assert fused == pytest.approx([0.5, 0.75, 0.25])


def test_equal_scores_tell_nothing_apart() -> None:
    assert min_max(np.array([3.0, 3.0])).tolist() == [1.0, 1.0]
    assert min_max(np.empty(0)).tolist() == []


def test_both_sides_score_every_candidate(tmp_path: Path, fake_encoder: FakeEncoder) -> None:
    config = Config(tmp_path / "index", None, tmp_path)
    (tmp_path / "a.txt").write_text(
        "蘋果的產量在增長。\n\n梨的價格下降。\n\n天氣很好。\n", encoding="utf-8"
    )
    build_index(config, [tmp_path / "a.txt"])
    snapshot = open_snapshot(config.index)
    (vector,) = fake_encoder.encode_queries(["苹果产量"])
    found = retrieve(snapshot, read_question("苹果产量", PLAIN), vector)
    best, *others = found.candidates
    (passage,) = snapshot.catalogue.passages([best.passage]).values()
    assert passage.text == "蘋果的產量在增長。"
    assert best.score == pytest.approx(1.0)
    assert best.dense == pytest.approx(1.0, abs=1e-2)
    assert all(c.lexical == 0.0 for c in others)
    none = retrieve(snapshot, read_question("苹果产量", PLAIN), vector, frozenset())
    assert none.candidates == ()


def test_a_question_looks_only_into_the_reports_that_are_named(corpus_index: Index) -> None:
    by_path = {document.path: document.id for document in corpus_index.documents()}
    number = next(n for path, n in by_path.items() if path.endswith("cold-chain.pdf"))
    question = "2021年公共桩有多少万台？"
    assert not corpus_index.ask(question).abstained
    answer = corpus_index.ask(question, only=frozenset([number]))
    assert answer.abstained
    assert {passage.path for passage in answer.passages} <= {
        path for path, other in by_path.items() if other == number
    }
    found = corpus_index.search("充电桩", only=frozenset([number]))
    assert {passage.passage.document for passage in found} <= {number}
