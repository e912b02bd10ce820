"""Evaluations that the page starts: one at a time, counted, cancelled, kept."""

from __future__ import annotations

import time
from pathlib import Path
from threading import Event

import pytest

from indexer.errors import YinjuError
from qa.index import Index
from qa.server.evaluation_runs import EvaluationRuns
from qa.server.live_index import LiveIndex

GOLD = (
    '{{"id": "{0}", "type": "fact", "question": "苔藓厚度是多少？", "answerable": true, '
    '"evidence": ["九厘米"]}}\n'
)


@pytest.fixture
def runs(live_index: LiveIndex, tmp_path: Path) -> EvaluationRuns:
    made = EvaluationRuns(live_index)
    gold = tmp_path / "苔原.jsonl"
    gold.write_text(GOLD.format(1) + GOLD.format(2), encoding="utf-8")
    made.save_gold_set(gold)
    return made


def _ended(runs: EvaluationRuns) -> str:
    for _ in range(1000):
        if not runs.latest().active:
            return runs.latest().state
        time.sleep(0.01)
    raise AssertionError("it never ended")


def test_a_run_is_counted_and_kept(runs: EvaluationRuns) -> None:
    assert runs.latest().state == "none"
    runs.cancel()
    runs.start("苔原")
    assert _ended(runs) == "done"
    job = runs.latest()
    assert (job.gold, job.done, job.total) == ("苔原", 2, 2)
    assert list(runs.saved_runs()) == [job.saved]
    assert len(runs.load_run(job.saved).outcomes) == 2


def test_one_runs_at_a_time_and_can_be_cancelled(
    runs: EvaluationRuns, monkeypatch: pytest.MonkeyPatch
) -> None:
    began, go_on, ask = Event(), Event(), Index.ask

    def slow(*args: object, **given: object) -> object:
        began.set()
        assert go_on.wait(10)
        return ask(*args, **given)  # type: ignore[arg-type]

    monkeypatch.setattr(Index, "ask", slow)
    runs.start("苔原")
    assert began.wait(10)
    with pytest.raises(YinjuError, match="another evaluation is running"):
        runs.start("苔原")
    runs.cancel()
    go_on.set()
    assert _ended(runs) == "cancelled"
    assert runs.saved_runs() == {}


def test_an_unforeseen_error_ends_a_run(
    runs: EvaluationRuns, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Index, "ask", lambda *args, **given: 1 // 0)
    runs.start("苔原")
    assert _ended(runs) == "failed"
    assert "error of the program" in str(runs.latest().error)
