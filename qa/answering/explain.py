"""Why an answer is what it is: words held, parts of the score, and what was passed over."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from indexer.text.fold import fold
from indexer.text.quantities import years_in
from indexer.types import Document
from qa.matching import Rarity, folded_context, holds
from qa.question import Question
from qa.retrieval.windows import Appraisal, is_only_intro
from qa.types import PassedOver, Why, WordHeld

from .draft import Draft

# How many passages that were looked at and not quoted are told.
_PASSED_OVER = 5


def explain(
    question: Question,
    draft: Draft,
    rarity: Rarity,
    threshold: float,
    document_of: Callable[[int], Document],
) -> Why | None:
    """Says why a draft is as it is; None where nothing was found at all.

    Args:
        threshold: the confidence that an answer needs. document_of: a document by its id.
    """
    if not draft.ranked or draft.evidence is None:
        return None
    said = f"{fold(draft.evidence.context)}\n{fold(draft.evidence.text)}"
    words = (WordHeld(t.word, round(rarity(t), 4), holds(t, said)) for t in question.terms)
    return Why(
        words=tuple(sorted(words, key=lambda word: -word.weight)),
        score=_score(draft),
        confidence={name: round(value, 4) for name, value in draft.added.items()},
        threshold=threshold,
        passed_over=_passed_over(question, draft, document_of),
    )


def _score(draft: Draft) -> dict[str, float]:
    """The parts of the score of the first quoted passage."""
    first = draft.quotes[0].passage
    looked = next((a for a in draft.ranked if _touches(a, first.document, first.start)), None)
    if looked is None:  # an item of a list that was found by the list's own window
        return {"cosine": round(draft.evidence.dense, 4)} if draft.evidence else {}
    candidate = looked.candidate
    parts = {
        "bm25": candidate.lexical,
        "cosine": candidate.dense,
        "fused": candidate.score,
        "worth": looked.worth,
        "chance": looked.chance,
    }
    return {name: round(value, 4) for name, value in parts.items()}


def _touches(looked: Appraisal, document: int, start: int) -> bool:
    passage = looked.passage
    return passage.document == document and passage.start <= start < passage.end


def _passed_over(
    question: Question, draft: Draft, document_of: Callable[[int], Document]
) -> tuple[PassedOver, ...]:
    quoted = {(quote.passage.document, quote.passage.start) for quote in draft.quotes}
    texts = [fold(quote.passage.text) for quote in draft.quotes]
    others = [
        looked
        for looked in draft.ranked
        if not any(_touches(looked, document, start) for document, start in quoted)
    ]
    return tuple(
        _told(question, looked, texts, document_of(looked.passage.document))
        for looked in others[:_PASSED_OVER]
    )


def _told(
    question: Question, looked: Appraisal, quoted: Sequence[str], document: Document
) -> PassedOver:
    passage = looked.passage
    said = f"{folded_context(passage)}\n{fold(passage.text)}"
    years = years_in(said) if question.years else ()
    missing = [year for year in question.years if year not in years]
    missing += [t.word for t in question.names + question.numbers if not holds(t, said)]
    reason = "less likely"
    if missing:
        reason = "lacks"
    elif fold(passage.text) in quoted:
        reason = "repeats"
    elif is_only_intro(passage):
        reason = "introduces"
    return PassedOver(
        document.path,
        document.title,
        passage.headings,
        passage.text,
        round(looked.chance, 4),
        reason,
        "、".join(missing),
    )
