"""A run on disk: its measures and every question's outcome, so that no index is needed later.

    {"format": 1, "about": {...}, "summary": {...}, "questions": [
    {...one question a line...}
    ]}

A brief run is a baseline to keep under version control: of each question only its id, recall (what
it adds to evidence recall), abstained, rr (reciprocal rank) and confidence, in that order.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from indexer.errors import YinjuError, named_message_of, reason_of
from indexer.messages import Message, message

from .measures import measure
from .outcome import Outcome, Text

FORMAT = 1
# Measured anew on each machine, and so not part of a baseline.
_MACHINE = ("_ms_", "search_to_encode")


@dataclass(frozen=True, slots=True)
class Run:
    """Outcomes, and what they were got with: kind ("gold" or "squad"), questions, model, settings.

    questions: where they came from.
    """

    about: dict[str, Any]
    outcomes: tuple[Outcome, ...]

    @property
    def types(self) -> bool:
        """Whether its questions have types that tell something."""
        return self.about.get("kind") == "gold" and not self.about.get("brief")

    def summary(self) -> dict[str, Any]:
        """Its measures."""
        return measure(self.outcomes)


def save_run(path: Path, run: Run, brief: bool = False) -> None:
    """Writes a run, one question a line.

    Raises:
        YinjuError: the file cannot be written.
    """
    summary = _lasting(run.summary()) if brief else run.summary()
    rows = [_brief_row(o) if brief else _row(o) for o in run.outcomes]
    parts = [
        f'"format": {FORMAT}',
        f'"about": {_json(run.about | {"brief": brief})}',
        f'"summary": {_lines(summary)}',
        '"questions": [\n' + ",\n".join(map(_json, rows)) + "\n]",
    ]
    write_text(path, "{\n" + ",\n".join(parts) + "\n}\n")


def write_text(path: Path, text: str) -> None:
    """Writes a text file.

    Raises:
        YinjuError: it cannot be written.
    """
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise YinjuError("file.unwritable", path=path, reason=reason_of(error)) from error


def load_run(path: Path) -> Run:
    """Reads a run, brief or not.

    Raises:
        YinjuError: the file cannot be read, or is no run of this format.
    """
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        if values["format"] != FORMAT:
            other = message("found.run_format", found=values["format"], expected=FORMAT)
            raise YinjuError("run.not_saved", path=path, reason=other)
        read = _brief_outcome if values["about"]["brief"] else _outcome
        outcomes = tuple(read(row) for row in values["questions"])
    except (OSError, UnicodeDecodeError) as error:
        raise YinjuError("file.unreadable", path=path, reason=reason_of(error)) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise YinjuError("run.not_saved", path=path, reason=named_message_of(error)) from error
    return Run(values["about"], outcomes)


def briefly(outcome: Outcome) -> Outcome:
    """What a baseline keeps of an outcome."""
    return _brief_outcome(_brief_row(outcome))


def _brief_row(outcome: Outcome) -> dict[str, Any]:
    rank = outcome.scores.get("mrr@10")
    recall = outcome.scores.get("evidence_recall", outcome.recall)
    return {
        "id": outcome.id,
        "recall": recall if recall is None else round(recall, 4),
        "abstained": outcome.abstained,
        "rr": rank if rank is None else round(rank, 4),
        "confidence": round(outcome.confidence, 2),
    }


def _brief_outcome(row: dict[str, Any]) -> Outcome:
    answerable, abstained = row["recall"] is not None, bool(row["abstained"])
    scores = {"refusal_answerable" if answerable else "refusal_unanswerable": float(abstained)}
    for key, name in (("recall", "evidence_recall"), ("rr", "mrr@10")):
        if row[key] is not None:
            scores[name] = float(row[key])
    return Outcome(
        id=str(row["id"]),
        type="",
        question="",
        answerable=answerable,
        abstained=abstained,
        confidence=float(row["confidence"]),
        recall=row["recall"],
        scores=scores,
    )


def _row(outcome: Outcome) -> dict[str, Any]:
    return {
        **asdict(outcome),
        "confidence": round(outcome.confidence, 6),
        "scores": {key: round(score, 6) for key, score in outcome.scores.items()},
        "quotes": list(map(_text_row, outcome.quotes)),
        "passages": list(map(_text_row, outcome.passages)),
        "timings_ms": {step: round(ms, 2) for step, ms in outcome.timings_ms.items()},
    }


def _text_row(text: Text) -> dict[str, Any]:
    return {**asdict(text), "score": round(text.score, 4)}


def _outcome(row: dict[str, Any]) -> Outcome:
    texts = {key: tuple(map(_text, row[key])) for key in ("quotes", "passages")}
    strings = {key: tuple(map(str, row[key])) for key in ("evidence", "history")}
    return Outcome(**{**row, **texts, **strings})


def _text(row: dict[str, Any]) -> Text:
    return Text(**{**row, "headings": tuple(row["headings"])})


def _lasting(summary: dict[str, Any]) -> dict[str, Any]:
    """A summary without what the machine decides, and the types' without intervals."""
    kept = {
        key: _timeless(value) if isinstance(value, dict) else value
        for key, value in _timeless(summary).items()
    }
    by_type = {
        name: {key: value for key, value in _timeless(told).items() if key != "intervals"}
        for name, told in summary["by_type"].items()
    }
    return kept | {"by_type": by_type}


def _timeless(values: dict[str, Any]) -> dict[str, Any]:
    return {
        key: value for key, value in values.items() if not any(part in key for part in _MACHINE)
    }


def _lines(values: dict[str, Any]) -> str:
    """An object with a line for each key, and for each key of an object within."""

    def told(value: Any) -> str:
        if not isinstance(value, dict) or not value:
            return _json(value)
        return "{\n" + ",\n".join(f"  {_json(k)}: {_json(v)}" for k, v in value.items()) + "\n }"

    return "{\n" + ",\n".join(f" {_json(k)}: {told(v)}" for k, v in values.items()) + "\n}"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def by_id(outcomes: Sequence[Outcome], run: Message) -> dict[str, Outcome]:
    """Outcomes by their id.

    Raises:
        YinjuError: two have the same, so that nothing can be matched.
    """
    found: dict[str, Outcome] = {}
    for outcome in outcomes:
        if outcome.id in found:
            raise YinjuError("run.id_twice", run=run, id=outcome.id)
        found[outcome.id] = outcome
    return found
