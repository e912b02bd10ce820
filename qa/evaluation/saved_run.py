"""Save and load a run: its measures and every question's outcome, to be shown without an index.

    {"format": 1, "about": {...}, "summary": {...}, "questions": [
    {...one question a line...}
    ]}

A brief run is a baseline to keep under version control. It has of each question only its id, recall
(its score for evidence recall), abstained, rr (reciprocal rank) and confidence, in that order.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from indexer.errors import YinjuError, named_message_of, reason_of
from indexer.messages import Message, message

from .measures import summarise
from .outcome import Excerpt, Outcome

FORMAT = 1
# Parts of the keys of measures that depend on the machine; a brief run leaves them out.
_MACHINE_KEYS = ("_ms_", "search_to_encode")


@dataclass(frozen=True, slots=True)
class Run:
    """The outcomes of a set of questions."""

    about: dict[str, Any]
    """How they were obtained: "kind" ("gold" or "squad"), "questions" (the name of the set), "model",
    "reranker", "settings" (those that were set) and "threshold"; of a loaded run also "brief"."""
    outcomes: tuple[Outcome, ...]

    @property
    def has_types(self) -> bool:
        """Return whether its questions have types that are worth measures of their own."""
        return self.about.get("kind") == "gold" and not self.about.get("brief")

    def summary(self) -> dict[str, Any]:
        """Return its measures, as `yinju eval --json` prints them."""
        return summarise(self.outcomes)


def save_run(path: Path, run: Run, brief: bool = False) -> None:
    """Write a run, one question a line.

    Raises:
        YinjuError: the file cannot be written.
    """
    summary = _drop_machine_measures(run.summary()) if brief else run.summary()
    rows = [_to_brief_row(o) if brief else _to_row(o) for o in run.outcomes]
    parts = [
        f'"format": {FORMAT}',
        f'"about": {_json(run.about | {"brief": brief})}',
        f'"summary": {_format_object(summary)}',
        '"questions": [\n' + ",\n".join(map(_json, rows)) + "\n]",
    ]
    write_text(path, "{\n" + ",\n".join(parts) + "\n}\n")


def write_text(path: Path, text: str) -> None:
    """Write a text file.

    Raises:
        YinjuError: the file cannot be written.
    """
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise YinjuError("file.unwritable", path=path, reason=reason_of(error)) from error


def load_run(path: Path) -> Run:
    """Read a run, brief or not.

    Raises:
        YinjuError: the file cannot be read, or is not a run of this format.
    """
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        if values["format"] != FORMAT:
            reason = message("found.run_format", found=values["format"], expected=FORMAT)
            raise YinjuError("run.not_saved", path=path, reason=reason)
        parse = _parse_brief_row if values["about"]["brief"] else _parse_row
        outcomes = tuple(parse(row) for row in values["questions"])
    except (OSError, UnicodeDecodeError) as error:
        raise YinjuError("file.unreadable", path=path, reason=reason_of(error)) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise YinjuError("run.not_saved", path=path, reason=named_message_of(error)) from error
    return Run(values["about"], outcomes)


def reduce_to_brief(outcome: Outcome) -> Outcome:
    """Return what a brief run keeps of an outcome."""
    return _parse_brief_row(_to_brief_row(outcome))


def _to_brief_row(outcome: Outcome) -> dict[str, Any]:
    reciprocal_rank = outcome.scores.get("mrr@10")
    recall = outcome.scores.get("evidence_recall", outcome.recall)
    return {
        "id": outcome.id,
        "recall": recall if recall is None else round(recall, 4),
        "abstained": outcome.abstained,
        "rr": reciprocal_rank if reciprocal_rank is None else round(reciprocal_rank, 4),
        "confidence": round(outcome.confidence, 2),
    }


def _parse_brief_row(row: dict[str, Any]) -> Outcome:
    answerable, abstained = row["recall"] is not None, bool(row["abstained"])
    scores = {"refusal_answerable" if answerable else "refusal_unanswerable": float(abstained)}
    for key, measure in (("recall", "evidence_recall"), ("rr", "mrr@10")):
        if row[key] is not None:
            scores[measure] = float(row[key])
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


def _to_row(outcome: Outcome) -> dict[str, Any]:
    return {
        **asdict(outcome),
        "confidence": round(outcome.confidence, 6),
        "scores": {key: round(score, 6) for key, score in outcome.scores.items()},
        "quotes": list(map(_to_excerpt_row, outcome.quotes)),
        "passages": list(map(_to_excerpt_row, outcome.passages)),
        "timings_ms": {step: round(ms, 2) for step, ms in outcome.timings_ms.items()},
    }


def _to_excerpt_row(excerpt: Excerpt) -> dict[str, Any]:
    return {**asdict(excerpt), "score": round(excerpt.score, 4)}


def _parse_row(row: dict[str, Any]) -> Outcome:
    excerpts = {key: tuple(map(_parse_excerpt_row, row[key])) for key in ("quotes", "passages")}
    strings = {key: tuple(map(str, row[key])) for key in ("evidence", "history")}
    return Outcome(**{**row, **excerpts, **strings})


def _parse_excerpt_row(row: dict[str, Any]) -> Excerpt:
    return Excerpt(**{**row, "headings": tuple(row["headings"])})


def _drop_machine_measures(summary: dict[str, Any]) -> dict[str, Any]:
    """Return a summary without measures that depend on the machine; groups lose their intervals."""
    kept = {
        key: _drop_machine_keys(value) if isinstance(value, dict) else value
        for key, value in _drop_machine_keys(summary).items()
    }
    groups = {
        name: {
            value: {k: v for k, v in _drop_machine_keys(measures).items() if k != "intervals"}
            for value, measures in group.items()
        }
        for name, group in summary.items()
        if name.startswith("by_")
    }
    return kept | groups


def _drop_machine_keys(values: dict[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in values.items() if not any(part in k for part in _MACHINE_KEYS)}


def _format_object(values: dict[str, Any]) -> str:
    """Return an object as JSON, a line for each key and for each key of an object within it."""

    def format_value(value: Any) -> str:
        if not isinstance(value, dict) or not value:
            return _json(value)
        return "{\n" + ",\n".join(f"  {_json(k)}: {_json(v)}" for k, v in value.items()) + "\n }"

    return "{\n" + ",\n".join(f" {_json(k)}: {format_value(v)}" for k, v in values.items()) + "\n}"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def outcomes_by_id(outcomes: Sequence[Outcome], run: Message) -> dict[str, Outcome]:
    """Return the outcomes by id.

    Args:
        run: what an error calls the run.

    Raises:
        YinjuError: two outcomes have the same id, so that they cannot be matched.
    """
    found: dict[str, Outcome] = {}
    for outcome in outcomes:
        if outcome.id in found:
            raise YinjuError("run.id_twice", run=run, id=outcome.id)
        found[outcome.id] = outcome
    return found
