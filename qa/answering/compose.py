"""From a draft to citations, and to the text that the user sees: quotations or a refusal."""

from __future__ import annotations

import re
from collections.abc import Sequence

from indexer.document import is_read_by_ocr
from indexer.messages import load_locale
from indexer.store.catalogue import Catalogue
from qa.context import find_page_number
from qa.retrieval.hybrid import Retrieved
from qa.retrieval.windows import RankedPassage
from qa.types import Citation, ScoredPassage

from .notes import describe_counts, describe_missing
from .quoting import Draft

# How many reports a refusal names.
_MOST_TITLES = 3


def cite(draft: Draft, catalogue: Catalogue) -> tuple[Citation, ...]:
    """Return the citation of each quotation, checked against the raw text.

    Raises:
        AssertionError: a quotation is not what its raw span cleans to; such an answer must never
            be shown.
    """
    citations = []
    for quote in draft.quotes:
        document = catalogue.document(quote.passage.document)
        trail = catalogue.trail(document.id)
        # Quote a repair of the text whole: half of it has no raw text.
        start, end = trail.widen_to_edits(quote.span.start, quote.span.end)
        raw_start, raw_end = trail.raw_span(start, end)
        text = trail.text[start:end]
        if text != trail.clean_raw_span(raw_start, raw_end):
            raise AssertionError(f"{document.path}: {text!r} is not what its raw span cleans to")
        page = find_page_number(catalogue.pages(document.id), raw_start)
        citations.append(
            Citation(
                document.path,
                document.title,
                quote.passage.headings,
                text,
                start,
                end,
                raw_start,
                raw_end,
                page,
                quote.score,
                quote.passage.header,
                quote.passage.lead if quote.passage.kind == "row" else "",
            )
        )
    return tuple(citations)


def compose(
    question: str,
    draft: Draft,
    citations: Sequence[Citation],
    threshold: float,
    language: str,
    recognised: Sequence[int] = (),
    unknown: Sequence[str] = (),
    titles: Sequence[str] = (),
) -> tuple[str, str, bool]:
    """Return the text of an answer (each quotation on a line with its number) or of a refusal.

    Args:
        question: as it was asked.
        threshold: the confidence that an answer needs, 0..1.
        language: of the refusal and the note, "zh" or "en".
        recognised: the numbers of the citations from reports that were read by OCR.
        unknown, titles: for a refusal, see `refuse`.

    Returns:
        The text, the note for the reader or "", and whether it is a refusal.
    """
    phrases = load_locale(language)["answer"]
    if draft.confidence < threshold or not citations:
        chinese = re.search(r"[\u3400-\u9fff]", question)
        return refuse(language, unknown, titles), "" if chinese else phrases["not_chinese"], True
    lines = [f"{c.quote} [{number}]" for number, c in enumerate(citations, 1)]
    return "\n".join(lines), "\n".join(_notes(draft, language, recognised)), False


def refuse(language: str, unknown: Sequence[str], titles: Sequence[str]) -> str:
    """Return the text of a refusal.

    Args:
        unknown: the places and firms that are asked about, if no report is about them.
        titles: those of the reports that the question names; or, with `unknown`, of the nearest ones.
    """
    phrases = load_locale(language)["answer"]
    named = phrases["comma"].join(phrases["title"].format(title=t) for t in titles[:_MOST_TITLES])
    if unknown:
        names = phrases["comma"].join(phrases["name"].format(name=name) for name in unknown)
        text: str = phrases["refusal_unknown"].format(names=names)
        return text + (phrases["nearest"].format(titles=named) if named else "")
    if 0 < len(titles) <= _MOST_TITLES:
        return str(phrases["refusal_named"].format(titles=named))
    return str(phrases["refusal"])


def find_ocr_citations(draft: Draft, catalogue: Catalogue) -> tuple[int, ...]:
    """Return the numbers, from 1, of the quotations from reports of which OCR read a part or all."""
    problems = [catalogue.document(quote.passage.document).problems for quote in draft.quotes]
    return tuple(
        number
        for number, of_report in enumerate(problems, 1)
        if any(map(is_read_by_ocr, of_report))
    )


def _notes(draft: Draft, language: str, recognised: Sequence[int]) -> list[str]:
    """Return what the reader must know of an answer, a note a line."""
    phrases = load_locale(language)["answer"]
    truncated = [phrases["truncated"]] if draft.truncated else []
    disagree = [phrases["disagree"]] if draft.disagrees else []
    missing = describe_missing(draft.missing, language)
    marks = "".join(f"[{number}]" for number in recognised)
    scanned = [phrases["recognised"].format(marks=marks)] if marks else []
    return truncated + disagree + scanned + describe_counts(draft.miscounts, language) + missing


def score_passages(
    ranked: Sequence[RankedPassage],
    retrieved: Retrieved,
    catalogue: Catalogue,
    limit: int,
    by_document: bool = False,
) -> list[ScoredPassage]:
    """Return the passages whose sentences were scored, then the other candidates.

    Args:
        limit: the highest number of passages.
        by_document: return only the best passage of each document.
    """
    passages = {r.passage.id: r.passage for r in ranked}
    windows = {w.id: w for r in ranked for w in r.windows}
    chosen = [
        *((r.candidate, r.probability) for r in ranked),
        *((c, 0.0) for c in retrieved.candidates if c.passage not in passages),
    ]
    if by_document:
        firsts = {pair[0].document: pair for pair in reversed(chosen)}
        chosen = [pair for pair in chosen if firsts[pair[0].document] is pair]
    chosen = chosen[:limit]
    passages |= catalogue.passages([c.passage for c, _ in chosen if c.passage not in passages])
    windows |= catalogue.windows([c.window for c, _ in chosen if c.window not in windows])
    documents = {c.document: catalogue.document(c.document) for c, _ in chosen}
    return [
        ScoredPassage(
            passages[c.passage],
            documents[c.document].path,
            documents[c.document].title,
            c.score,
            c.lexical,
            c.dense,
            windows[c.window],
            probability,
        )
        for c, probability in chosen
    ]
