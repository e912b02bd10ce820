"""Do two people agree on what is answered, and where? The second reading of a tenth of the questions.

    python -m corpus.training.agreement --draw FOLDER      # questions without labels, a file a report
    python -m corpus.training.agreement --score READINGS…  # judge what the second readers wrote
    python -m corpus.training.agreement                    # print the agreement

A reading is `{"id", "answerable", "evidence"}` a line, as GUIDE.md says; its id hides the label. What is judged is kept in
second_reading.jsonl with the labels as they were then: questions that were mended or dropped afterwards
still count as disagreements.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from corpus.training.check import question_file, read_report_text
from corpus.training.manifest import HERE, Entry, read_manifest
from corpus.training.questions import Question, ReportText, read_questions
from indexer.text.fold import fold_strict

READINGS = HERE / "second_reading.jsonl"
SHARE = 0.1
SEED = 13


@dataclass(frozen=True, slots=True)
class Reading:
    """A question as a second reader judged it, beside its labels at that time."""

    id: str
    split: str
    kind: str
    """The type of a question that is answered, or the kind of a near miss."""
    wording: str
    answerable: bool
    """The label."""
    read_answerable: bool
    """What the reader said."""
    same_place: bool | None
    """Whether both found the evidence in the same places; None unless both say that it is answered."""
    read_evidence: tuple[str, ...]
    """What the reader copied."""


def blind_id(question: Question) -> str:
    """Return an id that tells nothing: those of the set end in u for a near miss."""
    return hashlib.sha256(f"{SEED} {question.id} {question.question}".encode()).hexdigest()[:8]


def draw_sample() -> dict[str, list[Question]]:
    """Return a tenth of the questions of each report, spread over types, kinds and wordings.

    Questions without a pair or a kind of near miss, which are older, are left out.
    """
    sample = {}
    for entry in read_manifest():
        path = question_file(entry)
        questions = read_questions(path) if path.exists() else []
        drawn = random.Random(f"{SEED} {entry.name}")
        pool = [q for q in questions if q.pair or q.miss]
        drawn.shuffle(pool)
        # Take every tenth of a shuffled list that is sorted by kind: each kind has its share.
        pool.sort(key=lambda q: (q.answerable, q.wording, q.miss or q.type))
        start = drawn.randrange(10)
        if chosen := pool[start :: round(1 / SHARE)]:
            drawn.shuffle(chosen)
            sample[entry.name] = chosen
    return sample


def same_place(label: Sequence[str], read: Sequence[str], report: ReportText) -> bool:
    """Return whether half of the label's snippets lie in sentences or rows that the reader copied from."""

    def places_of(snippet: str) -> set[int]:
        folded = fold_strict(snippet)
        return {
            number
            for number, (sentence, _) in enumerate(report.sentences)
            if folded and sentence and (folded in sentence or sentence in folded)
        }

    reader = set().union(*map(places_of, read))
    return sum(bool(places_of(snippet) & reader) for snippet in label) >= len(label) / 2


def judge_readings(paths: Iterable[Path]) -> list[Reading]:
    """Return the readings beside the labels of today, in the order of the manifest."""
    read = {
        row["id"]: row
        for path in paths
        for row in map(json.loads, path.read_text(encoding="utf-8").splitlines())
    }
    readings = []
    for entry in read_manifest():
        path = question_file(entry)
        asked = read_questions(path) if path.exists() else []
        questions = [q for q in asked if blind_id(q) in read]
        report = read_report_text(entry) if questions else None
        for question in questions:
            assert report is not None
            readings.append(_judge(question, read[blind_id(question)], entry, report))
    return readings


def _judge(question: Question, row: dict[str, object], entry: Entry, report: ReportText) -> Reading:
    evidence = tuple(map(str, row["evidence"]))  # type: ignore[call-overload]
    answered = bool(row["answerable"])
    both = question.answerable and answered
    return Reading(
        question.id,
        entry.split,
        question.miss or question.type,
        question.wording,
        question.answerable,
        answered,
        same_place(question.evidence, evidence, report) if both else None,
        evidence,
    )


def read_readings(path: Path = READINGS) -> list[Reading]:
    """Return the readings that were kept."""
    rows = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    return [Reading(**row | {"read_evidence": tuple(row["read_evidence"])}) for row in rows]


def agreement_table(readings: Sequence[Reading]) -> str:
    """Return the agreement by kind in Markdown: on answerable or not, and on the evidence."""
    groups = {"all": list(readings)}
    for wording in ("formal", "colloquial"):
        groups[wording] = [r for r in readings if r.wording == wording]
    for answerable in (True, False):
        for kind in sorted({r.kind for r in readings if r.answerable == answerable}):
            groups[kind] = [r for r in readings if r.kind == kind and r.answerable == answerable]
    lines = ["| | questions | agree on answerable | agree on evidence |", "|---|---|---|---|"]
    for name, group in groups.items():
        agreed = sum(r.answerable == r.read_answerable for r in group)
        placed = [r.same_place for r in group if r.same_place is not None]
        evidence = f"{sum(placed) / len(placed):.3f} ({len(placed)})" if placed else "-"
        lines.append(f"| {name} | {len(group)} | {agreed / len(group):.3f} | {evidence} |")
    return "\n".join(lines)


def main(argv: Sequence[str] | None = None) -> None:
    """Draw, score or print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--draw", type=Path, metavar="FOLDER")
    parser.add_argument("--score", type=Path, nargs="+", metavar="READINGS")
    options = parser.parse_args(argv)
    if options.draw:
        options.draw.mkdir(parents=True, exist_ok=True)
        for name, questions in draw_sample().items():
            rows = [
                {"id": blind_id(q), "question": q.question, "history": q.history} for q in questions
            ]
            text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
            (options.draw / f"{name}.jsonl").write_text(text, encoding="utf-8")
        return
    if options.score:
        rows = [asdict(reading) for reading in judge_readings(options.score)]
        text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        READINGS.write_text(text, encoding="utf-8")
    print(agreement_table(read_readings()))


if __name__ == "__main__":
    main()
