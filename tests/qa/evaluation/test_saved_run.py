"""Saved runs, comparison, gate, tables and the report, without an index."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from indexer.errors import YinjuError
from qa.evaluation.compare import (
    SAME,
    WORSE,
    Comparison,
    Difference,
    compare,
    describe_regression,
    find_regressions,
)
from qa.evaluation.measures import MEASURE_BY_KEY, summarise
from qa.evaluation.outcome import Excerpt, Outcome
from qa.evaluation.plots import round_up_to_tick, ticks_of
from qa.evaluation.report import render_report
from qa.evaluation.saved_run import Run, load_run, save_run
from qa.evaluation.tables import describe_flip, format_cell, print_measures

ABOUT = {"kind": "gold", "questions": "set", "model": "default", "settings": {}, "threshold": 0.6}


def outcome(
    number: int,
    right: bool,
    answerable: bool = True,
    confidence: float = 0.8,
    question: str = "问?",
) -> Outcome:
    quote = Excerpt("引文", "a.txt", ("一、",), 0.5)
    scores = {"loss": 1.0 - right}
    if answerable:
        scores |= {"evidence_recall": float(right), "refusal_answerable": 0.0, "mrr@10": 0.5}
    else:
        scores["refusal_unanswerable"] = float(right)
    return Outcome(
        id=f"q{number}",
        type="fact" if answerable else "unanswerable",
        question=question,
        answerable=answerable,
        abstained=right and not answerable,
        confidence=confidence,
        recall=float(right) if answerable else None,
        scores=scores,
        evidence=("证据",) if answerable else (),
        quotes=(quote,),
        passages=(quote,),
        timings_ms={"total": 10.0 + number},
    )


def run(rights: Sequence[bool]) -> Run:
    return Run(ABOUT, tuple(outcome(i, right) for i, right in enumerate(rights)))


def test_a_run_is_read_back_as_it_was(tmp_path: Path) -> None:
    before = Run(ABOUT, (outcome(0, True), outcome(1, False, answerable=False)))
    save_run(tmp_path / "a.json", before)
    after = load_run(tmp_path / "a.json")
    assert after.outcomes == before.outcomes
    assert after.summary() == before.summary()
    values = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))
    assert values["summary"]["questions"] == 2
    assert set(values["questions"][0]) >= {
        "id", "type", "question", "answerable", "abstained", "confidence", "recall", "scores",
        "quotes", "passages", "timings_ms",
    }  # fmt: skip


def test_a_brief_run_is_a_line_a_question(tmp_path: Path) -> None:
    save_run(tmp_path / "b.json", run([True, False]), brief=True)
    lines = (tmp_path / "b.json").read_text(encoding="utf-8").splitlines()
    assert lines[-4] == (
        '{"id": "q0", "recall": 1.0, "abstained": false, "rr": 0.5, "confidence": 0.8},'
    )
    assert not any("_ms" in line for line in lines)  # the machine's, not the program's
    assert load_run(tmp_path / "b.json").outcomes[1].scores == {
        "refusal_answerable": 0.0, "evidence_recall": 0.0, "mrr@10": 0.5,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "is not a saved run"),
        ("[]", "is not a saved run"),
        ('{"format": 9}', "format 9, this program reads format 1"),
        ('{"format": 1, "about": {"brief": true}, "questions": [{"id": 1}]}', "is not a saved run"),
    ],
)
def test_a_bad_run_is_named(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "x.json").write_text(text, encoding="utf-8")
    with pytest.raises(YinjuError, match=message):
        load_run(tmp_path / "x.json")
    with pytest.raises(YinjuError, match="cannot be read"):
        load_run(tmp_path / "none.json")


def test_one_flip_in_forty_is_noise_and_ten_are_not() -> None:
    before = run([True] * 40)
    one = compare(before.outcomes, run([False] + [True] * 39).outcomes)
    ten = compare(before.outcomes, run([False] * 10 + [True] * 30).outcomes)

    def recall(comparison: Comparison) -> Difference:
        return next(d for d in comparison.differences if d.measure.key == "evidence_recall")

    small, large = recall(one), recall(ten)
    assert (small.change, small.verdict) == (pytest.approx(-1 / 40), SAME)
    assert (large.change, large.verdict) == (-0.25, WORSE)
    # Ten of forty fell: a binomial share, its standard error sqrt(.25 * .75 / 40).
    assert large.low == pytest.approx(-0.25 - 1.96 * 0.0685, abs=0.03)
    assert len(one.flipped) == 1
    assert describe_flip(*one.flipped[0]) == "- q0: cited -> not cited  问?"


def test_runs_are_matched_by_id() -> None:
    a = [outcome(i, True) for i in range(5)]
    b = [outcome(i, True) for i in (7, 4, 3, 2)]
    both = compare(a, b)
    assert (both.matched, both.only_before, both.only_after) == (3, ("q0", "q1"), ("q7",))
    assert both.flipped == ()
    # Drawn in pairs: equal outcomes leave no difference whatever is drawn.
    assert all(d.low == d.high == 0 for d in both.differences)
    with pytest.raises(YinjuError, match="no question in common"):
        compare(a, [outcome(9, True)])
    with pytest.raises(YinjuError, match="'q0' stands twice"):
        compare([a[0], a[0]], b)


def test_the_gate_lets_noise_pass_and_stops_a_fall(tmp_path: Path) -> None:
    save_run(tmp_path / "base.json", run([True] * 40), brief=True)
    baseline = load_run(tmp_path / "base.json")
    assert find_regressions(run([True] * 40), baseline) == []
    assert find_regressions(run([False] * 2 + [True] * 38), baseline) == []
    (one,) = find_regressions(run([False] * 10 + [True] * 30), baseline)
    assert one.measure.key == "evidence_recall"
    assert "evidence recall is worse beyond noise: 1.0000 -> 0.7500" in describe_regression(one)


def test_better_is_no_fall() -> None:
    assert find_regressions(run([True] * 40), run([False] * 40)) == []


def test_cells() -> None:
    measures: dict[str, Any] = {
        "questions": 46,
        "auroc": 0.9444,
        "latency_ms_p50": 12.34,
        "intervals": {"auroc": [0.8712, 1], "latency_ms_p50": [9, 20.51]},
    }
    assert format_cell(measures, MEASURE_BY_KEY["auroc"]) == "0.944 (0.87-1.00)"
    assert (
        format_cell(measures | {"questions": 3219}, MEASURE_BY_KEY["auroc"])
        == "0.944 (0.871-1.000)"
    )
    assert format_cell(measures, MEASURE_BY_KEY["latency_ms_p50"]) == "12.3 (9.0-20.5)"
    assert format_cell(measures, MEASURE_BY_KEY["aurc"]) == "-"


def test_the_table_has_a_row_a_measure(capsys: pytest.CaptureFixture[str]) -> None:
    print_measures(summarise(run([True, False]).outcomes), True)
    shown = capsys.readouterr().out
    assert re.search(r"^ *evidence recall +0\.500 \(0\.00-1\.00\) +0\.500", shown, re.MULTILINE)
    assert "AUROC" not in shown  # there is nothing unanswerable


class Tags(HTMLParser):
    """Collect the tags of a page and check that they close in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.seen.add(tag)
        if tag != "meta":
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: object) -> None:
        self.seen.add(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_report_stands_alone_and_escapes_everything() -> None:
    evil = "<img src=x onerror=alert(1)>&\"'"
    bad = outcome(0, False, question=evil)
    texts = (Excerpt(evil, evil, (evil,), 0.1),)
    outcomes = (
        Outcome(**{**_fields(bad), "id": evil, "type": evil, "evidence": (evil,),
                   "history": (evil,), "quotes": texts, "passages": texts}),
        outcome(1, True),
        outcome(2, False, answerable=False),
        outcome(3, True, answerable=False, confidence=0.1),
    )  # fmt: skip
    page = render_report(Run(ABOUT | {"questions": evil}, outcomes))
    tags = Tags()
    tags.feed(page)
    assert tags.open == []
    assert not tags.seen & {"img", "script", "link", "iframe"}
    assert page.count("<svg") == 3
    assert "http" not in page
    assert "Evidence not cited: 1" in page
    assert "Unanswerable, but answered: 1" in page
    assert "evidence recall" in page


def _fields(outcome: Outcome) -> dict[str, object]:
    return {name: getattr(outcome, name) for name in Outcome.__slots__}


def test_a_brief_run_has_a_report_too(tmp_path: Path) -> None:
    save_run(tmp_path / "b.json", run([True, False]), brief=True)
    assert "Evidence not cited: 1" in render_report(load_run(tmp_path / "b.json"))


def test_wordings_near_misses_and_pairs_are_printed_and_in_the_report(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    outcomes = (
        replace(outcome(0, True), wording="formal", pair="p"),
        replace(outcome(1, False), wording="colloquial", pair="p"),
        replace(outcome(2, False, answerable=False), wording="formal", miss="year"),
    )
    save_run(tmp_path / "run.json", Run(ABOUT, outcomes))
    loaded = load_run(tmp_path / "run.json")
    assert loaded.outcomes == outcomes
    sentence = "Of 1 questions that are asked in two wordings: both right 0, formal only 1"
    print_measures(loaded.summary(), loaded.has_types)
    shown = capsys.readouterr().out
    assert re.search(r"^ +formal +colloquial", shown, re.MULTILINE)
    assert re.search(r"^ +year", shown, re.MULTILINE)
    assert sentence in shown
    assert sentence in render_report(loaded)
    for head in ("书面", "口语", "年份"):
        assert f'<th scope="col">{head}</th>' in render_report(loaded, "zh")


def test_ticks_are_round() -> None:
    assert ticks_of(1.0) == [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]
    assert ticks_of(430) == [0.0, 100.0, 200.0, 300.0, 400.0]
    assert (round_up_to_tick(430), round_up_to_tick(0.6), round_up_to_tick(0.0)) == (
        500.0,
        0.6,
        1.0,
    )
