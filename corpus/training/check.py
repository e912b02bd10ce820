"""Check the training set: reports against their sources, questions against the clean text.

    python -m corpus.training.check                                     # the whole set
    python -m corpus.training.check --draft DRAFT.jsonl --report NAME   # a writer's draft
    python -m corpus.training.check --draft … --report NAME --add       # and make it the report's questions
    python -m corpus.training.check --draft … --report NAME --extend    # and add it to those it has

Exits with 1 if something is wrong. What each question has to fulfil stands in GUIDE.md.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from corpus.training.manifest import HERE, SPLITS, Entry, read_manifest
from corpus.training.questions import (
    MISSES,
    Question,
    ReportText,
    check_question,
    check_wording,
    count_kinds,
    find_repeats,
    read_draft,
    read_questions,
    renumber,
)
from indexer.report import clean_report

QUESTIONS = HERE / "questions"
# Written before there were wordings and kinds of near misses: their words are not checked.
_FIRST_SETS = (
    "battery-recycling",
    "county-tourism",
    "cross-border-logistics",
    "elder-care",
    "vocational-education",
)


def read_report_text(entry: Entry) -> ReportText:
    """Return the clean text of a report as the program reads it."""
    report = clean_report(HERE / entry.file)
    return ReportText(entry.title, report.trail.text)


def question_file(entry: Entry) -> Path:
    """Return where the questions on a report lie."""
    return QUESTIONS / entry.split / f"{entry.name}.jsonl"


def read_split(split: str) -> list[Question]:
    """Return the questions of a split, in the order of their files."""
    return [
        question
        for path in sorted((QUESTIONS / split).glob("*.jsonl"))
        for question in read_questions(path)
    ]


def check_draft(path: Path, entry: Entry) -> tuple[list[Question], list[str]]:
    """Return the questions of a draft and all that is wrong with it."""
    questions, problems = read_draft(path, entry.name, entry.document)
    report = read_report_text(entry)
    for question in questions:
        for found in (*check_question(question, report), *check_wording(question, report)):
            problems.append(f"line {int(question.id[-4:-1])} {question.wording}: {found}")
    return questions, problems + find_repeats(questions)


def check_set() -> list[str]:
    """Return all that is wrong with the set."""
    entries = read_manifest()
    problems = [f"{entry.name}: no file" for entry in entries if not (HERE / entry.file).exists()]
    everything: list[Question] = []
    for entry in entries:
        path = question_file(entry)
        if not path.exists():
            continue
        questions, report = read_questions(path), read_report_text(entry)
        everything += questions
        checks_wording = entry.name not in _FIRST_SETS
        for question in questions:
            found = list(check_question(question, report)) if checks_wording else []
            if checks_wording:
                found += check_wording(question, report)
            if question.document != entry.document:
                found.append(f"names the file {question.document}, expected {entry.document}")
            problems += [f"{question.id}: {one}" for one in found]
    ids = Counter(question.id for question in everything)
    problems += [f"{id} occurs {count} times" for id, count in ids.items() if count > 1]
    problems += _check_pairs(everything)
    return problems + find_repeats(everything)


def _check_pairs(questions: Sequence[Question]) -> list[str]:
    """Return the pairs that are not one formal and one colloquial wording of the same fact."""
    pairs: dict[str, list[Question]] = {}
    for question in questions:
        if question.pair:
            pairs.setdefault(question.pair, []).append(question)
    return [
        f"pair {name} is not a formal and a colloquial wording with the same evidence"
        for name, members in pairs.items()
        if sorted(q.wording for q in members) != ["colloquial", "formal"]
        or len({q.evidence for q in members}) > 1
    ]


def main(argv: Sequence[str] | None = None) -> int:
    """Print what is wrong and what is there; return the exit status."""
    parser = argparse.ArgumentParser(description="check corpus/training")
    parser.add_argument("--draft", type=Path)
    parser.add_argument("--report", help="the name of the report that the draft is about")
    parser.add_argument(
        "--add", action="store_true", help="add a draft without problems to the set"
    )
    parser.add_argument(
        "--extend", action="store_true", help="the same, behind the questions that the report has"
    )
    options = parser.parse_args(argv)
    if not options.draft:
        problems = check_set()
        print("\n".join(problems) or "nothing wrong")
        for split in SPLITS:
            print(f"{split}: {len(read_split(split))} questions")
        return int(bool(problems))
    entries = {entry.name: entry for entry in read_manifest()}
    if options.report not in entries:
        parser.error(f"--report takes one of {', '.join(entries)}")
    entry = entries[options.report]
    questions, problems = check_draft(options.draft, entry)
    print("\n".join(problems) or "nothing wrong")
    print(f"{len(questions)} questions: {count_kinds(questions)}")
    misses = Counter(q.miss for q in questions if q.miss)
    print("near misses still missing:", [kind for kind in MISSES if not misses[kind]])
    if (options.add or options.extend) and not problems:
        write_questions(entry, questions, keep=options.extend)
    return int(bool(problems))


def write_questions(entry: Entry, questions: Sequence[Question], *, keep: bool) -> None:
    """Write the questions of a report, or with `keep` add those to its file that it does not have yet."""
    path = question_file(entry)
    path.parent.mkdir(parents=True, exist_ok=True)
    before = read_questions(path) if keep and path.exists() else []
    asked = {question.question for question in before}
    repeated = {q.pair or q.id for q in questions if q.question in asked}
    new = [q for q in questions if (q.pair or q.id) not in repeated]
    numbers = [int(re.findall(r"\d+", question.id)[-1]) for question in before]
    new = renumber(new, entry.name, max(numbers, default=0) + 1)
    lines = [question.to_json() for question in (*before, *new)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
