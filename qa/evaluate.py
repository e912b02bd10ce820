"""Gold questions to measures: how much evidence is cited, how much is refused, and how fast."""

from __future__ import annotations

import json
import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from indexer.errors import YinjuError
from indexer.fold import fold_strict

from .batch import read_lines
from .index import Index
from .types import Answer


@dataclass(frozen=True, slots=True)
class Gold:
    """A gold question. evidence: snippets that the citations must contain."""

    id: str
    type: str
    question: str
    answerable: bool
    evidence: tuple[str, ...]
    history: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """A gold question with its answer. recall: the share of its evidence that was cited."""

    gold: Gold
    answer: Answer
    recall: float


def read_gold(path: Path) -> list[Gold]:
    """Reads a gold file, one JSON object a line.

    Raises:
        YinjuError: the file is missing, or a line is no gold question.
    """
    return [_gold(path, number, line) for number, line in read_lines(path)]


def _gold(path: Path, number: int, line: str) -> Gold:
    try:
        values = json.loads(line)
        return Gold(
            id=str(values["id"]),
            type=str(values["type"]),
            question=str(values["question"]),
            answerable=bool(values["answerable"]),
            evidence=_strings(values["evidence"]),
            history=_strings(values.get("history", [])),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise YinjuError(
            f"{path}:{number}: is not a gold question ({type(error).__name__}: {error}); "
            "expected id, type, question, answerable, evidence, as corpus/gold/README.md says"
        ) from error


def _strings(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise TypeError(f"expected a list, found {value!r}")
    return tuple(map(str, value))


def evidence_recall(evidence: Sequence[str], answer: Answer) -> float:
    """The share of the snippets that some quotation contains, both folded; 1 where none is asked."""
    quotes = [fold_strict(citation.quote) for citation in answer.citations]
    found = sum(any(fold_strict(snippet) in quote for quote in quotes) for snippet in evidence)
    return found / len(evidence) if evidence else 1.0


def run(
    index: Index, golds: Iterable[Gold], on_done: Callable[[], None] = lambda: None
) -> list[Outcome]:
    """Asks every gold question."""
    outcomes = []
    for gold in golds:
        answer = index.ask(gold.question, gold.history)
        outcomes.append(Outcome(gold, answer, evidence_recall(gold.evidence, answer)))
        on_done()
    return outcomes


def measure(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Measures over all outcomes and by question type.

    evidence_recall: of answerable questions, a list by its share of items, any other only whole.
    citations: a factual answer's mean number. refused: shares of answerable and unanswerable.
    """
    types = dict.fromkeys(outcome.gold.type for outcome in outcomes)
    by_type = {t: _measure([o for o in outcomes if o.gold.type == t]) for t in types}
    return {**_measure(outcomes), "by_type": by_type}


def _measure(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    answerable = [o for o in outcomes if o.gold.answerable]
    unanswerable = [o for o in outcomes if not o.gold.answerable]
    factual = [o for o in answerable if o.gold.type != "list" and not o.answer.abstained]
    times = [o.answer.timings_ms["total"] for o in outcomes]
    return {
        "questions": len(outcomes),
        "answerable": len(answerable),
        "evidence_recall": _mean([_credit(o) for o in answerable]),
        "citations_per_factual_answer": _mean([len(o.answer.citations) for o in factual]),
        "answerable_refused": sum(o.answer.abstained for o in answerable),
        "unanswerable": len(unanswerable),
        "unanswerable_refused": sum(o.answer.abstained for o in unanswerable),
        "latency_ms_p50": round(statistics.median(times), 1) if times else None,
    }


def _credit(outcome: Outcome) -> float:
    return outcome.recall if outcome.gold.type == "list" else float(outcome.recall == 1.0)


def _mean(values: Sequence[float]) -> float | None:
    return round(statistics.fmean(values), 4) if values else None
