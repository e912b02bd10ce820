"""Measures against values worked by hand: judging, ranking, bootstrap, confidence."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from qa.evaluation.bootstrap import (
    Statistic,
    draw_resamples,
    percentile_interval,
    risk_coverage_curve,
    value_of,
    weighted_aurc,
    weighted_auroc,
    weighted_mean,
    weighted_quantile,
    weighted_risk,
)
from qa.evaluation.gold import GoldQuestion
from qa.evaluation.measures import estimate_measures, score_rankings, summarise
from qa.evaluation.outcome import Outcome, contains_any, judge_answer
from qa.types import Answer, Citation

ONES = np.ones((1, 4))


def row(*numbers: float) -> Any:
    return np.array([numbers], dtype=np.float64)


def at(statistic: Statistic, *weights: float) -> float:
    return float(statistic(row(*weights))[0])


def answer(*quotes: str, confidence: float = 0.9) -> Answer:
    citations = tuple(
        Citation("a.txt", "甲", ("一、",), quote, 0, 1, 0, 1, None, 0.5) for quote in quotes
    )
    return Answer("问", "问", "答", not quotes, confidence, citations, (), "", {"total": 7.0})


def gold(kind: str, *evidence: str) -> GoldQuestion:
    return GoldQuestion("q", kind, "问", bool(evidence), evidence)


def outcome(name: str, confidence: float, loss: float, answerable: bool = True) -> Outcome:
    refused = "refusal_answerable" if answerable else "refusal_unanswerable"
    abstained = confidence < 0.5
    recall = 1 - loss if answerable else None
    scores = {"loss": loss, refused: float(abstained)}
    if answerable:
        scores["evidence_recall"] = 0.0 if abstained else 1 - loss
    return Outcome(name, "fact", "问", answerable, abstained, confidence, recall, scores)


def test_a_fact_counts_only_whole_and_its_citations_each() -> None:
    judged = judge_answer(
        gold("fact", "4.2萬億元", "20%"), answer("发放额4.2万亿元。", "别的"), 0.5, {}
    )
    assert judged.recall == 0.5
    assert judged.state == "partly cited"
    assert judged.scores == {
        "refusal_answerable": 0.0,
        "loss": 1.0,
        "evidence_recall": 0.0,
        "answer_in_top1": 1.0,
        "answer_in_top3": 1.0,
        "citation_precision": 0.5,
        "citations_per_factual_answer": 2.0,
    }


def test_a_list_counts_by_its_share_of_items() -> None:
    judged = judge_answer(
        gold("list", "甲", "乙", "丙", "丁"), answer("x", "1.甲", "2.乙", "3.丙"), 0.5, {}
    )
    assert judged.scores["evidence_recall"] == judged.scores["list_item_recall"] == 0.75
    assert judged.scores["list_item_precision"] == judged.scores["citation_precision"] == 0.75
    assert (judged.scores["answer_in_top1"], judged.scores["answer_in_top3"]) == (0.0, 1.0)
    assert judged.scores["loss"] == 0.25
    assert "citations_per_factual_answer" not in judged.scores


def test_a_refusal_cites_nothing_but_keeps_what_it_would_have_quoted() -> None:
    judged = judge_answer(gold("fact", "甲"), answer("甲", confidence=0.4), 0.5, {"mrr@10": 1.0})
    assert (judged.abstained, judged.recall, judged.state) == (True, 0.0, "refused")
    assert [quote.text for quote in judged.quotes] == ["甲"]
    assert judged.scores == {
        "refusal_answerable": 1.0,
        "loss": 0.0,  # at full coverage it would have been right
        "evidence_recall": 0.0,
        "answer_in_top1": 0.0,
        "answer_in_top3": 0.0,
        "mrr@10": 1.0,
    }


def test_an_unanswerable_question_is_only_refused_or_not() -> None:
    judged = judge_answer(gold("unanswerable"), answer("甲"), 0.5, {"mrr@10": 1.0})
    assert judged.scores == {"refusal_unanswerable": 0.0, "loss": 1.0}
    assert (judged.recall, judged.correct, judged.state) == (None, False, "answered")
    assert judge_answer(gold("unanswerable"), answer("甲", confidence=0.1), 0.5, {}).correct


def test_snippets_are_compared_folded() -> None:
    assert contains_any("發放額達 4.2 萬億元", ["4.2万亿元"])
    assert not contains_any("發放額", ["4.2万亿元"])


def test_ranking_measures_by_hand() -> None:
    # One relevant passage in second place; two in first and third of three; nothing found.
    first, second, third = score_rankings(
        [["a", "b", "c"], ["x", "y", "z"], []], [{"b"}, {"x", "z", "w"}, {"q"}]
    )
    assert first == pytest.approx(
        {
            "recall@1": 0.0,
            "recall@5": 1.0,
            "recall@10": 1.0,
            "mrr@10": 0.5,
            "ndcg@10": 1 / np.log2(3),
        }
    )
    gain = (1 + 1 / np.log2(4)) / (1 + 1 / np.log2(3) + 1 / np.log2(4))
    assert second == pytest.approx(
        {"recall@1": 1 / 3, "recall@5": 2 / 3, "recall@10": 2 / 3, "mrr@10": 1.0, "ndcg@10": gain}
    )
    assert set(third.values()) == {0.0}


def test_places_decide_not_names() -> None:
    # trec_eval would put equal scores in the reverse order of their names.
    (scores,) = score_rankings([[str(i) for i in range(12)]], [{"9"}])
    assert scores["mrr@10"] == pytest.approx(0.1)
    assert score_rankings([["a"], ["b"]], [set(), {"b"}])[0] == {}


def test_drawings_draw_as_many_and_rows_of_a_question_together() -> None:
    drawn = draw_resamples(np.array([0, 1, 2, 1]), resamples=500)
    assert drawn.shape == (500, 4)
    assert (drawn[:, 1] == drawn[:, 3]).all()
    assert (drawn[:, :3].sum(axis=1) == 3).all()
    assert (drawn == draw_resamples(np.array([0, 1, 2, 1]), resamples=500)).all()
    # Of three questions each is left out of a drawing with chance (2/3)^3.
    assert (drawn[:, 0] == 0).mean() == pytest.approx((2 / 3) ** 3, abs=0.06)


def test_the_interval_of_a_mean_is_about_two_standard_errors() -> None:
    values = np.repeat([0.0, 1.0], [20, 80])
    low, high = percentile_interval(weighted_mean(values)(draw_resamples(np.arange(100)))) or (0, 0)
    assert low == pytest.approx(0.8 - 1.96 * 0.04, abs=0.015)
    assert high == pytest.approx(0.8 + 1.96 * 0.04, abs=0.015)
    assert percentile_interval(np.array([np.nan])) is None


def test_a_mean_leaves_out_what_says_nothing() -> None:
    mean = weighted_mean(np.array([1.0, np.nan, 0.0]))
    assert at(mean, 1, 1, 1) == 0.5
    assert at(mean, 3, 5, 1) == 0.75
    assert np.isnan(at(mean, 0, 2, 0))


def test_quantiles_by_hand() -> None:
    values = np.array([40.0, 10.0, 30.0, 20.0])
    assert value_of(weighted_quantile(values, 0.5), 4) == 25.0  # the ordinary median
    assert value_of(weighted_quantile(values, 0.95), 4) == 40.0
    assert at(weighted_quantile(values, 0.5), 0, 3, 0, 1) == 10.0
    assert value_of(weighted_quantile(np.arange(1.0, 101), 0.95), 100) == 95.5
    assert np.isnan(value_of(weighted_quantile(np.array([np.nan]), 0.5), 1))


def test_auroc_by_hand_and_with_weights() -> None:
    scores = np.array([0.9, 0.4, 0.4, 0.1])
    positive = np.array([True, False, True, False])
    # Pairs: .9 beats both, .4 ties one and beats one: 3.5 of 4.
    assert value_of(weighted_auroc(scores, positive), 4) == 3.5 / 4
    # The tied positive drawn twice, the lowest not at all: .9 wins, two halves, of 3.
    assert at(weighted_auroc(scores, positive), 1, 1, 2, 0) == pytest.approx(2 / 3)
    assert np.isnan(at(weighted_auroc(scores, positive), 1, 0, 1, 0))


def test_auroc_is_that_of_scikit_learn() -> None:
    metrics = pytest.importorskip("sklearn.metrics")
    random = np.random.default_rng(1)
    scores, positive = random.integers(0, 20, 200) / 20, random.random(200) < 0.4
    expected = metrics.roc_auc_score(positive, scores)
    assert value_of(weighted_auroc(scores, positive), 200) == pytest.approx(expected)


def test_risk_and_coverage_by_hand() -> None:
    scores, losses = np.array([0.2, 0.9, 0.5, 0.5]), np.array([1.0, 0.0, 1.0, 0.0])
    coverage, risk = risk_coverage_curve(scores, losses, ONES)
    assert coverage.tolist() == [[0.25, 0.75, 1.0]]
    assert risk.tolist() == [[0.0, pytest.approx(1 / 3), 0.5]]
    assert value_of(weighted_aurc(scores, losses), 4) == pytest.approx(0.5 / 3 + 0.25 * 0.5)
    assert value_of(weighted_risk(scores, losses, 0.25), 4) == 0.0
    assert value_of(weighted_risk(scores, losses, 0.5), 4) == pytest.approx(1 / 3)
    assert value_of(weighted_risk(scores, losses, 1.0), 4) == 0.5
    # Drawn twice, the wrong one at 0.5 is two of four.
    assert at(weighted_risk(scores, losses, 0.5), 0, 1, 2, 1) == 0.5


def test_measures_are_plain_numbers_with_intervals_beside_them() -> None:
    outcomes = [
        outcome("a", 0.9, 0.0),
        outcome("b", 0.8, 1.0),
        outcome("c", 0.2, 0.0),
        replace(outcome("d", 0.4, 1.0, answerable=False), type="unanswerable"),
    ]
    summary = summarise(outcomes)
    assert (summary["questions"], summary["answerable"], summary["unanswerable"]) == (4, 3, 1)
    assert (summary["answerable_refused"], summary["unanswerable_refused"]) == (1, 1)
    assert summary["evidence_recall"] == pytest.approx(1 / 3, abs=1e-4)
    assert summary["auroc"] == pytest.approx(2 / 3, abs=1e-4)
    assert summary["risk@1"] == 0.5
    low, high = summary["intervals"]["evidence_recall"]
    assert 0 <= low < summary["evidence_recall"] < high <= 1
    assert summary["latency_ms_p50"] is None
    assert set(summary["by_type"]) == {"fact", "unanswerable"}
    # Where nothing can be answered there is no risk to speak of.
    assert "aurc" not in summary["by_type"]["unanswerable"]
    assert summary["by_type"]["unanswerable"]["evidence_recall"] is None


def test_only_quotations_of_the_questions_own_report_hold_evidence() -> None:
    own = replace(gold("fact", "甲"), document="a.txt")
    assert judge_answer(own, answer("甲"), 0.5, {}).state == "cited"
    assert judge_answer(replace(own, document="sub/a.txt"), answer("甲"), 0.5, {}).correct
    judged = judge_answer(replace(own, document="b.txt"), answer("甲"), 0.5, {})
    assert (judged.state, judged.scores["citation_precision"]) == ("not cited", 0.0)


def test_rows_and_columns_count_by_their_share_of_cells_as_lists_do() -> None:
    for kind in ("row", "column"):
        judged = judge_answer(gold(kind, "甲", "乙"), answer("甲"), 0.5, {})
        assert judged.scores["evidence_recall"] == judged.scores["list_item_recall"] == 0.5


def test_wordings_near_misses_and_pairs_have_their_own_measures() -> None:
    asked = [
        replace(outcome(name, 0.9, loss), wording=wording, pair=pair)
        for name, loss, wording, pair in (
            ("af", 0.0, "formal", "a"),
            ("ac", 1.0, "colloquial", "a"),
            ("bf", 0.0, "formal", "b"),
            ("bc", 0.0, "colloquial", "b"),
            ("cf", 0.0, "formal", "c"),  # asked in one wording only
        )
    ]
    missed = [
        replace(outcome(name, confidence, 1.0, False), wording="formal", miss=miss)
        for name, confidence, miss in (("u", 0.9, "year"), ("v", 0.1, "place"))
    ]
    summary = summarise([*asked, *missed])
    assert summary["by_wording"]["formal"]["evidence_recall"] == 1.0
    assert summary["by_wording"]["colloquial"]["evidence_recall"] == 0.5
    assert summary["by_miss"]["year"]["unanswerable_refused"] == 0
    assert summary["by_miss"]["place"]["unanswerable_refused"] == 1
    assert summary["pairs"] == {
        "pairs": 2, "both": 1, "formal_only": 1, "colloquial_only": 0, "neither": 0
    }  # fmt: skip


def test_sets_without_these_fields_have_no_such_groups() -> None:
    assert not {"by_wording", "by_miss", "pairs"} & summarise([outcome("a", 0.9, 0.0)]).keys()


def test_nothing_measured_is_no_measure() -> None:
    assert estimate_measures([]) == {}
    assert summarise([])["questions"] == 0
