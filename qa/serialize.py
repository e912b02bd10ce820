"""Convert answers and passages to JSON and to text for a terminal. Scripts depend on the keys."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from indexer.messages import load_locale
from indexer.types import Document

from .types import Answer, Citation, ScoredPassage


def answer_to_json(answer: Answer, id: str | None = None) -> dict[str, Any]:
    """Return an answer as `yinju ask --json` prints it.

    Args:
        id: the id of the question in a batch.
    """
    return {
        "id": id,
        "question": answer.question,
        "understood": answer.understood,
        "scope": list(answer.scope),
        "unknown": list(answer.unknown),
        "answer": answer.answer,
        "abstained": answer.abstained,
        "confidence": round(answer.confidence, 4),
        "note": answer.note,
        "citations": [citation_to_json(citation) for citation in answer.citations],
        "passages": [passage_to_json(passage) for passage in answer.passages],
        "why": asdict(answer.why) if answer.why else None,
        "timings_ms": {name: round(value, 2) for name, value in answer.timings_ms.items()},
    }


def document_to_json(document: Document) -> dict[str, Any]:
    """Return a report of the index; "problems" says what of it could not be read."""
    return {
        "document": document.path,
        "title": document.title,
        "format": document.format,
        "encoding": document.encoding,
        "characters": document.characters,
        "passages": document.passages,
        "pages": document.pages,
        "modified": document.modified,
        "tags": list(document.tags),
        "about": {p.name: asdict(p) for p in document.about},
        "problems": [str(problem) for problem in document.problems],
    }


def citation_to_json(citation: Citation) -> dict[str, Any]:
    """Return a citation.

    "start" and "end" are offsets in the clean text, "raw_start" and "raw_end" in the raw decoded text.
    """
    return {
        "document": citation.document,
        "title": citation.title,
        "headings": list(citation.headings),
        "quote": citation.quote,
        "start": citation.start,
        "end": citation.end,
        "raw_start": citation.raw_start,
        "raw_end": citation.raw_end,
        "page": citation.page,
        "score": round(citation.score, 4),
        "header": citation.header,
        "lead": citation.lead,
    }


def passage_to_json(scored: ScoredPassage) -> dict[str, Any]:
    """Return a ranked passage.

    "score" is the fused score, "lexical" that of BM25, "dense" the cosine of the best window.
    Passages are ranked by "chance", see `ScoredPassage`, and then by "score".
    """
    passage = scored.passage
    return {
        "document": scored.path,
        "title": scored.title,
        "headings": list(passage.headings),
        "text": passage.text,
        "start": passage.start,
        "end": passage.end,
        "score": round(scored.score, 4),
        "lexical": round(scored.lexical, 4),
        "dense": round(scored.dense, 4),
        "chance": round(scored.chance, 4),
    }


def answer_to_text(answer: Answer, language: str = "zh") -> str:
    """Return an answer for a person at a terminal: the quotations, then the place of each.

    A refusal has the nearest three passages instead.
    """
    lines = [answer.answer]
    if answer.understood != answer.question:
        lines.insert(0, f"({answer.understood})")
    if answer.note:
        lines.append(answer.note)
    if answer.abstained and answer.passages:
        lines += ["", load_locale(language)["answer"]["near"]]
        lines += [
            f"  {format_place(p.title, p.passage.headings)}: {p.passage.text[:60]}"
            for p in answer.passages[:3]
        ]
    elif answer.citations:
        lines.append("")
        for number, c in enumerate(answer.citations, 1):
            lines += [f"    {line}" for line in (*c.lead.splitlines(), c.header) if line]
            page = f", page {c.page}" if c.page else ""
            lines.append(
                f"[{number}] {c.document}{page}: {format_place(c.title, c.headings)} ({c.start}-{c.end})"
            )
    return "\n".join(lines)


def format_place(title: str, headings: tuple[str, ...]) -> str:
    """Return title and headings on one line."""
    return " > ".join((title, *headings))
