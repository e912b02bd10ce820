"""What a user says of an answer: good or bad, and a question of the chat made a gold question."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock

from qa.evaluation.gold import read_gold_file
from qa.types import Answer

from .evaluation_runs import GOLD

# In the index folder.
REVIEWS = "reviews.jsonl"
# The gold set that the chat adds to.
FROM_CHAT = "chat"
VERDICTS = ("good", "bad")
_LONGEST_REASON = 1000
_writing = Lock()


def add_review(
    index: Path, answer: Answer, history: Sequence[str], verdict: str, reason: str
) -> None:
    """Adds a line to the list of answers to look at."""
    told = {
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
        "verdict": verdict,
        "reason": reason.strip()[:_LONGEST_REASON],
        "question": answer.question,
        "history": list(history),
        "abstained": answer.abstained,
        "confidence": round(answer.confidence, 4),
        "quotes": [
            {"document": c.document, "quote": c.quote, "start": c.start, "end": c.end}
            for c in answer.citations
        ],
    }
    _append(index / REVIEWS, told)


def add_gold(index: Path, answer: Answer, history: Sequence[str]) -> str:
    """Makes a question a gold question whose evidence is what was quoted, or, where the answer was a
    refusal, one that the reports do not answer.

    Returns:
        Its id.
    """
    path = index / GOLD / f"{FROM_CHAT}.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    kind = "unanswerable" if answer.abstained else "follow_up" if history else "fact"
    number = 1 + (len(read_gold_file(path)) if path.exists() else 0)
    told: dict[str, object] = {
        "id": f"chat-{number:04d}",
        "type": "list" if kind == "fact" and len(answer.citations) > 2 else kind,
        "question": answer.question,
        "answerable": not answer.abstained,
        "evidence": [citation.quote for citation in answer.citations],
    }
    if history:
        told["history"] = list(history)
    _append(path, told)
    return str(told["id"])


def _append(path: Path, told: dict[str, object]) -> None:
    with _writing, path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(told, ensure_ascii=False) + "\n")
