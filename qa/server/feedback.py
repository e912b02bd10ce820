"""Feedback on an answer: a review (good or bad), or the question kept as a gold question."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock

from qa.evaluation.gold import read_gold_file
from qa.types import Answer

from .evaluation_runs import GOLD_FOLDER

# The file of reviews in the index folder.
REVIEWS = "reviews.jsonl"
# The name of the gold set that the chat adds to.
FROM_CHAT = "chat"
VERDICTS = ("good", "bad")
# The most characters of a reason that are kept.
_MAX_REASON = 1000
_writing = Lock()


def add_review(
    index: Path, answer: Answer, history: Sequence[str], verdict: str, reason: str
) -> None:
    """Append a review of an answer to `REVIEWS`.

    Args:
        index: the index folder.
        answer: what is reviewed.
        history: the questions asked before, which the question follows up on.
        verdict: one of `VERDICTS`.
        reason: what the user wrote; "" for nothing.
    """
    review = {
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
        "verdict": verdict,
        "reason": reason.strip()[:_MAX_REASON],
        "question": answer.question,
        "history": list(history),
        "abstained": answer.abstained,
        "confidence": round(answer.confidence, 4),
        "quotes": [
            {"document": c.document, "quote": c.quote, "start": c.start, "end": c.end}
            for c in answer.citations
        ],
    }
    _append(index / REVIEWS, review)


def add_gold_question(index: Path, answer: Answer, history: Sequence[str]) -> str:
    """Append a question to the gold set `FROM_CHAT`: the quotations are its evidence.

    The question of a refusal becomes one that the reports do not answer.

    Args:
        index: the index folder.
        answer: the answer to the question.
        history: the questions asked before, which the question follows up on.

    Returns:
        The id of the gold question.
    """
    path = index / GOLD_FOLDER / f"{FROM_CHAT}.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    kind = "unanswerable" if answer.abstained else "follow_up" if history else "fact"
    number = 1 + (len(read_gold_file(path)) if path.exists() else 0)
    gold: dict[str, object] = {
        "id": f"chat-{number:04d}",
        "type": "list" if kind == "fact" and len(answer.citations) > 2 else kind,
        "question": answer.question,
        "answerable": not answer.abstained,
        "evidence": [citation.quote for citation in answer.citations],
    }
    if history:
        gold["history"] = list(history)
    _append(path, gold)
    return str(gold["id"])


def _append(path: Path, record: dict[str, object]) -> None:
    with _writing, path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(record, ensure_ascii=False) + "\n")
