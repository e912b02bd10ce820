"""Sentences that answer, the shortest run of them, and why an answer is what it is."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import qa.retrieval.sentences
from indexer.types import Span
from qa.confidence.costs import read_cost
from qa.index import Index
from qa.retrieval.linear import compute_logits, softmax
from qa.retrieval.sentences import NAMES, find_best_run
from qa.serialize import answer_to_json
from qa.settings import DEFAULTS
from tests.conftest import IndexTexts

SPANS = [Span(0, 40), Span(40, 90), Span(90, 150), Span(150, 260)]


@pytest.mark.parametrize(
    ("chances", "mass", "longest", "expected"),
    [
        ([0.9, 0.05, 0.04, 0.01], 0.9, 160, Span(0, 40)),  # one sentence is enough
        (
            [0.5, 0.05, 0.44, 0.01],
            0.9,
            160,
            Span(0, 150),
        ),  # two that are apart, with what is between
        ([0.1, 0.3, 0.4, 0.2], 1.0, 110, Span(40, 150)),  # the most that fits
        ([0.0, 0.0, 0.1, 0.9], 0.9, 100, Span(150, 260)),  # one sentence may be longer
    ],
)
def test_best_run(chances: list[float], mass: float, longest: int, expected: Span) -> None:
    assert find_best_run(SPANS, chances, mass, longest) == expected


def test_every_feature_has_a_weight_and_a_softmax_of_their_sums() -> None:
    path = Path(qa.retrieval.sentences.__file__).parent / "data/sentences.json"
    told = json.loads(path.read_text(encoding="utf-8"))
    assert set(told["weights"]) == set(NAMES)
    assert "corpus/gold" not in str(told["fitted_on"])
    rows = np.zeros((2, len(NAMES)))
    rows[1, NAMES.index("year")] = 2.0
    logits = compute_logits("sentences", NAMES, rows.tolist())
    assert logits.tolist() == [0.0, pytest.approx(2 * told["weights"]["year"])]
    shares = softmax(logits)
    assert shares[1] / shares[0] == pytest.approx(np.exp(logits[1]))


def test_the_subject_does_not_hide_what_is_asked_of_it(index_texts: IndexTexts) -> None:
    """The first sentence has the subject and most of the question's words, the third the answer."""
    text = (
        "河口风电场是省内规模居前的海上风电场，由海源能源公司投资建设，所在海域风能资源丰富。"
        "风电场分两期开工，一期工程的基础施工历时两年，期间三次受台风影响而停工。"
        "全部机组在叶片厂完成总装后由驳船运到现场。"
        "建成以来累计发电四十亿度，相当于少烧一百二十万吨标准煤。\n"
        "省内另有两座陆上风电场，装机容量都在十万千瓦以下，设备由北方风机厂供应。\n"
    )
    index = index_texts({"report.txt": text})
    answer = index.ask("河口风电场在哪里完成机组的总装?", threshold=0.0)
    assert "叶片厂完成总装" in answer.citations[0].quote
    assert all(len(citation.quote) <= 160 for citation in answer.citations)
    coarse = replace(
        DEFAULTS,
        pinpoint=replace(DEFAULTS.pinpoint, passages=0),
        reading=replace(DEFAULTS.reading, depth=0),
    )
    by_window = Index.open(index.config, coarse).ask(
        "河口风电场在哪里完成机组的总装?", threshold=0.0
    )
    assert by_window.citations
    assert by_window.passages[0].chance == 0.0


def test_why_tells_words_scores_and_what_was_passed_over(corpus_index: Index) -> None:
    answer = corpus_index.ask("2023年冷链物流企业的破产数量是多少?")
    assert answer.why is not None
    words = {word.word: word.held for word in answer.why.words}
    assert words
    assert [w.weight for w in answer.why.words] == sorted(
        (w.weight for w in answer.why.words), reverse=True
    )
    logit = sum(answer.why.confidence.values())
    assert 1 / (1 + np.exp(-logit)) == pytest.approx(answer.confidence, abs=1e-3)
    assert answer.why.threshold == DEFAULTS.answer.threshold
    assert answer.why.passed_over
    assert all(
        one.reason in ("lacks", "repeats", "introduces", "less likely")
        for one in answer.why.passed_over
    )
    told = answer_to_json(answer)["why"]
    assert json.loads(json.dumps(told, ensure_ascii=False))["words"][0]["word"] in words


def test_passages_come_by_chance_and_then_by_score(corpus_index: Index) -> None:
    found = corpus_index.search("冷库容量", 20)
    keys = [(one.chance, one.score) for one in found]
    assert keys == sorted(keys, reverse=True)
    looked = [one.chance for one in found if one.chance]
    assert looked
    assert sum(looked) == pytest.approx(1.0, abs=0.01)


def test_costs_rise_with_strictness_and_fall_with_it() -> None:
    costs = [read_cost(step / 20) for step in range(21)]
    assert [c.refused for c in costs] == sorted(c.refused for c in costs)
    assert [c.answered for c in costs] == sorted((c.answered for c in costs), reverse=True)
    assert read_cost(0.0).answered == 1.0
    assert read_cost(1.0).refused >= 0.9
