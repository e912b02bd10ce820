"""Evaluations that the page starts: one at a time, counted, cancelled, kept."""

from __future__ import annotations

import time
from pathlib import Path
from threading import Event

import pytest

from indexer.errors import YinjuError
from qa.index import Index
from qa.server.evaluation_runs import Trials
from qa.server.live_index import LiveIndex

GOLD = (
    '{{"id": "{0}", "type": "fact", "question": "苔藓厚度是多少？", "answerable": true, '
    '"evidence": ["九厘米"]}}\n'
)


@pytest.fixture
def trials(live: LiveIndex, tmp_path: Path) -> Trials:
    made = Trials(live)
    gold = tmp_path / "苔原.jsonl"
    gold.write_text(GOLD.format(1) + GOLD.format(2), encoding="utf-8")
    made.keep_gold(gold)
    return made


def _ended(trials: Trials) -> str:
    for _ in range(1000):
        if not trials.now().active:
            return trials.now().state
        time.sleep(0.01)
    raise AssertionError("it never ended")


def test_a_run_is_counted_and_kept(trials: Trials) -> None:
    assert trials.now().state == "none"
    trials.cancel()
    trials.start("苔原")
    assert _ended(trials) == "done"
    trial = trials.now()
    assert (trial.gold, trial.done, trial.total) == ("苔原", 2, 2)
    assert list(trials.runs()) == [trial.saved]
    assert len(trials.load(trial.saved).outcomes) == 2


def test_one_runs_at_a_time_and_can_be_cancelled(
    trials: Trials, monkeypatch: pytest.MonkeyPatch
) -> None:
    began, go_on, ask = Event(), Event(), Index.ask

    def slow(*args: object, **given: object) -> object:
        began.set()
        assert go_on.wait(10)
        return ask(*args, **given)  # type: ignore[arg-type]

    monkeypatch.setattr(Index, "ask", slow)
    trials.start("苔原")
    assert began.wait(10)
    with pytest.raises(YinjuError, match="another evaluation is running"):
        trials.start("苔原")
    trials.cancel()
    go_on.set()
    assert _ended(trials) == "cancelled"
    assert trials.runs() == {}


def test_an_unforeseen_error_ends_a_run(trials: Trials, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Index, "ask", lambda *args, **given: 1 // 0)
    trials.start("苔原")
    assert _ended(trials) == "failed"
    assert "error of the program" in str(trials.now().error)
