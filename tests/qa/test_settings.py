"""Settings: names and values that exist, products of choices, and that they reach the ranking."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from indexer.build import build_index
from indexer.config import Config
from indexer.errors import YinjuError
from indexer.store.snapshot import open_snapshot
from indexer.text.segment import PLAIN
from qa.index import Index
from qa.matching import rarity_in
from qa.question import read_question
from qa.retrieval.hybrid import Retrieved, measure_trust, retrieve
from qa.retrieval.windows import rank_by_windows
from qa.settings import (
    DEFAULTS,
    Answering,
    Appraise,
    Fusion,
    Settings,
    expand_choices,
    list_settings,
)
from tests.conftest import FakeEncoder


def test_no_choice_is_the_defaults() -> None:
    (only,) = expand_choices([])
    assert (only.chosen, only.settings, only.label) == ({}, DEFAULTS, "")


def test_choices_multiply() -> None:
    made = expand_choices(["fusion.alpha=0.3, 0.7", "appraise.depth=4,8"])
    assert [one.label for one in made] == [
        "fusion.alpha=0.3 appraise.depth=4",
        "fusion.alpha=0.3 appraise.depth=8",
        "fusion.alpha=0.7 appraise.depth=4",
        "fusion.alpha=0.7 appraise.depth=8",
    ]
    assert made[0].settings.fusion == Fusion(alpha=0.3)
    assert made[0].settings.appraise.depth == 4
    assert made[0].settings.answer == DEFAULTS.answer


def test_whole_numbers_stay_whole() -> None:
    (one,) = expand_choices(["fusion.candidates=50"])
    assert isinstance(one.settings.fusion.candidates, int)


@pytest.mark.parametrize(
    ("choice", "message"),
    [
        ("alpha=1", r"no setting is called alpha; there are fusion\.alpha, fusion\.support"),
        ("fusion.alpha", "expected NAME=VALUE"),
        ("fusion.alpha=", "expected NAME=VALUE"),
        ("fusion.alpha=x", r"fusion\.alpha=x: expected a number; the settings are fusion\.alpha"),
        ("fusion.alpha=nan", "expected a number"),
        ("fusion.alpha=2", r"fusion\.alpha must be 0\.\.1"),
        ("fusion.candidates=1.5", "expected a whole number"),
        ("fusion.candidates=0", "must be 1 or more"),
        ("answer.threshold=1.1", r"answer\.threshold must be 0\.\.1"),
    ],
)
def test_a_bad_choice_is_one_clear_line(choice: str, message: str) -> None:
    with pytest.raises(YinjuError, match=message) as error:
        expand_choices([choice])
    assert "\n" not in str(error.value)


def test_a_setting_is_given_once() -> None:
    with pytest.raises(YinjuError, match="is given twice"):
        expand_choices(["fusion.alpha=0.1", "fusion.alpha=0.2"])


def test_every_setting_has_a_name() -> None:
    names = list_settings()
    assert names["answer.threshold"] == DEFAULTS.answer.threshold
    assert {name.partition(".")[0] for name in names} >= {"fusion", "appraise", "answer"}


@pytest.fixture
def fruit(tmp_path: Path, fake_encoder: FakeEncoder) -> Config:
    """Three reports about fruit."""
    for name, text in {
        "a": "蘋果的產量在增長。",
        "b": "梨的產量在下降,蘋果不變。",
        "c": "天氣很好。",
    }.items():
        (tmp_path / f"{name}.txt").write_text(text + "\n", encoding="utf-8")
    config = Config(tmp_path / "index", None, tmp_path)
    build_index(config, [tmp_path / f"{name}.txt" for name in "abc"])
    return config


QUESTION = "苹果的产量增长了吗"


def found(config: Config, encoder: FakeEncoder, **how: Any) -> Retrieved:
    asked = read_question(QUESTION, PLAIN)
    (vector,) = encoder.encode_queries([asked.text])
    return retrieve(open_snapshot(config.index), asked, vector, **how)


def test_settings_reach_fusion(fruit: Config, fake_encoder: FakeEncoder) -> None:
    for alpha, side in ((0.0, "dense"), (1.0, "lexical")):
        # The words reach any support that is this low, and so are trusted wholly.
        candidates = found(fruit, fake_encoder, fusion=Fusion(alpha, support=0.01)).candidates
        parts = [getattr(candidate, side) for candidate in candidates]
        scaled = [(part - min(parts)) / (max(parts) - min(parts)) for part in parts]
        assert [candidate.score for candidate in candidates] == pytest.approx(scaled)
    assert found(fruit, fake_encoder, fusion=Fusion(support=1.0)).trust < 1


def test_settings_reach_appraisal(fruit: Config, fake_encoder: FakeEncoder) -> None:
    snapshot, retrieved = open_snapshot(fruit.index), found(fruit, fake_encoder)

    def gained(gains: Appraise) -> list[float]:
        question, rarity = read_question(QUESTION, PLAIN), rarity_in(snapshot)
        ranked = rank_by_windows(question, retrieved, snapshot.catalogue, rarity, gains)
        return [one.window_score - one.candidate.score for one in ranked]

    assert gained(Appraise(held=0, nearest=0, labelled=0)) == pytest.approx([0, 0, 0])
    assert gained(Appraise(held=0, nearest=0.2, labelled=0, depth=2)) == pytest.approx([0.2, 0.2])


def test_the_threshold_of_the_settings_holds_unless_one_is_given(fruit: Config) -> None:
    always = Index.open(fruit, Settings(answer=Answering(threshold=1.0)))
    assert always.ask(QUESTION).abstained
    assert not always.ask(QUESTION, threshold=0.0).abstained
    assert not Index.open(fruit, Settings(answer=Answering(threshold=0.0))).ask(QUESTION).abstained


def test_an_excluded_document_leaves_no_trace(fruit: Config, fake_encoder: FakeEncoder) -> None:
    snapshot = open_snapshot(fruit.index)
    own = next(d.id for d in snapshot.catalogue.documents() if d.path.endswith("a.txt"))
    whole, without = (found(fruit, fake_encoder, exclude=frozenset(e)) for e in ([], [own]))
    assert own in {candidate.document for candidate in whole.candidates}
    assert own not in {candidate.document for candidate in without.candidates}
    # What is best without it reaches 1 on both sides: the min-max does not know of it ...
    assert without.candidates[0].score == pytest.approx(1.0)
    # ... nor does the trust in words, which is that of the best BM25 that is left.
    lexical = max(candidate.lexical for candidate in without.candidates)
    bound = snapshot.lexical.upper_bound(PLAIN.question_terms(QUESTION))
    assert without.trust == pytest.approx(measure_trust(lexical, bound))
    assert without.trust < whole.trust


def test_as_many_candidates_are_named_without_it(fruit: Config, fake_encoder: FakeEncoder) -> None:
    best = found(fruit, fake_encoder, fusion=Fusion(candidates=1)).candidates[0].document
    one = found(fruit, fake_encoder, fusion=Fusion(candidates=1), exclude=frozenset([best]))
    assert len(one.candidates) == 1
