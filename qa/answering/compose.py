"""What is quoted to citations, and to the text that a reader sees, or to a refusal."""

from __future__ import annotations

import re
from collections.abc import Sequence

from indexer.document import is_read_by_ocr
from indexer.messages import load_locale
from indexer.store.catalogue import Catalogue
from qa.context import page_at
from qa.types import Citation

from .draft import Draft
from .notes import count_note, missing_notes


def cite(draft: Draft, catalogue: Catalogue) -> tuple[Citation, ...]:
    """Draws up the citation of each quotation and checks it against the raw text.

    Raises:
        AssertionError: a quotation is not what its raw span cleans to; never shown as an answer.
    """
    citations = []
    for quote in draft.quotes:
        document = catalogue.document(quote.passage.document)
        trail = catalogue.trail(document.id)
        # A repair is quoted whole, since its raw text has no halves.
        start, end = trail.widen_to_edits(quote.span.start, quote.span.end)
        raw_start, raw_end = trail.raw_span(start, end)
        text = trail.text[start:end]
        if text != trail.clean_raw_span(raw_start, raw_end):
            raise AssertionError(f"{document.path}: {text!r} is not what its raw span cleans to")
        page = page_at(catalogue.pages(document.id), raw_start)
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
) -> tuple[str, str, bool]:
    """(answer text, note, abstained): each quotation on a line with its number, or the refusal.

    Args:
        recognised: the numbers of the citations from reports that were read by OCR.
    """
    said = load_locale(language)["answer"]
    if draft.confidence < threshold or not citations:
        chinese = re.search(r"[\u3400-\u9fff]", question)
        return said["refusal"], "" if chinese else said["not_chinese"], True
    lines = [f"{c.quote} [{number}]" for number, c in enumerate(citations, 1)]
    return "\n".join(lines), "\n".join(_notes(draft, language, recognised)), False


def recognised_in(draft: Draft, catalogue: Catalogue) -> tuple[int, ...]:
    """The numbers, from 1, of the quotations from reports that were read by OCR, wholly or in part."""
    problems = [catalogue.document(quote.passage.document).problems for quote in draft.quotes]
    return tuple(
        number
        for number, of_report in enumerate(problems, 1)
        if any(map(is_read_by_ocr, of_report))
    )


def _notes(draft: Draft, language: str, recognised: Sequence[int]) -> list[str]:
    """What the reader must know of an answer."""
    said = load_locale(language)["answer"]
    truncated = [said["truncated"]] if draft.truncated else []
    disagree = [said["disagree"]] if draft.disagrees else []
    missing = missing_notes(draft.missing, language)
    marks = "".join(f"[{number}]" for number in recognised)
    scanned = [said["recognised"].format(marks=marks)] if marks else []
    return truncated + disagree + scanned + count_note(draft.counts, language) + missing
